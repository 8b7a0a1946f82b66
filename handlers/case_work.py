"""What is typed about a case: answers with **Recall**, notes, promised times, reasons, lessons; and filing for others."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from actions import case_work as act
from actions.cases import clock_of, open_case
from actions.reply_templates import fill_in
from actions.texts import stands_alone
from domain.calendar import localize
from domain.cases import HELD, About, Account, CaseDraft, CaseKind, CaseLine, File
from domain.customers import CustomerKind
from domain.errors import TooLate
from domain.people import STAFF
from handlers import case_news as news
from handlers import cases
from handlers.feedback import FILES, file_in
from handlers.next_touches import next_touch_in
from handlers.routing import PASS, Content, ReplyTo, Request, Route, Step
from storage import outbox
from storage.feedback import keep_files, listener_of
from views import case_work as view
from views import feedback as customer_view
from views import reply_templates as template_view
from views.language import Translator
from views.replies import Lane, Notice, Reply, Shown

ANSWERS = FILES | {Content.TEXT}
TEMPLATES = 6  # as buttons on the answer's screen; the most used ones
SOON = 2  # working hours: the shortest time worth promising


# Answering ---------------------------------------------------------------------------------------------------------


def ask_answer(req: Request) -> Reply:
    case = req.uow.cases(req.actor).get(req.press(view.AnswerCase).case_id)
    file = cases.file_of(req, case)
    if file.account is Account.UNCONFIRMED:
        return view.unconfirmed(req.t, case)
    known = req.uow.templates(req.actor).all()[:TEMPLATES]
    return view.ask_answer(req.t, file, known, manage=template_view.manage_button(req.t))


def take_answer(req: Request) -> Reply:
    """The words, with or without a file, leave after a moment."""
    return answer(req, req.uow.cases(req.actor).get(req.facts["case"]), req.text)


def reply_to_case(req: Request) -> Reply:
    """A reply to what the bot said about a case is the answer to its customer."""
    return answer(req, req.uow.cases(req.actor).get(req.facts["subject"]), req.text)


def reply_to_entry(req: Request) -> Reply:
    """The same, to the customer's further words."""
    entry = req.uow.cases(req.actor).entry(req.facts["subject"])
    return answer(req, req.uow.cases(req.actor).get(entry.case_id if entry else 0), req.text)


def answer(req: Request, case: CaseLine, words: str, *, template_id: int | None = None) -> Reply:
    """Answer a case in sight. What cannot be delivered is recorded as told outside the chat."""
    account = cases.account_of(req, case)
    if account is Account.UNCONFIRMED:
        return view.unconfirmed(req.t, case)
    files = [File(**file_in(req))] if req.incoming.media is not None and req.payload is None else []
    words = words.strip() or (f"📎 {len(files)}" if files else "")
    done = act.answer(req.uow, req.actor, case.id, words, template_id=template_id, now=req.now)
    keep_files(req.uow, case.id, files)
    screen = view.answered(req.t, done.case, act_id=done.act_id, leaves=account is Account.HERE)
    if account is not Account.HERE:
        return screen
    assert done.entry_id is not None
    return replace(screen, notices=(_letter(req, done.case, words, files, done.entry_id),))


def _letter(req: Request, case: CaseLine, words: str, files: Sequence[File], entry_id: int) -> Notice:
    """The answer on its way: it replies to the status message, and can be taken back meanwhile."""
    listener = listener_of(req.uow, case)
    assert listener is not None
    person = req.uow.people.actor(listener[0])
    reply = customer_view.answered(Translator.of(person), case, words, by=req.actor.name)
    reply = replace(
        reply,
        living=f"caseentry:{entry_id}",
        reply_to=outbox.living_message(req.uow.connection, person.telegram_id, f"case:{case.id}"),
        dedupe=_key(entry_id),
        shown=Shown(files[0].kind, files[0].file_id, files[0].latitude, files[0].longitude) if files else None,
    )
    return Notice(person.person_id, reply, lane=Lane.ANSWER, after=HELD)


def recall(req: Request) -> Reply:
    """Take the answer back: what has not left never does, what has left is taken out of the chat."""
    act_id = req.press(view.RecallAnswer).act_id
    entry_id = max(req.uow.history(req.actor).rows_of(act_id, "case_entry"), default=0)  # a state may stand before it
    case = act.recall(req.uow, req.actor, act_id, now=req.now)
    screen = view.recalled(req.t, case)
    connection, key = req.uow.connection, _key(entry_id)
    listener = listener_of(req.uow, case)
    if listener is None or outbox.cancel(connection, key, now=req.now) or not outbox.is_known(connection, key):
        return screen
    sent = outbox.sent_as(connection, key)
    if sent is None:  # under way at this very moment
        raise TooLate("recall")
    return replace(screen, notices=(Notice(listener[0], Reply(delete=sent[1]), lane=Lane.ANSWER),))


def _key(entry_id: int) -> str:
    return f"case_answer:{entry_id}"


def use_template(req: Request) -> Reply:
    press = req.press(view.UseTemplate)
    case = req.uow.cases(req.actor).get(press.case_id)
    template = req.uow.templates(req.actor).get(press.template_id)
    return view.preview(req.t, case, template, fill_in(req.uow, req.actor, template, case, _words_of(req, case)))


def send_template(req: Request) -> Reply:
    press = req.press(view.SendTemplate)
    case = req.uow.cases(req.actor).get(press.case_id)
    template = req.uow.templates(req.actor).get(press.template_id)
    words = fill_in(req.uow, req.actor, template, case, _words_of(req, case))
    return answer(req, case, words, template_id=template.id)


