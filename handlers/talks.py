"""The conversation: what customers write reaches who looks after them, and a reply goes back."""

import datetime as dt
from dataclasses import replace

from actions import talks as act
from domain.case_clocks import WorkClock
from domain.errors import Changed
from domain.people import CUSTOMERS, STAFF, Actor
from domain.talks import LEAVES_AFTER, Answered, TalkLine
from handlers.media import FILES, WORDS, media_values
from handlers.routing import Content, ReplyTo, Request, Route, Step
from storage.away import leads_at_work
from views import talks as view
from views.history import undo_button
from views.language import Translator
from views.links import OpenTalks
from views.replies import Lane, Notice, Reply

# The customer ------------------------------------------------------------------------------------------------------


def take_words(req: Request) -> Reply:
    """Anything a customer sends goes to the owner, or to who stands in."""
    assert req.incoming.message_id is not None
    line = act.write_to_us(
        req.uow,
        req.actor,
        req.text,
        said_at=req.said_at,
        chat_id=req.incoming.chat_id,
        message_id=req.incoming.message_id,
        media=media_values(req),
    )
    readers = act.recipients(req.uow, line.owner_id)
    advisor = readers[0].name if readers and line.confirmed else None
    opens = _opens(req)
    reply = view.received(req.t, line, advisor, opens=opens)
    return _telling(reply, readers, line, quiet=opens is not None)


def take_edit(req: Request) -> Reply:
    """A customer's edit reaches the copy of whoever has it."""
    line = _own_message(req)
    if line is None:
        return Reply()
    changed, _ = act.edit_talk(req.uow, req.actor, line, req.text, now=req.now)
    if changed is line:
        return Reply()
    return _telling(Reply(), act.recipients(req.uow, line.owner_id), changed, quiet=True, changed=True)


def to_manager(req: Request) -> Reply:
    line = req.uow.talks(req.actor).my(req.press(view.ToManager).talk_id)
    members = leads_at_work(req.uow, line.owner_id) if line.owner_id is not None else ()
    leads = [one for one in map(req.uow.people.of_member, members) if one is not None]
    leads = leads or act.recipients(req.uow, None)
    req.uow.act(req.actor, "talk.escalated", customer_id=line.customer_id, undo=None, hidden_from=line.owner_id)
    reply = view.passed_up(req.t, leads[0].name if leads and line.confirmed else None)
    return _telling(reply, leads, line, quiet=False, manager=True)


def _telling(
    reply: Reply, readers: list[Actor], line: TalkLine, *, quiet: bool, manager: bool = False, changed: bool = False
) -> Reply:
    notices = []
    for reader in readers:
        words = view.relayed(Translator.of(reader), line, quiet=quiet, manager=manager, changed=changed)
        notices.append(Notice(reader.person_id, _in_place(words) if changed else words, lane=Lane.ANSWER))
    return replace(reply, notices=tuple(notices))


def _opens(req: Request) -> dt.datetime | None:
    """When work begins again; ``None`` while it goes on."""
    organisation = req.uow.organisation()
    opens = WorkClock(req.uow.calendar(), organisation.worktime, organisation.zone).after(req.now, 0)
    return opens if opens > req.now else None


# The staff ---------------------------------------------------------------------------------------------------------


def take_reply(req: Request) -> Reply:
    """A reply to a customer's message, or to the copy of it, is the answer."""
    return _answer(req, req.facts["subject"])


def ask_answer(req: Request) -> Reply:
    return view.ask_answer(req.t, req.uow.talks(req.actor).get(req.press(view.AnswerTalk).talk_id))


def take_answer(req: Request) -> Reply:
    return _answer(req, req.facts["talk"])


def _answer(req: Request, talk_id: int) -> Reply:
    assert req.incoming.message_id is not None
    asked = req.uow.talks(req.actor).get(talk_id)
    try:
        done = act.answer(
            req.uow,
            req.actor,
            talk_id,
            req.text,
            chat_id=req.incoming.chat_id,
            message_id=req.incoming.message_id,
            media=media_values(req),
            now=req.now,
        )
    except Changed:
        return view.unbound(req.t, asked.customer_id)
    return _leaving(req, done, reply_to=asked.message_id if asked.member_id is None else None)


def ask_words(req: Request) -> Reply:
    return view.ask_words(req.t, req.uow.bindings(req.actor).get(req.press(view.WriteTo).binding_id))


