"""What goes along when customers change hands: next touches, reminders and drafts."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, literal_column, select

from domain.cases import OPEN_STATES
from storage.models import Case, Customer, Draft, Member, NextTouch, Reminder

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

BATCH = 500  # customers of one statement
_KEYS: Any = bindparam("keys", expanding=True)
_MEMBER: Any = bindparam("member")
_OPEN: Any = literal_column("'open'")  # the words of the partial indexes: bound, SQLite plans anew every time
OPEN_NEXT_TOUCHES = (
    select(NextTouch.id).where(NextTouch.customer_id.in_(_KEYS), NextTouch.state == _OPEN).order_by(NextTouch.id)
)
OPEN_REMINDERS = (
    select(Reminder.id)
    .join(Member, Member.person_id == Reminder.person_id)
    .where(Reminder.customer_id.in_(_KEYS), Member.id == _MEMBER, Reminder.state.in_(("open", "pushed")))
    .order_by(Reminder.id)
)
OPEN_DRAFTS = (
    select(Draft.id)
    .where(Draft.customer_id.in_(_KEYS), Draft.member_id == _MEMBER, Draft.state == _OPEN)
    .order_by(Draft.id)
)
OPEN_CASES = (
    select(Case.id)
    .where(Case.customer_id.in_(_KEYS), Case.owner_id == _MEMBER, Case.state.in_(sorted(OPEN_STATES)))
    .order_by(Case.id)
)
PERSON_OF = select(Member.person_id).where(Member.id == _MEMBER)


def hand_all(uow: "UnitOfWork", customer_ids: Sequence[int], giver_id: int, heir_id: int | None) -> None:
    """Hand customers of one member to another, or to the pool (``heir_id`` None), with all that goes along."""
    uow.journal.change_many(Customer, customer_ids, {"owner_id": heir_id})
    pass_on(uow, customer_ids, giver_id, heir_id)


def pass_on(uow: "UnitOfWork", customer_ids: Sequence[int], giver_id: int | None, heir_id: int | None) -> None:
    """Give the next touches of customers, and the giver's open drafts and reminders of them, to the heir.

    Open cases of the giver go along too, to an heir: one about a former rep is the lead's and stays there.

    Into the pool go neither: the next touch is over, a reminder of it too, and a draft stays with who wrote it.
    """
    run: Any = uow.connection.execute
    person = run(PERSON_OF, {"member": heir_id}).scalar_one_or_none() if heir_id is not None else None
    for keys in _batches(customer_ids):
        bound = {"keys": keys, "member": giver_id}
        planned = list(run(OPEN_NEXT_TOUCHES, {"keys": keys}).scalars())
        reminders = list(run(OPEN_REMINDERS, bound).scalars()) if giver_id is not None else []
        drafts = list(run(OPEN_DRAFTS, bound).scalars()) if giver_id is not None and heir_id is not None else []
        journal = uow.journal
        journal.change_many(NextTouch, planned, {"owner_id": heir_id} if heir_id else {"state": "replaced"})
        journal.change_many(Reminder, reminders, {"person_id": person} if person else {"state": "deleted"})
        journal.change_many(Draft, drafts, {"member_id": heir_id})
        if giver_id is not None and heir_id is not None:
            open_cases = run(OPEN_CASES.where(Case.about_id.is_(None)), bound).scalars()
            journal.change_many(Case, list(open_cases), {"owner_id": heir_id})


def _batches(keys: Sequence[int]) -> Iterator[list[int]]:
    return (list(keys[start : start + BATCH]) for start in range(0, len(keys), BATCH))
