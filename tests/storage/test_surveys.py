"""Surveys and invitations in the database: who sees which, who would be asked, and what an undo takes along."""

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlalchemy import func, select, update

from actions.cases import end, open_case
from actions.survey_deliveries import chase, deliver, expire
from actions.survey_sending import plan, send_one, send_wave, withdraw
from actions.surveys import close_survey, delete_survey, edit, make, open_survey, set_trigger
from actions.touches import log_touch
from domain.bindings import BindingState
from domain.cases import About, CaseDraft, CaseKind, CaseState, EndedBy
from domain.consents import COOL_DOWN, Purpose, Topic
from domain.customers import Channel, ChannelKind, ContactDraft, CustomerDraft, Grade
from domain.errors import Changed, NotAllowed, NotFound, TooLate
from domain.people import Actor
from domain.survey_builder import toggle_language
from domain.survey_sending import Audience, LeftOut, Rule
from domain.surveys import Definition, InvitationState, Question, QuestionKind, Survey, SurveyState, Trigger
from domain.touches import Outcome, TouchDraft, TouchKind
from storage.models import Due, Person, SurveyInvitation
from storage.uow import UNDO, UnitOfWork
from tests.storage.staff import Company

T = TypeVar("T")
ASKED = Definition((Question("q", QuestionKind.RATING, {"zh_Hans": "满意吗？"}),), ("zh_Hans",))


class Sender:
    """A company with surveys, and customers with accounts."""

    def __init__(self, company: Company) -> None:
        self.company = company

    def survey(self, by: str = "李强", *, trigger: Trigger = Trigger.BY_HAND, rule: Rule | None = None) -> Survey:
        """An open one."""

        def work(uow: UnitOfWork, actor: Actor) -> Survey:
            made, _ = make(uow, actor, "满意度", ASKED)
            if trigger is not Trigger.BY_HAND:
                made, _ = set_trigger(uow, actor, made.id, trigger, rule or Rule(), version=made.version)
            return open_survey(uow, actor, made.id, version=made.version)[0]

        return self.company.as_(by, work)

    def customer(
        self, name: str, owner: str | None, *, agreed: bool = True, bound: bool = True, grade: Grade = Grade.A
    ) -> int:
        """A customer with an account of the same name."""

        def work(uow: UnitOfWork) -> int:
            uow.act(None, "sample", undo=None)
            actor = self.company.actor(uow, "周芳")
            owner_id = self.company.members[owner] if owner else None
            phone = Channel(ChannelKind.PHONE, f"138{sum(map(ord, name)):08}")
            draft = CustomerDraft(name, contacts=(ContactDraft(channels=(phone,)),), owner_id=owner_id, grade=grade)
            customer_id = uow.customers(actor).add(draft)
            if bound:
                person = self.company.actor(uow, name)
                contact_id = uow.customers(actor).contacts.first(customer_id)
                values = {"person_id": person.person_id, "customer_id": customer_id, "contact_id": contact_id}
                uow.bindings(person).add(values | {"state": BindingState.CONFIRMED, "opened_at": uow.now})
                uow.consents.decide(
                    Purpose.SERVICE,
                    granted=agreed,
                    person_id=person.person_id,
                    contact_id=contact_id,
                    locale="zh_Hans",
                    channel="chat",
                )
            return customer_id

        if bound:
            self.company.join(name, None)
        return self.company.run(work)

    def left(
        self, survey: Survey, by: str = "李强", audience: Audience | None = None
    ) -> tuple[list[str], dict[LeftOut, int]]:
        """Names of those who would be asked, and the counts of the others."""

        def work(uow: UnitOfWork, actor: Actor) -> tuple[list[str], dict[LeftOut, int]]:
            planned = plan(uow, actor, survey.id, audience or Audience(), now=uow.now)
            return [one.customer for one in planned.go], dict(planned.left)

        return self.company.as_(by, work)

    def fails(self, by: str, work: Callable[[UnitOfWork, Actor], T], error: type[Exception]) -> None:
        with pytest.raises(error):
            self.company.as_(by, work)

    def change(self, name: str, **values: object) -> None:
        """What a customer did to the own account."""
        self.company.run(
            lambda uow: uow.connection.execute(
                update(Person).where(Person.id == self.company.people[name]).values(**values)
            )
        )

    def owed(self, kind: str) -> int:
        """How many things of a kind are due some time."""
        asked = select(func.count()).select_from(Due).where(Due.kind == kind, Due.state == 0)
        return self.company.run(lambda uow: uow.connection.execute(asked).scalar_one())

    def states(self) -> list[str]:
        asked = select(SurveyInvitation.state).order_by(SurveyInvitation.id)
        return self.company.run(lambda uow: list(uow.connection.execute(asked).scalars()))


