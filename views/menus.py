"""What the command menu says beside each command; a command without words here is no entry of the menu."""

from domain.people import Guest, Side
from views.language import Translator


def command_words(t: Translator, command: str, side: Side) -> str | None:
    """The line of a command in the menu of ``side``, at most 256 characters, or ``None`` when it is not shown."""
    match command:
        case "today":
            return t.gettext("My day: due, overdue, drafts")
        case "visit":
            return t.gettext("Log a visit or call")
        case "find":
            return t.gettext("Find a customer")
        case "new":
            return t.gettext("New customer")
        case "remind":
            return t.gettext("Set a reminder")
        case "reminders":
            return t.gettext("My reminders")
        case "pool":
            return t.gettext("Public pool")
        case "team":
            return t.gettext("Members and teams")
        case "invite":
            return t.gettext("Invite a new member")
        case "links":
            return t.gettext("Public links for fairs, cards, the website")
        case "history":
            return t.gettext("Who did what")
        case "import":
            return t.gettext("Import customers")
        case "export":
            return t.gettext("Export customers")
        case "survey" if side is not Guest.CUSTOMER:
            return t.gettext("Surveys: send, follow, build")
        case "undo":
            return t.gettext("Undo the last step")
        case "setup":
            return t.gettext("Set up the organisation")
        case "status":
            return t.gettext("How the bot is doing")
        case "feedback":
            return t.gettext("Complain, ask, suggest, praise")
        case "cases" if side is Guest.CUSTOMER:
            return t.gettext("My messages and their progress")
        case "cases":
            return t.gettext("Complaints and questions of customers")
        case "me" if side is Guest.CUSTOMER:
            return t.gettext("My details")
        case "privacy" if side is Guest.CUSTOMER:
            return t.gettext("My data: see, take along, erase")
        case "advisor":
            return t.gettext("Who looks after me; call me back")
        case "stop":
            return t.gettext("Stop all messages")
        case "settings" if side is Guest.CUSTOMER:
            return t.gettext("What I may write about, and when")
        case "settings":
            return t.gettext("Language, time zone, quiet hours")
        case "help":
            return t.gettext("Help")
        case "cancel" if side is not None:
            return t.gettext("Cancel the current step")
        case "survey" if side is Guest.CUSTOMER:
            return t.gettext("Answer our questions")
        case "start" if side is None:
            return t.gettext("Start")
        case _:
            return None
