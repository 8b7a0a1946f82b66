"""Reading a message as a log, filing it at once when nothing is missing, and keeping it as a draft otherwise."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from actions.next_touches import agree
from actions.touches import log_touch, write_touch
from domain.errors import Changed
from domain.next_touches import NextTouch, NextTouchLine, Origin
from domain.people import Actor
from domain.touches import DraftLine, DraftState, LoggedTouch, Missing, Outcome, TouchDraft, TouchKind
from domain.values import frozen
from parsing.dates import Found
from parsing.spots import Named
from parsing.touches import LogLine, parse_log
from storage.uow import UnitOfWork

NO_DATE = "none"
NOON = dt.time(12)  # of a touch on a day that was named without a clock time


@frozen
class Source:
    """Where a log comes from: the message, and what is known beside its words.

    ``choices`` are what the person decided on the draft's card or by the guided way: ``customer``, ``contact``,
    ``each`` (an entry for each customer it names), ``kind``, ``outcome``, ``next`` (ISO instant or day, or ``NO_DATE``), ``happened`` (ISO instant), ``days``. ``wordless``: it was a file or a
    place alone, and its text is ours.
    """

    text: str
    said_at: dt.datetime
    chat_id: int
    message_id: int
    choices: Mapping[str, Any] = field(default_factory=dict)


@frozen
class Reading:
    """A message as far as it is understood; ``missing`` is the one thing to ask, ``None`` when it can be filed."""

    source: Source
    line: LogLine
    named: tuple[Named, ...]
    kind: TouchKind
    outcome: Outcome
    happened_at: dt.datetime
    next_touch: NextTouch | None
    readings: tuple[tuple[dt.date, dt.datetime | None], ...]
    missing: Missing | None

    @property
    def customer(self) -> Named | None:
        return self.named[0] if len(self.named) == 1 else None

    @property
    def about(self) -> tuple[Named, ...]:
        """Whom it is filed for: the one customer, or each where that was chosen."""
        each = self.source.choices.get("each") and len(self.named) > 1
        return self.named if each else self.named[:1] if len(self.named) == 1 else ()

    @property
    def over(self) -> NextTouch | None:
        """The next touch as it was said, where its day is over and another one must be asked for."""
        wanted = self.next_touch
        return wanted if wanted is not None and (wanted.day, wanted.at) not in self.readings else None

    @property
    def plan(self) -> Found | None:
        """The date of a message that only says what will be."""
        return self.line.next or self.line.happened


@frozen
class Kept:
    """What came without words: it stands with the customer now, and is no touch."""

    customer_id: int
    act_id: int


@frozen
class Open:
    """A draft that still waits, with what its message says."""

    draft: DraftLine
    reading: Reading


def read_log(uow: UnitOfWork, actor: Actor, source: Source, *, now: dt.datetime) -> Reading:
    """Understand a message as the log of a touch, with the choices made so far."""
    organisation = uow.organisation()
    spots = uow.customers(actor).spots(source.text)
    line = parse_log(
        source.text,
        names=spots,
        said_at=source.said_at,
        zone=actor.zone,
        calendar=uow.calendar(),
        worktime=organisation.worktime,
        currency=organisation.currency,
    )
    choices = source.choices
    who = line.customers
    if "customer" in choices and uow.customers(actor).lines([choices["customer"]]):  # else a colleague's by now
        who = (Named(choices["customer"], choices.get("contact")),)
    reading = Reading(
        source=source,
        line=line,
        named=who,
        kind=TouchKind(choices.get("kind") or line.kind or TouchKind.VISIT),
        outcome=Outcome(choices.get("outcome") or line.outcome),
        happened_at=_instant(choices.get("happened")) or line.happened_at,
        next_touch=_next(line, choices, actor),
        readings=_readings(line, actor, now=now),
        missing=None,
    )
    return replace(reading, missing=_missing(uow, actor, reading, now=now))


def file_log(uow: UnitOfWork, actor: Actor, reading: Reading, *, now: dt.datetime) -> list[LoggedTouch]:
    """File a reading that misses nothing, as one act: one touch, or one per day that it names.

    One that is about several customers is an act for each, so that each can be taken back alone.
    """
    if len(reading.about) > 1:
        return [log for one in reading.about for log in file_log(uow, actor, replace(reading, named=(one,)), now=now)]
    drafts = _touch_drafts(reading, actor, now=now)
    if len(drafts) == 1:
        return [log_touch(uow, actor, drafts[0], now=now)]
    act_id = uow.act(actor, "touch.logged", customer_id=drafts[0].customer_id)
    return [write_touch(uow, actor, draft, act_id=act_id, now=now) for draft in drafts]


def keep_draft(uow: UnitOfWork, actor: Actor, reading: Reading) -> DraftLine:
    """Keep a message as an open draft: a row of its own, so that ten logs in a row keep ten drafts."""
    assert reading.missing is not None
    source, customer = reading.source, reading.customer
    uow.act(actor, "draft.kept", customer_id=customer.customer_id if customer else None)
    key = uow.drafts(actor).add(
        text=source.text,
        said_at=source.said_at,
        chat_id=source.chat_id,
        message_id=source.message_id,
        missing=reading.missing,
        customer_id=_owned(uow, actor, reading),
        choices=source.choices,
    )
    return uow.drafts(actor).get(key)


def source_of(draft: DraftLine, **chosen: Any) -> Source:
    """A draft's message with its choices so far and the ones of now."""
    return Source(draft.text, draft.said_at, draft.chat_id, draft.message_id, {**draft.choices, **chosen})


