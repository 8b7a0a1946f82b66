"""Sending surveys: to a filter after its count, to one customer from the card, and taking them back."""

from collections.abc import Mapping

from actions import survey_sending as act
from actions.carriers import address_of
from domain.answers import about_visit
from domain.carriers import Carrier
from domain.people import LEADS, STAFF
from domain.surveys import SurveyState
from handlers.routing import Request, Route
from views import survey_sending as view
from views import survey_sent as sent_view
from views.links import SurveyCustomer
from views.replies import Reply
from views.survey_links import PickCustomer, ShowAudience, audience_of
from views.surveys import ShowSent

MOST_ASKED = 4  # lines of what a customer was asked: the newest


def show_audience(req: Request) -> Reply:
    press = req.press(ShowAudience)
    return view.audience(req.t, act.plan(req.uow, req.actor, press.survey_id, audience_of(press), now=req.now))


def choose_condition(req: Request) -> Reply:
    press = req.press(view.ChooseCondition)
    sending, values = req.uow.sending(req.actor), list[tuple[int, str]]()
    match press.condition:
        case view.Condition.TAG:
            values = sending.tags()
        case view.Condition.CITY:
            values = sending.cities()
        case view.Condition.OWNER:
            values = sending.owners()
        case view.Condition.TEAM:
            values = sending.teams()
        case view.Condition.GRADE | view.Condition.STAGE:
            pass
    return view.choose(req.t, press.condition, press.survey_id, audience_of(_shown(press)), values)


def send_wave(req: Request) -> Reply:
    press = req.press(view.SendWave)
    audience = audience_of(_shown(press))
    wave, act_id = act.send_wave(req.uow, req.actor, press.survey_id, audience, expected=press.count, now=req.now)
    return view.sent_wave(req.t, wave, act_id)


def _shown(press: view.SendWave | view.ChooseCondition) -> ShowAudience:
    fields = (press.grade, press.stage, press.who, press.tag_id, press.city_id)
    return ShowAudience(press.survey_id, *fields)


def pick_customer(req: Request) -> Reply:
    press = req.press(PickCustomer)
    survey = req.uow.surveys(req.actor).get(press.survey_id)
    return view.pick_customer(req.t, survey, req.uow.sending(req.actor).with_account(press.number))


def pick_survey(req: Request) -> Reply:
    """Open surveys for the customer of a card."""
    customer_id = req.press(SurveyCustomer).customer_id
    asked = req.uow.invitations(req.actor).of_customer(customer_id, most=MOST_ASKED)
    page = req.uow.surveys(req.actor).page(states=frozenset({SurveyState.OPEN}))
    name = req.uow.customers(req.actor).line(customer_id).name
    return view.pick_survey(req.t, customer_id, name, page.items, asked)


def offer(req: Request) -> Reply:
    press = req.press(view.OfferSurvey)
    choice = act.choose(req.uow, req.actor, press.survey_id, press.customer_id, now=req.now)
    contacts = {
        one.id: one.name or one.nickname for one in req.uow.customers(req.actor).get(press.customer_id).contacts
    }
    may = [(one, contacts.get(one.contact_id or 0) or choice.customer) for one in choice.may]
    named = {key: name or choice.customer for key, name in contacts.items()}
    by_page = req.public_url is not None and choice.by_page and not about_visit(choice.survey)
    return view.offer(
        req.t,
        choice.survey,
        choice.customer_id,
        choice.customer,
        may,
        choice.why,
        pages=list(named.items()) if by_page else (),
        carried=_carried(req, press.customer_id, named) if choice.by_page else (),
    )


def _carried(req: Request, customer_id: int, names: Mapping[int, str]) -> list[tuple[Carrier, int, str]]:
    """Who has an address that e-mail or text messages can reach."""
    found = req.uow.customers(req.actor).get(customer_id).contacts
    return [
        (carrier, one.id, names[one.id])
        for one in found
        for carrier in Carrier
        if carrier in req.carriers and address_of(one, carrier)
    ]


def send_one(req: Request) -> Reply:
    press = req.press(view.SendOne)
    one, act_id = act.send_one(req.uow, req.actor, press.survey_id, press.customer_id, press.contact_id, now=req.now)
    return view.sent_one(req.t, one, req.uow.surveys(req.actor).get(one.survey_id), act_id)


def show_sent(req: Request) -> Reply:
    press = req.press(ShowSent)
    survey = req.uow.surveys(req.actor).get(press.survey_id)
    page = req.uow.invitations(req.actor).of_survey(survey.id, press.number)
    waves = req.uow.sending(req.actor).waves(survey.id, most=3) if req.actor.is_lead and not press.number else []
    return sent_view.sent_to(req.t, survey, page, waves)


def show_invitation(req: Request) -> Reply:
    return _invitation(req, req.press(sent_view.ShowInvitation).invitation_id)


def _invitation(req: Request, invitation_id: int) -> Reply:
    one = req.uow.invitations(req.actor).get(invitation_id)
    given = req.uow.survey_results(req.actor).of_invitation(one)
    return sent_view.invitation(req.t, one, req.uow.surveys(req.actor).get(one.survey_id), given)


def withdraw(req: Request) -> Reply:
    press = req.press(sent_view.Withdraw)
    one, act_id = act.withdraw(req.uow, req.actor, press.invitation_id, version=press.version)
    return sent_view.withdrawn(req.t, _invitation(req, one.id), act_id)


ROUTES = (
    Route(ShowAudience, show_audience, LEADS),
    Route(view.ChooseCondition, choose_condition, LEADS),
    Route(view.SendWave, send_wave, LEADS, once=True),
    Route(PickCustomer, pick_customer, STAFF),
    Route(SurveyCustomer, pick_survey, STAFF),
    Route(view.OfferSurvey, offer, STAFF),
    Route(view.SendOne, send_one, STAFF, once=True),
    Route(ShowSent, show_sent, STAFF),
    Route(sent_view.ShowInvitation, show_invitation, STAFF),
    Route(sent_view.Withdraw, withdraw, STAFF, once=True),
)
