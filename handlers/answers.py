"""Answering a survey: presses and typed answers, of the customer or of a member who enters them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actions import answers as act
from domain.answers import Filling, low_scores
from domain.cases import CaseLine
from domain.customers import Customer
from domain.errors import Changed, Fault, Invalid, NotFound
from domain.people import CUSTOMERS, STAFF
from domain.surveys import Question, QuestionKind, SurveyState
from handlers import case_news
from handlers.routing import PASS, Command, Content, ReplyTo, Request, Route, Step
from parsing.answers import read_answer
from views import answer_ends as ends
from views import answer_entry as entry
from views import answers as view
from views import feedback
from views.links import EnterAnswers
from views.replies import Reply

WHO = CUSTOMERS | STAFF  # staff enter answers of others, and may be customers themselves
SHARED = frozenset({Content.TEXT, Content.PHOTO, Content.LOCATION})


def show(req: Request, found: Filling, number: int = view.HERE, *, toast: str | None = None) -> Reply:
    """The question at a place of the definition, or the screen at which the survey stands."""
    if not found.takes(req.now):
        return replace(_closed(req, found), toast=toast)
    found = act.opened(req.uow, found, now=req.now)
    questions = found.definition.questions
    key = questions[number].key if 0 <= number < len(questions) else found.open_question
    if key is not None and key != found.open_question and key not in found.answers:
        key = found.open_question  # a button of a way that is no longer gone
    if key is not None:
        return _private(found, replace(view.question(req.t, found, key, today=req.today), toast=toast))
    if found.done:
        return replace(ends.sent(req.t, found, case=None, low=False, now=req.now), toast=toast)
    return _private(found, replace(view.review(req.t, found), toast=toast))


def take_survey(req: Request) -> Reply:
    """``/survey`` of a customer: what waits for an answer, where it was left."""
    found = act.waiting(req.uow, req.actor, now=req.now)
    return show(req, found[0]) if len(found) == 1 else view.waiting(req.t, found)


def open_question(req: Request) -> Reply:
    press = req.press(view.OpenQuestion)
    return show(req, act.filling(req.uow, req.actor, press.subject), press.question)


def tick(req: Request) -> Reply:
    press = req.press(view.Tick)
    found = act.filling(req.uow, req.actor, press.subject)
    asked = _asked(found, press.question)
    if not found.takes(req.now):
        return _closed(req, found)
    return _private(found, view.question(req.t, found, asked.key, today=req.today, mask=press.mask))


def pick(req: Request) -> Reply:
    press = req.press(view.Pick)
    found = act.filling(req.uow, req.actor, press.subject)
    asked = _asked(found, press.question)
    return _take(req, found, asked, value_of(asked, press.value), version=press.version)


def pick_many(req: Request) -> Reply:
    press = req.press(view.PickMany)
    found = act.filling(req.uow, req.actor, press.subject)
    asked = _asked(found, press.question)
    return _take(req, found, asked, view.options_of(press.mask, asked.options), version=press.version)


def skip(req: Request) -> Reply:
    press = req.press(view.Skip)
    found = act.filling(req.uow, req.actor, press.subject)
    return _take(req, found, _asked(found, press.question), None, version=press.version)


def take_typed(req: Request) -> Reply:
    """A text, photo or place while a question is open; what is no answer to it is taken as if none were."""
    try:
        found = act.filling(req.uow, req.actor, req.facts["subject"])
    except NotFound:
        return PASS
    key = found.open_question if req.facts["question"] not in found.answers else req.facts["question"]
    if key is None or not found.takes(req.now):
        return PASS
    return _typed(req, found, found.definition.question(key), or_else=PASS)


def take_reply(req: Request) -> Reply:
    """A reply to the survey's message is an answer to the question that waits."""
    found = act.filling(req.uow, req.actor, req.facts["subject"])
    key = found.open_question
    if key is None or not found.takes(req.now):
        return replace(show(req, found), fresh=True)
    return _typed(req, found, found.definition.question(key), or_else=None)


