"""``/setup``: five short questions in one message, with good defaults."""

from domain.setup import ORDER, Chosen, Question, choices
from views.language import NAMES, Translator
from views.replies import Ask, Button, Reply, escape, payload
from views.settings import zone_name
from views.start import Place, go


@payload("sq1")
class Answer:
    question: Question
    choice: int


@payload("sk1")
class Keep:
    """Leave what stands and go on."""

    question: Question


ASK_TEAM = "setup.team"


def question(t: Translator, which: Question, now: Chosen, *, restart: bool = False) -> Reply:
    """One question; the answer in force is marked and can be kept."""
    offered = choices(which, now.region)
    current = {
        Question.LANGUAGE: now.locale,
        Question.REGION: now.region,
        Question.ZONE: now.zone,
        Question.WORKTIME: now.worktime,
    }.get(which)
    buttons = [
        Button(("✓ " if value == current else "") + _label(t, which, value), Answer(which, i))
        for i, value in enumerate(offered)
    ]
    width = 1 if which in (Question.WORKTIME, Question.ZONE) else 3
    rows = [buttons[i : i + width] for i in range(0, len(buttons), width)]
    rows.append([Button(_keep(t, which), Keep(which))])
    text = f"<b>{ORDER.index(which) + 1}/{len(ORDER)}</b> {_words(t, which)}"
    ask = Ask(ASK_TEAM, placeholder=t.gettext("Sales South")) if which is Question.TEAM else None
    return Reply(text, rows=rows, ask=ask, fresh=restart)


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
        case _:
            return worktime_name(t, value)


def region_name(t: Translator, region: str) -> str:
    names = {
        "CN": t.gettext("Mainland China"),
        "TW": t.gettext("Taiwan"),
        "HK": t.gettext("Hong Kong"),
        "SG": t.gettext("Singapore"),
        "US": t.gettext("United States"),
        "GB": t.gettext("United Kingdom"),
    }
    return names.get(region, region)


def worktime_name(t: Translator, worktime: str) -> str:
    """``Mon-Fri 09:00-18:00`` in the reader's words."""
    days, _, hours = worktime.partition(" ")
    names = {
        "Mon-Fri": t.gettext("Mon to Fri"),
        "Mon-Sat": t.gettext("Mon to Sat"),
        "Mon-Sun": t.gettext("every day"),
    }
    return f"{names[days]} {hours}" if days in names else worktime


def finished(t: Translator, now: Chosen, team: str | None) -> Reply:
    """What was chosen, and what comes next: people, then customers."""
    text = [
        t.gettext("<b>All set.</b>"),
        f"{NAMES[now.locale]} · {region_name(t, now.region)} · {zone_name(t, now.zone)}",
        escape(worktime_name(t, now.worktime)),
    ]
    if team:
        text.append(t.gettext("Team: {team}").format(team=escape(team)))
    text.append(t.gettext("Next: invite your people, or send me your customer list as a spreadsheet (CSV or XLSX)."))
    return Reply("\n".join(text), rows=[[go(t, Place.INVITE), go(t, Place.NEW)]], menus=True)
