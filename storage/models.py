"""The tables, in the words of the product.

Times are UTC instants, days local dates, money minor units with a currency, enums short strings, Telegram ids 64-bit.
``version`` counts the changes of a row: a button carries it, and a mismatch shows the fresh screen.
"""

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Text,
    Time,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[dt.datetime]):
    """Aware instants in, aware UTC instants out; SQLite keeps them naive, which nobody else has to know."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[dt.datetime]:
        """What the journal asks for when it puts a stored value back; a decorator alone says ``object``."""
        return dt.datetime

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else value.astimezone(dt.UTC)

    # On SQLite in one step each way, to the very words of its dialect: in the dialect's own steps one instant costs
    # as much as two look-ups by key, and every message stores five.

    def bind_processor(self, dialect: Dialect) -> Any:
        return _written if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return _read if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _in_utc(value: dt.datetime) -> dt.datetime:
    if value.tzinfo is None:
        raise ValueError("a naive time was about to be stored")
    return value.astimezone(dt.UTC)


def _written(value: dt.datetime | None) -> str | None:
    """``2026-11-18 02:00:00.000000``: all of one length, so that they sort as the instants do."""
    return None if value is None else _in_utc(value).isoformat(" ", "microseconds").removesuffix("+00:00")


def _read(value: str | None) -> dt.datetime | None:
    return None if value is None else dt.datetime.fromisoformat(f"{value}+00:00")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 (read once by SQLAlchemy)
        dt.datetime: UtcDateTime(),
        dt.date: Date(),
        dt.time: Time(),
        str: Text(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
        bytes: LargeBinary(),
    }


_IS_OPEN = text("state = 'open'")
_STOOD_IN_FOR = text("stand_in_id is not null")
_IS_UNANSWERED = text("member_id is null and answered_at is null")
BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite autoincrements INTEGER PRIMARY KEY only
Word = String(32)  # a StrEnum
Key = Text().with_variant(Text(collation="C"), "postgresql")  # compared by code point, so that a prefix is a range


def _key() -> Mapped[int]:
    return mapped_column(BigId, primary_key=True, autoincrement=True)


def _to(column: str, *, index: bool = False, ondelete: str | None = None) -> Any:
    return mapped_column(BigId, ForeignKey(column, ondelete=ondelete), index=index)


# People ------------------------------------------------------------------------------------------------------------


class Setting(Base):
    """One value of the organisation: language, region, zone, working time, the button key …"""

    __tablename__ = "setting"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(JSON())


class Person(Base):
    """One row per Telegram account that ever wrote."""

    __tablename__ = "person"
    id: Mapped[int] = _key()
    telegram_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    name: Mapped[str]
    username: Mapped[str | None]
    locale: Mapped[str] = mapped_column(String(16))
    zone: Mapped[str | None] = mapped_column(String(64))
    quiet_from: Mapped[dt.time]
    quiet_to: Mapped[dt.time]
    morning_at: Mapped[dt.time]
    reachable: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    unreachable_since: Mapped[dt.datetime | None]
    stopped_at: Mapped[dt.datetime | None]  # a customer's /stop: no message but answers to an own one
    paused_until: Mapped[dt.datetime | None]
    topics_off: Mapped[list[Any]] = mapped_column(JSON(), server_default=text("'[]'"))
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(Integer, server_default="1")


class Team(Base):
    __tablename__ = "team"
    id: Mapped[int] = _key()
    name: Mapped[str]
    parent_id: Mapped[int | None] = _to("team.id", index=True)
    lead_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("member.id", use_alter=True, name="fk_team_lead_id_member")
    )
    version: Mapped[int] = mapped_column(Integer, server_default="1")


class Member(Base):
    """Makes a person staff. Inactive: everything stays, access is gone."""

    __tablename__ = "member"
    id: Mapped[int] = _key()
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), unique=True)
    role: Mapped[str] = mapped_column(Word)
    team_id: Mapped[int | None] = _to("team.id", index=True)
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    away_from: Mapped[dt.datetime | None]
    away_until: Mapped[dt.datetime | None]  # until then ``stand_in_id`` gets what customers write, and reads them
    stand_in_id: Mapped[int | None] = _to("member.id")
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    __table_args__ = (  # of nearly all it is empty, and a whole index would look useless to SQLite
        Index("ix_member_stand_in_id", "stand_in_id", sqlite_where=_STOOD_IN_FOR, postgresql_where=_STOOD_IN_FOR),
    )


class Invite(Base):
    """A one-time link. The token is stored hashed; ``issued_by`` None is the owner link of a console."""

    __tablename__ = "invite"
    id: Mapped[int] = _key()
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(Word)
    team_id: Mapped[int | None] = _to("team.id")
    issued_by: Mapped[int | None] = _to("member.id", index=True)
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_by: Mapped[int | None] = _to("person.id")
    used_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(Integer, server_default="1")


class Guess(Base):
    """A wrong link, a search for a foreign number …: what is counted to slow guessing down."""

    __tablename__ = "guess"
    id: Mapped[int] = _key()
    person_id: Mapped[int] = _to("person.id")
    kind: Mapped[str] = mapped_column(Word)
    at: Mapped[dt.datetime]
    __table_args__ = (Index("ix_guess_person", "kind", "person_id", "at"),)


# Customers ---------------------------------------------------------------------------------------------------------


class Customer(Base):
    """A person or a company. ``owner_id`` None: the public pool."""

    __tablename__ = "customer"
    id: Mapped[int] = _key()
    kind: Mapped[str] = mapped_column(Word)
    name: Mapped[str]
    nickname: Mapped[str | None]
    stage: Mapped[str] = mapped_column(Word)
    grade: Mapped[str] = mapped_column(Word)
    owner_id: Mapped[int | None] = _to("member.id")
    occupation: Mapped[str | None]
    industry: Mapped[str | None]
    needs: Mapped[str | None]
    preferences: Mapped[str | None]
    interests: Mapped[str | None]
    budget: Mapped[str | None]
    city: Mapped[str | None]
    district: Mapped[str | None]
    address: Mapped[str | None]
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    source: Mapped[str | None]
    note: Mapped[str | None]
    external_id: Mapped[str | None] = mapped_column(Text, index=True)
    import_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("sheet_import.id"))
    touched_at: Mapped[dt.datetime | None]  # the latest *reached* touch
    created_at: Mapped[dt.datetime]
    created_by: Mapped[int | None] = _to("member.id")
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    __table_args__ = (Index("ix_customer_owner", "owner_id", "id"), Index("ix_customer_import", "import_id"))


class Contact(Base):
    """A person of a customer. Without a name it carries a company's own numbers."""

    __tablename__ = "contact"
    id: Mapped[int] = _key()
    customer_id: Mapped[int] = _to("customer.id", index=True)
    name: Mapped[str | None]
    nickname: Mapped[str | None]
    title: Mapped[str | None]
    part: Mapped[str | None]
    gender: Mapped[str | None] = mapped_column(Word)
    birthday_month: Mapped[int | None] = mapped_column(SmallInteger)
    birthday_day: Mapped[int | None] = mapped_column(SmallInteger)
    birthday_year: Mapped[int | None] = mapped_column(SmallInteger)
    birthday_lunar: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    preferred_channel: Mapped[str | None]
    preferred_time: Mapped[str | None]
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    __table_args__ = (Index("ix_contact_birthday", "birthday_month", "birthday_day"),)


