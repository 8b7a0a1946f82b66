"""Half days in which a customer can be called."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from domain.advisor import call_at, windows
from domain.calendar import Calendar, WorkTime
from domain.case_clocks import WorkClock

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "worktime, now, expected",
    [
        ("Mon-Fri 09:00-18:00", "2026-11-18T10:00", ["18 09:00-13:00", "18 13:00-18:00", "19 09:00-13:00"]),
        ("Mon-Fri 09:00-18:00", "2026-11-18T12:30", ["18 13:00-18:00", "19 09:00-13:00", "19 13:00-18:00"]),
        ("Mon-Fri 09:00-18:00", "2026-11-20T19:00", ["23 09:00-13:00", "23 13:00-18:00", "24 09:00-13:00"]),
        ("Mon-Fri 09:00-12:00,13:30-18:00", "2026-11-18T08:00", ["18 09:00-12:00", "18 13:30-18:00", "19 09:00-12:00"]),
        ("Mon-Fri 14:00-20:00", "2026-11-18T08:00", ["18 14:00-20:00", "19 14:00-20:00", "20 14:00-20:00"]),
    ],
)
def test_the_next_half_days_of_work(worktime: str, now: str, expected: list[str]) -> None:
    clock = WorkClock(Calendar(), WorkTime.parse(worktime), ZONE)
    at = dt.datetime.fromisoformat(now).replace(tzinfo=ZONE)
    found = windows(at, clock)
    local = [(one.start.astimezone(ZONE), one.end.astimezone(ZONE)) for one in found]
    assert [f"{start:%d %H:%M}-{end:%H:%M}" for start, end in local][:3] == expected
    assert all(at < call_at(one, at) < one.end for one in found)
