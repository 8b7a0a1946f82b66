"""P2: a customer's card (1 lookup, 5 reads) through the repositories against the same six statements in plain sqlite3.

Both take turns in one run, since only their ratio is worth keeping. Goals: at most 5 times alone, 2.5 times in a group
of 8 cards that share a transaction.

Run with ``python -m benchmarks.profile`` (``--quick``: does it work at all).
"""

import gc
import time
from collections.abc import Callable
from typing import Any

from benchmarks.company import NOW, Sample, build
from benchmarks.rig import arguments, head, line, middle, scratch
from storage.database import unit_of_work

GROUP = 8  # cards in one transaction
CARDS = 400  # of one round: enough to be in the stride of one way before the other takes its turn
FLOOR = (
    "SELECT c.*, m.name FROM customer c LEFT JOIN member m ON m.id = c.owner_id WHERE c.id = ?",
    "SELECT * FROM contact k LEFT JOIN channel h ON h.contact_id = k.id WHERE k.customer_id = ? ORDER BY k.id, h.id",
    "SELECT word FROM tag WHERE customer_id = ? ORDER BY id",
    "SELECT n.id, n.customer_id, c.name, n.day, n.at, n.origin, n.kind, n.version FROM next_touch n"
    " JOIN customer c ON c.id = n.customer_id WHERE n.customer_id = ? AND n.state = 'open'",
    "SELECT owner_id FROM customer WHERE id = ?",
    "SELECT t.*, c.name, k.name, m.name FROM touch t JOIN customer c ON c.id = t.customer_id"
    " LEFT JOIN contact k ON k.id = t.contact_id LEFT JOIN member m ON m.id = t.member_id"
    " WHERE t.customer_id = ? ORDER BY t.happened_at DESC, t.id DESC LIMIT 3",
)


def main() -> None:
    quick = arguments(__doc__).parse_args().quick
    customers, rounds = (500, 2) if quick else (100_000, 40)
    with scratch() as (_, url):
        sample = build(url, customers=customers)
        gc.collect()
        gc.freeze()  # as the program does when it has started
        head()
        _compare(sample, "a card alone", 1, rounds, goal=5)
        _compare(sample, f"one of a group of {GROUP} cards", GROUP, rounds, goal=2.5)
        sample.database.close()


def _compare(sample: Sample, name: str, cards: int, rounds: int, *, goal: float) -> None:
    ids = sample.own[:CARDS]
    batches = [ids[i : i + cards] for i in range(0, len(ids), cards)]
    plain: list[float] = []
    ours: list[float] = []
    for read in (_plain, _cards):
        _timed(read, sample, batches)  # statements are compiled, pages are read
    for _ in range(rounds):
        plain.append(_timed(_plain, sample, batches) / len(ids))
        ours.append(_timed(_cards, sample, batches) / len(ids))
    line(f"P2 {name}", middle(ours) * 1e6, "us", floor=middle(plain) * 1e6, most_ratio=goal)


def _plain(sample: Sample, batch: list[int]) -> None:
    """The floor: the driver's own cursor in the same kind of transaction, rows as they come."""
    connection: Any = sample.database.engine.raw_connection().driver_connection
    connection.execute("BEGIN IMMEDIATE")
    for customer_id in batch:
        for statement in FLOOR:
            connection.execute(statement, (customer_id,)).fetchall()
    connection.execute("COMMIT")


def _cards(sample: Sample, batch: list[int]) -> None:
    """Ours: one transaction, one unit of work per card, records with all their types."""
    with sample.database.group() as connection:
        for customer_id in batch:
            with unit_of_work(connection, NOW) as uow:
                uow.customers(sample.rep).card(customer_id)


def _timed(read: Callable[[Sample, list[int]], None], sample: Sample, batches: list[list[int]]) -> float:
    """CPU seconds for all batches: whoever else works on this machine does not count."""
    begun = time.thread_time()
    for batch in batches:
        read(sample, batch)
    return time.thread_time() - begun


if __name__ == "__main__":
    main()
