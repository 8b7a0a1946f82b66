"""A survey as the one who answers sees it: one message, from question to question."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from domain.answers import TYPED, Filling, after, before, place
from domain.survey_sending import Invitation
from domain.surveys import EnteredBy, Option, Question, QuestionKind, Survey, said
from views.language import Translator
from views.links import Leave, leave
from views.replies import Ask, Button, Reply, Style, clip, escape, fit, payload

STEP = "answers"
LIVING = "survey"  # the name under which the message of a survey is kept, with its subject
HERE = -1  # as a question: the one that waits
_MARK = "✓ "
TAPPED = frozenset(
    {QuestionKind.RATING, QuestionKind.NPS, QuestionKind.YES_NO, QuestionKind.SINGLE, QuestionKind.MULTIPLE}
)


@payload("aq1")
class Pick:
    """An answer by one button. ``value``: the score, an option's place, 1 or 0, or a day's ordinal."""

    subject: int
    question: int
    value: int
    version: int


@payload("am1")
class Tick:
    """Several options, as bits; nothing is stored before ``PickMany``."""

    subject: int
    question: int
    mask: int


@payload("ad1")
class PickMany:
    subject: int
    question: int
    mask: int
    version: int


@payload("ak1")
class Skip:
    subject: int
    question: int
    version: int


@payload("ao1")
class OpenQuestion:
    """Show a question: back, forth, or the one that waits (``HERE``)."""

    subject: int
    question: int


@payload("as1")
class SendAnswers:
    subject: int
    version: int


@payload("ac1")
class CallMe:
    """Who answered without a name wants to be called."""

    subject: int


def living_name(subject: int) -> str:
    """What the message of a survey is kept under."""
    return f"{LIVING}:{subject}"


# Questions ---------------------------------------------------------------------------------------------------------


def opening(t: Translator, survey: Survey, invitation: Invitation) -> Reply:
    """The message that asks: the opening, and the first question where one tap answers it."""
    filling = Filling(survey, None, invitation)
    first = survey.definition.questions[0]
    if first.kind in TAPPED:
        return replace(question(t, filling, first.key), ask=None)
    start = Button(t.gettext("▶ Start"), OpenQuestion(filling.subject, HERE), style=Style.PRIMARY)
    lines = [*_opening(t, filling), _count(t, survey)]
    return Reply("\n".join(lines), rows=[[start]], living=living_name(filling.subject))


def reminder(t: Translator, survey: Survey, invitation: Invitation) -> Reply:
    """The one gentle reminder; it goes on where it was left."""
    filling = Filling(survey, None, invitation)
    lines = [t.gettext("We would still be glad of your answers:"), *_opening(t, filling), _count(t, survey)]
    rows = [[Button(t.gettext("▶ Answer"), OpenQuestion(filling.subject, HERE), style=Style.PRIMARY)]]
    return Reply("\n".join(lines), rows=rows, living=living_name(filling.subject))


def waiting(t: Translator, fillings: Sequence[Filling]) -> Reply:
    """``/survey`` of a customer who was asked several things, or nothing."""
    if not fillings:
        text = t.gettext("There is nothing to answer just now. If you want to tell us something, just write it here.")
        return Reply(text)
    rows = [
        [
            Button(
                fit(
                    said(one.definition.question(one.open_question or one.definition.questions[0].key).texts, t.locale)
                ),
                OpenQuestion(one.subject, HERE),
            )
        ]
        for one in fillings
    ]
    return Reply(t.gettext("These questions wait for you:"), rows=rows)


def _count(t: Translator, survey: Survey) -> str:
    count = len(survey.definition.questions)
    return t.ngettext("{n} question, a moment of your time.", "{n} questions, a minute of your time.", count).format(
        n=count
    )


def question(
    t: Translator,
    filling: Filling,
    key: str,
    *,
    today: dt.date | None = None,
    mask: int | None = None,
    hint: str | None = None,
) -> Reply:
    """One question with its buttons; the next text, photo or place answers it, too.

    Args:
        today: the local day of whoever answers, for a question after a day.
        mask: ticked options of a multiple choice that are not stored yet.
        hint: why the last text was no answer.
    """
    asked = filling.definition.question(key)
    at, total = place(filling.definition, filling.answers, key)
    lines = [f"{hint}\n"] if hint else []
    if at == 1 and filling.invitation is not None:
        lines += [line + "\n" for line in _opening(t, filling)]
    if filling.invitation is None:
        lines.append(entering(t, filling))
    lines.append(f"{at}/{total} · <b>{escape(said(asked.texts, t.locale))}</b>")
    lines += [f"<i>{line}</i>" for line in how(t, asked)]
    given = filling.answers.get(key)
    if given is not None and asked.kind in TYPED | {QuestionKind.DATE}:
        lines.append(t.gettext("So far: {answer}").format(answer=escape(clip(answer_words(t, asked, given), 300))))
    ticked = _mask_of(asked, given) if mask is None else mask
    rows = [*_choices(t, filling, asked, ticked, today=today), _steps(t, filling, key)]
    return Reply(
        "\n".join(lines),
        rows=[row for row in rows if row],
        ask=Ask(STEP, {"subject": filling.subject, "question": key}),
        living=living_name(filling.subject),
    )


def asked_before(t: Translator, filling: Filling, key: str) -> Reply:
    """What is left of the message above a typed answer: the question, without buttons."""
    asked = filling.definition.question(key)
    at, total = place(filling.definition, filling.answers, key)
    text = f"{at}/{total} · {escape(said(asked.texts, t.locale))}"
    return Reply(text, living=living_name(filling.subject), edit_living=True)


def not_understood(t: Translator, asked: Question) -> str:
    """Why a text was no answer, and what would be one."""
    match asked.kind:
        case QuestionKind.NUMBER:
            return t.gettext("I am looking for a number here, such as 3 or 12.5.")
        case QuestionKind.DATE:
            return t.gettext("I am looking for a day here, such as yesterday or March 5.")
        case QuestionKind.PHOTO:
            return t.gettext("Please send a photo here.")
        case QuestionKind.LOCATION:
            return t.gettext("Please share a location here: 📎, then Location.")
        case QuestionKind.TEXT:
            return t.gettext("Please answer in a few words, at most 1,000 characters.")
        case _:
            return t.gettext("Please tap one of the answers below.")


def review(t: Translator, filling: Filling) -> Reply:
    """All is answered, and sending is the end of it: an anonymous survey, or what a member enters."""
    last = filling.number_of(list(filling.answers)[-1])
    if filling.invitation is None:
        text = entering(t, filling) + "\n" + t.gettext("All questions are answered.")
        send = t.gettext("✅ Save the answers")
    else:
        text = t.gettext(
            "All questions are answered. Once sent, they cannot be changed: nobody will know which are yours."
        )
        send = t.gettext("✅ Send without my name")
    rows = [
        [Button(send, SendAnswers(filling.subject, filling.version), style=Style.SUCCESS)],
        [Button(t.gettext("‹ Back"), OpenQuestion(filling.subject, last))],
    ]
    return Reply(text, rows=rows, living=living_name(filling.subject))


def answer_words(t: Translator, asked: Question, value: object) -> str:
    """An answer as people say it."""
    match asked.kind, value:
        case _, None:
            return t.gettext("skipped")
        case QuestionKind.SINGLE, _:
            return _option_words(t, asked, [value])
        case QuestionKind.MULTIPLE, list():
            return _option_words(t, asked, value)
        case QuestionKind.YES_NO, _:
            return t.gettext("Yes") if value else t.gettext("No")
        case QuestionKind.DATE, str():
            return t.day(dt.date.fromisoformat(value))
        case QuestionKind.PHOTO, _:
            return t.gettext("a photo")
        case QuestionKind.LOCATION, [float() | int() as latitude, float() | int() as longitude]:
            return f"{latitude:.5f}, {longitude:.5f}"
        case QuestionKind.LOCATION, str():
            return clip(value, 60)
        case QuestionKind.NUMBER, int() | float():
            return t.number(value)
        case _:
            return str(value)


def _option_words(t: Translator, asked: Question, keys: list[object]) -> str:
    return t.list([said(one.texts, t.locale) for one in asked.options if one.key in keys])


def _opening(t: Translator, filling: Filling) -> list[str]:
    lines = [escape(said(filling.definition.opening, t.locale))] if filling.definition.opening else []
    if filling.survey.anonymous:
        lines.append(without_names(t))
    return lines


def without_names(t: Translator) -> str:
    """What an anonymous survey promises."""
    return t.gettext("🔒 Without names: nobody, not even we, can see who gave which answer.")


def entering(t: Translator, filling: Filling) -> str:
    by = filling.response.entered_by if filling.response else EnteredBy.PHONE
    names = {"customer": escape(filling.customer), "survey": escape(filling.survey.name)}
    if by is EnteredBy.FACE:
        return t.gettext("✍️ {survey} · answers of {customer}, asked face to face").format(**names)
    return t.gettext("✍️ {survey} · answers of {customer}, asked by phone").format(**names)


def how(t: Translator, asked: Question) -> list[str]:
    """How a question is answered."""
    match asked.kind:
        case QuestionKind.RATING:
            return [t.gettext("1 = lowest, 5 = highest")]
        case QuestionKind.NPS:
            return [t.gettext("0 = not at all, 10 = very much")]
        case QuestionKind.MULTIPLE:
            return [t.gettext("Several can be right; then tap Done.")]
        case QuestionKind.TEXT:
            return [t.gettext("Just write your answer.")]
        case QuestionKind.NUMBER:
            return [t.gettext("Write a number.")]
        case QuestionKind.DATE:
            return [t.gettext("Tap a day, or write one.")]
        case QuestionKind.PHOTO:
            return [t.gettext("Send a photo.")]
        case QuestionKind.LOCATION:
            return [t.gettext("Share a location: 📎, then Location.")]
        case _:
            return []


def _choices(
    t: Translator, filling: Filling, asked: Question, ticked: int, *, today: dt.date | None
) -> list[list[Button]]:
    number, given = filling.number_of(asked.key), filling.answers.get(asked.key)

    def pick(label: str, value: int, stored: object) -> Button:
        chosen = given == stored and type(given) is type(stored)
        return Button(_MARK + label if chosen else label, Pick(filling.subject, number, value, filling.version))

    match asked.kind:
        case QuestionKind.RATING:
            return [[pick(str(n), n, n) for n in range(1, 6)]]
        case QuestionKind.NPS:
            return [[pick(str(n), n, n) for n in range(6)], [pick(str(n), n, n) for n in range(6, 11)]]
        case QuestionKind.YES_NO:
            return [[pick(t.gettext("Yes"), 1, True), pick(t.gettext("No"), 0, False)]]
        case QuestionKind.SINGLE:
            return [[pick(fit(said(one.texts, t.locale)), n, one.key)] for n, one in enumerate(asked.options)]
        case QuestionKind.DATE if today is not None:
            days = [(t.gettext("Today"), today), (t.gettext("Yesterday"), today - dt.timedelta(days=1))]
            return [[pick(label, day.toordinal(), day.isoformat()) for label, day in days]]
        case QuestionKind.MULTIPLE:
            return _ticks(t, filling, asked, number, ticked)
        case _:
            return []


def _ticks(t: Translator, filling: Filling, asked: Question, number: int, ticked: int) -> list[list[Button]]:
    rows = [
        [
            Button(
                ("☑ " if ticked >> n & 1 else "☐ ") + fit(said(one.texts, t.locale), 34),
                Tick(filling.subject, number, ticked ^ (1 << n)),
            )
        ]
        for n, one in enumerate(asked.options)
    ]
    if ticked:
        done = PickMany(filling.subject, number, ticked, filling.version)
        rows.append([Button(t.gettext("Done"), done, style=Style.PRIMARY)])
    return rows


def _mask_of(asked: Question, given: object) -> int:
    return sum(1 << n for n, one in enumerate(asked.options) if one.key in given) if isinstance(given, list) else 0


def options_of(mask: int, options: tuple[Option, ...]) -> list[str]:
    """The keys of ticked options."""
    return [one.key for n, one in enumerate(options) if mask >> n & 1]


def _steps(t: Translator, filling: Filling, key: str) -> list[Button]:
    """Back to the question before, and on: over one that may be skipped, or past one that is answered."""
    row = []
    number = filling.number_of(key)
    last = before(filling.definition, filling.answers, key)
    if last is not None:
        row.append(Button(t.gettext("‹ Back"), OpenQuestion(filling.subject, filling.number_of(last))))
    else:
        row.append(leave(t) if filling.invitation is None else Button(t.gettext("Later"), Leave()))
    if key in filling.answers:
        then = after(filling.definition, filling.answers, key)
        on = HERE if then is None else filling.number_of(then)
        row.append(Button(t.gettext("Next ›"), OpenQuestion(filling.subject, on)))
    elif not filling.definition.question(key).required:
        row.append(Button(t.gettext("Skip ›"), Skip(filling.subject, number, filling.version)))
    return row