def _words_of(req: Request, case: CaseLine) -> Translator:
    """The language and zone of who will read it."""
    listener = listener_of(req.uow, case)
    if listener is None:
        return req.t
    person = req.uow.people.actor(listener[0])
    return Translator.of(person)


# Notes, times, reasons, lessons ------------------------------------------------------------------------------------


def ask_note(req: Request) -> Reply:
    return view.ask_note(req.t, req.uow.cases(req.actor).get(req.press(view.NoteCase).case_id))


def take_note(req: Request) -> Reply:
    case_id = req.facts["case"]
    return cases.done(req, case_id, lambda: act.note(req.uow, req.actor, case_id, req.text, now=req.now))


def ask_promise(req: Request) -> Reply:
    return _ask_promise(req, req.uow.cases(req.actor).get(req.press(view.PromiseCase).case_id))


def _ask_promise(req: Request, case: CaseLine, *, wrong: bool = False) -> Reply:
    clock = clock_of(req.uow)
    times = [clock.after(req.now, SOON), *(clock.days_after(req.now, days) for days in (0, 1, 2, 4))]
    return view.ask_promise(req.t, case, sorted({at for at in times if at > req.now}), wrong=wrong)


def promise_at(req: Request) -> Reply:
    press = req.press(view.PromiseAt)
    at = dt.datetime.fromtimestamp(press.stamp * 60, dt.UTC)
    return cases.done(
        req,
        press.case_id,
        lambda: act.promise(req.uow, req.actor, press.case_id, at, version=press.version, now=req.now),
    )


def take_promise(req: Request) -> Reply:
    """A typed day and time; a day alone means the end of its work."""
    if stands_alone(req.uow, req.actor, req.text, said_at=req.said_at):
        return PASS
    case = req.uow.cases(req.actor).get(req.facts["case"])
    found = next_touch_in(req)
    if found is None:
        return _ask_promise(req, case, wrong=True)
    organisation = req.uow.organisation()
    at = found.at or localize(found.day, organisation.worktime.end_on(found.day.weekday()), organisation.zone)
    return cases.done(req, case.id, lambda: act.promise(req.uow, req.actor, case.id, at, now=req.now))


def take_reason(req: Request) -> Reply:
    case_id, version = req.facts["case"], req.facts["version"]
    return cases.done(
        req, case_id, lambda: act.close(req.uow, req.actor, case_id, req.text, version=version, now=req.now)
    )


def ask_learn(req: Request) -> Reply:
    press = req.press(view.LearnWords)
    return view.ask_learn(req.t, req.uow.cases(req.actor).get(press.case_id), lesson=bool(press.lesson))


def take_learn(req: Request) -> Reply:
    case_id, field = req.facts["case"], req.facts["field"]
    return cases.done(req, case_id, lambda: act.learn(req.uow, req.actor, case_id, field, req.text, now=req.now))


# Filing for somebody -----------------------------------------------------------------------------------------------


def file_for(req: Request) -> Reply:
    press = req.press(view.FileFor)
    req.uow.customers(req.actor).require_readable(press.customer_id)
    customer = req.uow.customers(req.actor).line(press.customer_id)
    if press.kind is None:
        return view.file_kind(req.t, customer)
    if press.about is None:
        return view.file_about(req.t, customer, press.kind)
    return view.file_words(req.t, customer, press.kind, press.about)


def take_file(req: Request) -> Reply:
    """A case for a customer who phoned, with the account that is known of its first contact."""
    customer_id = req.facts["customer"]
    customer = req.uow.customers(req.actor).get(customer_id)
    contact_id = customer.contacts[0].id if customer.contacts and customer.kind is CustomerKind.PERSON else None
    draft = CaseDraft(customer_id, CaseKind(req.facts["kind"]), About(req.facts["about"]), req.text, contact_id)
    case = open_case(req.uow, req.actor, draft, now=req.now)
    notices = news.filed(req.uow, case, now=req.now, besides=req.actor.member_id)
    seen = req.uow.cases(req.actor).find(case.id)
    if seen is None:
        return replace(view.filed_elsewhere(req.t, case), notices=notices)
    screen = cases.done(req, case.id, lambda: act.filed(req.uow, seen))
    return replace(screen, notices=notices)


ROUTES = (
    Route(view.AnswerCase, ask_answer, STAFF),
    Route(Step(view.STEP_ANSWER, ANSWERS), take_answer, STAFF),
    Route(ReplyTo("case"), reply_to_case, STAFF),
    Route(ReplyTo("caseentry"), reply_to_entry, STAFF),
    Route(view.RecallAnswer, recall, STAFF, once=True),
    Route(view.UseTemplate, use_template, STAFF),
    Route(view.SendTemplate, send_template, STAFF, once=True),
    Route(view.NoteCase, ask_note, STAFF),
    Route(Step(view.STEP_NOTE), take_note, STAFF),
    Route(view.PromiseCase, ask_promise, STAFF),
    Route(view.PromiseAt, promise_at, STAFF, once=True),
    Route(Step(view.STEP_PROMISE), take_promise, STAFF),
    Route(Step(view.STEP_REASON), take_reason, STAFF),
    Route(view.LearnWords, ask_learn, STAFF),
    Route(Step(view.STEP_LEARN), take_learn, STAFF),
    Route(view.FileFor, file_for, STAFF),
    Route(Step(view.STEP_FILE), take_file, STAFF),
)
