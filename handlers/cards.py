"""The card: its tabs, and its fields."""

from collections.abc import Callable
from typing import Any

from actions import cards as act
from domain.cards import CHANNELS, ContactField, Field, Tab
from domain.customers import ChannelKind, Contact, Customer, CustomerKind
from domain.errors import Changed, Fault, Invalid
from domain.people import STAFF
from handlers.routing import Content, Request, Route, Step
from parsing.fields import read_birthday_of, read_channels
from parsing.sheet_cells import read_tags
from views import cards as view
from views import fields as field_view
from views.customers import NameCompany
from views.field_names import contact_field_name, field_name
from views.links import OpenCustomer
from views.replies import Reply

# Showing -----------------------------------------------------------------------------------------------------------


def show(req: Request, customer_id: int) -> Reply:
    """The card's first page. Raises ``NotFound`` outside the scope."""
    return view.overview(req.t, req.uow.customers(req.actor).card(customer_id), actor=req.actor)


def open_customer(req: Request) -> Reply:
    return show(req, req.press(OpenCustomer).customer_id)


def show_tab(req: Request) -> Reply:
    press = req.press(view.ShowTab)
    customer = _own(req, press.customer_id)
    match press.tab:
        case Tab.OVERVIEW:
            return show(req, customer.id)
        case Tab.CONTACTS:
            return view.people(req.t, customer)
        case Tab.HISTORY:
            return view.history(req.t, customer, req.uow.touches(req.actor).page_of(customer.id))
        case Tab.MORE:
            return view.more(req.t, customer)


def show_touches(req: Request) -> Reply:
    press = req.press(view.ShowTouches)
    customer = _own(req, press.customer_id)
    return view.history(req.t, customer, req.uow.touches(req.actor).page_of(customer.id, press.number))


def _own(req: Request, customer_id: int) -> Customer:
    """A customer of the reader's own scope; what is only in the pool has no tabs and no fields."""
    req.uow.customers(req.actor).require_readable(customer_id)
    return req.uow.customers(req.actor).get(customer_id)


# Fields of the customer --------------------------------------------------------------------------------------------


def choose_field(req: Request) -> Reply:
    press = req.press(view.EditCustomer)
    return field_view.choose_field(req.t, _own(req, press.customer_id), press.number)


def edit_field(req: Request) -> Reply:
    press = req.press(field_view.EditField)
    return field_view.edit_field(req.t, _own(req, press.customer_id), press.field)


def set_kind(req: Request) -> Reply:
    press = req.press(field_view.SetKind)
    return _chosen(
        req,
        press.customer_id,
        Field.KIND,
        lambda: act.set_kind(req.uow, req.actor, press.customer_id, press.kind, version=press.version),
    )


def name_company(req: Request) -> Reply:
    press = req.press(NameCompany)
    return _chosen(
        req,
        press.customer_id,
        Field.KIND,
        lambda: act.name_company(req.uow, req.actor, press.customer_id, version=press.version),
    )


def set_stage(req: Request) -> Reply:
    press = req.press(field_view.SetStage)
    return _chosen(
        req,
        press.customer_id,
        Field.STAGE,
        lambda: act.set_stage(req.uow, req.actor, press.customer_id, press.stage, version=press.version, now=req.now),
    )


def set_grade(req: Request) -> Reply:
    press = req.press(field_view.SetGrade)
    return _chosen(
        req,
        press.customer_id,
        Field.GRADE,
        lambda: act.set_grade(req.uow, req.actor, press.customer_id, press.grade, version=press.version, now=req.now),
    )


def clear_field(req: Request) -> Reply:
    press = req.press(field_view.ClearField)

    def clear() -> int:
        if press.field is Field.TAGS:
            return act.set_tags(req.uow, req.actor, press.customer_id, (), version=press.version)
        if press.field is Field.LOCATION:
            return act.set_place(req.uow, req.actor, press.customer_id, None, version=press.version)
        return act.set_text(req.uow, req.actor, press.customer_id, press.field, None, version=press.version)

    return _chosen(req, press.customer_id, press.field, clear)


