"""The one sender: letters from the outbox to Telegram, paced, in order per chat, and settled.

A letter in hand is committed as *sending*. What its call's end means is decided in one place (``_settled``); nothing
below repeats a call. This is the other of the two guards of the program.
"""

import asyncio
import contextlib
import datetime as dt
import heapq
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot import metrics, wire
from bot.clock import Clock
from bot.fates import End, Fate, end_of
from bot.outgoing import Answer
from bot.pacing import CHAT_SECONDS, EXTRA_HOLD, PER_SECOND, ChatPace, Overall
from bot.splitting import plain
from storage.outbox import Claimed, SendState, Settled

log = structlog.stdlib.get_logger("keyuan.sender")

IN_FLIGHT = 64
FOR_ANSWERS = 16  # of these, and as many letters beyond those in hand: whoever asks waits for no herd of reminders
ANSWER = 0  # the lane
PAUSES = (1.0, 2.0, 5.0, 10.0, 20.0)  # seconds after the n-th failure in a row; at most a few calls a second fail
PROBE_SECONDS = 10
MOST_IN_CHAT = 4  # letters of one chat in hand, so that nobody's many fill it; the rest stays in the table
STAND_BY = 0.5  # seconds between looks whether the sender's role is ours again
MOST_LIVING = 10_000  # message ids remembered until their settling is committed
EDIT = "editMessageText"
EDIT_CAPTION = "editMessageCaption"
MOST_FORMS = 3  # as edit, as a new message, as plain text


class Books(Protocol):
    """Where ends are written down, all of one call together."""

    def settle(self, settled: Sequence[Settled]) -> None: ...
    def ring(self) -> None: ...


