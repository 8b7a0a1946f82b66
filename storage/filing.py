"""New customers of a file as rows: made by a worker process, which has the time, stored by the core, which has none.

A row that hangs on another names it by its place, counted from 0; the core puts in what only it knows: keys and owners.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Table

from domain.customers import ContactDraft, CustomerDraft, CustomerKind
from domain.gains import says_anything
from domain.values import frozen
from parsing.names import SearchKeys, search_keys, tag_norm
from storage import search
from storage.bulk import insert_rows, next_keys
from storage.contacts import birthday_columns
from storage.customers import COLUMNS
from storage.models import Base
from storage.scope import POOL

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

CUSTOMER, CONTACT, CHANNEL, TAG = (Base.metadata.tables[name] for name in ("customer", "contact", "channel", "tag"))
_KNOWN = ("id", "owner_id", "touched_at", "import_id", "created_at", "created_by")  # to the core
_VALUES = tuple(sorted(COLUMNS - {"kind", "name", "stage", "grade", *_KNOWN}))
CUSTOMER_COLUMNS = ("kind", "name", "stage", "grade", *_VALUES, *_KNOWN)
_TEXTS = ("nickname", "title", "part", "preferred_channel", "preferred_time")
_BIRTHDAY = tuple(birthday_columns(None))
CONTACT_COLUMNS = ("id", "customer_id", "name", "gender", *_TEXTS, *_BIRTHDAY)
CHANNEL_COLUMNS = ("id", "contact_id", "kind", "value", "normal")
TAG_COLUMNS = ("id", "customer_id", "word", "norm")
_NO_BIRTHDAY = tuple(birthday_columns(None).values())


class _Customer(NamedTuple):
    """As the search wants to see it."""

    id: int
    kind: str
    name: str
    nickname: str | None
    external_id: str | None


class _Contact(NamedTuple):
    id: int
    customer_id: int
    name: str | None
    nickname: str | None


class _Channel(NamedTuple):
    customer_id: int
    contact_id: int
    kind: str
    value: str
    normal: str | None


class _Tag(NamedTuple):
    customer_id: int
    norm: str


@frozen
class Filing:
    """Rows of customers that are not stored yet, as plain values in the order of the columns above."""

    customers: list[tuple[Any, ...]] = field(default_factory=list)
    contacts: list[tuple[Any, ...]] = field(default_factory=list)
    channels: list[tuple[Any, ...]] = field(default_factory=list)
    tags: list[tuple[Any, ...]] = field(default_factory=list)
    names: list[search.NameRow] = field(default_factory=list)
    keys: list[search.KeyRow] = field(default_factory=list)


def work_out(drafts: Sequence[CustomerDraft], keys_of: Callable[[str], SearchKeys] = search_keys) -> Filing:
    """The rows of customers, with those by which they are found."""
    filing = Filing()
    customers: list[_Customer] = []
    contacts: list[_Contact] = []
    channels: list[_Channel] = []
    tags: list[_Tag] = []
    for place, draft in enumerate(drafts):
        values = dict(draft.values)
        if draft.kind is CustomerKind.PERSON and draft.contacts:
            values["nickname"] = values.get("nickname") or draft.contacts[0].values.get("nickname")
        said = (draft.kind.value, draft.name, draft.stage.value, draft.grade.value)
        filing.customers.append((*said, *map(values.get, _VALUES)))
        customers.append(
            _Customer(place, draft.kind, draft.name, values.get("nickname"), values.get("external_id"))  # type: ignore[arg-type]
        )
        for contact in contacts_of(draft):
            key = len(contacts)
            contacts.append(_Contact(key, place, contact.name, contact.values.get("nickname")))
            filing.contacts.append((place, *_values_of(contact)))
            for channel in contact.channels:
                filing.channels.append((key, channel.kind.value, channel.value, channel.normal))
                channels.append(_Channel(place, key, channel.kind, channel.value, channel.normal))
        for word, norm in _tags(draft):
            filing.tags.append((place, word, norm))
            tags.append(_Tag(place, norm))
    filing.names.extend(search.names_of(customers, contacts, keys_of))
    filing.keys.extend(search.keys_of_all(customers, filing.names, channels, tags, keys_of))
    return filing


def contacts_of(draft: CustomerDraft) -> tuple[ContactDraft, ...]:
    """A person has exactly one contact, called by the same name; his nickname is the customer's. Of a company those
    of whom the file says anything."""
    if draft.kind is CustomerKind.COMPANY:
        return tuple(contact for contact in draft.contacts if says_anything(contact))
    first = draft.contacts[0] if draft.contacts else ContactDraft()
    values = {**first.values, "nickname": None}
    return (ContactDraft(draft.name, values, first.gender, first.birthday, first.channels),)


def _values_of(contact: ContactDraft) -> tuple[Any, ...]:
    birthday = tuple(birthday_columns(contact.birthday).values()) if contact.birthday else _NO_BIRTHDAY
    gender = contact.gender.value if contact.gender else None
    return (contact.name, gender, *map(contact.values.get, _TEXTS), *birthday)


def _tags(draft: CustomerDraft) -> list[tuple[str, str]]:
    norms = {norm: tag for tag in reversed(draft.tags) if (norm := tag_norm(tag))}
    return [(tag.strip().lstrip("#＃"), norm) for norm, tag in norms.items()][::-1]


def store(
    uow: "UnitOfWork",
    filing: Filing,
    *,
    owners: Sequence[int | None],
    touched: Sequence[dt.datetime | None],
    import_id: int,
    created_by: int | None,
) -> list[int]:
    """Store customers, of each its owner and its latest touch given, in the open act; their ids, in order."""
    connection = uow.connection

    def hang(table: Table, columns: tuple[str, ...], on: Sequence[int], rows: Sequence[tuple[Any, ...]]) -> list[int]:
        keys = next_keys(connection, table, len(rows))
        insert_rows(
            connection, table, columns, [(key, on[row[0]], *row[1:]) for key, row in zip(keys, rows, strict=True)]
        )
        return keys

    ids = next_keys(connection, CUSTOMER, len(filing.customers))
    same = (import_id, uow.now, created_by)
    known = zip(filing.customers, ids, owners, touched, strict=True)
    rows = [(*row, key, owner, at, *same) for row, key, owner, at in known]
    insert_rows(connection, CUSTOMER, CUSTOMER_COLUMNS, rows)
    contacts = hang(CONTACT, CONTACT_COLUMNS, ids, filing.contacts)
    channels = hang(CHANNEL, CHANNEL_COLUMNS, contacts, filing.channels)
    tags = hang(TAG, TAG_COLUMNS, ids, filing.tags)
    uow.journal.note_added({"customer": ids, "contact": contacts, "channel": channels, "tag": tags})
    owner_of = {key: owner or POOL for key, owner in zip(ids, owners, strict=True)}

    def placed(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        return [(ids[row[0]], None if row[1] is None else contacts[row[1]], *row[2:]) for row in rows]

    search.insert_names(connection, search.owned_names(placed(filing.names), owner_of))
    search.insert_keys(connection, search.owned_keys(placed(filing.keys), owner_of))
    return ids
