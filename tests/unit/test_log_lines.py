"""One message is a log: PRODUCT.md's rows, some 250 more in three languages, and what may never happen to any message."""

import datetime as dt
import time
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.amounts import AmountRole
from domain.calendar import Calendar, WorkTime
from domain.touches import Outcome, TouchKind
from parsing.dates import Found
from parsing.spots import KnownName, spot_names
from parsing.touches import Contradiction, LogLine, Sort, classify, parse_log

ZONE = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 11, 18, 10, tzinfo=ZONE)  # a Wednesday
WORKTIME = WorkTime.parse("Mon-Fri 09:00-18:00")
KNOWN = (
    KnownName(1, "张伟", 11),
    KnownName(2, "明远科技有限公司", person=False),
    KnownName(2, "李建国", 21),
    KnownName(3, "王芳", 31, nickname="王姐"),
    KnownName(4, "陈小明", 41, nickname="小陈"),
    KnownName(5, "刘强", 51, nickname="刘老板"),
    KnownName(6, "天天鲜生", person=False),
    KnownName(7, "Lin & Sons", person=False),
    KnownName(7, "Mary Lin", 71),
    KnownName(8, "张敏", 81),
    KnownName(9, "周晓琳", 91),
    KnownName(10, "Acme Trading", person=False),
    KnownName(10, "Tom Baker", 101),
    KnownName(11, "華興建材", person=False),
    KnownName(11, "黃志明", 111, nickname="黃經理"),
    KnownName(12, "何志强", 121),
)


class Row(NamedTuple):
    sort: str
    who: str
    kind: str
    outcome: str
    happened: str
    next: str
    text: str


def rows() -> list[Row]:
    lines = (Path(__file__).parent / "data" / "log_lines.tsv").read_text("utf-8").splitlines()
    return [Row(*line.split("\t")) for line in lines[3:]]


def log(text: str, *, said_at: dt.datetime = NOW, known: tuple[KnownName, ...] = KNOWN) -> LogLine:
    return parse_log(
        text,
        names=spot_names(text, known),
        said_at=said_at,
        zone=ZONE,
        calendar=Calendar(),
        worktime=WORKTIME,
        currency="CNY",
    )


def sort(text: str, *, found_anything: bool | None = None, known: tuple[KnownName, ...] = KNOWN) -> Sort:
    spots = spot_names(text, known)
    return classify(
        text,
        names=spots,
        found_anything=bool(spots) if found_anything is None else found_anything,
        said_at=NOW,
        zone=ZONE,
        calendar=Calendar(),
        worktime=WORKTIME,
    )


def when(found: Found | None) -> str:
    if found is None:
        return "-"
    return f"{found.at:%m-%d %H:%M}" if found.at else f"{found.day:%m-%d}"


def understood(text: str) -> Row:
    line = log(text)
    who = "+".join(str(named.customer_id) for named in line.customers)
    happened = when(line.happened) if line.happened else "now"
    return Row(
        sort=sort(text).value,
        who=who or (f"?{line.unknown_name}" if line.unknown_name else "-"),
        kind=line.kind.value if line.kind else "-",
        outcome=line.outcome.value,
        happened=happened,
        next=when(line.next) + (f" {line.next_kind.value}" if line.next_kind else ""),
        text=text,
    )


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.text)
def test_messages_are_understood(row: Row) -> None:
    assert understood(row.text) == row


def test_the_whole_message_is_the_note() -> None:
    for row in rows():
        assert log(row.text).note == row.text


# PRODUCT.md, "One message is a log" -------------------------------------------------------------------------------


def test_row_visit_with_an_agreed_return() -> None:
    line = log("拜访 张伟 谈了新报价 对方要折扣 下周三上午10点回访")
    assert [(n.customer_id, n.contact_id) for n in line.customers] == [(1, 11)]
    assert (line.kind, line.outcome, line.happened_at) == (TouchKind.VISIT, Outcome.REACHED, NOW)
    assert line.next is not None
    assert line.next.at == dt.datetime(2026, 11, 25, 10, tzinfo=ZONE)
    assert line.contradicts is None
    assert line.other_dates == ()


