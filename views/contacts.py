"""The people of a company: one contact's screen, adding, removing."""

from domain.cards import ContactField, Tab
from domain.customers import ChannelKind, Contact, Customer
from domain.errors import Invalid
from views.cards import ShowTab, contact_details, contact_name
from views.field_names import contact_field_name
from views.fields import EditContact
from views.history import undo_button
from views.language import Translator
from views.links import OpenCustomer
from views.replies import Ask, Button, Reply, Style, clip, escape, payload

STEP_CONTACT = "contacts.add"
COPIES = 2  # copy buttons in one row


@payload("cx1")
class RemoveContact:
    contact_id: int
    version: int


def contact(t: Translator, one: Contact, customer: Customer) -> Reply:
    """A contact with all that is known, each field a button."""
    title = f"👥 <b>{escape(clip(contact_name(one), 60))}</b>"
    if one.name and one.nickname:
        title += t.gettext(" ({nickname})").format(nickname=escape(clip(one.nickname, 30)))
    lines = [title, f"🏢 {escape(clip(customer.name, 60))}", *contact_details(t, one)]
    fields = [Button(contact_field_name(t, field), EditContact(one.id, field, one.version)) for field in ContactField]
    rows = [fields[i : i + 3] for i in range(0, len(fields), 3)]
    phones = [channel.value for channel in one.channels if channel.kind is ChannelKind.PHONE]
    if phones:
        rows.insert(0, [Button(f"📋 {phone}", copy=phone) for phone in phones[:COPIES]])
    back = Button("‹ " + t.gettext("Back"), ShowTab(customer.id, Tab.CONTACTS))
    remove = Button(t.gettext("🗑 Remove"), RemoveContact(one.id, one.version), style=Style.DANGER)
    return Reply("\n".join(lines[:14]), rows=[*rows, [back, remove]], protected=True)


def ask_contact(t: Translator, customer: Customer, *, wrong: Invalid | None = None) -> Reply:
    """Who is new at a company: in one line, or as a shared contact."""
    text = t.gettext(
        "Who is new at <b>{name}</b>? Send the name, best with job title and phone: "
        "<i>Anna Lee, purchasing manager, 13800000000</i>. Or share the contact."
    ).format(name=escape(clip(customer.name, 60)))
    if wrong:
        text = "⚠️ " + t.gettext("I could not read that. Please write it another way.") + "\n" + text
    rows = [[Button("‹ " + t.gettext("Back"), ShowTab(customer.id, Tab.CONTACTS))]]
    return Reply(text, rows=rows, ask=Ask(STEP_CONTACT, {"customer": customer.id}))


def removed(t: Translator, one: Contact, customer: Customer, *, act_id: int) -> Reply:
    text = t.gettext("Removed <b>{contact}</b> from {name}. The touches stay.").format(
        contact=escape(clip(contact_name(one), 60)), name=escape(clip(customer.name, 60))
    )
    card = Button(t.gettext("Open card"), OpenCustomer(customer.id))
    return Reply(text, rows=[[undo_button(t, act_id), card]], toast=t.gettext("Removed"))
