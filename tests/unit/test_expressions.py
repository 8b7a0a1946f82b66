"""Expressions that are compiled when they are first used."""

import re
import subprocess
import sys

import pytest

from parsing import expressions
from parsing.expressions import expression, first_signs

COMPILED = """
from handlers import all_routes
from parsing import expressions
all_routes()
print(sum("match" in vars(each) for each in expressions._ALL), len(expressions._ALL))
expressions.compile_all()
print(sum("match" in vars(each) for each in expressions._ALL))
"""


def test_an_expression_reads_like_a_compiled_one() -> None:
    greeting = expression(r"(?P<word>hello) (\w+)", re.IGNORECASE)
    assert greeting.pattern == r"(?P<word>hello) (\w+)"
    assert (found := greeting.search("well, Hello Li"))
    assert found["word"] == "Hello" and found.re.groups == greeting.groups == 2
    assert greeting.sub("", "hello you!") == "!"
    assert [match[2] for match in greeting.finditer("hello a, hello b")] == ["a", "b"]
    assert expression(rb"\d+").findall(b"1 and 22") == [b"1", b"22"]


def test_a_slip_is_told_at_the_first_use() -> None:
    with pytest.raises(re.error):
        expression("(").match("")
    expressions._ALL.pop()  # or whatever makes all of them ready meets it


def test_a_start_compiles_none_and_the_chore_compiles_all() -> None:
    done = subprocess.run([sys.executable, "-c", COMPILED], capture_output=True, text=True, check=True)
    at_start, known, afterwards = map(int, done.stdout.split())
    assert at_start == 0
    assert known == afterwards > 200


@pytest.mark.parametrize(
    ("pattern", "signs"),
    [
        ("abc", "a"),
        ("(?:on )?(?P<day>mon|tue)", "omt"),
        (r"\s*[点d-f]+x", " \t\n\r\f\v点def"),
        (r"(?<![0-9])(?=x)(?P<n>\d)(?!y)", "0123456789"),
        ("(?:每?隔|(?:两|三){2})天", "每隔两三"),
        ("[^a]b", None),
        ("a?", None),
        ("[\u3400-\u9fff]", None),
        (".x|y", None),
    ],
)
def test_how_an_expression_begins(pattern: str, signs: str | None) -> None:
    assert first_signs(pattern) == (None if signs is None else frozenset(signs))