def test_row_renewal_with_a_call_in_two_weeks() -> None:
    line = log("visited Lin & Sons, renewed for a year, call back in 2 weeks")
    assert line.next is not None
    assert (line.next.day, line.next.at, line.next_kind) == (dt.date(2026, 12, 2), None, TouchKind.CALL)


def test_row_dated_yesterday_with_an_order() -> None:
    line = log("昨天下午拜访了李总,签了合同")
    assert line.happened_at == dt.datetime(2026, 11, 17, 14, tzinfo=ZONE)
    assert line.happened_sure
    assert line.is_order
    assert line.next is None


def test_row_discount_is_no_amount() -> None:
    line = log("刚出来 刘老板嫌贵 要9.5折 下周二再去")
    assert line.amounts == ()
    assert when(line.next) == "11-24"


def test_row_two_tries_are_two_entries() -> None:
    line = log("10号和15号去了天天鲜生 都没见到人")
    assert line.several_days == (dt.date(2026, 11, 10), dt.date(2026, 11, 15))
    assert line.outcome is Outcome.TRIED
    assert [n.customer_id for n in line.customers] == [6]


def test_row_two_customers_match() -> None:
    assert [n.customer_id for n in log("见了张总").customers] == [1, 8]


def test_row_tag_and_first_contact_word() -> None:
    line = log("#大客户 拜访 明远科技 演示了新系统")
    assert (line.tags, line.kind) == (("大客户",), TouchKind.VISIT)


@pytest.mark.parametrize(
    ("text", "customer", "happened", "next_day"),
    [
        (
            "【拜访记录】\n客户：明远科技\n时间：昨天下午3点\n内容：演示新系统\n下一步：下周二报价",
            2,
            "11-17 15:00",
            "11-24",
        ),
        ("张伟\n电话 没接\n明天再打", 1, "now", "11-19"),
        ("Visit report\nCustomer: Acme\nDate: 17 Nov\nTom wants a demo\nNext: 25 Nov 2pm", 10, "11-17", "11-25 14:00"),
    ],
)
def test_a_log_may_have_lines(text: str, customer: int, happened: str, next_day: str) -> None:
    line = log(text)
    assert [named.customer_id for named in line.customers] == [customer]
    assert (when(line.happened) if line.happened else "now", when(line.next)) == (happened, next_day)
    assert line.note == text


# Details -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "contradiction"),
    [
        ("明天去了张伟那里", Contradiction.TOUCH_IN_FUTURE),
        ("明天去拜访张伟", Contradiction.TOUCH_IN_FUTURE),
        ("上周三再打给王姐", Contradiction.NEXT_IN_PAST),
        ("拜访张伟 谈了报价 2026-11-01回访", Contradiction.NEXT_IN_PAST),
        ("拜访张伟 谈了报价 下周三回访", None),
        ("昨天拜访张伟", None),
        ("visited Acme tomorrow", Contradiction.TOUCH_IN_FUTURE),
    ],
)
def test_what_contradicts_itself_is_said(text: str, contradiction: Contradiction | None) -> None:
    assert log(text).contradicts is contradiction


@pytest.mark.parametrize(
    ("text", "next_day", "others"),
    [
        ("电话张伟 他周五发样 下周二再催 月底有结果", "11-24", ["11-20", "11-30"]),
        ("just left Acme, send the quote by Thursday, meet again next Wednesday 2pm", "11-25 14:00", ["11-19"]),
        ("拜访张伟 周四出方案 下周一回访", "11-23", ["11-19"]),
        ("张伟说下周三有结果 月底付款", "11-30", ["11-25"]),
    ],
)
def test_of_several_dates_ours_is_the_next_touch(text: str, next_day: str, others: list[str]) -> None:
    line = log(text)
    assert (when(line.next), [when(other) for other in line.other_dates]) == (next_day, others)


