"""G21: a trail of 1,000,000 acts, each with a change, sealed and then looked through, within 60 s for the latter.

The floor reads the same rows with plain sqlite3 and hashes them one after the other, without a chain. Both take turns.

Run with ``python -m benchmarks.trail`` (``--quick``: does it work at all; ``--acts 1000000``: the whole of it;
``--postgres``: on PostgreSQL).
"""

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable

from sqlalchemy import insert

from benchmarks.company import NOW
from benchmarks.rig import arguments, head, line, middle, opened, scratch
from storage.database import Database
from storage.models import Act, Change
from storage.seal_check import verify
from storage.seals import OVERLAP, seal

BATCH = 5_000
ROUNDS = 3
FLOOR = "SELECT a.id, a.kind, a.at, a.facts, c.id, c.before, c.after FROM act a JOIN change c ON c.act_id = a.id ORDER BY a.id"


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--acts", type=int, default=100_000)
    parser.add_argument("--postgres", action="store_true")
    chosen = parser.parse_args()
    acts = 1_000 if chosen.quick else chosen.acts
    with scratch(postgres=chosen.postgres) as (_, url), opened(url) as database:
        _fill(database, acts)
        took = _timed(lambda: _seal(database))
        ours, floor = [], []
        for _ in range(1 if chosen.quick else ROUNDS):
            ours.append(_timed(lambda: _verify(database)))
            if database.dialect == "sqlite":
                floor.append(_timed(lambda: _floor(str(database.url.database))))
    head()
    line(f"trail of {acts:,} acts sealed, each", took / acts * 1e6, "us")
    line("trail sealed in units of at most", SLOWEST[0], "ms")
    line("trail looked through", middle(ours), "s", floor=middle(floor) if floor else None, most=acts * 60e-6)


SLOWEST = [0.0]  # ms


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _fill(database: Database, acts: int) -> None:
    """As people would write them: a note changed, before and after."""
    for first in range(1, acts + 1, BATCH):
        keys = range(first, min(first + BATCH, acts + 1))
        with database.group() as connection:
            connection.execute(
                insert(Act),
                [
                    {"id": key, "kind": "customer.changed", "customer_id": key % 9_999, "at": NOW, "undo_until": NOW}
                    | {"facts": {"name": f"张伟{key}"}, "salt": os.urandom(16)}
                    for key in keys
                ],
            )
            connection.execute(
                insert(Change),
                [
                    {"id": key, "act_id": key, "table_name": "customer", "row_id": key % 9_999, "salt": os.urandom(16)}
                    | {"before": {"note": None, "version": 1}, "after": {"note": f"要样品{key}", "version": 2}}
                    for key in keys
                ],
            )


def _seal(database: Database) -> None:
    added = 1
    while added:
        began = time.perf_counter()
        with database.transaction(NOW) as uow:
            added = seal(uow)
        SLOWEST[0] = max(SLOWEST[0], (time.perf_counter() - began) * 1000)


def _verify(database: Database) -> None:
    with database.reading(one_state=True) as connection:
        found = verify(connection, now=NOW + 2 * OVERLAP)
    assert found.trouble is None and found.seals, found


def _floor(file: str) -> None:
    with sqlite3.connect(file) as connection:
        for row in connection.execute(FLOOR):
            hashlib.sha256(repr(row).encode()).digest()


if __name__ == "__main__":
    main()