@pytest.fixture
def sender(company: Company) -> Sender:
    return Sender(company)


def test_everybody_sees_the_surveys_of_the_own_branch(sender: Sender, company: Company) -> None:
    of_team, of_company = sender.survey("李强"), sender.survey("周芳")

    def seen(name: str) -> set[int]:
        return company.as_(name, lambda uow, actor: {one.id for one in uow.surveys(actor).page().items})

    assert seen("周芳") == seen("李强") == seen("王娜") == seen("孙悦") == {of_team.id, of_company.id}
    assert seen("陈静") == seen("赵涛") == {of_company.id}
    assert seen("林怡君") == set()
    sender.fails("陈静", lambda uow, actor: uow.surveys(actor).get(of_team.id), NotFound)
    sender.fails("李强", lambda uow, actor: uow.surveys(actor).to_change(of_company.id), NotAllowed)
    sender.fails("王娜", lambda uow, actor: uow.surveys(actor).to_change(of_team.id), NotAllowed)


def test_who_is_left_out_is_counted_by_the_reason(sender: Sender, company: Company) -> None:
    survey = sender.survey()
    sender.customer("好", "王娜")
    sender.customer("无", "王娜", bound=False)
    sender.customer("否", "王娜", agreed=False)
    for name, values in (
        ("停", {"stopped_at": company.now}),
        ("歇", {"paused_until": company.now + dt.timedelta(days=9)}),
        ("关", {"topics_off": [Topic.SURVEYS]}),
        ("黑", {"reachable": False}),
    ):
        sender.customer(name, "王娜")
        sender.change(name, **values)
    sender.customer("刚", "王娜")
    company.run(lambda uow: uow.consents.count_nudge(company.people["刚"], today=uow.now.date()))
    angry = sender.customer("怒", "孙悦")
    company.run(lambda uow: complain(uow, angry))
    sender.customer("远", "赵涛")  # another branch
    go, left = sender.left(survey)
    assert go == ["好"]
    assert left == {
        LeftOut.NO_ACCOUNT: 1,
        LeftOut.NO_CONSENT: 1,
        LeftOut.STOPPED: 2,
        LeftOut.SWITCHED_OFF: 1,
        LeftOut.UNREACHABLE: 1,
        LeftOut.COOL_DOWN: 1,
        LeftOut.COMPLAINT: 1,
    }


def complain(uow: UnitOfWork, customer_id: int, about: About = About.PRODUCT) -> None:
    open_case(uow, None, CaseDraft(customer_id, CaseKind.COMPLAINT, about, "坏了"), now=uow.now)


def test_a_complaint_about_the_sender_looks_like_any_other_rest(sender: Sender, company: Company) -> None:
    survey = sender.survey()
    angry = sender.customer("怒", "王娜")
    company.run(lambda uow: complain(uow, angry, About.ADVISER))
    assert sender.left(survey, "王娜")[1] == {LeftOut.COOL_DOWN: 1}
    assert sender.left(survey, "李强")[1] == {LeftOut.COMPLAINT: 1}


def test_a_wave_keeps_its_facts_and_an_undo_takes_it_whole(sender: Sender, company: Company) -> None:
    survey = sender.survey()
    sender.customer("甲", "王娜")
    sender.customer("乙", "孙悦", grade=Grade.B)
    sender.customer("丙", "王娜", agreed=False)
    assert sender.left(survey, audience=Audience(grade=Grade.B)) == (["乙"], {})
    assert sender.left(survey, audience=Audience(owner_id=company.members["孙悦"]))[0] == ["乙"]
    assert sender.left(survey, audience=Audience(team_id=company.teams["一部"]))[0] == ["甲"]
    sender.fails("李强", lambda uow, a: plan(uow, a, survey.id, Audience(tag_id=99), now=uow.now), Changed)

    def send(uow: UnitOfWork, actor: Actor) -> int:
        return send_wave(uow, actor, survey.id, Audience(), expected=2, now=uow.now)[1]

    sender.fails("李强", lambda uow, a: send_wave(uow, a, survey.id, Audience(), expected=3, now=uow.now), Changed)
    act_id = company.as_("李强", send)
    assert sender.owed("survey_wave") == 2 and sender.owed("survey_expiry") == 2
    facts = company.as_("李强", lambda uow, actor: uow.sending(actor).waves(survey.id)[0].facts)
    assert facts == {"audience": {}, "go": 2, "left": {"no_consent": 1}}
    company.undone(act_id, by="李强")
    assert sender.states() == [] and sender.owed("survey_wave") == 0 and sender.owed("survey_expiry") == 0
    company.as_("李强", send)
    assert sender.states() == ["waiting", "waiting"]


