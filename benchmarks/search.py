"""P5: a search by part of a name, pinyin, initials and phone tail, against the bare index look-up in plain sqlite3.

Both take turns in one run. Goals at 1,000,000 customers: median at most 1 ms, p99 at most 5 ms, for a rep (own
customers and the pool) and for an admin (everybody); names in a message within 5 ms for a rep, 20 ms for an admin.

Run with ``python -m benchmarks.search`` (``--quick``: does it work at all; ``--customers 1000000``: the whole of it).
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.company import NOW, Sample, build
from domain.people import Actor
from parsing.names import search_keys
from storage.customers import CustomerRepository
from storage.database import unit_of_work
from storage.search import owner_token, tail_key

ROUNDS = 200  # questions of each kind
LOG = "今天上午拜访 {name} 谈了新报价 对方觉得价格有点高，要折扣，下周三上午10点回访"
NAME_FLOOR = (
    "SELECT s.customer_id, s.norm FROM (SELECT rowid AS id FROM search_name_fts WHERE search_name_fts MATCH ? LIMIT 300) f"
    " JOIN search_name s ON s.id = f.id"
)
KEY_FLOOR = (
    "SELECT customer_id, key FROM search_key WHERE kind = ? AND owner = ? AND key >= ? AND key < ? || char(1114111)"
    " LIMIT 300"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--customers", type=int, default=100_000)
    chosen = parser.parse_args()
    rounds = 5 if chosen.quick else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        sample = build(Path(folder), customers=2_000 if chosen.quick else chosen.customers)
        for name, questions in _questions(sample, rounds).items():
            _search(sample, name, questions)
        _spots(sample, rounds)
        sample.database.close()


def _questions(sample: Sample, rounds: int) -> dict[str, list[tuple[str, str, tuple[Any, ...]]]]:
    """What is typed, with the floor's statement and what is bound to it."""
    dice = random.Random(2)
    names = [name for name in dice.choices(sample.own_names, k=rounds * 3) if len(name) > 2][:rounds]
    token = owner_token(sample.rep.member_id or 0)
    spoken = [search_keys(name) for name in names]
    tails = [f"{dice.randrange(10_000):04d}" for _ in names]

    def key(kind: str, value: str) -> tuple[str, tuple[Any, ...]]:
        return KEY_FLOOR, (kind, sample.rep.member_id, value, value)

    return {
        "two characters": [(n[1:3], NAME_FLOOR, (f'"{n[1:3]}" AND "{token}"',)) for n in names],
        "whole name": [
            (n, NAME_FLOOR, (" AND ".join(f'"{g}"' for g in (*s.grams, token)),))
            for n, s in zip(names, spoken, strict=True)
        ],
        "pinyin": [(s.pinyin[0], *key("pinyin", s.pinyin[0])) for s in spoken],
        "initials": [(s.initials[0][:3], *key("initials", s.initials[0][:3])) for s in spoken],
        "phone tail": [(tail, *key("tail", tail_key(tail))) for tail in tails],
    }


def _search(sample: Sample, name: str, questions: list[tuple[str, str, tuple[Any, ...]]]) -> None:
    driver: Any = sample.database.engine.raw_connection().driver_connection
    floor: list[float] = []
    taken: dict[str, list[float]] = {"rep": [], "admin": []}
    actors = {"rep": sample.rep, "admin": sample.admin}
    for typed, statement, bound in questions:
        floor.append(_timed(_fetch, driver, statement, bound))
        for who, actor in actors.items():
            taken[who].append(_ask(sample, actor, CustomerRepository.search, typed))
    for who, times in taken.items():
        print(f"P5 {name}, {who}: floor {_middle(floor):.3f} ms; search {_shown(times)}")


def _spots(sample: Sample, rounds: int) -> None:
    dice = random.Random(3)
    for who, actor, names in (("rep", sample.rep, sample.own_names), ("admin", sample.admin, sample.names)):
        texts = [LOG.format(name=name) for name in dice.choices(names, k=rounds)]
        times = [_ask(sample, actor, CustomerRepository.spots, text) for text in texts]
        print(f"names in a message, {who}: {_shown(times)}")


def _fetch(driver: Any, statement: str, bound: tuple[Any, ...]) -> object:
    return driver.execute(statement, bound).fetchall()


def _ask(sample: Sample, actor: Actor, question: Callable[[CustomerRepository, str], object], text: str) -> float:
    """Milliseconds of one question, in a unit of work of its own."""
    with sample.database.group() as connection, unit_of_work(connection, NOW) as uow:
        return _timed(question, uow.customers(actor), text)


def _timed(work: Callable[..., object], *given: Any) -> float:
    """CPU milliseconds: whoever else works on this machine does not count."""
    begun = time.thread_time()
    work(*given)
    return (time.thread_time() - begun) * 1000


def _shown(times: list[float]) -> str:
    ordered = sorted(times)
    return f"median {_middle(ordered):.2f} ms, p99 {ordered[int(len(ordered) * 0.99) - 1]:.2f} ms"


def _middle(times: list[float]) -> float:
    return statistics.median(times)


if __name__ == "__main__":
    main()
