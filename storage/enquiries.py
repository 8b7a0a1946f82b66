"""What strangers asked for. Added by themselves, read and decided by leads and admins."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select

from domain.enquiries import Enquiry as Line
from domain.enquiries import EnquiryKind, EnquiryState
from domain.errors import NotFound
from domain.people import Actor
from storage.models import Enquiry, Person

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_LINE = select(
    *(Enquiry.id, Enquiry.version, Enquiry.person_id, Enquiry.kind, Enquiry.state, Enquiry.name),
    *(Person.username, Enquiry.phone, Enquiry.created_at),
).join(Person, Person.id == Enquiry.person_id)
ONE = _LINE.where(Enquiry.id == bindparam("enquiry"))
OPEN = _LINE.where(Enquiry.state == EnquiryState.OPEN).order_by(Enquiry.id).limit(20)
OPEN_OF = select(Enquiry.id).where(Enquiry.person_id == bindparam("person"), Enquiry.state == EnquiryState.OPEN)
ASKED = (
    select(func.count())
    .select_from(Enquiry)
    .where(Enquiry.person_id == bindparam("person"), Enquiry.created_at > bindparam("since"))
)


class EnquiryRepository:
    """A person adds the own ones; only leads and admins read them, whosever the customer may be."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run: Any = uow.connection.execute

    def asked(self, *, since: dt.datetime) -> int:
        """How often the actor asked for something."""
        found: int = self._run(ASKED, {"person": self._actor.person_id, "since": since}).scalar_one()
        return found

    def add(self, values: dict[str, Any]) -> int:
        """Keep what the actor asks for, in the open act."""
        own = {"person_id": self._actor.person_id, "created_at": self._uow.now}
        return self._uow.journal.add(Enquiry, own | values)

    def replace(self) -> None:
        """The actor asks again: what was open of the actor is no longer, in the open act."""
        for key in list(self._run(OPEN_OF, {"person": self._actor.person_id}).scalars()):
            self._uow.journal.change(Enquiry, key, {"state": EnquiryState.REPLACED})

    def get(self, enquiry_id: int) -> Line:
        """One of them, for leads. Raises ``NotFound``, for everybody else too."""
        row = self._run(ONE, {"enquiry": enquiry_id}).one_or_none()
        if row is None or not self._actor.is_lead:
            raise NotFound("enquiry", enquiry_id)
        return _line(row)

    def open(self) -> list[Line]:
        """Those nobody decided, oldest first; none for who is no lead."""
        return [_line(row) for row in self._run(OPEN)] if self._actor.is_lead else []

    def change(self, enquiry_id: int, values: dict[str, Any], *, version: int) -> None:
        """Decide about one, in the open act. Raises ``Changed``."""
        self._uow.journal.change(Enquiry, enquiry_id, values, version=version)


def _line(row: Any) -> Line:
    return Line(**(row._asdict() | {"kind": EnquiryKind(row.kind), "state": EnquiryState(row.state)}))
