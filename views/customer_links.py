"""The links that customers open, as staff make them: a personal one from the card, public ones for cards, fairs, campaigns."""

from collections.abc import Sequence
from urllib.parse import urlencode

from domain.bindings import LINK_DAYS
from domain.customer_links import LONGEST_LABEL, LinkLine, Source
from domain.customers import PAGE, Contact, Customer, Page
from domain.people import MemberLine
from views.cards import contact_name
from views.consents import source_words
from views.history import undo_button
from views.language import Translator
from views.links import OpenCustomer
from views.pages import turn
from views.qr import qr_picture
from views.replies import DONE, Ask, Button, File, Reply, Style, capital, clip, escape, fit, payload
from views.start import Place, go
from views.web_links import PageFor

LABEL = "links.label"  # the step that takes what a link is called; facts: source, member


@payload("ba8")
class LinkFor:
    """A personal link for this contact."""

    contact_id: int


@payload("la1")
class ListLinks:
    """The public links, page by page."""

    number: int


@payload("lb1")
class NewLink:
    """Where shall it lie?"""


@payload("lc1")
class ChooseWho:
    """Who gets those that come by it; for leads, page by page."""

    source: Source
    number: int


@payload("ld1")
class NameLink:
    """Ask what a link is called, of a kind of which there may be several."""

    source: Source
    member_id: int | None


@payload("le1")
class MakeLink:
    source: Source
    member_id: int | None


@payload("lf1")
class RevokeLink:
    link_id: int
    version: int


# Personal ----------------------------------------------------------------------------------------------------------


def choose_contact(t: Translator, customer: Customer, contacts: Sequence[Contact]) -> Reply:
    """Whose link it shall be, at a company of several people."""
    text = t.gettext("Who of <b>{name}</b> shall open the link?").format(name=escape(clip(customer.name, 60)))
    buttons = [Button(fit(contact_name(contact), 24), LinkFor(contact.id)) for contact in contacts]
    rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    return Reply(text, rows=[*rows, [Button("‹ " + t.gettext("Back"), OpenCustomer(customer.id))]])