class Channel(Base):
    """A phone, e-mail or WeChat id of a contact: as typed, and normalised where that could be done."""

    __tablename__ = "channel"
    id: Mapped[int] = _key()
    contact_id: Mapped[int] = _to("contact.id", index=True)
    kind: Mapped[str] = mapped_column(Word)
    value: Mapped[str]
    normal: Mapped[str | None]
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    __table_args__ = (Index("ix_channel_normal", "kind", "normal"),)


class Tag(Base):
    """A tag on a customer: as typed, and ``norm`` by which it is found."""

    __tablename__ = "tag"
    id: Mapped[int] = _key()
    customer_id: Mapped[int] = _to("customer.id")
    word: Mapped[str]
    norm: Mapped[str]
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    __table_args__ = (UniqueConstraint("customer_id", "norm"), Index("ix_tag_norm", "norm", "customer_id"))


class SearchName(Base):
    """The side table of the search: one row per name by which a customer can be found (LIBRARIES, customer search).

    ``source`` 'name' | 'nickname' | 'contact' | 'contact_nickname'. Kept in step by the write path.
    """

    __tablename__ = "search_name"
    id: Mapped[int] = _key()
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id", ondelete="CASCADE"), index=True)
    contact_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("contact.id", ondelete="CASCADE"))
    source: Mapped[str] = mapped_column(Word)
    shown: Mapped[str]
    norm: Mapped[str] = mapped_column(Key)
    norm_len: Mapped[int] = mapped_column(Integer)
    owner: Mapped[int] = mapped_column(BigInteger)  # of the customer, 0 in the pool: the scope is in the index
    grams: Mapped[str]  # 'own7 A AB B BC': owner, characters and bigrams, separated by blanks
    __table_args__ = (
        Index("ix_search_name_owner", "owner", "norm"),
        Index("ix_search_name_norm", "norm"),  # whole names of a message, and an admin's search
    )


