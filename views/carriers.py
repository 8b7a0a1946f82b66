"""Surveys by e-mail and text message: what the customer reads, and what staff choose and hear of it."""

import datetime as dt

from domain.carriers import Burden, Carried, Carrier
from domain.surveys import Survey, said
from views.history import undo_button
from views.language import Translator
from views.links import EnterAnswers, OpenCustomer
from views.replies import Button, Reply, Style, clip, escape, payload

LONGEST_OPENING = 40  # characters of a text message that go to the survey's own words: with both links three at most


@payload("wl4")
class SendBy:
    """Ask this contact by e-mail or text message. ``agreed``: staff say that the contact agreed."""

    survey_id: int
    contact_id: int
    carrier: Carrier
    agreed: int


# To the customer ---------------------------------------------------------------------------------------------------


def burden(
    t: Translator,
    survey: Survey,
    carrier: Carrier,
    *,
    invitation_id: int,
    attempt: int,
    to: str,
    organisation: str | None,
    link: str,
    stop: str,
    now: dt.datetime,
) -> Burden:
    """What leaves, with the way to stop it, which outlasts the page whatever carries it."""
    who = organisation or t.gettext("your contact with us")
    opening = said(survey.definition.opening, t.locale) or said(survey.definition.questions[0].texts, t.locale)
    if carrier is Carrier.SMS:
        text = t.gettext("{who}: {opening} {link} No more: {stop}").format(
            who=clip(who, 20), opening=clip(opening, LONGEST_OPENING), link=link, stop=stop
        )
    else:
        lines = [
            t.gettext("Hello!"),
            opening,
            t.gettext("Your page, valid for 14 days:") + f"\n{link}",
            t.gettext("You get this because you agreed that {who} may write to you. To stop it:").format(who=who)
            + f"\n{stop}",
        ]
        text = "\n\n".join(lines) + "\n"
    subject = t.gettext("A few questions from {who}").format(who=clip(" ".join(who.split()), 60))
    return Burden(invitation_id, attempt, carrier, to, subject, text, stop, now)


# To staff ----------------------------------------------------------------------------------------------------------


def label(t: Translator, carrier: Carrier, name: str) -> str:
    if carrier is Carrier.MAIL:
        return t.gettext("✉️ E-mail to {name}").format(name=name)
    return t.gettext("📱 SMS to {name}").format(name=name)


def ask_agreed(t: Translator, press: SendBy, name: str, customer_id: int) -> Reply:
    """Who never said a word about it is asked first, by word of mouth."""
    text = t.gettext(
        "<b>{name}</b> has not said yet whether we may write. Ask first, by phone or in person. Did {name} agree?"
    ).format(name=escape(clip(name, 40)))
    yes = Button(
        t.gettext("Yes, agreed: send"), SendBy(press.survey_id, press.contact_id, press.carrier, 1), style=Style.PRIMARY
    )
    return Reply(text, rows=[[yes], [Button(t.gettext("Open card"), OpenCustomer(customer_id))]])


def refused(t: Translator, name: str, customer_id: int) -> Reply:
    """It cannot leave now, and what to do instead."""
    text = t.gettext(
        "<b>{name}</b> cannot be written to now: no such address, no consent, or written to within 7 days. You can give a"
        " link yourself, or ask by phone."
    ).format(name=escape(clip(name, 40)))
    rows = [[Button(t.gettext("✍️ Enter answers"), EnterAnswers(customer_id))]]
    return Reply(text, rows=[*rows, [Button(t.gettext("Open card"), OpenCustomer(customer_id))]])


def queued(t: Translator, survey: str, name: str, customer_id: int, *, act_id: int) -> Reply:
    text = t.gettext("📤 <b>{survey}</b> leaves for <b>{customer}</b> in 10 minutes. Until then you can undo it.")
    text = text.format(survey=escape(clip(survey, 40)), customer=escape(clip(name, 40)))
    return Reply(text, rows=[[undo_button(t, act_id), Button(t.gettext("Open card"), OpenCustomer(customer_id))]])


def ended(t: Translator, customer: str, customer_id: int, carrier: Carrier, state: Carried) -> Reply:
    """To the owner: it did not arrive, or nobody knows."""
    name = escape(clip(customer, 40))
    if state is Carried.UNCERTAIN:
        text = t.gettext("❓ Nobody knows whether the survey reached <b>{customer}</b>. Ask, or give a link yourself.")
    elif carrier is Carrier.MAIL:
        text = t.gettext("✖ The e-mail with the survey for <b>{customer}</b> was not taken. Is the address right?")
    else:
        text = t.gettext("✖ The SMS with the survey for <b>{customer}</b> was not taken. Is the number right?")
    rows = [[Button(t.gettext("Open card"), OpenCustomer(customer_id))]]
    return Reply(text.format(customer=name), rows=rows)
