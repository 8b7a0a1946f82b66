"""A spreadsheet on its way in: what its customers are, which of them are there already, and what those gain."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from domain.calendar import localize
from domain.customers import ChannelKind, Customer, CustomerDraft, CustomerKind
from domain.next_touches import NextTouch, Origin
from domain.sheets import Cell, Problem
from domain.values import frozen

TOLD_AFTER = dt.timedelta(minutes=10)  # who got customers hears of it when a slip of the hand was taken back
UNDO = dt.timedelta(days=7)  # the mistake in a file is seen when people work with it
GIVEN = "given"  # the due thing that tells them
BATCH = 50  # customers a unit of work: 15 to 30 ms
PLANNED_AT_ONCE = 100  # next touches a unit of work
UNDONE_AT_ONCE = 50  # customers a unit of work
SAMPLES = 5  # rows that the preview shows
DOUBTS = 3  # values that the preview names, of those kept as typed
SHORTEST_NAME = 2  # characters; a shorter one is a part of too many others
MOST_OWNERS_KEPT = 200  # names of a column of owners; where there are more, it holds something else
MOST_KEPT_NAMES = 12  # of customers that an undo left alone
NOON = dt.time(12)  # when a last touch was of which a file says the day only


@frozen
class Given:
    """How many customers of an import are somebody's; ``by`` brought them in, ``None``: the command line."""

    import_id: int
    owner_id: int
    by: str | None
    count: int


class OwnerRule(StrEnum):
    """Whose the new customers are; ``COLUMN``: as the file's column of owners says, the pool where it names nobody."""

    COLUMN = "c"
    POOL = "p"
    ME = "m"
    EVEN = "e"
    ONE = "o"


class ImportState(StrEnum):
    READING = "reading"
    PREVIEW = "preview"
    RUNNING = "running"
    PLANNING = "planning"  # all rows are filed; their next touches are being spread
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    DROPPED = "dropped"
    REFUSED = "refused"


class Fate(StrEnum):
    """What becomes of a customer of the file, or of a row that is none."""

    NEW = "new"
    UPDATED = "updated"
    SAME = "same"  # there already, and the file knows nothing more; or the row repeats an earlier one
    DOUBLE = "double"  # another name, but the number of somebody who is there
    POOL = "pool"  # there already, in the public pool that the reader cannot write to
    FOREIGN = "foreign"  # there already, a colleague's
    BAD = "bad"


RETURNED = frozenset({Fate.DOUBLE, Fate.POOL, Fate.FOREIGN, Fate.BAD})


@frozen
class ImportLine:
    """One import as its person sees it; ``facts`` are JSON: columns, fields, counts, owners."""

    id: int
    member_id: int | None
    name: str
    facts: Mapping[str, Any]
    state: ImportState
    act_id: int | None
    created_at: dt.datetime
    version: int

    def count(self, fate: Fate) -> int:
        """How many customers (bad ones: rows) met this fate so far, or would."""
        return int(self.facts.get("counts", {}).get(fate, 0))

    @property
    def taken(self) -> int:
        """How many customers the import files or changes."""
        return self.count(Fate.NEW) + self.count(Fate.UPDATED)

    def done(self, fate: Fate) -> int:
        """How many customers (bad ones: rows) met this fate when the import ran, so far."""
        return int(self.facts.get("done", {}).get(fate, 0))

    @property
    def returned(self) -> int:
        """How many came back, customers or bad rows."""
        return sum(self.done(fate) for fate in RETURNED)


