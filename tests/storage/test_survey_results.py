"""Results within the reader's scope, on both databases: the tallies of every kind of answer, and who sees which."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest

from actions.customers import add_customer
from domain.customers import ContactDraft, CustomerDraft
from domain.errors import Changed
from domain.people import Actor, Role
from domain.surveys import Definition, EnteredBy, InvitationState, Option, Question, QuestionKind, SurveyState, Trigger
from storage.database import Database
from storage.models import Member, Team
from storage.survey_results import hidden
from storage.uow import UnitOfWork

NOW = dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC)
K = QuestionKind
TEXT = {"zh_Hans": "问"}
QUESTIONS = tuple(
    Question(str(kind), kind, TEXT, (Option("a", TEXT), Option("b", TEXT)) if kind in (K.SINGLE, K.MULTIPLE) else ())
    for kind in QuestionKind
)
GIVEN: dict[str, Any] = {
    "single": "b",
    "multiple": ["a", "b"],
    "rating": 4,
    "nps": 10,
    "yes_no": True,
    "text": "5",
    "number": 2.5,
    "date": "2026-11-17",
    "photo": "id",
    "location": [31.2, 121.5],
}


@dataclass
class House:
    lead: Actor
    rep: Actor
    other: Actor
    customers: dict[str, int]
    contacts: dict[str, int]


@pytest.fixture
def house(database: Database) -> House:
    """A lead with two reps, each with a customer."""
    with database.transaction(NOW) as uow:
        uow.act(None, "sample", undo=None)
        team = uow.journal.add(Team, {"name": "T", "parent_id": None, "lead_id": None})
        ids = [_member(uow, n, role, team) for n, role in enumerate((Role.LEAD, Role.REP, Role.REP), 1)]
        uow.journal.change(Team, team, {"lead_id": ids[0]})
    with database.transaction(NOW) as uow:
        lead, rep, other = (uow.people.of_member(one) for one in ids)
        assert lead and rep and other
        customers = {}
        for actor, name in ((rep, "甲"), (other, "乙")):
            draft = CustomerDraft(name, contacts=(ContactDraft(name),))
            customers[name] = add_customer(uow, actor, draft, now=NOW).customer.id
        contacts = {name: uow.customers(lead).contacts.first(key) for name, key in customers.items()}
    return House(lead, rep, other, customers, contacts)


def _member(uow: UnitOfWork, number: int, role: Role, team: int) -> int:
    who = uow.people.identify(number, name=f"M{number}", username=None, locale="zh_Hans")
    values = {"person_id": who.person_id, "name": f"M{number}", "role": role, "team_id": team}
    return uow.journal.add(Member, values | {"active": True, "created_at": NOW})


def survey(uow: UnitOfWork, house: House, **values: Any) -> int:
    uow.act(None, "sample", undo=None)
    row = {"state": SurveyState.OPEN, "trigger": Trigger.BY_HAND} | values
    return uow.surveys(house.lead).add("S", Definition(QUESTIONS, ("zh_Hans",)), **row)


def answer(
    uow: UnitOfWork, house: House, survey_id: int, name: str | None, answers: dict[str, Any], **values: Any
) -> None:
    """A response of a customer, or of nobody."""
    row: dict[str, Any] = {"survey_id": survey_id, "month": dt.date(2026, 11, 1), "entered_by": EnteredBy.CHAT}
    if name is not None:
        member = house.rep.member_id if name == "甲" else house.other.member_id
        row |= {
            "customer_id": house.customers[name],
            "contact_id": house.contacts[name],
            "member_id": member,
            "at": NOW,
        }
    key = uow.responses.start(row)
    uow.responses.write(uow.responses.get(key), {"answers": answers, "complete": True} | values)
    if name is None:
        uow.responses.release(survey_id, month=dt.date(2026, 11, 1), wave_id=None)


def test_every_kind_of_answer_is_tallied_alike(database: Database, house: House) -> None:
    with database.transaction(NOW) as uow:
        key = survey(uow, house)
        for _ in range(2):
            answer(uow, house, key, "甲", GIVEN)
        answer(uow, house, key, "乙", dict.fromkeys(GIVEN))
        answer(uow, house, key, "乙", {"single": "a"}, complete=False)
        results = uow.survey_results(house.lead)
        asked = results.sight(key).survey
        found = {(one.key, repr(one.value)): one.count for one in results.tallies(asked)}
        for name in ("single", "multiple", "rating", "nps", "yes_no", "number"):
            assert found[name, repr(GIVEN[name])] == 2 and found[name, "None"] == 1
        for name in ("text", "date", "photo", "location"):
            assert found[name, "''"] == 2 and found[name, "None"] == 1
        funnel = results.funnel(asked)
        assert (funnel.responses, funnel.entered, funnel.dropped) == (3, 0, {"multiple": 1})
        assert [one.answers["text"] for one in results.texts(asked, 0).items] == ["5", "5"]
        assert results.texts(asked, 0).total == 2 and results.count(asked) == 3


def test_reps_see_their_own_and_nothing_about_themselves(database: Database, house: House) -> None:
    with database.transaction(NOW) as uow:
        open_, visit = survey(uow, house), survey(uow, house, template="after_visit")
        nameless = survey(uow, house, anonymous=True)
        for key in (open_, visit):
            answer(uow, house, key, "甲", GIVEN)
            answer(uow, house, key, "乙", GIVEN)
        for _ in range(4):
            answer(uow, house, nameless, None, GIVEN)
        rep, lead = uow.survey_results(house.rep), uow.survey_results(house.lead)
        assert rep.count(rep.sight(open_).survey) == 1 and lead.count(lead.sight(open_).survey) == 2
        assert [one.customer for one in rep.given(rep.sight(open_).survey)] == ["甲"]
        about = rep.sight(visit)
        assert about.aggregate and not about.words and hidden(about, rep.count(about.survey))
        assert not hidden(lead.sight(visit), 1)
        secret = lead.sight(nameless)
        assert hidden(secret, lead.count(secret.survey))
        answer(uow, house, nameless, None, GIVEN)
        assert not hidden(secret, lead.count(secret.survey))
        for _ in range(4):  # the difference of two looks is never one answer
            answer(uow, house, nameless, None, GIVEN | {"rating": 1})
            assert lead.count(secret.survey) == 5
        answer(uow, house, nameless, None, GIVEN | {"rating": 1})
        assert lead.count(secret.survey) == 10
        for n in range(2, 11):
            answer(uow, house, visit, "甲", GIVEN)
            seen = uow.survey_results(house.rep)
            assert seen.count(about.survey) == n // 5 * 5
            assert sum(one.count for one in seen.tallies(about.survey) if one.key == "rating") == n // 5 * 5
        assert {one.customer for one in lead.given(secret.survey)} == {None}


def test_a_second_device_is_told_that_it_changed(database: Database, house: House) -> None:
    with database.transaction(NOW) as uow:
        key = survey(uow, house)
        row = {"survey_id": key, "customer_id": house.customers["甲"], "state": InvitationState.SENT}
        row |= {"created_at": NOW, "send_at": NOW, "sent_at": NOW, "expires_at": NOW + dt.timedelta(days=14)}
        invitation = uow.invitations(house.lead).add(row)
        begin = {"survey_id": key, "month": dt.date(2026, 11, 1), "entered_by": EnteredBy.WEB}
        response = uow.responses.get(uow.responses.start(begin, invitation_id=invitation))
        with pytest.raises(Changed):
            uow.responses.start(begin, invitation_id=invitation)
        uow.responses.write(response, {"answers": {"single": "a"}})
        with pytest.raises(Changed):
            uow.responses.write(response, {"answers": {"single": "b"}})
        assert uow.responses.get(response.id).answers == {"single": "a"}
