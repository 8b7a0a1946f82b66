"""Working days, working hours, quiet hours, and local times in zones that change their clocks."""

import datetime as dt
import sys
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar, QuietHours, WorkTime, held_until, localize
from storage.organisation import build_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = WorkTime.parse("Mon-Fri 09:00-12:00,13:30-18:00; Sat 09:00-12:00")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def instant(text: str, zone: ZoneInfo = SHANGHAI) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(dt.UTC)


# Spring Festival of 2026 in China: off from the 16th to the 23rd, the Saturdays 14 and 28 are worked
FESTIVAL = Calendar(
    days_off=frozenset(day(f"2026-02-{number}") for number in (16, 17, 18, 19, 20, 23)),
    make_up_days=frozenset({day("2026-02-14"), day("2026-02-28")}),
    names=((day("2026-02-17"), "春节"),),
)


@pytest.mark.parametrize("text, works", [
    ("2026-02-13", True),
    ("2026-02-14", True),  # a Saturday that is worked
    ("2026-02-15", False),
    ("2026-02-17", False),
    ("2026-02-23", False),
    ("2026-02-24", True),
])  # fmt: skip
def test_days_off_and_make_up_days_outweigh_the_weekend(text: str, works: bool) -> None:
    assert FESTIVAL.is_working(day(text)) is works


def test_working_days_before_and_after_a_holiday() -> None:
    assert FESTIVAL.next_working_day(day("2026-02-14")) == day("2026-02-14")
    assert FESTIVAL.next_working_day(day("2026-02-15")) == day("2026-02-24")
    assert FESTIVAL.following_working_day(day("2026-02-14")) == day("2026-02-24")
    assert FESTIVAL.preceding_working_day(day("2026-02-24")) == day("2026-02-14")


def test_names_of_holidays() -> None:
    assert FESTIVAL.name_of(day("2026-02-17")) == "春节"
    assert FESTIVAL.name_of(day("2026-02-18")) is None


def test_another_weekend() -> None:
    gulf = Calendar(weekend=frozenset({4, 5}))
    assert gulf.following_working_day(day("2026-11-19")) == day("2026-11-22")  # Thursday to Sunday


def test_a_calendar_without_any_working_day_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one weekday"):
        Calendar(weekend=frozenset(range(7)))


@pytest.mark.parametrize("time, weekday, works", [
    ("08:59", 0, False),
    ("09:00", 0, True),
    ("12:00", 0, False),
    ("13:29", 4, False),
    ("17:59", 4, True),
    ("18:00", 4, False),
    ("09:00", 5, True),
    ("14:00", 5, False),
    ("10:00", 6, False),
])  # fmt: skip
def test_working_hours_of_several_parts(time: str, weekday: int, works: bool) -> None:
    assert OFFICE.contains(dt.time.fromisoformat(time), weekday) is works


def test_begin_and_end_of_work() -> None:
    assert (OFFICE.start, OFFICE.end) == (dt.time(9), dt.time(18))
    assert OFFICE.end_on(5) == dt.time(12)
    assert OFFICE.end_on(6) == dt.time(18)
    assert OFFICE.works_on(5) and not OFFICE.works_on(6)


def test_working_time_across_the_week_and_until_midnight() -> None:
    bar = WorkTime.parse("Fri-Mon 18:00-24:00")
    assert [weekday for weekday in range(7) if bar.works_on(weekday)] == [0, 4, 5, 6]
    assert bar.contains(dt.time(23, 59), 6)
    assert WorkTime.parse("mon,WED 9:00-17:00").contains(dt.time(9), 2)


@pytest.mark.parametrize("text", [
    "", "Mon-Fri", "09:00-18:00", "Mon-Fri 9-18", "Mon-Fri 18:00-09:00", "Mon-Fri 09:00-09:00", "Xyz 09:00-18:00",
    "Mon-Fri 09:00-25:00", "Mon-Fri 09:00-24:30", "Mon 09:00-12:00,11:00-18:00", "Mon-Fri 09:00-18:00;",
])  # fmt: skip
def test_working_time_that_cannot_be_read_says_what_is_wrong(text: str) -> None:
    with pytest.raises(ValueError, match=r"working (time|hours)"):
        WorkTime.parse(text)


