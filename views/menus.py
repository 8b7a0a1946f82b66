"""What the command menu says beside each command; a command without words here is no entry of the menu."""

from domain.people import Guest, Side
from views.language import Translator


def command_words(t: Translator, command: str, side: Side) -> str | None:
    """The line of a command in the menu of ``side``, at most 256 characters, or ``None`` when it is not shown."""
    said = _of_work(t) | _of_anybody(t)
    if side is Guest.CUSTOMER:
        said |= _of_customers(t)
    said |= {"start": t.gettext("Start")} if side is None else {"cancel": t.gettext("Cancel the current step")}
    return said.get(command)


def _of_work(t: Translator) -> dict[str, str]:
    return {
        "today": t.gettext("My day: due, overdue, drafts"),
        "visit": t.gettext("Log a visit or call"),
        "find": t.gettext("Find a customer"),
        "new": t.gettext("New customer"),
        "remind": t.gettext("Set a reminder"),
        "reminders": t.gettext("My reminders"),
        "pool": t.gettext("Public pool"),
        "cases": t.gettext("Complaints and questions of customers"),
        "survey": t.gettext("Surveys: send, follow, build"),
        "team": t.gettext("Members and teams"),
        "invite": t.gettext("Invite a new member"),
        "links": t.gettext("Public links for fairs, cards, the website"),
        "history": t.gettext("Who did what"),
        "import": t.gettext("Import customers"),
        "export": t.gettext("Export customers"),
        "undo": t.gettext("Undo the last step"),
        "setup": t.gettext("Set up the organisation"),
        "status": t.gettext("How the bot is doing"),
    }


def _of_anybody(t: Translator) -> dict[str, str]:
    """What customers have too; some of it they call otherwise."""
    return {
        "feedback": t.gettext("Complain, ask, suggest, praise"),
        "advisor": t.gettext("Who looks after me; call me back"),
        "stop": t.gettext("Stop all messages"),
        "settings": t.gettext("Language, time zone, quiet hours"),
        "help": t.gettext("Help"),
    }


def _of_customers(t: Translator) -> dict[str, str]:
    return {
        "cases": t.gettext("My messages and their progress"),
        "survey": t.gettext("Answer our questions"),
        "me": t.gettext("My details"),
        "privacy": t.gettext("My data: see, take along, erase"),
        "settings": t.gettext("What I may write about, and when"),
    }
