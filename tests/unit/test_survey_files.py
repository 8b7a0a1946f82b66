"""Surveys as text files: what is read, what is refused in which line, and that a file comes back as it was."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.survey_checks import FlawKind, flaws
from domain.survey_files import LARGEST, FileFault
from domain.surveys import END, Condition, Definition, Op, Option, Question, QuestionKind, SkipRule, path
from parsing.survey_files import looks_like_survey, read_survey, write_survey
from views.survey_templates import Template, definition_of

ROOT = Path(__file__).parents[2]
HEAD = "survey: A\nlanguages: en\n"


def faults(text: str) -> list[tuple[int, str]]:
    found = read_survey(text.encode()).faults
    return [(one.line, one.what if isinstance(one.what, FileFault) else one.what.kind) for one in found]


def test_a_file_in_chinese_is_read() -> None:
    text = """问卷：售后回访
语言：简体中文、英文
匿名：是
开场白
简体：您好
英文：Hello
问题 score：评分，必答
  简体：满意吗？
  英文：Happy?
  如果 score ≤ 2 或 score 是 3，转到 why
  如果 score >= 4 转到 结束
问题 why: 单选
  简体：为什么？
  英文：Why?
  - 价格 ｜ Price
  - slow：太慢 | Too slow
"""
    read = read_survey(text.encode("gb18030"))
    assert not read.faults
    assert (read.name, read.anonymous, read.definition.locales) == ("售后回访", True, ("zh_Hans", "en"))
    score, why = read.definition.questions
    assert score.required and score.kind is QuestionKind.RATING
    assert score.skip[0] == SkipRule(
        (Condition("score", Op.AT_MOST, 2), Condition("score", Op.IS, 3)), "why", every=False
    )
    assert score.skip[1].to == END
    assert why.options == (
        Option("o1", {"zh_Hans": "价格", "en": "Price"}),
        Option("slow", {"zh_Hans": "太慢", "en": "Too slow"}),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, FileFault.NOT_A_SURVEY)]),
        ("name,phone\n张伟,138", [(1, FileFault.NOT_A_SURVEY)]),
        ("survey: A\nquestion q: text\n", [(1, FileFault.NO_LANGUAGES)]),
        ("survey: A\nlanguages: en, klingon\n", [(2, FileFault.UNKNOWN_LANGUAGE)]),
        (HEAD + "question q: slider\n  en: ?\n", [(3, FileFault.UNKNOWN_KIND)]),
        (HEAD + "question Q!: text\n  en: ?\n", [(3, FileFault.BAD_KEY)]),
        (HEAD + "question q: text\n  fr: ?\n", [(4, FileFault.UNKNOWN_LANGUAGE)]),
        (HEAD + "question q: text\n  en: ?\nwhat is this\n", [(5, FileFault.NOT_UNDERSTOOD)]),
        (HEAD + "- a: Yes\n", [(3, FileFault.OUTSIDE)]),
        (HEAD + "question q: single\n  en: ?\n  - a: Yes | 是\n", [(5, FileFault.TEXTS_OF_OPTION)]),
        (HEAD + "question q: rating\n  en: ?\n  if q is happy go to end\n", [(5, FlawKind.WRONG_VALUE)]),
        (HEAD + "question q: rating\n  en: ?\n  if whatever go to end\n", [(5, FileFault.BAD_RULE)]),
        (HEAD + "question q: nps\n  en: ?\n  if q=1 and q=2 or q=3 go to end\n", [(5, FileFault.MIXED_RULE)]),
        (HEAD + "question q: rating\n  en: ?\n  if q <= 2 go to q\n", [(5, FlawKind.LOOP)]),
        (HEAD + "question q: rating\n", [(3, FlawKind.NO_TEXT)]),
        (HEAD + "\n# nothing is asked\n", [(1, FlawKind.NO_QUESTION)]),
        (HEAD + "x" * LARGEST, [(1, FileFault.TOO_LARGE)]),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, expected: list[tuple[int, str]]) -> None:
    assert faults(text) == expected


def test_every_fault_of_a_file_is_named_at_once() -> None:
    text = HEAD + "question q: slider\n  en: ?\n  - a: Yes\nquestion r: single\n  en: ?\n  - a: x | y\n"
    assert [line for line, _ in faults(text)] == [3, 5, 8]


def test_a_list_of_customers_is_no_survey() -> None:
    assert looks_like_survey("\ufeff# mine\n\nSurvey: A") and looks_like_survey("问卷：A")
    assert not looks_like_survey("name,phone") and not looks_like_survey("languages: en")


_TEXTS = some.text(some.sampled_from("满意吗 Happy?:=|#-'"), min_size=1, max_size=20).map(
    lambda text: "T" + " ".join(text.replace("|", "").split())
)


@some.composite
def definitions(draw: some.DrawFn) -> Definition:
    questions = []
    for i in range(draw(some.integers(1, 4))):
        kind = draw(some.sampled_from(QuestionKind))
        texts = some.fixed_dictionaries({"zh_Hant": _TEXTS, "en": _TEXTS})
        options = [Option(f"o{n}", draw(texts)) for n in range(3)]
        many = kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
        rule = SkipRule((Condition(f"q{i}", Op.SKIPPED), Condition(f"q{i}", Op.SKIPPED)), END, draw(some.booleans()))
        skip = (rule,) if draw(some.booleans()) else ()
        key = f"q{i}"
        questions.append(Question(key, kind, draw(texts), tuple(options) if many else (), draw(some.booleans()), skip))
    return Definition(tuple(questions), ("zh_Hant", "en"), closing={"zh_Hant": "謝謝", "en": "Thank you"})


@given(definitions(), some.booleans())
def test_a_survey_comes_back_from_its_file(asked: Definition, anonymous: bool) -> None:
    back = read_survey(write_survey("N", asked, anonymous=anonymous).encode())
    assert (back.name, back.anonymous) == ("N", anonymous)
    assert (back.definition, [one for one in back.faults if isinstance(one.what, FileFault)]) == (asked, [])


@pytest.mark.parametrize("value", [True, False, 3, "2026-11-18", 2.5, -1000.0])
def test_values_of_rules_come_back(value: object) -> None:
    kinds = {bool: QuestionKind.YES_NO, int: QuestionKind.RATING, str: QuestionKind.DATE, float: QuestionKind.NUMBER}
    rule = SkipRule((Condition("q", Op.IS, value),), END)
    asked = Definition((Question("q", kinds[type(value)], {"en": "?"}, skip=(rule,)),), ("en",))
    assert read_survey(write_survey("N", asked, anonymous=False).encode()).definition == asked


@pytest.mark.parametrize("template", Template)
def test_templates_are_sound_and_come_back(template: Template) -> None:
    asked = definition_of(template)
    assert not flaws(asked)
    assert asked.locales == ("zh_Hans", "zh_Hant", "en")
    assert all(asked.opening.values()) and all(asked.closing.values())
    assert read_survey(write_survey("N", asked, anonymous=False).encode()).definition == asked
    happy = {one.key: 5 for one in asked.questions if one.kind is QuestionKind.RATING}
    assert len(path(replace(asked), happy)) >= 1


@given(some.binary(max_size=300) | some.text(max_size=300).map(str.encode))
def test_whatever_is_sent_is_answered(content: bytes) -> None:
    read = read_survey(b"survey: a\nlanguages: en\n" + content)
    assert read.faults or not flaws(read.definition)


@pytest.mark.parametrize(("language", "name"), [("en", "After service"), ("zh", "售后回访")])
def test_the_example_of_the_guide_is_sound(language: str, name: str) -> None:
    guide = (ROOT / "docs" / language / "leads.md").read_text()
    example = guide.partition("```text\n")[2].partition("```")[0]
    read = read_survey(example.encode())
    assert (read.name, read.faults, len(read.definition.questions)) == (name, (), 5)