def take_field(req: Request) -> Reply:
    """The typed value; what cannot be stored is said above the same question."""
    customer_id, field, version = req.facts["customer"], Field(req.facts["field"]), req.facts["version"]
    try:
        if field is Field.TAGS:
            act_id = act.set_tags(req.uow, req.actor, customer_id, read_tags(req.text), version=version)
        else:
            act_id = act.set_text(req.uow, req.actor, customer_id, field, req.text, version=version)
    except Invalid as wrong:
        return field_view.edit_field(req.t, _own(req, customer_id), field, wrong=wrong)
    except Changed:
        screen = field_view.edit_field(req.t, _own(req, customer_id), field)
        return field_view.changed_meanwhile(req.t, screen, req.text)
    return _saved(req, customer_id, field_name(req.t, field), act_id)


def take_place(req: Request) -> Reply:
    media = req.incoming.media
    customer_id = req.facts["customer"]
    if media is None or media.latitude is None or media.longitude is None:
        wrong = Invalid("location", Fault.NOT_UNDERSTOOD)
        return field_view.edit_field(req.t, _own(req, customer_id), Field.LOCATION, wrong=wrong)
    act_id = act.set_place(req.uow, req.actor, customer_id, (media.latitude, media.longitude))
    return _saved(req, customer_id, field_name(req.t, Field.LOCATION), act_id)


def _chosen(req: Request, customer_id: int, field: Field, write: Callable[[], int]) -> Reply:
    """A value set by button: the card with Undo, or the card as it stands where the button was too old."""
    try:
        act_id = write()
    except Changed:
        return view.fresh(req.t, show(req, customer_id))
    return _saved(req, customer_id, field_name(req.t, field), act_id)


def _saved(req: Request, customer_id: int, what: str, act_id: int) -> Reply:
    return view.saved(req.t, show(req, customer_id), what=what, act_id=act_id)


# Fields of a contact -----------------------------------------------------------------------------------------------


def edit_own_contact(req: Request) -> Reply:
    press = req.press(field_view.EditOwnContact)
    customer = _own(req, press.customer_id)
    return field_view.edit_contact_field(req.t, own_contact(customer), press.field, customer=customer)


def edit_contact(req: Request) -> Reply:
    press = req.press(field_view.EditContact)
    contact = req.uow.customers(req.actor).contacts.get(press.contact_id)
    customer = _own(req, contact.customer_id)
    return field_view.edit_contact_field(req.t, contact, press.field, customer=customer)


def clear_contact(req: Request) -> Reply:
    press = req.press(field_view.ClearContact)

    def clear() -> int:
        if press.field is ContactField.BIRTHDAY:
            return act.set_birthday(req.uow, req.actor, press.contact_id, None, version=press.version)
        if press.field is ContactField.GENDER:
            return act.set_gender(req.uow, req.actor, press.contact_id, None, version=press.version)
        return act.set_contact_text(req.uow, req.actor, press.contact_id, press.field, None, version=press.version)

    return _chosen_of_contact(req, press.contact_id, press.field, clear)


def set_gender(req: Request) -> Reply:
    press = req.press(field_view.SetGender)
    return _chosen_of_contact(
        req,
        press.contact_id,
        ContactField.GENDER,
        lambda: act.set_gender(req.uow, req.actor, press.contact_id, press.gender, version=press.version),
    )


def remove_channel(req: Request) -> Reply:
    press = req.press(field_view.RemoveChannel)
    contact = req.uow.customers(req.actor).contacts.get(press.contact_id)
    channel = next((channel for channel in contact.channels if channel.id == press.channel_id), None)
    if channel is None:
        return view.fresh(req.t, show(req, contact.customer_id))
    act_id = act.remove_channel(req.uow, req.actor, contact.id, press.channel_id)
    return _saved(req, contact.customer_id, contact_field_name(req.t, ContactField(channel.kind.value)), act_id)