def test_an_invitation_leaves_is_called_to_mind_once_and_ends(sender: Sender, company: Company) -> None:
    survey = sender.survey()
    customer_id = sender.customer("甲", "王娜")
    one = ask(sender, survey, customer_id, "王娜")
    company.now += UNDO

    def as_customer(work: Callable[..., T]) -> T:
        return company.as_("甲", lambda uow, actor: work(uow, actor, one, now=uow.now))

    told = as_customer(deliver)
    assert told is not None and told.invitation.state is InvitationState.SENT
    assert as_customer(deliver) is None  # a second due row says nothing
    assert sender.owed("survey_reminder") == 1
    company.now += dt.timedelta(days=3)
    assert as_customer(chase) is not None and as_customer(chase) is None
    assert sender.owed("survey_reminder") == 0
    assert as_customer(expire) is None  # not yet
    company.now += dt.timedelta(days=12)
    assert as_customer(expire) is not None  # sent by hand: somebody calls
    assert sender.states() == ["expired"] and sender.owed("survey_expiry") == 0


def ask(sender: Sender, survey: Survey, customer_id: int, by: str) -> int:
    def work(uow: UnitOfWork, actor: Actor) -> int:
        contact_id = uow.customers(actor).contacts.first(customer_id)
        return send_one(uow, actor, survey.id, customer_id, contact_id, now=uow.now)[0].id

    return sender.company.as_(by, work)


def test_what_happened_meanwhile_holds_an_invitation_back(sender: Sender, company: Company) -> None:
    survey = sender.survey()
    customer_id = sender.customer("甲", "王娜")
    one = ask(sender, survey, customer_id, "王娜")
    company.now += UNDO
    company.run(lambda uow: uow.consents.count_nudge(company.people["甲"], today=uow.now.date()))
    assert company.as_("甲", lambda uow, actor: deliver(uow, actor, one, now=uow.now)) is None
    assert sender.states() == ["waiting"]
    company.now += COOL_DOWN
    company.run(lambda uow: complain(uow, customer_id))
    assert company.as_("甲", lambda uow, actor: deliver(uow, actor, one, now=uow.now)) is None
    assert sender.states() == ["withdrawn"]


def test_nobody_asks_or_withdraws_for_others(sender: Sender, company: Company) -> None:
    survey = sender.survey("周芳")
    customer_id = sender.customer("甲", "王娜")
    with pytest.raises(NotFound):
        ask(sender, survey, customer_id, "赵涛")
    one = ask(sender, survey, customer_id, "王娜")
    sender.fails("赵涛", lambda uow, actor: uow.invitations(actor).get(one), NotFound)
    sender.fails("赵涛", lambda uow, actor: withdraw(uow, actor, one, version=1), NotFound)
    sender.fails("林怡君", lambda uow, actor: uow.invitations(actor).my(one), NotFound)
    assert company.as_("甲", lambda uow, actor: uow.invitations(actor).my(one)).id == one
    assert company.as_("甲", lambda uow, actor: uow.surveys(actor).get(survey.id)).id == survey.id
    _, act_id = company.as_("王娜", lambda uow, actor: withdraw(uow, actor, one, version=1))
    assert sender.owed("survey_invitation") == 0
    sender.fails("王娜", lambda uow, actor: withdraw(uow, actor, one, version=2), TooLate)
    company.undone(act_id)
    assert sender.owed("survey_invitation") == 1 and sender.states() == ["waiting"]


@pytest.mark.parametrize(
    ("kind", "outcome", "days", "asks"),
    [
        (TouchKind.VISIT, Outcome.REACHED, 0, True),
        (TouchKind.CALL, Outcome.REACHED, 0, False),
        (TouchKind.VISIT, Outcome.TRIED, 0, False),
        (TouchKind.VISIT, Outcome.REACHED, 5, False),
    ],
)
def test_a_touch_asks_by_its_rule(
    sender: Sender, company: Company, kind: TouchKind, outcome: Outcome, days: int, asks: bool
) -> None:
    sender.survey(trigger=Trigger.AFTER_TOUCH)
    customer_id = sender.customer("甲", "王娜")

    def log(uow: UnitOfWork, actor: Actor) -> int:
        draft = TouchDraft(customer_id, kind, outcome, uow.now - dt.timedelta(days=days), "谈")
        return log_touch(uow, actor, draft, now=uow.now).act_id

    act_id = company.as_("王娜", log)
    assert sender.states() == ["waiting"] * asks
    company.undone(act_id)
    assert sender.states() == [] and sender.owed("survey_invitation") == 0


