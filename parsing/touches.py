"""One message is a log: what happened, when, with what outcome, and when to be in contact again.

The customer is found elsewhere (``parsing.spots``) and handed in; the note is always the whole message, word for word.
Nothing here decides whether a line may be filed: it says what was understood, and what contradicts it.
"""

import datetime as dt
import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from domain.amounts import Amount
from domain.calendar import Calendar, WorkTime
from domain.touches import Outcome, TouchKind
from domain.values import frozen
from parsing import words
from parsing.amounts import find_amounts
from parsing.dates import Found
from parsing.day_roles import Day, Role, Word
from parsing.letters import MASK
from parsing.readings import TAG, Reading, read
from parsing.spots import Named, Spot, each_named, named
from parsing.unknown_names import guess_name

LONGEST_STRETCH = 14  # days: "next week" is a time to call, "next year" is not
NOON = dt.time(12)  # when a touch was of which only the day was said: far from both midnights, in any zone nearby


class Contradiction(StrEnum):
    """Why a line may not be filed before somebody is asked."""

    NEXT_IN_PAST = "next in past"
    TOUCH_IN_FUTURE = "touch in future"


class Sort(StrEnum):
    """What a text without a command is."""

    REMINDER = "reminder"
    PLAN = "plan"
    LOG = "log"
    SEARCH = "search"
    UNCLEAR = "unclear"


@frozen
class LogLine:
    """A message understood as a log.

    Args:
        note: the whole message.
        customers: whom it names; one of them is needed to file it, several are a choice.
        several_customers: the same where it is about each of them, to be offered as an entry of its own.
        unknown_name: what was typed as a name where no known one was found.
        kind: of the first contact word that is not part of a name; ``None`` where none was said.
        happened_at: aware, in the reader's zone; the moment of writing unless a date says otherwise.
        happened: the words that say so.
        happened_sure: false where only the day was said (it is noon then) or its reading is not certain.
        next: the next touch that was agreed on, as found; its ``day`` counts where ``at`` is ``None``.
        next_kind: what it will be, where that was said.
        other_dates: the other days that could be the next touch.
        contradicts: what must be asked back.
        several_days: the days of a list of touches (10号和15号), each to be offered as an entry of its own.
        is_order: it says that an order was made.
    """

    note: str
    customers: tuple[Named, ...]
    several_customers: tuple[Named, ...]
    unknown_name: str | None
    kind: TouchKind | None
    outcome: Outcome
    happened_at: dt.datetime
    happened: Found | None
    happened_sure: bool
    next: Found | None
    next_kind: TouchKind | None
    other_dates: tuple[Found, ...]
    contradicts: Contradiction | None
    several_days: tuple[dt.date, ...]
    tags: tuple[str, ...]
    amounts: tuple[Amount, ...]
    is_order: bool


def parse_log(
    text: str,
    *,
    names: Sequence[Spot],
    said_at: dt.datetime,
    zone: ZoneInfo,
    calendar: Calendar,
    worktime: WorkTime,
    currency: str,
) -> LogLine:
    """Understand ``text`` as a log of a touch.

    Args:
        names: spots of the known names in it (``spot_names``).
        said_at: aware; when the message was written.
        zone: of its writer.
        currency: of the region, for amounts that name none.
    """
    reading = read(text, names, said_at=said_at, zone=zone, calendar=calendar, worktime=worktime)
    happened = [day for day in reading.days if day.role is Role.HAPPENED]
    chosen, others = _next(reading)
    kind = _kind_word(reading)
    held = _held(happened, kind)
    when, sure = _when(held, reading)
    masked = [(spot.start, spot.end) for spot in reading.spots]
    masked += [(day.found.start, day.found.end) for day in reading.days]
    return LogLine(
        note=text,
        customers=named(reading.spots),
        several_customers=each_named(reading.spots),
        unknown_name=None if reading.spots else guess_name(reading),
        kind=kind.kind if kind else _kind_of_trying(reading),
        outcome=_outcome(reading),
        happened_at=when,
        happened=held,
        happened_sure=sure,
        next=chosen.found if chosen else None,
        next_kind=chosen.kind if chosen else None,
        other_dates=tuple(day.found for day in others),
        contradicts=_contradiction(when, chosen, reading),
        several_days=_several(happened, reading),
        tags=tags_in(text),
        amounts=find_amounts(text, currency=currency, masked=masked),
        is_order=_is_order(reading),
    )


def tags_in(text: str) -> tuple[str, ...]:
    """The tags of a text (#大客户), without the sign, each once."""
    return tuple(dict.fromkeys(match[1] for match in TAG.finditer(text)))


