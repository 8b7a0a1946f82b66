"""Customers and their contacts: the words, the limits, and the records that storage returns and views show."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import field
from enum import StrEnum
from typing import Generic, TypeVar

from domain.values import frozen

T = TypeVar("T")

LONGEST_NAME = 120  # characters; the longest registered company names in China have about 60
LONGEST_VALUE = 300  # of a single-line field
LONGEST_NOTE = 4000  # of a note; a Telegram message holds 4,096
MOST_TAGS = 20
MOST_FOUND = 100  # of a search: more than anybody pages through
PAGE = 7  # lines of a list: fits a phone without scrolling, leaves room for the navigation row


class CustomerKind(StrEnum):
    PERSON = "person"
    COMPANY = "company"


class Stage(StrEnum):
    PROSPECT = "prospect"
    INTERESTED = "interested"
    WON = "won"
    LOYAL = "loyal"
    DORMANT = "dormant"
    LOST = "lost"


ACTIVE_STAGES = frozenset(Stage) - {Stage.DORMANT, Stage.LOST}


class Grade(StrEnum):
    A = "A"
    B = "B"
    C = "C"
    D = "D"
    UNGRADED = "-"


class Gender(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class ChannelKind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    WECHAT = "wechat"
    FAX = "fax"
    OTHER = "other"


@frozen
class Birthday:
    """A day of the year, solar or lunar; the year where it is known. Lunar months and days are the calendar's own."""

    month: int
    day: int
    year: int | None = None
    lunar: bool = False


@frozen
class Channel:
    """A way to reach a contact: the value as typed, and ``normal`` (E.164, lower case) where it could be made."""

    kind: ChannelKind
    value: str
    normal: str | None = None
    id: int | None = None


@frozen
class Contact:
    """A person of a customer; the one without a name carries a company's own numbers."""

    id: int
    customer_id: int
    version: int
    name: str | None = None
    nickname: str | None = None
    title: str | None = None
    part: str | None = None  # in the decision: buyer, user, payer …
    gender: Gender | None = None
    birthday: Birthday | None = None
    preferred_channel: str | None = None
    preferred_time: str | None = None
    channels: tuple[Channel, ...] = ()


@frozen
class Customer:
    """Everything the card shows of a customer itself. ``owner_id`` None: in the public pool.

    ``masked`` is set where the reader sees the customer only as one of the pool.
    """

    id: int
    version: int
    kind: CustomerKind
    name: str
    stage: Stage
    grade: Grade
    owner_id: int | None
    owner: str | None
    created_at: dt.datetime
    nickname: str | None = None
    occupation: str | None = None
    industry: str | None = None
    needs: str | None = None
    preferences: str | None = None
    interests: str | None = None
    budget: str | None = None
    city: str | None = None
    district: str | None = None
    address: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    source: str | None = None
    note: str | None = None
    external_id: str | None = None
    tags: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    masked: bool = False


@frozen
class CustomerLine:
    """A customer as lists and search results show it."""

    id: int
    name: str
    kind: CustomerKind
    stage: Stage
    grade: Grade
    owner_id: int | None
    owner: str | None
    city: str | None
    contact_id: int | None = None
    contact: str | None = None  # the contact that was found, where it was not the customer's own name
    touched_on: dt.date | None = None
    pool: bool = False


@frozen
class CustomerDraft:
    """A customer about to be filed: from one line, a shared contact, the guided dialog or a sheet."""

    name: str
    kind: CustomerKind = CustomerKind.PERSON
    values: dict[str, str | float | None] = field(default_factory=dict)  # the columns of ``customer``, by name
    contacts: tuple["ContactDraft", ...] = ()
    tags: tuple[str, ...] = ()
    stage: Stage = Stage.PROSPECT
    grade: Grade = Grade.UNGRADED
    owner_id: int | None = None

    @property
    def names(self) -> list[str]:
        """All by which it will be found."""
        known = [self.name, self.values.get("nickname")]
        for contact in self.contacts:
            known += [contact.name, contact.values.get("nickname")]
        return [name for name in known if isinstance(name, str) and name]


@frozen
class ContactDraft:
    """A contact about to be filed; of a person-customer there is exactly one."""

    name: str | None = None
    values: dict[str, str | None] = field(default_factory=dict)  # nickname, title, part, preferred_channel, …
    gender: Gender | None = None
    birthday: Birthday | None = None
    channels: tuple[Channel, ...] = ()


class Standing(StrEnum):
    """What a possible duplicate is to the one who types."""

    YOURS = "yours"
    TEAM = "team"  # inside the reader's scope, of somebody else
    POOL = "pool"
    COLLEAGUE = "colleague"  # outside the scope: only that it exists is told


@frozen
class Duplicate:
    """A customer that may be the same; ``line`` is ``None`` where it is a colleague's."""

    standing: Standing
    line: CustomerLine | None
    by: str  # what matched: phone, wechat, company


@frozen
class Page(Generic[T]):
    """One screen of a list. ``number`` counts from 0."""

    items: tuple[T, ...]
    number: int
    total: int

    @classmethod
    def of(cls, items: Sequence[T], number: int) -> "Page[T]":
        """The screen with that number of a list that is there as a whole."""
        return cls(tuple(items[number * PAGE : (number + 1) * PAGE]), number, len(items))

    @property
    def last(self) -> int:
        return max(0, -(-self.total // PAGE) - 1)
