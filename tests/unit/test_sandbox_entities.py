"""HTML is read as Telegram reads it: into entities with UTF-16 offsets, or refused with the place of the mistake."""

from typing import Any

import pytest

from sandbox.entities import checked_link, formatted, units
from sandbox.people import Person
from sandbox.refusals import Mistake
from sandbox.shown import safe_html

PEOPLE = {7: Person(7, "Wang Na")}


def parsed(html: str) -> tuple[str, list[dict[str, Any]]]:
    return formatted(html, parse_mode="HTML", entities=None, people=PEOPLE)


def spans(html: str) -> tuple[str, list[tuple[str, int, int]]]:
    text, marks = parsed(html)
    return text, [(mark["type"], mark["offset"], mark["length"]) for mark in marks]


@pytest.mark.parametrize(
    "html, text, expected",
    [
        ("<b>a</b>b", "ab", [("bold", 0, 1)]),
        ("<strong>a</strong><EM>b</EM>", "ab", [("bold", 0, 1), ("italic", 1, 1)]),
        ("<b>x<i>y</i></b>", "xy", [("bold", 0, 2), ("italic", 1, 1)]),
        ("😀<u>张伟</u>", "😀张伟", [("underline", 2, 2)]),
        ("a &lt;b&gt; &amp; &quot;c&quot; &#33;&#x4f60;", 'a <b> & "c" !你', []),
        ("R&D &nbsp; 3 & 4", "R&D &nbsp; 3 & 4", []),
        ("<code>/x</code> /help", "/x /help", [("code", 0, 2), ("bot_command", 3, 5)]),
        ("<span class='tg-spoiler'>s</span><tg-spoiler>t</tg-spoiler>", "st", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ("  <b> a </b>\n", "a", [("bold", 0, 1)]),
        ("<b></b>x", "x", []),
        ('<a href="ftp://x.org">x</a>', "x", []),
        ("<pre>p</pre>", "p", [("pre", 0, 1)]),
        (
            "<s>a</s><del>b</del><ins>c</ins>",
            "abc",
            [("strikethrough", 0, 1), ("strikethrough", 1, 1), ("underline", 2, 1)],
        ),
    ],
)
def test_html_becomes_entities(html: str, text: str, expected: list[tuple[str, int, int]]) -> None:
    assert spans(html) == (text, expected)


def test_links_carry_their_place_and_mentions_their_person() -> None:
    _, marks = parsed('<a href="https://x.org?a=1&amp;b=2">x</a> <a href="tg://user?id=7">Na</a>')
    assert marks[0]["url"] == "https://x.org?a=1&b=2"
    assert marks[1]["user"]["id"] == 7
    assert parsed('<a href="tg://user?id=8">nobody</a>')[1] == []


def test_code_with_a_language_is_one_entity() -> None:
    _, marks = parsed('<pre><code class="language-python">x</code></pre>')
    assert marks == [{"type": "pre", "offset": 0, "length": 1, "language": "python"}]
    _, marks = parsed('<pre>y<code class="language-python">x</code></pre>')
    assert {mark["type"] for mark in marks} == {"pre", "code"}
    assert all("language" not in mark for mark in marks)


def test_a_moment_and_an_emoji_keep_their_values() -> None:
    _, marks = parsed('<tg-time unix="1700000000" format="r">now</tg-time><tg-emoji emoji-id="5">x</tg-emoji>')
    assert (marks[0]["unix_time"], marks[0]["date_time_format"]) == (1700000000, "r")
    assert marks[1]["custom_emoji_id"] == "5"


@pytest.mark.parametrize(
    "html, words",
    [
        ("<b>x", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ("x</b>", "can't parse entities: Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'can\'t parse entities: Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<div>x</div>", 'can\'t parse entities: Unsupported start tag "div" at byte offset 0'),
        ("你<br>", 'can\'t parse entities: Unsupported start tag "br" at byte offset 3'),
        ("I <3 you", 'can\'t parse entities: Unsupported start tag "3" at byte offset 2'),
        ("a < b", 'can\'t parse entities: Unsupported start tag "" at byte offset 2'),
        ("<b", "can't parse entities: Unclosed start tag at byte offset 0"),
        ('<a href="x', "can't parse entities: Unclosed start tag at byte offset 0"),
        ("<b>x</b", "can't parse entities: Unclosed end tag at byte offset 4"),
        ('<span class="x">x</span>', 'can\'t parse entities: Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<tg-emoji emoji-id="x">x</tg-emoji>', "can't parse entities: Invalid custom emoji identifier specified"),
    ],
)
def test_broken_html_is_refused_with_its_place(html: str, words: str) -> None:
    with pytest.raises(Mistake) as refused:
        parsed(html)
    assert refused.value.description == f"Bad Request: {words}"


@pytest.mark.parametrize("mode", ["Markdown", "MarkdownV2", "wiki"])
def test_other_parse_modes_are_refused(mode: str) -> None:
    with pytest.raises(Mistake, match="parse_mode"):
        formatted("x", parse_mode=mode, entities=None, people={})


def test_a_lone_surrogate_and_a_huge_text_are_refused() -> None:
    for text in ("\ud800", "x" * 32_769):
        with pytest.raises(Mistake):
            formatted(text, parse_mode=None, entities=None, people={})


def test_given_entities_stay_inside_of_the_text() -> None:
    marks = [{"type": "bold", "offset": 0, "length": 2}]
    assert formatted("😀", parse_mode=None, entities=marks, people={})[1] == marks
    with pytest.raises(Mistake, match="after the end"):
        formatted("x", parse_mode=None, entities=marks, people={})


@pytest.mark.parametrize(
    "text, kinds",
    [
        ("see https://x.org/a, www.example.com", ["url", "url"]),
        ("mail to a.b@example.org", ["email"]),
        ("@wang_na #大客户 $USD", ["mention", "hashtag", "cashtag"]),
        ("/visit@my_bot 张伟", ["bot_command"]),
        ("1/2 a/b 3#4", []),
        ("+86 138 0000 0001", ["phone_number"]),
    ],
)
def test_links_and_commands_are_found(text: str, kinds: list[str]) -> None:
    marks = formatted(text, parse_mode=None, entities=None, people={})[1]
    assert [mark["type"] for mark in marks] == kinds


def test_units_count_utf_16() -> None:
    assert (units("a张"), units("😀")) == (2, 2)


@pytest.mark.parametrize(
    "url, checked",
    [
        ("example.org", "http://example.org/"),
        ("https://example.org/a", "https://example.org/a"),
        ("tg://resolve?domain=x", "tg://resolve?domain=x"),
        ("http://localhost:80", None),
        ("javascript:alert(1)", None),
        ("http://x.org:99999", None),
        ("https://a b.org", None),
    ],
)
def test_links_are_checked(url: str, checked: str | None) -> None:
    assert checked_link(url) == checked


@pytest.mark.parametrize(
    "html",
    [
        "<b>a<i>b</i></b>c",
        "<blockquote>x <b>y</b></blockquote><pre>z</pre>",
        "<u>😀</u> &lt;script&gt;",
    ],
)
def test_what_is_shown_is_what_was_sent(html: str) -> None:
    assert safe_html(*parsed(html)) == html


def test_shown_html_holds_no_foreign_tags_and_no_foreign_schemes() -> None:
    marks = [{"type": "text_link", "offset": 0, "length": 3, "url": 'javascript:"><script>'}]
    assert safe_html("<a>", marks) == "<a>&lt;a&gt;</a>"


def test_crossing_entities_are_shown_nested() -> None:
    marks = [{"type": "bold", "offset": 0, "length": 2}, {"type": "italic", "offset": 1, "length": 2}]
    assert safe_html("abc", marks) == "<b>a<i>b</i></b><i>c</i>"