def _next(reading: Reading) -> tuple[Day | None, list[Day]]:
    """The day of the next touch and the days that could be it instead.

    A day that our own action is tied to comes first, the earliest of several; then one with a smaller action of ours;
    then the last one in the future.
    """
    today = reading.said_at.date()
    future = [day for day in reading.days if day.role in (Role.NEXT, Role.CHORE, Role.OTHER)]
    near = [day for day in future if day.role is not Role.OTHER or not _is_long(day.found)]
    chosen = near[-1] if near else None
    for role in (Role.CHORE, Role.NEXT):
        tied = [day for day in future if day.role is role]
        if tied:
            ahead = [day for day in tied if day.found.day and day.found.day >= today] or tied
            chosen = min(ahead, key=lambda day: (day.found.day or today, day.found.start))
    return chosen, [day for day in future if day is not chosen]


def _is_long(found: Found) -> bool:
    """A stretch that is no day to be in contact: next year, the third quarter."""
    if found.day is None or found.until is None:
        return False
    until = found.until.date() if isinstance(found.until, dt.datetime) else found.until
    return (until - found.day).days > LONGEST_STRETCH


def _held(happened: list[Day], kind: Word | None) -> Found | None:
    """The date of the touch: the one tied to the word that gives the kind, else the last one named."""
    tied = [day for day in happened if day.word == kind] if kind else []
    return (tied or happened)[-1].found if happened else None


def _when(found: Found | None, reading: Reading) -> tuple[dt.datetime, bool]:
    if found is None:
        return reading.said_at, True
    if found.at is not None:
        return found.at, found.sure and not found.ask
    if found.day is None or found.day == reading.said_at.date():
        return reading.said_at, True
    return dt.datetime.combine(found.day, NOON, tzinfo=reading.said_at.tzinfo), False


def _contradiction(when: dt.datetime, chosen: Day | None, reading: Reading) -> Contradiction | None:
    if when > reading.said_at:
        return Contradiction.TOUCH_IN_FUTURE
    if chosen and chosen.found.day and chosen.found.day < reading.said_at.date():
        return Contradiction.NEXT_IN_PAST
    if chosen and chosen.found.at and chosen.found.at < reading.said_at:
        return Contradiction.NEXT_IN_PAST
    return Contradiction.TOUCH_IN_FUTURE if is_plan(reading) else None


def _several(happened: list[Day], reading: Reading) -> tuple[dt.date, ...]:
    """Days of a list: only connecting words stand between them."""
    for day, later in pairwise(happened):
        if not words.LIST_GAP.fullmatch(reading.plain[day.found.end : later.found.start]):
            return ()
    listed = tuple(sorted({day.found.day for day in happened if day.found.day}))
    return listed if len(listed) > 1 else ()


def _kind_word(reading: Reading) -> Word | None:
    """The first contact word that speaks of now or before; those of the next touch do not count."""
    planned = _planned_spans(reading)
    said: list[Word] = []
    for word in reading.words:
        if word.past or not any(start <= word.start < end for start, end in planned):
            said.append(word)
    # A bare English verb behind one that tells what was is the next one's: had a chat …, call then.
    behind = next((place for place, word in enumerate(said) if word.past), len(said))
    for place, word in enumerate(said):
        if word.kind and (word.past or place < behind or not reading.plain[word.start].isascii()):
            return word
    return None


def _kind_of_trying(reading: Reading) -> TouchKind | None:
    """What the words of trying say of the kind: nobody picks up a visit."""
    tried = " ".join(match[0] for match in words.TRIED.finditer(reading.plain))
    return next((kind for kind, said in words.TRIED_KINDS if said.search(tried)), None)


def _planned_spans(reading: Reading) -> list[tuple[int, int]]:
    """What is said of the next touch: from its date to the end of the clause, and the action in front of the date."""
    spans: list[tuple[int, int]] = []
    for day in reading.days:
        if day.role in (Role.HAPPENED, Role.PAST):
            continue
        end = words.CLAUSE_END.search(reading.plain, day.found.end)
        spans.append((day.found.start, end.start() if end else len(reading.plain)))
        if day.role is Role.NEXT and day.action is not None:
            spans.append(day.action)
    return spans


def _outcome(reading: Reading) -> Outcome:
    """*Tried* where nobody was met, and nobody else was reached afterwards instead."""
    tried = words.TRIED.search(reading.plain)
    if tried is None:
        return Outcome.REACHED
    for match in words.REACHED.finditer(reading.plain):
        near = reading.plain[max(0, match.start() - 8) : match.end() + 8]
        if words.NOT_REACHED_BY.search(near) or (match.start() < tried.end() and match.end() > tried.start()):
            continue
        if match.start() > tried.start():
            return Outcome.REACHED
        between = reading.plain[match.end() : tried.start()]
        if not any(match.end() <= day.found.start <= tried.start() for day in reading.days) and len(between) < 12:
            return Outcome.REACHED
    return Outcome.TRIED


