"""The people of a company: looked at, added, removed."""

from actions import cards as act
from domain.customers import ContactDraft
from domain.errors import Changed, Fault, Invalid
from domain.people import STAFF
from handlers import cards
from handlers.routing import Content, Request, Route, Step
from parsing.customers import parse_contact
from parsing.vcards import read_card
from views import cards as card_view
from views import contacts as view
from views.replies import Reply


def open_contact(req: Request) -> Reply:
    return _screen(req, req.press(card_view.OpenContact).contact_id)


def ask_contact(req: Request) -> Reply:
    customer_id = req.press(card_view.AddContact).customer_id
    req.uow.customers(req.actor).require_readable(customer_id)
    return view.ask_contact(req.t, req.uow.customers(req.actor).get(customer_id))


def take_contact(req: Request) -> Reply:
    """A new contact in one line, or shared."""
    customer = req.uow.customers(req.actor).get(req.facts["customer"])
    try:
        contact_id, act_id = act.add_contact(req.uow, req.actor, customer.id, _read(req))
    except Invalid as wrong:
        return view.ask_contact(req.t, customer, wrong=wrong)
    except Changed:
        return card_view.fresh(req.t, cards.show(req, customer.id))
    name = card_view.contact_name(req.uow.customers(req.actor).contacts.get(contact_id))
    return card_view.saved(req.t, _screen(req, contact_id), what=name, act_id=act_id)


def remove_contact(req: Request) -> Reply:
    press = req.press(view.RemoveContact)
    customer_id = req.uow.customers(req.actor).contacts.get(press.contact_id).customer_id
    try:
        contact, act_id = act.remove_contact(req.uow, req.actor, press.contact_id, version=press.version)
    except Changed:
        return card_view.fresh(req.t, cards.show(req, customer_id))
    return view.removed(req.t, contact, req.uow.customers(req.actor).get(customer_id), act_id=act_id)


def _read(req: Request) -> ContactDraft:
    region = req.uow.organisation().region
    shared = req.incoming.contact
    if shared is None:
        found = parse_contact(req.text, region=region)
        if found is None:
            raise Invalid("name", Fault.EMPTY)
        return found
    card = read_card(
        phone=shared.phone,
        first_name=shared.first_name,
        last_name=shared.last_name,
        vcard=shared.vcard,
        region=region,
    )
    return card.contacts[0]


def _screen(req: Request, contact_id: int) -> Reply:
    contact = req.uow.customers(req.actor).contacts.get(contact_id)
    return view.contact(req.t, contact, req.uow.customers(req.actor).get(contact.customer_id))


ROUTES = (
    Route(card_view.OpenContact, open_contact, STAFF),
    Route(card_view.AddContact, ask_contact, STAFF),
    Route(Step(view.STEP_CONTACT, frozenset({Content.TEXT, Content.CONTACT})), take_contact, STAFF),
    Route(view.RemoveContact, remove_contact, STAFF, once=True),
)
