"""Invitations that leave by e-mail or text message: which is next, and when a contact was last written to so."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, func, or_, select

from domain.carriers import LOST_AFTER, Carried, Carrier
from domain.survey_sending import PENDING
from domain.values import frozen
from storage.models import Binding, Nudge, SurveyInvitation

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_I = SurveyInvitation
_DUE = and_(_I.carried == Carried.DUE, _I.send_at <= bindparam("now"))
_LOST = and_(_I.carried == Carried.SENDING, _I.carried_at <= bindparam("before"))
_COLUMNS = select(_I.id, _I.contact_id, _I.carrier, _I.carried, _I.attempt)
NEXT = (
    _COLUMNS.where(or_(_DUE, _LOST), _I.state.in_(sorted(PENDING)))
    .order_by(_I.send_at, _I.id)
    .limit(1)
    .with_for_update()
)
ONE = _COLUMNS.where(_I.id == bindparam("invitation"))
LAST = select(func.max(_I.carried_at)).where(_I.contact_id == bindparam("contact"), _I.id != bindparam("besides"))
LAST_HERE = (
    select(func.max(Nudge.last_at))
    .join(Binding, Binding.person_id == Nudge.person_id)
    .where(Binding.contact_id == bindparam("contact"))
)
OPEN = select(_I.id).where(_I.contact_id == bindparam("contact"), _I.carried == Carried.DUE).limit(1)


@frozen
class CarriedRow:
    id: int
    contact_id: int | None
    carrier: Carrier
    carried: Carried
    attempt: int


class CarrierRepository:
    """For the program alone: it re-reads whether each may leave."""

    def __init__(self, uow: "UnitOfWork") -> None:
        self._uow = uow
        self._run: Any = uow.connection.execute

    def next(self) -> CarriedRow | None:
        """What is due, or was in the hands of a program that died."""
        row = self._run(NEXT, {"now": self._uow.now, "before": self._uow.now - LOST_AFTER}).first()
        return _row(row) if row else None

    def find(self, invitation_id: int) -> CarriedRow | None:
        row = self._run(ONE, {"invitation": invitation_id}).one_or_none()
        return _row(row) if row and row.carrier else None

    def last(self, contact_id: int, *, besides: int = 0) -> dt.datetime | None:
        """When something last left for a contact, by whatever way."""
        key = {"contact": contact_id, "besides": besides}
        found = (self._run(LAST, key).scalar_one(), self._run(LAST_HERE, key).scalar_one())
        return max((at for at in found if at is not None), default=None)

    def waits(self, contact_id: int) -> bool:
        """Whether something is about to leave for a contact."""
        return self._run(OPEN, {"contact": contact_id}).first() is not None


def _row(row: Any) -> CarriedRow:
    return CarriedRow(row.id, row.contact_id, Carrier(row.carrier), Carried(row.carried), row.attempt)