def send(req: Request) -> Reply:
    press = req.press(view.SendAnswers)
    found = act.filling(req.uow, req.actor, press.subject)
    if press.version != found.version or found.open_question is not None or found.done:
        return show(req, found)
    return _private(found, _send(req, found))


def call_me(req: Request) -> Reply:
    found = act.filling(req.uow, req.actor, req.press(view.CallMe).subject)
    case = act.call_me(req.uow, req.actor, found, ends.call_words(req.t), now=req.now)
    reply = ends.will_call(req.t, found, case, now=req.now)
    return _told(req, found, case, reply)


# Entering for a customer -------------------------------------------------------------------------------------------


def enter_answers(req: Request) -> Reply:
    customer = _customer(req, req.press(EnterAnswers).customer_id)
    named = [one for one in customer.contacts if one.name or one.nickname]
    if len(named) > 1:
        return entry.choose_contact(req.t, customer)
    return _surveys(req, customer, req.uow.customers(req.actor).contacts.first(customer.id))


def enter_for(req: Request) -> Reply:
    press = req.press(entry.EnterFor)
    return _surveys(req, _customer(req, press.customer_id), press.contact_id)


def enter(req: Request) -> Reply:
    press = req.press(entry.Enter)
    customer = _customer(req, press.customer_id)
    if press.contact_id not in {one.id for one in customer.contacts}:
        raise NotFound("contact", press.contact_id)
    found = act.enter(
        req.uow,
        req.actor,
        press.survey_id,
        customer_id=customer.id,
        contact_id=press.contact_id,
        by=press.by,
        now=req.now,
    )
    return show(req, found)


def _customer(req: Request, customer_id: int) -> Customer:
    req.uow.customers(req.actor).require_readable(customer_id)
    return req.uow.customers(req.actor).get(customer_id)


def _surveys(req: Request, customer: Customer, contact_id: int) -> Reply:
    found = req.uow.surveys(req.actor).page(states=frozenset({SurveyState.OPEN})).items
    return entry.choose_survey(req.t, customer, contact_id, [one for one in found if not one.anonymous])


# Within ------------------------------------------------------------------------------------------------------------


def _take(req: Request, found: Filling, asked: Question, value: Any, *, version: int) -> Reply:
    """Store an answer given by a button; one of an older screen shows how it stands now."""
    if version != found.version or not found.takes(req.now):
        return show(req, found)
    try:
        found = act.answer(req.uow, found, asked.key, value, now=req.now)
    except Changed:
        return show(req, act.filling(req.uow, req.actor, found.subject))
    return _private(found, _onward(req, found))


def _onward(req: Request, found: Filling) -> Reply:
    """The next question; after the last one the end, or the button that sends."""
    if found.open_question is not None:
        return view.question(req.t, found, found.open_question, today=req.today)
    if found.survey.anonymous or found.invitation is None:
        return view.review(req.t, found)
    return _send(req, found)


def _send(req: Request, found: Filling) -> Reply:
    low = found.survey.anonymous and bool(low_scores(found.definition, found.answers))
    done = act.send(req.uow, req.actor, found, now=req.now)
    if done.act_id is not None:
        response = done.filling.response
        assert response is not None and response.customer_id is not None
        said = entry.entered(req.t, found, customer_id=response.customer_id, act_id=done.act_id, case=done.case)
        return _told(req, found, done.case, said) if done.case else said
    reply = ends.sent(req.t, done.filling, case=done.case, low=low, now=req.now)
    return _told(req, found, done.case, reply) if done.case else reply


def _told(req: Request, found: Filling, case: CaseLine, reply: Reply) -> Reply:
    """With the message that follows the case from now on; the staff who must act hear of it at once."""
    notices = case_news.filed(req.uow, case, now=req.now, besides=req.actor.member_id)
    if found.invitation is None or found.pending:
        return replace(reply, notices=notices)
    status = feedback.status(req.t, req.uow.feedback(req.actor).progress(case))
    return replace(reply, notices=notices, also=(status,))


