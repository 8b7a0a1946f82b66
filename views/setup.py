"""``/setup``: a few short questions in one message, with good defaults."""

from domain.setup import Chosen, Question, beside, choices
from views.history import undo_button
from views.language import NAMES, Translator
from views.places import region_name, zone_name
from views.replies import DONE, Ask, Button, Reply, escape, payload
from views.start import Place, go


@payload("sq1")
class Answer:
    """The choice's number among those that the question offers: a changed list needs a new tag."""

    question: Question
    choice: int


@payload("sk1")
class Keep:
    """Leave what stands and go on."""

    question: Question


@payload("sb1")
class Back:
    """To an earlier question."""

    question: Question


ASK_TEAM = "setup.team"


def question(t: Translator, which: Question, now: Chosen, run: tuple[Question, ...]) -> Reply:
    """One question of a run; the answer in force is marked and can be kept."""
    offered = choices(which, now.region)
    current = {
        Question.LANGUAGE: now.locale,
        Question.REGION: now.region,
        Question.ZONE: now.zone,
        Question.WORKTIME: now.worktime,
        Question.STRANGERS: now.strangers,
    }.get(which)
    buttons = [
        Button(("✓ " if value == current else "") + _label(t, which, value), Answer(which, i))
        for i, value in enumerate(offered)
    ]
    width = 1 if which in (Question.WORKTIME, Question.ZONE, Question.STRANGERS) else 3
    rows = [buttons[i : i + width] for i in range(0, len(buttons), width)]
    before, _ = beside(which, run)
    back = [Button("‹ " + t.gettext("Back"), Back(before))] if before else [go(t, Place.START)]
    text = f"<b>{run.index(which) + 1}/{len(run)}</b> {_words(t, which)}"
    if current is not None and current not in offered:
        text += "\n" + t.gettext("Now: {value}").format(value=escape(_label(t, which, current)))
    ask = Ask(ASK_TEAM) if which is Question.TEAM else DONE
    return Reply(text, rows=[*rows, [*back, Button(_keep(t, which), Keep(which))]], ask=ask)


def _words(t: Translator, which: Question) -> str:
    match which:
        case Question.LANGUAGE:
            return t.gettext("Which language does the company speak? Everybody can choose another one for themselves.")
        case Question.REGION:
            return t.gettext("Where are you? Phone numbers, holidays and currency follow from it.")
        case Question.ZONE:
            return t.gettext("In which time zone do you work?")
        case Question.WORKTIME:
            return t.gettext("When do you work? Outside of it I keep quiet.")
        case Question.STRANGERS:
            return t.gettext(
                "May people without a link turn to you here? They may say that they are customers, or ask to be contacted."
            )
        case Question.TEAM:
            return t.gettext("What is your first team called? Just type it.")


def _keep(t: Translator, which: Question) -> str:
    return t.gettext("No team for now") if which is Question.TEAM else t.gettext("Keep ›")


def _label(t: Translator, which: Question, value: str) -> str:
    match which:
        case Question.LANGUAGE:
            return NAMES[value]
        case Question.REGION:
            return region_name(t, value)
        case Question.ZONE:
            return zone_name(t, value)
        case Question.STRANGERS:
            return t.gettext("Yes, they may ask") if value == "open" else t.gettext("No, by a link only")
        case _:
            return worktime_name(t, value)


def worktime_name(t: Translator, worktime: str) -> str:
    """``Mon-Fri 09:00-18:00`` in the reader's words."""
    days, _, hours = worktime.partition(" ")
    names = {
        "Mon-Fri": t.gettext("Mon to Fri"),
        "Mon-Sat": t.gettext("Mon to Sat"),
        "Mon-Sun": t.gettext("every day"),
    }
    return f"{names[days]} {hours}" if days in names else worktime


def finished(t: Translator, now: Chosen, team: str | None, *, act_id: int) -> Reply:
    """What was chosen, and what comes next: people, then customers."""
    text = [
        t.gettext("<b>All set.</b>"),
        escape(f"{NAMES[now.locale]} · {region_name(t, now.region)} · {zone_name(t, now.zone)}"),
        escape(worktime_name(t, now.worktime)),
    ]
    if team:
        text.append(t.gettext("Team: {team}").format(team=escape(team)))
    text.append(t.gettext("Next: invite your people, or send me your customer list as a spreadsheet (CSV or XLSX)."))
    rows = [[go(t, Place.INVITE), go(t, Place.NEW)], [undo_button(t, act_id), go(t, Place.START)]]
    return Reply("\n".join(text), rows=rows, menus=True, ask=DONE)
