"""What a survey brought: figures, free answers, by rep, by product and cause; the words of its chart and its file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.customers import Page
from domain.exports import Format
from domain.sheets import Cell
from domain.survey_results import (
    BAD,
    CAUSES,
    DETRACTOR,
    FEWEST,
    GOOD,
    MIDDLE,
    PLAIN,
    PROMOTER,
    TEXTS,
    Bar,
    CauseLine,
    Figure,
    Funnel,
    Given,
    Panel,
    Sight,
)
from domain.surveys import EnteredBy, Question, QuestionKind, Survey, said
from views.answers import answer_words
from views.language import Translator
from views.links import OpenSurvey, ShowResults
from views.pages import turn
from views.replies import Button, File, Reply, clip, escape, payload
from views.survey_photos import to_photos

PAGE = 4  # questions of one screen


@payload("vi1")
class DrawChart:
    survey_id: int


@payload("vj1")
class FreeAnswers:
    survey_id: int
    number: int


@payload("vp1")
class ByRep:
    survey_id: int


@payload("vq1")
class ByCause:
    survey_id: int
    number: int


@payload("vr1")
class ExportAnswers:
    survey_id: int
    kind: Format


def results(t: Translator, sight: Sight, funnel: Funnel, found: Sequence[Figure], page: int, *, lead: bool) -> Reply:
    """Figures of a survey, some questions at a time."""
    survey = sight.survey
    lines = [_title(survey), _funnel(t, funnel)]
    if funnel.entered:
        lines[-1] += " · " + t.gettext("{n} entered by staff").format(n=t.number(funnel.entered))
    shown = found[page * PAGE : (page + 1) * PAGE]
    for n, figure in enumerate(shown, page * PAGE + 1):
        lines.append(f"{n}. {escape(clip(said(figure.question.texts, t.locale), 60))}")
        lines.append("   " + escape(figure_words(t, figure, clipped=90)))
    if sight.aggregate:
        lines.append(t.gettext("🔒 New answers are counted five at a time, so that none can be told apart."))
    if funnel.dropped:
        key, stopped = max(funnel.dropped.items(), key=lambda one: one[1])
        at = next(n for n, one in enumerate(survey.definition.questions, 1) if one.key == key)
        text = t.gettext("Stopped most often at question {at}: {n}")
        lines.append(text.format(at=at, n=t.number(stopped)))
    rows = [[Button(t.gettext("📈 Chart"), DrawChart(survey.id))]]
    if sight.words:
        rows[0] += [_texts(t, survey), *to_photos(t, survey)]
    if lead and not survey.anonymous:
        rows.append([Button(t.gettext("By rep and team"), ByRep(survey.id))])
    rows.append([Button(t.gettext("By product and cause"), ByCause(survey.id, 0))])
    if sight.words:
        rows.append(
            [
                Button("📗 XLSX", ExportAnswers(survey.id, Format.XLSX)),
                Button("📄 CSV", ExportAnswers(survey.id, Format.CSV)),
            ]
        )
    return Reply("\n".join(lines), rows=[*rows, *_turn(t, survey, page, len(found)), _survey(t, survey)])


def too_few(t: Translator, sight: Sight, funnel: Funnel) -> Reply:
    """Figures of so few answers would tell on somebody."""
    text = t.gettext(
        "With fewer than {n} answers nothing is shown, so that nobody can be recognised. It opens by itself."
    )
    lines = [_title(sight.survey), _funnel(t, funnel), text.format(n=FEWEST)]
    rows = [[Button(t.gettext("Look again"), ShowResults(sight.survey.id, 0))], _survey(t, sight.survey)]
    return Reply("\n".join(lines), rows=rows)


def _survey(t: Translator, survey: Survey) -> list[Button]:
    return [Button("‹ " + t.gettext("Back"), OpenSurvey(survey.id))]


def figure_words(t: Translator, figure: Figure, *, clipped: int | None = None) -> str:
    """A figure in one line, with n and margin."""
    if not figure.n:
        return t.gettext("no answers yet")
    parts = [_middle(t, figure), t.gettext("n = {n}").format(n=t.number(figure.n))]
    if figure.change is not None:
        parts.append(t.gettext("{change} since the last time").format(change=_signed(t, figure.change)))
    if figure.small and figure.shares:
        parts.append(t.gettext("small n"))
    line = " · ".join(part for part in parts if part)
    return line if clipped is None else clip(line, clipped)


def _middle(t: Translator, figure: Figure) -> str:
    margin = "" if figure.margin is None else f" ± {_rounded(t, figure.margin)}"
    match figure.question.kind:
        case QuestionKind.RATING if figure.mean is not None:
            return f"{_rounded(t, figure.mean)} / 5{margin}"
        case QuestionKind.NPS if figure.mean is not None:
            wide = "" if figure.margin is None else f" ± {figure.margin:.0f}"
            return f"NPS {_signed(t, round(figure.mean))}{wide}"
        case QuestionKind.NUMBER if figure.mean is not None:
            return t.gettext("mean {value}").format(value=_rounded(t, figure.mean) + margin)
        case _:
            return _best(t, figure)


def _best(t: Translator, figure: Figure) -> str:
    """The most frequent answers, with the margin of the first."""
    best = sorted((one for one in figure.shares if one[1]), key=lambda one: -one[1])[:3]
    words = [f"{clip(label(t, figure.question, value), 18)} {_percent(count, figure.n)}" for value, count in best]
    if best:
        words[0] += f" ± {figure.margin:.0f}" if figure.margin is not None else ""
    return " · ".join(words)


def label(t: Translator, question: Question, value: Any) -> str:
    """An answer as a bar is called."""
    if question.kind is QuestionKind.RATING:
        return f"{value} ★"
    return answer_words(t, question, value)


def _percent(count: int, n: int) -> str:
    return f"{100 * count / n:.0f} %" if n else "–"


def _rounded(t: Translator, value: float) -> str:
    return t.number(round(value, 1))


def _signed(t: Translator, value: float) -> str:
    return f"{'+' if value >= 0 else '−'}{_rounded(t, abs(value))}"


def _title(survey: Survey) -> str:
    return f"📊 <b>{escape(clip(survey.name, 60))}</b>" + (" · 🔒" if survey.anonymous else "")


def _funnel(t: Translator, funnel: Funnel) -> str:
    text = t.gettext("{sent} sent · {opened} opened · {answered} answered")
    line = text.format(sent=t.number(funnel.sent), opened=t.number(funnel.opened), answered=t.number(funnel.answered))
    return line + (f" ({_percent(funnel.answered, funnel.sent)})" if funnel.sent else "")


def _texts(t: Translator, survey: Survey) -> Button:
    return Button(t.gettext("💬 In their words"), FreeAnswers(survey.id, 0))


def _turn(t: Translator, survey: Survey, page: int, total: int) -> list[list[Button]]:
    row = []
    if page:
        row.append(Button("‹", ShowResults(survey.id, page - 1)))
    if (page + 1) * PAGE < total:
        row.append(Button(t.gettext("More questions ›"), ShowResults(survey.id, page + 1)))
    return [row] if row else []


def _back(t: Translator, survey: Survey) -> list[Button]:
    return [Button(t.gettext("‹ Results"), ShowResults(survey.id, 0))]


# Free answers ------------------------------------------------------------------------------------------------------


def free_answers(t: Translator, survey: Survey, page: Page[Given]) -> Reply:
    """What was written, with whom it came from; of an anonymous survey in no order and without."""
    lines = [_title(survey)]
    for one in page.items:
        for question in survey.definition.questions:
            words = one.answers.get(question.key)
            if question.kind is QuestionKind.TEXT and isinstance(words, str):
                lines.append(f"“{escape(clip(words, 300))}”{_by(t, one)}")
    if len(lines) == 1:
        lines.append(t.gettext("Nothing was written in own words here."))
    turns = turn(t, page.number, (page.total - 1) // TEXTS, lambda number: FreeAnswers(survey.id, number))
    return Reply("\n".join(lines[:13]), rows=[*turns, _back(t, survey)])


def _by(t: Translator, one: Given) -> str:
    if one.customer is None or one.at is None:
        return ""
    return f" – {escape(clip(one.customer, 30))} · {t.day(one.at.astimezone(t.zone).date())}"


# By rep, by cause --------------------------------------------------------------------------------------------------


def by_rep(
    t: Translator, survey: Survey, reps: Sequence[tuple[str, Figure]], teams: Sequence[tuple[str, Figure]]
) -> Reply:
    """The survey's first score by rep and by team, the most answered first."""
    lines = [_title(survey)]
    if not reps:
        lines.append(t.gettext("There are no scores yet."))
    else:
        lines.append(escape(clip(said(reps[0][1].question.texts, t.locale), 90)))
        lines += [f"{escape(clip(name, 24))} – {figure_words(t, figure, clipped=50)}" for name, figure in reps[:6]]
        lines.append(f"<b>{t.gettext('Teams')}</b>")
        lines += [f"{escape(clip(name, 24))} – {figure_words(t, figure, clipped=50)}" for name, figure in teams[:4]]
    return Reply("\n".join(lines), rows=[_back(t, survey)])


