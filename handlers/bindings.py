"""Who of a customer is in the chat: links, the owner's Yes or No, and what each account is."""

from actions import bindings as act
from actions.cards import contact_to_edit
from actions.customer_links import make_personal_link
from domain.bindings import Part
from domain.customers import CustomerKind
from domain.errors import Changed
from domain.people import STAFF
from handlers.customer_links import address
from handlers.routing import Request, Route
from views import bindings as view
from views import customer_links as link_view
from views.links import OpenAccounts, PersonalLink
from views.replies import Reply


def ask_link(req: Request) -> Reply:
    """A personal link; of a company with several people, whose."""
    customer_id = req.press(PersonalLink).customer_id
    req.uow.customers(req.actor).require_readable(customer_id)
    customer = req.uow.customers(req.actor).get(customer_id)
    named = [contact for contact in customer.contacts if contact.name or contact.nickname]
    if customer.kind is CustomerKind.COMPANY and len(named) > 1:
        return link_view.choose_contact(req.t, customer, named)
    chosen = (named or list(customer.contacts))[:1]
    return _made(req, chosen[0].id if chosen else contact_to_edit(req.uow, req.actor, customer_id))


def make_link(req: Request) -> Reply:
    return _made(req, req.press(link_view.LinkFor).contact_id)


def _made(req: Request, contact_id: int) -> Reply:
    token, contact, act_id = make_personal_link(req.uow, req.actor, contact_id, now=req.now)
    customer = req.uow.customers(req.actor).line(contact.customer_id).name
    page = req.public_url is not None
    return link_view.personal(req.t, contact, customer, address(req, token), act_id=act_id, page=page)


def confirm(req: Request) -> Reply:
    press = req.press(view.ConfirmBinding)
    try:
        binding, act_id = act.confirm(req.uow, req.actor, press.binding_id, version=press.version)
    except Changed:
        return _stands(req, press.binding_id)
    return view.confirmed(req.t, binding, act_id=act_id)


def end(req: Request) -> Reply:
    press = req.press(view.EndBinding)
    try:
        binding, act_id = act.end(req.uow, req.actor, press.binding_id, version=press.version)
    except Changed:
        return _stands(req, press.binding_id)
    return view.ended(req.t, binding, act_id=act_id)


def _stands(req: Request, binding_id: int) -> Reply:
    return view.decided_already(req.t, req.uow.bindings(req.actor).get(binding_id))


def open_accounts(req: Request) -> Reply:
    customer_id = req.press(OpenAccounts).customer_id
    bindings = req.uow.bindings(req.actor).of_customer(customer_id)
    return view.accounts(req.t, req.uow.customers(req.actor).line(customer_id), bindings)


def open_account(req: Request) -> Reply:
    return view.account(req.t, req.uow.bindings(req.actor).get(req.press(view.OpenBinding).binding_id))


def set_part(req: Request) -> Reply:
    press = req.press(view.SetPart)
    bindings = req.uow.bindings(req.actor)
    part: Part | None = None if bindings.get(press.binding_id).part == press.part else press.part
    try:
        act_id = act.set_part(req.uow, req.actor, press.binding_id, part, version=press.version)
    except Changed:
        return _stands(req, press.binding_id)
    return view.account(req.t, bindings.get(press.binding_id), act_id=act_id)


ROUTES = (
    Route(PersonalLink, ask_link, STAFF),
    Route(link_view.LinkFor, make_link, STAFF, once=True),
    Route(view.ConfirmBinding, confirm, STAFF, once=True),
    Route(view.EndBinding, end, STAFF, once=True),
    Route(OpenAccounts, open_accounts, STAFF),
    Route(view.OpenBinding, open_account, STAFF),
    Route(view.SetPart, set_part, STAFF),
)
