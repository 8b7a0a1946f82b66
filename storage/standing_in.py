"""Who takes a member's work while that member is away or gone."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from storage.models import Member

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

AWAY = select(Member.active, Member.away_until, Member.stand_in_id).where(Member.id == bindparam("member"))
MOST_STEPS = 5  # a stand-in may be away too; a ring of them must end


def stand_in_of(uow: "UnitOfWork", member_id: int) -> int | None:
    """The member who is at work for ``member_id``: that one, or whoever stands in; ``None`` when nobody is."""
    run: Any = uow.connection.execute
    for _ in range(MOST_STEPS):
        row = run(AWAY, {"member": member_id}).one()
        if row.active and (row.away_until is None or row.away_until <= uow.now):
            return member_id
        if row.stand_in_id is None:
            return None
        member_id = row.stand_in_id
    return None
