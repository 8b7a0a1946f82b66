"""Signed buttons: what fits, what opens, and what does not."""

import pytest

from bot.signing import Signer
from views.replies import payload


@payload("zz1")
class Sample:
    """A payload of the test."""

    number: int
    other: int | None


@payload("zzl")
class Long:
    """One that is too long for a button."""

    a: int
    b: int
    c: int
    d: int


OLD, NEW = b"o" * 32, b"n" * 32
ME = {"person_id": 5, "chat_id": 77}


def test_a_button_opens_for_its_person_in_its_chat() -> None:
    signer = Signer([NEW])
    data = signer.sign(Sample(2**40, None), **ME)
    assert len(data.encode()) <= 64
    assert signer.open(data, **ME) == Sample(2**40, None)


@pytest.mark.parametrize("who", [{"person_id": 6, "chat_id": 77}, {"person_id": 5, "chat_id": 78}])
def test_it_opens_for_nobody_else(who: dict[str, int]) -> None:
    signer = Signer([NEW])
    assert signer.open(signer.sign(Sample(1, 2), **ME), **who) is None


@pytest.mark.parametrize(
    "data", ["", "~", "zz1.1.2", "zz1.1.2~", "zz1.1.3~AAAAAAAAAAA", "zz1.1.2~" + "é" * 20, "x" * 64]
)
def test_what_was_not_signed_does_not_open(data: str) -> None:
    assert Signer([NEW]).open(data, **ME) is None


def test_each_byte_of_a_button_counts() -> None:
    signer = Signer([NEW])
    data = signer.sign(Sample(1, 2), **ME)
    for at in range(len(data)):
        changed = data[:at] + ("A" if data[at] != "A" else "B") + data[at + 1 :]
        assert signer.open(changed, **ME) is None


def test_an_old_key_still_opens_while_a_new_one_signs() -> None:
    before = Signer([OLD]).sign(Sample(1, 2), **ME)
    both = Signer([NEW, OLD])
    assert both.open(before, **ME) == Sample(1, 2)
    assert Signer([OLD]).open(both.sign(Sample(1, 2), **ME), **ME) is None


def test_a_payload_that_is_too_long_is_a_bug_of_the_view() -> None:
    with pytest.raises(ValueError, match="bytes of callback data"):
        Signer([NEW]).sign(Long(2**62, 2**62, 2**62, 2**62), **ME)
