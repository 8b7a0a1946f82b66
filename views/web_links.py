"""The link of a customer's own page, as staff make it for who has no Telegram."""

from domain.bindings import LINK_DAYS
from views.history import undo_button
from views.language import Translator
from views.links import OpenCustomer
from views.qr import qr_picture
from views.replies import Button, File, Reply, clip, escape, payload


@payload("wl2")
class PageFor:
    """A link to the page of this contact."""

    contact_id: int


@payload("wl3")
class AskByPage:
    """The same, with a survey on it."""

    survey_id: int
    contact_id: int


def page_link(t: Translator, name: str, link: str, *, customer_id: int, survey: str | None, act_id: int) -> Reply:
    """The link with what to do with it, and its QR code as a picture of its own."""
    names = {"name": escape(clip(name, 40)), "days": LINK_DAYS}
    if survey:
        text = t.gettext("A link for <b>{name}</b>: “{survey}”, to be answered in any browser within {days} days.")
        text = text.format(survey=escape(clip(survey, 40)), **names)
    else:
        text = t.gettext("A link for <b>{name}</b>: a page for any browser, valid {days} days.").format(**names)
    more = t.gettext(
        "There one can answer surveys, tell us something, and say whether we may write. Send it by SMS, e-mail or WeChat,"
        " to this person only: whoever has it can answer."
    )
    rows = [
        [Button(t.gettext("Copy link"), copy=link)],
        [undo_button(t, act_id), Button(t.gettext("Open card"), OpenCustomer(customer_id))],
    ]
    words = t.gettext("The same link as a QR code, for {name} to scan.").format(name=names["name"])
    picture = Reply(words, file=File("qr.png", qr_picture(link), photo=True))
    return Reply(f"{text}\n{more}\n{escape(link)}", rows=rows, fresh=True, also=(picture,))