class SearchKey(Base):
    """Exact and prefix keys of a customer: pinyin, initials, phone tails, tags."""

    __tablename__ = "search_key"
    id: Mapped[int] = _key()
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id", ondelete="CASCADE"), index=True)
    contact_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("contact.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(Word)  # pinyin | initials | tail (digits reversed) | word (e-mail, id) | tag
    key: Mapped[str] = mapped_column(Key)
    owner: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (  # each holds all that a look-up gives: of a scope, and an admin's
        Index("ix_search_key_owner", "kind", "owner", "key", "customer_id", "contact_id"),
        Index("ix_search_key_key", "kind", "key", "owner", "customer_id", "contact_id"),
    )


# Touches -----------------------------------------------------------------------------------------------------------


class Touch(Base):
    __tablename__ = "touch"
    id: Mapped[int] = _key()
    customer_id: Mapped[int] = _to("customer.id")
    contact_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("contact.id", ondelete="SET NULL"))
    member_id: Mapped[int | None] = _to("member.id")
    kind: Mapped[str] = mapped_column(Word)
    outcome: Mapped[str] = mapped_column(Word)
    happened_at: Mapped[dt.datetime]
    note: Mapped[str]
    chat_id: Mapped[int | None] = mapped_column(BigInteger)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    __table_args__ = (
        Index("ix_touch_customer", "customer_id", "happened_at", "id"),
        Index("ix_touch_member", "member_id", "happened_at"),
        Index("ix_touch_message", "chat_id", "message_id"),
    )


class TouchAmount(Base):
    """Money that a log named, with its role; only orders and payments ever enter a sum."""

    __tablename__ = "touch_amount"
    id: Mapped[int] = _key()
    touch_id: Mapped[int] = _to("touch.id", index=True)
    role: Mapped[str] = mapped_column(Word)
    minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    words: Mapped[str]
    version: Mapped[int] = mapped_column(Integer, server_default="1")


class Media(Base):
    """A photo, voice note, file or place kept as Telegram's ids, belonging to a customer, touch or draft."""

    __tablename__ = "media"
    id: Mapped[int] = _key()
    customer_id: Mapped[int | None] = _to("customer.id", index=True)
    touch_id: Mapped[int | None] = _to("touch.id", index=True)
    draft_id: Mapped[int | None] = _to("draft.id", index=True)
    talk_id: Mapped[int | None] = _to("talk.id", index=True)
    case_id: Mapped[int | None] = _to("customer_case.id", index=True)
    kind: Mapped[str] = mapped_column(Word)
    file_id: Mapped[str]
    unique_id: Mapped[str]
    size: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str | None]
    caption: Mapped[str | None]
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    said_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(Integer, server_default="1")


