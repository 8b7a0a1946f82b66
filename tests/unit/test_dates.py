"""What ``parsing.dates`` reads: the shared table, a wide one of our own, what is never a date, and the decided readings."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import Calendar, WorkTime
from domain.repeats import Repeat
from parsing.dates import Found, Kind, find_dates, first_date

DATA = Path(__file__).parent / "data"
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI)  # a Wednesday
WORKTIME = WorkTime.parse("Mon-Fri 09:00-18:00")


def days(text: str) -> frozenset[dt.date]:
    return frozenset(dt.date.fromisoformat(day) for day in text.split())


CHINA = Calendar(  # as announced for 2026; statutory days of 2027
    days(
        "2026-01-01 2026-01-02 2026-02-16 2026-02-17 2026-02-18 2026-02-19 2026-02-20 2026-02-23 2026-04-05 2026-04-06 "
        "2026-05-01 2026-05-02 2026-05-04 2026-05-05 2026-06-19 2026-09-25 2026-10-01 2026-10-02 2026-10-03 2026-10-05 "
        "2026-10-06 2026-10-07 2027-01-01 2027-02-05 2027-02-06 2027-02-07 2027-02-08 2027-02-09 2027-02-10 2027-04-05 "
        "2027-05-01 2027-05-02 2027-05-03 2027-05-04 2027-06-09 2027-09-15 2027-10-01 2027-10-02 2027-10-03 2027-10-04 "
        "2027-10-05"
    ),
    days("2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10"),
)


def rows(name: str) -> list[tuple[str, str]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(pair[0], pair[1]) for pair in pairs if pair[0] != "expression"]


def find(
    text: str, said_at: dt.datetime = NOW, *, past: bool = False, worktime: WorkTime = WORKTIME
) -> tuple[Found, ...]:
    return find_dates(text, said_at=said_at, zone=SHANGHAI, calendar=CHINA, worktime=worktime, past=past)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def stamp(value: dt.datetime | dt.date | None) -> str:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, dt.datetime) else str(value)


def rule(repeat: Repeat) -> str:
    words = [f"every {repeat.interval} {repeat.unit}"]
    words += [f"on {','.join(map(str, repeat.weekdays))}"] if repeat.weekdays else []
    words += [f"month {repeat.month}"] if repeat.month else []
    words += [f"day {repeat.month_day}"] if repeat.month_day else []
    words += [f"nth {repeat.nth[0]},{repeat.nth[1]}"] if repeat.nth else []
    words += [f"at {repeat.at:%H:%M}"]
    return " ".join([*words, f"from {repeat.start}"] if repeat.start else words)


def shown(found: Found) -> str:
    """A found date as the table writes it."""
    text = rule(found.repeat) if found.repeat else stamp(found.at or found.day)
    text += f" .. {stamp(found.until)}" if found.kind is Kind.RANGE else ""
    if found.other:
        text += f" or {rule(found.other.repeat) if found.other.repeat else stamp(found.other.at or found.other.day)}"
    return f"ask {text}" if found.ask else text


def fits(found: tuple[Found, ...], expected: str) -> bool:
    """Whether one of the dates is the expected one, by as many fields as the shared table gives."""
    match expected.split():
        case ["nothing"]:
            return not found
        case ["repeat", time]:
            return any(one.repeat is not None and f"{one.repeat.at:%H:%M}" == time for one in found)
        case ["≥", day]:
            return any(one.day is not None and str(one.day) >= day for one in found)
        case [day]:
            return any(str(one.day) == day for one in found)
        case _:
            return any(stamp(one.at) == expected for one in found)


@pytest.mark.parametrize("text, expected", rows("dates.tsv"))
def test_reads_the_shared_table(text: str, expected: str) -> None:
    assert fits(find(text), expected)


@pytest.mark.parametrize("text, expected", rows("more_dates.tsv"))
def test_reads_what_people_write(text: str, expected: str) -> None:
    assert " ; ".join(map(shown, find(text))) == expected


@pytest.mark.parametrize("text", (DATA / "no_dates.txt").read_text(encoding="utf-8").splitlines())
def test_refuses_what_only_looks_like_a_date(text: str) -> None:
    assert find(text) == ()


@pytest.mark.parametrize("text, said, expected", [
    ("周三下午3点", "2026-11-18 10:00", "2026-11-18 15:00 or 2026-11-25 15:00"),  # today while still to come
    ("周三下午3点", "2026-11-18 15:01", "2026-11-25 15:00 or 2026-11-18 15:00"),
    ("周三", "2026-11-18 08:00", "2026-11-18 or 2026-11-25"),  # nine o'clock, which a reminder takes, is to come
    ("周三", "2026-11-18 10:00", "2026-11-25 or 2026-11-18"),
    ("周四", "2026-11-18 10:00", "2026-11-19"),
    ("周三见了张总", "2026-11-18 10:00", "2026-11-18"),  # after a contact word the latest one not in the future
    ("周三下午见了张总", "2026-11-18 10:00", "2026-11-11 14:00"),
    ("周四拜访过李总", "2026-11-18 10:00", "2026-11-12"),
    ("on Thursday we met Lin", "2026-11-18 10:00", "2026-11-12"),
    ("visited Lin on Thursday", "2026-11-18 10:00", "2026-11-12"),
    ("下周三", "2026-11-15 10:00", "2026-11-18"),  # said on a Sunday: the next ISO week
    ("next Wednesday", "2026-11-16 10:00", "2026-11-25"),
    ("这周三", "2026-11-20 10:00", "2026-11-18"),
    ("周末", "2026-11-21 08:00", "2026-11-21 or 2026-11-28"),
    ("月底", "2026-11-30 10:00", "2026-11-30"),
    ("月初", "2026-12-01 10:00", "2026-12-01"),
    ("过两天", "2026-12-31 10:00", "2027-01-02"),
    ("一个月后", "2027-01-31 10:00", "2027-02-28"),
    ("上午", "2026-11-18 08:00", "2026-11-18 09:00"),
    ("中午", "2026-11-18 08:00", "2026-11-18 12:00"),
    ("下午", "2026-11-18 08:00", "2026-11-18 14:00"),
    ("傍晚", "2026-11-18 08:00", "2026-11-18 18:00"),
    ("晚上", "2026-11-18 08:00", "2026-11-18 19:00"),
    ("明天一早", "2026-11-18 08:00", "2026-11-19 08:00"),
    ("5点", "2026-11-18 16:00", "2026-11-18 17:00 or 2026-11-19 05:00"),
    ("5点", "2026-11-18 17:30", "2026-11-19 17:00 or 2026-11-19 05:00"),
    ("7点", "2026-11-18 10:00", "ask 2026-11-18 19:00 or 2026-11-19 07:00"),  # neither is inside working hours
    ("12月5号", "2026-12-05 20:00", "2026-12-05"),
    ("12月5号", "2026-12-06 10:00", "2027-12-05 or 2026-12-05"),
    ("12月5号见了张总", "2026-12-06 10:00", "2026-12-05"),
    ("今晚2点", "2026-11-18 21:00", "2026-11-19 02:00"),
    ("凌晨2点", "2026-11-18 01:00", "2026-11-18 02:00"),
    ("2月29日", "2028-02-29 10:00", "2028-02-29"),
])  # fmt: skip
def test_takes_the_reading_that_was_decided(text: str, said: str, expected: str) -> None:
    assert " ; ".join(map(shown, find(text, at(said)))) == expected


def test_asks_when_both_readings_lie_inside_working_hours() -> None:
    (found,) = find("明天5点", worktime=WorkTime.parse("Mon-Sun 00:00-24:00"))
    assert found.ask and found.other is not None
    assert {stamp(found.at), stamp(found.other.at)} == {"2026-11-19 05:00", "2026-11-19 17:00"}


def test_looks_back_when_told_to_unless_the_words_plan() -> None:
    assert [shown(one) for one in find("周四 张伟 谈了报价", past=True)] == ["2026-11-12"]
    assert [shown(one) for one in find("张伟 谈了报价 周四再去", past=True)] == ["2026-11-19"]
    assert [shown(one) for one in find("10号 张伟", past=True)] == ["2026-11-10"]
    assert [shown(one) for one in find("下周四 张伟", past=True)] == ["2026-11-26"]


@pytest.mark.parametrize("said, text, expected", [
    ("2026-09-28 10:00", "国庆后上班第一天", "2026-10-08"),
    ("2026-09-28 10:00", "节后第一个工作日", "2026-10-08"),
    ("2026-09-28 10:00", "国庆节前最后一个工作日", "2026-09-30"),
    ("2026-10-03 10:00", "节后", "2026-10-08"),  # in the middle of it
    ("2026-02-10 10:00", "春节后", "2026-02-24"),
    ("2026-02-10 10:00", "节前", "2026-02-14"),  # a Saturday that is worked
    ("2026-02-10 10:00", "年后第一个周一", "2026-03-02"),
    ("2026-02-10 10:00", "过完年", "2026-02-24"),
    ("2026-04-28 10:00", "五一假期后第一个工作日", "2026-05-06"),
    ("2026-05-07 10:00", "下个工作日", "2026-05-08"),
    ("2026-05-08 10:00", "下个工作日", "2026-05-09"),  # a Saturday that is worked
    ("2026-05-07 10:00", "三个工作日后", "2026-05-11"),
    ("2026-09-28 10:00", "after the holiday", "2026-10-08"),
    ("2026-09-28 10:00", "first working day after National Day", "2026-10-08"),
])  # fmt: skip
def test_knows_holidays_and_make_up_days(said: str, text: str, expected: str) -> None:
    assert [shown(one) for one in find(text, at(said))] == [expected]


def test_names_after_a_festival_a_working_day_where_no_holiday_is_known() -> None:
    found = first_date("春节后", said_at=NOW, zone=SHANGHAI, calendar=Calendar(), worktime=WORKTIME)
    assert found is not None and found.day == dt.date(2027, 2, 15)


def test_celebrates_national_day_as_the_calendar_does() -> None:
    taiwan = Calendar(days("2026-10-10 2027-10-10 2027-02-28"))
    found = first_date("國慶日", said_at=NOW, zone=SHANGHAI, calendar=taiwan, worktime=WORKTIME)
    assert found is not None and found.day == dt.date(2027, 10, 10)


def test_never_reads_a_masked_name() -> None:
    text = "拜访周一鸣 周五再去 天天五点"
    assert [one.text for one in find(text)] == ["周五", "五点"]
    masked = [(2, 5), (11, 15)]
    found = find_dates(text, said_at=NOW, zone=SHANGHAI, calendar=CHINA, worktime=WORKTIME, masked=masked)
    assert [one.text for one in found] == ["周五"]


@pytest.mark.parametrize("text, spans", [
    ("提醒我明天下午３点给王总打电话", ["明天下午３点"]),
    ("報價已發，月底前跟進", ["月底前"]),
    ("call Lin by Friday, visit Chen on Dec 5 at 2pm", ["by Friday", "on Dec 5 at 2pm"]),
    ("😀😀 下週三（11月25日）上午10點半 😀", ["下週三（11月25日）上午10點半"]),
    ("remind me tomorrow to call Lin at 3pm", ["tomorrow"]),  # the words between stay
    ("周一到周五 9:00-18:00 营业", ["周一到周五 9:00-18:00"]),
])  # fmt: skip
def test_points_at_the_original_text(text: str, spans: list[str]) -> None:
    found = find(text)
    assert [one.text for one in found] == spans
    assert [text[one.start : one.end] for one in found] == spans


def test_gives_lengths_only_when_asked() -> None:
    text = "试用14天 账期60天 net 60 谈了2个小时 周五回访"
    found = find_dates(text, said_at=NOW, zone=SHANGHAI, calendar=CHINA, worktime=WORKTIME, lengths=True)
    assert [(one.kind, one.text) for one in found] == [
        (Kind.LENGTH, "14天"),
        (Kind.LENGTH, "60天"),
        (Kind.LENGTH, "net 60"),
        (Kind.LENGTH, "2个小时"),
        (Kind.DAY, "周五"),
    ]
    assert [one.kind for one in find(text)] == [Kind.DAY]


def test_reads_words_in_the_zone_of_their_writer() -> None:
    said_at = dt.datetime(2026, 11, 18, 20, 0, tzinfo=dt.UTC)  # already the 19th in Shanghai, 15:00 in New York
    for zone, expected in (("Asia/Shanghai", "2026-11-20 09:00"), ("America/New_York", "2026-11-19 09:00")):
        found = first_date("明天上午9点", said_at=said_at, zone=ZoneInfo(zone), calendar=Calendar(), worktime=WORKTIME)
        assert found is not None and stamp(found.at) == expected


def test_moves_a_clock_time_that_summer_time_skips() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    said_at = dt.datetime(2026, 3, 28, 12, 0, tzinfo=berlin)
    found = first_date("明天凌晨2:30", said_at=said_at, zone=berlin, calendar=Calendar(), worktime=WORKTIME)
    assert found is not None and stamp(found.at) == "2026-03-29 03:00"
    found = first_date("in 24 hours", said_at=said_at, zone=berlin, calendar=Calendar(), worktime=WORKTIME)
    assert found is not None and found.at == said_at.astimezone(dt.UTC) + dt.timedelta(hours=24)


WORDS = [text for text, _ in rows("more_dates.tsv")] + (DATA / "no_dates.txt").read_text(encoding="utf-8").splitlines()
MESSAGES = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=sorted(set("".join(WORDS))), max_size=40),
    st.lists(st.sampled_from(WORDS), max_size=5).map("，".join),
    st.lists(st.sampled_from(WORDS), max_size=5).map("到".join),
)


@settings(max_examples=400)
@given(text=MESSAGES, past=st.booleans(), minute=st.integers(0, 60 * 24 * 800))
def test_any_text_gives_dates_in_order_inside_it(text: str, past: bool, minute: int) -> None:
    said_at = at("2026-01-01 00:00") + dt.timedelta(minutes=minute)
    found = find_dates(text, said_at=said_at, zone=SHANGHAI, calendar=CHINA, worktime=WORKTIME, past=past, lengths=True)
    end = 0
    for one in found:
        assert end <= one.start < one.end <= len(text)
        assert one.text == text[one.start : one.end]
        end = one.end
        assert (one.repeat is not None) == (one.kind is Kind.REPEAT)
        assert (one.until is not None) == (one.kind is Kind.RANGE)
        assert (one.day is None) == (one.kind is Kind.LENGTH)
        assert one.at is None or one.at.date() == one.day


@settings(max_examples=100)
@given(text=MESSAGES, spans=st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=3))
def test_no_date_lies_in_a_masked_span(text: str, spans: list[tuple[int, int]]) -> None:
    found = find_dates(text, said_at=NOW, zone=SHANGHAI, calendar=CHINA, worktime=WORKTIME, masked=spans)
    hidden = {place for start, end in spans for place in range(start, end)}
    assert all(not {one.start, one.end - 1} & hidden for one in found)
