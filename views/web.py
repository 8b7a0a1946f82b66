"""The page of a customer without Telegram: its words, and the few shapes that they are shown in.

The templates hold no words and escape every value. Nothing is loaded from elsewhere, nothing needs a script.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.answers import Filling, after, before, place
from domain.bindings import LINK_DAYS
from domain.cases import LONGEST_WORDS, About, CaseKind, CaseLine
from domain.consents import Purpose
from domain.errors import Fault, Invalid
from domain.surveys import Question, QuestionKind, said
from domain.web import NOT_ON_PAGE, Visitor
from views.answer_ends import called, closed_words
from views.answers import how, not_understood, without_names
from views.case_words import KIND_SIGNS, about_name, case_kind_name, state_name
from views.language import NAMES, Translator
from views.replies import capital

FOLDER = Path(__file__).parent / "web_page"
SIGNS = {QuestionKind.RATING: 5, QuestionKind.NPS: 11}  # answers in a row of figures
Query = Mapping[str, str]


class Note(StrEnum):
    """What happened on the way to a page, as the address carries it."""

    ANSWERED = "answered"
    GONE = "gone"
    SAVED = "saved"


@dataclass(frozen=True, slots=True)
class Typed:
    """A form of the own word as it was sent, to be shown again where something is missing."""

    about: About
    words: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Where one can go: a link, or with ``fields`` a form of one button. ``kind``: primary, plain or quiet."""

    label: str
    to: Query
    kind: str = "plain"
    fields: Mapping[str, str | int] | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer among several."""

    label: str
    value: str | int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A template, the title, and its values."""

    template: str
    title: str
    values: Mapping[str, Any] = field(default_factory=dict)


def render(t: Translator, page: Page, query: Query, organisation: str | None) -> str:
    """The page as HTML. ``query``: the address asked for, in which another language is one more field."""
    own = {"l": query["l"]} if "l" in query else {}

    def address(to: Query) -> str:
        return "?" + urlencode({**to, **own})

    languages = [(NAMES[one], "?" + urlencode({**query, "l": one}), one == t.locale) for one in NAMES]
    return (
        _environment()
        .get_template(page.template)
        .render(
            **page.values,
            title=page.title,
            lang={"zh_Hans": "zh-Hans", "zh_Hant": "zh-Hant"}.get(t.locale, "en"),
            languages=languages,
            language=t.gettext("Language"),
            address=address,
            organisation=organisation or "",
            foot=t.gettext(
                "This page is yours alone: please do not pass its link on. It is valid for {days} days."
            ).format(days=LINK_DAYS),
        )
    )


# Pages -------------------------------------------------------------------------------------------------------------


def home(
    t: Translator,
    visitor: Visitor,
    waiting: Sequence[Filling],
    agreed: Mapping[Purpose, bool],
    *,
    note: Note | None = None,
) -> Page:
    """What waits for an answer, what one can say, and whether we may write."""
    who = t.gettext("{owner} looks after you.").format(owner=visitor.owner) if visitor.owner else ""
    kinds = [
        Step(f"{KIND_SIGNS[kind]} {capital(case_kind_name(t, kind))}", {"p": "tell", "k": kind}) for kind in CaseKind
    ]
    return Page(
        "home.html",
        t.gettext("Hello!"),
        {
            "who": who,
            "note": _note_words(t, note),
            "surveys": [_card(t, one) for one in waiting],
            "tell": t.gettext("What would you like to tell us? Every message gets an answer."),
            "kinds": kinds,
            "wishes": _wishes(t, agreed),
        },
    )


def _card(t: Translator, one: Filling) -> dict[str, Any]:
    count = len(one.definition.questions)
    words = t.ngettext("{n} question, a moment of your time.", "{n} questions, a minute of your time.", count)
    label = t.gettext("Go on") if one.answers else t.gettext("▶ Start")
    to = {"p": "survey", "s": str(one.subject)}
    opening = said(one.definition.opening, t.locale) or said(one.definition.questions[0].texts, t.locale)
    return {"opening": opening, "count": words.format(n=count), "step": Step(label, to, "primary")}