class Draft(Base):
    """A message that waits for one missing thing: no touch yet, moves nothing."""

    __tablename__ = "draft"
    id: Mapped[int] = _key()
    member_id: Mapped[int] = _to("member.id")
    chat_id: Mapped[int] = mapped_column(BigInteger)
    message_id: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str]
    said_at: Mapped[dt.datetime]
    understood: Mapped[dict[str, Any]]
    missing: Mapped[str] = mapped_column(Word)
    customer_id: Mapped[int | None] = _to("customer.id", index=True)
    contact_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("contact.id", ondelete="SET NULL"))
    touch_id: Mapped[int | None] = _to("touch.id")
    state: Mapped[str] = mapped_column(Word)
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    __table_args__ = (
        UniqueConstraint("chat_id", "message_id", name="uq_draft_message"),
        Index(
            "ix_draft_open",
            "member_id",
            "id",
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
    )


class NextTouch(Base):
    """When the owner should be in contact again: at most one open row per customer."""

    __tablename__ = "next_touch"
    id: Mapped[int] = _key()
    customer_id: Mapped[int] = _to("customer.id", index=True)
    owner_id: Mapped[int | None] = _to("member.id")  # of the customer, kept in step: the day's list is one index read
    day: Mapped[dt.date]
    at: Mapped[dt.datetime | None]
    kind: Mapped[str | None] = mapped_column(Word)
    origin: Mapped[str] = mapped_column(Word)
    state: Mapped[str] = mapped_column(Word)  # open | done | replaced
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    __table_args__ = (
        Index(
            "uq_next_touch_open",
            "customer_id",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index(
            "ix_next_touch_day",
            "owner_id",
            "day",
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
    )


class Reminder(Base):
    """What a person asked to be reminded of: the words, when, and the rule of its repeats."""

    __tablename__ = "reminder"
    id: Mapped[int] = _key()
    person_id: Mapped[int] = _to("person.id")
    customer_id: Mapped[int | None] = _to("customer.id", index=True)
    words: Mapped[str]
    at: Mapped[dt.datetime]  # the next (or only) time
    repeat: Mapped[dict[str, Any] | None]
    state: Mapped[str] = mapped_column(Word)  # open | pushed | done | deleted
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    __table_args__ = (Index("ix_reminder_person", "person_id", "state", "at"),)


class Due(Base):
    """Everything timed, written in the transaction that owes it. Ids, never rendered text."""

    __tablename__ = "due"
    id: Mapped[int] = _key()
    kind: Mapped[str] = mapped_column(Word)
    subject_id: Mapped[int] = mapped_column(BigInteger)
    person_id: Mapped[int] = _to("person.id")
    due_at: Mapped[dt.datetime]
    useful_until: Mapped[dt.datetime | None]
    state: Mapped[int] = mapped_column(SmallInteger, server_default="0")  # 0 open, 1 settled
    key: Mapped[str] = mapped_column(Text, unique=True)
    __table_args__ = (
        Index("ix_due_open", "due_at", sqlite_where=text("state = 0"), postgresql_where=text("state = 0")),
        Index("ix_due_subject", "kind", "subject_id"),
        Index("ix_due_person", "person_id"),
    )


# Customers in the chat ---------------------------------------------------------------------------------------------


class CustomerLink(Base):
    """A link that a customer opens; the token is stored hashed. See ``domain.bindings.LinkKind``."""

    __tablename__ = "customer_link"
    id: Mapped[int] = _key()
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(Word)
    customer_id: Mapped[int | None] = _to("customer.id", index=True)
    contact_id: Mapped[int | None] = _to("contact.id")
    member_id: Mapped[int | None] = _to(
        "member.id", index=True
    )  # who gets those that a public link brings; None: the pool
    source: Mapped[str | None]  # 展会, 官网, 名片, a campaign or event: kept with the prospect for ever
    label: Mapped[str | None]
    opened: Mapped[int] = mapped_column(Integer, server_default="0")
    created_by: Mapped[int | None] = _to("member.id")
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime | None]
    used_by: Mapped[int | None] = _to("person.id")
    used_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(Integer, server_default="1")


class Binding(Base):
    """Ties a person to a contact of a customer; several people may be bound to one customer."""

    __tablename__ = "binding"
    id: Mapped[int] = _key()
    person_id: Mapped[int] = _to("person.id")
    customer_id: Mapped[int] = _to("customer.id", index=True)
    contact_id: Mapped[int] = _to("contact.id", index=True)
    link_id: Mapped[int | None] = _to("customer_link.id")
    state: Mapped[str] = mapped_column(Word)
    part: Mapped[str | None]
    opened_at: Mapped[dt.datetime]
    decided_by: Mapped[int | None] = _to("member.id")
    decided_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    __table_args__ = (
        Index("ix_binding_person", "person_id", "state"),
        Index(
            "uq_binding_open",
            "person_id",
            "contact_id",
            unique=True,
            sqlite_where=text("state <> 'ended'"),
            postgresql_where=text("state <> 'ended'"),
        ),
    )


class Consent(Base):
    """One decision about one purpose, never changed: the latest counts. Without a person it was given on the web."""

    __tablename__ = "consent"
    id: Mapped[int] = _key()
    person_id: Mapped[int | None] = _to("person.id")
    contact_id: Mapped[int | None] = _to("contact.id", index=True)
    purpose: Mapped[str] = mapped_column(Word)
    granted: Mapped[bool] = mapped_column(Boolean)
    text_version: Mapped[int] = mapped_column(Integer)
    locale: Mapped[str] = mapped_column(String(16))
    channel: Mapped[str] = mapped_column(Word)  # chat | web | staff
    link_id: Mapped[int | None] = _to("customer_link.id")
    at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    __table_args__ = (Index("ix_consent_person", "person_id", "purpose", "id"),)


class Enquiry(Base):
    """What a stranger asked for, until staff tied it to a customer."""

    __tablename__ = "enquiry"
    id: Mapped[int] = _key()
    person_id: Mapped[int] = _to("person.id")
    kind: Mapped[str] = mapped_column(Word)
    name: Mapped[str]
    words: Mapped[str | None]
    phone: Mapped[str | None]  # the person's own shared number, in E.164
    link_id: Mapped[int | None] = _to("customer_link.id")
    customer_id: Mapped[int | None] = _to("customer.id", index=True)
    state: Mapped[str] = mapped_column(Word)
    handled_by: Mapped[int | None] = _to("member.id")
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    __table_args__ = (Index("ix_enquiry_person", "person_id", "created_at"), Index("ix_enquiry_state", "state", "id"))


class Nudge(Base):
    """How many unasked messages a person got on a local day, and when the last one was."""

    __tablename__ = "nudge"
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), primary_key=True, autoincrement=False)
    day: Mapped[dt.date]
    count: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[dt.datetime]


