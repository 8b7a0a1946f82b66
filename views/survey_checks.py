"""What is wrong with a survey, in words: in the builder by question, in a file by line."""

from collections.abc import Sequence

from domain.survey_checks import Flaw, FlawKind
from domain.survey_files import FileFault, LineFault
from domain.surveys import Definition, QuestionKind
from views.language import NAMES, Translator
from views.replies import clip, escape

MOST_SHOWN = 6  # on a phone; the rest is counted


def flaw_lines(t: Translator, definition: Definition, found: Sequence[Flaw]) -> list[str]:
    """Each flaw with the number of its question, the first few of them."""
    numbers = {one.key: i for i, one in enumerate(definition.questions, 1)}
    lines = [f"• {_at(t, numbers, flaw)}{flaw_words(t, flaw, numbers)}" for flaw in dict.fromkeys(found)]
    return _few(t, lines)


def fault_lines(t: Translator, faults: Sequence[LineFault]) -> list[str]:
    """Each fault of a file with its line, the first few of them."""
    lines = []
    for fault in dict.fromkeys(faults):
        words = flaw_words(t, fault.what, {}) if isinstance(fault.what, Flaw) else fault_words(t, fault.what)
        quoted = f" <code>{escape(fault.words)}</code>" if fault.words else ""
        lines.append(t.gettext("Line {n}: {flaw}").format(n=fault.line, flaw=words) + quoted)
    return _few(t, lines)


def _few(t: Translator, lines: list[str]) -> list[str]:
    more = len(lines) - MOST_SHOWN
    if more <= 0:
        return lines
    return [*lines[:MOST_SHOWN], t.ngettext("… and {n} more", "… and {n} more", more).format(n=t.number(more))]


def _at(t: Translator, numbers: dict[str, int], flaw: Flaw) -> str:
    if flaw.question is None or flaw.question not in numbers:
        return ""
    return t.gettext("Question {n}: ").format(n=numbers[flaw.question])


def flaw_words(t: Translator, flaw: Flaw, numbers: dict[str, int]) -> str:
    """What is wrong, escaped; questions are named by their number where that is known, else by their key."""
    other = escape(clip(str(numbers.get(flaw.other or "", flaw.other or "")), 30))
    language = NAMES.get(flaw.locale or "", "")
    limit = t.number(flaw.limit or 0)
    match flaw.kind:
        case FlawKind.NO_QUESTION:
            text = t.gettext("nothing is asked yet")
        case FlawKind.NO_LANGUAGE:
            text = t.gettext("no language is chosen")
        case FlawKind.TOO_MANY_QUESTIONS:
            text = t.gettext("at most {limit} questions")
        case FlawKind.TOO_MANY_OPTIONS:
            text = t.gettext("at most {limit} options")
        case FlawKind.TOO_FEW_OPTIONS:
            text = t.gettext("at least {limit} options")
        case FlawKind.TOO_MANY_RULES:
            text = t.gettext("at most {limit} rules")
        case FlawKind.SAME_KEY:
            text = t.gettext("the same name twice")
        case FlawKind.NO_TEXT if flaw.locale:
            text = t.gettext("no text in {language}")
        case FlawKind.NO_TEXT:
            text = t.gettext("no text")
        case FlawKind.TOO_LONG:
            text = t.gettext("a text is longer than {limit} characters")
        case FlawKind.EMPTY_RULE:
            text = t.gettext("a rule without a condition")
        case FlawKind.NO_TARGET:
            text = t.gettext("a rule leads to a question that is not there: {other}")
        case FlawKind.LOOP:
            text = t.gettext("a rule leads back to question {other}: people would go round in circles")
        case FlawKind.NO_SUCH_QUESTION:
            text = t.gettext("a rule asks about a question that is not there: {other}")
        case FlawKind.NOT_YET_ASKED:
            text = t.gettext("a rule asks about question {other}, which comes later")
        case FlawKind.WRONG_COMPARISON:
            text = t.gettext("answers to question {other} cannot be compared like this")
        case FlawKind.WRONG_VALUE:
            text = t.gettext("no answer is “{other}”")
        case FlawKind.NEVER_HOLDS:
            text = t.gettext("a rule never applies, whatever is answered")
        case FlawKind.UNREACHABLE:
            text = t.gettext("no answer ever leads here")
        case FlawKind.NO_END:
            text = t.gettext("whoever gets here never comes to the end")
    return text.format(limit=limit, other=other, language=language)


def fault_words(t: Translator, fault: FileFault) -> str:
    match fault:
        case FileFault.NOT_A_SURVEY:
            return t.gettext("this is no survey; it begins with <code>survey: name</code>")
        case FileFault.TOO_LARGE:
            return t.gettext("the file is too large")
        case FileFault.NOT_UNDERSTOOD:
            return t.gettext("not understood:")
        case FileFault.NO_LANGUAGES:
            return t.gettext("there is no line <code>languages: zh_Hans, en</code>")
        case FileFault.UNKNOWN_LANGUAGE:
            return t.gettext("not one of the survey's languages:")
        case FileFault.UNKNOWN_KIND:
            return t.gettext("no such kind of question:")
        case FileFault.BAD_KEY:
            return t.gettext("a question's name has small letters and digits, such as q1:")
        case FileFault.BAD_RULE:
            return t.gettext("a rule looks like <code>if q1 &lt;= 2 go to q3</code>, not like")
        case FileFault.MIXED_RULE:
            return t.gettext("“and” and “or” in one rule: make two of it")
        case FileFault.TEXTS_OF_OPTION:
            return t.gettext("an option has one text per language, with | between them:")
        case FileFault.OUTSIDE:
            return t.gettext("there is no question with options above this:")


def question_kind_name(t: Translator, kind: QuestionKind) -> str:
    match kind:
        case QuestionKind.SINGLE:
            return t.gettext("single choice")
        case QuestionKind.MULTIPLE:
            return t.gettext("multiple choice")
        case QuestionKind.RATING:
            return t.gettext("rating 1–5")
        case QuestionKind.NPS:
            return t.gettext("NPS 0–10")
        case QuestionKind.YES_NO:
            return t.gettext("yes or no")
        case QuestionKind.TEXT:
            return t.gettext("free text")
        case QuestionKind.NUMBER:
            return t.pgettext("question", "number")
        case QuestionKind.DATE:
            return t.pgettext("question", "date")
        case QuestionKind.PHOTO:
            return t.pgettext("question", "photo")
        case QuestionKind.LOCATION:
            return t.pgettext("question", "location")
