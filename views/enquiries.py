"""Strangers: what they are offered, what they read, and what leads are asked about them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from domain.bindings import Binding
from domain.enquiries import Enquiry, EnquiryState, Match
from domain.talks import TalkLine
from views import errors
from views.bindings import account_name
from views.cards import Claim
from views.history import undo_button
from views.language import Translator
from views.links import OpenCustomer, OpenWelcome, leave_key
from views.quotes import quoted
from views.replies import DONE, Ask, Button, Key, Reply, Style, clip, escape, fit, payload
from views.start import Place, go
from views.talks import NAME, AnswerTalk

STEP_NUMBER = "enquiries.number"
STEP_NAME = "enquiries.name"
STEP_WORDS = "enquiries.words"  # facts: name


@payload("na7")
class ClaimCustomer:
    """I am a customer."""


@payload("nb7")
class AskContact:
    """Contact me."""


@payload("nc7")
class UseName:
    """The account's name is the name."""


@payload("nd7")
class OpenEnquiry:
    enquiry_id: int


@payload("ne7")
class LinkEnquiry:
    """It is this contact."""

    enquiry_id: int
    contact_id: int
    version: int


@payload("nf7")
class FileEnquiry:
    """Nobody we know: a new prospect."""

    enquiry_id: int
    version: int


@payload("ng7")
class RefuseEnquiry:
    enquiry_id: int
    version: int


# Strangers ---------------------------------------------------------------------------------------------------------


def hello(t: Translator, organisation: str | None, *, open_door: bool) -> Reply:
    """The two lines; with the two ways in, unless an admin closed them."""
    claim = Button(t.gettext("🙋 I am a customer"), ClaimCustomer())
    contact = Button(t.gettext("📨 Contact me"), AskContact())
    return replace(errors.stranger(t, organisation, open_door=open_door), rows=[[claim, contact]] if open_door else ())


def ask_number(t: Translator, *, again: bool = False) -> Reply:
    """Only the own number, shared by Telegram, counts."""
    if again:
        text = t.gettext("Only your own number counts, shared with the button below.")
    else:
        text = t.gettext(
            "Please share your own number with the button below. We check who you are and answer you here."
        )
    keys = [[Key(t.gettext("📱 Share my number"), request_contact=True)], [leave_key(t)]]
    return Reply(text, keys=keys, ask=Ask(STEP_NUMBER))


def claimed(t: Translator) -> Reply:
    """The same whether the number is known or not."""
    text = t.gettext(
        "Thank you. Somebody will look at it, and you will hear from us here. Is it urgent? Tell us what it is about:"
    )
    contact = Button(t.gettext("📨 Contact me"), AskContact())
    return Reply(t.gettext("✓ Received."), keys=(), ask=DONE, also=(Reply(text, rows=[[contact]]),))


def ask_name(t: Translator, name: str) -> Reply:
    text = t.gettext("What is your name? Type it, or tap it.")
    rows = [[Button(fit(name, 30), UseName())], [_back(t)]]
    return Reply(text, rows=rows, ask=Ask(STEP_NAME))


def ask_words(t: Translator, name: str) -> Reply:
    text = t.gettext("What is it about, {name}? One message is enough.").format(name=escape(clip(name, 40)))
    return Reply(text, rows=[[_back(t)]], ask=Ask(STEP_WORDS, {"name": name}))


def received(t: Translator, opens: dt.datetime | None) -> Reply:
    """Somebody will answer, and out of hours from when."""
    text = t.gettext("✓ Thank you, we will answer you here.")
    if opens is not None:
        text += "\n" + t.gettext("We are closed now and open again {time}. You will be answered then.").format(
            time=t.moment(opens)
        )
    return Reply(text, ask=DONE, menus=True)


def enough(t: Translator) -> Reply:
    """More than a day's number."""
    text = t.gettext(
        "We have your requests of today and will come back to you. Please wait until tomorrow with another."
    )
    return Reply(text, rows=[[_back(t)]], ask=DONE)


def _back(t: Translator) -> Button:
    return Button("‹ " + t.gettext("Back"), OpenWelcome())


def source_words(t: Translator, *, contact: bool) -> str:
    """Where somebody came from who came by no link."""
    return t.gettext("asked in the chat to be contacted") if contact else t.gettext("came into the chat alone")


