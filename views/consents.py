"""What a customer reads on opening a link: who will write and why, and what may be agreed to, one by one.

A change of what ``ask_service`` or ``ask_offers`` mean is a new ``domain.consents.TEXT_VERSION``.
"""

from dataclasses import replace
from enum import StrEnum

from domain.consents import Purpose
from domain.customer_links import OpenLink, Source
from views.language import Translator
from views.replies import Ask, Button, Reply, Style, clip, escape, payload


class Said(StrEnum):
    YES = "y"
    NO = "n"


STEP = "consents.link"  # facts: the link whose question is open


@payload("bb8")
class AnswerLink:
    """May we write? Asked of who opened a link and is not bound yet."""

    link_id: int
    said: Said


@payload("bc8")
class AnswerPurpose:
    """The same of who is bound, and for offers."""

    purpose: Purpose
    said: Said


def source_words(t: Translator, source: Source, label: str | None) -> str:
    """Where somebody came from, as it is kept with the customer: ``fair: Shanghai 2026``."""
    match source:
        case Source.CARD:
            name = t.gettext("business card")
        case Source.WEBSITE:
            name = t.gettext("website")
        case Source.FAIR:
            name = t.gettext("fair")
        case Source.CAMPAIGN:
            name = t.gettext("campaign")
        case Source.EVENT:
            name = t.gettext("event")
    return t.gettext("{label}: {value}").format(label=name, value=label) if label else name


def ask_service(t: Translator, link: OpenLink, *, name: str, organisation: str | None, owner: str | None) -> Reply:
    """The two lines: who will write and why."""
    yes, no = AnswerLink(link.id, Said.YES), AnswerLink(link.id, Said.NO)
    question = _ask_service(t, _hello(t, link, name, organisation), owner, yes, no)
    return replace(question, ask=Ask(STEP, {"link": link.id}))


def choose_first(t: Translator, question: Reply) -> Reply:
    """Words that came before the answer: nobody gets them yet, and the question stands once more."""
    first = t.gettext("Please choose first; then what you write reaches us.")
    return replace(question, text=f"{first}\n\n{question.text}", fresh=True)


def ask_again(t: Translator, *, name: str, organisation: str | None, owner: str | None) -> Reply:
    """The same of somebody who is known already and has not agreed."""
    yes, no = AnswerPurpose(Purpose.SERVICE, Said.YES), AnswerPurpose(Purpose.SERVICE, Said.NO)
    return _ask_service(t, hello(t, name, organisation), owner, yes, no)


def _ask_service(t: Translator, first: str, owner: str | None, yes: object, no: object) -> Reply:
    if owner:
        why = t.gettext(
            "<b>{owner}</b> looks after you there and would like to write to you here about your matters: appointments,"
            " answers, service and how satisfied you are. May we? You can change that at any time."
        ).format(owner=escape(clip(owner, 40)))
    else:
        why = t.gettext(
            "We would like to write to you here about your matters: appointments, answers, service and how satisfied you"
            " are. May we? You can change that at any time."
        )
    rows = [[Button(t.gettext("Yes, you may"), yes, style=Style.SUCCESS), Button(t.gettext("No, thank you"), no)]]
    return Reply(first + "\n" + why, rows=rows)


def hello(t: Translator, name: str, organisation: str | None) -> str:
    """The first line to a customer."""
    if organisation:
        return t.gettext("Hello {name}! This is the assistant of {organisation}.").format(
            name=escape(clip(name, 40)), organisation=escape(clip(organisation, 60))
        )
    return t.gettext("Hello {name}! This is our company's assistant.").format(name=escape(clip(name, 40)))


def _hello(t: Translator, link: OpenLink, name: str, organisation: str | None) -> str:
    """With a word about where the link was found."""
    first = hello(t, name, organisation)
    label = escape(clip(link.label or "", 40))
    match link.source:
        case Source.FAIR | Source.EVENT:
            return first + " " + t.gettext("It is good to have met you: {label}.").format(label=label)
        case Source.CAMPAIGN:
            return first + " " + t.gettext("Thank you for your interest in “{label}”.").format(label=label)
        case Source.WEBSITE:
            return first + " " + t.gettext("Thank you for your visit to our website.")
        case _:
            return first


def ask_offers(t: Translator) -> Reply:
    """Apart from service: offers and news."""
    text = t.gettext(
        "Thank you. May we also tell you about offers and news now and then? That is separate; a no changes nothing else."
    )
    yes = Button(t.gettext("Yes, offers too"), AnswerPurpose(Purpose.OFFERS, Said.YES))
    no = Button(t.gettext("No, service only"), AnswerPurpose(Purpose.OFFERS, Said.NO))
    return Reply(text, rows=[[yes, no]], menus=True)


def declined(t: Translator, link_id: int | None) -> Reply:
    """A no is taken, with the way back."""
    yes = AnswerLink(link_id, Said.YES) if link_id is not None else AnswerPurpose(Purpose.SERVICE, Said.YES)
    text = t.gettext("All right, we will not write to you. Should you want to later, tap here.")
    return Reply(text, rows=[[Button(t.gettext("Yes, you may after all"), yes)]])