def go_on(
    uow: UnitOfWork, actor: Actor, draft: DraftLine, source: Source, *, version: int | None = None, now: dt.datetime
) -> list[LoggedTouch] | Kept | Open:
    """Take a choice for a draft: file it when nothing is missing any more, else keep it with the next question.

    Raises:
        Changed: the draft is not as the person's screen showed it.
    """
    if version is not None and version != draft.version:  # its message was edited since
        raise Changed("draft", draft.id)
    reading = read_log(uow, actor, source, now=now)
    if reading.customer is not None and reading.missing is None and source.choices.get("wordless"):
        customer_id = reading.customer.customer_id
        act_id = uow.act(actor, "media.added", customer_id=customer_id)
        uow.drafts(actor).close(draft.id, DraftState.FILED, customer_id=customer_id)
        return Kept(customer_id, act_id)
    if reading.missing is None:
        done = file_log(uow, actor, reading, now=now)
        if len(reading.about) > 1:  # answered for good: one of its entries taken back asks nothing anew
            uow.act(actor, "draft.kept", undo=None)
            uow.drafts(actor).close(draft.id, DraftState.FILED, customer_id=reading.about[0].customer_id)
        else:
            uow.drafts(actor).close(draft.id, DraftState.FILED, touch_id=done[0].touch.id)
        return done
    uow.act(actor, "draft.kept", undo=None)
    uow.drafts(actor).change(
        draft.id,
        version=version,
        text=source.text,
        understood=dict(source.choices),
        missing=reading.missing,
        customer_id=_owned(uow, actor, reading),
    )
    return Open(uow.drafts(actor).get(draft.id), reading)


def drop_draft(uow: UnitOfWork, actor: Actor, draft_id: int, *, version: int) -> int:
    """Drop a draft and return the act that Undo takes back."""
    draft = uow.drafts(actor).get(draft_id)
    act_id = uow.act(actor, "draft.dropped", facts={"name": draft.text[:60]})
    uow.drafts(actor).change(draft_id, version=version, state=DraftState.DROPPED)
    return act_id


def plan_instead(
    uow: UnitOfWork, actor: Actor, draft: DraftLine, reading: Reading, *, now: dt.datetime
) -> list[tuple[NextTouchLine, int]]:
    """A touch "in the future" was a plan: agree it as the next touch and close the draft.

    Raises:
        Changed: there is no customer (any more) of that name for the actor.
    """
    if len(reading.about) > 1:
        return [
            planned
            for one in reading.about
            for planned in plan_instead(uow, actor, draft, replace(reading, named=(one,)), now=now)
        ]
    if reading.customer is None:
        raise Changed("draft", draft.id)
    at = reading.happened_at
    day = at.astimezone(actor.zone).date()
    clock = at if reading.line.happened is not None and reading.line.happened.at is not None else None
    plan = NextTouch(day, clock, Origin.AGREED, reading.line.next_kind or reading.kind)
    line, act_id = agree(uow, actor, reading.customer.customer_id, plan, now=now)
    uow.drafts(actor).close(draft.id, DraftState.FILED)
    return [(line, act_id)]


