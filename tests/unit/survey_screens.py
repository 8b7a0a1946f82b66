"""The screens of whoever runs surveys, for ``screens.py``: every state, every flaw, every reason not to ask."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from domain.carriers import Carried, Carrier
from domain.customers import Grade, Stage
from domain.people import Role
from domain.survey_checks import Flaw, FlawKind
from domain.survey_files import FileFault, LineFault
from domain.survey_sending import Audience, Candidate, LeftOut, Plan, Rule, Wave
from domain.surveys import (
    END,
    Condition,
    InvitationState,
    Op,
    QuestionKind,
    SkipRule,
    Survey,
    SurveyLine,
    SurveyState,
    Trigger,
)
from domain.touches import TouchKind
from tests.unit.answer_screens import given, invitation, survey
from tests.unit.screen_samples import ID, NOW, TODAY, Sample, page
from views import survey_builder as builder
from views import survey_previews as previews
from views import survey_rules, survey_triggers, surveys
from views import survey_sending as sending
from views import survey_sent as sent
from views.replies import Reply

Builder = Callable[[Sample], Iterator[Reply] | list[Reply]]
FLAWS = tuple(Flaw(kind, "nps", "zh_Hant", "rating", 300, 0) for kind in FlawKind)
FAULTS = tuple(LineFault(120, kind, "if whatever") for kind in FileFault)
FULL = Rule(frozenset(TouchKind), 50, 200)


def _survey(s: Sample, state: SurveyState = SurveyState.OPEN, trigger: Trigger = Trigger.BY_HAND) -> Survey:
    return replace(survey(s, anonymous=state is SurveyState.DRAFT), state=state, trigger=trigger, rule=FULL.to_json())


def _ruled(s: Sample) -> Survey:
    """With rules of every comparison at its second question."""
    made = _survey(s, SurveyState.DRAFT)
    when = (Condition("single", Op.IS, "o1"), Condition("multiple", Op.INCLUDES, "o2"))
    rules = (
        SkipRule(when, END),
        SkipRule((Condition("single", Op.IS_NOT, "o1"), Condition("single", Op.SKIPPED)), "text", every=False),
        SkipRule((Condition("multiple", Op.INCLUDES, "o1"),), "location"),
    )
    questions = list(made.definition.questions)
    questions[1] = replace(questions[1], skip=rules, required=True)
    return replace(made, definition=replace(made.definition, questions=tuple(questions)))


def _cards(s: Sample) -> Iterator[Reply]:
    counts = dict.fromkeys(InvitationState, 1234)
    for state in SurveyState:
        for trigger in Trigger:
            for role in Role:
                for found in ((), FLAWS):
                    one = _survey(s, state, trigger)
                    lead = role is not Role.REP
                    yield surveys.card(s.t, one, counts, found, actor=s.as_role(role), may_change=lead)


def _lists(s: Sample) -> Iterator[Reply]:
    for role in Role:
        for state in SurveyState:
            yield surveys.surveys(s.t, page(SurveyLine(ID, s.w.name, state, True, 9, 1234, 999)), actor=s.as_role(role))
        yield surveys.surveys(s.t, page(None, 0, total=0), actor=s.as_role(role))


def _plan(s: Sample, go: int, audience: Audience | None = None) -> Plan:
    names = {"owner": s.w.member, "team": s.w.team, "tag": s.w.tag, "city": s.w.city} if audience else {}
    left = Counter(dict.fromkeys(LeftOut, 1234)) if audience else Counter[LeftOut]()
    ways = [Candidate(ID, s.w.name, carrier=one) for one in (None, *Carrier)]
    return Plan(_survey(s), audience or Audience(), names, tuple(ways[i % 3] for i in range(go)), left)


def _plans(s: Sample) -> Iterator[Reply]:
    chosen = Audience(Grade.UNGRADED, Stage.INTERESTED, ID, None, ID, ID)
    for go in (0, 1, 999, 1001):
        yield sending.audience(s.t, _plan(s, go))
        yield sending.audience(s.t, _plan(s, go, chosen))


def _wave(s: Sample) -> Wave:
    return Wave(ID, ID, _plan(s, 999, Audience(tag_id=ID)).facts, s.w.member, NOW)


def _offers(s: Sample) -> Iterator[Reply]:
    may = [(Candidate(ID, s.w.name, ID, ID), s.w.person)] * 3
    yield sending.offer(s.t, _survey(s), ID, s.w.name, may, None)
    for why in LeftOut:
        yield sending.offer(s.t, _survey(s), ID, s.w.name, (), why)
    carried = [(carrier, ID, s.w.person) for carrier in Carrier]
    pages = [(ID, s.w.person)] * 6
    yield sending.offer(s.t, _survey(s), ID, s.w.name, (), LeftOut.NO_ACCOUNT, pages=pages, carried=carried)


def _choices(s: Sample) -> Iterator[Reply]:
    for condition in sending.Condition:
        yield sending.choose(s.t, condition, ID, Audience(), [(ID, s.w.tag)] * 12)
        yield sending.choose(s.t, condition, ID, Audience(), [])


def _texts(s: Sample) -> Iterator[Reply]:
    whole = _ruled(s)
    single = replace(whole, definition=replace(whole.definition, locales=("en",)))
    for one in (whole, single):
        for step in (builder.STEP_QUESTION, builder.STEP_TEXTS, builder.STEP_OPTIONS):
            for wrong in (False, True):
                yield builder.ask_texts(s.t, one, step, {}, builder.back_to_questions(s.t, one), wrong=wrong)


def _values(s: Sample) -> list[Reply]:
    one = _ruled(s)
    return [survey_rules.pick_value(s.t, one, place, None, place) for place in range(len(QuestionKind))]


def _previews(s: Sample) -> Iterator[Reply]:
    found = previews.filling(_survey(s), {"single": "o1"}, now=NOW)
    for kind in QuestionKind:
        for mask in (None, 3):
            yield previews.question(s.t, found, str(kind), today=TODAY, mask=mask)


def _changed(s: Sample) -> list[Reply]:
    screen = survey_triggers.trigger(s.t, _survey(s))
    words = [surveys.made(s.t), surveys.copied(s.t), surveys.saved(s.t)]
    words += [said(s.t, on=on) for said in (surveys.opened, surveys.hidden) for on in (False, True)]
    return [surveys.done(s.t, screen, one, ID) for one in words]


SURVEYS: dict[str, Builder] = {
    "surveys.surveys": _lists,
    "surveys.choose_template": lambda s: [surveys.choose_template(s.t)],
    "surveys.ask_name": lambda s: [surveys.ask_name(s.t), surveys.ask_name(s.t, wrong=s.w.value)],
    "surveys.ask_file": lambda s: [surveys.ask_file(s.t)],
    "surveys.refused_file": lambda s: [surveys.refused_file(s.t, FAULTS), surveys.refused_file(s.t, FAULTS[:1])],
    "surveys.reading": lambda s: [surveys.reading(s.t)],
    "surveys.card": _cards,
    "surveys.done": _changed,
    "surveys.deleted": lambda s: [surveys.deleted(s.t, _survey(s), ID)],
    "surveys.exported": lambda s: [surveys.exported(s.t, _survey(s), b"")],
    "survey_triggers.trigger": lambda s: [survey_triggers.trigger(s.t, _survey(s, trigger=one)) for one in Trigger],
    "survey_sending.audience": _plans,
    "survey_sending.choose": _choices,
    "survey_sending.sent_wave": lambda s: [sending.sent_wave(s.t, _wave(s), ID)],
    "survey_sending.pick_customer": lambda s: [
        sending.pick_customer(s.t, _survey(s), one) for one in (page((ID, s.w.name)), page(None, 0, total=0))
    ],
    "survey_sending.pick_survey": lambda s: [
        sending.pick_survey(s.t, ID, s.w.name, lines, [invitation(s, state) for state in list(InvitationState)[:4]])
        for lines in ([SurveyLine(ID, s.w.name, SurveyState.OPEN, False, 3, 1, 1)] * 7, [])
    ],
    "survey_sending.offer": _offers,
    "survey_sending.sent_one": lambda s: [sending.sent_one(s.t, invitation(s), _survey(s), ID)],
    "survey_sent.sent_to": lambda s: [
        sent.sent_to(s.t, _survey(s), page(invitation(s)), [_wave(s)] * 3),
        sent.sent_to(s.t, _survey(s), page(None, 0, total=0), []),
    ],
    "survey_sent.invitation": lambda s: [
        *(sent.invitation(s.t, invitation(s, state), _survey(s)) for state in InvitationState),
        *(
            sent.invitation(s.t, replace(invitation(s, state), carrier=carrier, carried=carried), _survey(s))
            for state in InvitationState
            for carrier in Carrier
            for carried in Carried
        ),
        sent.invitation(s.t, invitation(s, InvitationState.DONE), survey(s), given(s)),
    ],
    "survey_sent.withdrawn": lambda s: [sent.withdrawn(s.t, sent.invitation(s.t, invitation(s), _survey(s)), ID)],
    "survey_builder.questions": lambda s: [builder.questions(s.t, _ruled(s), number) for number in (0, 1)],
    "survey_builder.choose_kind": lambda s: [builder.choose_kind(s.t, _ruled(s))],
    "survey_builder.question": lambda s: [
        builder.question(s.t, _ruled(s), place) for place in range(len(QuestionKind))
    ],
    "survey_builder.ask_texts": _texts,
    "survey_builder.ask_words": lambda s: [
        builder.ask_words(s.t, _ruled(s), part, wrong=wrong) for part in builder.Part for wrong in (False, True)
    ],
    "survey_builder.languages": lambda s: [builder.languages(s.t, _ruled(s))],
    "survey_rules.pick_about": lambda s: [survey_rules.pick_about(s.t, _ruled(s), 5, None)],
    "survey_rules.pick_value": _values,
    "survey_rules.rule": lambda s: [survey_rules.rule(s.t, _ruled(s), 1, number) for number in range(3)],
    "survey_builder.done": lambda s: [builder.done(s.t, builder.questions(s.t, _ruled(s)), ID)],
    "survey_previews.question": _previews,
    "survey_previews.end": lambda s: [previews.end(s.t, _survey(s))],
}
