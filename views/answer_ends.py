"""How a survey ends: thanks, what happens next, and why it takes no answers any more."""

import datetime as dt

from domain.answers import Filling
from domain.cases import CaseLine
from domain.surveys import InvitationState, said
from views.answers import CallMe, OpenQuestion, living_name
from views.language import Translator
from views.replies import Button, Reply, Style, escape


def sent(t: Translator, filling: Filling, *, case: CaseLine | None, low: bool, now: dt.datetime) -> Reply:
    """Thanks, what happens next, and what can still be done.

    Args:
        low: an anonymous survey had a bad score: whoever gave it may ask for a call.
    """
    closing = said(filling.definition.closing, t.locale)
    lines = [f"✅ {escape(closing) if closing else t.gettext('Thank you: your answers have arrived.')}"]
    rows = []
    if case is not None:
        lines.append(called(t, case, pending=filling.pending, now=now))
    elif filling.survey.anonymous:
        lines.append(t.gettext("They are kept without your name."))
    if low:
        lines.append(
            t.gettext("We are sorry. If you want us to call you, tap below: only then do we know that it is you.")
        )
        rows.append([Button(t.gettext("📞 Please call me"), CallMe(filling.subject), style=Style.PRIMARY)])
    if filling.changeable(now):
        last = filling.number_of(list(filling.answers)[-1])
        lines.append(t.gettext("You can change your answers for 15 minutes."))
        rows.append([Button(t.gettext("Change my answers"), OpenQuestion(filling.subject, last))])
    return Reply("\n".join(lines), rows=rows, living=living_name(filling.subject))


def called(t: Translator, case: CaseLine, *, pending: bool, now: dt.datetime) -> str:
    """Who will be in touch by when; an account that is not confirmed hears no name and no reference."""
    due = case.promised
    when = t.clock(due, now=now) if due else t.gettext("soon")
    if pending or case.owner is None:
        return t.gettext(
            "We are sorry that it was not as it should be. Somebody will be in touch with you by {when}."
        ).format(when=when)
    return t.gettext(
        "We are sorry that it was not as it should be. {name} will be in touch with you by {when}. Your reference: {reference}"
    ).format(name=escape(case.owner), when=when, reference=case.reference)


def will_call(t: Translator, filling: Filling, case: CaseLine, *, now: dt.datetime) -> Reply:
    """The call that was asked for after an anonymous survey."""
    lines = ["📞 " + called(t, case, pending=filling.pending, now=now)]
    lines.append(t.gettext("Your answers stay without your name. What was it about? You can write it here."))
    return Reply("\n".join(lines), living=living_name(filling.subject))


def call_words(t: Translator) -> str:
    """What the case of such a call says: nothing of the answers."""
    return t.gettext("Asks for a call after an anonymous survey.")


def closed(t: Translator, filling: Filling) -> Reply:
    """Why it takes no answers any more, said kindly."""
    text = closed_words(t, filling)
    return Reply(f"{text}\n{t.gettext('If there is anything you want to tell us, just write it here.')}")


def closed_words(t: Translator, filling: Filling) -> str:
    """The same in one line, for the chat and the web page."""
    state = filling.invitation.state if filling.invitation else InvitationState.DONE
    match state:
        case InvitationState.DONE if filling.survey.anonymous:
            return t.gettext(
                "Your answers have arrived, without your name, so they can no longer be changed. Thank you!"
            )
        case InvitationState.DONE:
            return t.gettext("Your answers have arrived. Thank you! They can be changed for 15 minutes only.")
        case InvitationState.WITHDRAWN:
            return t.gettext("We no longer need this answer. Thank you for your time!")
        case _:
            return t.gettext("This survey has ended. What you answered so far is kept; thank you!")
