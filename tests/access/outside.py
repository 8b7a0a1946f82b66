"""Buttons of the customers' side, which are about nothing but who presses them; each is tried by a test of its own.

A feature that adds one names the test here.
"""

from views import advisor, consents, enquiries, feedback, links, me

OUTSIDE: frozenset[type] = frozenset(
    {
        *(consents.AnswerLink, consents.AnswerPurpose, links.OpenWelcome),  # test_bindings
        *(links.OpenAdvisor, advisor.AskCall),  # test_bindings
        *(enquiries.ClaimCustomer, enquiries.AskContact, enquiries.UseName),  # chat/test_enquiries
        *(feedback.ListMine, feedback.ToggleUrgent, feedback.SendFeedback),  # chat/test_feedback
        me.OpenMe,  # chat/test_own
        links.Leave,  # everybody's: chat/test_texts
    }
)