def take_contact_field(req: Request) -> Reply:
    """The typed value of a contact's field; channels are added, everything else is replaced."""
    customer = _own(req, req.facts["customer"])
    field, contact_id = ContactField(req.facts["field"]), req.facts["contact"]
    try:
        act_id = _write_contact(req, customer, contact_id, field)
    except Invalid as wrong:
        contact = _contact(req, contact_id)
        return field_view.edit_contact_field(req.t, contact, field, customer=customer, wrong=wrong)
    except Changed:
        screen = field_view.edit_contact_field(req.t, _contact(req, contact_id), field, customer=customer)
        return field_view.changed_meanwhile(req.t, screen, req.text)
    return _saved(req, customer.id, contact_field_name(req.t, field), act_id)


def _write_contact(req: Request, customer: Customer, contact_id: int | None, field: ContactField) -> int:
    region = req.uow.organisation().region
    value: Any = None
    if field in CHANNELS:
        value = read_channels(ChannelKind(field.value), req.text, region)
    elif field is ContactField.BIRTHDAY:
        value = read_birthday_of(req.text, region)
    if not value and (field in CHANNELS or field is ContactField.BIRTHDAY):
        raise Invalid(field.value, Fault.NOT_UNDERSTOOD)
    if contact_id is None:
        contact_id = act.contact_to_edit(req.uow, req.actor, customer.id)
    version = req.facts["version"]
    if field in CHANNELS:
        return act.add_channels(req.uow, req.actor, contact_id, value)
    if field is ContactField.BIRTHDAY:
        return act.set_birthday(req.uow, req.actor, contact_id, value, version=version)
    return act.set_contact_text(req.uow, req.actor, contact_id, field, req.text, version=version)


def _chosen_of_contact(req: Request, contact_id: int, field: ContactField, write: Callable[[], int]) -> Reply:
    customer_id = req.uow.customers(req.actor).contacts.get(contact_id).customer_id
    try:
        act_id = write()
    except Changed:
        return view.fresh(req.t, show(req, customer_id))
    return _saved(req, customer_id, contact_field_name(req.t, field), act_id)


def _contact(req: Request, contact_id: int | None) -> Contact | None:
    return req.uow.customers(req.actor).contacts.get(contact_id) if contact_id is not None else None


def own_contact(customer: Customer) -> Contact | None:
    """The contact with the customer's own numbers: a person's only one, a company's nameless one."""
    if customer.kind is CustomerKind.PERSON:
        return customer.contacts[0] if customer.contacts else None
    return next((contact for contact in customer.contacts if not (contact.name or contact.nickname)), None)


ROUTES = (
    Route(OpenCustomer, open_customer, STAFF),
    Route(view.ShowTab, show_tab, STAFF),
    Route(view.ShowTouches, show_touches, STAFF),
    Route(view.EditCustomer, choose_field, STAFF),
    Route(field_view.EditField, edit_field, STAFF),
    Route(field_view.SetKind, set_kind, STAFF),
    Route(NameCompany, name_company, STAFF),
    Route(field_view.SetStage, set_stage, STAFF),
    Route(field_view.SetGrade, set_grade, STAFF),
    Route(field_view.ClearField, clear_field, STAFF),
    Route(Step(field_view.STEP_FIELD), take_field, STAFF),
    Route(Step(field_view.STEP_LOCATION, frozenset({Content.LOCATION, Content.TEXT})), take_place, STAFF),
    Route(field_view.EditOwnContact, edit_own_contact, STAFF),
    Route(field_view.EditContact, edit_contact, STAFF),
    Route(field_view.ClearContact, clear_contact, STAFF),
    Route(field_view.SetGender, set_gender, STAFF),
    Route(field_view.RemoveChannel, remove_channel, STAFF),
    Route(Step(field_view.STEP_CONTACT_FIELD), take_contact_field, STAFF),
)