@pytest.mark.parametrize("time, holds", [
    ("21:59", False), ("22:00", True), ("03:00", True), ("07:59", True), ("08:00", False), ("12:00", False),
])  # fmt: skip
def test_quiet_hours_cross_midnight(time: str, holds: bool) -> None:
    assert QuietHours().holds(dt.time.fromisoformat(time)) is holds
    assert QuietHours().holds(dt.datetime.fromisoformat(f"2026-11-18T{time}")) is holds


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    siesta = QuietHours(dt.time(12), dt.time(14))
    assert siesta.holds(dt.time(13)) and not siesta.holds(dt.time(14))
    assert not any(QuietHours(dt.time(8), dt.time(8)).holds(dt.time(hour)) for hour in range(24))


@pytest.mark.parametrize("now, end", [
    ("2026-11-18 23:00", "2026-11-19 08:00"),
    ("2026-11-18 03:00", "2026-11-18 08:00"),
    ("2026-11-18 08:00", "2026-11-19 08:00"),
])  # fmt: skip
def test_the_end_of_quiet_hours(now: str, end: str) -> None:
    assert QuietHours().ends_after(instant(now), SHANGHAI) == instant(end)


def test_quiet_hours_end_when_clocks_skip_their_end() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = QuietHours(dt.time(22), dt.time(2, 30))
    assert night.ends_after(instant("2026-03-28 23:00", berlin), berlin) == instant("2026-03-29 03:00", berlin)


@pytest.mark.parametrize("now, free", [
    ("2026-02-13 10:00", "2026-02-13 10:00"),
    ("2026-02-13 23:00", "2026-02-14 08:00"),  # a Saturday that is worked
    ("2026-02-14 22:30", "2026-02-24 08:00"),  # through the whole holiday
    ("2026-02-18 12:00", "2026-02-24 08:00"),
])  # fmt: skip
def test_days_off_are_quiet_as_a_whole(now: str, free: str) -> None:
    assert held_until(instant(now), QuietHours(), calendar=FESTIVAL, zone=SHANGHAI) == instant(free)


def test_days_off_disturb_whoever_wants_it() -> None:
    now = instant("2026-02-18 12:00")
    assert held_until(now, QuietHours(), calendar=FESTIVAL, zone=SHANGHAI, days_off=False) == now


@pytest.mark.parametrize("zone, wall, expected", [
    ("Asia/Shanghai", "2026-11-18 09:00", "2026-11-18T01:00"),
    ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29T01:00"),  # skipped: 03:00 summer time
    ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25T00:30"),  # twice: the first, still summer time
    ("America/New_York", "2026-03-08 02:00", "2026-03-08T07:00"),
    ("America/New_York", "2026-11-01 01:30", "2026-11-01T05:30"),
    ("America/Havana", "2026-03-08 00:30", "2026-03-08T05:00"),  # midnight itself is skipped
    ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03T15:30"),  # half an hour
    ("Pacific/Apia", "2011-12-30 09:00", "2011-12-30T10:00"),  # the whole day was skipped
])  # fmt: skip
def test_local_times_that_are_skipped_or_come_twice(zone: str, wall: str, expected: str) -> None:
    local = dt.datetime.fromisoformat(wall)
    assert localize(local.date(), local.time(), ZoneInfo(zone)) == dt.datetime.fromisoformat(f"{expected}+00:00")


ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
)


@given(
    wall=st.builds(dt.datetime.combine, st.dates(dt.date(1990, 1, 1), dt.date(2037, 12, 31)), st.times()),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
)
def test_localized_times_show_what_was_asked_or_the_end_of_the_gap(wall: dt.datetime, zone: ZoneInfo) -> None:
    found = localize(wall.date(), wall.time(), zone)
    shown = found.astimezone(zone).replace(tzinfo=None)
    if shown != wall:  # skipped: one moment earlier clocks showed a time before it
        earlier = (found - dt.timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
        assert earlier < wall < shown + dt.timedelta(seconds=1)


def test_the_public_holidays_of_a_region_are_known_and_no_other_country_is_loaded() -> None:
    china, taiwan = build_calendar("CN", 2026), build_calendar("TW", 2026)
    assert {day("2026-10-01"), day("2026-02-17")} <= china.days_off and day("2026-02-14") in china.make_up_days
    assert {day("2026-02-28"), day("2026-02-17")} <= taiwan.days_off and day("2026-10-01") not in taiwan.days_off
    assert build_calendar("ZZ", 2026) == Calendar()
    assert "holidays.countries.zimbabwe" not in sys.modules