# Leads -------------------------------------------------------------------------------------------------------------


def wanted(t: Translator, binding: Binding, talk: TalkLine, *, may_answer: bool, quiet: bool) -> Reply:
    """Somebody asks to be contacted; who does not read the pool claims first. A reply to this is the answer."""
    account = escape(clip(account_name(binding), 60))
    head = t.gettext("📨 <b>{name}</b> ({account}) asks to be contacted; a new prospect in the public pool.").format(
        name=escape(clip(binding.customer, 40)), account=account
    )
    if may_answer:
        way = t.gettext("Reply to this message to answer.")
        first = Button(t.gettext("✍️ Answer"), AnswerTalk(talk.id), style=Style.PRIMARY)
    else:
        way = t.gettext("Claim the prospect, then reply to this message to answer.")
        first = Button(t.gettext("🙋 Claim"), Claim(binding.customer_id), style=Style.PRIMARY)
    card = Button(t.gettext("Open card"), OpenCustomer(binding.customer_id))
    text = f"{head}\n{quoted(talk.text)}\n{way}"
    return Reply(text, rows=[[first, card]], living=f"{NAME}:{talk.id}", quiet=quiet)


def claim(t: Translator, enquiry: Enquiry, matches: Sequence[Match], *, quiet: bool = False) -> Reply:
    """Is it he? One button for each customer with the number."""
    account = escape(clip(enquiry.account, 60))
    lines = [
        t.gettext("🙋 {account} says they are a customer and shared their own number {phone}.").format(
            account=account, phone=escape(enquiry.phone or "")
        )
    ]
    if enquiry.state is not EnquiryState.OPEN:
        return _settled(t, enquiry, lines)
    rows = []
    for match in matches[:5]:
        lines.append("• " + _match(t, match))
        label = t.gettext("Yes: {name}").format(name=fit(match.contact or match.customer, 26))
        rows.append([Button(label, LinkEnquiry(enquiry.id, match.contact_id, enquiry.version), style=Style.SUCCESS)])
    if matches:
        lines.append(t.gettext("Is it one of them?"))
    else:
        lines.append(t.gettext("No customer has this number. Add it to a card first, or make a new prospect."))
    prospect = Button(t.gettext("🌱 New prospect"), FileEnquiry(enquiry.id, enquiry.version))
    refuse = Button(t.gettext("No"), RefuseEnquiry(enquiry.id, enquiry.version), style=Style.DANGER)
    look = [] if matches else [Button(t.gettext("🔄 Look again"), OpenEnquiry(enquiry.id))]
    return Reply("\n".join(lines), rows=[*rows, [prospect, refuse], *([look] if look else [])], quiet=quiet)


def _match(t: Translator, match: Match) -> str:
    words = [f"<b>{escape(clip(match.customer, 30))}</b>"]
    if match.contact and match.contact != match.customer:
        words.append(escape(clip(match.contact, 20)))
    words.append(escape(clip(match.owner, 16)) if match.owner else t.gettext("public pool"))
    if match.taken:
        words.append(
            t.gettext("⚠️ {name} is in the chat as this one already").format(name=escape(clip(match.taken, 20)))
        )
    return " · ".join(words)


def _settled(t: Translator, enquiry: Enquiry, lines: list[str]) -> Reply:
    """A press on what somebody decided meanwhile."""
    match enquiry.state:
        case EnquiryState.LINKED:
            lines.append(t.gettext("Tied to a customer already."))
        case EnquiryState.FILED:
            lines.append(t.gettext("Filed as a prospect already."))
        case EnquiryState.REPLACED:
            lines.append(t.gettext("This account has asked again since; the later question counts."))
        case _:
            lines.append(t.gettext("Refused already."))
    return Reply("\n".join(lines), rows=[[go(t, Place.TODAY)]])


def refused(t: Translator, enquiry: Enquiry, *, act_id: int) -> Reply:
    text = t.gettext("🚫 {account} was not tied to anybody and is told nothing.").format(
        account=escape(clip(enquiry.account, 60))
    )
    return Reply(text, rows=[[undo_button(t, act_id), go(t, Place.TODAY)]], toast=t.gettext("Noted"))
