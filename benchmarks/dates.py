"""What one message costs to be read for dates, in CPU time: median and p99 over the shared table and over whole logs. Goal: 0.2 ms.

Run with ``python -m benchmarks.dates`` (``--quick``: does it work at all).
"""

import datetime as dt
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.rig import arguments, head, line, middle, p99
from domain.calendar import Calendar, WorkTime
from parsing.dates import find_dates

DATA = Path(__file__).parent.parent / "tests" / "unit" / "data"
ROUNDS = 50


def main() -> None:
    rounds = 1 if arguments(__doc__).parse_args().quick else ROUNDS
    zone = ZoneInfo("Asia/Shanghai")
    said_at = dt.datetime(2026, 11, 18, 10, tzinfo=zone)
    calendar, worktime = Calendar(), WorkTime.parse("Mon-Fri 09:00-18:00")
    sets = {"dates": _column("dates.tsv", 0), "logs": _column("held_log_lines.tsv", -1)}

    def read(text: str) -> float:
        """Milliseconds of CPU for one text."""
        begun = time.thread_time_ns()
        find_dates(text, said_at=said_at, zone=zone, calendar=calendar, worktime=worktime)
        return (time.thread_time_ns() - begun) / 1e6

    head()
    for name, texts in sets.items():
        for text in texts:
            read(text)  # loads the lunar calendar, compiles what is compiled once
        taken = [read(text) for _ in range(rounds) for text in texts]
        line(f"dates of {len(texts)} {name}: median", middle(taken), "ms", most=0.2)
        line(f"dates of {len(texts)} {name}: p99", p99(taken), "ms")


def _column(file: str, number: int) -> list[str]:
    lines = (DATA / file).read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[number] for line in lines if not line.startswith(("#", "expression", "lang"))]


if __name__ == "__main__":
    main()
