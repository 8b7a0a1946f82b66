"""The screens of a survey, for ``screens.py``: every kind of question, answered and not, and every end."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

from domain.answers import Filling, Response
from domain.cases import About, CaseKind, CaseLine, CaseState
from domain.survey_sending import Invitation
from domain.surveys import (
    Definition,
    EnteredBy,
    InvitationState,
    Option,
    Question,
    QuestionKind,
    Survey,
    SurveyState,
    Trigger,
)
from tests.unit.screen_samples import ID, NOW, TODAY, VERSION, Sample
from views import answers
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
            yield answers.sent(s.t, done, case=one, low=False, now=NOW)
    yield answers.sent(s.t, filling(s, anonymous=True, state=InvitationState.DONE), case=None, low=True, now=NOW)


ANSWERS: dict[str, Builder] = {
    "answers.opening": lambda s: [answers.opening(s.t, survey(s, anonymous=a), invitation(s)) for a in (False, True)],
    "answers.reminder": lambda s: [answers.reminder(s.t, survey(s), invitation(s))],
    "answers.waiting": lambda s: [answers.waiting(s.t, found) for found in ([], [filling(s)] * 3)],
    "answers.question": _questions,
    "answers.asked_before": lambda s: [answers.asked_before(s.t, filling(s), str(QuestionKind.TEXT))],
    "answers.review": lambda s: [
        answers.review(s.t, one) for one in (filling(s, anonymous=True), entered(s), entered(s, EnteredBy.FACE))
    ],
    "answers.sent": _sent,
    "answers.will_call": lambda s: [answers.will_call(s.t, filling(s, anonymous=True), case(s), now=NOW)],
    "answers.closed": lambda s: [
        answers.closed(s.t, filling(s, anonymous=a, state=state)) for a in (False, True) for state in InvitationState
    ],
    "answers.alert": lambda s: [answers.alert(s.t, filling(s, anonymous=a), case(s), now=NOW) for a in (False, True)],
}
