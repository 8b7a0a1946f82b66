"""The links that customers open, as staff make them: a personal one from the card, public ones for cards, fairs, campaigns."""

from collections.abc import Sequence
from urllib.parse import urlencode

from domain.bindings import LINK_DAYS
from domain.customers import Contact, Customer
from views.cards import contact_name
from views.history import undo_button
from views.language import Translator
from views.links import OpenCustomer
from views.qr import qr_picture
from views.replies import Button, File, Reply, clip, escape, fit, payload


@payload("ba8")
class LinkFor:
    """A personal link for this contact."""

    contact_id: int


def choose_contact(t: Translator, customer: Customer, contacts: Sequence[Contact]) -> Reply:
    """Whose link it shall be, at a company of several people."""
    text = t.gettext("Who of <b>{name}</b> shall open the link?").format(name=escape(clip(customer.name, 60)))
    buttons = [Button(fit(contact_name(contact), 24), LinkFor(contact.id)) for contact in contacts]
    rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    return Reply(text, rows=[*rows, [Button("‹ " + t.gettext("Back"), OpenCustomer(customer.id))]])


def personal(t: Translator, contact: Contact, customer: str, link: str, *, act_id: int) -> Reply:
    """The link with what to do with it, and its QR code as a picture of its own."""
    name = escape(clip(contact_name(contact) or customer, 40))
    text = t.gettext(
        "A link for <b>{name}</b>. It works once, within {days} days; an earlier one is dead now.\n"
        "Whoever opens it reads who will write and why. Then you are asked whether it is the right person.\n{link}"
    ).format(name=name, days=LINK_DAYS, link=escape(link))
    rows = [
        _ways(t, link),
        [undo_button(t, act_id), Button(t.gettext("Open card"), OpenCustomer(contact.customer_id))],
    ]
    words = t.gettext("The same link as a QR code, for {name} to scan.").format(name=name)
    return Reply(text, rows=rows, fresh=True, also=(picture(link, words),))


def picture(link: str, words: str) -> Reply:
    """A QR code with a line beneath."""
    return Reply(words, file=File("qr.png", qr_picture(link), photo=True))


def _ways(t: Translator, link: str) -> list[Button]:
    words = t.gettext("Please open this link: it is the direct way to reach us, in the chat.")
    share = "https://t.me/share/url?" + urlencode({"url": link, "text": words})
    return [Button(t.gettext("Copy link"), copy=link), Button(t.gettext("Send on"), url=share)]