@frozen
class Incoming:
    """A customer of the file, its rows put together.

    Attributes:
        numbers, cells: of its rows.
        norms: its names, normalised; the customer's own first.
        asked: the names that another customer must not have: of a company also without its legal form.
        contact_ids: ours, one per contact of the draft, where our own export wrote the file.
        stage_said: whether a cell named the stage, so that *prospect* means itself.
        owner: the name in the column of owners.
        next_touch, last_touch: a local day, or a naive local time.
        repeats: rows that only said it again.
        doubts: what in it was kept as typed, each with the number of its row.
    """

    numbers: tuple[int, ...]
    cells: tuple[tuple[Cell, ...], ...]
    draft: CustomerDraft
    norms: tuple[str, ...]
    asked: tuple[str, ...]
    contact_ids: tuple[int | None, ...] = ()
    keyuan_id: int | None = None
    external_id: str | None = None
    stage_said: bool = False
    owner: str | None = None
    next_touch: dt.date | dt.datetime | None = None
    last_touch: dt.date | dt.datetime | None = None
    repeats: int = 0
    doubts: tuple[tuple[int, Problem], ...] = ()

    @property
    def marks(self) -> tuple[tuple[ChannelKind, str], ...]:
        """The whole numbers and ids that are one person's, or one company's."""
        channels = (channel for contact in self.draft.contacts for channel in contact.channels)
        return tuple((c.kind, c.normal) for c in channels if c.normal and c.kind in MARKS)


MARKS = frozenset({ChannelKind.PHONE, ChannelKind.WECHAT})  # an e-mail address is shared by many: info@, sales@


@frozen
class Rejected:
    """A row that becomes no customer: for its problems, or as one of the number of row ``same_as`` under another name."""

    number: int
    cells: tuple[Cell, ...]
    problems: tuple[Problem, ...] = ()
    same_as: int | None = None


@frozen
class Ownership:
    """Whose the new customers of an import will be.

    Attributes:
        rule: chosen, or the one that holds beforehand.
        owner_id: with ``ONE``.
        named: the names of the file's column of owners that are one member's each, with how many customers.
        unknown: its other names; theirs go to the pool.
        members: whom the reader may choose: (id, name).
        reps: among whom *evenly* gives.
        fixed: a rep's import is the rep's own.
    """

    rule: OwnerRule
    owner_id: int | None = None
    named: tuple[tuple[str, int], ...] = ()
    unknown: tuple[tuple[str, int], ...] = ()
    members: tuple[tuple[int, str], ...] = ()
    reps: tuple[int, ...] = ()
    fixed: bool = False

    @property
    def owner(self) -> str:
        """The name of the one member."""
        return next((name for key, name in self.members if key == self.owner_id), "")


# Which of them are there already -------------------------------------------------------------------------------------


@frozen
class Known:
    """A stored customer, as much as telling it from others needs. ``norms``: name and nickname, normalised."""

    id: int
    name: str
    norms: tuple[str, ...]
    kind: CustomerKind
    owner_id: int | None
    external_id: str | None
    city: str | None
    numbered: bool


@frozen
class Asked:
    """By what the stored customers are found that those of a batch may be."""

    normals: tuple[str, ...]
    external_ids: tuple[str, ...]
    names: tuple[str, ...]
    ids: tuple[int, ...]

    @classmethod
    def of(cls, batch: Sequence[Incoming]) -> "Asked":
        return cls(
            tuple({normal for one in batch for _, normal in one.marks}),
            tuple({one.external_id for one in batch if one.external_id}),
            tuple({name for one in batch for name in one.asked}),
            tuple({one.keyuan_id for one in batch if one.keyuan_id}),
        )


@frozen
class Candidates:
    """Stored customers that those of a batch may be, by what names them."""

    known: Mapping[int, Known]
    marks: Mapping[tuple[str, str], tuple[int, ...]]
    external: Mapping[str, tuple[int, ...]]
    names: Mapping[str, tuple[int, ...]]

    def of(self, keys: tuple[int, ...]) -> list[Known]:
        return [self.known[key] for key in keys if key in self.known]


@frozen
class Match:
    """Which stored customer one of the file is. ``UPDATED``: if it gains anything. ``wins``: the file's values count."""

    fate: Fate
    known: Known | None = None
    wins: bool = False


