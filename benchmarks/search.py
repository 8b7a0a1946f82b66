"""P5: a search by part of a name, pinyin, initials and phone tail, against the bare index look-up in plain sqlite3.

Both take turns in one run. Goals at 1,000,000 customers: median at most 1 ms, p99 at most 5 ms, for a rep (own
customers and the pool) and for an admin (everybody); names in a message within 5 ms for a rep, 20 ms for an admin.

Run with ``python -m benchmarks.search`` (``--quick``: does it work at all; ``--rows 1000000``: the whole of it; ``--postgres``: on
PostgreSQL, where the server's time counts too, and the goals are twice as long).
"""

import gc
import random
import time
from collections.abc import Callable
from typing import Any

from benchmarks.company import NOW, Sample, build
from benchmarks.rig import arguments, head, line, middle, p99, scratch
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
NAME_FLOOR_PG = "SELECT customer_id, norm FROM search_name WHERE string_to_array(grams, ' ') @> %s LIMIT 300"
KEY_FLOOR = (
    "SELECT customer_id, key FROM search_key WHERE kind = ? AND owner = ? AND key >= ? AND key < ? || char(1114111)"
    " LIMIT 300"
)
KEY_FLOOR_PG = KEY_FLOOR.replace("?", "%s").replace("char(", "chr(")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--customers", "--rows", type=int, default=100_000)
    parser.add_argument("--postgres", action="store_true")
    chosen = parser.parse_args()
    rounds = 5 if chosen.quick else ROUNDS
    with scratch(postgres=chosen.postgres) as (_, url):
        sample = build(url, customers=500 if chosen.quick else chosen.customers)
        gc.collect()
        gc.freeze()  # as the program does when it has started
        head()
        for name, questions in _questions(sample, rounds).items():
            _search(sample, name, questions)
        _spots(sample, rounds)
        sample.database.close()


def _questions(sample: Sample, rounds: int) -> dict[str, list[tuple[str, str, tuple[Any, ...]]]]:
    """What is typed, with the floor's statement and what is bound to it."""
    dice = random.Random(2)
    names = [name for name in dice.choices(sample.own_names, k=rounds * 3) if len(name) > 2][:rounds]
    token = owner_token(sample.rep.member_id or 0)
    on_sqlite = sample.database.dialect == "sqlite"
    spoken = [search_keys(name) for name in names]
    tails = [f"{dice.randrange(10_000):04d}" for _ in names]

    def key(kind: str, value: str) -> tuple[str, tuple[Any, ...]]:
        return KEY_FLOOR if on_sqlite else KEY_FLOOR_PG, (kind, sample.rep.member_id, value, value)

    def name(*grams: str) -> tuple[str, tuple[Any, ...]]:
        if on_sqlite:
            return NAME_FLOOR, (" AND ".join(f'"{gram}"' for gram in grams),)
        return NAME_FLOOR_PG, (list(grams),)

    return {
        "two characters": [(n[1:3], *name(n[1:3], token)) for n in names],
        "whole name": [(n, *name(*s.grams, token)) for n, s in zip(names, spoken, strict=True)],
        "pinyin": [(s.pinyin[0], *key("pinyin", s.pinyin[0])) for s in spoken],
        "initials": [(s.initials[0][:3], *key("initials", s.initials[0][:3])) for s in spoken],
        "phone tail": [(tail, *key("tail", tail_key(tail))) for tail in tails],
    }


def _search(sample: Sample, name: str, questions: list[tuple[str, str, tuple[Any, ...]]]) -> None:
    floor: list[float] = []
    taken: dict[str, list[float]] = {"rep": [], "admin": []}
    actors = {"rep": sample.rep, "admin": sample.admin}
    slower = 1 if sample.database.dialect == "sqlite" else 2
    with sample.database.engine.connect() as held:
        if slower > 1:
            held = held.execution_options(isolation_level="AUTOCOMMIT")
        driver: Any = held.connection.driver_connection
        for typed, statement, bound in questions:
            floor.append(_timed(_clock(sample), _fetch, driver, statement, bound))
            for who, actor in actors.items():
                taken[who].append(_ask(sample, actor, CustomerRepository.search, typed))
    for who, times in taken.items():
        line(f"P5 {name}, {who}: median", middle(times), "ms", floor=middle(floor), most=1 * slower)
        line(f"P5 {name}, {who}: p99", p99(times), "ms", most=5 * slower)


def _spots(sample: Sample, rounds: int) -> None:
    dice = random.Random(3)
    for who, actor, names in (("rep", sample.rep, sample.own_names), ("admin", sample.admin, sample.names)):
        texts = [LOG.format(name=name) for name in dice.choices(names, k=rounds)]
        times = [_ask(sample, actor, CustomerRepository.spots, text) for text in texts]
        line(f"P5 names in a message, {who}: median", middle(times), "ms", most={"rep": 5, "admin": 20}[who])
        line(f"P5 names in a message, {who}: p99", p99(times), "ms")


def _fetch(driver: Any, statement: str, bound: tuple[Any, ...]) -> object:
    return driver.execute(statement, bound).fetchall()


def _ask(sample: Sample, actor: Actor, question: Callable[[CustomerRepository, str], object], text: str) -> float:
    """Milliseconds of one question, in a unit of work of its own."""
    with sample.database.group() as connection, unit_of_work(connection, NOW) as uow:
        return _timed(_clock(sample), question, uow.customers(actor), text)


def _clock(sample: Sample) -> Callable[[], float]:
    """CPU, so that whoever else works on this machine does not count; with a server there is only the clock on the wall."""
    return time.thread_time if sample.database.dialect == "sqlite" else time.perf_counter


def _timed(clock: Callable[[], float], work: Callable[..., object], *given: Any) -> float:
    """Milliseconds."""
    begun = clock()
    work(*given)
    return (clock() - begun) * 1000


if __name__ == "__main__":
    main()
