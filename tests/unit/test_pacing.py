"""How fast may be sent, and how much one person may ask. Times are arguments: nothing here waits."""

import datetime as dt

import pytest

from bot.pacing import ChatPace, Overall
from bot.throttle import Throttle
from domain.people import Role

NOW = dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC)


def sent_in(seconds: float, overall: Overall, *, start: float = 1000.0) -> int:
    """How many sends a busy sender gets through."""
    now, count = start, 0
    while now < start + seconds:
        if (wait := overall.wait(now)) > 0:
            now += wait
            continue
        overall.take(now)
        count += 1
    return count


def test_the_overall_rate_stays_two_percent_under_the_limit() -> None:
    assert 29.0 * 10 <= sent_in(10, Overall(30)) <= 29.4 * 10 + 4


def test_unused_slots_are_not_saved_up() -> None:
    overall = Overall(30)
    overall.take(1000.0)
    assert sent_in(1, overall, start=2000.0) <= 33


def test_an_answer_goes_ahead_and_the_others_wait_for_it() -> None:
    overall = Overall(30)
    assert sent_in(1, overall) <= 33
    now = 1001.0 + overall.wait(1001.0)
    overall.take(now)
    assert overall.wait(now) > 0
    for _ in range(2):
        assert overall.wait(now, answer=True) == 0
        overall.take(now)
    assert overall.wait(now, answer=True) > 0
    assert sent_in(9, overall, start=now) + 3 <= 29.4 * 9 + 4  # in the long run nothing was added


def test_a_429_halves_the_rate_and_it_grows_back() -> None:
    overall = Overall(30)
    overall.limited(1, 3.0, now=1000.0)
    assert overall.rate(1000.0) == pytest.approx(15)
    assert overall.rate(1030.0) == pytest.approx(30)
    assert overall.wait(1000.0) == 0  # one chat's limit is not everybody's


def test_429s_of_two_chats_at_once_hold_everybody() -> None:
    overall = Overall(30)
    overall.limited(1, 3.0, now=1000.0)
    overall.limited(2, 3.0, now=1000.5)
    assert overall.wait(1000.5) == pytest.approx(3.5)


def test_one_chat_s_long_limit_is_not_everybody_s() -> None:
    overall = Overall(30)
    overall.limited(1, 3_600.0, now=1000.0)
    overall.limited(2, 3.0, now=1000.5)
    assert overall.wait(1000.5) == pytest.approx(3.5)


def test_a_chat_takes_three_at_once_and_then_one_a_second() -> None:
    pace = ChatPace(is_group=False)
    waits = []
    for _ in range(5):
        waits.append(pace.wait(100.0))
        pace.take(100.0 + waits[-1])
    assert waits[:3] == [0, 0, 0]
    assert waits[3] == pytest.approx(1.0)


def test_a_group_takes_twenty_a_minute() -> None:
    pace, now = ChatPace(is_group=True, spacing=0), 100.0
    for _ in range(20):
        assert pace.wait(now) == 0
        pace.take(now)
        now += 1
    assert pace.wait(now) == pytest.approx(40.0)
    assert pace.wait(161.0) == 0


def test_staff_may_ask_120_times_a_minute_and_strangers_10() -> None:
    throttle = Throttle()
    for role, most in ((Role.REP, 120), (None, 10)):
        person = 1 if role else 2
        assert all(throttle.full_until(person, role, now=NOW) is None for _ in range(most))
        assert throttle.full_until(person, role, now=NOW) == NOW + dt.timedelta(minutes=1)
        assert throttle.full_until(person, role, now=NOW + dt.timedelta(minutes=1)) is None


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    throttle = Throttle(strangers=1)
    assert throttle.full_until(1, None, now=NOW) is None
    assert throttle.full_until(1, None, now=NOW - dt.timedelta(hours=5)) is None
