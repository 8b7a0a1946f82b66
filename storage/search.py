"""The search's side table: one row per name, and one per key, by which a customer is found; made again after a write.

Scope is inside the index: every name carries a token of its owner, every key the owner itself (``POOL`` for none), so
that looking through a rep's thousand customers never touches the other million. ``storage.finding`` asks.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, delete, select

from domain.customers import ChannelKind, CustomerKind
from parsing.letters import fold
from parsing.names import SearchKeys, norm_of, search_keys
from parsing.surnames import split_name
from storage.bulk import insert_all
from storage.models import Base, Channel, Contact, Customer, SearchKey, SearchName, Tag
from storage.scope import POOL

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

PINYIN, INITIALS, TAIL, WORD, TAG = "pinyin", "initials", "tail", "word", "tag"
NAME, COMPANY, NICKNAME, CONTACT, CONTACT_NICKNAME = "name", "company", "nickname", "contact", "contact_nickname"

_KEYS: Any = bindparam("keys", expanding=True)
CUSTOMERS = select(
    Customer.id, Customer.kind, Customer.name, Customer.nickname, Customer.owner_id, Customer.external_id
).where(Customer.id.in_(_KEYS))
CONTACTS = select(Contact.id, Contact.customer_id, Contact.name, Contact.nickname).where(Contact.customer_id.in_(_KEYS))
CHANNELS = (
    select(Contact.customer_id, Channel.contact_id, Channel.kind, Channel.value, Channel.normal)
    .join(Contact, Contact.id == Channel.contact_id)
    .where(Contact.customer_id.in_(_KEYS))
)
TAGS = select(Tag.customer_id, Tag.norm).where(Tag.customer_id.in_(_KEYS))
STORED_NAMES = select(
    SearchName.id,
    SearchName.customer_id,
    SearchName.contact_id,
    SearchName.source,
    SearchName.shown,
    SearchName.norm,
    SearchName.grams,
    SearchName.owner,
).where(SearchName.customer_id.in_(_KEYS))
STORED_KEYS = select(
    SearchKey.id, SearchKey.customer_id, SearchKey.contact_id, SearchKey.kind, SearchKey.key, SearchKey.owner
).where(SearchKey.customer_id.in_(_KEYS))
REMOVE_NAMES = delete(SearchName).where(SearchName.id.in_(_KEYS))
REMOVE_KEYS = delete(SearchKey).where(SearchKey.id.in_(_KEYS))
NAMES, KEYS = Base.metadata.tables["search_name"], Base.metadata.tables["search_key"]

NameRow = tuple[int, int | None, str, str, str, str, int]
KeysOf = Callable[[str], SearchKeys]
KeyRow = tuple[int, int | None, str, str, int]


def owner_token(owner: int) -> str:
    """How the full-text index names an owner: longer than a pair of characters, so that no name can contain it."""
    return f"own{owner}"


def work_out(names: Iterable[str]) -> dict[str, SearchKeys]:
    """The search keys of names, with those of given names alone, for ``UnitOfWork.worked_out``."""
    wanted = dict.fromkeys(names)
    given = (parts[1] for name in wanted if (parts := split_name(norm_of(name))) and len(parts[1]) > 1)
    return {name: search_keys(name) for name in (*wanted, *given)}


def reindex(uow: "UnitOfWork", customer_ids: list[int]) -> None:
    """Bring the rows of these customers in step with their names, channels and tags; what still fits is not written.

    Most writes of a customer (a touch moves ``touched_at``) change none of it: reading costs a third of writing.
    """
    run: Any = uow.connection.execute
    bound = {"keys": customer_ids}
    customers = {row.id: row for row in run(CUSTOMERS, bound)}
    contacts = list(run(CONTACTS, bound))

    def keys_of(name: str) -> SearchKeys:
        return uow.worked_out.get(name) or search_keys(name)

    names = _names(customers, contacts, keys_of)
    keys = _keys(customers, names, run(CHANNELS, bound), run(TAGS, bound), keys_of)
    gone, new = _difference(run(STORED_NAMES, bound), names)
    if gone:
        run(REMOVE_NAMES, {"keys": gone})
    if new:
        insert_all(uow.connection, NAMES, [_name_values(row) for row in new])
    gone, new_keys = _difference(run(STORED_KEYS, bound), keys)
    if gone:
        run(REMOVE_KEYS, {"keys": gone})
    if new_keys:
        insert_all(uow.connection, KEYS, [_key_values(row) for row in new_keys])


def _difference(stored: Iterable[Row[Any]], wanted: Mapping[Any, None]) -> tuple[list[int], list[Any]]:
    """Ids of the rows that no longer hold, and the rows that are missing."""
    kept: dict[Any, int] = {tuple(row[1:]): row[0] for row in stored}
    gone = [key for row, key in kept.items() if row not in wanted]
    return gone, [row for row in wanted if row not in kept]


def _names(customers: Mapping[int, Row[Any]], contacts: Iterable[Row[Any]], keys_of: KeysOf) -> dict[NameRow, None]:
    """One row per different name of a customer and its contacts, the customer's own first."""
    rows: dict[NameRow, None] = {}
    seen: set[tuple[int, str]] = set()

    def add(customer_id: int, contact_id: int | None, source: str, shown: str | None) -> None:
        norm = keys_of(shown).norm if shown else ""
        if not shown or not norm or (customer_id, norm) in seen:
            return
        seen.add((customer_id, norm))
        owner = customers[customer_id].owner_id or POOL
        grams = " ".join((owner_token(owner), *keys_of(shown).grams))
        rows[customer_id, contact_id, source, shown, norm, grams, owner] = None

    for customer in customers.values():
        add(customer.id, None, COMPANY if customer.kind == CustomerKind.COMPANY else NAME, customer.name)
        add(customer.id, None, NICKNAME, customer.nickname)
    for contact in contacts:
        if contact.customer_id in customers:
            add(contact.customer_id, contact.id, CONTACT, contact.name)
            add(contact.customer_id, contact.id, CONTACT_NICKNAME, contact.nickname)
    return rows


