"""Contacts of a customer and the ways to reach them. A person is his own only contact; a company has any number."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from domain import customers as words
from domain.customers import Birthday, ChannelKind, ContactDraft, Gender
from domain.errors import Changed, NotFound
from storage.bindings import leave_contact
from storage.models import Channel, Contact, Draft, Touch
from storage.reads import Read

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_CUSTOMER: Any = bindparam("customer")
_CONTACT: Any = bindparam("contact")
_WITH_CHANNELS = (
    select(
        *Contact.__table__.c,
        Channel.id.label("channel_id"),
        Channel.kind.label("channel"),
        Channel.value,
        Channel.normal,
    )
    .outerjoin(Channel, Channel.contact_id == Contact.id)
    .order_by(Contact.id, Channel.id)
)
CONTACTS = Read(_WITH_CHANNELS.where(Contact.customer_id == _CUSTOMER))
CONTACTS_OF_MANY = _WITH_CHANNELS.where(Contact.customer_id.in_(bindparam("keys", expanding=True)))
CUSTOMER_OF = select(Contact.customer_id).where(Contact.id == _CONTACT)
CUSTOMER_OF_CHANNEL = select(Contact.customer_id).join(Channel).where(Channel.id == bindparam("channel"))
FIRST = select(Contact.id).where(Contact.customer_id == _CUSTOMER).order_by(Contact.id).limit(1)
NAMELESS = FIRST.where(Contact.name.is_(None), Contact.nickname.is_(None))
TOUCHES_WITH = select(Touch.id).where(Touch.customer_id == _CUSTOMER, Touch.contact_id == _CONTACT)
DRAFTS_WITH = select(Draft.id).where(Draft.customer_id == _CUSTOMER, Draft.contact_id == _CONTACT)

COLUMNS = frozenset(Contact.__table__.c.keys()) - {"id", "version", "customer_id"}


class ContactRepository:
    """Contacts of readable customers; made by ``CustomerRepository``, whose scope it shares."""

    def __init__(self, uow: "UnitOfWork", require_readable: Callable[[int], None]) -> None:
        self._uow = uow
        self._run: Any = uow.connection.execute
        self._require_readable = require_readable

    def of(self, customer_id: int) -> tuple[words.Contact, ...]:
        """All contacts of a customer whose scope was checked, with their channels, the oldest first."""
        return tuple(put_together(CONTACTS.all(self._uow.connection, customer=customer_id)))

    def get(self, contact_id: int) -> words.Contact:
        """A contact. Raises ``NotFound`` outside the scope."""
        customer_id = self._run(CUSTOMER_OF, {"contact": contact_id}).scalar_one_or_none()
        if customer_id is None:
            raise NotFound("contact", contact_id)
        self._require_readable(customer_id)
        return next(contact for contact in self.of(customer_id) if contact.id == contact_id)

    def own(self, customer_id: int) -> int:
        """The contact that carries a customer's own numbers, made when there is none."""
        self._require_readable(customer_id)
        found: int | None = self._run(NAMELESS, {"customer": customer_id}).scalar_one_or_none()
        return found or self._uow.journal.add(Contact, {"customer_id": customer_id})

    def first(self, customer_id: int) -> int:
        """A person's only contact, made when there is none."""
        found: int | None = self._run(FIRST, {"customer": customer_id}).scalar_one_or_none()
        return found or self._uow.journal.add(Contact, {"customer_id": customer_id})

    # Writing, in the open act ------------------------------------------------------------------------------------

    def add(self, customer_id: int, draft: ContactDraft) -> int:
        """Add a contact to a readable company."""
        self._require_readable(customer_id)
        return self.file(customer_id, draft)

    def file(self, customer_id: int, draft: ContactDraft) -> int:
        """Add a contact to a customer of this very act."""
        values: dict[str, Any] = {column: value for column, value in draft.values.items() if column in COLUMNS}
        values |= {"customer_id": customer_id, "name": draft.name, "gender": draft.gender}
        values |= birthday_columns(draft.birthday)
        contact_id = self._uow.journal.add(Contact, values)
        self._uow.journal.add_many(Channel, [columns_of_channel(contact_id, channel) for channel in draft.channels])
        return contact_id

    def change(self, contact_id: int, values: Mapping[str, Any], *, version: int | None = None) -> None:
        """Change columns of a contact. Raises ``NotFound`` and ``Changed``."""
        self.get(contact_id)
        self._uow.journal.change(Contact, contact_id, values, version=version)

    def remove(self, contact_id: int, *, version: int | None = None) -> None:
        """Remove a contact with its channels; touches with it stay the customer's."""
        contact = self.get(contact_id)
        if version is not None and contact.version != version:
            raise Changed("contact", contact_id)
        journal = self._uow.journal
        bound = {"customer": contact.customer_id, "contact": contact_id}
        for key in list(self._run(TOUCHES_WITH, bound).scalars()):
            journal.change(Touch, key, {"contact_id": None})
        for key in list(self._run(DRAFTS_WITH, bound).scalars()):
            journal.change(Draft, key, {"contact_id": None})
        for channel in contact.channels:
            journal.remove(Channel, channel.id or 0)
        leave_contact(self._uow, contact_id)
        journal.remove(Contact, contact_id)

    def add_channels(self, contact_id: int, channels: Iterable[words.Channel]) -> None:
        """Add phones, e-mails and others to a contact; one that is there already is not doubled."""
        known = {_same(channel) for channel in self.get(contact_id).channels}
        new = {_same(channel): channel for channel in channels if _same(channel) not in known}
        self._uow.journal.add_many(Channel, [columns_of_channel(contact_id, channel) for channel in new.values()])

    def remove_channel(self, channel_id: int) -> None:
        """Remove a phone, e-mail or other channel. Raises ``NotFound`` outside the scope."""
        customer_id = self._run(CUSTOMER_OF_CHANNEL, {"channel": channel_id}).scalar_one_or_none()
        if customer_id is None:
            raise NotFound("channel", channel_id)
        self._require_readable(customer_id)
        self._uow.journal.remove(Channel, channel_id)


