"""Surveys from text files and back: the format that docs/en/leads.md describes.

Read line by line; indentation and lines beginning with ``#`` mean nothing. Words of the format are understood in English
and in Chinese, and written in English. Nothing is thrown: every fault is a value with its line.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from domain.survey_checks import LONGEST_NAME, WITH_OPTIONS, Flaw, FlawKind, flaws
from domain.survey_files import LARGEST, FileFault, LineFault, SurveyFile
from domain.surveys import END, Condition, Definition, Op, Option, Question, QuestionKind, SkipRule
from parsing.expressions import expression

LOCALES = {
    **dict.fromkeys(("zh_hans", "zh-hans", "zh_cn", "zh-cn", "简体中文", "简体", "簡體中文", "簡體"), "zh_Hans"),
    **dict.fromkeys(("zh_hant", "zh-hant", "zh_tw", "zh-tw", "繁體中文", "繁體", "繁体中文", "繁体"), "zh_Hant"),
    **dict.fromkeys(("en", "english", "英文", "英语", "英語"), "en"),
}
KINDS = {
    **{str(kind): kind for kind in QuestionKind},
    "单选": QuestionKind.SINGLE,
    "單選": QuestionKind.SINGLE,
    "多选": QuestionKind.MULTIPLE,
    "多選": QuestionKind.MULTIPLE,
    "複選": QuestionKind.MULTIPLE,
    "复选": QuestionKind.MULTIPLE,
    "评分": QuestionKind.RATING,
    "評分": QuestionKind.RATING,
    "yes/no": QuestionKind.YES_NO,
    "是否": QuestionKind.YES_NO,
    "文字": QuestionKind.TEXT,
    "数字": QuestionKind.NUMBER,
    "數字": QuestionKind.NUMBER,
    "日期": QuestionKind.DATE,
    "照片": QuestionKind.PHOTO,
    "位置": QuestionKind.LOCATION,
}
REQUIRED = frozenset({"required", "必答", "必填"})
YES = frozenset({"yes", "true", "是"})
NO = frozenset({"no", "false", "否"})
ENDS = frozenset({END, "结束", "結束"})
SIGNS = {"=": Op.IS, "==": Op.IS, "is": Op.IS, "是": Op.IS, "!=": Op.IS_NOT, "≠": Op.IS_NOT, "is not": Op.IS_NOT}
SIGNS |= {"不是": Op.IS_NOT, "<=": Op.AT_MOST, "≤": Op.AT_MOST, ">=": Op.AT_LEAST, "≥": Op.AT_LEAST}
SIGNS |= {"includes": Op.INCLUDES, "包含": Op.INCLUDES, "包括": Op.INCLUDES}
WRITTEN = {Op.IS: "=", Op.IS_NOT: "!=", Op.AT_MOST: "<=", Op.AT_LEAST: ">=", Op.INCLUDES: "includes"}

_KEY = expression(r"[a-z][a-z0-9_]{0,23}")
_HEAD = expression(r"(survey|问卷|問卷|languages?|语言|語言|anonymous|匿名)\s*[:\uff1a]\s*(.*)", re.I)
_PART = expression(r"(opening|开场白|開場白|closing|结束语|結束語)\s*[:\uff1a]?$", re.I)
_QUESTION = expression(r"(?:question|问题|問題)\s+(\S+?)\s*[:\uff1a]\s*(.+)", re.I)
_OPTION = expression(r"[-–•]\s*(?:([A-Za-z0-9_]+)\s*[:\uff1a])?\s*(.+)")
_RULE = expression(r"(?:if|如果)\s*(.+?)[,\uff0c]?\s*(?:\bgo\s*to\b|转到|轉到)\s*(\S+)", re.I)
_TEXT = expression(r"([\w\-]+)\s*[:\uff1a]\s*(.*)")
_AND, _OR = expression(r"\s+and\s+|\s*(?:并且|並且|而且|且)\s*", re.I), expression(r"\s+or\s+|\s*(?:或者|或)\s*", re.I)
_ABOUT = expression(
    r"([a-z][a-z0-9_]*)\s*(<=|>=|!=|==?|≤|≥|≠|is\s+not\b|is\b|includes\b|不是|是|包含|包括)\s*(.+)", re.I
)
_SKIPPED = expression(r"([a-z][a-z0-9_]*)\s*(?:is\s+)?(?:skipped|跳过|跳過|未答)", re.I)


def read_survey(content: bytes) -> SurveyFile:
    """A survey from the bytes of a file or of a pasted text, with everything that is wrong in it."""
    if len(content) > LARGEST:
        return _refused(FileFault.TOO_LARGE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")  # Windows' editor in China
    return _Reader().read(text)


def looks_like_survey(text: str) -> bool:
    """Whether a text begins as such a file does."""
    first = next((line for line in map(str.strip, text.lstrip("\ufeff").splitlines()) if line and line[0] != "#"), "")
    head = _HEAD.match(first)
    return head is not None and head[1].lower() in ("survey", "问卷", "問卷")


def _refused(fault: FileFault) -> SurveyFile:
    return SurveyFile("", False, Definition((), ()), (LineFault(1, fault),))


class _Reader:
    """Takes one line after the other; ``self.here`` is what texts, options and rules belong to."""

    def __init__(self) -> None:
        self.name = ""
        self.locales: tuple[str, ...] = ()
        self.anonymous = False
        self.parts: dict[str, dict[str, str]] = {"opening": {}, "closing": {}}
        self.questions: list[Question] = []
        self.lines: dict[str, int] = {}
        self.rules: dict[tuple[str, int], int] = {}
        self.faults: list[LineFault] = []
        self.part: str | None = None

    def read(self, text: str) -> SurveyFile:
        if not looks_like_survey(text):
            return _refused(FileFault.NOT_A_SURVEY)
        for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
            if (words := line.strip()) and not words.startswith("#"):
                self._take(number, words)
        if not self.locales:
            self._fault(1, FileFault.NO_LANGUAGES)
        if not self.name:
            self._fault(1, Flaw(FlawKind.NO_TEXT))
        elif len(self.name) > LONGEST_NAME:
            self._fault(1, Flaw(FlawKind.TOO_LONG, limit=LONGEST_NAME))
        questions = tuple(_with_values(one, self.questions) for one in self.questions)
        made = Definition(questions, self.locales, self.parts["opening"], self.parts["closing"])
        if not self.faults:
            self.faults = [LineFault(self._line_of(flaw), flaw) for flaw in flaws(made)]
        return SurveyFile(self.name, self.anonymous, made, tuple(sorted(self.faults, key=lambda one: one.line)))

    def _line_of(self, flaw: Flaw) -> int:
        if flaw.question is None:
            return 1
        return self.rules.get((flaw.question, flaw.rule if flaw.rule is not None else -1), self.lines[flaw.question])

    def _fault(self, line: int, what: FileFault | Flaw, words: str = "") -> None:
        self.faults.append(LineFault(line, what, words[:40]))

    def _take(self, line: int, words: str) -> None:
        takers: Sequence[tuple[re.Pattern[str], Callable[[int, re.Match[str]], None]]] = (
            (_HEAD, self._head),
            (_PART, self._begin_part),
            (_QUESTION, self._begin_question),
            (_RULE, self._rule),
            (_OPTION, self._option),
            (_TEXT, self._text),
        )
        for pattern, take in takers:
            if found := pattern.fullmatch(words):
                take(line, found)
                return
        self._fault(line, FileFault.NOT_UNDERSTOOD, words)

    def _head(self, line: int, found: re.Match[str]) -> None:
        match found[1].lower():
            case "survey" | "问卷" | "問卷":
                self.name = found[2].strip()
            case "anonymous" | "匿名":
                self.anonymous = found[2].strip().lower() in YES
            case _:
                wanted = [word for word in re.split(r"[,\uff0c、\s]+", found[2].strip()) if word]
                for word in wanted:
                    if word.lower() not in LOCALES:
                        self._fault(line, FileFault.UNKNOWN_LANGUAGE, word)
                self.locales = tuple(dict.fromkeys(LOCALES[w.lower()] for w in wanted if w.lower() in LOCALES))

    def _begin_part(self, line: int, found: re.Match[str]) -> None:
        self.part = "opening" if found[1].lower() in ("opening", "开场白", "開場白") else "closing"

    def _begin_question(self, line: int, found: re.Match[str]) -> None:
        self.part = None
        key = found[1].lower()
        first, *rest = [word for word in re.split(r"[,\uff0c、]\s*", found[2].strip().lower()) if word]
        if not _KEY.fullmatch(key) or key in ENDS:
            self._fault(line, FileFault.BAD_KEY, found[1])
        kind = KINDS.get(first)
        if kind is None or not REQUIRED.issuperset(rest):
            self._fault(line, FileFault.UNKNOWN_KIND, found[2])
        self.questions.append(Question(key, kind or QuestionKind.TEXT, {}, required=bool(rest)))
        self.lines[key] = line

    def _text(self, line: int, found: re.Match[str]) -> None:
        locale = LOCALES.get(found[1].lower())
        if locale not in self.locales or locale is None:
            self._fault(line, FileFault.UNKNOWN_LANGUAGE, found[1])
        elif self.part:
            self.parts[self.part][locale] = found[2].strip()
        elif self.questions:
            last = self.questions[-1]
            self.questions[-1] = replace(last, texts={**last.texts, locale: found[2].strip()})
        else:
            self._fault(line, FileFault.OUTSIDE, found[0])

    def _option(self, line: int, found: re.Match[str]) -> None:
        if self.part or not self.questions or self.questions[-1].kind not in WITH_OPTIONS:
            self._fault(line, FileFault.OUTSIDE, found[0])
            return
        last = self.questions[-1]
        texts = [text.strip() for text in re.split(r"[|\uff5c]", found[2])]
        if len(texts) != len(self.locales):
            self._fault(line, FileFault.TEXTS_OF_OPTION, found[0])
            return
        key = (found[1] or f"o{len(last.options) + 1}").lower()
        option = Option(key, dict(zip(self.locales, texts, strict=True)))
        self.questions[-1] = replace(last, options=(*last.options, option))

    def _rule(self, line: int, found: re.Match[str]) -> None:
        if self.part or not self.questions:
            self._fault(line, FileFault.OUTSIDE, found[0])
            return
        every = _OR.search(found[1]) is None
        if not every and _AND.search(found[1]):
            self._fault(line, FileFault.MIXED_RULE, found[0])
            return
        conditions = [_condition(part.strip()) for part in (_AND if every else _OR).split(found[1])]
        if any(one is None for one in conditions):
            self._fault(line, FileFault.BAD_RULE, found[1])
            return
        to = found[2].lower()
        last = self.questions[-1]
        rule = SkipRule(tuple(one for one in conditions if one), END if to in ENDS else to, every)
        self.rules[last.key, len(last.skip)] = line
        self.questions[-1] = replace(last, skip=(*last.skip, rule))


def _condition(words: str) -> Condition | None:
    if found := _SKIPPED.fullmatch(words):
        return Condition(found[1].lower(), Op.SKIPPED)
    if found := _ABOUT.fullmatch(words):
        return Condition(found[1].lower(), SIGNS[" ".join(found[2].lower().split())], found[3].strip())
    return None


def _with_values(question: Question, questions: Sequence[Question]) -> Question:
    """Its rules with values of the kind that is asked about; what is no such value stays words, and is a flaw then."""
    kinds = {one.key: one.kind for one in questions}
    rules = (
        replace(rule, when=tuple(replace(c, value=read_value(kinds.get(c.question), c.value)) for c in rule.when))
        for rule in question.skip
    )
    return replace(question, skip=tuple(rules))


def read_value(kind: QuestionKind | None, words: str | None) -> Any:
    """The value of a condition about a question of ``kind``."""
    if words is None:
        return None
    match kind:
        case QuestionKind.RATING | QuestionKind.NPS:
            return int(words) if re.fullmatch(r"\d{1,3}", words) else words
        case QuestionKind.NUMBER:
            return float(words) if re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", words) else words
        case QuestionKind.YES_NO:
            return True if words.lower() in YES else False if words.lower() in NO else words
        case _:
            return words.lower()


# Back to a file ----------------------------------------------------------------------------------------------------


def write_survey(name: str, definition: Definition, *, anonymous: bool) -> str:
    """The file that ``read_survey`` reads as the same survey."""
    heads = [f"survey: {name}", f"languages: {', '.join(definition.locales)}"]
    heads.append(f"anonymous: {'yes' if anonymous else 'no'}")
    blocks = ["\n".join(heads)]
    if any(definition.opening.values()):
        blocks.append("\n".join(["opening", *_texts(definition, definition.opening)]))
    blocks += [_block(definition, one) for one in definition.questions]
    if any(definition.closing.values()):
        blocks.append("\n".join(["closing", *_texts(definition, definition.closing)]))
    return "\n\n".join(blocks) + "\n"


def _block(definition: Definition, question: Question) -> str:
    head = f"question {question.key}: {question.kind}" + (", required" if question.required else "")
    lines = [head, *_texts(definition, question.texts)]
    for option in question.options:
        words = " | ".join(_line(option.texts.get(locale, "")).replace("|", "/") for locale in definition.locales)
        lines.append(f"  - {option.key}: {words}")
    lines += [f"  if {_when(rule)} go to {rule.to}" for rule in question.skip]
    return "\n".join(lines)


def _texts(definition: Definition, texts: Any) -> list[str]:
    return [f"  {locale}: {_line(texts.get(locale, ''))}" for locale in definition.locales]


def _when(rule: SkipRule) -> str:
    return (" and " if rule.every else " or ").join(_words(condition) for condition in rule.when)


def _words(condition: Condition) -> str:
    if condition.op is Op.SKIPPED:
        return f"{condition.question} skipped"
    value = condition.value
    if isinstance(value, bool):
        value = "yes" if value else "no"
    elif isinstance(value, float):
        value = f"{value:g}" if f"{value:g}".lstrip("-").replace(".", "").isdigit() else f"{value:f}"
    return f"{condition.question} {WRITTEN[condition.op]} {value}"


def _line(text: str) -> str:
    """A text on one line: the format has a line per text."""
    return " ".join(text.split())
