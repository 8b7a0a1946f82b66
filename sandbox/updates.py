"""What waits for the bot: updates in order, each with its expiry, taken by polling or pushed by ``webhook``.

The rules are the real server's: an update is gone when a later offset is asked for or when it has expired (messages a
day after their date, presses after 150 s, inline queries after 30 s), and a second poller ends the first one's wait.
"""

import asyncio
import contextlib
import json
from collections import deque
from dataclasses import dataclass
from typing import Any

from sandbox.clock import Clock
from sandbox.refusals import Refused

DAY = 86_400
LIVES = {"callback_query": 150, "inline_query": 30, "chosen_inline_result": 600}  # seconds in the queue; others a day
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
MOST_BYTES = 4 * 1024 * 1024  # of one answer to getUpdates
SAME_OFFSET_PAUSE = 3.0  # seconds: the real server slows a poller that asks the same again and finds nothing
PRESS_LANE, MEMBER_LANE = 3 << 33, 6 << 33  # lanes of a person beside the lane of the chat
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@dataclass(slots=True)
class Waiting:
    """One update. ``text`` is its JSON as it goes over the wire, so that a test can inject any text at all."""

    id: int
    text: str
    kind: str
    expires: float
    lane: int
    again: bool = False  # told once more or under a number of its own: an offset beyond it does not confirm it unseen


class Updates:
    """The queue of one bot."""

    def __init__(self, clock: Clock, *, first_id: int = 1, slow_repeats: bool = True) -> None:
        self._clock = clock
        self.next_id = first_id
        self.waiting: deque[Waiting] = deque()
        self.sent: deque[Waiting] = deque(maxlen=20_000)
        self.allowed: list[str] = []
        self.webhook_set = False
        self.confirmed = asyncio.Event()
        self.confirmed.set()
        self.arrived = asyncio.Event()
        self._slow_repeats = slow_repeats
        self._last_poll = (0, 0.0)
        self._poll: asyncio.Future[None] | None = None

    def add(self, kind: str, body: dict[str, Any], *, lane: int, date: int | None = None) -> int | None:
        """Queue an update of a kind; ``None`` when the bot did not ask for that kind or it is too old to be told."""
        if not self._wanted(kind):
            return None
        update_id = self._take_id()
        text = json.dumps({"update_id": update_id, kind: body}, ensure_ascii=False, separators=(",", ":"))
        expires = (date if date is not None else self._clock.seconds()) + LIVES.get(kind, DAY)
        if expires <= self._clock.seconds():
            return None
        self._queue(Waiting(update_id, text, kind, expires, lane))
        return update_id

    def add_raw(self, text: str, *, lane: int = 0) -> int:
        """Queue any text in place of an update: garbage, a kind from the future, a monster."""
        try:
            given = json.loads(text)
        except ValueError:
            given = None
        known = isinstance(given, dict) and type(given.get("update_id")) is int
        update_id = int(given["update_id"]) if known else self._take_id()
        self.next_id = max(self.next_id, update_id + 1)
        self._queue(Waiting(update_id, text, "raw", self._clock.seconds() + DAY, lane, again=known))
        return update_id

    def resend(self, update_id: int, *, new_id: bool) -> int:
        """Tell an update once more: under its old id (as after a lost acknowledgement) or a new one (as clients do).

        Raises:
            KeyError: never queued, or too long ago.
        """
        old = next((item for item in reversed(self.sent) if item.id == update_id), None)
        if old is None:
            raise KeyError(update_id)
        text, again = old.text, old.id
        if new_id:
            again = self._take_id()
            text = json.dumps(json.loads(text) | {"update_id": again}, ensure_ascii=False, separators=(",", ":"))
        life = LIVES.get(old.kind, DAY)
        self._queue(Waiting(again, text, old.kind, self._clock.seconds() + life, old.lane, again=not new_id))
        return again

    async def poll(self, *, offset: int, limit: int, timeout: float) -> str:
        """The answer to ``getUpdates`` as a JSON array. Raises a 409 for the one who is not alone."""
        if self.webhook_set:
            raise Refused(409, WEBHOOK_ACTIVE)
        self._confirm(offset)
        timeout = self._slowed(offset, timeout)
        found = self._next(offset, limit)
        if not found and timeout > 0:
            self.stop_polling(CONFLICT)
            await self._wait(timeout)
            found = self._next(offset, limit)
        return f"[{','.join(item.text for item in found)}]"

    def put_back(self, item: Waiting) -> None:
        """Queue what was waiting before a restart."""
        self._queue(item)

    def stop_polling(self, reason: str) -> None:
        """End the wait of the poller that waits now, with a 409."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(Refused(409, reason))

    def take(self, item: Waiting) -> None:
        """A webhook took it."""
        with contextlib.suppress(ValueError):
            self.waiting.remove(item)
        if not self.waiting:
            self.confirmed.set()

    def drop(self) -> None:
        self.waiting.clear()
        self.confirmed.set()

    def expire(self) -> None:
        now = self._clock.seconds()
        if any(item.expires <= now for item in self.waiting):
            self.waiting = deque(item for item in self.waiting if item.expires > now)

    def _wanted(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT

    def _take_id(self) -> int:
        update_id = self.next_id
        self.next_id += 1
        return update_id

    def _queue(self, item: Waiting) -> None:
        self.waiting.append(item)
        self.sent.append(item)
        self.confirmed.clear()
        self.arrived.set()
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self.waiting) > -offset:
                self.waiting.popleft()
        elif offset > 0:
            self.waiting = deque(item for item in self.waiting if item.id >= offset or item.again)
        if not self.waiting:
            self.confirmed.set()

    def _next(self, offset: int, limit: int) -> list[Waiting]:
        """What a poll gets; two that were told in the wrong order together, since the offset of one confirms the other."""
        self.expire()
        found: list[Waiting] = []
        size = 0
        for item in self.waiting:
            size += len(item.text.encode("utf-8", "surrogatepass"))
            if len(found) == limit or (found and size > MOST_BYTES):
                if len(found) > 1 and item.id < found[-1].id:
                    found.pop()
                break
            found.append(item)
        for item in found:
            item.again = False
        return found

    def _slowed(self, offset: int, timeout: float) -> float:
        now = asyncio.get_running_loop().time()
        last_offset, last_time = self._last_poll
        self._last_poll = (offset, now)
        repeats = offset == last_offset and now < last_time + SAME_OFFSET_PAUSE
        return max(timeout, SAME_OFFSET_PAUSE) if repeats and self._slow_repeats else timeout

    async def _wait(self, timeout: float) -> None:
        self._poll = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait_for(self._poll, timeout)
        except TimeoutError:
            return
