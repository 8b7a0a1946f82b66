"""The first screen, help that fits the role, and leaving a dialog."""

from enum import StrEnum

from domain.people import ADMINS, LEADS, Actor, Role
from views.language import Translator
from views.replies import DONE, Button, Reply, escape, payload
from views.words import role_name


class Place(StrEnum):
    """Screens that every other screen may lead to."""

    TODAY = "today"
    NEW = "new"
    REMIND = "remind"
    HELP = "help"
    SETTINGS = "set"
    START = "start"
    SURVEYS = "survey"
    TEAM = "team"  # leads and admins
    INVITE = "invite"  # leads and admins
    SETUP = "setup"  # admins


@payload("sg1")
class Go:
    """To a screen of all staff."""

    place: Place


@payload("sl1")
class GoLead:
    """To a screen of leads and admins."""

    place: Place


@payload("sa1")
class GoAdmin:
    """To a screen of admins."""

    place: Place


def go(t: Translator, place: Place) -> Button:
    """A button to one of the main screens."""
    match place:
        case Place.TODAY:
            label = t.gettext("📋 My day")
        case Place.NEW:
            label = t.gettext("➕ New customer")
        case Place.REMIND:
            label = t.gettext("➕ New reminder")
        case Place.HELP:
            label = t.gettext("❓ Help")
        case Place.TEAM:
            label = t.gettext("👥 Team")
        case Place.INVITE:
            label = t.gettext("✉️ Invite")
        case Place.SURVEYS:
            label = t.gettext("📋 Surveys")
        case Place.SETUP:
            label = t.gettext("🛠 Set up")
        case Place.SETTINGS:
            label = t.gettext("⚙️ Settings")
        case Place.START:
            label = t.gettext("🏠 Start")
    match place:
        case Place.TEAM | Place.INVITE:
            return Button(label, GoLead(place))
        case Place.SETUP:
            return Button(label, GoAdmin(place))
        case _:
            return Button(label, Go(place))


def welcome(t: Translator, actor: Actor, *, set_up: bool) -> Reply:
    """Who you are, what to do first, and three buttons; the menu is published again, in case it was lost."""
    assert actor.role is not None
    text = t.gettext(
        "Hello {name}, you are here as <b>{role}</b>.\n"
        "Tell me about a visit in one message and I file it:\n"
        "<code>Visited Lin &amp; Sons, renewed, call back in 2 weeks</code>"
    )
    last = Place.SETUP if actor.role is Role.ADMIN and not set_up else Place.HELP
    return Reply(
        text.format(name=escape(actor.name), role=role_name(t, actor.role)),
        rows=[[go(t, Place.TODAY), go(t, Place.NEW)], [go(t, last)]],
        menus=True,
    )


def help_for(t: Translator, role: Role) -> Reply:
    """The commands that work for this role, with an example each."""
    lines = [
        t.gettext("<b>What you can write to me</b>"),
        t.gettext("• a visit or call, in one message: <i>Visited Lin &amp; Sons, renewed, call back in 2 weeks</i>"),
        t.gettext("• a name, a part of it, initials or the end of a phone number: I look the customer up"),
        t.gettext("• <i>remind me tomorrow at 3pm to send the quote</i>"),
        "",
        t.gettext("/today my day · /new customer · /find search"),
        t.gettext("/visit log step by step · /remind and /reminders"),
        t.gettext("/undo take back · /history who did what · /settings"),
        t.gettext("/cases complaints and questions of customers"),
        t.gettext("/export my customers; send me a spreadsheet to import it"),
    ]
    lines.append(t.gettext("/survey ask customers · /links QR codes for fairs, cards, the website"))
    if role in LEADS:
        lines.append(t.gettext("/team members and teams · /invite a link for a new member"))
    if role in ADMINS:
        lines.append(t.gettext("/setup language, region, working time"))
        lines.append(t.gettext("/status queues, errors, backups, held messages"))
    rows = [[go(t, Place.TODAY), go(t, Place.NEW)], [go(t, Place.SETTINGS), go(t, Place.START)]]
    return Reply("\n".join(lines), rows=rows)


def cancelled(t: Translator, *, was_open: bool) -> Reply:
    text = t.gettext("Stopped. Nothing was changed.") if was_open else t.gettext("There is nothing to stop.")
    return Reply(text, rows=[[go(t, Place.TODAY), go(t, Place.HELP)]], ask=DONE)
