"""Phone numbers: normalised in their region, kept as typed elsewhere, found in running text, masked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsing.phones import PhoneKind, find_phones, mask, parse_phone, region_of


@pytest.mark.parametrize(
    ("typed", "region", "e164", "kind"),
    [
        ("13800000000", "CN", "+8613800000000", PhoneKind.MOBILE),
        ("138 0000 0000", "CN", "+8613800000000", PhoneKind.MOBILE),
        ("138-0000-0000", "CN", "+8613800000000", PhoneKind.MOBILE),
        ("１３８００００００００", "CN", "+8613800000000", PhoneKind.MOBILE),
        ("+86 13800000000", "TW", "+8613800000000", PhoneKind.MOBILE),
        ("0086 13800000000", "CN", "+8613800000000", PhoneKind.MOBILE),
        ("028-85551234", "CN", "+862885551234", PhoneKind.LANDLINE),
        ("010-62345678转801", "CN", "+861062345678", PhoneKind.LANDLINE),
        ("0912-345-678", "TW", "+886912345678", PhoneKind.MOBILE),
        ("(02) 2345-6789", "TW", "+886223456789", PhoneKind.LANDLINE),
        ("9123 4567", "HK", "+85291234567", PhoneKind.MOBILE),
        ("+852 9123 4567", "CN", "+85291234567", PhoneKind.MOBILE),
        ("(503) 555-7555", "US", "+15035557555", PhoneKind.OTHER),
    ],
)
def test_valid_numbers_are_normalised(typed: str, region: str, e164: str, kind: PhoneKind) -> None:
    phone = parse_phone(typed, region)
    assert phone is not None
    assert (phone.e164, phone.kind, phone.valid) == (e164, kind, True)
    assert phone.tail == e164[-4:]


@pytest.mark.parametrize(
    ("typed", "tail"),
    [("030-0074321", "4321"), ("(5) 555-4729", "4729"), ("88.60.15.31", "1531"), ("2967 542", "7542")],
)
def test_numbers_of_no_known_plan_survive_as_typed(typed: str, tail: str) -> None:
    phone = parse_phone(typed, "CN")
    assert phone is not None
    assert (phone.typed, phone.e164, phone.tail, phone.valid) == (typed, None, tail, False)


@pytest.mark.parametrize(
    "typed", ["", "NULL", "12", "无", "a@b.com", "1234567890123456", "12 Main St", "13800000000元"]
)
def test_what_is_no_number(typed: str) -> None:
    assert parse_phone(typed, "CN") is None


def test_the_customers_country_reads_the_number() -> None:
    assert region_of("Germany", "CN") == "DE"
    assert region_of("México", "CN") == "MX"
    assert region_of("tw", "CN") == "TW"
    assert region_of("台灣", "CN") == "TW"
    assert region_of(None, "CN") == region_of("Atlantis", "CN") == "CN"
    phone = parse_phone("0621-08460", "CN", country="Germany")
    assert phone is not None
    assert phone.e164 == "+4962108460"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("新客户李四13800000000火锅店", ["13800000000"]),
        ("Lin & Sons, Mary Lin, +852 9123 4567, florist", ["+852 9123 4567"]),
        ("call 028-85551234 or (604) 555-4729", ["028-85551234", "(604) 555-4729"]),
        ("13800000000 13900000000", ["13800000000", "13900000000"]),
        ("手机0912345678", ["0912345678"]),
        ("2026-12-01 14:30 见", []),
        ("2026.11.18 报价 58000", []),
        ("预算1,200,000元, 10-15万, 3000-5000元一套, 8000-10000 左右", []),
        ("订单号 202611180001, 10号和15号 200套", []),
        ("9.5折 3个点 账期60天", []),
        ("¥13800000000", []),
    ],
)
def test_numbers_in_a_text(text: str, found: list[str]) -> None:
    assert [text[phone.start : phone.end] for phone in find_phones(text, "CN")] == found


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800000000", "138****0000"),
        ("138 0000 0000", "138****0000"),
        ("+8613800000000", "+86138****0000"),
        ("+852 9123 4567", "+852****4567"),
        ("0912345678", "09****5678"),
        ("9123 4567", "****4567"),
        ("(5) 555-4729", "****4729"),
        ("1234", "****"),
    ],
)
def test_masked_numbers_can_be_recognised_and_not_called(phone: str, shown: str) -> None:
    assert mask(phone) == shown


@given(st.text(max_size=60), st.sampled_from(["CN", "TW", "US", "XX"]))
def test_no_text_breaks_the_reading(text: str, region: str) -> None:
    parse_phone(text, region, country=text[:12])
    mask(text)
    for phone in find_phones(text, region):
        assert text[phone.start : phone.end].strip()


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True))
def test_a_mask_never_shows_the_middle(phone: str) -> None:
    assert mask(phone) == f"{phone[:3]}****{phone[-4:]}"