def personal(t: Translator, contact: Contact, customer: str, link: str, *, act_id: int, page: bool = False) -> Reply:
    """The link with what to do with it, and its QR code as a picture of its own. ``page``: who has no Telegram has one."""
    name = escape(clip(contact_name(contact) or customer, 40))
    text = t.gettext(
        "A link for <b>{name}</b>. It works once, within {days} days; an earlier one is dead now.\n"
        "Whoever opens it reads who will write and why. Then you are asked whether it is the right person.\n{link}"
    ).format(name=name, days=LINK_DAYS, link=escape(link))
    rows = [
        _ways(t, link),
        *([[Button(t.gettext("🌐 Without Telegram"), PageFor(contact.id))]] if page else []),
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


# Public ------------------------------------------------------------------------------------------------------------


def links(t: Translator, page: Page[LinkLine], *, act_id: int | None = None, changed: bool = False) -> Reply:
    """Those that stand, with what they brought; ``act_id`` is the withdrawal that was just made."""
    if page.items:
        text = [t.gettext("<b>Public links</b>")]
    else:
        text = [
            t.gettext("No public link stands. One for a fair, a card or the website makes a prospect of each visitor.")
        ]
    rows = []
    for i, line in enumerate(page.items, page.number * PAGE + 1):
        who = escape(clip(line.member, 16)) if line.member else t.gettext("the public pool")
        text.append(f"{i}. <b>{_where(t, line.source, line.label)}</b> → {who} · {_brought(t, line)}")
        label = t.gettext("Withdraw {n}").format(n=i)
        rows.append(Button(label, RevokeLink(line.id, line.version), style=Style.DANGER))
    pairs = [rows[i : i + 3] for i in range(0, len(rows), 3)]
    undo = [undo_button(t, act_id)] if act_id is not None else []
    last = [*undo, Button(t.gettext("➕ New link"), NewLink()), go(t, Place.START)]
    toast = t.gettext("This has changed in the meantime. Here is the latest.") if changed else None
    return Reply(
        "\n".join(text),
        rows=[*pairs, *turn(t, page.number, page.last, ListLinks), last],
        toast=t.gettext("Withdrawn") if undo else toast,
        ask=DONE,
    )


def _brought(t: Translator, line: LinkLine) -> str:
    opened = t.ngettext("opened once", "opened {n} times", line.opened).format(n=t.number(line.opened))
    came = t.ngettext("{n} prospect", "{n} prospects", line.came).format(n=t.number(line.came))
    return f"{opened} · {came}"


def _where(t: Translator, source: Source, label: str | None) -> str:
    return escape(clip(capital(source_words(t, source, label)), 50))


def choose_source(t: Translator, *, leads: bool, member_id: int) -> Reply:
    """Where the link shall lie; a rep's leads to the rep, a lead chooses whom to."""
    buttons = []
    for source in Source:
        target: object = ChooseWho(source, 0) if leads else _target(source, member_id)
        buttons.append(Button(capital(source_words(t, source, None)), target))
    text = t.gettext("Where will the link lie? Whoever comes by it keeps that as the source, for ever.")
    return Reply(text, rows=[buttons[:3], buttons[3:], [_to_list(t)]], ask=DONE)


def choose_who(t: Translator, source: Source, page: Page[MemberLine]) -> Reply:
    """Who gets the prospects of a lead's link."""
    buttons = [Button(fit(member.name, 22), _target(source, member.id)) for member in page.items]
    rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    rows += turn(t, page.number, page.last, lambda number: ChooseWho(source, number))
    rows.append([Button(t.gettext("the public pool"), _target(source, None))])
    text = t.gettext("Whose shall the prospects be?")
    return Reply(text, rows=[*rows, [Button("‹ " + t.gettext("Back"), NewLink())]], ask=DONE)


def _target(source: Source, member_id: int | None) -> object:
    return NameLink(source, member_id) if source.named else MakeLink(source, member_id)


def ask_label(t: Translator, source: Source, member_id: int | None, *, too_long: bool = False) -> Reply:
    """Which fair, campaign or event it is."""
    if too_long:
        text = t.gettext("That is too long: at most {limit} characters.").format(limit=LONGEST_LABEL)
    elif source is Source.FAIR:
        text = t.gettext("What is the fair called? For example <code>Shanghai 2026</code>. Visitors read it, too.")
    elif source is Source.EVENT:
        text = t.gettext("What is the event called? For example <code>Open day in May</code>. Visitors read it, too.")
    else:
        text = t.gettext("What is the campaign called? For example <code>Spring trial</code>. Visitors read it, too.")
    ask = Ask(LABEL, {"source": source, "member": member_id})
    return Reply(text, rows=[[Button("‹ " + t.gettext("Back"), NewLink())]], ask=ask)


def public(t: Translator, source: Source, label: str | None, owner: str | None, link: str, *, act_id: int) -> Reply:
    """The link for everybody, and its QR code as a picture of its own."""
    where = _where(t, source, label)
    if owner:
        text = t.gettext(
            "A link for everybody: <b>{where}</b>. It works until it is withdrawn (/links).\nWhoever opens it and agrees"
            " becomes a prospect of {owner}. Keep it and the picture, they are shown only now.\n{link}"
        )
    else:
        text = t.gettext(
            "A link for everybody: <b>{where}</b>. It works until it is withdrawn (/links).\nWhoever opens it and agrees"
            " becomes a prospect in the public pool. Keep it and the picture, they are shown only now.\n{link}"
        )
    words = t.gettext("The same link as a QR code, to print or to show: {where}.").format(where=where)
    return Reply(
        text.format(where=where, owner=escape(clip(owner or "", 40)), link=escape(link)),
        rows=[_ways(t, link), [undo_button(t, act_id), _to_list(t)]],
        fresh=True,
        also=(picture(link, words),),
        ask=DONE,
    )


def _to_list(t: Translator) -> Button:
    return Button("‹ " + t.gettext("Public links"), ListLinks(0))
