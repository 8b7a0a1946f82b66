"""Invitations to surveys: who was asked, and how far each got."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, exists, func, or_, select

from domain.carriers import Carried, Carrier
from domain.customers import PAGE, Page
from domain.errors import NotFound
from domain.people import Actor
from domain.survey_sending import PENDING, Invitation
from domain.surveys import InvitationState
from storage.models import Case, Contact, Customer, SurveyInvitation
from storage.scope import scope_of

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_I = SurveyInvitation
_LINE = (
    select(
        *(_I.id, _I.version, _I.survey_id, _I.wave_id, _I.customer_id, Customer.name.label("customer")),
        *(Customer.owner_id, _I.contact_id, func.coalesce(Contact.name, Contact.nickname).label("contact")),
        *(_I.person_id, _I.touch_id, _I.case_id, _I.response_id, _I.state, _I.created_at, _I.send_at),
        *(_I.sent_at, _I.opened_at, _I.done_at, _I.reminded_at, _I.expires_at, _I.carrier, _I.carried),
    )
    .join(Customer, Customer.id == _I.customer_id)
    .outerjoin(Contact, Contact.id == _I.contact_id)
)
ONE = _LINE.where(_I.id == bindparam("invitation"))
MINE = _LINE.where(_I.person_id == bindparam("person")).order_by(_I.id.desc())
COUNTS = select(_I.state, func.count()).group_by(_I.state)


class InvitationRepository:
    """Staff: those of readable customers. A customer: those to the own account."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run: Any = uow.connection.execute

    # Reading ---------------------------------------------------------------------------------------------------

    def get(self, invitation_id: int) -> Invitation:
        """One of a readable customer, for staff. Raises ``NotFound`` for any other."""
        return self._one(invitation_id, self._readable())

    def my(self, invitation_id: int) -> Invitation:
        """One to the actor's own account, whatever its state. Raises ``NotFound`` for anybody else's."""
        return self._one(invitation_id, _I.person_id == self._actor.person_id)

    def find(self, invitation_id: int) -> Invitation | None:
        """One whoever asks: for due things, which are read as their recipient and checked by the caller."""
        row = self._run(ONE, {"invitation": invitation_id}).one_or_none()
        return _invitation(row) if row else None

    def of_person(self, *, states: frozenset[InvitationState] = PENDING) -> list[Invitation]:
        """Those to the actor's own account in one of ``states``, newest first."""
        rows = self._run(MINE.where(_I.state.in_(sorted(states))), {"person": self._actor.person_id})
        return [_invitation(row) for row in rows]

    def of_contact(self, contact_id: int, *, states: frozenset[InvitationState]) -> list[Invitation]:
        """Those to a contact in one of ``states``, newest first; whoever calls has checked whose page it is."""
        rows = self._run(_LINE.where(_I.contact_id == contact_id, _I.state.in_(sorted(states))).order_by(_I.id.desc()))
        return [_invitation(row) for row in rows]

    def of_customer(self, customer_id: int, *, most: int = PAGE) -> list[Invitation]:
        """The newest of a customer. Raises ``NotFound`` outside the scope."""
        self._uow.customers(self._actor).require_readable(customer_id)
        rows = self._run(
            _LINE.where(_I.customer_id == customer_id, self._readable()).order_by(_I.id.desc()).limit(most)
        )
        return [_invitation(row) for row in rows]

    def of_survey(
        self, survey_id: int, number: int = 0, *, states: frozenset[InvitationState] = frozenset(InvitationState)
    ) -> Page[Invitation]:
        """One page of a survey's invitations to readable customers, the newest first."""
        wanted = (_I.survey_id == survey_id, _I.state.in_(sorted(states)), self._readable())
        count = select(func.count()).select_from(_I).join(Customer, Customer.id == _I.customer_id)
        total: int = self._run(count.where(*wanted)).scalar_one()
        rows = self._run(_LINE.where(*wanted).order_by(_I.id.desc()).limit(PAGE).offset(number * PAGE))
        return Page(tuple(_invitation(row) for row in rows), number, total)

    def counts(self, survey_id: int, *, wave_id: int | None = None) -> dict[InvitationState, int]:
        """How many invitations of a survey (or one of its waves) stand in which state, whosever customers they are."""
        asked = COUNTS.where(_I.survey_id == survey_id)
        rows = self._run(asked if wave_id is None else asked.where(_I.wave_id == wave_id))
        return {InvitationState(state): count for state, count in rows}

    def made_since(self, survey_id: int, since: dt.datetime) -> int:
        """How many invitations of a survey went out by themselves since then."""
        by_rule = or_(_I.touch_id.is_not(None), _I.case_id.is_not(None))
        asked = select(func.count()).where(_I.survey_id == survey_id, _I.created_at > since, by_rule)
        found: int = self._run(asked).scalar_one()
        return found

    # Writing, in the open act ------------------------------------------------------------------------------------

    def add(self, values: Mapping[str, Any]) -> int:
        """Store an invitation (columns of ``survey_invitation``)."""
        return self._uow.journal.add(SurveyInvitation, values)

    def add_many(self, rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """Store the invitations of a wave."""
        return self._uow.journal.add_many(SurveyInvitation, rows)

    def change(self, invitation_id: int, values: Mapping[str, Any], *, version: int | None = None) -> None:
        """Change columns of an invitation."""
        self._uow.journal.change(SurveyInvitation, invitation_id, values, version=version)

    # Within ------------------------------------------------------------------------------------------------------

    def _one(self, invitation_id: int, condition: ColumnElement[bool]) -> Invitation:
        row = self._run(ONE.where(condition), {"invitation": invitation_id}).one_or_none()
        if row is None:
            raise NotFound("invitation", invitation_id)
        return _invitation(row)

    def _readable(self) -> ColumnElement[bool]:
        """Of customers in scope, without those that follow a case about this very member: it leaves no trace there."""
        about_me = exists().where(Case.id == _I.case_id, Case.about_id == self._actor.member_id)
        return and_(scope_of(self._uow, self._actor).readable(), ~about_me)


def _invitation(row: Row[Any]) -> Invitation:
    carrier = Carrier(row.carrier) if row.carrier else None
    carried = Carried(row.carried) if row.carried else None
    state = InvitationState(row.state)
    return Invitation(**(row._asdict() | {"state": state, "carrier": carrier, "carried": carried}))