def question(
    t: Translator,
    found: Filling,
    key: str,
    *,
    typed: str | None = None,
    problem: Invalid | None = None,
    note: Note | None = None,
) -> Page:
    """One question. What an anonymous survey was answered is not shown again: whoever looks may be somebody else."""
    asked = found.definition.question(key)
    at, total = place(found.definition, found.answers, key)
    number = found.number_of(key)
    given = None if found.survey.anonymous else found.answers.get(key)
    opening = said(found.definition.opening, t.locale) if at == 1 else ""
    hints = [t.gettext("This cannot be sent from this page; please go on.")] if asked.kind in NOT_ON_PAGE else []
    if asked.kind in (QuestionKind.RATING, QuestionKind.NPS, QuestionKind.MULTIPLE):
        hints += how(t, asked)
    return Page(
        "question.html",
        said(asked.texts, t.locale),
        {
            "opening": [
                one for one in (opening, without_names(t) if found.survey.anonymous and at == 1 else "") if one
            ],
            "note": _problem(t, asked, problem) or _note_words(t, note),
            "wrong": problem is not None,
            "place": f"{at}/{total}",
            "at": at,
            "total": total,
            "hints": hints,
            "kind": str(asked.kind),
            "choices": _choices(t, asked, given),
            "typed": typed if typed is not None else given if isinstance(given, str | int | float) else "",
            "to": {"p": "survey", "s": str(found.subject)},
            "fields": {"q": number, "v": found.version},
            "go": t.gettext("Done") if asked.kind is QuestionKind.MULTIPLE else t.gettext("Next ›"),
            "steps": _steps(t, found, key),
            "skip": "" if asked.required or asked.kind in NOT_ON_PAGE else t.gettext("Skip ›"),
        },
    )


def review(t: Translator, found: Filling) -> Page:
    """All is answered, and an anonymous survey is sent by a button: afterwards nobody knows whose it is."""
    text = t.gettext("All questions are answered. Once sent, they cannot be changed: nobody will know which are yours.")
    to = {"p": "send", "s": str(found.subject)}
    last = found.number_of(list(found.answers)[-1])
    steps = [
        Step(t.gettext("✅ Send without my name"), to, "primary", {"v": found.version}),
        Step(t.gettext("‹ Back"), {"p": "survey", "s": str(found.subject), "q": str(last)}, "quiet"),
    ]
    return _message(t, "🔒", t.gettext("Ready to send"), [text], steps)


def sent(
    t: Translator,
    found: Filling,
    *,
    case: str | None,
    low: bool,
    changeable: bool,
    agreed: Mapping[Purpose, bool],
    note: Note | None = None,
) -> Page:
    """Thanks, what happens next, and what can still be done. ``case``: who is in touch by when, in words."""
    closing = said(found.definition.closing, t.locale) or t.gettext("Thank you: your answers have arrived.")
    lines, steps = [case] if case else [], list[Step]()
    if found.survey.anonymous and not case:
        lines.append(t.gettext("They are kept without your name."))
    subject = {"s": str(found.subject)}
    if low and not case:
        lines.append(
            t.gettext("We are sorry. If you want us to call you, tap below: only then do we know that it is you.")
        )
        steps.append(Step(t.gettext("📞 Please call me"), {"p": "call"} | subject, "primary", {}))
    if changeable:
        lines.append(t.gettext("You can change your answers for 15 minutes."))
        last = found.number_of(list(found.answers)[-1])
        steps.append(Step(t.gettext("Change my answers"), {"p": "survey", "q": str(last)} | subject, "plain"))
    page = _message(t, "✅", closing, lines, [*steps, _home(t)], note=note)
    return Page(page.template, page.title, {**page.values, "wishes": _wishes(t, agreed) if not agreed else None})


