"""One update is one unit of work: identify, match, access, handler, dialog, letters.

Nothing here sends, waits or commits: the outcome is written by the core in the same transaction. This is one of the two
guards of the program: whatever a handler raises ends here, as a sentence for the person and a line in the log.
"""

import datetime as dt
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from zoneinfo import ZoneInfo

import structlog

from actions.presses import note_forged
from bot import menus, metrics, wire
from bot.matching import Miss, Router
from bot.outgoing import Address, Answer, Composer
from bot.presses import May, Presses
from bot.signing import Signer
from bot.splitting import plain, units
from bot.throttle import Throttle
from domain.carriers import Carrier
from domain.errors import DomainError, NotAllowed
from domain.people import Actor, Role
from domain.status import Pulse, unknown_vitals
from handlers.routing import PASS, Content, Incoming, Request, Route
from storage import inbox, outbox
from storage.database import Conflict, Connection, Unavailable, unit_of_work
from storage.dialogs import OpenDialog
from storage.inbox import InboxState, OpenUpdate
from storage.outbox import Letter
from storage.uow import UnitOfWork
from views import enquiries, errors
from views.language import Translator, guess_locale
from views.replies import DONE, CopyRule, Lane, Notice, Payload, Reply, escape, pack

log = structlog.stdlib.get_logger("keyuan.pipeline")

MOST_ATTEMPTS = 3  # then the update is put aside, so that its chat goes on
MOST_CONFLICTS = 3  # runs of a unit that another writer's change undid
RETRY_AFTER = (dt.timedelta(seconds=0.2), dt.timedelta(seconds=1))  # after the first, the second failure
LONGEST_ALERT = 200  # characters of a box over the chat

Admission = Callable[[UnitOfWork, Actor], Actor]


@dataclass(slots=True)
class Outcome:
    """What became of an update, for the core to write and the loop to tell.

    ``held_until``: the update stays open and its chat waits so long. ``secret``: what it said is forgotten at once.
    """

    state: InboxState
    letters: list[Letter] = field(default_factory=list)
    answer: Answer | None = None
    attempts: int = 0
    reference: str | None = None
    held_until: dt.datetime | None = None
    secret: bool = False


class _Wait(Exception):
    """Too much at once: the unit is undone and the update waits its turn."""

    def __init__(self, actor: Actor, until: dt.datetime) -> None:
        self.actor = actor
        self.until = until


