"""When a backup is due, which ones stay, and when somebody is told that there is none."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from domain.backups import BackupState, is_due, is_overdue, last_night, superfluous

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = dt.datetime(2026, 11, 18, 4, tzinfo=dt.UTC)  # in Shanghai
LONG_AGO = NOON - dt.timedelta(days=60)


def ago(**span: float) -> dt.datetime:
    return NOON - dt.timedelta(**span)


@pytest.mark.parametrize(
    "now, zone, night",
    [
        ("2026-11-18T04:00+00:00", "Asia/Shanghai", "2026-11-17T19:00+00:00"),
        ("2026-11-17T18:59+00:00", "Asia/Shanghai", "2026-11-16T19:00+00:00"),
        ("2026-11-17T19:00+00:00", "Asia/Shanghai", "2026-11-17T19:00+00:00"),
        ("2026-03-29T10:00+00:00", "Europe/Berlin", "2026-03-29T01:00+00:00"),  # 03:00 is the first moment after 02:00
        ("2026-10-25T10:00+00:00", "Europe/Berlin", "2026-10-25T02:00+00:00"),
        ("2026-11-18T02:00+00:00", "America/Los_Angeles", "2026-11-17T11:00+00:00"),
    ],
)
def test_last_night_is_three_o_clock_of_the_zone(now: str, zone: str, night: str) -> None:
    found = last_night(dt.datetime.fromisoformat(now), ZoneInfo(zone))
    assert found == dt.datetime.fromisoformat(night)


@pytest.mark.parametrize(
    "state, due",
    [
        (BackupState(since=ago(minutes=1)), False),  # a new database waits for its first night
        (BackupState(since=ago(hours=10)), True),
        (BackupState(since=LONG_AGO, made_at=ago(hours=8)), False),  # made after three
        (BackupState(since=LONG_AGO, made_at=ago(hours=10)), True),
        (BackupState(since=LONG_AGO, made_at=ago(days=40)), True),  # the machine slept
        (BackupState(since=LONG_AGO, made_at=ago(days=2), tried_at=ago(minutes=59)), False),
        (BackupState(since=LONG_AGO, made_at=ago(days=2), tried_at=ago(minutes=61)), True),
        (BackupState(since=LONG_AGO, made_at=ago(days=2), tried_at=ago(days=-1)), True),  # the clock was set back
    ],
)
def test_one_is_due_every_night_and_tried_again_by_the_hour(state: BackupState, due: bool) -> None:
    assert is_due(state, now=NOON, zone=SHANGHAI) is due


@pytest.mark.parametrize("hours, told", [(25.9, False), (26.1, True)])
def test_a_day_and_two_hours_without_one_are_told(hours: float, told: bool) -> None:
    assert is_overdue(BackupState(since=LONG_AGO, made_at=ago(hours=hours)), now=NOON) is told
    assert is_overdue(BackupState(since=ago(hours=hours)), now=NOON) is told


def test_seven_days_and_four_weeks_stay() -> None:
    nights = [NOON - dt.timedelta(days=days) for days in range(60)]  # the 18th is a Wednesday
    gone = superfluous(nights, now=NOON)
    kept = [at.date().isoformat() for at in sorted(set(nights) - gone, reverse=True)]
    assert kept == [
        *("2026-11-18", "2026-11-17", "2026-11-16", "2026-11-15", "2026-11-14", "2026-11-13", "2026-11-12"),
        *("2026-11-08", "2026-11-01"),  # Sundays; that of last week is among the seven days
    ]


def test_of_one_day_the_newest_stays_and_what_was_just_made() -> None:
    made = [ago(hours=hours) for hours in (1, 2, 20, 30, 31)]
    assert superfluous(made, now=NOON) == {ago(hours=31)}


def test_a_bot_that_was_off_for_months_keeps_its_last_ones() -> None:
    made = [NOON - dt.timedelta(days=days) for days in (200, 201, 202)]
    assert superfluous(made, now=NOON) == frozenset()
