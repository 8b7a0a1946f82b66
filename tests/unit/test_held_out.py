"""Sets that were written before the grammar was asked: dates and whole messages, per language.

``python -m tests.unit.test_held_out`` counts what is read right in each language.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from parsing.dates import Found
from parsing.spots import KnownName
from tests.unit.test_dates import find, fits, shown
from tests.unit.test_log_lines import KNOWN, log, sort, when

DATA = Path(__file__).parent / "data"
SETS = ("held", "third")
CUSTOMERS = (
    *KNOWN,
    KnownName(13, "十月稻田", person=False),
    KnownName(14, "April Chen", 141),
    KnownName(15, "May Lee", 151),
)


def rows(name: str) -> Iterator[list[str]]:
    lines = (DATA / name).read_text("utf-8").splitlines()
    return (line.split("\t") for line in lines[3:])


def is_date(text: str, expected: str) -> bool:
    found = find(text)
    return any(_are(found, one) for one in expected.split(" | "))


def _are(found: tuple[Found, ...], expected: str) -> bool:
    if expected == "nothing":
        return not found
    if len(found) != 1:
        return False
    if expected.startswith(("≥", "repeat")):
        return fits(found, expected)
    return shown(found[0]).removeprefix("ask ").split(" or ")[0] == expected


def misread(row: list[str]) -> list[str]:
    """The columns of a row that were understood otherwise."""
    _, sort_, who, kind, outcome, happened, next_, amounts, text = row
    line = log(text, known=CUSTOMERS)
    of = "+".join(str(named.customer_id) for named in line.customers)
    happened_on = when(line.happened) if line.happened else "now"
    said = "; ".join(f"{one.role.value} {one.text}" for one in line.amounts)
    told = [
        ("kind", line.kind.value if line.kind else "-", kind),
        ("outcome", line.outcome.value, outcome),
        ("happened", happened_on, happened),
        ("amounts", said or "-", amounts),
    ]
    understood = [
        ("sort", sort(text, known=CUSTOMERS).value, sort_),
        ("who", of or (f"?{line.unknown_name}" if line.unknown_name else "-"), who),
        ("next", when(line.next), next_),
        *(told if sort_ == "log" else []),
    ]
    return [column for column, got, wanted in understood if not _is(got, wanted)]


def _is(got: str, wanted: str) -> bool:
    if wanted.startswith("≥ "):
        return got != "-" and got >= wanted[2:]
    return got in wanted.split(" | ")


def all_rows(kind: str) -> list[list[str]]:
    """The rows of all sets."""
    return [row for name in SETS for row in rows(f"{name}_{kind}.tsv")]


@pytest.mark.parametrize(("text", "expected"), [(text, expected) for _, expected, text in all_rows("dates")])
def test_reads_dates_as_they_are_typed(text: str, expected: str) -> None:
    assert is_date(text, expected)


@pytest.mark.parametrize("row", all_rows("log_lines"), ids=lambda row: row[-1])
def test_understands_messages_as_they_are_typed(row: list[str]) -> None:
    assert misread(row) == []


def main() -> None:
    """Print how much of each set is read right."""
    for name in SETS:
        dates = Counter((row[0], is_date(row[2], row[1])) for row in rows(f"{name}_dates.tsv"))
        lines = Counter((row[0], not misread(row)) for row in rows(f"{name}_log_lines.tsv"))
        for what, counted in (("dates", dates), ("messages", lines)):
            for language in ("zh-Hans", "zh-Hant", "en"):
                right = counted[language, True]
                print(f"{name} {what} {language}: {right} of {right + counted[language, False]}")


if __name__ == "__main__":
    main()
