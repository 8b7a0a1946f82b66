"""Rows of a customer file put together as customers: further contacts of a company, and what only says it again."""

import copyreg
import datetime as dt
import pickle
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import partial
from itertools import islice
from operator import attrgetter
from typing import Any

from domain.customers import LONGEST_NOTE, MOST_TAGS, Channel, ContactDraft, CustomerDraft, CustomerKind, Grade, Stage
from domain.gains import says_anything
from domain.imports import DOUBTS, Incoming, Rejected, names_agree
from domain.sheets import Cell, Field, ImportRow, Problem
from parsing.companies import core_of
from parsing.names import norm_of
from parsing.sheet_rows import import_rows
from parsing.sheets import Sheet

_PACKED_AT_ONCE = 200  # rows


def _pack_in_one_step(*kinds: type) -> None:
    """Pickle records by one call of theirs; by itself a dataclass with slots goes about each field in Python."""

    def taken_apart(kind: type, get: Callable[[Any], tuple[Any, ...]], record: Any) -> tuple[type, tuple[Any, ...]]:
        return kind, get(record)

    for kind in kinds:
        get = attrgetter(*(field.name for field in fields(kind)))
        copyreg.pickle(kind, partial(taken_apart, kind, get))


_pack_in_one_step(Incoming, ImportRow, CustomerDraft, ContactDraft, Channel)


def gather(
    sheet: Sheet, fields: Sequence[Field] | None = None, *, region: str, today: dt.date
) -> Iterator[Incoming | Rejected]:
    """The customers of a sheet, each as soon as its last row was read, and the rows that are none.

    The same file always gives the same customers in the same order, whatever is stored: a job that was interrupted can
    count on it. Only customers whose rows lie apart are held in memory; the others wait packed until the last row of
    each is known, 50 bytes a row.

    Args:
        fields, region, today: as ``import_rows``.

    Raises:
        SheetRefused: as ``import_rows``.
    """
    chosen = tuple(fields) if fields is not None else tuple(column.field for column in sheet.columns)
    stage_at = [index for index, name in enumerate(chosen) if name is Field.STAGE]
    packed, last = _packed(import_rows(sheet, chosen, region=region, today=today))
    waiting: dict[int, _Group] = {}
    root_of: dict[int, int] = {}
    for raw, row in zip(sheet.rows, _unpacked(packed), strict=True):
        cells = tuple(raw.cells)
        if row.draft is None:
            yield Rejected(row.number, cells, row.problems)
            continue
        said = any(str(cells[index]).strip() for index in stage_at if index < len(cells))
        root = _root(row, root_of)
        if root not in waiting:
            waiting[root] = _Group(row, row.draft, stage_said=said)
            waiting[root].rows.append((row.number, cells))
        elif not waiting[root].takes(row, cells):
            yield Rejected(row.number, cells, row.problems, same_as=row.duplicate_of or row.same_customer_as)
        if row.number == last.get(root, root):
            yield waiting.pop(root).made()


def _packed(rows: Iterator[ImportRow]) -> tuple[list[bytes], dict[int, int]]:
    """All rows, and the last one of each customer that has several, by its first."""
    blocks: list[bytes] = []
    last: dict[int, int] = {}
    root_of: dict[int, int] = {}
    while block := list(islice(rows, _PACKED_AT_ONCE)):
        for row in block:
            if row.draft is not None and (root := _root(row, root_of)) != row.number:
                last[root] = row.number
        blocks.append(zlib.compress(pickle.dumps(block, pickle.HIGHEST_PROTOCOL), 1))
    return blocks, last


def _unpacked(blocks: list[bytes]) -> Iterator[ImportRow]:
    for block in blocks:
        yield from pickle.loads(zlib.decompress(block))


def _root(row: ImportRow, root_of: dict[int, int]) -> int:
    """The first row of the customer that a row is about; ``root_of`` remembers it for rows that point at this one."""
    earlier = row.duplicate_of or row.same_customer_as
    if earlier is None:
        return row.number
    root_of[row.number] = root = root_of.get(earlier, earlier)
    return root


