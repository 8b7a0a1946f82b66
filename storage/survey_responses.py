"""Answers to surveys, written as they come. What a customer answers is nobody's act: it stands in no journal.

Nothing about an anonymous response leads to a person: its id is drawn, since counted ones would tell who came when; it
has no customer, contact, member or moment; and its invitation forgets it as soon as it is done or too old.
"""

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from domain.answers import Response
from domain.errors import Changed, NotFound
from domain.survey_results import FEWEST
from domain.survey_sending import EXPIRES
from domain.surveys import EnteredBy, InvitationState
from storage.models import Case, Survey, SurveyInvitation, SurveyResponse

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

ID_BITS = 53  # as many as every reader of JSON keeps whole; two alike in a billion responses is one in a million
KEEP_ENTRIES = EXPIRES  # of what a member began to enter: as long as a customer has to answer
_R, _I = SurveyResponse, SurveyInvitation
_COLUMNS = (
    *(_R.id, _R.version, _R.survey_id, _R.customer_id, _R.contact_id, _R.answers, _R.complete),
    *(_R.entered_by, _R.entered_member_id, _R.at),
)
ONE = select(*_COLUMNS).where(_R.id == bindparam("response"))
_ENTRY = (
    select(*_COLUMNS)
    .where(_R.survey_id == bindparam("survey"), _R.contact_id == bindparam("contact"))
    .where(_R.entered_member_id == bindparam("member"), _R.complete.is_(False))
    .limit(1)
)
_CASE = select(Case.id).where(Case.invitation_id == bindparam("invitation")).order_by(Case.id).limit(1)
_ADD = insert(_R)
_LOCK = select(_I.response_id).where(_I.id == bindparam("invitation")).with_for_update()
_OLD = (
    select(_I.id)
    .join(Survey, Survey.id == _I.survey_id)
    .where(Survey.anonymous.is_(True), _I.response_id.is_not(None), _I.expires_at <= bindparam("now"))
)
_HELD = (_R.survey_id == bindparam("of_survey"), _R.complete.is_(True), _R.released.is_(False))
_COUNT_HELD = select(func.count()).where(*_HELD)
_RELEASE = update(_R).where(*_HELD).values(released=True, month=bindparam("of_month"), wave_id=bindparam("of_wave"))
_DROP = delete(_R).where(_R.entered_member_id.is_not(None), _R.complete.is_(False), _R.at < bindparam("before"))
_CUT = update(_I).where(_I.id.in_(_OLD)).values(response_id=None, opened_at=None)


class ResponseRepository:
    """Responses by their id; who may see or write one is decided by its invitation."""

    def __init__(self, uow: "UnitOfWork") -> None:
        self._uow = uow
        self._run: Any = uow.connection.execute

    def get(self, response_id: int) -> Response:
        """Raises ``NotFound`` where there is none."""
        row = self._run(ONE, {"response": response_id}).one_or_none()
        if row is None:
            raise NotFound("response", response_id)
        return _response(row)

    def start(self, values: Mapping[str, Any], *, invitation_id: int | None = None) -> int:
        """Begin to answer (columns of ``survey_response``), for an invitation or what a member enters; the id.

        Raises:
            Changed: somebody else has begun to answer the invitation meanwhile: another device, or the web page.
        """
        if invitation_id is not None and self._run(_LOCK, {"invitation": invitation_id}).scalar_one() is not None:
            raise Changed("survey_invitation", invitation_id)
        key = secrets.randbits(ID_BITS)
        self._run(_ADD, {"id": key, "answers": {}, "complete": False} | dict(values))
        if invitation_id is not None:
            self.note(invitation_id, {"response_id": key})
        return key

    def entry(self, survey_id: int, contact_id: int, member_id: int) -> Response | None:
        """What a member began to enter for a contact and has not finished."""
        row = self._run(_ENTRY, {"survey": survey_id, "contact": contact_id, "member": member_id}).first()
        return _response(row) if row else None

    def write(self, response: Response, values: Mapping[str, Any]) -> None:
        """Change columns of a response. Raises ``Changed`` when it is no longer as it was read."""
        mine = (_R.id == response.id, _R.version == response.version)
        done = self._run(update(_R).where(*mine).values(**values, version=response.version + 1))
        if not done.rowcount:
            raise Changed("survey_response", response.id)

    def complete(self, response: Response) -> None:
        """Count what a member entered, in the open act: taken back, it is a draft again."""
        self._uow.journal.change(SurveyResponse, response.id, {"complete": True}, version=response.version)

    def note(self, invitation_id: int, values: Mapping[str, Any]) -> None:
        """Change columns of an invitation, for what its own person does; the journal hears nothing."""
        self._run(update(_I).where(_I.id == invitation_id).values(**values, version=_I.version + 1))
        self._uow.touched("survey_invitation", [invitation_id])

    def case_of(self, invitation_id: int) -> int | None:
        """The case that answers to an invitation opened already."""
        found: int | None = self._run(_CASE, {"invitation": invitation_id}).scalar()
        return found

    def part(self, invitation_id: int) -> None:
        """Done, and nobody knows any more which answers were given: neither the row nor a moment tells."""
        self.note(
            invitation_id,
            {"state": InvitationState.DONE, "response_id": None, "opened_at": None, "done_at": None},
        )

    def release(self, survey_id: int, *, month: dt.date, wave_id: int | None) -> None:
        """Let complete anonymous responses be counted, ``FEWEST`` at a time.

        Whoever looks before and after one answer comes would else read that answer as the difference of two figures.
        Those of one lump become of one round, the newest, since a lump split over rounds would give its parts away.
        """
        if self._run(_COUNT_HELD, {"of_survey": survey_id}).scalar_one() >= FEWEST:
            self._run(_RELEASE, {"of_survey": survey_id, "of_month": month, "of_wave": wave_id})

    def forget(self, *, now: dt.datetime) -> int:
        """Cut anonymous ones that were begun and are too old to go on, and drop drafts of members; how many."""
        count: int = self._run(_CUT, {"now": now}).rowcount
        return count + int(self._run(_DROP, {"before": now - KEEP_ENTRIES}).rowcount)


def _response(row: Row[Any]) -> Response:
    return Response(**(row._asdict() | {"entered_by": EnteredBy(row.entered_by)}))
