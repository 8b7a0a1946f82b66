"""Surveys on the page of a customer without Telegram: the question, the review, the thanks."""

from collections.abc import Mapping
from typing import Any

from domain.answers import Filling, after, before, place
from domain.cases import CaseLine
from domain.consents import Purpose
from domain.errors import Invalid
from domain.surveys import Question, QuestionKind, said
from domain.uploads import is_upload
from views.answer_ends import called, closed_words
from views.answers import how, not_understood, without_names
from views.language import Translator
from views.web_parts import (
    ACCEPT,
    PICTURE,
    Choice,
    Note,
    Page,
    Step,
    back_step,
    bad_picture,
    home_step,
    message,
    note_words,
    wishes,
)


def card(t: Translator, one: Filling) -> dict[str, Any]:
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
    hints = []
    if asked.kind is QuestionKind.LOCATION:
        hints.append(t.gettext("An address or a place is enough."))
    if asked.kind in (QuestionKind.RATING, QuestionKind.NPS, QuestionKind.MULTIPLE):
        hints += how(t, asked)
    return Page(
        "question.html",
        said(asked.texts, t.locale),
        {
            "opening": [
                one for one in (opening, without_names(t) if found.survey.anonymous and at == 1 else "") if one
            ],
            "note": _problem(t, asked, problem) or note_words(t, note),
            "wrong": problem is not None,
            "place": f"{at}/{total}",
            "at": at,
            "total": total,
            "hints": hints,
            "kind": str(asked.kind),
            "choices": _choices(t, asked, given),
            "typed": typed
            if typed is not None
            else given
            if isinstance(given, str | int | float) and not is_upload(given)
            else "",
            "to": {"p": "survey", "s": str(found.subject)},
            "fields": {"q": number, "v": found.version},
            "accept": ACCEPT,
            "go": t.gettext("Done") if asked.kind is QuestionKind.MULTIPLE else t.gettext("Next ›"),
            "steps": _steps(t, found, key),
            "skip": "" if asked.required else t.gettext("Skip ›"),
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
    return message(t, "🔒", t.gettext("Ready to send"), [text], steps)


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
    page = message(t, "✅", closing, lines, [*steps, home_step(t)], note=note)
    return Page(page.template, page.title, {**page.values, "wishes": wishes(t, agreed) if not agreed else None})


def who_calls(t: Translator, case: CaseLine, *, now: Any) -> str:
    """By when somebody is in touch; no name and no reference, since nobody knows who looks."""
    return called(t, case, pending=True, now=now)


def closed(t: Translator, found: Filling) -> Page:
    """Why a survey takes no answers any more."""
    return message(t, "📭", closed_words(t, found), [], [home_step(t)])


# Within ------------------------------------------------------------------------------------------------------------


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
        steps.append(back_step(t))
    if key in found.answers:
        then = after(found.definition, found.answers, key)
        on = {"q": str(found.number_of(then))} if then is not None else {}
        steps.append(Step(t.gettext("Next ›"), to | on, "quiet"))
    return steps


def _problem(t: Translator, asked: Question, problem: Invalid | None) -> str:
    if problem is None:
        return ""
    return bad_picture(t) if problem.field == PICTURE else not_understood(t, asked)
