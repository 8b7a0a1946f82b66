"""``/feedback`` and ``/cases`` of customers: three taps to file, one message to follow, and the last word on "solved"."""

from dataclasses import replace
from typing import Any

from actions import feedback as act
from domain.cases import LONGEST_WORDS, About, CaseDraft, CaseKind, CaseLine, File, Progress, read_reference
from domain.people import CUSTOMERS
from handlers import case_news as news
from handlers.routing import Command, Content, ReplyTo, Request, Route, Step
from views import feedback as view
from views.links import AskManager, StartFeedback
from views.replies import DONE, Reply

FILES = frozenset({Content.PHOTO, Content.VOICE, Content.DOCUMENT, Content.LOCATION})
ANYTHING = FILES | {Content.TEXT}


# Filing ------------------------------------------------------------------------------------------------------------


def take_feedback(req: Request) -> Reply:
    """What it is, for whom is asked only where that is a question."""
    act.check_room(req.uow, req.actor, now=req.now)
    mine = req.uow.bindings(req.actor).mine()
    if len({one.customer_id for one in mine}) > 1:
        return view.choose_customer(req.t, mine)
    return view.choose_kind(req.t, mine[0].id)


def choose_kind(req: Request) -> Reply:
    press = req.press(view.ChooseKind)
    binding = req.uow.bindings(req.actor).my(press.binding_id)
    if press.kind is None:
        return replace(view.choose_kind(req.t, binding.id), ask=DONE)
    return view.choose_about(req.t, binding.id, press.kind)


def choose_about(req: Request) -> Reply:
    press = req.press(view.ChooseAbout)
    binding = req.uow.bindings(req.actor).my(press.binding_id)
    facts = {"binding": binding.id, "kind": press.kind, "about": press.about, "urgent": False, "words": [], "files": []}
    return view.collecting(req.t, facts)


def collect(req: Request) -> Reply:
    """One more message or file. Words show the way on beneath them; a file is marked, so that an album is one answer."""
    facts = {**req.facts, "words": [*req.facts["words"]], "files": [*req.facts["files"]]}
    if req.text.strip():
        facts["words"].append(req.text.strip())
    if req.incoming.media is not None:
        facts["files"].append(file_in(req))
    if len("\n".join(facts["words"])) > LONGEST_WORDS or len(facts["files"]) > view.MOST_FILES:
        return view.enough(req.t, req.facts)
    screen = view.collecting(req.t, facts)
    if req.incoming.media is None:
        return screen
    return replace(screen, edit_living=True, react="👌")


def toggle_urgent(req: Request) -> Reply:
    facts = _collected(req)
    if facts is None or "case" in facts:
        return view.nothing_yet(req.t)
    return view.collecting(req.t, {**facts, "urgent": not facts["urgent"]})


def send(req: Request) -> Reply:
    """File what was collected, or add it to the matter that it belongs to."""
    facts = _collected(req)
    if facts is None or not (facts["words"] or facts["files"]):
        return view.nothing_yet(req.t)
    files = [File(**one) for one in facts["files"]]
    words = "\n".join(facts["words"]) or f"📎 {len(files)}"
    if "case" in facts:
        return _added(req, facts["case"], words, files)
    draft = CaseDraft(0, CaseKind(facts["kind"]), About(facts["about"]), words, urgent=facts["urgent"])
    case = act.file_feedback(req.uow, req.actor, facts["binding"], draft, files, now=req.now)
    screen = view.filed(req.t, _progress(req, case))
    return replace(screen, notices=news.filed(req.uow, case, now=req.now))


def _added(req: Request, case_id: int, words: str, files: list[File]) -> Reply:
    case, entry_id = act.add_words(req.uow, req.actor, case_id, words, files, now=req.now)
    screen = view.added(req.t, _progress(req, case))
    return replace(screen, notices=news.words(req.uow, case, words, len(files), entry_id, now=req.now))


def _collected(req: Request) -> dict[str, Any] | None:
    dialog = req.uow.dialogs.find(req.incoming.chat_id, req.actor.person_id)
    return dialog.facts if dialog is not None and dialog.step == view.STEP else None


def file_in(req: Request) -> dict[str, Any]:
    """The file of a message, as ``domain.cases.File`` keeps it."""
    media = req.incoming.media
    assert media is not None
    return {
        "kind": media.kind,
        "file_id": media.file_id,
        "unique_id": media.unique_id,
        "size": media.size,
        "name": media.name or None,
        "latitude": media.latitude,
        "longitude": media.longitude,
    }


