"""By when a case is answered: working hours, holidays, make-up days, and clocks that stand still."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from domain.calendar import Calendar, WorkTime
from domain.case_clocks import Level, WorkClock, moment_of, moved, targets
from domain.cases import CaseKind, read_reference
from domain.customers import Grade

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOLIDAY, MAKE_UP = dt.date(2026, 10, 1), dt.date(2026, 10, 10)  # a Thursday, a Saturday
CLOCK = WorkClock(
    Calendar(frozenset({HOLIDAY}), frozenset({MAKE_UP})), WorkTime.parse("Mon-Fri 09:00-12:00,13:30-18:00"), SHANGHAI
)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-18T10:00", 2, "2026-11-18T12:00"),  # to the very end of a span
        ("2026-11-18T10:00", 4, "2026-11-18T15:30"),  # over noon
        ("2026-11-18T10:00", 8, "2026-11-19T10:30"),  # a day has seven and a half hours
        ("2026-11-20T17:00", 2, "2026-11-23T10:00"),  # over the weekend
        ("2026-11-21T11:00", 1, "2026-11-23T10:00"),  # filed on a Saturday
        ("2026-09-30T17:30", 1, "2026-10-02T09:30"),  # a holiday between
        ("2026-10-09T17:00", 2, "2026-10-10T10:00"),  # a Saturday that is worked
        ("2026-11-18T03:00", 0.5, "2026-11-18T09:30"),  # filed at night
    ],
)
def test_working_time_is_counted_forwards_and_back(start: str, hours: float, end: str) -> None:
    assert CLOCK.after(at(start), hours) == at(end)
    assert CLOCK.between(at(start), at(end)) == dt.timedelta(hours=hours)
    assert CLOCK.between(CLOCK.before(at(end), hours), at(end)) == dt.timedelta(hours=hours)


def test_levels_come_before_and_after_the_promise() -> None:
    due = CLOCK.after(at("2026-11-18T09:00"), 7.5)
    assert moment_of(Level.HALF, due, 7.5, CLOCK) == at("2026-11-18T14:15")
    assert moment_of(Level.MOST, due, 7.5, CLOCK) == at("2026-11-18T16:30")
    assert moment_of(Level.BREACH, due, 7.5, CLOCK) == at("2026-11-18T18:00")
    assert moment_of(Level.LONG, due, 7.5, CLOCK) == at("2026-11-19T14:30")


def test_a_clock_that_stood_still_ends_later_by_the_working_time_between() -> None:
    due = at("2026-11-18T16:00")
    since, now = at("2026-11-18T15:00"), at("2026-11-19T10:00")
    assert moved(due, since, now, CLOCK) == at("2026-11-19T11:00")
    assert moved(at("2026-11-18T14:00"), since, now, CLOCK) == at("2026-11-18T14:00"), "it had run out before"
    assert moved(None, since, now, CLOCK) is None


def test_urgent_cases_and_great_customers_wait_half_as_long() -> None:
    usual = targets(CaseKind.COMPLAINT, Grade.C, urgent=False)
    assert (usual.answer, usual.update, usual.solve) == (8, 16, 40)
    assert targets(CaseKind.COMPLAINT, Grade.C, urgent=True).answer == 4
    assert targets(CaseKind.COMPLAINT, Grade.A, urgent=True) == targets(CaseKind.COMPLAINT, Grade.A, urgent=False)
    assert targets(CaseKind.PRAISE, Grade.A, urgent=False).solve is None


def test_the_end_of_work_some_working_days_on() -> None:
    assert CLOCK.days_after(at("2026-11-18T10:00"), 5) == at("2026-11-25T18:00")
    assert CLOCK.days_after(at("2026-10-09T10:00"), 1) == at("2026-10-10T18:00")


@pytest.mark.parametrize(
    ("typed", "read"),
    [("c-7k3qxm", "C-7K3QXM"), ("7K3QXM", "C-7K3QXM"), ("C 7k3qxm", "C-7K3QXM"), ("C-7K3QX", None), ("C-7K3QX0", None)],
)
def test_a_reference_is_read_however_it_is_written(typed: str, read: str | None) -> None:
    assert read_reference(typed) == read