def birthday_columns(birthday: words.Birthday | None) -> dict[str, Any]:
    """A birthday as the columns of ``contact``."""
    return {
        "birthday_month": birthday.month if birthday else None,
        "birthday_day": birthday.day if birthday else None,
        "birthday_year": birthday.year if birthday else None,
        "birthday_lunar": birthday.lunar if birthday else False,
    }


def _same(channel: words.Channel) -> tuple[ChannelKind, str]:
    return channel.kind, channel.normal or channel.value


def columns_of_channel(contact_id: int, channel: words.Channel) -> dict[str, Any]:
    """A way to reach a contact as the columns of ``channel``."""
    return {"contact_id": contact_id, "kind": channel.kind, "value": channel.value, "normal": channel.normal}


def put_together(rows: Iterable[Any]) -> list[words.Contact]:
    """Contacts of rows that have one channel each, in the order of the rows."""
    channels: dict[int, list[words.Channel]] = defaultdict(list)
    first: dict[int, Any] = {}
    for row in rows:
        first[row.id] = row
        if row.channel_id is not None:
            channel = words.Channel(ChannelKind(row.channel), row.value, row.normal, row.channel_id)
            channels[row.id].append(channel)
    return [_contact(row, tuple(channels[key])) for key, row in first.items()]


def _contact(row: Any, channels: tuple[words.Channel, ...]) -> words.Contact:
    return words.Contact(
        id=row.id,
        customer_id=row.customer_id,
        version=row.version,
        name=row.name,
        nickname=row.nickname,
        title=row.title,
        part=row.part,
        gender=Gender(row.gender) if row.gender else None,
        birthday=_birthday(row),
        preferred_channel=row.preferred_channel,
        preferred_time=row.preferred_time,
        channels=channels,
    )


def _birthday(row: Any) -> Birthday | None:
    if row.birthday_month is None or row.birthday_day is None:
        return None
    return Birthday(row.birthday_month, row.birthday_day, row.birthday_year, bool(row.birthday_lunar))
