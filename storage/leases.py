"""Who may send, poll or tick, where several workers share a PostgreSQL database. SQLite has one process and needs none.

A lease ends by the database's clock, whatever the workers' own say. Its fence grows with every change of hands and goes
into the statements that rely on it, so that a holder who was frozen and wakes up is refused.
"""

import datetime as dt

from sqlalchemy import Connection, bindparam, func, literal_column, select, update
from sqlalchemy.dialects import postgresql

from storage.models import Lease

SENDER, POLLER, CLOCK = "sender", "poller", "clock"
NAMES = (SENDER, POLLER, CLOCK)
TTL = dt.timedelta(seconds=4)  # how long nobody sends after a worker died; renewed three times in it

_NOW = func.clock_timestamp(type_=Lease.until.type)
_UNTIL = _NOW + bindparam("ttl", TTL)
_RENEW = (
    update(Lease)
    .where(Lease.name == bindparam("role"), Lease.owner == bindparam("me"), Lease.until > _NOW)
    .values(until=_UNTIL)
    .returning(Lease.fence)
)
_insert = postgresql.insert(Lease).values(
    name=bindparam("role"), owner=bindparam("me"), fence=literal_column("1"), until=_UNTIL
)
_TAKE = _insert.on_conflict_do_update(
    index_elements=["name"],
    set_={"owner": _insert.excluded.owner, "fence": Lease.fence + 1, "until": _insert.excluded.until},
    where=Lease.until <= _NOW,
).returning(Lease.fence)
_HELD = select(Lease.name, Lease.fence).where(Lease.owner == bindparam("me"), Lease.until > _NOW)
_RELEASE = update(Lease).where(Lease.owner == bindparam("me"), Lease.until > _NOW).values(until=_NOW)


def hold(connection: Connection, role: str, me: str) -> int | None:
    """Renew or take a lease; its fence, or ``None`` while somebody else has it."""
    values = {"role": role, "me": me, "ttl": TTL}
    fence = connection.execute(_RENEW, values).scalar_one_or_none()
    return fence if fence is not None else connection.execute(_TAKE, values).scalar_one_or_none()


def held(connection: Connection, me: str) -> dict[str, int]:
    """The fences of what ``me`` holds at this moment."""
    return {row.name: row.fence for row in connection.execute(_HELD, {"me": me})}


def release(connection: Connection, me: str) -> None:
    """Let go of everything at the end, so that another worker need not wait; the fences stay, and go on growing."""
    connection.execute(_RELEASE, {"me": me})