class Pipeline:
    """Runs updates in the core thread; holds no state of any update."""

    def __init__(
        self,
        routes: Sequence[Route],
        *,
        signer: Signer,
        presses: Presses,
        bot_username: str,
        public_url: str | None = None,
        carriers: frozenset[Carrier] = frozenset(),
        throttle: Throttle | None = None,
        admit: Admission = lambda _uow, actor: actor,
        vitals: Pulse = unknown_vitals,
    ) -> None:
        self.routes = tuple(routes)
        self._router = Router(routes)
        self._signer = signer
        self.composer = Composer(signer)
        self._presses = presses
        self._bot_username = bot_username
        self._public_url = public_url
        self._carriers = carriers
        self._throttle = throttle or Throttle()
        self._admit = admit
        self._vitals = vitals

    def run(self, connection: Connection, update: OpenUpdate, *, now: dt.datetime) -> Outcome:
        """Run one update in a savepoint of ``connection``.

        Raises:
            Unavailable: the database failed; nothing of the group is kept.
        """
        try:
            incoming = wire.incoming(json.loads(update.raw))
        except Exception as error:  # malformed: it will not be better the second time
            return self._malformed(update, error)
        if incoming is None:
            return Outcome(InboxState.IGNORED)
        if not incoming.private:
            return self._group(connection, incoming, now=now)
        try:
            outcome = self._unit(connection, update, incoming, now=now)
        except DomainError as refusal:
            outcome = self._refuse(connection, incoming, refusal, now=now)
        except _Wait as wait:
            return self._wait(wait, now=now)
        except Unavailable:
            raise
        except Exception as error:
            return self._broken(connection, update, incoming, error, now=now)
        return self._answered(outcome, update, incoming, now=now)

    # The unit --------------------------------------------------------------------------------------------------

    def _unit(self, connection: Connection, update: OpenUpdate, incoming: Incoming, *, now: dt.datetime) -> Outcome:
        for _ in range(MOST_CONFLICTS - 1):
            try:
                return self._once(connection, update, incoming, now=now)
            except Conflict:  # it had no effects
                continue
        return self._once(connection, update, incoming, now=now)

    def _once(self, connection: Connection, update: OpenUpdate, incoming: Incoming, *, now: dt.datetime) -> Outcome:
        with unit_of_work(connection, now) as uow:
            actor = self._identify(uow, incoming)
            if update.attempts == 0:
                full = self._throttle.full_until(actor.person_id, actor.side, now=now)
                if full:
                    metrics.throttled.labels(actor.side or "stranger").inc()
                if full and actor.side is None:
                    return Outcome(InboxState.IGNORED)
                if full:
                    raise _Wait(actor, full)
            t = translator(actor)
            reply = self._reply(uow, actor, incoming, t, now=now)
            return self._done(uow, actor, incoming, reply, now=now)

    def _identify(self, uow: UnitOfWork, incoming: Incoming) -> Actor:
        actor = uow.people.identify(
            incoming.telegram_id,
            name=incoming.name,
            username=incoming.username,
            locale=guess_locale(incoming.language_code, uow.organisation().locale),
        )
        reachable = incoming.reachable is not False
        if reachable != actor.reachable:
            uow.people.set_reachable(actor.person_id, reachable=reachable)
            actor = replace(actor, reachable=reachable)
        return self._admit(uow, actor) if actor.role is None else actor

    def _reply(self, uow: UnitOfWork, actor: Actor, incoming: Incoming, t: Translator, *, now: dt.datetime) -> Reply:
        payload: Payload | None = None
        dialog: OpenDialog | None = None
        if incoming.press is not None:
            payload = self._signer.open(incoming.press, person_id=actor.person_id, chat_id=incoming.chat_id)
            match = self._router.press(payload, actor.side)
            dialog = uow.dialogs.find(incoming.chat_id, actor.person_id)
            if payload is None and not self._signer.has_signed(
                incoming.press, person_id=actor.person_id, chat_id=incoming.chat_id
            ):
                note_forged(uow, actor, now=now)
        else:
            dialog = uow.dialogs.find(incoming.chat_id, actor.person_id)
            match = self._router.message(incoming, dialog, actor.side, replied=_replied(uow, incoming))
        if isinstance(match, Miss):
            return self._missed(uow, actor, incoming, match, t)
        if payload is not None and match.route.once and not self._first_press(uow, incoming, payload, now=now):
            return errors.pressed_before(t)
        request = Request(
            uow=uow,
            actor=actor,
            incoming=incoming,
            t=t,
            now=now,
            said_at=now if payload is not None else incoming.said_at,
            text=match.text,
            payload=payload,
            facts=match.facts,
            bot_username=self._bot_username,
            public_url=self._public_url,
            carriers=self._carriers,
            vitals=self._vitals,
        )
        reply = match.route.handler(request)
        if reply is PASS:
            elsewhere = self._router.message(incoming, None, actor.side)
            if isinstance(elsewhere, Miss):
                return self._missed(uow, actor, incoming, elsewhere, t)
            reply = elsewhere.route.handler(replace(request, text=elsewhere.text, facts={}))
        over = dialog is not None and (payload is None or self._leads_away(dialog, payload, reply))
        self._move_dialog(uow, actor, incoming, reply, over=over)
        return reply

    def _first_press(self, uow: UnitOfWork, incoming: Incoming, payload: Payload, *, now: dt.datetime) -> bool:
        assert incoming.message_id is not None
        return inbox.press_once(uow.connection, incoming.chat_id, incoming.message_id, pack(payload), now=now)

    def _leads_away(self, dialog: OpenDialog, payload: Payload, reply: Reply) -> bool:
        """Whether a press was one of the open question's own ways on: nobody may find the next text taken for its answer.
        A list that turns its pages asks nothing, and stays."""
        return bool(reply.text) and pack(payload) in dialog.ways and self._router.asks(dialog.step)

    @staticmethod
    def _move_dialog(uow: UnitOfWork, actor: Actor, incoming: Incoming, reply: Reply, *, over: bool) -> None:
        """``ask`` opens, ``DONE`` closes; silence ends what is over, save after an edit or a block."""
        if reply.ask is not None and reply.ask != DONE:
            ways = [pack(button.payload) for row in reply.rows for button in row if button.payload is not None]
            uow.dialogs.open(incoming.chat_id, actor.person_id, reply.ask.step, reply.ask.facts, ways)
        elif reply.ask == DONE or (over and incoming.content not in (Content.EDIT, Content.REACHABLE)):
            uow.dialogs.close(incoming.chat_id, actor.person_id)

    # What no handler answers -----------------------------------------------------------------------------------

    def _missed(self, uow: UnitOfWork, actor: Actor, incoming: Incoming, miss: Miss, t: Translator) -> Reply:
        if miss is Miss.NOTHING:
            return Reply()
        if miss is Miss.STALE:
            return errors.stale(t)
        if actor.side is None:
            if incoming.press is not None:
                return errors.stale(t)
            once = f"stranger:{actor.person_id}:{uow.now.date()}"
            organisation = uow.organisation()
            hello = enquiries.hello(t, organisation.name, open_door=organisation.asks_strangers)
            return replace(hello, dedupe=once)
        if miss is Miss.FORBIDDEN:
            raise NotAllowed("route")
        if miss is Miss.UNKNOWN_COMMAND:
            return errors.unknown_command(t, incoming.text.split()[0])
        return errors.unreadable(t)

    def _group(self, connection: Connection, incoming: Incoming, *, now: dt.datetime) -> Outcome:
        """Groups are public: one line with a link per hour, whoever asks, and no handler. It stays where an admin of the
        company put it, and leaves everywhere else."""
        if incoming.press is not None or incoming.content in (Content.EDIT, Content.REACHABLE):
            return Outcome(InboxState.IGNORED)
        with unit_of_work(connection, now) as uow:
            organisation = uow.organisation()
            known = uow.people.find(incoming.telegram_id) if incoming.content is Content.JOINED else None
        t = words_of(guess_locale(incoming.language_code, organisation.locale), organisation.zone)
        leaves = incoming.content is Content.JOINED and (known is None or known.role is not Role.ADMIN)
        link = f"https://t.me/{self._bot_username}"
        dedupe = f"group:{incoming.chat_id}:{now:%Y-%m-%dT%H}"
        reply = replace(errors.left_group(t, link) if leaves else errors.group(t, link), dedupe=dedupe)
        letters = self.composer.letters(reply, Address(incoming.chat_id, None), now=now)
        if leaves:
            chat = {"chat_id": incoming.chat_id}
            letters.append(Letter(incoming.chat_id, "leaveChat", chat, now, copy_rule=CopyRule.EDIT))
        return Outcome(InboxState.DONE, letters)

    def _refuse(self, connection: Connection, incoming: Incoming, refusal: DomainError, *, now: dt.datetime) -> Outcome:
        """The unit is undone; what the person hears is a unit of its own."""
        with unit_of_work(connection, now) as uow:
            actor = self._identify(uow, incoming)
            reply = errors.refused(translator(actor), refusal)
            if incoming.press is not None and units(plain(reply.text)) <= LONGEST_ALERT:
                reply = Reply(toast=plain(reply.text), alert=True)
            reply = replace(reply, fresh=True)
            return self._done(uow, actor, incoming, reply, now=now)

    def _wait(self, wait: _Wait, *, now: dt.datetime) -> Outcome:
        actor = wait.actor
        reply = replace(errors.waiting(translator(actor)), dedupe=f"waiting:{actor.person_id}:{now:%Y-%m-%dT%H:%M}")
        letters = self.composer.letters(reply, Address(actor.telegram_id, actor.person_id), now=now)
        return Outcome(InboxState.OPEN, letters, held_until=wait.until)

    def _malformed(self, update: OpenUpdate, error: Exception) -> Outcome:
        reference = new_reference()
        log.error("update_malformed", update=update.update_id, chat=update.lane, reference=reference, error=repr(error))
        return Outcome(InboxState.QUARANTINED, attempts=1, reference=reference)

    def _broken(
        self, connection: Connection, update: OpenUpdate, incoming: Incoming, error: Exception, *, now: dt.datetime
    ) -> Outcome:
        """A bug: tried again twice, then put aside with one sentence; the log has the same reference."""
        attempts = update.attempts + 1
        if attempts < MOST_ATTEMPTS:
            log.warning("update_failed", update=update.update_id, chat=update.lane, attempt=attempts, exc_info=error)
            return Outcome(InboxState.OPEN, attempts=attempts, held_until=now + RETRY_AFTER[attempts - 1])
        return self.put_aside(connection, update, error, now=now)

    def put_aside(self, connection: Connection, update: OpenUpdate, error: Exception, *, now: dt.datetime) -> Outcome:
        """Quarantine an update and tell its person, in the language known without the database's help."""
        reference = new_reference()
        log.error("update_quarantined", update=update.update_id, chat=update.lane, reference=reference, exc_info=error)
        outcome = Outcome(InboxState.QUARANTINED, attempts=update.attempts + 1, reference=reference)
        incoming = wire.incoming(json.loads(update.raw))
        if incoming is None or not incoming.private:
            return outcome
        with unit_of_work(connection, now) as uow:
            known = uow.people.find(incoming.telegram_id)
            organisation = uow.organisation()
        locale = known.locale if known else guess_locale(incoming.language_code, organisation.locale)
        t = words_of(locale, known.zone if known else organisation.zone)
        reply = errors.bug(t, reference, pressed=incoming.press is not None)
        address = Address(incoming.chat_id, known.person_id if known else None)
        outcome.letters = self.composer.letters(reply, address, now=now)
        if incoming.callback_id:
            outcome.answer = Answer(incoming.callback_id)
        return self._answered(outcome, update, incoming, now=now)

    # What goes out ---------------------------------------------------------------------------------------------

    def _done(self, uow: UnitOfWork, actor: Actor, incoming: Incoming, reply: Reply, *, now: dt.datetime) -> Outcome:
        pressed = incoming.message_id if incoming.press is not None else None
        spoken = incoming.message_id if incoming.press is None else None
        address = Address(incoming.chat_id, actor.person_id, pressed, spoken, incoming.sealed)
        letters = self.composer.letters(reply, address, now=now)
        if reply.menus:
            letters.append(menus.letter(self.routes, uow.people.actor(actor.person_id), now=now))
        for notice in reply.notices:
            letters += self.notice(uow, notice, now=now)
        return Outcome(InboxState.DONE, letters, _words(reply, incoming), secret=reply.secret)

    def notice(self, uow: UnitOfWork, notice: Notice, *, now: dt.datetime, other: Actor | None = None) -> list[Letter]:
        """The letters of a message to somebody else; none to who blocked the bot, or stopped what is no answer.

        ``other`` is whoever it goes to, where that is known already.
        """
        other = other or uow.people.actor(notice.person_id)
        letters = []
        if other.reachable and (notice.lane is Lane.ANSWER or not other.stopped):
            letters = self.composer.letters(
                notice.reply,
                Address(other.telegram_id, other.person_id),
                now=now + notice.after,
                lane=notice.lane,
                copy_rule=notice.copy_rule,
            )
        if notice.reply.menus:
            letters.append(menus.letter(self.routes, other, now=now))
        return letters

    def _answered(self, outcome: Outcome, update: OpenUpdate, incoming: Incoming, *, now: dt.datetime) -> Outcome:
        """A press that waited too long was answered emptily: its words come as a message."""
        if outcome.answer is None:
            return outcome
        answer = outcome.answer
        may = self._presses.take(answer.callback_id, age=now - update.received_at)
        if may is not May.SAY and answer.text:
            words = Reply(escape(answer.text))
            outcome.letters += self.composer.letters(words, Address(incoming.chat_id, None), now=now)
            answer = Answer(answer.callback_id)
        outcome.answer = None if may is May.NOTHING else answer
        return outcome


def _replied(uow: UnitOfWork, incoming: Incoming) -> str | None:
    """What the message tracks that the person replies to."""
    if incoming.reply_to is None or incoming.content is Content.EDIT:
        return None
    return outbox.living_at(uow.connection, incoming.chat_id, incoming.reply_to)


def _words(reply: Reply, incoming: Incoming) -> Answer | None:
    if incoming.callback_id is None:
        return None
    return Answer(incoming.callback_id, reply.toast or "", alert=reply.alert)


def new_reference() -> str:
    """Short enough to be read out: eight characters without look-alikes."""
    return "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(8))


def translator(actor: Actor) -> Translator:
    """The words of an actor's language and zone."""
    return words_of(actor.locale, actor.zone)


@lru_cache(maxsize=256)
def words_of(locale: str, zone: ZoneInfo) -> Translator:
    """The words of a language and zone, made once."""
    return Translator(locale, zone)