def _is_order(reading: Reading) -> bool:
    planned = _planned_spans(reading)
    for match in words.ORDER.finditer(reading.plain):
        before = reading.plain[max(0, match.start() - words.REACH_BACK) : match.start()]
        if words.NO_ORDER_BEFORE.search(before) or reading.plain[match.end() : match.end() + 1] == "的":
            continue
        if not any(start <= match.start() < end for start, end in planned):
            return True
    return False


def is_plan(reading: Reading) -> bool:
    """Whether a message only says what will be: a contact tied to a day ahead, and nothing that was."""
    planned = [day for day in reading.days if day.role is Role.NEXT]
    if not planned or any(day.role in (Role.HAPPENED, Role.THEIRS) for day in reading.days):
        return False
    spans = _planned_spans(reading)
    outside = [word for word in reading.words if not any(start <= word.start < end for start, end in spans)]
    if any(word.past for word in reading.words) or outside or words.TRIED.search(reading.plain):
        return False
    lead = reading.plain[: planned[0].found.start]
    if not words.PLAN_LEAD.fullmatch(lead):
        return False
    return not words.DONE.search(reading.plain) or not (lead.strip(words.IDLE_CHARS) or planned[0].again)


def classify(
    text: str,
    *,
    names: Sequence[Spot],
    found_anything: bool,
    said_at: dt.datetime,
    zone: ZoneInfo,
    calendar: Calendar,
    worktime: WorkTime,
) -> Sort:
    """What a text without a command is: the five rules of PRODUCT.md, the first that fits.

    Args:
        names: spots of the known names in it.
        found_anything: whether a search for the text finds something.
    """
    reading = read(text, names, said_at=said_at, zone=zone, calendar=calendar, worktime=worktime)
    ahead = [day for day in reading.days if day.role in (Role.NEXT, Role.CHORE, Role.OTHER, Role.REPEAT)]
    asked = words.REMIND.search(reading.plain) or (ahead and words.BEAR_IN_MIND.search(reading.plain))
    if asked and not any(word.past for word in reading.words):
        return Sort.REMINDER
    if words.ASKING.search(reading.plain):
        return Sort.SEARCH if found_anything or names else Sort.UNCLEAR
    if is_plan(reading) and reading.spots and not any(day.role is Role.REPEAT for day in ahead):
        return Sort.PLAN
    if ahead and _only_future(reading, ahead):
        return Sort.REMINDER
    if _is_log(reading):
        return Sort.LOG
    return Sort.SEARCH if found_anything and is_short(text) else Sort.UNCLEAR


def is_short(text: str) -> bool:
    """At most twelve Chinese characters or four words: what somebody types to find something."""
    han = sum("\u3400" <= char <= "\u9fff" for char in text)
    return han <= 12 and len(re.findall(r"[^\W\d_]+|\d+", re.sub(r"[\u3400-\u9fff]+", " ", text))) <= 4


def _only_future(reading: Reading, ahead: list[Day]) -> bool:
    """Future time and an action, nothing that was: a reminder."""
    if any(day.role in (Role.HAPPENED, Role.PAST, Role.THEIRS) for day in reading.days):
        return False
    if (
        any(word.past for word in reading.words)
        or words.TRIED.search(reading.plain)
        or words.DONE.search(reading.plain)
    ):
        return False
    spans = _planned_spans(reading)
    if any(not any(start <= word.start < end for start, end in spans) for word in reading.words):
        return False
    before = reading.plain[: ahead[0].found.start].strip(words.IDLE_CHARS)
    after = reading.plain[ahead[-1].found.end :].strip(words.IDLE_CHARS)
    tied = any(day.role in (Role.NEXT, Role.CHORE, Role.REPEAT) for day in ahead)
    named_first = bool(reading.spots) and reading.plain[ahead[0].found.end :].lstrip(" ,，").startswith(MASK)
    if not before:
        return bool(after) and (tied or not named_first)
    if after or words.CLAUSE_END.search(before):
        return False
    lead = words.PLAN_LEAD.match(before)
    return bool(lead and lead[0]) and (tied or not reading.spots)


def _is_log(reading: Reading) -> bool:
    """A contact word, or a known customer followed by more than a name."""
    spans = _planned_spans(reading)
    if any(not any(start <= word.start < end for start, end in spans) for word in reading.words):
        return True
    if words.TRIED.search(reading.plain):
        return True
    if not reading.spots:
        return False
    rest = re.sub(r"[\d+\-() ]{2,}", " ", reading.plain[reading.spots[0].end :]).strip(words.IDLE_CHARS)
    return len(rest) > 1 or bool(words.DONE.search(reading.plain))