def _owned(uow: UnitOfWork, actor: Actor, reading: Reading) -> int | None:
    """The customer that a draft goes along with when it changes hands; one of the pool is nobody's yet."""
    if reading.customer is None or uow.customers(actor).line(reading.customer.customer_id).pool:
        return None
    return reading.customer.customer_id


def _missing(uow: UnitOfWork, actor: Actor, reading: Reading, *, now: dt.datetime) -> Missing | None:
    """The one thing to ask next, or ``None``."""
    if not reading.named:
        return Missing.CUSTOMER
    if not reading.about:
        return Missing.WHICH
    if any(uow.customers(actor).line(one.customer_id).pool for one in reading.about):
        return Missing.CLAIM if len(reading.about) == 1 else Missing.WHICH
    choices = reading.source.choices
    if len(reading.line.several_days) > 1 and "days" not in choices:
        return Missing.DAYS
    if reading.happened_at > now and "happened" not in choices:
        return Missing.HAPPENED
    if "next" not in choices and _next_is_doubtful(reading, actor, now=now):
        return Missing.NEXT
    return None


def _next_is_doubtful(reading: Reading, actor: Actor, *, now: dt.datetime) -> bool:
    found, wanted = reading.line.next, reading.next_touch
    if found is None or wanted is None:
        return False
    return found.ask or _is_over(wanted.day, wanted.at, actor, now=now)


def _touch_drafts(reading: Reading, actor: Actor, *, now: dt.datetime) -> list[TouchDraft]:
    assert reading.customer is not None
    source, line = reading.source, reading.line
    one = TouchDraft(
        customer_id=reading.customer.customer_id,
        contact_id=reading.customer.contact_id,
        kind=reading.kind,
        outcome=reading.outcome,
        happened_at=min(reading.happened_at, now),
        note=source.text,
        next_touch=reading.next_touch,
        tags=tuple(line.tags),
        amounts=tuple(line.amounts),
        chat_id=source.chat_id,
        message_id=source.message_id,
    )
    if source.choices.get("days") != "each":
        return [one]
    noons = [dt.datetime.combine(day, NOON, actor.zone).astimezone(dt.UTC) for day in line.several_days]
    drafts = [replace(one, happened_at=min(at, now), next_touch=None) for at in noons]
    return [*drafts[:-1], replace(drafts[-1], next_touch=one.next_touch)]


def _next(line: LogLine, choices: Mapping[str, Any], actor: Actor) -> NextTouch | None:
    chosen = choices.get("next")
    kind = line.next_kind
    if chosen == NO_DATE:
        return None
    if chosen:
        at = _instant(chosen)
        day = at.astimezone(actor.zone).date() if at else dt.date.fromisoformat(chosen)
        return NextTouch(day, at, Origin.AGREED, kind)
    if line.next is None or line.next.day is None:
        return None
    return NextTouch(line.next.day, line.next.at, Origin.AGREED, kind)


def _readings(line: LogLine, actor: Actor, *, now: dt.datetime) -> tuple[tuple[dt.date, dt.datetime | None], ...]:
    """The dates that the next touch may have: the one read, its other reading, and those named beside it.

    What is over is none of them.
    """
    found: Sequence[Found | None] = (line.next, line.next.other if line.next else None, *line.other_dates)
    dates = ((one.day, one.at) for one in found if one is not None and one.day is not None)
    return tuple((day, at) for day, at in dates if not _is_over(day, at, actor, now=now))


def _is_over(day: dt.date, at: dt.datetime | None, actor: Actor, *, now: dt.datetime) -> bool:
    return at <= now if at else day < now.astimezone(actor.zone).date()


def _instant(chosen: str | None) -> dt.datetime | None:
    """A choice with a clock time; ``None`` for a day or no choice."""
    return dt.datetime.fromisoformat(chosen) if chosen and "T" in chosen else None
