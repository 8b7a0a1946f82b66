"""What people are told when something is refused or went wrong: what happened, what is kept, what to do next."""

import datetime as dt

from domain.errors import Changed, DomainError, Fault, Invalid, NotAllowed, NotFound, Taken, Throttled, TooLate
from domain.sheets import SheetRefused
from views.language import Translator
from views.replies import Reply, escape
from views.sheet_words import refused_file


def refused(t: Translator, error: DomainError) -> Reply:
    """The sentence for a refusal: one ``case`` per class of ``domain.errors``."""
    match error:
        case NotFound():
            return Reply(t.gettext("This no longer exists, or you have no access to it. Search again, or open /today."))
        case NotAllowed():
            return Reply(t.gettext("Only a team lead or an admin can do that. Nothing was changed; please ask yours."))
        case Changed():
            return Reply(
                t.gettext("This has changed in the meantime, so I left it alone. Open it again to see the latest.")
            )
        case TooLate():
            return Reply(t.gettext("It is too late for that. Open it again to see how it stands now."))
        case Invalid():
            return Reply(_invalid(t, error))
        case Taken():
            return Reply(_taken(t, error))
        case Throttled():
            return Reply(_throttled(t, error))
        case SheetRefused():
            return Reply(refused_file(t, error))
        case _:
            raise TypeError(f"no wording for {type(error).__name__}")


def _invalid(t: Translator, error: Invalid) -> str:
    match error.fault:
        case Fault.EMPTY:
            return t.gettext("There is nothing in it. Please send some text.")
        case Fault.TOO_LONG if error.limit:
            return t.ngettext(
                "That is too long: at most {limit} character fits. Please send it shorter.",
                "That is too long: at most {limit} characters fit. Please send it shorter.",
                error.limit,
            ).format(limit=t.number(error.limit))
        case Fault.TOO_LONG:
            return t.gettext("That is too long. Please send it shorter.")
        case Fault.NOT_UNDERSTOOD if error.field == "phone":
            return t.gettext("I see no phone number in that. Send it with the country code, like +86 138 0013 8000.")
        case Fault.NOT_UNDERSTOOD if error.field == "email":
            return t.gettext("I see no e-mail address in that. Send it like name@example.com.")
        case Fault.NOT_UNDERSTOOD:
            return t.gettext("I could not read that. Please write it another way.")
        case Fault.IN_PAST:
            return t.gettext("That time has already passed. Please choose a later one.")
        case Fault.IN_FUTURE:
            return t.gettext("That has not happened yet. Please choose today or earlier.")
        case Fault.TOO_FAR:
            return t.gettext("That is too far ahead. Please choose a nearer day.")


def _taken(t: Translator, error: Taken) -> str:
    if error.by:
        return t.gettext("{name} got there first. Nothing was changed.").format(name=escape(error.by))
    return t.gettext("Someone else got there first. Nothing was changed.")


def _throttled(t: Translator, error: Throttled) -> str:
    if error.until:
        return t.gettext("You have reached the limit for now. You can try again after {time}.").format(
            time=t.moment(error.until)
        )
    return t.gettext("You have reached the limit for now. Please try again later.")


def bug(t: Translator, reference: str, *, pressed: bool) -> Reply:
    """Our own mistake: nothing was recorded, the message is kept, and the number finds it in the log."""
    if pressed:
        text = t.gettext(
            "Something went wrong on our side and nothing was changed. "
            "Please try again; if it stays, tell an admin this number: <code>{reference}</code>"
        )
    else:
        text = t.gettext(
            "Something went wrong on our side. Your message is kept but nothing was recorded. "
            "Please send it once more; if it stays, tell an admin this number: <code>{reference}</code>"
        )
    return Reply(text.format(reference=reference), fresh=True)


def stale(t: Translator) -> Reply:
    """A button that is unknown, altered, somebody else's, or of an older version."""
    return Reply(toast=t.gettext("This button no longer works. Send /start for a fresh screen."), alert=True)


def pressed_before(t: Translator) -> Reply:
    """A press that had its effect already: a double tap, or resent by the client."""
    return Reply(toast=t.gettext("Already done."))


def stranger(t: Translator, organisation: str | None, *, open_door: bool = False) -> Reply:
    """Two lines for somebody who is nobody's colleague or customer here; with ``open_door`` there are ways in beneath."""
    hello = (
        t.gettext("Hello! This is the assistant of {organisation}.").format(organisation=escape(organisation))
        if organisation
        else t.gettext("Hello! This is a company's assistant.")
    )
    way = (
        t.gettext("With a personal link it opens at once. Without one, tap below: we answer you here.")
        if open_door
        else t.gettext("It opens with a personal link; please ask your contact there for one.")
    )
    return Reply(f"{hello}\n{way}")


def group(t: Translator, link: str) -> Reply:
    """In a group nothing of anybody is shown."""
    return Reply(t.gettext("Please write to me privately: {link}").format(link=escape(link)))


def left_group(t: Translator, link: str) -> Reply:
    """The last line in a group where nobody who may had put the bot."""
    text = t.gettext(
        "I only stay in groups that an administrator of the company adds me to. Please write to me privately: {link}"
    )
    return Reply(text.format(link=escape(link)))


def waiting(t: Translator) -> Reply:
    """More than a person types: the rest waits, nothing is dropped."""
    return Reply(t.gettext("That was a lot at once. I will take the rest in a moment, in order; nothing is lost."))


def unknown_command(t: Translator, command: str) -> Reply:
    return Reply(t.gettext("There is no command {command}. /help shows what I can do.").format(command=escape(command)))


def unreadable(t: Translator) -> Reply:
    """A sticker, a poll …"""
    return Reply(t.gettext("I cannot read this kind of message. Please send it as text."))


def second_bot(t: Translator) -> Reply:
    """Two programs poll with one token and take each other's messages."""
    return Reply(
        t.gettext(
            "Another bot is running with this token and may take messages meant for this one: please stop one of the two."
        )
    )


def absence(t: Translator, since: dt.datetime, until: dt.datetime) -> Reply:
    """The bot was away for longer than Telegram keeps messages."""
    text = t.gettext(
        "I was away from {since} to {until}. Telegram keeps messages for one day only, so some of that time may be"
        " missing: please ask your people to send again what matters."
    )
    return Reply(text.format(since=t.moment(since), until=t.moment(until)))


def backlog(t: Translator, count: int) -> Reply:
    """Messages wait at Telegram faster than they are fetched; what is a day old is lost."""
    text = t.ngettext(
        "{n} message is waiting at Telegram and the queue does not get shorter. Telegram keeps messages for one day only:"
        " please look at /status and at the server.",
        "{n} messages are waiting at Telegram and the queue does not get shorter. Telegram keeps messages for one day only:"
        " please look at /status and at the server.",
        count,
    )
    return Reply(text.format(n=t.number(count)))