@pytest.mark.parametrize(
    "text",
    [
        "见了张伟 他下周出差",
        "电话张伟 1号发货",
        "拜访张伟 账期30天",
        "拜访张伟 试用14天",
        "张伟下周三开业",
        "王姐下个月结婚",
        "met Tom, he is on holiday next week",
        "called Mary, delivery on the 1st",
        "visited Acme, they open the new shop on Dec 5",
    ],
)
def test_the_customers_own_days_stay_in_the_note(text: str) -> None:
    line = log(text)
    assert line.next is None
    assert line.other_dates == ()


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("张伟 签了 8万", True),
        ("成交 明远科技 12.8万", True),
        ("張偉 簽約了", True),
        ("Lin & Sons signed!", True),
        ("Acme placed an order", True),
        ("张伟没签 还在犹豫", False),
        ("张伟想下单", False),
        ("王姐说下周一签合同", False),
        ("催张伟签合同", False),
        ("Mary will sign next week", False),
        ("Tom hasn't signed yet", False),
    ],
)
def test_an_order_is_one_only_when_it_was_made(text: str, order: bool) -> None:
    assert log(text).is_order is order


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("电话 王姐 没接", Outcome.TRIED),
        ("去了明远 老板不在 跟店长聊了", Outcome.REACHED),
        ("去了明远 老板不在 跟前台说了", Outcome.TRIED),
        ("张伟说价格不在预算内", Outcome.REACHED),
        ("去了张伟店里 没人", Outcome.TRIED),
        ("called Tom, voicemail", Outcome.TRIED),
        ("called Tom, no answer, then met him at the office", Outcome.REACHED),
        ("微信王姐 已读未回", Outcome.TRIED),
        ("打给王姐 第一次没接 后来回电了", Outcome.REACHED),
    ],
)
def test_tried_is_not_reached(text: str, outcome: Outcome) -> None:
    assert log(text).outcome is outcome


@pytest.mark.parametrize(
    ("text", "customer", "next_day"),
    [
        ("拜访了王姐 不对 是张敏 下周三再去", 8, "11-25"),
        ("电话王姐 下周三 哦不 下周四回访", 3, "11-26"),
        ("电话王姐 下周三回访 说错了 下周四", 3, "11-26"),
        ("明天下午3点 不对 4点再打给王姐", 3, "11-19 16:00"),
        ("met Tom, no wait, Mary. follow up next Tuesday, sorry, next Wednesday", 7, "11-25"),
        ("电话王姐 不是下周三是下周四回访", 3, "11-26"),
    ],
)
def test_what_was_said_later_holds(text: str, customer: int, next_day: str) -> None:
    line = log(text)
    assert ([n.customer_id for n in line.customers], when(line.next)) == ([customer], next_day)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("拜访 赵敏 谈了新报价", "赵敏"),
        ("拜访了赵敏，谈了价格", "赵敏"),
        ("赵敏 电话没接", "赵敏"),
        ("去了鼎丰火锅 老板不在", "鼎丰火锅"),
        ("今天下午拜访了成都恒通物流有限公司 谈了运输", "成都恒通物流有限公司"),
        ("拜訪 鼎新電腦 談了 ERP", "鼎新電腦"),
        ("电话 孙姐 没接", "孙姐"),
        ("见了欧阳总 谈合作", "欧阳总"),
        ("跟小吴说了新价格", "小吴"),
        ("和孙总监通电话 聊了20分钟", "孙总监"),
        ("visited Harbor Foods, they want a demo", "Harbor Foods"),
        ("visited Salt & Straw, renewed", "Salt & Straw"),
        ("called peter novak, no answer", "peter novak"),
        ("met Mr Johnson at the expo", "Mr Johnson"),
        ("visited on Monday", None),
        ("电话没接", None),
        ("去了 3 家", None),
    ],
)
def test_an_unknown_name_is_guessed(text: str, name: str | None) -> None:
    assert log(text, known=()).unknown_name == name