class Talk(Base):
    """One message between a customer and the staff. ``member_id`` None: the customer's."""

    __tablename__ = "talk"
    id: Mapped[int] = _key()
    customer_id: Mapped[int] = _to("customer.id")
    contact_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("contact.id", ondelete="SET NULL"))
    person_id: Mapped[int] = _to("person.id", index=True)  # the customer's account
    member_id: Mapped[int | None] = _to("member.id")
    replies_to: Mapped[int | None] = _to("talk.id")
    text: Mapped[str]
    said_at: Mapped[dt.datetime]
    chat_id: Mapped[int] = mapped_column(BigInteger)  # where it was typed
    message_id: Mapped[int] = mapped_column(BigInteger)
    answered_at: Mapped[dt.datetime | None]  # of a customer's message
    answered_by: Mapped[int | None] = _to("member.id")
    recalled_at: Mapped[dt.datetime | None]  # of an answer
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    __table_args__ = (
        Index("ix_talk_customer", "customer_id", "id"),
        Index("ix_talk_message", "chat_id", "message_id"),
        Index(
            "ix_talk_open",
            "customer_id",
            "said_at",
            sqlite_where=_IS_UNANSWERED,
            postgresql_where=_IS_UNANSWERED,
        ),
    )


class Case(Base):
    """A complaint, question, suggestion or praise, with its clocks. ``about_id``: the rep it is about, who never sees it."""

    __tablename__ = "customer_case"
    id: Mapped[int] = _key()
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    customer_id: Mapped[int] = _to("customer.id")
    contact_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("contact.id", ondelete="SET NULL"))
    person_id: Mapped[int | None] = _to("person.id")  # None: came by the web page, or staff filed it
    kind: Mapped[str] = mapped_column(Word)
    about: Mapped[str] = mapped_column(Word)
    about_id: Mapped[int | None] = _to("member.id")
    urgent: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    words: Mapped[str]
    state: Mapped[str] = mapped_column(Word)
    owner_id: Mapped[int | None] = _to("member.id")
    opened_at: Mapped[dt.datetime]
    answer_due: Mapped[dt.datetime | None]
    answered_at: Mapped[dt.datetime | None]
    update_due: Mapped[dt.datetime | None]
    solve_due: Mapped[dt.datetime | None]
    solved_at: Mapped[dt.datetime | None]
    waiting_since: Mapped[dt.datetime | None]
    waited_seconds: Mapped[int] = mapped_column(Integer, server_default="0")  # working time in which clocks stood still
    ended_at: Mapped[dt.datetime | None]
    ended_by: Mapped[str | None] = mapped_column(Word)  # customer | silence | staff
    cause: Mapped[str | None]
    product: Mapped[str | None]
    lesson: Mapped[str | None]
    invitation_id: Mapped[int | None] = mapped_column(BigId)  # the survey whose low score opened it
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    __table_args__ = (
        Index("ix_case_customer", "customer_id", "id"),
        Index("ix_case_person", "person_id", "id"),
        Index("ix_case_owner", "owner_id", "state"),
        Index("ix_case_state", "state", "answer_due"),
    )


class CaseEntry(Base):
    """One line of a case's story; the customer sees words and answers only."""

    __tablename__ = "case_entry"
    id: Mapped[int] = _key()
    case_id: Mapped[int] = _to("customer_case.id", index=True)
    kind: Mapped[str] = mapped_column(Word)
    member_id: Mapped[int | None] = _to("member.id")  # None: the customer, or the program
    text: Mapped[str]
    template_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("reply_template.id", ondelete="SET NULL"))
    at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(Integer, server_default="1")


class ReplyTemplate(Base):
    """An answer written once. Without a member it is everybody's, without a team the company's.

    How often it was used and answered is counted from ``case_entry``.
    """

    __tablename__ = "reply_template"
    id: Mapped[int] = _key()
    member_id: Mapped[int | None] = _to("member.id")
    team_id: Mapped[int | None] = _to("team.id")
    name: Mapped[str]
    text: Mapped[str]
    version: Mapped[int] = mapped_column(Integer, server_default="1")


class Survey(Base):
    """What is asked, as ``domain.surveys.Definition``. An open one is not changed any more: a change is a copy."""

    __tablename__ = "survey"
    id: Mapped[int] = _key()
    name: Mapped[str]
    template: Mapped[str | None] = mapped_column(Word)  # csat, nps, ces, after_visit, after_case, product
    definition: Mapped[dict[str, Any]]
    anonymous: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    trigger: Mapped[str] = mapped_column(Word)
    rule: Mapped[dict[str, Any]]  # whom the trigger asks: kinds, grades, stages, tags, share
    state: Mapped[str] = mapped_column(Word)
    team_id: Mapped[int | None] = _to("team.id")
    created_by: Mapped[int | None] = _to("member.id")
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(Integer, server_default="1")


