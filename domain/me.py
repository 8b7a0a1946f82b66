"""What customers see of their own record, and what they may put right themselves."""

import datetime as dt
from enum import StrEnum

from domain.customers import Contact
from domain.values import frozen

STILL_RIGHT = dt.timedelta(days=365)  # between two "is this still right?"; people move about every seven years


class Mine(StrEnum):
    """A field of the own record. The value is the column, but for channels and the birthday."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    WECHAT = "wechat"
    BIRTHDAY = "birthday"
    CHANNEL = "preferred_channel"
    TIME = "preferred_time"
    CITY = "city"
    ADDRESS = "address"


CONFIRMED_BY_STAFF = frozenset({Mine.NAME, Mine.PHONE})  # whoever changes these could become somebody else
CHANNELS = frozenset({Mine.PHONE, Mine.EMAIL, Mine.WECHAT})
OF_PERSON = frozenset({Mine.CITY, Mine.ADDRESS})  # of a company they are the company's, and staff's to change


class CorrectionState(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    REFUSED = "refused"


@frozen
class Record:
    """The own record at one customer. ``place`` is whether city and address are the person's own."""

    binding_id: int
    customer_id: int
    customer: str
    owner_id: int | None
    owner: str | None
    contact: Contact
    city: str | None
    address: str | None
    place: bool

    def fields(self) -> tuple[Mine, ...]:
        """What may be changed."""
        return tuple(field for field in Mine if self.place or field not in OF_PERSON)


@frozen
class Correction:
    """A change that a customer asked for and staff decide about."""

    id: int
    version: int
    person_id: int
    account: str
    customer_id: int
    customer: str
    contact_id: int
    field: Mine
    value: str
    state: CorrectionState
