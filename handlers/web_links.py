"""Links to the page of who has no Telegram, from the card and from a survey."""

from actions import web as act
from actions.carriers import carry
from domain.consents import Purpose
from domain.errors import Changed, NotAllowed
from domain.people import STAFF
from handlers.routing import Request, Route
from views import carriers as carrier_view
from views import web_links as view
from views.cards import contact_name
from views.replies import Reply


def make_link(req: Request) -> Reply:
    token, contact, act_id = act.show_link(req.uow, req.actor, req.press(view.PageFor).contact_id, now=req.now)
    return _made(req, token, contact.id, contact.customer_id, None, act_id)


def ask_by_page(req: Request) -> Reply:
    press = req.press(view.AskByPage)
    token, one, act_id = act.ask_by_link(req.uow, req.actor, press.survey_id, press.contact_id, now=req.now)
    survey = req.uow.surveys(req.actor).get(one.survey_id).name
    return _made(req, token, press.contact_id, one.customer_id, survey, act_id)


def send_by(req: Request) -> Reply:
    """By e-mail or text message; who never said a word about it is asked first."""
    press = req.press(carrier_view.SendBy)
    contact = req.uow.customers(req.actor).contacts.get(press.contact_id)
    name = contact_name(contact) or req.uow.customers(req.actor).line(contact.customer_id).name
    decided = req.uow.consents.of_contact(contact.id).get(Purpose.SERVICE)
    if decided is None and not press.agreed and press.carrier in req.carriers:
        return carrier_view.ask_agreed(req.t, press, name, contact.customer_id)
    try:
        if press.carrier not in req.carriers:  # a button from before it was switched off
            raise Changed("contact", contact.id)
        survey_id, by = press.survey_id, press.carrier
        one, act_id = carry(req.uow, req.actor, survey_id, contact.id, by, agreed=bool(press.agreed), now=req.now)
    except Changed:
        return carrier_view.refused(req.t, name, contact.customer_id)
    survey = req.uow.surveys(req.actor).get(one.survey_id).name
    return carrier_view.queued(req.t, survey, name, contact.customer_id, act_id=act_id)


def _made(req: Request, token: str, contact_id: int, customer_id: int, survey: str | None, act_id: int) -> Reply:
    if req.public_url is None:  # a button from before the address was taken away
        raise NotAllowed("route")
    contact = req.uow.customers(req.actor).contacts.get(contact_id)
    name = contact_name(contact) or req.uow.customers(req.actor).line(customer_id).name
    link = f"{req.public_url}/c/{token}"
    return view.page_link(req.t, name, link, customer_id=customer_id, survey=survey, act_id=act_id)


ROUTES = (
    Route(view.PageFor, make_link, STAFF, once=True),
    Route(view.AskByPage, ask_by_page, STAFF, once=True),
    Route(carrier_view.SendBy, send_by, STAFF, once=True),
)
