"""Buttons of the customers' side, which are about nothing but who presses them; each is tried by a test of its own.

A feature that adds one names the test here.
"""

from views import advisor, consents, links

OUTSIDE: frozenset[type] = frozenset(
    {
        *(consents.AnswerLink, consents.AnswerPurpose, links.OpenWelcome),  # test_bindings
        *(links.OpenAdvisor, advisor.AskCall),  # test_bindings
    }
)
