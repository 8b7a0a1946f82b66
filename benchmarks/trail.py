"""G21: a trail of 1,000,000 acts, each with a change, sealed and then looked through, within 60 s for the latter.

The floor reads the same rows with plain sqlite3 and hashes them one after the other, without a chain. Both take turns.

Run with ``python -m benchmarks.trail`` (``--quick``: does it work at all; ``--acts 1000000``: the whole of it;
``--url``: an empty PostgreSQL database).
"""

import hashlib
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import insert

from benchmarks.company import NOW
from benchmarks.rig import arguments
from storage.database import Database, open_database
from storage.migrate import migrate
from storage.models import Act, Change
from storage.seal_check import verify
from storage.seals import OVERLAP, seal

BATCH = 5_000
ROUNDS = 3
FLOOR = "SELECT a.id, a.kind, a.at, a.facts, c.id, c.before, c.after FROM act a JOIN change c ON c.act_id = a.id ORDER BY a.id"


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--acts", type=int, default=100_000)
    parser.add_argument("--url")
    chosen = parser.parse_args()
    acts = 1_000 if chosen.quick else chosen.acts
    with tempfile.TemporaryDirectory() as folder:
        url = chosen.url or f"sqlite:///{Path(folder) / 'keyuan.db'}"
        migrate(url, backup_dir=Path(folder))
        database = open_database(url)
        _fill(database, acts)
        took = _timed(lambda: _seal(database))
        print(
            f"seal     {acts:,} acts in {took:.1f} s, {took / acts * 1e6:.0f} us each, in units of at most {SLOWEST[0]:.0f} ms"
        )
        for _ in range(1 if chosen.quick else ROUNDS):
            ours = _timed(lambda: _verify(database))
            print(
                f"verify   {acts:,} acts, {2 * acts:,} rows in {ours:.1f} s, {ours / acts * 1e6:.0f} us an act", end=""
            )
            if database.dialect == "sqlite":
                floor = _timed(lambda: _floor(str(database.url.database)))
                print(f"; floor {floor:.1f} s, {ours / floor:.1f} times", end="")
            print()
        database.close()


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
