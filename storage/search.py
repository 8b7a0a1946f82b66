"""The search's side table: one row per name, and one per key, by which a customer is found; made again after a write.

Scope is inside the index: every name carries a token of its owner, every key the owner itself (``POOL`` for none), so
that looking through a rep's thousand customers never touches the other million. ``storage.finding`` asks.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, bindparam, delete, select, text

from domain.customers import ChannelKind, CustomerKind
from parsing.letters import fold
from parsing.names import SearchKeys, norm_of, search_keys
from parsing.surnames import split_name
from storage.bulk import insert_rows
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
PIECES = text("SELECT count(DISTINCT segid) FROM search_name_fts_idx")
MERGE = text("INSERT INTO search_name_fts (search_name_fts, rank) VALUES ('merge', :pages)")
MERGED_PAGES = 100  # at once: some milliseconds
FEW_PIECES = 4
REMOVE_NAMES = delete(SearchName).where(SearchName.id.in_(_KEYS))
REMOVE_KEYS = delete(SearchKey).where(SearchKey.id.in_(_KEYS))
NAMES, KEYS = Base.metadata.tables["search_name"], Base.metadata.tables["search_key"]

NAME_COLUMNS = ("customer_id", "contact_id", "source", "shown", "norm", "grams", "owner", "norm_len")
KEY_COLUMNS = ("customer_id", "contact_id", "kind", "key", "owner")
NameRow = tuple[int, int | None, str, str, str, str]  # without the owner, who is the customer's
KeyRow = tuple[int, int | None, str, str]
KeysOf = Callable[[str], SearchKeys]


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
    customers, contacts = run(CUSTOMERS, bound).all(), run(CONTACTS, bound).all()

    def keys_of(name: str) -> SearchKeys:
        return uow.worked_out.get(name) or search_keys(name)

    names = names_of(customers, contacts, keys_of)
    keys = keys_of_all(customers, names, run(CHANNELS, bound), run(TAGS, bound), keys_of)
    owners = {row.id: row.owner_id or POOL for row in customers}
    gone, new = _difference(run(STORED_NAMES, bound), dict.fromkeys(owned_names(names, owners)))
    if gone:
        run(REMOVE_NAMES, {"keys": gone})
    insert_names(uow.connection, new)
    gone, new = _difference(run(STORED_KEYS, bound), dict.fromkeys(owned_keys(keys, owners)))
    if gone:
        run(REMOVE_KEYS, {"keys": gone})
    insert_keys(uow.connection, new)


def owned_names(rows: Iterable[NameRow], owners: Mapping[int, int]) -> list[tuple[Any, ...]]:
    """Names with the owners of their customers."""
    return [(*row[:5], f"{owner_token(owners[row[0]])} {row[5]}", owners[row[0]]) for row in rows]


def owned_keys(rows: Iterable[KeyRow], owners: Mapping[int, int]) -> list[tuple[Any, ...]]:
    return [(*row, owners[row[0]]) for row in rows]


def insert_names(connection: Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    insert_rows(connection, NAMES, NAME_COLUMNS, [(*row, len(row[4])) for row in rows])


def insert_keys(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    insert_rows(connection, KEYS, KEY_COLUMNS, rows)


def _difference(stored: Iterable[Row[Any]], wanted: Mapping[Any, None]) -> tuple[list[int], list[Any]]:
    """Ids of the rows that no longer hold, and the rows that are missing."""
    kept: dict[Any, int] = {tuple(row[1:]): row[0] for row in stored}
    gone = [key for row, key in kept.items() if row not in wanted]
    return gone, [row for row in wanted if row not in kept]


def names_of(customers: Sequence[Any], contacts: Iterable[Any], keys_of: KeysOf) -> list[NameRow]:
    """One row per different name of a customer and its contacts, the customer's own first."""
    rows: list[NameRow] = []
    seen: set[tuple[int, str]] = set()

    def add(customer_id: int, contact_id: int | None, source: str, shown: str | None) -> None:
        if not shown or not (keys := keys_of(shown)).norm or (customer_id, keys.norm) in seen:
            return
        seen.add((customer_id, keys.norm))
        rows.append((customer_id, contact_id, source, shown, keys.norm, " ".join(keys.grams)))

    for customer in customers:
        add(customer.id, None, COMPANY if customer.kind == CustomerKind.COMPANY else NAME, customer.name)
        add(customer.id, None, NICKNAME, customer.nickname)
    for contact in contacts:
        add(contact.customer_id, contact.id, CONTACT, contact.name)
        add(contact.customer_id, contact.id, CONTACT_NICKNAME, contact.nickname)
    return rows


def keys_of_all(
    customers: Sequence[Any], names: Iterable[NameRow], channels: Iterable[Any], tags: Iterable[Any], keys_of: KeysOf
) -> list[KeyRow]:
    """What else customers are found by, each key once."""
    rows: dict[KeyRow, None] = {}

    def add(customer_id: int, contact_id: int | None, kind: str, key: str) -> None:
        if key:
            rows[customer_id, contact_id, kind, key] = None

    for customer_id, contact_id, _, shown, norm, _ in names:
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
    for customer in customers:
        if customer.external_id:
            add(customer.id, None, WORD, fold(customer.external_id))
    for tag in tags:
        add(tag.customer_id, None, TAG, tag.norm)
    return list(rows)


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


def merge_index(connection: Connection, *, begin: bool) -> bool:
    """Bring SQLite's full-text index, in pieces after many writes, nearer to one: a search looks into each of them.

    Args:
        begin: the first step of many.

    Returns:
        Whether another step is to follow.
    """
    if connection.dialect.name != "sqlite" or (begin and connection.execute(PIECES).scalar_one() <= FEW_PIECES):
        return False
    driver: Any = connection.connection.driver_connection
    before = driver.total_changes
    connection.execute(MERGE, {"pages": -MERGED_PAGES if begin else MERGED_PAGES})
    changed: int = driver.total_changes - before
    return changed > 1  # so SQLite says that something was left to do