def find_same(one: Incoming, among: Candidates, *, readable: Callable[[int | None], bool]) -> Match:
    """Which of the stored customers ``one`` is, the surest mark first.

    Ids, ours as those of another program, count only where the rest agrees: the file may come from elsewhere, where
    the same number is somebody else. What is outside the scope is told apart only by whole numbers and by companies'
    names, as everywhere.

    Args:
        readable: whether a customer of this owner is in the reader's scope.
    """

    def seen(known: Known, *, wins: bool = False) -> Match:
        if readable(known.owner_id):
            return Match(Fate.UPDATED, known, wins)
        return Match(Fate.POOL if known.owner_id is None else Fate.FOREIGN, known)

    reached = [known for mark in one.marks for known in among.of(among.marks.get(mark, ()))]
    own = among.known.get(one.keyuan_id or 0)
    # Ids are counted up: with a part of a name each of a colleague's would tell whom it stands for.
    if own is not None and own.owner_id is not None and not readable(own.owner_id):
        own = None
    if own is not None and (_agree(one, own) or own in reached or _same_external(one, own)):
        return seen(own, wins=True)
    for known in among.of(among.external.get(one.external_id or "", ())):
        if readable(known.owner_id) and _agree(one, known):
            return seen(known)
    reached.sort(key=lambda known: (not readable(known.owner_id), not _agree(one, known)))
    if reached:
        known = reached[0]
        return seen(known) if _agree(one, known) or not readable(known.owner_id) else Match(Fate.DOUBLE, known)
    if named := _by_name(one, among, readable):
        return seen(named)
    return Match(Fate.NEW)


def _by_name(one: Incoming, among: Candidates, readable: Callable[[int | None], bool]) -> Known | None:
    """A company by its name; a person only where no number tells the two apart and nothing contradicts."""
    named = [known for name in one.asked for known in among.of(among.names.get(name, ()))]
    found = [known for known in named if known.kind is one.draft.kind]
    if one.draft.kind is CustomerKind.COMPANY:
        return min(found, key=lambda known: (not readable(known.owner_id), known.id), default=None)
    own = [known for known in found if readable(known.owner_id)]
    if len(own) != 1 or (one.marks and own[0].numbered):
        return None
    return None if _contradicts(one, own[0]) else own[0]


def _contradicts(one: Incoming, known: Known) -> bool:
    city = one.draft.values.get("city")
    return bool(city and known.city and city != known.city) or bool(
        one.external_id and known.external_id and one.external_id != known.external_id
    )


def _same_external(one: Incoming, known: Known) -> bool:
    return one.external_id is not None and one.external_id == known.external_id


def _agree(one: Incoming, known: Known) -> bool:
    if one.draft.kind is not known.kind:
        return bool(set(one.norms) & set(known.norms))
    return names_agree(one.norms, known.norms)


def names_agree(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether one of ``some`` is one of ``others``, or a part of it (明远科技 of 上海明远科技有限公司); all normalised."""
    return any(
        a == b or (min(len(a), len(b)) >= SHORTEST_NAME and (a in b or b in a)) for a in some for b in others if a and b
    )


# What the file says about time ---------------------------------------------------------------------------------------


def agreed_of(said: dt.date | dt.datetime | None, *, zone: ZoneInfo, now: dt.datetime) -> NextTouch | None:
    """The next touch that a file names; one that is past is no agreement any more."""
    if isinstance(said, dt.datetime):
        at = localize(said.date(), said.time(), zone)
        return NextTouch(said.date(), at, Origin.AGREED) if at > now else None
    if said is None or said < now.astimezone(zone).date():
        return None
    return NextTouch(said, None, Origin.AGREED)


def touched_of(said: dt.date | dt.datetime | None, *, zone: ZoneInfo, now: dt.datetime) -> dt.datetime | None:
    """The instant of the last touch that a file names."""
    if said is None:
        return None
    day, time = (said.date(), said.time()) if isinstance(said, dt.datetime) else (said, NOON)
    return min(localize(day, time, zone), now)


@frozen
class Stored:
    """A customer with what its card shows beside it."""

    customer: Customer
    touched_at: dt.datetime | None = None
    next_touch: NextTouch | None = None