class Sender:
    """Runs in the event loop; ``room`` alone is called from the core thread, and only reads."""

    def __init__(
        self,
        bot: Bot,
        books: Books,
        clock: Clock,
        *,
        may_send: Callable[[], bool] = lambda: True,
        per_second: float = PER_SECOND,
        spacing: float = CHAT_SECONDS,
    ) -> None:
        self._bot = bot
        self._books = books
        self._clock = clock
        self._may_send = may_send
        self._overall = Overall(per_second)
        self._spacing = spacing
        self._hand = max(IN_FLIGHT, int(per_second))  # about a second's worth
        self._queues: dict[int, list[tuple[int, int, Claimed]]] = {}
        self._pace: dict[int, ChatPace] = {}
        self._ready: list[tuple[int, int, int]] = []  # (lane, letter, chat): heads of chats that may be sent to now
        self._living: dict[tuple[int, str], int] = {}
        self._flying: dict[int, asyncio.Task[None]] = {}
        self._count = 0
        self._failures = 0
        self._paused_until = 0.0
        self._recovery: asyncio.Task[None] | None = None
        self._answers: set[asyncio.Task[None]] = set()  # keeps them from being collected
        self._timer: asyncio.TimerHandle | None = None
        self._open = False
        self._loop = asyncio.get_running_loop()

    def start(self) -> None:
        self._open = True
        self._books.ring()

    async def stop(self, *, seconds: float) -> None:
        """Take nothing new and let the calls under way end; what is left in hand is found as *sending* at the start."""
        self._open = False
        if self._timer:
            self._timer.cancel()
        if self._flying:
            await asyncio.wait(self._flying.values(), timeout=seconds)
        for task in (*self._flying.values(), *self._answers, *filter(None, [self._recovery])):
            task.cancel()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is in hand."""
        return self._count == 0 and not self._answers

    def room(self, *, answers: bool = False) -> int:
        """How many letters can be taken; ``answers``: if they are that."""
        return self._hand + (FOR_ANSWERS if answers else 0) - self._count if self._open else 0

    def take(self, letters: Sequence[Claimed]) -> None:
        """Letters just claimed, each already committed as *sending*."""
        if not self._may_send():  # the claim took longer than the role
            self._books.settle([Settled(letter, SendState.DUE, untried=True) for letter in letters])
            return
        back = []
        for letter in letters:
            queue = self._queues.setdefault(letter.chat_id, [])
            if len(queue) >= MOST_IN_CHAT:
                back.append(Settled(letter, SendState.DUE, untried=True))
                continue
            heapq.heappush(queue, (letter.lane, letter.id, letter))
            self._count += 1
        if back:
            self._books.settle(back)
        for chat in {letter.chat_id for letter in letters}:
            self._offer(chat)
        self._dispatch()

    def drop(self) -> None:
        """Give back what is in hand: the role was lost. What its new holder has claimed anew is not ours to give."""
        back = [Settled(e[2], SendState.DUE, untried=True) for queue in self._queues.values() for e in queue]
        self._books.settle(back)
        self._count -= len(back)
        self._living.clear()
        self._queues = {chat: [] for chat in self._flying}
        self._ready.clear()

    # Whose turn it is ------------------------------------------------------------------------------------------

    def _offer(self, chat: int) -> None:
        """Line a chat up if something of it may be sent now, else look again when it may."""
        queue = self._queues.get(chat)
        if not queue or chat in self._flying:
            return
        delay = self._pace_of(chat).wait(self._loop.time())
        if delay > 0:
            self._loop.call_later(delay, self._offer_again, chat)
        else:
            heapq.heappush(self._ready, (queue[0][0], queue[0][1], chat))

    def _offer_again(self, chat: int) -> None:
        self._offer(chat)
        self._dispatch()

    def _pace_of(self, chat: int) -> ChatPace:
        pace = self._pace.get(chat)
        if pace is None:
            if len(self._pace) > 10_000:
                now = self._loop.time()
                self._pace = {c: p for c, p in self._pace.items() if c in self._queues or not p.is_idle(now)}
            pace = self._pace[chat] = ChatPace(is_group=chat < 0, spacing=self._spacing)
        return pace

    def _dispatch(self) -> None:
        """Send the best that waits, as long as there are slots."""
        while self._ready and self._open:
            now, answer = self._loop.time(), self._ready[0][0] == ANSWER
            if len(self._flying) >= self._most_flying(answer=answer):
                return
            if (delay := self._overall.wait(now, answer=answer) if self._may_send() else STAND_BY) > 0:
                if self._timer:  # it may be of a letter that an answer overtook
                    self._timer.cancel()
                self._timer = self._loop.call_later(delay, self._slot)
                return
            chat = heapq.heappop(self._ready)[2]
            queue = self._queues.get(chat)
            if not queue or chat in self._flying:
                continue
            if self._pace_of(chat).wait(now) > 0:  # lined up twice
                continue
            letter = heapq.heappop(queue)[2]
            self._overall.take(now)
            self._pace_of(chat).take(now)
            self._flying[chat] = self._loop.create_task(self._send(letter))

    def _most_flying(self, *, answer: bool) -> int:
        if self._failures:
            return 1  # a failing server is tried with one call at a time
        return IN_FLIGHT if answer else IN_FLIGHT - FOR_ANSWERS

    def _slot(self) -> None:
        self._timer = None
        self._dispatch()

    # One call --------------------------------------------------------------------------------------------------

    async def _send(self, letter: Claimed) -> None:
        chat = letter.chat_id
        try:
            settled = await self._call(letter)
        except Exception as error:  # ours: the letter must not be lost, and the chat must go on
            log.error("send_broken", letter=letter.id, chat=letter.chat_id, exc_info=error)
            settled = Settled(letter, SendState.FAILED, error=repr(error))
        metrics.send_of(settled.state).inc()
        if letter.living and settled.message_id:
            if len(self._living) > MOST_LIVING:  # the table has them all
                self._living.clear()
            self._living[chat, letter.living] = settled.message_id
        self._count -= 1
        self._flying.pop(chat, None)
        back = self._give_back(settled) if settled.state is SendState.DUE else []
        if not self._queues[chat]:
            del self._queues[chat]
        self._books.settle([settled, *back])
        self._offer(chat)
        self._dispatch()

    def _give_back(self, settled: Settled) -> list[Settled]:
        """What stands behind a letter that is tried again later goes back with it, so that nothing overtakes it."""
        queue = self._queues[settled.letter.chat_id]
        back = [Settled(e[2], SendState.DUE, again_at=settled.again_at, untried=True) for e in queue]
        self._count -= len(back)
        queue.clear()
        return back

    async def _call(self, letter: Claimed) -> Settled:
        """Make the call; where the server wants it in another form, once more in that form."""
        method, params = self._resolved(letter)
        moved = None
        for _ in range(MOST_FORMS):
            try:
                result = await wire.call(self._bot, method, params, letter.attachment)
            except TelegramError as error:
                end = end_of(error)
            else:
                self._failures = 0
                return Settled(letter, SendState.SENT, message_id=_message_id(result, params), chat_id=moved)
            if end.fate is Fate.MIGRATED and end.chat_id != moved:
                moved = end.chat_id
                params = params | {"chat_id": moved}
            elif end.fate is Fate.BAD_FORMAT and "parse_mode" in params:
                log.warning("sent_as_plain_text", letter=letter.id, chat=letter.chat_id, error=end.error)
                params = _as_plain(params)
            elif end.fate is Fate.NOT_EDITABLE and method == EDIT:
                method, params = "sendMessage", _as_new(params)
            else:
                break
        return await self._failed(letter, params, end)

    def _resolved(self, letter: Claimed) -> tuple[str, dict[str, Any]]:
        """An edit of a living message names its message now; the first time there is none yet and it is sent."""
        params = letter.params | {"chat_id": letter.chat_id} if "chat_id" in letter.params else letter.params
        if letter.method not in (EDIT, EDIT_CAPTION) or "message_id" in params:
            return letter.method, params
        known = self._living.get((letter.chat_id, letter.living or ""), letter.living_id)
        if known is not None:
            return letter.method, params | {"message_id": known}
        words = {"text": params["caption"]} if letter.method == EDIT_CAPTION else {}
        return "sendMessage", {key: value for key, value in params.items() if key != "caption"} | words

    async def _failed(self, letter: Claimed, params: dict[str, Any], end: End) -> Settled:
        """The table of ends: what is written down, and when it is tried again."""
        match end.fate:
            case Fate.SENT:  # an edit that changed nothing
                return Settled(letter, SendState.SENT, message_id=params.get("message_id"))
            case Fate.LIMITED:
                return self._limited(letter, end)
            case Fate.NOT_SENT | Fate.NO_ACCESS:
                return self._again(letter, self._pause(), end)
            case Fate.AMBIGUOUS:
                return await self._ambiguous(letter, end)
            case Fate.UNREACHABLE:
                return Settled(letter, SendState.FAILED, error=end.error, unreachable=letter.chat_id > 0)
            case _:
                log.warning(
                    "send_refused", letter=letter.id, chat=letter.chat_id, method=letter.method, error=end.error
                )
                return Settled(letter, SendState.FAILED, error=end.error)

    def _again(self, letter: Claimed, seconds: float, end: End) -> Settled:
        """Hold the chat, here and in the table, so that a restart does not cut it short."""
        self._pace_of(letter.chat_id).held_until = self._loop.time() + seconds
        self._loop.call_later(seconds + 0.01, self._books.ring)
        at = self._clock.now() + dt.timedelta(seconds=seconds)
        return Settled(letter, SendState.DUE, error=end.error, again_at=at)

    def _limited(self, letter: Claimed, end: End) -> Settled:
        self._overall.limited(letter.chat_id, end.seconds, self._loop.time())
        metrics.limited.inc()
        log.warning("send_limited", letter=letter.id, chat=letter.chat_id, seconds=end.seconds)
        return self._again(letter, end.seconds + EXTRA_HOLD, end)

    async def _ambiguous(self, letter: Claimed, end: End) -> Settled:
        """It may have arrived: when the server answers a harmless probe, the letter's own rule decides."""
        metrics.ambiguous.inc()
        if self._recovery is None or self._recovery.done():
            self._recovery = self._loop.create_task(self._recover())
        await asyncio.shield(self._recovery)
        match letter.copy_rule:
            case "must" | "edit":
                again = True
            case "once_more":
                again = letter.attempt < 2
            case _:
                again = False
        log.warning(
            "send_ambiguous",
            letter=letter.id,
            chat=letter.chat_id,
            attempt=letter.attempt,
            again=again,
            error=end.error,
        )
        return Settled(letter, SendState.DUE if again else SendState.UNCERTAIN, error=end.error)

    async def _recover(self) -> None:
        """Pause and probe until the server answers; shared by all calls that nobody answered."""
        while True:
            await asyncio.sleep(self._pause())
            with contextlib.suppress(TelegramError, TimeoutError):
                async with asyncio.timeout(PROBE_SECONDS):
                    await self._bot.do_api_request("getMe")
                return

    def _pause(self) -> float:
        """Seconds to leave a failing server alone; everybody waits with it, and calls that fail together count once."""
        now = self._loop.time()
        if self._paused_until <= now:
            self._paused_until = now + PAUSES[min(self._failures, len(PAUSES) - 1)]
            self._failures += 1
            self._overall.hold(self._paused_until)
        return self._paused_until - now

    # What dies with its moment ---------------------------------------------------------------------------------

    def answer(self, answer: Answer) -> None:
        """Answer a press once; a failure means that it is too late, which nobody can change."""
        task = self._loop.create_task(self._answer(answer))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _answer(self, answer: Answer) -> None:
        with contextlib.suppress(TelegramError):
            await wire.call(self._bot, "answerCallbackQuery", answer.params())


def _message_id(result: Any, params: dict[str, Any]) -> int | None:
    """The id of what was sent; other methods give ``True``."""
    return result.get("message_id") if isinstance(result, dict) else params.get("message_id")


def _as_plain(params: dict[str, Any]) -> dict[str, Any]:
    """The same content without formatting."""
    kept = {key: value for key, value in params.items() if key != "parse_mode"}
    return {key: plain(value) if key in ("text", "caption") else value for key, value in kept.items()}


def _as_new(params: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in params.items() if key != "message_id"}
