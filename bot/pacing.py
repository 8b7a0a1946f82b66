"""How fast may be sent: overall, to one chat, to one group. On the monotonic clock; nothing here waits."""

from collections import deque
from dataclasses import dataclass, field

PER_SECOND = 30.0  # Telegram's published limit for one bot
MARGIN = 0.98
SLOWEST = 1.0
GROW_SECONDS = 60.0  # in which a halved rate comes back to full
CHAT_BURST = 3  # Telegram tolerates short bursts; ten quick logs should not wait ten seconds
CHAT_SECONDS = 1.0
GROUP_A_MINUTE = 20
AHEAD = 0.07  # seconds that an answer may take its slot early: two at the full rate, which the others then wait for
TOGETHER = 1.0  # 429s of two chats within this many seconds mean the bot, not the chats
EXTRA_HOLD = 0.5  # seconds on top of what the server asked for


class Overall:
    """One slot every 1/(0.98 x rate) seconds; the rate halves after a 429 and grows back."""

    def __init__(self, per_second: float = PER_SECOND) -> None:
        self._full = per_second
        self._rate = per_second
        self._changed = 0.0
        self._next = 0.0
        self._held_until = 0.0
        self._limited: deque[tuple[float, int, float]] = deque(maxlen=8)  # (when, chat, seconds)

    def wait(self, now: float, *, answer: bool = False) -> float:
        """Seconds until the next slot; 0 when there is one."""
        slot = self._next - (AHEAD if answer else 0.0)
        return max(0.0, slot - now, self._held_until - now)

    def take(self, now: float) -> None:
        """Use a slot. Unused ones are not saved up, save a tenth of a second's worth for a timer's lateness."""
        self._next = max(self._next, now - 0.1) + 1.0 / (MARGIN * self.rate(now))

    def rate(self, now: float) -> float:
        """Sends a second at present."""
        if self._rate < self._full:
            grown = self._full / GROW_SECONDS * (now - self._changed)
            return min(self._full, self._rate + grown)
        return self._full

    def limited(self, chat_id: int, seconds: float, now: float) -> None:
        """A 429: slow down; when two chats meet one at the same time, everybody waits as long as both shall."""
        self._rate, self._changed = max(SLOWEST, self.rate(now) / 2), now
        self._limited.append((now, chat_id, seconds))
        others = [theirs for at, other, theirs in self._limited if other != chat_id and now - at <= TOGETHER]
        if others:
            self._held_until = max(self._held_until, now + min(seconds, *others) + EXTRA_HOLD)

    def hold(self, until: float) -> None:
        """Send nothing before ``until``."""
        self._held_until = max(self._held_until, until)


@dataclass(slots=True)
class ChatPace:
    """One chat: a burst of 3, then one a second; groups also 20 a minute."""

    is_group: bool
    spacing: float = CHAT_SECONDS
    held_until: float = 0.0
    _tokens: float = CHAT_BURST
    _at: float = 0.0
    _minute: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until something may be sent to this chat."""
        delay = max(0.0, self.held_until - now)
        if self._refilled(now) < 1.0:
            delay = max(delay, (1.0 - self._refilled(now)) * self.spacing)
        if self.is_group and len(self._minute) >= GROUP_A_MINUTE:
            delay = max(delay, self._minute[0] + 60.0 - now)
        return delay

    def take(self, now: float) -> None:
        self._tokens, self._at = self._refilled(now) - 1.0, now
        if self.is_group:
            self._minute.append(now)
            while len(self._minute) > GROUP_A_MINUTE:
                self._minute.popleft()

    def _refilled(self, now: float) -> float:
        if not self.spacing:
            return CHAT_BURST
        return min(float(CHAT_BURST), self._tokens + (now - self._at) / self.spacing)

    def is_idle(self, now: float) -> bool:
        """Whether it may be forgotten: nothing of it is remembered that matters."""
        return self.held_until <= now and self._refilled(now) >= CHAT_BURST and not self._minute