def who_calls(t: Translator, case: CaseLine, *, now: Any) -> str:
    """By when somebody is in touch; no name and no reference, since nobody knows who looks."""
    return called(t, case, pending=True, now=now)


def closed(t: Translator, found: Filling) -> Page:
    """Why a survey takes no answers any more."""
    return _message(t, "📭", closed_words(t, found), [], [_home(t)])


def tell(t: Translator, kind: CaseKind, *, typed: Typed | None = None, problem: Invalid | None = None) -> Page:
    """The own word: what it is about, and the words."""
    labels = {about: capital(about_name(t, about)) for about in About} | {About.ADVISER: t.gettext("My adviser")}
    chosen = typed.about if typed else About.PRODUCT
    match problem:
        case None:
            wrong = ""
        case Invalid(fault=Fault.TOO_LONG):
            wrong = t.gettext("That is too long: at most {n} characters.").format(n=t.number(LONGEST_WORDS))
        case _:
            wrong = t.gettext("Please write a few words.")
    return Page(
        "tell.html",
        f"{KIND_SIGNS[kind]} {capital(case_kind_name(t, kind))}",
        {
            "note": wrong,
            "wrong": bool(wrong),
            "kind_to": {"p": "tell", "k": str(kind)},
            "ask": t.gettext("What is it about? What concerns your adviser goes to the manager only."),
            "abouts": [Choice(labels[about], str(about), about is chosen) for about in About],
            "words_label": t.gettext("Please tell us in your own words."),
            "words": typed.words if typed else "",
            "longest": LONGEST_WORDS,
            "urgent_label": t.gettext("It is urgent"),
            "urgent": bool(typed and typed.urgent),
            "go": t.gettext("📨 Submit"),
            "steps": [_back(t)],
        },
    )


def receipt(t: Translator, case: CaseLine, *, now: Any) -> Page:
    """That it arrived, its reference, and by when somebody answers. The address of this page follows it."""
    facts = [
        (t.gettext("Your reference"), case.reference),
        (t.gettext("About"), f"{capital(case_kind_name(t, case.kind))} · {about_name(t, case.about)}"),
        (t.gettext("How it stands"), capital(state_name(t, case.state))),
    ]
    if case.promised:
        facts.append((t.gettext("You hear from us by"), t.clock(case.promised, now=now)))
    page = _message(t, "📨", t.gettext("Received, thank you"), [], [_home(t)])
    return Page(page.template, page.title, {**page.values, "facts": facts, "quote": case.words})


def stop(t: Translator, *, stopped: bool) -> Page:
    """The way out that every e-mail names: one button."""
    if stopped:
        text = t.gettext("We will not write to you any more. What you send us is answered all the same.")
        return _message(t, "🔕", t.gettext("Stopped"), [text], [_home(t)])
    text = t.gettext("We then send you no more e-mails and text messages. You can change that here at any time.")
    steps = [Step(t.gettext("Stop messages"), {"p": "stop"}, "primary", {}), _home(t)]
    return _message(t, "🔕", t.gettext("No more messages?"), [text], steps)


def busy(t: Translator) -> Page:
    """Too much at once."""
    text = t.gettext("That was a lot at once. Please come back a little later; nothing is lost.")
    return _message(t, "⏳", t.gettext("One moment, please"), [text], [_home(t)])


def bad_link(t: Translator) -> Page:
    """The one answer to every bad link: wrong, revoked, too old."""
    text = t.gettext("It may be too old. Please ask whoever sent it to you for a new one.")
    return _message(t, "🔗", t.gettext("This link does not work (any more)"), [text], [])


def broken(t: Translator, reference: str | None) -> Page:
    """Our fault, or the database's: nothing was changed."""
    text = t.gettext("Nothing was changed. Please try again in a moment.")
    lines = [text, t.gettext("Reference: {reference}").format(reference=reference)] if reference else [text]
    return _message(t, "🔧", t.gettext("Something went wrong on our side"), lines, [])


