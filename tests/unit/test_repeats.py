"""When a rule is due next: short months, leap days, working days, intervals, and clocks that are changed."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar
from domain.repeats import LAST, WORKING, Repeat, Unit, last_day, next_after, nth_weekday

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
PLAIN = Calendar()
FESTIVAL = Calendar(  # Spring Festival of 2026 in China
    days_off=frozenset(dt.date(2026, 2, number) for number in (16, 17, 18, 19, 20, 23)),
    make_up_days=frozenset({dt.date(2026, 2, 14), dt.date(2026, 2, 28)}),
)


def dues(rule: Repeat, since: str, count: int, *, zone: ZoneInfo = SHANGHAI, calendar: Calendar = PLAIN) -> list[str]:
    """The next ``count`` times as clocks of the zone show them."""
    now = dt.datetime.fromisoformat(since).replace(tzinfo=zone)
    found = []
    for _ in range(count):
        now = next_after(rule, now, zone=zone, calendar=calendar)
        assert now.tzinfo is dt.UTC
        found.append(f"{now.astimezone(zone):%Y-%m-%d %H:%M}")
    return found


@pytest.mark.parametrize("rule, expected", [
    (Repeat(Unit.DAY), ["2026-11-19 09:00", "2026-11-20 09:00"]),
    (Repeat(Unit.DAY, at=dt.time(17)), ["2026-11-18 17:00", "2026-11-19 17:00"]),
    (Repeat(Unit.DAY, 3, start=dt.date(2026, 11, 16)), ["2026-11-19 09:00", "2026-11-22 09:00"]),
    (Repeat(Unit.DAY, start=dt.date(2026, 12, 1)), ["2026-12-01 09:00", "2026-12-02 09:00"]),
    (Repeat(Unit.WORKDAY), ["2026-11-19 09:00", "2026-11-20 09:00", "2026-11-23 09:00"]),
    (Repeat(Unit.WEEK, weekdays=(0,)), ["2026-11-23 09:00", "2026-11-30 09:00"]),
    (Repeat(Unit.WEEK, weekdays=(4, 0, 2)), ["2026-11-20 09:00", "2026-11-23 09:00", "2026-11-25 09:00"]),
    (Repeat(Unit.WEEK, 2, (4,), at=dt.time(15), start=dt.date(2026, 12, 4)), ["2026-12-04 15:00", "2026-12-18 15:00"]),
    (Repeat(Unit.WEEK, 2, (0, 4), start=dt.date(2026, 11, 20)), ["2026-11-20 09:00", "2026-11-30 09:00", "2026-12-04 09:00"]),
    (Repeat(Unit.WEEK, start=dt.date(2026, 11, 19)), ["2026-11-19 09:00", "2026-11-26 09:00"]),
    (Repeat(Unit.MONTH, month_day=31), ["2026-11-30 09:00", "2026-12-31 09:00", "2027-01-31 09:00", "2027-02-28 09:00"]),
    (Repeat(Unit.MONTH, month_day=LAST), ["2026-11-30 09:00", "2026-12-31 09:00"]),
    (Repeat(Unit.MONTH, month_day=1), ["2026-12-01 09:00", "2027-01-01 09:00"]),
    (Repeat(Unit.MONTH, 3, month_day=LAST, start=dt.date(2026, 12, 1)), ["2026-12-31 09:00", "2027-03-31 09:00"]),
    (Repeat(Unit.MONTH, nth=(1, 0)), ["2026-12-07 09:00", "2027-01-04 09:00"]),
    (Repeat(Unit.MONTH, nth=(LAST, 4)), ["2026-11-27 09:00", "2026-12-25 09:00"]),
    (Repeat(Unit.MONTH, nth=(5, 0)), ["2026-11-30 09:00", "2027-03-29 09:00"]),  # months without a fifth are left out
    (Repeat(Unit.MONTH, nth=(1, WORKING)), ["2026-12-01 09:00", "2027-01-01 09:00"]),
    (Repeat(Unit.MONTH, nth=(LAST, WORKING)), ["2026-11-30 09:00", "2026-12-31 09:00", "2027-01-29 09:00"]),
    (Repeat(Unit.YEAR, month=3, month_day=8), ["2027-03-08 09:00", "2028-03-08 09:00"]),
    (Repeat(Unit.YEAR, month=2, month_day=29), ["2027-02-28 09:00", "2028-02-29 09:00", "2029-02-28 09:00"]),
    (Repeat(Unit.YEAR, month=5, nth=(2, 6)), ["2027-05-09 09:00", "2028-05-14 09:00"]),
    (Repeat(Unit.YEAR, start=dt.date(2024, 2, 29)), ["2027-02-28 09:00", "2028-02-29 09:00"]),
    (Repeat(Unit.YEAR, 2, month=1, month_day=5, start=dt.date(2026, 1, 1)), ["2028-01-05 09:00", "2030-01-05 09:00"]),
    (Repeat(Unit.HOUR, 2, at=dt.time(9, 30), start=dt.date(2026, 11, 18)), ["2026-11-18 11:30", "2026-11-18 13:30"]),
    (Repeat(Unit.HOUR, 5, start=dt.date(2026, 11, 20)), ["2026-11-20 09:00", "2026-11-20 14:00"]),
    (Repeat(Unit.MINUTE, 30), ["2026-11-18 10:30", "2026-11-18 11:00"]),
])  # fmt: skip
def test_the_next_times(rule: Repeat, expected: list[str]) -> None:
    assert dues(rule, "2026-11-18 10:00", len(expected)) == expected


def test_the_very_moment_is_not_the_next_one() -> None:
    assert dues(Repeat(Unit.DAY, at=dt.time(10)), "2026-11-18 10:00", 1) == ["2026-11-19 10:00"]


def test_working_days_follow_holidays_and_make_up_days() -> None:
    assert dues(Repeat(Unit.WORKDAY), "2026-02-13 10:00", 3, calendar=FESTIVAL) == [
        "2026-02-14 09:00",
        "2026-02-24 09:00",
        "2026-02-25 09:00",
    ]


def test_every_other_working_day_counts_working_days_only() -> None:
    rule = Repeat(Unit.WORKDAY, 2, start=dt.date(2026, 2, 12))
    assert dues(rule, "2026-02-12 08:00", 4, calendar=FESTIVAL) == [
        "2026-02-12 09:00",
        "2026-02-14 09:00",
        "2026-02-25 09:00",
        "2026-02-27 09:00",
    ]


def test_the_last_working_day_of_a_month_with_a_holiday() -> None:
    rule = Repeat(Unit.MONTH, nth=(LAST, WORKING))
    assert dues(rule, "2026-02-01 10:00", 1, calendar=FESTIVAL) == ["2026-02-28 09:00"]


def test_a_time_that_summer_time_skips_comes_after_the_gap_and_once() -> None:
    rule = Repeat(Unit.DAY, at=dt.time(2, 30))
    assert dues(rule, "2026-03-27 12:00", 3, zone=BERLIN) == [
        "2026-03-28 02:30",
        "2026-03-29 03:00",
        "2026-03-30 02:30",
    ]


def test_a_time_that_comes_twice_counts_once() -> None:
    rule = Repeat(Unit.DAY, at=dt.time(1, 30))
    first = next_after(rule, dt.datetime(2026, 10, 31, 12, tzinfo=NEW_YORK), zone=NEW_YORK, calendar=PLAIN)
    assert first == dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC)  # the first 01:30, still summer time
    second = next_after(rule, first, zone=NEW_YORK, calendar=PLAIN)
    assert second == dt.datetime(2026, 11, 2, 6, 30, tzinfo=dt.UTC)


def test_hours_are_elapsed_time_across_a_change_of_clocks() -> None:
    rule = Repeat(Unit.HOUR, 2, at=dt.time(0), start=dt.date(2026, 3, 29))
    assert dues(rule, "2026-03-29 00:00", 2, zone=BERLIN) == ["2026-03-29 03:00", "2026-03-29 05:00"]


def test_a_day_that_a_zone_left_out() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert dues(Repeat(Unit.DAY), "2011-12-29 10:00", 3, zone=apia) == [
        "2011-12-31 00:00",  # the 30th did not exist
        "2011-12-31 09:00",
        "2012-01-01 09:00",
    ]


@pytest.mark.parametrize("wrong", [
    {"interval": 0}, {"interval": 1001}, {"weekdays": (7,)}, {"month_day": 0}, {"month_day": 32}, {"month_day": -2},
    {"month": 13}, {"nth": (0, 1)}, {"nth": (6, 1)}, {"nth": (1, 8)},
])  # fmt: skip
def test_refuses_what_is_no_rule(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Repeat(Unit.MONTH, **wrong)


RULES = st.builds(
    Repeat,
    unit=st.sampled_from(Unit),
    interval=st.integers(1, 12),
    weekdays=st.lists(st.integers(0, 6), max_size=4, unique=True).map(lambda days: tuple(sorted(days))),
    month_day=st.none() | st.integers(1, 31) | st.just(LAST),
    nth=st.none() | st.tuples(st.sampled_from((LAST, 1, 2, 3, 4)), st.integers(0, WORKING)),
    month=st.none() | st.integers(1, 12),
    at=st.times().map(lambda time: time.replace(second=0, microsecond=0)),
    start=st.none() | st.dates(dt.date(2024, 1, 1), dt.date(2029, 1, 1)),
)
MOMENTS = st.builds(
    dt.datetime.combine, st.dates(dt.date(2025, 1, 1), dt.date(2028, 1, 1)), st.times(timezones=st.just(dt.UTC))
)


@given(rule=RULES, now=MOMENTS, zone=st.sampled_from((SHANGHAI, BERLIN, NEW_YORK)))
def test_the_next_time_is_later_and_never_before_the_start(rule: Repeat, now: dt.datetime, zone: ZoneInfo) -> None:
    due = next_after(rule, now, zone=zone, calendar=PLAIN)
    assert due > now
    assert rule.start is None or due.astimezone(zone).date() >= rule.start
    assert next_after(rule, due, zone=zone, calendar=PLAIN) > due


@given(rule=RULES, now=MOMENTS)
def test_no_time_lies_between_now_and_the_next(rule: Repeat, now: dt.datetime) -> None:
    due = next_after(rule, now, zone=BERLIN, calendar=PLAIN)
    before = due - dt.timedelta(seconds=1)
    if before > now and (rule.start is not None or rule.unit not in (Unit.HOUR, Unit.MINUTE)):
        assert next_after(rule, before, zone=BERLIN, calendar=PLAIN) == due


@given(rule=RULES)
def test_a_rule_survives_its_way_through_json(rule: Repeat) -> None:
    assert Repeat.from_json(rule.to_json()) == rule


def test_json_holds_only_what_is_not_usual() -> None:
    assert Repeat(Unit.WEEK, 2, (4,), at=dt.time(15), start=dt.date(2026, 12, 4)).to_json() == {
        "unit": "week",
        "at": "15:00",
        "interval": 2,
        "weekdays": [4],
        "start": "2026-12-04",
    }
    with pytest.raises(ValueError):
        Repeat.from_json({"unit": "decade", "at": "09:00"})


def test_days_of_a_month() -> None:
    assert (last_day(2028, 2), last_day(2026, 11)) == (29, 30)
    assert nth_weekday(2026, 11, which=1, weekday=6) == dt.date(2026, 11, 1)
    assert nth_weekday(2026, 11, which=LAST, weekday=0) == dt.date(2026, 11, 30)
    assert nth_weekday(2026, 11, which=5, weekday=1) is None
