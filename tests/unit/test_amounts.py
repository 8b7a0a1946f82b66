"""Money in logs: how much, in what, which part it plays, and the many numbers that are none."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.amounts import AmountRole, currency_of, decimals_of
from parsing.amounts import find_amounts

BUDGET, QUOTE, ORDER, PAYMENT, MENTIONED = AmountRole


def amounts(text: str, currency: str = "CNY") -> list[tuple[str, float, str]]:
    return [(a.text, a.minor / 100, a.currency) for a in find_amounts(text, currency=currency)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("预算50万", 500_000),
        ("报价 5800", 5800),
        ("¥12,000.50", 12_000.5),
        ("￥３０００", 3000),
        ("3万5", 35_000),
        ("3万5千", 35_000),
        ("3万5百", 30_500),
        ("五万八", 58_000),
        ("五萬八", 58_000),
        ("五万八千六", 58_600),
        ("1.2w", 12_000),
        ("12k", 12_000),
        ("12K", 12_000),
        ("20个w", 200_000),
        ("20多万", 200_000),
        ("十五万", 150_000),
        ("一千二百万", 12_000_000),
        ("三百万", 3_000_000),
        ("1亿2", 120_000_000),
        ("一亿两千万", 120_000_000),
        ("十万零五百", 100_500),
        ("两千三百块", 2300),
        ("報價一百五", 150),
        ("3千5", 3500),
        ("3块5", 3.5),
        ("五百塊錢", 500),
        ("2万元整", 20_000),
        ("quoted him 12,000", 12_000),
        ("budget of 50k", 50_000),
        ("20000 deposit", 20_000),
        ("5000的单子", 5000),
        ("5万年底付", 50_000),
        ("报价5万对方要折扣", 50_000),
        ("5万点头同意", 50_000),
        ("1千", 1000),
    ],
)
def test_how_much(text: str, value: float) -> None:
    assert [found[1] for found in amounts(text)] == [value]


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("NT$3,500", "TWD"),
        ("3500台币", "TWD"),
        ("US$ 200", "USD"),
        ("200美金", "USD"),
        ("人民币 500", "CNY"),
        ("HK$1.5m", "HKD"),
        ("€500", "EUR"),
        ("500 euros", "EUR"),
        ("$200", "USD"),
        ("200块", "CNY"),
    ],
)
def test_named_currency(text: str, currency: str) -> None:
    assert [found[2] for found in amounts(text)] == [currency]


def test_signs_that_mean_the_regions_own_money() -> None:
    assert amounts("$200", "TWD") == [("$200", 200, "TWD")]
    assert amounts("200元", "TWD") == [("200元", 200, "TWD")]
    assert amounts("5万", "HKD") == [("5万", 50_000, "HKD")]
    assert amounts("200元", "USD") == [("200元", 200, "CNY")]
    assert find_amounts("¥500", currency="JPY")[0].minor == 500
    assert (currency_of("tw"), currency_of("XX"), decimals_of("JPY")) == ("TWD", "USD", 0)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("预算50万 我们报价45万", [BUDGET, QUOTE]),
        ("50万预算", [BUDGET]),
        ("單子 30萬", [ORDER]),
        ("a 50k deal", [ORDER]),
        ("签了20万", [ORDER]),
        ("signed for 20k", [ORDER]),
        ("合同额 12万 首付3万", [ORDER, PAYMENT]),
        ("回款20万", [PAYMENT]),
        ("付了5万定金", [PAYMENT]),
        ("paid 3000 deposit", [PAYMENT]),
        ("对手报价3万 我们报价2万8", [MENTIONED, QUOTE]),
        ("没成交 20万", [MENTIONED]),
        ("想签个20万", [MENTIONED]),
        ("还没付5万", [MENTIONED]),
        ("优惠2千", [MENTIONED]),
        ("他说5万太贵，预算没定", [MENTIONED]),
    ],
)
def test_which_part_it_plays(text: str, roles: list[AmountRole]) -> None:
    assert [a.role for a in find_amounts(text, currency="CNY")] == roles


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("预算10-15万", 100_000, "10-15万"),
        ("10到15万之间", 100_000, "10到15万"),
        ("3000-5000元一套", 3000, "3000-5000元"),
        ("8千~1万", 8000, "8千~1万"),
        ("$5k-$8k", 5000, "$5k-$8k"),
    ],
)
def test_of_a_range_the_lower_end_is_kept(text: str, value: int, words: str) -> None:
    assert [found[:2] for found in amounts(text)] == [(words, value)]


@pytest.mark.parametrize(
    "text",
    [
        "要9.5折 让3个点 50套 账期60天 net 60",
        "200台 2个小时 10万套 三千多套 5k units",
        "10万台3点五折",
        "一块去 万一不行 千万别忘 十几万 几十万",
        "4k显示器 10km 3千米 5G",
        "首付30% 50% 5万%",
        "报价50套 预算3个月 报价2份",
        "订单 4521 order 4521",
        "预算2027年批 budget 2027",
        "2026年3月8日 5号 14:30 12/1",
        "第一千个客户 三块地 元旦",
        "13800000000",
        "3万人 5万粉丝 2万平",
        "",
    ],
)
def test_numbers_that_are_no_money(text: str) -> None:
    assert amounts(text) == []


def test_masked_spans_are_left_alone() -> None:
    text = "见了万三万 报价5万"
    assert amounts(text[2:5]) == [("三万", 30_000, "CNY")]
    assert [a.text for a in find_amounts(text, currency="CNY", masked=[(2, 5)])] == ["5万"]


@example(text="十k0万", currency="CNY")
@given(
    st.text(alphabet="0123456789一二两三十百千万亿wkm$¥.,-到块元报价预算 套a", max_size=40),
    st.sampled_from(["CNY", "JPY"]),
)
def test_no_text_breaks_the_reading(text: str, currency: str) -> None:
    last = 0
    for amount in find_amounts(text, currency=currency):
        assert amount.minor > 0
        assert last <= amount.start < amount.end <= len(text)
        assert text[amount.start : amount.end] == amount.text
        last = amount.end


@given(st.text(max_size=60))
def test_no_unicode_breaks_the_reading(text: str) -> None:
    find_amounts(text, currency="CNY", masked=[(0, len(text) // 3)])
