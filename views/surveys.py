"""Surveys of the staff: the list, the card of one, and its template."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from domain.customers import Page
from domain.people import Actor
from domain.survey_checks import Flaw
from domain.survey_files import LineFault
from domain.survey_sending import ANSWERABLE
from domain.surveys import InvitationState, Survey, SurveyLine, SurveyState, Trigger, said
from views.history import undo_button
from views.language import NAMES, Translator
from views.links import OpenSurvey, ShowResults
from views.pages import turn
from views.replies import DONE, Ask, Button, File, Reply, Style, clip, escape, payload
from views.start import Place, go
from views.survey_checks import fault_lines, flaw_lines
from views.survey_links import EditLanguages, PickCustomer, ShowAudience, ShowQuestions, StartPreview, to_survey
from views.survey_templates import Template, template_name
from views.survey_triggers import ShowTrigger, trigger_words

STEP_FILE, STEP_NAME = "surveys.file", "surveys.name"
SIGNS = {SurveyState.DRAFT: "✏️", SurveyState.OPEN: "🟢", SurveyState.CLOSED: "⚪️"}


@payload("vl1")
class SurveyPage:
    number: int


@payload("vn1")
class NewSurvey:
    """Choose a template, or begin from nothing."""


@payload("vt1")
class MakeSurvey:
    template: Template


@payload("vm1")
class MakeOwn:
    """Ask for the name of one that begins empty."""


@payload("vf1")
class AskFile:
    """Ask for a text file."""


@payload("vx1")
class ExportSurvey:
    survey_id: int


@payload("vo1")
class SetOpen:
    """``on`` 1: open, 0: close."""

    survey_id: int
    on: int
    version: int


@payload("vc1")
class CopySurvey:
    survey_id: int


@payload("vd1")
class DeleteSurvey:
    survey_id: int
    version: int


@payload("va1")
class SetAnonymous:
    survey_id: int
    on: int
    version: int


@payload("vs1")
class ShowSent:
    """To whom a survey went."""

    survey_id: int
    number: int


# The list ----------------------------------------------------------------------------------------------------------


def surveys(t: Translator, page: Page[SurveyLine], *, actor: Actor) -> Reply:
    """Surveys in sight, each with what was sent and answered; reps see open ones."""
    lines = [f"<b>{t.gettext('Surveys')}</b>"]
    lines += [f"{i}. {_line(t, one)}" for i, one in enumerate(page.items, 1)]
    if not page.items and actor.is_lead:
        lines.append(t.gettext("None yet. A template is ready in two taps: <b>New survey</b>."))
    elif not page.items:
        lines.append(t.gettext("No survey is open. Your lead opens one; then you can send it to your customers."))
    numbers = [Button(str(i), OpenSurvey(one.id)) for i, one in enumerate(page.items, 1)]
    rows = [*([numbers] if numbers else []), *turn(t, page.number, page.last, SurveyPage)]
    if actor.is_lead:
        rows.append([Button(t.gettext("➕ New survey"), NewSurvey(), style=Style.PRIMARY)])
    return Reply("\n".join(lines), rows=[*rows, [go(t, Place.TODAY)]])


def _line(t: Translator, one: SurveyLine) -> str:
    name = f"{SIGNS[one.state]} <b>{escape(clip(one.name, 30))}</b>" + (" 🔒" if one.anonymous else "")
    match one.state:
        case SurveyState.DRAFT:
            return f"{name} · {t.gettext('draft')}"
        case _ if not one.sent:
            return f"{name} · {t.gettext('not sent yet')}"
        case _:
            return f"{name} · " + t.gettext("{done} of {sent} answered").format(
                done=t.number(one.done), sent=t.number(one.sent)
            )


def choose_template(t: Translator) -> Reply:
    """Ready surveys first; then the two ways to an own one."""
    text = t.gettext(
        "Which survey? The templates are ready in three languages; you can change everything before opening."
    )
    buttons = [Button(template_name(t, one), MakeSurvey(one)) for one in Template]
    rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    rows.append([Button(t.gettext("✏️ Own questions"), MakeOwn()), Button(t.gettext("📄 From a file"), AskFile())])
    return Reply(text, rows=[*rows, [back(t)]])


def back(t: Translator) -> Button:
    """To the list."""
    return Button("‹ " + t.gettext("Surveys"), SurveyPage(0))


def ask_name(t: Translator, *, wrong: str | None = None) -> Reply:
    text = t.gettext("What is the survey called? Customers do not see the name.")
    return Reply(f"{wrong}\n{text}" if wrong else text, rows=[[back(t)]], ask=Ask(STEP_NAME))


def ask_file(t: Translator) -> Reply:
    """With an example short enough to be copied and changed."""
    text = t.gettext("Send me the survey as a .txt file, or paste it here. It looks like this:")
    tail = t.gettext("All kinds of questions and rules: see the guide for leads.")
    return Reply(f"{text}\n<code>{escape(_example(t))}</code>\n{tail}", rows=[[back(t)]], ask=Ask(STEP_FILE))


def _example(t: Translator) -> str:
    return t.gettext(
        "survey: After service\nlanguages: en\n\nquestion score: rating, required\n  en: How was it?\n"
        "  if score >= 4 go to end\n\nquestion why: text\n  en: What went wrong?"
    )


def refused_file(t: Translator, faults: Sequence[LineFault]) -> Reply:
    """What is wrong in which line; the next file is taken at once."""
    lines = [t.gettext("I have not stored it yet:"), *fault_lines(t, faults)]
    lines.append(t.gettext("Correct it and send it again."))
    return Reply("\n".join(lines), rows=[[back(t)]], ask=Ask(STEP_FILE))


def title_of_reading(t: Translator, facts: dict[str, Any]) -> str:
    return t.gettext("Reading a survey")


def reading(t: Translator) -> Reply:
    """The next file is a survey, too: this one may have faults."""
    return Reply(t.gettext("📄 Reading the file…"), rows=[[back(t)]], ask=Ask(STEP_FILE))


# The card ----------------------------------------------------------------------------------------------------------


def card(
    t: Translator,
    survey: Survey,
    counts: Mapping[InvitationState, int],
    found: Sequence[Flaw],
    *,
    actor: Actor,
    may_change: bool,
) -> Reply:
    """One survey as it stands, with what can be done now."""
    lines = [*_head(t, survey), *_numbers(t, survey, counts)]
    if survey.state is SurveyState.DRAFT:
        lines += flaw_lines(t, survey.definition, found)
        lines.append(_next(t, found))
    rows = _rows(t, survey, found, actor=actor, may_change=may_change)
    return Reply("\n".join(line for line in lines if line), rows=[*(row for row in rows if row), [back(t)]], ask=DONE)


def _next(t: Translator, found: Sequence[Flaw]) -> str:
    if found:
        return t.gettext("It can be opened when this is put right.")
    return t.gettext("Everything fits: <b>Open</b> it, then send it. Once open, its questions stay as they are.")


def _head(t: Translator, survey: Survey) -> list[str]:
    n = len(survey.definition.questions)
    facts = [state_name(t, survey.state), t.ngettext("{n} question", "{n} questions", n).format(n=t.number(n))]
    facts.append(t.list([NAMES[locale] for locale in survey.definition.locales]))
    if survey.anonymous:
        facts.append(t.gettext("🔒 anonymous"))
    first = survey.definition.questions[0] if survey.definition.questions else None
    lines = [f"{SIGNS[survey.state]} <b>{escape(survey.name)}</b>", " · ".join(facts)]
    if first is not None:
        lines.append("1. " + escape(clip(said(first.texts, t.locale), 80)))
    if survey.trigger is not Trigger.BY_HAND:
        lines.append("⚡ " + trigger_words(t, survey))
    return lines


def state_name(t: Translator, state: SurveyState) -> str:
    match state:
        case SurveyState.DRAFT:
            return t.gettext("draft")
        case SurveyState.OPEN:
            return t.pgettext("survey", "open")
        case SurveyState.CLOSED:
            return t.pgettext("survey", "closed")


def _numbers(t: Translator, survey: Survey, counts: Mapping[InvitationState, int]) -> list[str]:
    if survey.state is SurveyState.DRAFT:
        return []
    done, waits = counts.get(InvitationState.DONE, 0), counts.get(InvitationState.WAITING, 0)
    out = done + sum(counts.get(state, 0) for state in (*ANSWERABLE, InvitationState.EXPIRED))
    lines = [t.gettext("Sent {sent} · answered {done}").format(sent=t.number(out), done=t.number(done))]
    if waits:
        lines.append(t.gettext("Waiting to leave: {n}").format(n=t.number(waits)))
    return lines


def _rows(
    t: Translator, survey: Survey, found: Sequence[Flaw], *, actor: Actor, may_change: bool
) -> list[list[Button]]:
    preview = Button(t.gettext("👁 Preview"), StartPreview(survey.id))
    copy = Button(t.gettext("⧉ Copy"), CopySurvey(survey.id))
    as_file = Button(t.gettext("📄 As a file"), ExportSurvey(survey.id))
    when = Button(t.gettext("⚡ By itself…"), ShowTrigger(survey.id))
    sent = Button(t.gettext("📋 Sent to"), ShowSent(survey.id, 0))
    results = Button(t.gettext("📊 Results"), ShowResults(survey.id, 0))
    own = [[copy, as_file]] if actor.is_lead else []
    match survey.state:
        case SurveyState.DRAFT if may_change:
            hide = t.gettext("🔓 With names") if survey.anonymous else t.gettext("🔒 Anonymous")
            opens = Button(t.gettext("🟢 Open"), SetOpen(survey.id, 1, survey.version), style=Style.PRIMARY)
            return [
                [*([] if found else [opens]), *([preview] if survey.definition.questions else [])],
                [
                    Button(t.gettext("✏️ Questions"), ShowQuestions(survey.id, 0)),
                    Button(t.gettext("🌐 Languages"), EditLanguages(survey.id)),
                ],
                [Button(hide, SetAnonymous(survey.id, int(not survey.anonymous), survey.version)), when],
                [*own[0], Button(t.gettext("🗑 Delete"), DeleteSurvey(survey.id, survey.version))],
            ]
        case SurveyState.OPEN:
            everybody = Button(t.gettext("📤 To many…"), ShowAudience(survey.id), style=Style.PRIMARY)
            one = Button(t.gettext("👤 To one…"), PickCustomer(survey.id, 0))
            closes = Button(t.gettext("⏹ Close"), SetOpen(survey.id, 0, survey.version))
            change = [[when, closes]] if may_change else []
            return [[*([everybody] if actor.is_lead else []), one], [sent, results, preview], *change, *own]
        case SurveyState.CLOSED if may_change:
            again = Button(t.gettext("🟢 Open again"), SetOpen(survey.id, 1, survey.version))
            return [[sent, results, preview], [again], *own]
        case _:
            return [[sent, results, preview], *own]


def done(t: Translator, screen: Reply, words: str, act_id: int) -> Reply:
    """A screen after a change: what was done on its first line, with Undo beneath."""
    return replace(screen, text=f"✅ {words}\n{screen.text}", rows=[*screen.rows, [undo_button(t, act_id)]])


def made(t: Translator) -> str:
    return t.gettext("Draft made.")


def copied(t: Translator) -> str:
    return t.gettext("Copied: this is the copy, a draft that you can change.")


def opened(t: Translator, *, on: bool) -> str:
    return t.gettext("Open: it can be sent now.") if on else t.gettext("Closed: nothing more is sent.")


def hidden(t: Translator, *, on: bool) -> str:
    return t.gettext("Anonymous: no answer will carry a name.") if on else t.gettext("Answers will carry the name.")


def saved(t: Translator) -> str:
    return t.gettext("Saved.")


def deleted(t: Translator, survey: Survey, act_id: int) -> Reply:
    text = t.gettext("🗑 Deleted: {name}").format(name=escape(survey.name))
    return Reply(text, rows=[[undo_button(t, act_id), back(t)]])


def exported(t: Translator, survey: Survey, content: bytes) -> Reply:
    """The survey as the text file that can be changed and sent back."""
    text = t.gettext("📄 <b>{name}</b> as a file. Change it and send it back: it becomes a new draft.")
    name = "".join(c if c.isalnum() or c in "-_" else "_" for c in survey.name)[:40] or "survey"
    return Reply(
        text.format(name=escape(survey.name)),
        rows=[[to_survey(t, survey.id)]],
        file=File(f"{name}.txt", content),
        fresh=True,
    )
