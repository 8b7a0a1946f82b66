"""When a survey goes out by itself: after which touches or closed cases, how many of them, at most how many a day."""

from dataclasses import replace
from enum import StrEnum

from domain.survey_sending import LIMITS, SHARES, Rule, rule_of
from domain.surveys import Survey, Trigger
from domain.touches import TouchKind
from views.language import Translator
from views.replies import Button, Reply, capital, escape, payload
from views.survey_links import to_survey
from views.words import kind_name

ASKED_AFTER = (TouchKind.VISIT, TouchKind.SERVICE, TouchKind.ORDER, TouchKind.MEETING, TouchKind.DEMO, TouchKind.CALL)


@payload("vg1")
class ShowTrigger:
    survey_id: int


class Dial(StrEnum):
    """What a press on the screen of triggers turns."""

    WHEN = "w"
    KIND = "k"
    SHARE = "s"
    LIMIT = "l"


@payload("vw1")
class Turn:
    """``value``: the place of the chosen trigger, kind, share or limit."""

    survey_id: int
    dial: Dial
    value: int
    version: int


def trigger_words(t: Translator, survey: Survey) -> str:
    """When a survey goes out: ``after every visit or order``, with share and limit."""
    rule = rule_of(survey)
    match survey.trigger:
        case Trigger.BY_HAND:
            return t.gettext("only when somebody sends it")
        case Trigger.AFTER_TOUCH:
            text = t.gettext("after: {kinds} · {share} % of them · at most {limit} a day")
        case Trigger.AFTER_CASE:
            text = t.gettext("after a closed case · {share} % of them · at most {limit} a day")
    kinds = t.list([kind_name(t, kind) for kind in ASKED_AFTER if kind in rule.kinds])
    return text.format(kinds=kinds, share=rule.share, limit=rule.a_day)


def trigger(t: Translator, survey: Survey) -> Reply:
    """When it goes out by itself, every choice a button."""
    rule = rule_of(survey)

    def dial(label: str, kind: Dial, value: int, *, on: bool) -> Button:
        return Button(("✓ " if on else "") + label, Turn(survey.id, kind, value, survey.version))

    names = {
        Trigger.BY_HAND: t.gettext("Only by hand"),
        Trigger.AFTER_TOUCH: t.gettext("After a touch"),
        Trigger.AFTER_CASE: t.gettext("After a case"),
    }
    rows = [[dial(names[one], Dial.WHEN, i, on=survey.trigger is one) for i, one in enumerate(Trigger)]]
    if survey.trigger is Trigger.AFTER_TOUCH:
        kinds = [
            dial(capital(kind_name(t, kind)), Dial.KIND, list(TouchKind).index(kind), on=kind in rule.kinds)
            for kind in ASKED_AFTER
        ]
        rows += [kinds[:3], kinds[3:]]
    if survey.trigger is not Trigger.BY_HAND:
        rows.append([dial(f"{share} %", Dial.SHARE, i, on=rule.share == share) for i, share in enumerate(SHARES)])
        rows.append(
            [
                dial(t.gettext("≤ {n} a day").format(n=n), Dial.LIMIT, i, on=rule.a_day == n)
                for i, n in enumerate(LIMITS)
            ]
        )
    lines = [
        f"⚡ <b>{escape(survey.name)}</b>",
        capital(trigger_words(t, survey)),
        t.gettext(
            "It leaves ten minutes after, in the customer's daytime. Nobody is asked twice within 7 days, during an open"
            " complaint, or without consent."
        ),
    ]
    return Reply("\n".join(lines), rows=[*rows, [to_survey(t, survey.id)]])


def turned(survey: Survey, kind: Dial, value: int) -> tuple[Trigger, Rule]:
    """The trigger and rule after a press."""
    rule = rule_of(survey)
    match kind:
        case Dial.WHEN:
            return list(Trigger)[value], rule
        case Dial.KIND:
            chosen = rule.kinds ^ {list(TouchKind)[value]}
            return survey.trigger, replace(rule, kinds=chosen or rule.kinds)
        case Dial.SHARE:
            return survey.trigger, replace(rule, share=SHARES[value])
        case Dial.LIMIT:
            return survey.trigger, replace(rule, a_day=LIMITS[value])
