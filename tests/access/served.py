"""What a customer brought, and the table of presses on it: who of the staff may, and that nobody else's customer can.

The customer is an account of its own behind the company of ``Who.OWNER``; a case of his is about the delivery, another
one about his adviser, who must never learn of it: its words begin with ``ABOUT_OWNER``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from actions.cases import open_case
from actions.enquiries import claim
from actions.me import change_own
from actions.reply_templates import add_template
from actions.surveys import invite, make, open_survey
from actions.talks import write_to_us
from domain.bindings import BindingState
from domain.cases import About, CaseDraft, CaseKind, Cause, CloseReason
from domain.customer_links import Source
from domain.exports import Format
from domain.me import Mine
from domain.survey_sending import Candidate
from domain.surveys import EnteredBy, QuestionKind
from storage.uow import UnitOfWork
from tests.access.house import NOBODY, House, Kind, Who, phone
from tests.access.sights import ACTIVE, LEADS
from views import (
    answer_entry,
    answers,
    case_work,
    cases,
    customer_links,
    enquiries,
    feedback,
    me,
    reply_templates,
    survey_builder,
    survey_links,
    survey_photos,
    survey_previews,
    survey_results,
    survey_rules,
    survey_sending,
    survey_sent,
    survey_triggers,
    surveys,
    talks,
    web_links,
)
from views.links import (
    AskManager,
    CustomerCases,
    EnterAnswers,
    OpenCase,
    OpenSurvey,
    OpenTalks,
    ShowResults,
    SurveyCustomer,
)
from views.replies import Payload
from views.survey_templates import Template, definition_of

CUSTOMER = 70_001  # the Telegram id of who is served
ABOUT_OWNER = "Qzabout"
People = frozenset[Who]
NORTH_LEADS = frozenset({Who.ADMIN, Who.LEAD})
NORTHERNERS = NORTH_LEADS | {Who.OWNER, Who.MATE}
READERS = NORTH_LEADS | {Who.OWNER}
NO_ONE: People = frozenset()
ALL = (None, None, None, None, None)  # customers, by no condition
QUIZ, TEMPLATE = "Qzquiz", "Qzowntemplate"
MARKERS = {ABOUT_OWNER: NORTH_LEADS, QUIZ: NORTHERNERS, TEMPLATE: frozenset({Who.OWNER})}  # who alone may read them


@dataclass(slots=True)
class Served:
    """Ids of what there is; ``NOBODY`` for each in the one that stands for nothing."""

    ids: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> int:
        return self.ids.get(name, NOBODY)


@dataclass(frozen=True, slots=True)
class Cell:
    """One button on one thing; ``reads``: it changes nothing, so whoever may is tried as well."""

    thing: str
    press: Callable[[Served], Payload]
    allowed: People
    reads: bool = False


def serve(house: House) -> Served:
    """Let a customer write, complain, correct his name and be asked."""
    made, record = Served(), house.records[Kind.VEGA]
    made.ids |= {"customer": record.customer, "contact": record.contact, "north": house.teams["north"]}
    made.ids |= {who: house.members[who] for who in (Who.MATE, Who.OWNER)}
    with house.database.transaction(house.now) as uow:
        customer = uow.people.identify(CUSTOMER, name="Qzvegahaccount", username=None, locale="zh_Hans")
        uow.act(customer, "sample", customer_id=record.customer, undo=None)
        binding: dict[str, Any] = {
            "person_id": customer.person_id,
            "customer_id": record.customer,
            "contact_id": record.contact,
        }
        binding |= {"decided_by": house.members[Who.OWNER], "decided_at": uow.now, "opened_at": uow.now}
        made.ids["binding"] = uow.bindings(customer).add(binding | {"state": BindingState.CONFIRMED})
    with house.database.transaction(house.now) as uow:
        customer = uow.people.actor(customer.person_id)
        made.ids["delivery"] = _complain(uow, made, customer.person_id, About.DELIVERY, "Qzvegahcase")
        made.ids["adviser"] = _complain(uow, made, customer.person_id, About.ADVISER, f"{ABOUT_OWNER}case")
        talk = write_to_us(uow, customer, "Qzvegahtalk", said_at=uow.now, chat_id=CUSTOMER, message_id=1)
        made.ids["talk"] = talk.id
        _, correction = change_own(uow, customer, made["binding"], Mine.NAME, "琟织女经理某")
        made.ids["correction"] = correction or 0
        stranger = uow.people.identify(70_002, name="某人", username=None, locale="zh_Hans")
        made.ids["enquiry"] = claim(uow, stranger, f"+86{phone(Kind.VEGA)}")
        lead = house.actor(uow, Who.LEAD)
        draft, _ = make(uow, lead, f"{QUIZ}问卷", definition_of(Template.CSAT))
        asked, _ = make(uow, lead, f"{QUIZ}满意度", definition_of(Template.CSAT))
        open_survey(uow, lead, asked.id, version=asked.version)
        made.ids |= {"draft": draft.id, "survey": asked.id}
        made.ids["act"] = uow.act(lead, "survey.sent", customer_id=record.customer)
        chosen = Candidate(record.customer, "", contact_id=record.contact, person_id=customer.person_id)
        made.ids["invitation"] = invite(uow, lead, asked.id, chosen, now=uow.now)
        template, _ = add_template(uow, house.actor(uow, Who.OWNER), "常用", TEMPLATE, shared=False)
        made.ids["template"] = template.id
    return made


def _complain(uow: UnitOfWork, made: Served, person_id: int, about: About, words: str) -> int:
    draft = CaseDraft(made["customer"], CaseKind.COMPLAINT, about, words, made["contact"], person_id)
    return open_case(uow, uow.people.actor(person_id), draft, now=uow.now).id


def cells() -> list[Cell]:
    """All of them."""
    own = [*_on_case("delivery", READERS), *_on_case("adviser", NORTH_LEADS)]
    return [*own, *_on_talk(), *_on_customer(), *_on_survey(), *_on_draft(), *_customers_own()]


def _on_case(name: str, seen: People) -> list[Cell]:
    return [
        *(Cell(name, one, seen, reads=True) for one in _reading(name)),
        Cell(name, lambda s: case_work.UseTemplate(s[name], s["template"]), seen & {Who.OWNER}, reads=True),
        Cell(name, lambda s: cases.ChooseKeeper(s[name], 0), seen, reads=True),
        Cell(name, lambda s: cases.TakeCase(s[name], 1), seen),
        Cell(name, lambda s: cases.GiveCase(s[name], s[Who.MATE], 1), seen),
        Cell(name, lambda s: cases.WaitForCustomer(s[name], 1), seen),
        Cell(name, lambda s: cases.SolveCase(s[name], 1), seen),
        Cell(name, lambda s: cases.CloseCase(s[name], CloseReason.BY_PHONE, 1), seen),
        Cell(name, lambda s: cases.HurryCase(s[name]), seen),
        Cell(name, lambda s: cases.SetCause(s[name], Cause.DEFECT), seen),
        Cell(name, lambda s: case_work.PromiseAt(s[name], 0, 1), seen),
        Cell(name, lambda s: case_work.SendTemplate(s[name], s["template"]), seen & {Who.OWNER}),
    ]


def _reading(name: str) -> tuple[Callable[[Served], Payload], ...]:
    return (
        lambda s: OpenCase(s[name]),
        lambda s: cases.MoreOfCase(s[name]),
        lambda s: cases.ShowStory(s[name], 0),
        lambda s: cases.ShowFiles(s[name]),
        lambda s: cases.ChooseCause(s[name]),
        lambda s: cases.ChooseReason(s[name]),
        lambda s: case_work.AnswerCase(s[name]),
        lambda s: case_work.NoteCase(s[name]),
        lambda s: case_work.PromiseCase(s[name]),
        lambda s: case_work.LearnWords(s[name], 0),
    )


def _on_talk() -> list[Cell]:
    return [
        Cell("talk", lambda s: talks.OpenTalk(s["talk"]), READERS, reads=True),
        Cell("talk", lambda s: talks.AnswerTalk(s["talk"]), READERS, reads=True),
        Cell("talk", lambda s: talks.CloseTalk(s["talk"], 1), READERS),
        Cell("talk", lambda s: talks.Recall(s["talk"], s["act"]), READERS),
        Cell("an answer", lambda s: case_work.RecallAnswer(s["act"]), READERS),
        Cell("talk", lambda s: talks.WriteTo(s["binding"]), READERS, reads=True),
        Cell("correction", lambda s: me.OpenCorrection(s["correction"]), READERS, reads=True),
        Cell("correction", lambda s: me.DecideCorrection(s["correction"], 1, 1), READERS),
        Cell("enquiry", lambda s: enquiries.OpenEnquiry(s["enquiry"]), NORTH_LEADS, reads=True),
        Cell("enquiry", lambda s: enquiries.LinkEnquiry(s["enquiry"], s["contact"], 1), NORTH_LEADS),
        Cell("enquiry", lambda s: enquiries.FileEnquiry(s["enquiry"], 1), NORTH_LEADS),
        Cell("enquiry", lambda s: enquiries.RefuseEnquiry(s["enquiry"], 1), NORTH_LEADS),
        Cell("template", lambda s: reply_templates.OpenTemplate(s["template"]), frozenset({Who.OWNER}), reads=True),
        Cell("template", lambda s: reply_templates.RemoveTemplate(s["template"]), frozenset({Who.OWNER})),
        Cell("template", lambda s: reply_templates.ListTemplates(0), ACTIVE, reads=True),
        Cell("template", lambda s: reply_templates.NewTemplate(1), ACTIVE, reads=True),
        Cell("cases", lambda s: cases.ListCases(0, 1), ACTIVE, reads=True),
        Cell("links", lambda s: customer_links.ListLinks(0), ACTIVE, reads=True),
        Cell("links", lambda s: customer_links.ChooseWho(Source.CARD, 0), ACTIVE, reads=True),
    ]


def _on_customer() -> list[Cell]:
    return [
        Cell("customer", lambda s: OpenTalks(s["customer"]), READERS, reads=True),
        Cell("customer", lambda s: talks.TurnTalks(s["customer"], 0), READERS, reads=True),
        Cell("customer", lambda s: CustomerCases(s["customer"], 0), READERS, reads=True),
        Cell("customer", lambda s: case_work.FileFor(s["customer"], None, None), READERS, reads=True),
        Cell("customer", lambda s: EnterAnswers(s["customer"]), READERS, reads=True),
        Cell("customer", lambda s: answer_entry.EnterFor(s["customer"], s["contact"]), READERS, reads=True),
        Cell(
            "customer",
            lambda s: answer_entry.Enter(s["survey"], s["customer"], s["contact"], EnteredBy.PHONE),
            READERS,
        ),
        Cell("customer", lambda s: SurveyCustomer(s["customer"]), READERS, reads=True),
        Cell("customer", lambda s: survey_sending.OfferSurvey(s["survey"], s["customer"]), READERS, reads=True),
        Cell("customer", lambda s: survey_sending.SendOne(s["survey"], s["customer"], s["contact"]), READERS),
        Cell("customer", lambda s: survey_sent.ShowInvitation(s["invitation"]), READERS, reads=True),
        Cell("customer", lambda s: survey_photos.ShowPhotosOf(s["invitation"]), frozenset()),  # not answered
        Cell("customer", lambda s: survey_sent.Withdraw(s["invitation"], 1), READERS),
        Cell("customer", lambda s: web_links.PageFor(s["contact"]), READERS),
        Cell("customer", lambda s: web_links.AskByPage(s["survey"], s["contact"]), READERS),
    ]


def _on_survey() -> list[Cell]:
    of = [
        lambda s: OpenSurvey(s["survey"]),
        lambda s: ShowResults(s["survey"], 0),
        lambda s: surveys.ShowSent(s["survey"], 0),
        lambda s: survey_results.FreeAnswers(s["survey"], 0),
        lambda s: survey_photos.ShowPhotos(s["survey"], 0),
        lambda s: survey_results.ByCause(s["survey"], 0),
        lambda s: survey_results.DrawChart(s["survey"]),
        lambda s: survey_links.StartPreview(s["survey"]),
        lambda s: survey_links.PickCustomer(s["survey"], 0),
        lambda s: survey_previews.TryPick(s["survey"], 0, 1),
        lambda s: survey_previews.TryOpen(s["survey"], 0),
        lambda s: survey_previews.TrySkip(s["survey"], 1),
        lambda s: survey_previews.TryTick(s["survey"], 1, 1),
        lambda s: survey_previews.TryMany(s["survey"], 1, 1),
    ]  # type: list[Callable[[Served], Payload]]
    return [
        *(Cell("survey", one, NORTHERNERS, reads=True) for one in of),
        Cell("survey", lambda s: survey_results.ByRep(s["survey"]), NORTH_LEADS, reads=True),
        Cell("survey", lambda s: survey_results.ExportAnswers(s["survey"], Format.CSV), NORTHERNERS),
        Cell("survey", lambda s: surveys.SetOpen(s["survey"], 0, 2), NORTH_LEADS),
        Cell("survey", lambda s: survey_sending.SendWave(s["survey"], 1, *ALL), NORTH_LEADS),
        Cell("survey", lambda s: survey_links.ShowAudience(s["survey"], *ALL), NORTH_LEADS, reads=True),
        Cell(
            "survey",
            lambda s: survey_sending.ChooseCondition(survey_sending.Condition.GRADE, s["survey"], *ALL),
            LEADS,
            reads=True,
        ),
        Cell("surveys", lambda s: surveys.SurveyPage(0), ACTIVE, reads=True),
        Cell("surveys", lambda s: surveys.NewSurvey(), LEADS, reads=True),
        Cell("surveys", lambda s: surveys.MakeOwn(), LEADS, reads=True),
        Cell("surveys", lambda s: surveys.AskFile(), LEADS, reads=True),
        Cell("surveys", lambda s: surveys.MakeSurvey(Template.NPS), LEADS),
    ]


def _on_draft() -> list[Cell]:
    reading = [
        lambda s: survey_triggers.ShowTrigger(s["draft"]),
        lambda s: survey_links.ShowQuestions(s["draft"], 0),
        lambda s: survey_links.EditLanguages(s["draft"]),
        lambda s: survey_links.OpenOne(s["draft"], 0),
        lambda s: survey_builder.ChooseKind(s["draft"]),
        lambda s: survey_builder.AddQuestion(s["draft"], QuestionKind.TEXT),
        lambda s: survey_builder.EditTexts(s["draft"], 0),
        lambda s: survey_builder.EditOptions(s["draft"], 0),
        lambda s: survey_rules.PickAbout(s["draft"], 1, None),
        lambda s: survey_rules.PickValue(s["draft"], 1, None, 0),
        lambda s: survey_builder.EditWords(s["draft"], survey_builder.Part.NAME),
    ]  # type: list[Callable[[Served], Payload]]
    writing = [
        lambda s: surveys.CopySurvey(s["draft"]),
        lambda s: surveys.DeleteSurvey(s["draft"], 1),
        lambda s: surveys.SetAnonymous(s["draft"], 1, 1),
        lambda s: surveys.SetOpen(s["draft"], 1, 1),
        lambda s: survey_triggers.Turn(s["draft"], survey_triggers.Dial.WHEN, 1, 1),
        lambda s: survey_builder.ToggleRequired(s["draft"], 0, 1),
        lambda s: survey_builder.MoveQuestion(s["draft"], 0, 1, 1),
        lambda s: survey_builder.DeleteQuestion(s["draft"], 0, 1),
        lambda s: survey_builder.ToggleLanguage(s["draft"], survey_builder.Language.ENGLISH, 1),
        lambda s: survey_rules.ShowRule(s["draft"], 1, 0),
        lambda s: survey_rules.SetTarget(s["draft"], 1, 0, None, 1),
        lambda s: survey_rules.ToggleEvery(s["draft"], 1, 0, 1),
        lambda s: survey_rules.DeleteRule(s["draft"], 1, 0, 1),
        lambda s: survey_rules.AddCondition(s["draft"], 1, None, 0, 1, 1),
    ]  # type: list[Callable[[Served], Payload]]
    return [
        *(Cell("draft", one, NORTH_LEADS, reads=True) for one in reading),
        *(Cell("draft", one, NORTH_LEADS) for one in writing),
        Cell("draft", lambda s: surveys.ExportSurvey(s["draft"]), NORTH_LEADS),
    ]


def _customers_own() -> list[Cell]:
    """Buttons in the chat of who is served: nobody else's, colleague or customer, and whatever the number is."""
    of = [
        *(lambda s, n=name: feedback.OpenMine(s[n]) for name in ("delivery", "adviser")),
        *(lambda s, n=name: feedback.AddWords(s[n]) for name in ("delivery", "adviser")),
        lambda s: feedback.SaySolved(s["delivery"]),
        lambda s: feedback.SayNotYet(s["delivery"]),
        lambda s: feedback.ChooseAbout(s["binding"], CaseKind.COMPLAINT, About.PRICE),
        lambda s: AskManager(s["delivery"]),
        lambda s: talks.ToManager(s["talk"]),
        lambda s: answers.Pick(s["invitation"], 0, 1, 1),
        lambda s: answers.Tick(s["invitation"], 0, 1),
        lambda s: answers.PickMany(s["invitation"], 0, 1, 1),
        lambda s: answers.Skip(s["invitation"], 0, 1),
        lambda s: answers.OpenQuestion(s["invitation"], 0),
        lambda s: answers.SendAnswers(s["invitation"], 1),
        lambda s: answers.CallMe(s["invitation"]),
        lambda s: me.ChangeMine(s["binding"], Mine.CITY),
        lambda s: me.StillRight(s["binding"]),
    ]  # type: list[Callable[[Served], Payload]]
    return [Cell("the customer's own", one, NO_ONE) for one in of]