@dataclass(slots=True)
class _Group:
    """A customer on its way through the file."""

    first: ImportRow
    draft: CustomerDraft
    stage_said: bool
    rows: list[tuple[int, tuple[Cell, ...]]] = field(default_factory=list)
    contact_ids: list[int | None] = field(default_factory=list)
    repeats: int = 0
    doubts: list[tuple[int, Problem]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.contact_ids = [self.first.contact_id] * len(self.draft.contacts)
        self.doubts = _doubts(self.first)

    def takes(self, row: ImportRow, cells: tuple[Cell, ...]) -> bool:
        """Add a further row; false when it only has the number or id of this customer and another name."""
        assert row.draft is not None
        one_person = row.duplicate_of is not None or self.draft.kind is CustomerKind.PERSON
        if one_person and not names_agree(_norms(row.draft), _norms(self.draft)):
            return False
        self.repeats += row.duplicate_of is not None
        self.rows.append((row.number, cells))
        self.doubts += _doubts(row)
        self.draft = _together(self.draft, row.draft)
        self._take_contact(row.draft.contacts[0], row.contact_id)
        said = {name: getattr(self.first, name) or getattr(row, name) for name in _ONCE}
        self.first = replace(self.first, **said)
        return True

    def _take_contact(self, contact: ContactDraft, contact_id: int | None) -> None:
        contacts = list(self.draft.contacts)
        at = 0 if self.draft.kind is CustomerKind.PERSON else self._place_of(contact, contact_id)
        if at is None:
            if says_anything(contact):
                contacts.append(contact)
                self.contact_ids.append(contact_id)
        else:
            contacts[at] = _one_contact(contacts[at], contact)
        self.draft = replace(self.draft, contacts=tuple(contacts))

    def _place_of(self, contact: ContactDraft, contact_id: int | None) -> int | None:
        for at, (known, known_id) in enumerate(zip(self.draft.contacts, self.contact_ids, strict=True)):
            if contact_id is not None or known_id is not None:
                if contact_id == known_id:
                    return at
            elif norm_of(known.name or "") == norm_of(contact.name or ""):
                return at
        return None

    def made(self) -> Incoming:
        row = self.first
        return Incoming(
            numbers=tuple(number for number, _ in self.rows),
            cells=tuple(cells for _, cells in self.rows),
            draft=self.draft,
            norms=_norms(self.draft),
            asked=_asked(self.draft),
            contact_ids=tuple(self.contact_ids),
            keyuan_id=row.keyuan_id,
            external_id=row.external_id,
            stage_said=self.stage_said,
            owner=row.owner,
            next_touch=row.next_touch,
            last_touch=row.last_touch,
            repeats=self.repeats,
            doubts=tuple(self.doubts[:DOUBTS]),
        )


def _doubts(row: ImportRow) -> list[tuple[int, Problem]]:
    return [(row.number, problem) for problem in row.problems]


_ONCE = ("external_id", "owner", "next_touch", "last_touch")


def _norms(draft: CustomerDraft) -> tuple[str, ...]:
    """The customer's names, normalised: the name first, then nickname or short name, and the contact's of a person."""
    names = [draft.name, draft.values.get("nickname")]
    if draft.kind is CustomerKind.PERSON:
        names += [contact.values.get("nickname") for contact in draft.contacts]
    return tuple(dict.fromkeys(norm_of(name) for name in names if isinstance(name, str) and name))


def _asked(draft: CustomerDraft) -> tuple[str, ...]:
    norm = norm_of(draft.name)
    return (norm,) if draft.kind is CustomerKind.PERSON else tuple(dict.fromkeys((norm, core_of(norm))))


def _together(first: CustomerDraft, second: CustomerDraft) -> CustomerDraft:
    """Two rows of one customer: the first one's values, and what only the second has. A second address is kept too."""
    values = {**second.values, **{c: v for c, v in first.values.items() if v not in (None, "")}}
    other = second.values.get("address")
    if isinstance(other, str) and other and other != values["address"] and other not in str(values.get("note") or ""):
        values["note"] = (f"{values['note']}\n{other}" if values.get("note") else other)[:LONGEST_NOTE]
    return replace(
        first,
        values=values,
        tags=tuple(dict.fromkeys((*first.tags, *second.tags)))[:MOST_TAGS],
        stage=second.stage if first.stage is Stage.PROSPECT else first.stage,
        grade=second.grade if first.grade is Grade.UNGRADED else first.grade,
    )


def _one_contact(first: ContactDraft, second: ContactDraft) -> ContactDraft:
    have = {(c.kind, c.normal or c.value) for c in first.channels}
    return ContactDraft(
        first.name or second.name,
        {**second.values, **{c: v for c, v in first.values.items() if v}},
        first.gender or second.gender,
        first.birthday or second.birthday,
        (*first.channels, *(c for c in second.channels if (c.kind, c.normal or c.value) not in have)),
    )
