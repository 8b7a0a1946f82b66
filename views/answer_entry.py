"""Entering the answers of a customer who was asked by phone or face to face."""

from collections.abc import Sequence

from domain.answers import Filling
from domain.cases import CaseLine
from domain.customers import Customer
from domain.surveys import EnteredBy, SurveyLine
from views.answers import entering, living_name
from views.history import undo_button
from views.language import Translator
from views.links import OpenCustomer
from views.replies import Button, Reply, clip, escape, fit, payload


@payload("an1")
class EnterFor:
    """Ask who of a company was asked: ``contact_id`` 0 is chosen by whoever is the only one."""

    customer_id: int
    contact_id: int


@payload("ae1")
class Enter:
    """Begin to enter the answers of a contact; ``by`` is how the customer was asked."""

    survey_id: int
    customer_id: int
    contact_id: int
    by: EnteredBy


def choose_contact(t: Translator, customer: Customer) -> Reply:
    """Who of a company was asked."""
    named = [one for one in customer.contacts if one.name or one.nickname]
    rows = [[Button(fit(one.name or one.nickname or ""), EnterFor(customer.id, one.id))] for one in named[:8]]
    text = t.gettext("Whose answers do you enter? <b>{customer}</b>").format(customer=escape(clip(customer.name, 60)))
    return Reply(text, rows=[*rows, [_card(t, customer.id)]])


def choose_survey(t: Translator, customer: Customer, contact_id: int, surveys: Sequence[SurveyLine]) -> Reply:
    """Which survey, and how the customer was asked, in one tap."""
    name = f"<b>{escape(clip(customer.name, 60))}</b>"
    if not surveys:
        text = t.gettext("{customer}: no survey with names is open. A lead opens one in /survey.")
        return Reply(text.format(customer=name), rows=[[_card(t, customer.id)]])
    lines = [t.gettext("Which questions do you ask {customer}, and how?").format(customer=name)]
    lines += [f"{n}. {escape(clip(one.name, 40))}" for n, one in enumerate(surveys, 1)]
    rows = [
        [
            Button(f"{n} {words}", Enter(one.id, customer.id, contact_id, by))
            for by, words in (
                (EnteredBy.PHONE, t.gettext("☎️ by phone")),
                (EnteredBy.FACE, t.gettext("🤝 face to face")),
            )
        ]
        for n, one in enumerate(surveys, 1)
    ]
    return Reply("\n".join(lines), rows=[*rows, [_card(t, customer.id)]])


def entered(t: Translator, filling: Filling, *, customer_id: int, act_id: int, case: CaseLine | None) -> Reply:
    """What was entered counts now, marked so; one Undo takes it back, with the case that it opened."""
    lines = ["✅ " + entering(t, filling), t.gettext("Saved, and marked as entered by you.")]
    if case is not None:
        text = t.gettext("A low score: case {reference} is open, {name} is to call by {when}.")
        when = t.moment(case.promised) if case.promised else t.gettext("soon")
        lines.append(text.format(reference=case.reference, name=escape(case.owner or "–"), when=when))
    return Reply(
        "\n".join(lines), rows=[[undo_button(t, act_id), _card(t, customer_id)]], living=living_name(filling.subject)
    )


def _card(t: Translator, customer_id: int) -> Button:
    return Button(t.gettext("Open card"), OpenCustomer(customer_id))
