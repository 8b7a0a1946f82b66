"""Long messages in parts: within the limit, cut at lines, every part valid by itself, nothing lost."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.splitting import LONGEST_TEXT, PIECE, plain, shown_units, split, units


@pytest.mark.parametrize("text, expected", [("abc", 3), ("客源", 2), ("😀", 2), ("", 0)])
def test_length_is_counted_in_utf16_units(text: str, expected: int) -> None:
    assert units(text) == expected


@pytest.mark.parametrize(
    "html, expected", [("<b>ab</b>", 2), ("a &amp; b", 5), ("&lt;3", 2), ('<a href="https://x.example">x</a>', 1)]
)
def test_tags_do_not_count_and_references_count_as_what_they_stand_for(html: str, expected: int) -> None:
    assert shown_units(html) == expected


def test_what_fits_is_left_as_it_is() -> None:
    html = "<b>" + "x" * LONGEST_TEXT + "</b>"
    assert split(html) == [html]


def test_the_cut_is_after_the_last_line_that_fits() -> None:
    assert split("one\ntwo\nthree", 9) == ["one\ntwo", "three"]


def test_a_line_that_is_too_long_is_cut_inside() -> None:
    parts = split("x" * 1000, 300)
    assert "".join(parts) == "x" * 1000
    assert all(len(part) <= 300 for part in parts)


def test_formatting_is_closed_and_opened_again() -> None:
    assert split("<b>one <i>two\nthree</i></b>", 8) == ["<b>one <i>two</i></b>", "<b><i>three</i></b>"]


def test_a_link_keeps_its_address_in_both_parts() -> None:
    parts = split('<a href="https://x.example">one\ntwo</a>', 4)
    assert parts == ['<a href="https://x.example">one</a>', '<a href="https://x.example">two</a>']


def test_no_part_begins_with_what_belongs_to_the_character_before() -> None:
    family = "👨\u200d👩\u200d👧"
    parts = split("x" * 199 + family * 60, 210)
    assert all(not part.startswith(("\u200d", "\ufe0f")) for part in parts)
    assert "".join(parts) == "x" * 199 + family * 60


@given(
    st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), min_size=1),
    st.integers(1, 500),
    st.integers(2 * PIECE, 1000),  # two units for each character of an uncut piece
)
def test_nothing_is_lost_and_every_part_fits(words: str, times: int, most: int) -> None:
    text = words * times
    parts = split(f"<b>{escape(text)}</b>", most)
    assert all(shown_units(part) <= most for part in parts)
    assert plain("".join(parts)) == text or not text.strip()
