"""Cases as their customer sees them: the own ones, while the account is bound to that customer."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, or_, select

from domain.bindings import BindingState
from domain.cases import CaseLine, CaseState, EntryKind, File, Progress
from domain.customers import PAGE, Page
from domain.errors import NotFound
from domain.people import Actor
from storage.cases import IS_OPEN, LINE, line_of
from storage.models import Binding, Case, Media

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_ME: Any = bindparam("me")
_BOUND = (Binding.person_id == _ME, Binding.customer_id == Case.customer_id, Binding.state != BindingState.ENDED)
_IS_CONFIRMED = Binding.state == BindingState.CONFIRMED
MINE = or_(
    (Case.person_id == _ME) & select(Binding.id).where(*_BOUND).exists(),
    # filed by the staff for somebody who phoned, before or after the account was bound
    Case.person_id.is_(None)
    & select(Binding.id).where(*_BOUND, Binding.contact_id == Case.contact_id, _IS_CONFIRMED).exists(),
)
CONFIRMED = select(Binding.id).where(
    Binding.person_id == _ME, Binding.customer_id == bindparam("customer"), _IS_CONFIRMED
)
LISTENERS = (
    select(Binding.person_id, Binding.state)
    .where(Binding.customer_id == bindparam("customer"), Binding.state != BindingState.ENDED)
    .where(
        or_(
            Binding.person_id == bindparam("person"),
            _IS_CONFIRMED & (Binding.contact_id == bindparam("contact")) & bindparam("person").is_(None),
        )
    )
    .order_by(Binding.id)
    .limit(1)
)
OPENED = (
    select(Case.opened_at).where(Case.person_id == _ME, Case.opened_at > bindparam("since")).order_by(Case.opened_at)
)
FILES = (
    select(Media.kind, Media.file_id, Media.unique_id, Media.size, Media.name, Media.latitude, Media.longitude)
    .where(Media.case_id == bindparam("case"))
    .order_by(Media.id)
)
COUNT_FILES = select(func.count()).where(Media.case_id == bindparam("case"))
SEEN = frozenset({EntryKind.WORDS, EntryKind.ANSWER})


class FeedbackRepository:
    """The actor's own cases. Anybody else's is ``NotFound``, like one that is missing."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run: Any = uow.connection.execute

    def find(self, case_id: int) -> CaseLine | None:
        """An own case, or ``None``."""
        return self._one(Case.id == case_id)

    def get(self, case_id: int) -> CaseLine:
        """An own case. Raises ``NotFound`` for any other."""
        found = self.find(case_id)
        if found is None:
            raise NotFound("case", case_id)
        return found

    def referred(self, reference: str) -> CaseLine | None:
        """The own case of a reference, or ``None`` for a foreign and a missing one alike."""
        return self._one(Case.reference == reference)

    def page(self, number: int = 0) -> Page[CaseLine]:
        """The own cases, open ones first, each the newest first."""
        bound = {"me": self._actor.person_id}
        chosen = LINE.where(MINE).order_by(IS_OPEN.desc(), Case.id.desc()).limit(PAGE).offset(number * PAGE)
        total: int = self._run(select(func.count()).select_from(Case).where(MINE), bound).scalar_one()
        return Page(tuple(line_of(row) for row in self._run(chosen, bound)), number, total)

    def progress(self, case: CaseLine) -> Progress:
        """What the customer may see of an own case: of one whose account is not confirmed only what was typed there."""
        story = self._uow.cases(self._actor).story(case.id)
        bound = {"me": self._actor.person_id, "customer": case.customer_id}
        known = self._run(CONFIRMED, bound).first() is not None
        shown = SEEN if known else frozenset({EntryKind.WORDS})
        return Progress(
            case,
            tuple((CaseState(entry.text), entry.at) for entry in story if entry.kind is EntryKind.STATE),
            tuple(entry for entry in story if entry.kind in shown),
            self._run(COUNT_FILES, {"case": case.id}).scalar_one(),
            case.owner if known else None,
        )

    def opened_since(self, since: Any) -> list[Any]:
        """When the actor filed cases after ``since``, the earliest first."""
        return list(self._run(OPENED, {"me": self._actor.person_id, "since": since}).scalars())

    def _one(self, wanted: Any) -> CaseLine | None:
        row = self._run(LINE.where(wanted, MINE), {"me": self._actor.person_id}).one_or_none()
        return line_of(row) if row is not None else None


def listener_of(uow: "UnitOfWork", case: CaseLine) -> tuple[int, BindingState] | None:
    """The account that hears of a case now, and whether it is confirmed; ``None`` where there is none (any more)."""
    bound = {"customer": case.customer_id, "contact": case.contact_id, "person": case.person_id}
    row = uow.connection.execute(LISTENERS, bound).one_or_none()
    return (row.person_id, BindingState(row.state)) if row else None


def files_of(uow: "UnitOfWork", case_id: int) -> list[File]:
    """What was sent along with a case whose scope was checked, in the order it came."""
    return [File(*row) for row in uow.connection.execute(FILES, {"case": case_id})]


def keep_files(uow: "UnitOfWork", case_id: int, files: "list[File]") -> None:
    """Keep what was sent along, in the open act. It belongs to the case alone: a card shows what belongs to a customer."""
    rows = [
        {
            "case_id": case_id,
            "kind": file.kind,
            "file_id": file.file_id,
            "unique_id": file.unique_id,
            "size": file.size,
            "name": file.name,
            "latitude": file.latitude,
            "longitude": file.longitude,
            "said_at": uow.now,
        }
        for file in files
    ]
    uow.journal.add_many(Media, rows)