def test_money_keeps_its_role() -> None:
    line = log("拜访明远科技李总 预算50万 报价45万 账期60天 要9.5折 3个点 50套 下周五出方案")
    assert [(a.text, a.role) for a in line.amounts] == [("50万", AmountRole.BUDGET), ("45万", AmountRole.QUOTE)]


def test_words_are_relative_to_when_they_were_written() -> None:
    line = log("昨天拜访张伟 明天再去", said_at=NOW - dt.timedelta(days=7))
    assert line.happened_at.date() == dt.date(2026, 11, 10)
    assert not line.happened_sure
    assert when(line.next) == "11-12"


def test_a_contact_word_inside_a_name_is_none() -> None:
    known = (KnownName(20, "电话堂餐饮", person=False), KnownName(21, "Call & Sons", person=False))
    assert log("拜访 电话堂餐饮 谈了", known=known).kind is TouchKind.VISIT
    assert log("电话堂餐饮 微信 聊了", known=known).kind is TouchKind.MESSAGE
    assert log("visited Call & Sons", known=known).kind is TouchKind.VISIT


def test_fillers_are_ignored_when_understanding() -> None:
    plain = understood("今天上午去了天天鲜生 老板不在 后天再打")
    filled = understood("嗯 今天 呃 上午去了那个天天鲜生 嗯 老板不在 那个 后天 呃 再打")
    assert plain[:6] == filled[:6]


@pytest.mark.parametrize(
    ("text", "found_anything", "expected"),
    [
        ("武侯区 火锅店", True, Sort.SEARCH),
        ("武侯区 火锅店", False, Sort.UNCLEAR),
        ("a word that nobody knows about", True, Sort.UNCLEAR),
        ("今天天气不错我们去公园走走吧大家一起", True, Sort.UNCLEAR),
        ("提醒我交周报", False, Sort.REMINDER),
        ("remind me to send the report", False, Sort.REMINDER),
        ("提醒他付尾款了 张伟答应月底", False, Sort.LOG),
        ("后天下午交方案", False, Sort.REMINDER),
        ("", False, Sort.UNCLEAR),
        ("👍", False, Sort.UNCLEAR),
    ],
)
def test_what_a_text_without_a_command_is(text: str, found_anything: bool, expected: Sort) -> None:
    assert sort(text, found_anything=found_anything) is expected


def test_a_parse_takes_less_than_a_millisecond() -> None:
    texts = [row.text for row in rows()]
    spots = [spot_names(text, KNOWN) for text in texts]
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        for text, names in zip(texts, spots, strict=True):
            parse_log(
                text,
                names=names,
                said_at=NOW,
                zone=ZONE,
                calendar=Calendar(),
                worktime=WORKTIME,
                currency="CNY",
            )
        best = min(best, time.process_time() - start)
    assert best / len(texts) < 0.002, "twice the budget, since machines differ"


PIECES = (
    "拜访 张伟 王姐 Mary 没接 明天 下周三 10点 再去 回访 不对 是 签了 5万 #大客户 微信 他 出差 了 去 , 。 和 10号 嗯 那个 call met "
    "tomorrow next Tuesday again 5k 👍 ！ 不是 昨天 到 每周一 LINE"
)


@given(st.lists(st.sampled_from(PIECES.split()), max_size=14).map(" ".join))
def test_no_mixture_of_words_breaks_the_reading(text: str) -> None:
    line = log(text)
    assert line.note == text
    assert line.happened_at.tzinfo is not None
    assert sort(text) in Sort
    if line.next is not None:
        assert line.next.day is not None


@given(st.text(max_size=100))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert log(text).note == text
    sort(text, found_anything=True)


@pytest.mark.parametrize(
    "piece", ["去", "了", "周一", "电话", "1", "一", "call ", "#", "嗯", "到 ", "张伟", "，", "不是", "the ", "10号和"]
)
def test_a_long_monotonous_message_takes_no_time(piece: str) -> None:
    text = (piece * 4000)[:4000]
    start = time.process_time()
    log(text)
    sort(text)
    assert time.process_time() - start < 3
