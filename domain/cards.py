"""The card of a customer: what it shows, which of its fields people may set, and what writing to it gives back."""

from enum import StrEnum

from domain.customers import LONGEST_NAME, LONGEST_NOTE, LONGEST_VALUE, Customer
from domain.next_touches import NextTouchLine
from domain.touches import TouchLine
from domain.values import frozen

CARD_TOUCHES = 3  # latest touches on the card: what the next talk goes on from
FOREIGN_ANSWERS_PER_DAY = 20  # "exists with a colleague": enough for honest typing, too few to try a phone book


class Tab(StrEnum):
    """The pages of the card."""

    OVERVIEW = "o"
    CONTACTS = "c"
    HISTORY = "h"
    MORE = "m"


class Field(StrEnum):
    """What people may set of a customer itself. The value is the column, but for ``TAGS`` and ``LOCATION``."""

    NAME = "name"
    NICKNAME = "nickname"
    KIND = "kind"
    STAGE = "stage"
    GRADE = "grade"
    TAGS = "tags"
    NEEDS = "needs"
    BUDGET = "budget"
    NOTE = "note"
    OCCUPATION = "occupation"
    INDUSTRY = "industry"
    PREFERENCES = "preferences"
    INTERESTS = "interests"
    SOURCE = "source"
    CITY = "city"
    DISTRICT = "district"
    ADDRESS = "address"
    LOCATION = "location"
    EXTERNAL_ID = "external_id"


class ContactField(StrEnum):
    """What people may set of a contact; channels hold any number of values."""

    NAME = "name"
    NICKNAME = "nickname"
    TITLE = "title"
    PART = "part"
    PHONE = "phone"
    EMAIL = "email"
    WECHAT = "wechat"
    BIRTHDAY = "birthday"
    GENDER = "gender"
    PREFERRED_CHANNEL = "preferred_channel"
    PREFERRED_TIME = "preferred_time"


CHOSEN = frozenset({Field.KIND, Field.STAGE, Field.GRADE})  # by button, never typed
CHANNELS = frozenset({ContactField.PHONE, ContactField.EMAIL, ContactField.WECHAT})
NOT_OF_PERSON = frozenset({ContactField.NAME, ContactField.NICKNAME})  # a person's are the customer's own


def may_be_person(customer: Customer) -> bool:
    """Whether a customer can be called a person: a company whose contacts are people cannot."""
    return len(customer.contacts) <= 1 and all(c.name in (None, customer.name) for c in customer.contacts)


def longest(field: Field | ContactField) -> int:
    """The most characters a typed value may have."""
    if field in (Field.NAME, ContactField.NAME):
        return LONGEST_NAME
    return LONGEST_NOTE if field is Field.NOTE else LONGEST_VALUE


@frozen
class Card:
    """A customer with what stands next and what was last; of a masked one only the customer. ``cases`` are open."""

    customer: Customer
    next_touch: NextTouchLine | None = None
    touches: tuple[TouchLine, ...] = ()
    cases: int = 0
    accounts: int = 0  # of its people in the chat


@frozen
class Filed:
    """A customer that was just filed, and the act that Undo takes back."""

    customer: Customer
    act_id: int
    next_touch: NextTouchLine | None


@frozen
class Handed:
    """A customer that changed hands: member ids of before and after, ``None`` for the pool."""

    customer_id: int
    name: str
    act_id: int
    giver_id: int | None
    heir_id: int | None