class SurveyWave(Base):
    """One sending of a survey: to whom it was meant, and how many were left out for which reason."""

    __tablename__ = "survey_wave"
    id: Mapped[int] = _key()
    survey_id: Mapped[int] = _to("survey.id", index=True)
    facts: Mapped[dict[str, Any]]
    created_by: Mapped[int | None] = _to("member.id")
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(Integer, server_default="1")


class SurveyInvitation(Base):
    """One contact asked once. Of an anonymous survey it tells that there was an answer, and never which."""

    __tablename__ = "survey_invitation"
    id: Mapped[int] = _key()
    survey_id: Mapped[int] = _to("survey.id")
    wave_id: Mapped[int | None] = _to("survey_wave.id", index=True)
    customer_id: Mapped[int] = _to("customer.id", index=True)
    contact_id: Mapped[int | None] = _to("contact.id")
    person_id: Mapped[int | None] = _to("person.id", index=True)  # None: without Telegram, by the web page
    touch_id: Mapped[int | None] = mapped_column(BigId)
    case_id: Mapped[int | None] = mapped_column(BigId)
    response_id: Mapped[int | None] = mapped_column(BigId)  # cut when an anonymous one is done
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the web page
    state: Mapped[str] = mapped_column(Word)
    created_at: Mapped[dt.datetime]
    send_at: Mapped[dt.datetime]  # while it waits: when it may leave at the earliest
    sent_at: Mapped[dt.datetime | None]
    opened_at: Mapped[dt.datetime | None]
    done_at: Mapped[dt.datetime | None]  # of an anonymous one: nothing
    reminded_at: Mapped[dt.datetime | None]
    expires_at: Mapped[dt.datetime]
    carrier: Mapped[str | None] = mapped_column(Word)  # mail | sms: how it leaves without Telegram
    carried: Mapped[str | None] = mapped_column(Word)  # how far that got, see ``domain.carriers``
    carried_at: Mapped[dt.datetime | None]  # when the last call began
    attempt: Mapped[int] = mapped_column(Integer, server_default="0")
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    __table_args__ = (
        Index("ix_invitation_survey", "survey_id", "state"),
        Index("ix_invitation_contact", "contact_id"),
        Index(
            "ix_invitation_carried",
            "carried",
            "send_at",
            sqlite_where=text("carried IN ('due', 'sending')"),
            postgresql_where=text("carried IN ('due', 'sending')"),
        ),
    )


class SurveyResponse(Base):
    """The answers of one filling. Of an anonymous survey without customer, contact, member and moment: only the month."""

    __tablename__ = "survey_response"
    id: Mapped[int] = _key()
    survey_id: Mapped[int] = _to("survey.id")
    wave_id: Mapped[int | None] = _to("survey_wave.id")
    customer_id: Mapped[int | None] = _to("customer.id", index=True)
    contact_id: Mapped[int | None] = _to("contact.id")
    member_id: Mapped[int | None] = _to("member.id")  # the owner when it was answered: results by rep
    entered_by: Mapped[str] = mapped_column(Word)
    entered_member_id: Mapped[int | None] = _to("member.id")
    answers: Mapped[dict[str, Any]]  # question key -> answer, see domain.surveys
    complete: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    released: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))  # of an anonymous one: it is counted
    month: Mapped[dt.date]  # its first day
    at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    __table_args__ = (Index("ix_response_survey", "survey_id", "wave_id"),)


class Correction(Base):
    """A change of the own data that a customer asked for and staff must confirm."""

    __tablename__ = "correction"
    id: Mapped[int] = _key()
    person_id: Mapped[int] = _to("person.id", index=True)
    customer_id: Mapped[int] = _to("customer.id", index=True)
    contact_id: Mapped[int] = _to("contact.id")
    field: Mapped[str] = mapped_column(Word)
    value: Mapped[str | None]
    state: Mapped[str] = mapped_column(Word)  # open | taken | refused
    decided_at: Mapped[dt.datetime | None]
    decided_by: Mapped[int | None] = _to("member.id")
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(Integer, server_default="1")


class Erasure(Base):
    """A customer asked to be forgotten; done after the days of regret. What is left names nobody."""

    __tablename__ = "erasure"
    id: Mapped[int] = _key()
    person_id: Mapped[int] = mapped_column(BigId, index=True)
    customer_id: Mapped[int] = mapped_column(BigId)
    contact_id: Mapped[int] = mapped_column(BigId)
    asked_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    cancelled_at: Mapped[dt.datetime | None]
    done_at: Mapped[dt.datetime | None]  # the records are empty, and mentions elsewhere are looked for
    sweep: Mapped[
        dict[str, Any] | None
    ]  # how far that has come (storage/mentions.py), and for what; null when it is over
    version: Mapped[int] = mapped_column(Integer, server_default="1")


