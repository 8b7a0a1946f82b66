"""The screens of a survey, for ``screens.py``: every kind of question, answered and not, and every end."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

from analytics.surveys import figures
from domain.answers import Filling, Response
from domain.cases import About, CaseKind, CaseLine, CaseState
from domain.customers import Page
from domain.survey_results import CauseLine, Figure, Funnel, Given, Round, Sight, Tally
from domain.survey_sending import Invitation
from domain.surveys import (
    Definition,
    EnteredBy,
    InvitationState,
    Option,
    Question,
    QuestionKind,
    Survey,
    SurveyLine,
    SurveyState,
    Trigger,
)
from tests.unit.screen_samples import ID, NOW, TODAY, VERSION, Sample, page
from views import answer_ends, answer_entry, answers, survey_photos, survey_results
from views.language import LOCALES
from views.replies import Reply

Builder = Callable[[Sample], Iterator[Reply] | list[Reply]]
GIVEN = {
    QuestionKind.SINGLE: "o1",
    QuestionKind.MULTIPLE: ["o1", "o3"],
    QuestionKind.RATING: 2,
    QuestionKind.NPS: 6,
    QuestionKind.YES_NO: True,
    QuestionKind.NUMBER: 12.5,
    QuestionKind.DATE: TODAY.isoformat(),
    QuestionKind.PHOTO: "file",
    QuestionKind.LOCATION: [22.5, 114.1],
}


def definition(s: Sample) -> Definition:
    """One question of each kind."""
    texts = dict.fromkeys(LOCALES, s.w.value)
    options = tuple(Option(f"o{n}", texts) for n in range(1, 5))
    kinds = [(kind, options if kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE) else ()) for kind in QuestionKind]
    questions = tuple(Question(str(kind), kind, texts, made) for kind, made in kinds)
    return Definition(questions, LOCALES, texts, texts)


def invitation(s: Sample, state: InvitationState = InvitationState.OPENED) -> Invitation:
    later = NOW + dt.timedelta(days=14)
    who = (ID, s.w.name, ID, ID, s.w.person, ID)
    return Invitation(ID, VERSION, ID, ID, *who, None, None, None, state, NOW, NOW, NOW, NOW, NOW, None, later)


def survey(s: Sample, *, anonymous: bool = False) -> Survey:
    state = SurveyState.OPEN
    return Survey(ID, VERSION, s.w.name, definition(s), state, anonymous, None, Trigger.BY_HAND, {}, ID, ID, NOW)


def filling(s: Sample, *, anonymous: bool = False, state: InvitationState = InvitationState.OPENED) -> Filling:
    """Everything is answered."""
    given = {str(kind): value for kind, value in (GIVEN | {QuestionKind.TEXT: s.w.note}).items()}
    response = Response(2**53, VERSION, ID, ID, ID, given, True, EnteredBy.CHAT, None, NOW)
    return Filling(survey(s, anonymous=anonymous), response, invitation(s, state), s.w.person)


def entered(s: Sample, by: EnteredBy = EnteredBy.PHONE) -> Filling:
    done = filling(s)
    assert done.response is not None
    return replace(done, invitation=None, response=replace(done.response, entered_by=by, complete=False))


def case(s: Sample) -> CaseLine:
    return CaseLine(
        id=ID,
        version=VERSION,
        reference="C-7K3QX2",
        customer_id=ID,
        customer=s.w.name,
        contact_id=ID,
        contact=s.w.person,
        person_id=ID,
        kind=CaseKind.COMPLAINT,
        about=About.SERVICE,
        about_id=None,
        urgent=False,
        words=s.w.note,
        state=CaseState.RECEIVED,
        owner_id=ID,
        owner=s.w.member,
        opened_at=NOW,
        answer_due=NOW,
        answered_at=None,
        update_due=None,
        solve_due=NOW,
        solved_at=None,
        waiting_since=None,
        waited_seconds=0,
        ended_at=None,
        ended_by=None,
        cause=None,
        product=None,
        lesson=None,
    )


def _questions(s: Sample) -> Iterator[Reply]:
    for kind in QuestionKind:
        for one in (filling(s), replace(filling(s), response=None), filling(s, anonymous=True), entered(s)):
            yield answers.question(s.t, one, str(kind), today=TODAY)
        asked = filling(s).definition.question(str(kind))
        yield answers.question(s.t, filling(s), str(kind), today=TODAY, hint=answers.not_understood(s.t, asked))


def _sent(s: Sample) -> Iterator[Reply]:
    for pending in (False, True):
        done = replace(filling(s, state=InvitationState.DONE), pending=pending)
        for one in (None, case(s)):
            yield answer_ends.sent(s.t, done, case=one, low=False, now=NOW)
    yield answer_ends.sent(s.t, filling(s, anonymous=True, state=InvitationState.DONE), case=None, low=True, now=NOW)


FUNNEL = Funnel(1_234, 1_000, 900, 1_000, 100, {"single": 40})
FACTS = {"survey_id": ID}


def sight(s: Sample, *, words: bool = True) -> Sight:
    return Sight(survey(s), aggregate=not words, words=words)


def figure_list(s: Sample) -> list[Figure]:
    """A figure of each kind, with many answers and a change."""
    values = GIVEN | {QuestionKind.TEXT: ""}
    tallies = [
        Tally(Round(TODAY.replace(day=day), day), ID, str(kind), value, 12)
        for kind, value in values.items()
        for day in (1, 2)
    ]
    return figures(definition(s), tallies)


def given(s: Sample) -> Given:
    answers = {str(kind): value for kind, value in GIVEN.items()} | {str(QuestionKind.TEXT): s.w.note}
    return Given(answers, s.w.name, s.w.member, NOW, TODAY, EnteredBy.CHAT)


def _photos(s: Sample) -> Iterator[Reply]:
    for one in (given(s), replace(given(s), customer=None, at=None)):
        page_ = Page((one,) * 3, 1, 9)
        sent = list(survey_photos.photos_in(survey(s), page_.items))
        for some in (sent, []):
            yield survey_photos.photos(
                s.t, survey(s), page_, some, (), back=survey_photos.back_to_results(s.t, survey(s))
            )


def _results(s: Sample) -> Iterator[Reply]:
    for shown in (sight(s), sight(s, words=False)):
        for number in range(3):
            yield survey_results.results(s.t, shown, FUNNEL, figure_list(s), number, lead=True)
    yield survey_results.results(s.t, sight(s), FUNNEL, figures(definition(s), []), 0, lead=False)


def _by_rep(s: Sample) -> Iterator[Reply]:
    score = next(one for one in figure_list(s) if one.question.kind is QuestionKind.NPS)
    yield survey_results.by_rep(s.t, survey(s), [(s.w.member, score)] * 9, [(s.w.team, score)] * 9)
    yield survey_results.by_rep(s.t, survey(s), [], [])


def _by_cause(s: Sample) -> Iterator[Reply]:
    score = next(one for one in figure_list(s) if one.question.kind is QuestionKind.RATING)
    line = CauseLine(s.w.name, s.w.value, 12, s.w.note, NOW)
    full = Page((line,) * 3, 1, 40)
    yield survey_results.by_cause(s.t, survey(s), full, [(score, score)] * 3)
    yield survey_results.by_cause(s.t, survey(s), page(line, 0, total=0), [])


ANSWERS: dict[str, Builder] = {
    "answers.opening": lambda s: [answers.opening(s.t, survey(s, anonymous=a), invitation(s)) for a in (False, True)],
    "answers.reminder": lambda s: [answers.reminder(s.t, survey(s), invitation(s))],
    "answers.waiting": lambda s: [answers.waiting(s.t, found) for found in ([], [filling(s)] * 3)],
    "answers.question": _questions,
    "answers.asked_before": lambda s: [answers.asked_before(s.t, filling(s), str(QuestionKind.TEXT))],
    "answers.review": lambda s: [
        answers.review(s.t, one) for one in (filling(s, anonymous=True), entered(s), entered(s, EnteredBy.FACE))
    ],
    "answer_ends.sent": _sent,
    "answer_ends.will_call": lambda s: [answer_ends.will_call(s.t, filling(s, anonymous=True), case(s), now=NOW)],
    "answer_ends.closed": lambda s: [
        answer_ends.closed(s.t, filling(s, anonymous=a, state=state))
        for a in (False, True)
        for state in InvitationState
    ],
    "answer_entry.choose_contact": lambda s: [answer_entry.choose_contact(s.t, s.customer())],
    "answer_entry.choose_survey": lambda s: [
        answer_entry.choose_survey(s.t, s.customer(), ID, found)
        for found in ([], [SurveyLine(ID, s.w.name, SurveyState.OPEN, False, 3, 4, 5)] * 8)
    ],
    "answer_entry.entered": lambda s: [
        answer_entry.entered(s.t, entered(s), customer_id=ID, act_id=ID, case=one) for one in (None, case(s))
    ],
    "survey_photos.photos": _photos,
    "survey_results.results": _results,
    "survey_results.too_few": lambda s: [survey_results.too_few(s.t, sight(s), FUNNEL)],
    "survey_results.free_answers": lambda s: [
        survey_results.free_answers(s.t, survey(s), page(given(s), number, total=total))
        for number, total in ((0, 0), (1, 40))
    ],
    "survey_results.by_rep": _by_rep,
    "survey_results.by_cause": _by_cause,
    "survey_results.drawing": lambda s: [survey_results.drawing(s.t)],
    "survey_results.chart": lambda s: [survey_results.chart(s.t, FACTS | {"name": s.w.file}, b) for b in (b"", None)],
    "survey_results.writing": lambda s: [survey_results.writing(s.t)],
    "survey_results.too_large": lambda s: [survey_results.too_large(s.t)],
    "survey_results.exported": lambda s: [survey_results.exported(s.t, FACTS | {"name": s.w.file}, b"x", 1_234)],
}
