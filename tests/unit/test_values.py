"""Values of a class are equal, found and shown by all their fields, as a dataclass's are."""

import pickle
from dataclasses import replace

from domain.values import frozen


@frozen
class Point:
    x: int
    y: int = 0


@frozen
class Name:
    text: str


@frozen
class Nothing:
    """It has no field at all."""


def test_values_are_equal_where_all_their_fields_are() -> None:
    assert Point(1, 2) == Point(1, 2) != Point(2, 1)
    assert Name("a") == Name("a") != Name("b")
    assert Nothing() == Nothing()


def test_equal_values_are_one_key() -> None:
    assert len({Point(1), Point(1), Point(2), Name("a"), Name("a"), Nothing(), Nothing()}) == 4


def test_a_value_is_shown_changed_and_sent_as_a_dataclass_is() -> None:
    assert repr(Point(1)) == "Point(x=1, y=0)"
    assert replace(Point(1, 2), x=3) == Point(3, 2)
    assert pickle.loads(pickle.dumps([Point(1), Name("a")])) == [Point(1), Name("a")]
