"""Sending a survey: to whom, who is left out and why, what left, and what came back."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from domain.carriers import Carrier
from domain.customers import Grade, Page, Stage
from domain.survey_sending import MOST_IN_WAVE, Audience, Candidate, Invitation, LeftOut, Plan, Wave
from domain.surveys import Survey, SurveyLine
from views.carriers import SendBy
from views.carriers import label as carrier_label
from views.history import undo_button
from views.language import Translator
from views.links import EnterAnswers, OpenCustomer
from views.pages import turn
from views.replies import Button, Reply, Style, capital, clip, escape, fit, payload
from views.survey_links import PickCustomer, carried, to_survey
from views.survey_sent import invitation_line, left_words, reason_name, ways_words
from views.surveys import ShowSent
from views.web_links import AskByPage
from views.words import grade_name, stage_name

MOST_PAGES = 4  # people of one company who can be given a link; more would hide the other ways


@payload("ws1")
class SendWave:
    """Send to everybody of an audience, as many as the screen said."""

    survey_id: int
    count: int
    grade: Grade | None
    stage: int | None
    who: int | None
    tag_id: int | None
    city_id: int | None


class Condition(StrEnum):
    """One condition of an audience."""

    GRADE = "g"
    STAGE = "s"
    OWNER = "o"
    TEAM = "t"
    TAG = "w"
    CITY = "c"


@payload("wf1")
class ChooseCondition:
    """Choose a value of one condition; the others go along."""

    condition: Condition
    survey_id: int
    grade: Grade | None
    stage: int | None
    who: int | None
    tag_id: int | None
    city_id: int | None


@payload("wo1")
class OfferSurvey:
    """Send one survey to one customer: by which account, and may it."""

    survey_id: int
    customer_id: int


@payload("wn1")
class SendOne:
    survey_id: int
    customer_id: int
    contact_id: int


# To many -----------------------------------------------------------------------------------------------------------


def audience(t: Translator, plan: Plan) -> Reply:
    """Who would be asked, and how many would not for which reason; the count is the question."""
    survey, count = plan.survey, len(plan.go)
    lines = [f"📤 <b>{escape(survey.name)}</b>", _conditions(t, plan)]
    goes = t.ngettext("Goes to <b>{n}</b> customer", "Goes to <b>{n}</b> customers", count)
    lines.append(goes.format(n=t.number(count)))
    if any(plan.ways):
        lines.append(ways_words(t, plan.ways))
    if plan.left:
        lines.append(t.gettext("Left out: {reasons}").format(reasons=left_words(t, plan.left)))
    rows = []
    if count > MOST_IN_WAVE:
        most = t.gettext("At most {n} at once: choose fewer.").format(n=t.number(MOST_IN_WAVE))
        lines.append(most)
    elif count:
        lines.append(
            t.gettext(
                "It leaves ten minutes after you tap, in each customer's daytime; after that it cannot be taken back."
            )
        )
        carry = carried(survey.id, plan.audience)
        fields = (carry.grade, carry.stage, carry.who, carry.tag_id, carry.city_id)
        label = t.ngettext("📤 Send to {n}", "📤 Send to {n}", count).format(n=t.number(count))
        rows.append([Button(label, SendWave(survey.id, count, *fields), style=Style.PRIMARY)])
    return Reply("\n".join(lines), rows=[*rows, *_choosers(t, plan), [to_survey(t, survey.id)]])


def _conditions(t: Translator, plan: Plan) -> str:
    one, names = plan.audience, plan.names
    words = [
        grade_name(t, one.grade) if one.grade else None,
        stage_name(t, one.stage) if one.stage else None,
        *(f"👤 {names[n]}" if n == "owner" else names[n] for n in ("owner", "team") if n in names),
        f"#{names['tag']}" if "tag" in names else None,
        names.get("city"),
    ]
    chosen = [escape(clip(word, 30)) for word in words if word]
    return (
        t.gettext("Only: {conditions}").format(conditions=" · ".join(chosen))
        if chosen
        else t.gettext("All your customers")
    )


def _choosers(t: Translator, plan: Plan) -> list[list[Button]]:
    carry = carried(plan.survey.id, plan.audience)
    fields = (carry.grade, carry.stage, carry.who, carry.tag_id, carry.city_id)
    names = {
        Condition.GRADE: (t.gettext("Grade"), carry.grade),
        Condition.STAGE: (t.gettext("Stage"), carry.stage),
        Condition.TAG: (t.gettext("Tag"), carry.tag_id),
        Condition.CITY: (t.gettext("City"), carry.city_id),
        Condition.OWNER: (t.gettext("Owner"), plan.audience.owner_id),
        Condition.TEAM: (t.gettext("Team"), plan.audience.team_id),
    }
    buttons = [
        Button(("✓ " if value is not None else "") + label, ChooseCondition(condition, plan.survey.id, *fields))
        for condition, (label, value) in names.items()
    ]
    return [buttons[:3], buttons[3:]]


def choose(
    t: Translator, condition: Condition, survey_id: int, chosen: Audience, values: Sequence[tuple[int, str]]
) -> Reply:
    """The values of one condition; each leads back to the count."""
    texts = {
        Condition.GRADE: t.gettext("Which grade?"),
        Condition.STAGE: t.gettext("Which stage?"),
        Condition.OWNER: t.gettext("Whose customers?"),
        Condition.TEAM: t.gettext("Which team's customers?"),
        Condition.TAG: t.gettext("Which tag?"),
        Condition.CITY: t.gettext("Which city?"),
    }
    if condition is Condition.GRADE:
        buttons = [Button(grade_name(t, g), carried(survey_id, _but(chosen, condition, g))) for g in Grade]
    elif condition is Condition.STAGE:
        buttons = [Button(capital(stage_name(t, s)), carried(survey_id, _but(chosen, condition, s))) for s in Stage]
    else:
        buttons = [Button(fit(name, 24), carried(survey_id, _but(chosen, condition, key))) for key, name in values]
    text = texts[condition] if buttons else t.gettext("There is nothing to choose from.")
    everything = Button(t.gettext("All"), carried(survey_id, _but(chosen, condition, None)))
    back = Button("‹ " + t.gettext("Back"), carried(survey_id, chosen))
    return Reply(text, rows=[*(buttons[i : i + 2] for i in range(0, len(buttons), 2)), [everything, back]])


def _but(chosen: Audience, condition: Condition, value: object) -> Audience:
    names = {
        Condition.GRADE: "grade",
        Condition.STAGE: "stage",
        Condition.OWNER: "owner_id",
        Condition.TEAM: "team_id",
        Condition.TAG: "tag_id",
        Condition.CITY: "city_id",
    }
    if condition in (Condition.OWNER, Condition.TEAM):  # one of the two says whose customers
        chosen = replace(chosen, owner_id=None, team_id=None)
    return replace(chosen, **{names[condition]: value})  # type: ignore[arg-type]


def sent_wave(t: Translator, wave: Wave, act_id: int) -> Reply:
    """What leaves when, and how it is stopped."""
    count = wave.facts["go"]
    text = t.ngettext(
        "📤 Leaves in 10 minutes to {n} customer. Until then you can undo it.",
        "📤 Leaves in 10 minutes to {n} customers. Until then you can undo it.",
        count,
    ).format(n=t.number(count))
    follow = Button(t.gettext("📋 Sent to"), ShowSent(wave.survey_id, 0))
    return Reply(text, rows=[[undo_button(t, act_id), follow], [to_survey(t, wave.survey_id)]])


# To one ------------------------------------------------------------------------------------------------------------


def pick_customer(t: Translator, survey: Survey, page: Page[tuple[int, str]]) -> Reply:
    """The customers who can be reached here."""
    text = t.gettext("To whom? These of your customers have an account here.")
    if not page.items:
        text = t.gettext(
            "None of your customers has an account here yet. Send one a <b>Personal link</b> from the card."
        )
    rows = [[Button(fit(name), OfferSurvey(survey.id, key))] for key, name in page.items]
    pages = turn(t, page.number, page.last, lambda number: PickCustomer(survey.id, number))
    return Reply(text, rows=[*rows, *pages, [to_survey(t, survey.id)]])


def pick_survey(
    t: Translator, customer_id: int, customer: str, page: Sequence[SurveyLine], asked: Sequence[Invitation]
) -> Reply:
    """From the card: open surveys, and what this customer was asked."""
    lines = [t.gettext("Surveys for <b>{customer}</b>").format(customer=escape(clip(customer, 40)))]
    lines += [invitation_line(t, one, named=False) for one in asked]
    if not page:
        lines.append(t.gettext("No survey is open. Leads open one with /survey."))
    rows = [[Button(fit("📤 " + one.name), OfferSurvey(one.id, customer_id))] for one in page]
    return Reply("\n".join(lines), rows=[*rows, [Button(t.gettext("Open card"), OpenCustomer(customer_id))]])


def offer(
    t: Translator,
    survey: Survey,
    customer_id: int,
    customer: str,
    may: Sequence[tuple[Candidate, str]],
    why: LeftOut | None,
    *,
    pages: Sequence[tuple[int, str]] = (),
    carried: Sequence[tuple[Carrier, int, str]] = (),
) -> Reply:
    """Send it, or why it cannot be sent and what to do instead.

    Args:
        pages: contacts who can be given a link.
        carried: contacts who can be written to by e-mail or text message.
    """
    names = {"survey": escape(clip(survey.name, 40)), "customer": escape(clip(customer, 40))}
    back = [Button(t.gettext("Open card"), OpenCustomer(customer_id)), to_survey(t, survey.id)]
    if why is not None:
        text = t.gettext("<b>{customer}</b> cannot be asked now: {reason}.").format(reason=reason_name(t, why), **names)
        enter = Button(t.gettext("✍️ Enter answers"), EnterAnswers(customer_id))
        label = t.gettext("🌐 Link for {name}")
        links = [[Button(fit(label.format(name=name)), AskByPage(survey.id, key))] for key, name in pages[:MOST_PAGES]]
        rows = [
            [Button(fit(carrier_label(t, carrier, name)), SendBy(survey.id, key, carrier, 0))]
            for carrier, key, name in carried[:MOST_PAGES]
        ]
        return Reply(f"{text}\n{_instead(t, why)}", rows=[*rows, *links, [enter], back])
    text = t.gettext("Send <b>{survey}</b> to <b>{customer}</b>? It leaves in 10 minutes, in the customer's daytime.")
    rows = [
        [
            Button(
                fit(t.gettext("📤 Send to {name}").format(name=name)),
                SendOne(survey.id, customer_id, one.contact_id or 0),
            )
        ]
        for one, name in may
    ]
    return Reply(text.format(**names), rows=[*rows, back])


def _instead(t: Translator, why: LeftOut) -> str:
    match why:
        case LeftOut.NO_ACCOUNT:
            return t.gettext("Send a <b>Personal link</b> from the card, or ask by phone and enter the answers.")
        case LeftOut.COMPLAINT:
            return t.gettext("Solve the complaint first; then a survey is welcome again.")
        case LeftOut.COOL_DOWN | LeftOut.ASKED:
            return t.gettext("Try again in a few days.")
        case _:
            return t.gettext("You can ask by phone and enter the answers.")


def sent_one(t: Translator, one: Invitation, survey: Survey, act_id: int) -> Reply:
    text = t.gettext("📤 <b>{survey}</b> leaves for <b>{customer}</b> in 10 minutes. Until then you can undo it.")
    text = text.format(survey=escape(survey.name), customer=escape(one.customer))
    return Reply(text, rows=[[undo_button(t, act_id), Button(t.gettext("Open card"), OpenCustomer(one.customer_id))]])


def call_and_ask(t: Translator, survey: Survey, one: Invitation) -> str:
    """What the owner is reminded of when a customer did not answer."""
    return t.gettext("Call and ask, “{survey}” was not answered").format(survey=clip(survey.name, 60))
