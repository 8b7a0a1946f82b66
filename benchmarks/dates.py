"""How long one message takes to be read for dates: median and p99 over the shared table. Goal: 0.2 ms.

Run with ``python -m benchmarks.dates`` (``--quick``: does it work at all).
"""

import datetime as dt
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.rig import arguments, head, line, middle, p99
from domain.calendar import Calendar, WorkTime
from parsing.dates import find_dates

TABLE = Path(__file__).parent.parent / "tests" / "unit" / "data" / "dates.tsv"
ROUNDS = 50


def main() -> None:
    rounds = 1 if arguments(__doc__).parse_args().quick else ROUNDS
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
    taken = [read(text) for _ in range(rounds) for text in texts]
    head()
    line(f"dates of {len(texts)} texts: median", middle(taken), "ms", most=0.2)
    line(f"dates of {len(texts)} texts: p99", p99(taken), "ms")


if __name__ == "__main__":
    main()