def _typed(req: Request, found: Filling, asked: Question, *, or_else: Reply | None) -> Reply:
    """Store what was typed or shared, and go on below it."""
    try:
        found = act.answer(req.uow, found, asked.key, read_shared(req, asked), now=req.now)
    except Invalid as refusal:
        if or_else is not None and (asked.options or asked.kind not in _TOLD or refusal.fault is Fault.TOO_LONG):
            return or_else
        hint = view.not_understood(req.t, asked)
        return _private(
            found, _below(req, found, asked, view.question(req.t, found, asked.key, today=req.today, hint=hint))
        )
    return _private(found, _below(req, found, asked, _onward(req, found)))


_TOLD = frozenset({QuestionKind.NUMBER, QuestionKind.DATE})  # a text that is none of these was meant as one


def _below(req: Request, found: Filling, asked: Question, reply: Reply) -> Reply:
    """The survey goes on below what was typed; the message above it keeps the question without buttons."""
    return replace(view.asked_before(req.t, found, asked.key), ask=reply.ask, also=(reply,), notices=reply.notices)


def read_shared(req: Request, asked: Question) -> Any:
    """What was typed or shared, as an answer. Raises ``Invalid`` for none."""
    media = req.incoming.media
    if media is not None and media.kind is Content.PHOTO:
        return media.file_id if asked.kind is QuestionKind.PHOTO else _no(asked)
    if media is not None and media.latitude is not None:
        return [media.latitude, media.longitude] if asked.kind is QuestionKind.LOCATION else _no(asked)
    if media is not None:
        return _no(asked)
    return read_answer(
        asked,
        req.text,
        said_at=req.said_at,
        zone=req.actor.zone,
        calendar=req.uow.calendar(),
        worktime=req.uow.organisation().worktime,
    )


def _no(_asked: Question) -> Any:
    raise Invalid("answer", Fault.NOT_UNDERSTOOD)


def _asked(found: Filling, number: int) -> Question:
    """The question that a button names. Raises ``NotFound`` for none."""
    questions: Sequence[Question] = found.definition.questions
    if not 0 <= number < len(questions):
        raise NotFound("question", number)
    return questions[number]


def value_of(asked: Question, value: int) -> Any:
    """What a button's number means as an answer."""
    match asked.kind:
        case QuestionKind.SINGLE:
            return asked.options[value].key if 0 <= value < len(asked.options) else _no(asked)
        case QuestionKind.YES_NO:
            return bool(value)
        case QuestionKind.DATE:
            return dt.date.fromordinal(value).isoformat()
        case _:
            return value


def _closed(req: Request, found: Filling) -> Reply:
    return ends.closed(req.t, found)


def _private(found: Filling, reply: Reply) -> Reply:
    """Of an anonymous survey what was pressed or typed is forgotten at once."""
    if not found.survey.anonymous:
        return reply
    return replace(reply, secret=True, also=tuple(replace(one, secret=True) for one in reply.also))


ROUTES = (
    Route(Command("survey"), take_survey, CUSTOMERS),
    Route(view.OpenQuestion, open_question, WHO),
    Route(view.Tick, tick, WHO),
    Route(view.Pick, pick, WHO),
    Route(view.PickMany, pick_many, WHO),
    Route(view.Skip, skip, WHO),
    Route(view.SendAnswers, send, WHO),
    Route(view.CallMe, call_me, WHO, once=True),
    Route(Step(view.STEP, SHARED), take_typed, WHO),
    Route(EnterAnswers, enter_answers, STAFF),
    Route(entry.EnterFor, enter_for, STAFF),
    Route(entry.Enter, enter, STAFF),
    Route(ReplyTo(view.LIVING), take_reply, WHO),
)