# Sheets ------------------------------------------------------------------------------------------------------------


class SheetImport(Base):
    """One spreadsheet on its way in: what was guessed, chosen, counted, and the act that stored it."""

    __tablename__ = "sheet_import"
    id: Mapped[int] = _key()
    member_id: Mapped[int | None] = _to("member.id", index=True)
    name: Mapped[str]
    content: Mapped[bytes | None]  # until it is imported or dropped
    facts: Mapped[dict[str, Any]]  # columns, mapping, owner rule, counts
    state: Mapped[str] = mapped_column(Word)  # reading | preview | running | done | undone | dropped | refused
    act_id: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(Integer, server_default="1")


class ExportLog(Base):
    """Who took how many rows out, and when: caps and audit."""

    __tablename__ = "export_log"
    id: Mapped[int] = _key()
    member_id: Mapped[int | None] = _to("member.id")
    rows: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(Word)
    at: Mapped[dt.datetime]
    __table_args__ = (Index("ix_export_log_member", "member_id", "at"),)


# History and undo --------------------------------------------------------------------------------------------------


class Act(Base):
    """One write of one person: what ``/history`` reads and **Undo** takes back."""

    __tablename__ = "act"
    id: Mapped[int] = _key()
    member_id: Mapped[int | None] = _to("member.id")
    person_id: Mapped[int | None] = _to("person.id")
    kind: Mapped[str] = mapped_column(String(48))
    customer_id: Mapped[int | None] = mapped_column(BigId)  # no key: history outlives its subject
    at: Mapped[dt.datetime]
    undo_until: Mapped[dt.datetime | None]
    undone_by: Mapped[int | None] = mapped_column(BigId)  # the act that took it back
    facts: Mapped[dict[str, Any]]
    hidden_from: Mapped[int | None] = mapped_column(BigId)  # a member on whose screens it leaves no trace
    salt: Mapped[bytes | None]  # of its digest, so that what was erased cannot be guessed from it
    digest: Mapped[bytes | None]  # of the facts that were erased
    erased_by: Mapped[int | None] = mapped_column(BigId)  # the act that erased them
    __table_args__ = (
        Index("ix_act_customer", "customer_id", "id"),
        Index("ix_act_person", "person_id", "id"),
        Index("ix_act_member", "member_id", "id"),
    )


class Change(Base):
    """One row that an act changed: before and after, in column names; None before = added, None after = removed."""

    __tablename__ = "change"
    id: Mapped[int] = _key()
    act_id: Mapped[int] = mapped_column(BigId, ForeignKey("act.id"), index=True)
    table: Mapped[str] = mapped_column("table_name", String(32))
    row_id: Mapped[int] = mapped_column(BigId)
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    salt: Mapped[bytes | None]
    digest: Mapped[bytes | None]
    erased_by: Mapped[int | None] = mapped_column(BigId)
    __table_args__ = (Index("ix_change_row", "table_name", "row_id"),)


class Seal(Base):
    """One link of the chain over acts and changes; see ``storage/seals.py``. Long work gets one seal after the other.

    ``changes_from`` … ``changes_to``: ids of the act's changes that it covers, 0 for none. ``acts_end``,
    ``changes_end``: the highest ids of all seals so far, where the search for what is not sealed begins.
    """

    __tablename__ = "seal"
    number: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)  # without a gap
    act_id: Mapped[int] = mapped_column(BigId, index=True)  # no key: a missing act is found, not prevented
    changes_from: Mapped[int] = mapped_column(BigId)
    changes_to: Mapped[int] = mapped_column(BigId)
    acts_end: Mapped[int] = mapped_column(BigId)
    changes_end: Mapped[int] = mapped_column(BigId)
    hash: Mapped[bytes]
    at: Mapped[dt.datetime]


# The frame ---------------------------------------------------------------------------------------------------------


class Inbox(Base):
    """A raw update, committed before it was acknowledged. ``lane`` keeps the order of one chat."""

    __tablename__ = "inbox"
    seq: Mapped[int] = _key()
    update_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    lane: Mapped[int] = mapped_column(BigInteger)
    raw: Mapped[bytes | None]
    state: Mapped[int] = mapped_column(SmallInteger, server_default="0")  # 0 open, 1 done, 2 quarantined, 3 ignored
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    received_at: Mapped[dt.datetime]
    reference: Mapped[str | None] = mapped_column(String(16))
    __table_args__ = (
        Index("ix_inbox_lane", "lane", "seq", sqlite_where=text("state = 0"), postgresql_where=text("state = 0")),
        Index("ix_inbox_open", "seq", sqlite_where=text("state = 0"), postgresql_where=text("state = 0")),
        Index("ix_inbox_aside", "seq", sqlite_where=text("state = 2"), postgresql_where=text("state = 2")),
        Index("ix_inbox_old", "received_at"),
    )