def _keys(
    customers: Mapping[int, Row[Any]],
    names: Iterable[NameRow],
    channels: Iterable[Row[Any]],
    tags: Iterable[Row[Any]],
    keys_of: KeysOf,
) -> dict[KeyRow, None]:
    rows: dict[KeyRow, None] = {}

    def add(customer_id: int, contact_id: int | None, kind: str, key: str) -> None:
        if key and customer_id in customers:
            rows[customer_id, contact_id, kind, key, customers[customer_id].owner_id or POOL] = None

    for customer_id, contact_id, _, shown, norm, _, _ in names:
        for kind, spoken in _spoken(shown, norm, keys_of):
            add(customer_id, contact_id, kind, spoken)
    for channel in channels:
        match channel.kind:
            case ChannelKind.PHONE:
                add(channel.customer_id, channel.contact_id, TAIL, tail_key(channel.normal or channel.value))
            case ChannelKind.EMAIL | ChannelKind.WECHAT:
                add(channel.customer_id, channel.contact_id, WORD, fold(channel.normal or channel.value))
            case _:
                pass
    for customer in customers.values():
        add(customer.id, None, WORD, fold(customer.external_id or ""))
    for tag in tags:
        add(tag.customer_id, None, TAG, tag.norm)
    return rows


def _spoken(shown: str, norm: str, keys_of: KeysOf) -> list[tuple[str, str]]:
    """Pinyin and initials of a name in each reading, and the pinyin of a person's given name alone."""
    keys = keys_of(shown)
    found = [(PINYIN, spoken) for spoken in keys.pinyin] + [(INITIALS, spoken) for spoken in keys.initials]
    parts = split_name(norm)
    if parts and len(parts[1]) > 1:
        found += [(PINYIN, spoken) for spoken in keys_of(parts[1]).pinyin]
    return found


def tail_key(number: str) -> str:
    """The digits of a phone number backwards: its end, of whatever length, is a prefix."""
    return "".join(char for char in fold(number) if char.isdigit())[::-1]


def _name_values(row: NameRow) -> dict[str, Any]:
    customer_id, contact_id, source, shown, norm, grams, owner = row
    return {
        "customer_id": customer_id,
        "contact_id": contact_id,
        "source": source,
        "shown": shown,
        "norm": norm,
        "norm_len": len(norm),
        "owner": owner,
        "grams": grams,
    }


def _key_values(row: KeyRow) -> dict[str, Any]:
    customer_id, contact_id, kind, key, owner = row
    return {"customer_id": customer_id, "contact_id": contact_id, "kind": kind, "key": key, "owner": owner}
