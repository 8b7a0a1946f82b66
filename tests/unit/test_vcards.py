"""Shared contact cards become customers, from old phones and new ones, and no card breaks the reading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.customers import Birthday, ChannelKind, CustomerDraft, CustomerKind
from parsing.vcards import read_card

NAME_QP = "=E5=BC=A0=E4=BC=9F"  # 张伟
OLD = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\n"
    "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=BC=A0;=E4=BC=9F;;;\r\n"
    f"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{NAME_QP}\r\n"
    "TEL;CELL:13800000000\r\nTEL;WORK:028-85551234\r\n"
    f"NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{NAME_QP}=E5=BC=A0=\r\n=E4=BC=9F\r\n"
    "END:VCARD\r\n"
)
NEW = (
    "BEGIN:VCARD\nVERSION:3.0\nN:Lin;Mary;;;\nFN:Mary Lin\nORG:Lin & Sons;Sales\nTITLE:Owner\nNICKNAME:May\n"
    "TEL;TYPE=CELL:+852 9123 4567\nEMAIL;TYPE=INTERNET:Mary@linsons.example\nX-WECHAT:mary_lin\n"
    "ADR;TYPE=WORK:;;12 Queen's Road;Hong Kong;;;HK\nBDAY:1985-03-12\nCATEGORIES:VIP,florist\nNOTE:likes tea\nEND:VCARD"
)


def card(vcard: str, *, phone: str = "", first: str = "", last: str = "", region: str = "CN") -> CustomerDraft:
    return read_card(phone=phone, first_name=first, last_name=last, vcard=vcard, region=region)


def test_an_old_phones_card_is_read_through_its_encoding() -> None:
    draft = card(OLD)
    assert (draft.name, draft.kind) == ("张伟", CustomerKind.PERSON)
    assert [channel.normal for channel in draft.contacts[0].channels] == ["+8613800000000", "+862885551234"]
    assert draft.values["note"] == "张伟张伟", "a soft line break is no end"


def test_a_card_with_an_organisation_is_a_company_with_that_contact() -> None:
    draft = card(NEW, region="HK")
    assert (draft.name, draft.kind, draft.tags) == ("Lin & Sons", CustomerKind.COMPANY, ("VIP", "florist"))
    assert draft.values == {"address": "12 Queen's Road, Hong Kong, HK", "note": "likes tea"}
    contact = draft.contacts[0]
    assert (contact.name, contact.birthday) == ("Mary Lin", Birthday(3, 12, 1985))
    assert contact.values == {"title": "Owner", "nickname": "May"}
    assert [(channel.kind, channel.normal) for channel in contact.channels] == [
        (ChannelKind.PHONE, "+85291234567"),
        (ChannelKind.EMAIL, "mary@linsons.example"),
        (ChannelKind.WECHAT, "mary_lin"),
    ]


def test_a_contact_without_a_card() -> None:
    draft = card("", phone="+8613900000000", first="伟", last="张")
    assert (draft.name, draft.kind) == ("张伟", CustomerKind.PERSON)
    assert [channel.normal for channel in draft.contacts[0].channels] == ["+8613900000000"]
    assert card("", phone="+15035557555", first="Tom", last="Baker").name == "Tom Baker"


def test_the_same_number_twice_is_one() -> None:
    assert len(card(OLD, phone="+8613800000000").contacts[0].channels) == 2


@pytest.mark.parametrize(
    "vcard",
    [
        "garbage",
        "BEGIN:VCARD",
        "BEGIN:VCARD\nVERSION:3.0\nEND:VCARD",
        "BEGIN:VCARD\nBDAY:xx\nTEL\nORG\nEND:VCARD",
        "BEGIN:VCARD\nVERSION:2.1\nFN;ENCODING=QUOTED-PRINTABLE:=ZZ=\nEND:VCARD",
        "BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=NO-SUCH:x\nEND:VCARD",
        "BEGIN:VCARD\nBEGIN:VCARD\nEND:VCARD",
    ],
)
def test_a_broken_card_leaves_what_the_client_said(vcard: str) -> None:
    draft = card(vcard, phone="+8613900000000", first="Tom")
    assert draft.contacts[0].channels[0].normal == "+8613900000000"


LINES = st.sampled_from(
    [
        "BEGIN:VCARD",
        "END:VCARD",
        "VERSION:2.1",
        "VERSION:3.0",
        "N:a;b;;;",
        "FN:",
        "FN;ENCODING=QUOTED-PRINTABLE:=E5=",
        "TEL;CELL:13800000000",
        "TEL:",
        "ORG:;;",
        "ADR:;;;",
        "ADR:x",
        "BDAY:1985-02-31",
        "EMAIL:@",
        "NOTE:\\n\\,",
        "PHOTO;ENCODING=b:AAA",
        " folded",
        "CATEGORIES:,",
        ":",
        ";;:",
    ]
)


@given(st.lists(LINES, max_size=12))
def test_no_card_breaks_the_reading(lines: list[str]) -> None:
    draft = card("\r\n".join(["BEGIN:VCARD", *lines, "END:VCARD"]), phone="+8613900000000", first="Tom")
    assert draft.contacts


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading(text: str) -> None:
    card(text, phone=text[:12], first=text[:5], last=text[5:9])
    card(f"BEGIN:VCARD\nFN:{text}\nTEL:{text}\nEND:VCARD")