def test_a_rule_has_a_share_and_a_limit_and_its_own_team(sender: Sender, company: Company) -> None:
    sender.survey(trigger=Trigger.AFTER_TOUCH, rule=Rule(share=50, a_day=2))
    for i in range(8):
        customer_id = sender.customer(f"客{i}", "王娜")

        def log(uow: UnitOfWork, actor: Actor, customer_id: int = customer_id) -> None:
            draft = TouchDraft(customer_id, TouchKind.VISIT, Outcome.REACHED, uow.now, "谈")
            log_touch(uow, actor, draft, now=uow.now)

        company.as_("王娜", log)
    assert sender.states() == ["waiting", "waiting"]
    theirs = sender.customer("乙", "赵涛")

    def elsewhere(uow: UnitOfWork, actor: Actor) -> None:
        log_touch(uow, actor, TouchDraft(theirs, TouchKind.VISIT, Outcome.REACHED, uow.now, "谈"), now=uow.now)

    company.now += dt.timedelta(days=2)
    company.as_("赵涛", elsewhere)
    assert sender.states() == ["waiting", "waiting"]


def test_an_open_survey_keeps_its_questions(sender: Sender, company: Company) -> None:
    survey = sender.survey()
    sender.fails(
        "李强", lambda uow, a: edit(uow, a, survey.id, lambda d: toggle_language(d, "en"), version=None), TooLate
    )
    sender.fails("李强", lambda uow, a: delete_survey(uow, a, survey.id, version=survey.version), TooLate)
    closed, act_id = company.as_("李强", lambda uow, a: close_survey(uow, a, survey.id, version=survey.version))
    assert closed.state is SurveyState.CLOSED
    company.undone(act_id, by="李强")
    assert company.as_("李强", lambda uow, a: uow.surveys(a).get(survey.id)).state is SurveyState.OPEN

    def flawed(uow: UnitOfWork, actor: Actor) -> None:
        made, _ = make(uow, actor, "空", Definition((), ("en",)))
        open_survey(uow, actor, made.id, version=made.version)

    sender.fails("李强", flawed, Changed)


def test_a_closed_case_asks_how_it_was_and_one_opened_again_does_not(sender: Sender, company: Company) -> None:
    sender.survey(trigger=Trigger.AFTER_CASE)
    customer_id = sender.customer("甲", "王娜")
    case = company.run(
        lambda uow: open_case(uow, None, CaseDraft(customer_id, CaseKind.COMPLAINT, About.PRODUCT, "坏了"), now=uow.now)
    )

    def close(uow: UnitOfWork, actor: Actor) -> int:
        act_id = uow.act(actor, "case.closed", customer_id=customer_id, facts={"case": case.id})
        end(uow, actor, uow.cases(actor).get(case.id), CaseState.CLOSED, EndedBy.STAFF, now=uow.now)
        return act_id

    act_id = company.as_("王娜", close)
    assert sender.states() == ["waiting"]
    company.undone(act_id)
    assert sender.states() == [] and sender.owed("survey_invitation") == 0


def test_what_follows_a_case_about_a_rep_is_not_on_the_screens_of_that_rep(sender: Sender, company: Company) -> None:
    survey = sender.survey(trigger=Trigger.AFTER_CASE)
    customer_id = sender.customer("甲", "王娜")
    case = company.run(
        lambda uow: open_case(uow, None, CaseDraft(customer_id, CaseKind.COMPLAINT, About.ADVISER, "态度"), now=uow.now)
    )

    def close(uow: UnitOfWork, actor: Actor) -> None:
        uow.act(actor, "case.closed", customer_id=customer_id, facts={"case": case.id})
        end(uow, actor, uow.cases(actor).get(case.id), CaseState.CLOSED, EndedBy.STAFF, now=uow.now)

    company.as_("李强", close)

    def seen(uow: UnitOfWork, actor: Actor) -> tuple[int, int]:
        return len(uow.invitations(actor).of_customer(customer_id)), uow.invitations(actor).of_survey(survey.id).total

    assert company.as_("李强", seen) == (1, 1)
    assert company.as_("王娜", seen) == (0, 0)
