"""The page of a customer without Telegram: what each form does, and which page follows. Only ``POST`` changes anything."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any

from actions import answers
from actions import web as act
from domain.answers import Filling, low_scores
from domain.cases import About, CaseKind
from domain.consents import Purpose
from domain.errors import Changed, DomainError, Fault, Invalid, NotFound, TooLate
from domain.surveys import Question, QuestionKind
from domain.values import frozen
from domain.web import Visitor
from handlers import case_news
from handlers.answers import value_of
from parsing.answers import read_answer
from storage.uow import UnitOfWork
from views import answer_ends as ends
from views import web as view
from views import web_survey as survey_view
from views.language import Translator
from views.replies import Notice
from views.web_parts import PICTURE, Note, Query
from views.web_parts import Page as Sheet


@frozen
class Visit:
    """One request, whose link is good. ``form`` None: it only reads."""

    uow: UnitOfWork
    visitor: Visitor
    t: Translator
    now: dt.datetime
    query: Query
    form: Mapping[str, Sequence[str]] | None = None
    pictures: tuple[bytes, ...] = ()
    spoiled: bool = False  # there were others, which are no pictures, too large or too many

    def field(self, name: str) -> str:
        """A field of the form, empty where it is missing."""
        return (self.form or {}).get(name, [""])[0]


@frozen
class Shown:
    """What the visitor gets: a page, or after a change the way to one; and what staff hear of it."""

    page: Sheet | None = None
    to: Query | None = None
    status: int = 200
    notices: tuple[Notice, ...] = field(default=())


def visit(req: Visit) -> Shown:
    """Show a page or take a form. Raises ``DomainError`` for what is refused, with nothing changed."""
    name = req.query.get("p", "")
    if req.form is None:
        return _PAGES.get(name, show_home)(req)
    return _FORMS[name](req) if name in _FORMS else Shown(to={})


def refused(req: Visit, error: DomainError) -> Shown:
    """What somebody reads instead, in a unit of its own; what was typed stays where it was typed."""
    match error:
        case Changed() | TooLate() if req.query.get("s"):
            return Shown(to=_survey(req.query["s"], note=Note.ANSWERED))
        case NotFound():
            return Shown(to={"n": Note.GONE})
        case Invalid() if req.query.get("p") == "tell":
            return Shown(view.tell(req.t, _kind(req), typed=_typed(req), problem=error), status=422)
        case Invalid() if req.query.get("s"):
            found = act.filling(req.uow, req.visitor, _number(req.query["s"]))
            key = _asked(found, req).key
            return Shown(survey_view.question(req.t, found, key, typed=req.field("a"), problem=error), status=422)
        case _:
            return Shown(view.busy(req.t), status=429)


# Pages -------------------------------------------------------------------------------------------------------------


def show_home(req: Visit) -> Shown:
    waiting = act.waiting(req.uow, req.visitor, now=req.now)
    agreed = req.uow.consents.of_contact(req.visitor.contact_id)
    return Shown(view.home(req.t, req.visitor, waiting, agreed, note=_note(req)))


def show_survey(req: Visit) -> Shown:
    """The question at a place of the definition, or the page at which the survey stands."""
    found = act.filling(req.uow, req.visitor, _number(req.query.get("s")))
    if found.done and not req.query.get("q"):
        return _thanks(req, found)
    if not found.takes(req.now):
        return Shown(survey_view.closed(req.t, found))
    questions, number = found.definition.questions, _number(req.query.get("q"))
    key = questions[number].key if 0 <= number < len(questions) else found.open_question
    if key is not None and key != found.open_question and key not in found.answers:
        key = found.open_question
    if key is not None:
        return Shown(survey_view.question(req.t, found, key, note=_note(req)))
    return _thanks(req, found) if found.done else Shown(survey_view.review(req.t, found))


def _thanks(req: Visit, found: Filling) -> Shown:
    case = act.case_of(req.uow, found)
    page = survey_view.sent(
        req.t,
        found,
        case=survey_view.who_calls(req.t, case, now=req.now) if case else None,
        low=found.survey.anonymous and bool(req.query.get("low")),
        changeable=found.changeable(req.now),
        agreed=req.uow.consents.of_contact(req.visitor.contact_id),
        note=_note(req),
    )
    return Shown(page)


def show_tell(req: Visit) -> Shown:
    return Shown(view.tell(req.t, _kind(req)))


def show_case(req: Visit) -> Shown:
    case = req.uow.web.case(req.visitor.contact_id, req.query.get("r", ""))
    if case is None:
        raise NotFound("case", 0)
    return Shown(view.receipt(req.t, case, now=req.now))


def show_stop(req: Visit) -> Shown:
    return Shown(view.stop(req.t, stopped=_stopped(req)))


# Forms -------------------------------------------------------------------------------------------------------------


def take_answer(req: Visit) -> Shown:
    """Store an answer; after the last one it is sent, as in the chat."""
    found = act.filling(req.uow, req.visitor, _number(req.query.get("s")))
    if not found.takes(req.now):
        return Shown(to=_survey(found.subject))
    asked = _asked(found, req)
    value = None if req.field("skip") else _value(req, asked)
    found = act.answer(req.uow, found, asked.key, value, version=_number(req.field("v")), now=req.now)
    if found.open_question is not None or found.survey.anonymous:
        return Shown(to=_survey(found.subject))
    return _sent(req, found)


def send_answers(req: Visit) -> Shown:
    found = act.filling(req.uow, req.visitor, _number(req.query.get("s")))
    if _number(req.field("v")) != found.version or found.open_question is not None or found.done:
        return Shown(to=_survey(found.subject))
    return _sent(req, found)


def _sent(req: Visit, found: Filling) -> Shown:
    low = found.survey.anonymous and bool(low_scores(found.definition, found.answers))
    sent = act.send(req.uow, found, now=req.now)
    notices = case_news.filed(req.uow, sent.case, now=req.now) if sent.case else ()
    return Shown(to=_survey(found.subject) | ({"low": "1"} if low else {}), notices=notices)


def call_me(req: Visit) -> Shown:
    found = act.filling(req.uow, req.visitor, _number(req.query.get("s")))
    case = answers.call_me(req.uow, None, found, ends.call_words(req.t), now=req.now)
    return Shown(to=_survey(found.subject), notices=case_news.filed(req.uow, case, now=req.now))


def file_words(req: Visit) -> Shown:
    typed = _typed(req)
    case, is_new = act.file_feedback(
        req.uow,
        req.visitor,
        _kind(req),
        typed.about,
        typed.words,
        urgent=typed.urgent,
        pictures=_pictures(req),
        now=req.now,
    )
    notices = case_news.filed(req.uow, case, now=req.now) if is_new else ()
    return Shown(to={"p": "case", "r": case.reference}, notices=notices)


def decide(req: Visit) -> Shown:
    """One purpose, agreed to or not."""
    try:
        purpose = Purpose(req.field("purpose"))
    except ValueError:
        return Shown(to={})
    granted = req.field("said") == "yes"
    act.decide(req.uow, req.visitor, purpose, granted=granted, locale=req.t.locale)
    return Shown(to={"n": Note.SAVED})


def stop(req: Visit) -> Shown:
    """No more messages; mail programs send this form by themselves (RFC 8058)."""
    for purpose in Purpose:
        act.decide(req.uow, req.visitor, purpose, granted=False, locale=req.t.locale)
    return Shown(to={"p": "stop"})


def visit_way_out(req: Visit) -> Shown:
    """The link that every e-mail and text message names: a form stops messages, anything else asks."""
    if req.form is not None:
        stop(req)
        return Shown(to={})
    return Shown(view.stop(req.t, stopped=_stopped(req), alone=True))


# Within ------------------------------------------------------------------------------------------------------------


def _stopped(req: Visit) -> bool:
    agreed = req.uow.consents.of_contact(req.visitor.contact_id)
    return agreed.get(Purpose.SERVICE) is False and not agreed.get(Purpose.OFFERS)


def _value(req: Visit, asked: Question) -> Any:
    """What the form says, as an answer. Raises ``Invalid`` for none."""
    given = req.form.get("a", ()) if req.form else ()
    match asked.kind:
        case QuestionKind.MULTIPLE:
            places = {_number(one) for one in given}
            return [one.key for n, one in enumerate(asked.options) if n in places]
        case QuestionKind.SINGLE | QuestionKind.RATING | QuestionKind.NPS | QuestionKind.YES_NO:
            return value_of(asked, _number(req.field("a")))
        case QuestionKind.PHOTO:
            return req.uow.uploads.add(_pictures(req, needed=True)[0])
        case _ if not req.field("a").strip():
            raise Invalid("answer", Fault.EMPTY)
        case QuestionKind.LOCATION:
            return req.field("a").strip()
        case _:
            return read_answer(
                asked,
                req.field("a"),
                said_at=req.now,
                zone=req.t.zone,
                calendar=req.uow.calendar(),
                worktime=req.uow.organisation().worktime,
            )


def _pictures(req: Visit, *, needed: bool = False) -> tuple[bytes, ...]:
    """What was sent along. Raises ``Invalid`` when any of it cannot be kept, or nothing is there."""
    if req.spoiled or (needed and not req.pictures):
        raise Invalid(PICTURE, Fault.NOT_UNDERSTOOD if req.spoiled else Fault.EMPTY)
    return req.pictures


def _asked(found: Filling, req: Visit) -> Question:
    number, questions = _number(req.field("q")), found.definition.questions
    if not 0 <= number < len(questions):
        raise NotFound("question", number)
    return questions[number]


def _kind(req: Visit) -> CaseKind:
    given = req.query.get("k", "")
    return CaseKind(given) if given in list(CaseKind) else CaseKind.COMPLAINT


def _typed(req: Visit) -> view.Typed:
    about = req.field("about")
    chosen = About(about) if about in list(About) else About.SERVICE
    return view.Typed(chosen, req.field("words"), urgent=bool(req.field("urgent")))


def _note(req: Visit) -> Note | None:
    given = req.query.get("n", "")
    return Note(given) if given in list(Note) else None


def _survey(invitation_id: int | str, *, note: Note | None = None) -> dict[str, str]:
    return {"p": "survey", "s": str(invitation_id)} | ({"n": str(note)} if note else {})


def _number(text: str | None) -> int:
    """A number of the address or a form; what is none, or beyond every id, stands for nothing."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else -1


Page = Callable[[Visit], Shown]
_PAGES: dict[str, Page] = {"survey": show_survey, "tell": show_tell, "case": show_case, "stop": show_stop}
_FORMS: dict[str, Page] = {
    "survey": take_answer,
    "send": send_answers,
    "call": call_me,
    "tell": file_words,
    "wishes": decide,
    "stop": stop,
}
