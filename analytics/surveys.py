"""Figures of a survey: means, shares and NPS, each with how many answered and how far the truth may be away.

Margins are half the width of a 95 % interval: answers of other customers would give a figure within it 19 times of 20.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.survey_results import COUNTED, DETRACTOR, PROMOTER, SCORES, Figure, Round, Tally
from domain.surveys import Definition, Question, QuestionKind

Z95 = 1.959964  # quantile 0.975 of the normal distribution


def figures(definition: Definition, tallies: Sequence[Tally], *, fewest: int = 1) -> list[Figure]:
    """A figure per question, in their order.

    Args:
        fewest: answers of a round under which it is not compared: of anonymous surveys, nobody may be found by it.
    """
    return [_figure(one, [t for t in tallies if t.key == one.key], fewest) for one in definition.questions]


def headline(definition: Definition) -> Question | None:
    """The question that stands for the survey: its first score."""
    return next((one for one in definition.questions if one.kind in SCORES), None)


def score(question: Question, tallies: Iterable[Tally]) -> Figure:
    """One question's figure over any choice of rows: of a rep, a team, a time."""
    return _figure(question, [one for one in tallies if one.key == question.key], fewest=1)


def mean_of(counts: Mapping[float, int]) -> tuple[float | None, float | None]:
    """Mean and its margin.

    The margin is t₀.₉₇₅ · s / √n with Student's t for n − 1 degrees of freedom (Student, Biometrika 6, 1908), the
    quantile by the expansion of Abramowitz & Stegun 26.7.5; ``None`` for fewer than two answers.
    """
    n = sum(counts.values())
    if not n:
        return None, None
    mean = sum(value * count for value, count in counts.items()) / n
    if n < 2:
        return mean, None
    variance = sum(count * (value - mean) ** 2 for value, count in counts.items()) / (n - 1)
    return mean, student(n - 1) * math.sqrt(variance / n)


def nps_of(counts: Mapping[float, int]) -> tuple[float | None, float | None]:
    """Net promoter score, −100 … 100, and its margin.

    Promoters' share p less detractors' share d; an answer counts 1, 0 or −1, so its variance is p + d − (p − d)² and
    the margin z · √(variance / n) (Rocks, "Interval Estimation for the Net Promoter Score", The American Statistician
    70, 2016, the Wald interval); ``None`` for fewer than two answers.
    """
    n = sum(counts.values())
    if not n:
        return None, None
    p = sum(count for value, count in counts.items() if value >= PROMOTER) / n
    d = sum(count for value, count in counts.items() if value <= DETRACTOR) / n
    margin = Z95 * math.sqrt((p + d - (p - d) ** 2) / n) if n > 1 else None
    return 100 * (p - d), None if margin is None else 100 * margin


def share_margin(count: int, n: int) -> float:
    """Margin of a share, in percent points: half of Wilson's score interval (Wilson, JASA 22, 1927)."""
    p, z2 = count / n, Z95**2
    return 100 * Z95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)


def student(freedom: int) -> float:
    """Quantile 0.975 of Student's t (Abramowitz & Stegun 26.7.5, the first four terms): exact to 0.5 % from 3 on."""
    exact = {1: 12.706, 2: 4.303}
    if freedom in exact:
        return exact[freedom]
    z, v = Z95, freedom
    g1 = (z**3 + z) / 4
    g2 = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    g3 = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    g4 = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + g1 / v + g2 / v**2 + g3 / v**3 + g4 / v**4


def _figure(question: Question, rows: Sequence[Tally], fewest: int) -> Figure:
    counts: Counter[Any] = Counter()
    for one in rows:
        for value in one.value if isinstance(one.value, list) else [one.value]:
            counts[value] += one.count
    skipped = counts.pop(None, 0)
    n = sum(one.count for one in rows) - skipped
    if question.kind not in COUNTED:
        return Figure(question, n, skipped)
    mean, margin = _middle(question, counts)
    if mean is None and n:
        margin = share_margin(max(counts.values()), n)
    return Figure(question, n, skipped, mean, margin, _shares(question, counts), _change(question, rows, fewest))


def _middle(question: Question, counts: Mapping[Any, int]) -> tuple[float | None, float | None]:
    match question.kind:
        case QuestionKind.NPS:
            return nps_of(counts)
        case QuestionKind.RATING | QuestionKind.NUMBER:
            return mean_of(counts)
        case _:
            return None, None


def _shares(question: Question, counts: Mapping[Any, int]) -> tuple[tuple[Any, int], ...]:
    match question.kind:
        case QuestionKind.RATING:
            return tuple((value, counts.get(value, 0)) for value in range(5, 0, -1))
        case QuestionKind.NPS:
            return tuple((value, counts.get(value, 0)) for value in range(10, -1, -1))
        case QuestionKind.YES_NO:
            return tuple((value, counts.get(value, 0)) for value in (True, False))
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            return tuple((one.key, counts.get(one.key, 0)) for one in question.options)
        case _:
            return ()


def _change(question: Question, rows: Sequence[Tally], fewest: int) -> float | None:
    """The latest round's mean less the one before; none where either has fewer than ``fewest`` answers."""
    if question.kind not in SCORES:
        return None
    rounds: dict[Round, Counter[Any]] = {}
    for one in rows:
        if one.value is not None:
            rounds.setdefault(one.round, Counter())[one.value] += one.count
    latest = sorted(rounds, key=lambda one: (one.wave_id or 0, one.month))[-2:]
    if len(latest) < 2 or any(sum(rounds[one].values()) < fewest for one in latest):
        return None
    (old, _), (new, _) = (_middle(question, rounds[one]) for one in latest)
    return None if old is None or new is None else new - old