class Press(Base):
    """A press that had its effect: clients resend one under a new update id."""

    __tablename__ = "press"
    id: Mapped[int] = _key()
    chat_id: Mapped[int] = mapped_column(BigInteger)
    message_id: Mapped[int] = mapped_column(BigInteger)
    payload: Mapped[str] = mapped_column(String(64))
    at: Mapped[dt.datetime]
    __table_args__ = (
        UniqueConstraint("chat_id", "message_id", "payload", name="uq_press_once"),
        Index("ix_press_at", "at"),
    )


class Outbox(Base):
    """Everything that leaves for a chat. States: due, sending, sent, failed, cancelled, uncertain (0 … 5)."""

    __tablename__ = "outbox"
    id: Mapped[int] = _key()
    chat_id: Mapped[int] = mapped_column(BigInteger)
    person_id: Mapped[int | None] = mapped_column(BigId)
    lane: Mapped[int] = mapped_column(SmallInteger)
    copy_rule: Mapped[str] = mapped_column(Word)
    method: Mapped[str] = mapped_column(String(48))
    payload: Mapped[dict[str, Any] | None]
    attachment_id: Mapped[int | None] = _to("attachment.id")
    living: Mapped[str | None]
    not_before: Mapped[dt.datetime]
    dedupe_key: Mapped[str | None] = mapped_column(Text, unique=True)
    secret: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))  # its words are gone once it is settled
    state: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    attempt: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    error: Mapped[str | None]
    created_at: Mapped[dt.datetime]
    settled_at: Mapped[dt.datetime | None]
    __table_args__ = (
        Index("ix_outbox_open", "lane", "id", sqlite_where=text("state < 2"), postgresql_where=text("state < 2")),
        Index(
            "ix_outbox_tried",
            "chat_id",
            sqlite_where=text("state < 2 AND attempt > 0"),
            postgresql_where=text("state < 2 AND attempt > 0"),
        ),
        Index("ix_outbox_settled", "settled_at"),
        Index("ix_outbox_unsent", "id", sqlite_where=text("state > 2"), postgresql_where=text("state > 2")),
    )


class Attachment(Base):
    """Bytes that leave with a send; deleted when it is settled."""

    __tablename__ = "attachment"
    id: Mapped[int] = _key()
    name: Mapped[str]
    content: Mapped[bytes]


class Upload(Base):
    """A picture from the page of a customer without Telegram. It tells neither whose it is nor when it came."""

    __tablename__ = "upload"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)  # drawn
    content: Mapped[bytes]


class Living(Base):
    """The message that tracks something (a job's progress, later a case or survey): edited, not sent anew."""

    __tablename__ = "living"
    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    message_id: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (Index("ix_living_message", "chat_id", "message_id"),)  # which thing a person replies to


class Dialog(Base):
    """The open dialog of one person in one chat."""

    __tablename__ = "dialog"
    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), primary_key=True, autoincrement=False)
    step: Mapped[str] = mapped_column(String(48))
    facts: Mapped[dict[str, Any]]
    ways: Mapped[str] = mapped_column(Text)  # what the question's own buttons carry, separated by spaces
    expires_at: Mapped[dt.datetime]


class Job(Base):
    """Long work: enqueued in the transaction, run in a worker process, taken up again after a restart."""

    __tablename__ = "job"
    id: Mapped[int] = _key()
    kind: Mapped[str] = mapped_column(Word)
    person_id: Mapped[int | None] = _to("person.id")
    facts: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(Word)  # waiting | running | done | failed | cancelled
    attempt: Mapped[int] = mapped_column(Integer, server_default="0")
    offset: Mapped[int] = mapped_column("position", Integer, server_default="0")
    tries: Mapped[int] = mapped_column(Integer, server_default="0")  # attempts since the last batch was stored
    heartbeat_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    __table_args__ = (
        Index(
            "ix_job_open",
            "id",
            sqlite_where=text("state in ('waiting', 'running')"),
            postgresql_where=text("state in ('waiting', 'running')"),
        ),
    )


class Lease(Base):
    """Who may send, poll or tick, with a fencing number; PostgreSQL with several workers."""

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    owner: Mapped[str]
    fence: Mapped[int] = mapped_column(BigInteger)
    until: Mapped[dt.datetime]


for _table in Base.metadata.tables.values():
    if "version" in _table.c:  # buttons and the trail name such a row by its number, which nobody gets after it
        _table.kwargs["sqlite_autoincrement"] = True