def take_message(req: Request) -> Reply:
    assert req.incoming.message_id is not None
    binding = req.uow.bindings(req.actor).get(req.facts["binding"])
    try:
        done = act.write_to(
            req.uow,
            req.actor,
            binding.id,
            req.text,
            chat_id=req.incoming.chat_id,
            message_id=req.incoming.message_id,
            media=media_values(req),
            now=req.now,
        )
    except Changed:
        return view.unbound(req.t, binding.customer_id)
    return _leaving(req, done, reply_to=None)


def _leaving(req: Request, done: Answered, *, reply_to: int | None) -> Reply:
    reader = req.uow.people.actor(done.line.person_id)
    words = view.said(Translator.of(reader), done.line, dedupe=act.key_of(done.line), reply_to=reply_to)
    notice = Notice(reader.person_id, words, lane=Lane.ANSWER, after=LEAVES_AFTER)
    return replace(view.answered(req.t, done.line, act_id=done.act_id), notices=(notice,))


def recall(req: Request) -> Reply:
    press = req.press(view.Recall)
    line, sent = act.recall(req.uow, req.actor, press.talk_id, press.act_id, now=req.now)
    notices = [] if sent is None else [Notice(line.person_id, Reply(delete=sent), lane=Lane.ANSWER)]
    return replace(view.recalled(req.t, line, had_left=sent is not None), notices=tuple(notices))


def edited(req: Request) -> Reply | None:
    """What an edit of a member's own answer does; ``None``: it is no answer."""
    line = _own_message(req)
    if line is None or line.member_id != req.actor.member_id:
        return None
    changed, waits = act.edit_talk(req.uow, req.actor, line, req.text, now=req.now)
    if changed is line:
        return Reply()
    reader = req.uow.people.actor(line.person_id)
    words = view.said(Translator.of(reader), changed, dedupe=act.key_of(changed))
    if not waits:
        words = _in_place(words)
    notice = Notice(reader.person_id, words, lane=Lane.ANSWER, after=LEAVES_AFTER if waits else dt.timedelta())
    return replace(Reply(), notices=(notice,))


def close(req: Request) -> Reply:
    press = req.press(view.CloseTalk)
    line, act_id = act.close_talk(req.uow, req.actor, press.talk_id)
    return view.closed(req.t, line, undo=undo_button(req.t, act_id))


def open_talk(req: Request) -> Reply:
    return view.one(req.t, req.uow.talks(req.actor).get(req.press(view.OpenTalk).talk_id))


def open_page(req: Request) -> Reply:
    return _page(req, req.press(OpenTalks).customer_id, 0)


def turn_page(req: Request) -> Reply:
    press = req.press(view.TurnTalks)
    return _page(req, press.customer_id, press.number)


def _page(req: Request, customer_id: int, number: int) -> Reply:
    lines = req.uow.talks(req.actor).page_of(customer_id, number)
    accounts = req.uow.bindings(req.actor).of_customer(customer_id)
    return view.page(req.t, req.uow.customers(req.actor).line(customer_id), lines, accounts)


def _own_message(req: Request) -> TalkLine | None:
    assert req.incoming.message_id is not None
    return req.uow.talks(req.actor).of_message(req.incoming.chat_id, req.incoming.message_id)


def _in_place(reply: Reply) -> Reply:
    """The same message where it stands already."""
    return replace(reply, edit_living=True, quiet=True, dedupe=None, reply_to=None)


ROUTES = (
    Route(Content.TEXT, take_words, CUSTOMERS),
    *(Route(kind, take_words, CUSTOMERS) for kind in sorted(FILES)),
    Route(Content.EDIT, take_edit, CUSTOMERS),
    Route(view.ToManager, to_manager, CUSTOMERS, once=True),
    Route(ReplyTo(view.NAME), take_reply, STAFF),
    Route(view.AnswerTalk, ask_answer, STAFF),
    Route(Step(view.STEP_ANSWER, WORDS), take_answer, STAFF),
    Route(view.WriteTo, ask_words, STAFF),
    Route(Step(view.STEP_WRITE, WORDS), take_message, STAFF),
    Route(view.Recall, recall, STAFF, once=True),
    Route(view.CloseTalk, close, STAFF, once=True),
    Route(view.OpenTalk, open_talk, STAFF),
    Route(OpenTalks, open_page, STAFF),
    Route(view.TurnTalks, turn_page, STAFF),
)