# Within ------------------------------------------------------------------------------------------------------------


def _message(
    t: Translator, sign: str, title: str, lines: Sequence[str], steps: Sequence[Step], *, note: Note | None = None
) -> Page:
    values = {"sign": sign, "lines": lines, "steps": steps, "note": _note_words(t, note)}
    return Page("message.html", title, values | {"facts": (), "quote": "", "wishes": None})


def _wishes(t: Translator, agreed: Mapping[Purpose, bool]) -> dict[str, Any]:
    """May we write, asked apart for service and for offers. A change of meaning is a new ``TEXT_VERSION``."""
    lines = {
        Purpose.SERVICE: t.gettext("About your matters: appointments, answers, service and how content you are."),
        Purpose.OFFERS: t.gettext("About offers and news now and then. That is separate; a no changes nothing else."),
    }
    return {
        "title": t.gettext("May we write to you?"),
        "rows": [
            {
                "words": words,
                "purpose": str(purpose),
                "yes": Choice(t.gettext("Yes, you may"), "yes", agreed.get(purpose) is True),
                "no": Choice(t.gettext("No, thank you"), "no", agreed.get(purpose) is False),
            }
            for purpose, words in lines.items()
        ],
        "foot": t.gettext("You can change that here at any time."),
    }


def _choices(t: Translator, asked: Question, given: Any) -> list[Choice]:
    match asked.kind:
        case QuestionKind.RATING:
            return [Choice(str(n), n, given == n) for n in range(1, 6)]
        case QuestionKind.NPS:
            return [Choice(str(n), n, given == n and given is not False) for n in range(11)]
        case QuestionKind.YES_NO:
            return [Choice(t.gettext("Yes"), 1, given is True), Choice(t.gettext("No"), 0, given is False)]
        case QuestionKind.SINGLE:
            return [Choice(said(one.texts, t.locale), n, one.key == given) for n, one in enumerate(asked.options)]
        case QuestionKind.MULTIPLE:
            ticked = given if isinstance(given, list) else []
            return [Choice(said(one.texts, t.locale), n, one.key in ticked) for n, one in enumerate(asked.options)]
        case _:
            return []


def _steps(t: Translator, found: Filling, key: str) -> list[Step]:
    """Back to the question before, and on past one that is answered."""
    to, steps = {"p": "survey", "s": str(found.subject)}, []
    last = before(found.definition, found.answers, key)
    if last is not None:
        steps.append(Step(t.gettext("‹ Back"), {**to, "q": str(found.number_of(last))}, "quiet"))
    else:
        steps.append(_back(t))
    if key in found.answers:
        then = after(found.definition, found.answers, key)
        on = {"q": str(found.number_of(then))} if then is not None else {}
        steps.append(Step(t.gettext("Next ›"), to | on, "quiet"))
    return steps


def _problem(t: Translator, asked: Question, problem: Invalid | None) -> str:
    return not_understood(t, asked) if problem else ""


def _note_words(t: Translator, note: Note | None) -> str:
    match note:
        case None:
            return ""
        case Note.ANSWERED:
            return t.gettext("That was answered already, here or on another device. This is how it stands.")
        case Note.GONE:
            return t.gettext("That is no longer open.")
        case Note.SAVED:
            return t.gettext("Saved, thank you.")


def _home(t: Translator) -> Step:
    return Step(t.gettext("To the overview"), {}, "quiet")


def _back(t: Translator) -> Step:
    return Step("‹ " + t.gettext("Back"), {}, "quiet")


@cache
def _environment() -> Environment:
    made = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
    made.trim_blocks = made.lstrip_blocks = True
    return made


@cache
def stylesheet() -> bytes:
    """How the page looks, by day and by night."""
    return (FOLDER / "page.css").read_bytes()