def by_cause(
    t: Translator, survey: Survey, page: Page[CauseLine], scores: Sequence[tuple[Figure | None, Figure | None]]
) -> Reply:
    """Matters of customers by product and cause, what was changed, and the survey's score before and since."""
    lines = [_title(survey), t.gettext("Matters of the last year by product and cause")]
    for one, (old, new) in zip(page.items, scores, strict=True):
        what = " · ".join(escape(clip(part, 30)) for part in (one.product, one.cause) if part)
        lines.append(f"<b>{what}</b> – {t.number(one.count)}")
        if one.lesson:
            lines.append("   " + t.gettext("Changed: {lesson}").format(lesson=escape(clip(one.lesson, 80))))
        if old is not None and new is not None and old.n and new.n:
            text = t.gettext("before {old}, since {new}")
            lines.append(
                "   " + text.format(old=figure_words(t, old, clipped=30), new=figure_words(t, new, clipped=30))
            )
    if not page.items:
        lines.append(t.gettext("None yet: product and cause are noted when a matter is closed."))
    turns = turn(t, page.number, (page.total - 1) // CAUSES, lambda number: ByCause(survey.id, number))
    return Reply("\n".join(lines), rows=[*turns, _back(t, survey)])


# The chart ---------------------------------------------------------------------------------------------------------


def drawing(t: Translator) -> Reply:
    return Reply(toast=t.gettext("The chart is being drawn …"))


def chart_title(t: Translator, facts: Mapping[str, Any]) -> str:
    """What the long work is called."""
    return t.gettext("Results of {name}").format(name=facts["name"])


def subtitle(t: Translator, funnel: Funnel) -> str:
    return _funnel(t, funnel)


def panels(t: Translator, found: Sequence[Figure], *, most: int = 6) -> list[Panel]:
    """The questions that have bars, as a chart draws them."""
    return [
        Panel(said(one.question.texts, t.locale), figure_words(t, one), tuple(_bars(t, one)))
        for one in found
        if one.shares and one.n
    ][:most]


def _bars(t: Translator, figure: Figure) -> Iterator[Bar]:
    if figure.question.kind is QuestionKind.NPS:
        groups = (
            (t.gettext("9–10 recommend"), PROMOTER, 10, GOOD),
            (t.gettext("7–8 content"), DETRACTOR + 1, PROMOTER - 1, MIDDLE),
            (t.gettext("0–6 critical"), 0, DETRACTOR, BAD),
        )
        for words, low, high, colour in groups:
            count = sum(n for value, n in figure.shares if low <= value <= high)
            yield Bar(words, count / figure.n, _note(t, count, figure.n), colour)
        return
    for value, count in figure.shares:
        rated = figure.question.kind is QuestionKind.RATING
        tint = {5: GOOD, 4: GOOD, 3: MIDDLE}.get(value, BAD) if rated else PLAIN
        yield Bar(label(t, figure.question, value), count / figure.n, _note(t, count, figure.n), tint)


def _note(t: Translator, count: int, n: int) -> str:
    return f"{_percent(count, n)} · {t.number(count)}"


def chart(t: Translator, facts: Mapping[str, Any], picture: bytes | None) -> Reply:
    """The picture, or why there is none."""
    rows = [[Button(t.gettext("‹ Results"), ShowResults(facts["survey_id"], 0))]]
    if picture is None:
        return Reply(t.gettext("There is nothing to draw yet."), rows=rows)
    return Reply(f"📈 <b>{escape(facts['name'])}</b>", rows=rows, file=File("results.png", picture, photo=True))


# The file ----------------------------------------------------------------------------------------------------------


def writing(t: Translator) -> Reply:
    return Reply(toast=t.gettext("The file is being written …"))


def headings(t: Translator, survey: Survey) -> list[str]:
    """The columns of an export; an anonymous one has the answers alone."""
    asked = [said(one.texts, t.locale) for one in survey.definition.questions]
    if survey.anonymous:
        return asked
    own = [t.gettext("Day"), t.gettext("Customer who answered"), t.gettext("Rep then"), t.gettext("How asked")]
    return [*own, *asked]


def row(t: Translator, survey: Survey, one: Given) -> list[Cell]:
    """A response as a row."""
    answers = [_cell(t, question, one.answers) for question in survey.definition.questions]
    if survey.anonymous:
        return answers
    day = one.at.astimezone(t.zone).date() if one.at else one.month
    return [day, one.customer or "", one.member or "", _how(t, one.entered_by), *answers]


def _cell(t: Translator, question: Question, answers: Mapping[str, Any]) -> Cell:
    value = answers.get(question.key)
    if question.key not in answers:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return answer_words(t, question, value)


def _how(t: Translator, by: EnteredBy) -> str:
    match by:
        case EnteredBy.CHAT:
            return t.gettext("in the chat")
        case EnteredBy.WEB:
            return t.gettext("on the web page")
        case EnteredBy.PHONE:
            return t.gettext("by phone, entered by staff")
        case EnteredBy.FACE:
            return t.gettext("face to face, entered by staff")


def too_large(t: Translator) -> Reply:
    """More than Telegram lets a bot send."""
    return Reply(t.gettext("The file would be larger than Telegram allows. Ask an admin to export it on the server."))


def exported(t: Translator, facts: Mapping[str, Any], content: bytes, count: int) -> Reply:
    words = t.ngettext("{n} answer", "{n} answers", count).format(n=t.number(count))
    return Reply(f"📤 <b>{escape(facts['name'])}</b> · {words}", file=File(facts["name"], content))
