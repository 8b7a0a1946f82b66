"""Figures of surveys against values worked out by hand or taken from tables."""

import datetime as dt
import math

import pytest

from analytics.charts import draw, wrapped
from analytics.surveys import figures, mean_of, nps_of, share_margin, student
from domain.answers import after, answered, before, low_scores, open_question, place
from domain.survey_results import Bar, Panel, Round, Tally
from domain.surveys import END, Condition, Definition, Op, Question, QuestionKind, SkipRule

K = QuestionKind
OLD, NEW = Round(dt.date(2026, 10, 1), 1), Round(dt.date(2026, 11, 1), 2)


@pytest.mark.parametrize(
    "freedom, table", [(1, 12.706), (2, 4.303), (3, 3.182), (5, 2.571), (10, 2.228), (29, 2.045), (120, 1.980)]
)
def test_students_quantile_is_that_of_the_tables(freedom: int, table: float) -> None:
    assert student(freedom) == pytest.approx(table, rel=0.005)


def test_a_mean_has_its_margin() -> None:
    mean, margin = mean_of({5: 2, 4: 1, 3: 1})  # 4.25, s = 0.9574, t = 3.182
    assert mean == pytest.approx(4.25) and margin == pytest.approx(3.182 * 0.95743 / 2, rel=0.005)
    assert mean_of({4: 1}) == (4, None) and mean_of({}) == (None, None)


def test_nps_counts_promoters_less_detractors() -> None:
    score, margin = nps_of({10: 5, 9: 1, 8: 2, 6: 1, 0: 1})
    assert score == pytest.approx(40) and margin == pytest.approx(196 * math.sqrt((0.6 + 0.2 - 0.16) / 10), rel=0.001)


def test_a_share_has_wilsons_margin() -> None:
    assert share_margin(5, 10) == pytest.approx(26.34, abs=0.05)  # 23.7 % to 76.3 %
    assert share_margin(0, 10) == pytest.approx(13.88, abs=0.05)  # 0 % to 27.8 %


def test_figures_compare_the_latest_round_with_the_one_before() -> None:
    definition = Definition((Question("s", K.RATING, {}), Question("m", K.MULTIPLE, {})), ("en",))
    tallies = [
        *(Tally(OLD, 1, "s", value, 3) for value in (3, 4)),
        *(Tally(NEW, 1, "s", value, 3) for value in (4, 5, None)),
        Tally(NEW, 1, "m", ["a", "b"], 2),
        Tally(NEW, 1, "m", ["a"], 1),
    ]
    score, several = figures(definition, tallies)
    assert (score.n, score.skipped) == (12, 3) and score.change == pytest.approx(1)
    assert score.shares == ((5, 3), (4, 6), (3, 3), (2, 0), (1, 0)) and score.small
    assert several.n == 3
    assert figures(definition, tallies, fewest=7)[0].change is None


WALK = Definition(
    (
        Question("a", K.YES_NO, {}, skip=(SkipRule((Condition("a", Op.IS, False),), END),)),
        Question("b", K.NPS, {}),
        Question("c", K.TEXT, {}),
    ),
    ("en",),
)


def test_the_way_through_a_survey() -> None:
    given = answered(WALK, {}, "a", True)
    given = answered(WALK, given, "b", 6)
    assert open_question(WALK, given) == "c" and place(WALK, given, "c") == (3, 3)
    assert before(WALK, given, "b") == "a" and before(WALK, given, "a") is None and after(WALK, given, "a") == "b"
    assert [one.key for one, _ in low_scores(WALK, given)] == ["b"]
    assert answered(WALK, given, "a", False) == {"a": False}
    assert open_question(WALK, {"a": False}) is None


def test_a_chart_is_a_picture_with_every_sign() -> None:
    bars = (Bar("质量喆堃", 0.5, "50 % · 3"), Bar("Speed of delivery and more", 0.5, "50 % · 3"))
    picture = draw("回访", "6 份", [Panel("您满意吗？" * 12, "4.2 / 5 ± 0.3", bars)])
    assert picture.startswith(b"\x89PNG") and int.from_bytes(picture[16:20], "big") == 1080
    assert wrapped("a" * 80, 20, lines=1).endswith("…")