# Following ---------------------------------------------------------------------------------------------------------


def take_cases(req: Request) -> Reply:
    """My matters; with a reference behind the command, that one. Guesses are counted and slowed down."""
    if not req.text.strip():
        return view.my_cases(req.t, req.uow.feedback(req.actor).page())
    case = act.look_up(req.uow, req.actor, read_reference(req.text), now=req.now)
    if case is None:
        return view.unknown_reference(req.t)
    return view.page(req.t, _progress(req, case))


def turn_page(req: Request) -> Reply:
    return view.my_cases(req.t, req.uow.feedback(req.actor).page(req.press(view.ListMine).number))


def open_mine(req: Request) -> Reply:
    return view.page(req.t, _progress(req, req.uow.feedback(req.actor).get(req.press(view.OpenMine).case_id)))


def ask_words(req: Request) -> Reply:
    case = req.uow.feedback(req.actor).get(req.press(view.AddWords).case_id)
    if not case.is_open:
        return view.page(req.t, _progress(req, case))
    return replace(view.collecting(req.t, _adding(case)), fresh=True)


def reply_to_case(req: Request) -> Reply:
    """Words that reply to the status message are added to that matter at once."""
    return _replied(req, req.uow.feedback(req.actor).get(req.facts["subject"]))


def reply_to_entry(req: Request) -> Reply:
    """The same, replying to an answer of ours."""
    entry = req.uow.cases(req.actor).entry(req.facts["subject"])
    return _replied(req, req.uow.feedback(req.actor).get(entry.case_id if entry else 0))


def _replied(req: Request, case: CaseLine) -> Reply:
    if not case.is_open:
        return view.page(req.t, _progress(req, case))
    files = [File(**file_in(req))] if req.incoming.media is not None else []
    return _added(req, case.id, req.text.strip() or f"📎 {len(files)}", files)


def say_solved(req: Request) -> Reply:
    before = req.uow.feedback(req.actor).get(req.press(view.SaySolved).case_id)
    case = act.confirm(req.uow, req.actor, before.id, now=req.now)
    notices = news.confirmed(req.uow, case, now=req.now) if before.is_open else ()
    return replace(view.solved(req.t, _progress(req, case)), notices=notices)


def say_not_yet(req: Request) -> Reply:
    before = req.uow.feedback(req.actor).get(req.press(view.SayNotYet).case_id)
    case = act.reopen(req.uow, req.actor, before.id, now=req.now)
    notices = news.reopened(req.uow, case, now=req.now) if case.state is not before.state else ()
    status = replace(view.status(req.t, _progress(req, case)), edit_living=True)
    asked = replace(view.ask_missing(req.t, _adding(case)), fresh=True, also=(status,))
    return replace(asked, notices=notices)


def ask_manager(req: Request) -> Reply:
    case, first = act.ask_manager(req.uow, req.actor, req.press(AskManager).case_id, now=req.now)
    notices = news.escalated(req.uow, case, now=req.now) if first else ()
    return replace(view.asked_manager(req.t, _progress(req, case), first=first), notices=notices)


def _adding(case: CaseLine) -> dict[str, Any]:
    return {"case": case.id, "words": [], "files": []}


def _progress(req: Request, case: CaseLine) -> Progress:
    return req.uow.feedback(req.actor).progress(case)


ROUTES = (
    Route(Command("feedback", "complain"), take_feedback, CUSTOMERS),
    Route(StartFeedback, take_feedback, CUSTOMERS),
    Route(view.ChooseKind, choose_kind, CUSTOMERS),
    Route(view.ChooseAbout, choose_about, CUSTOMERS),
    Route(Step(view.STEP, ANYTHING), collect, CUSTOMERS),
    Route(view.ToggleUrgent, toggle_urgent, CUSTOMERS),
    Route(view.SendFeedback, send, CUSTOMERS, once=True),
    Route(Command("cases"), take_cases, CUSTOMERS),
    Route(view.ListMine, turn_page, CUSTOMERS),
    Route(view.OpenMine, open_mine, CUSTOMERS),
    Route(view.AddWords, ask_words, CUSTOMERS),
    Route(ReplyTo("case"), reply_to_case, CUSTOMERS),
    Route(ReplyTo("caseentry"), reply_to_entry, CUSTOMERS),
    Route(view.SaySolved, say_solved, CUSTOMERS),
    Route(view.SayNotYet, say_not_yet, CUSTOMERS),
    Route(AskManager, ask_manager, CUSTOMERS),
)
