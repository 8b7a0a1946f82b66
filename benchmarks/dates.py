"""How long one message takes to be read for dates: median and p99 over the shared table. Goal: 0.2 ms.

Run with ``python benchmarks/dates.py``.
"""

import datetime as dt
import statistics
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.calendar import Calendar, WorkTime
from parsing.dates import find_dates

TABLE = Path(__file__).parent.parent / "tests" / "unit" / "data" / "dates.tsv"
ROUNDS = 50


def main() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    said_at = dt.datetime(2026, 11, 18, 10, tzinfo=zone)
    calendar, worktime = Calendar(), WorkTime.parse("Mon-Fri 09:00-18:00")
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    texts = [line.split("\t")[0] for line in lines if not line.startswith(("#", "expression"))]

    def read(text: str) -> float:
        """Milliseconds for one text."""
        begun = time.perf_counter()
        find_dates(text, said_at=said_at, zone=zone, calendar=calendar, worktime=worktime)
        return (time.perf_counter() - begun) * 1000

    for text in texts:
        read(text)  # loads the lunar calendar, compiles what is compiled once
    taken = sorted(read(text) for _ in range(ROUNDS) for text in texts)
    p99 = taken[int(len(taken) * 0.99)]
    print(f"find_dates, {len(texts)} texts x {ROUNDS}: median {statistics.median(taken):.3f} ms, p99 {p99:.3f} ms")


if __name__ == "__main__":
    main()
