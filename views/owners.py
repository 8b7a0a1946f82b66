"""Whose a customer is: choosing the owner, claiming, giving back, and what those concerned are told."""

from collections.abc import Sequence

from domain.customers import PAGE, CustomerLine
from domain.people import MemberLine
from views.cards import POOL, ChooseOwner
from views.history import undo_button
from views.language import Translator
from views.links import LogTouch, OpenCustomer
from views.pages import turn
from views.replies import Button, Reply, clip, escape, payload


@payload("ca1")
class Assign:
    """Give the customer to a member; ``owner_id`` None: to the pool."""

    customer_id: int
    owner_id: int | None
    version: int


def choose_owner(
    t: Translator, customer: CustomerLine, members: Sequence[MemberLine], *, number: int, version: int
) -> Reply:
    """The members of the reader's tree with their load, page by page."""
    now = escape(customer.owner) if customer.owner else f"{POOL} " + t.gettext("public pool")
    text = t.gettext("Who should look after <b>{name}</b>? Now: {owner}").format(
        name=escape(clip(customer.name, 60)), owner=now
    )
    others = [member for member in members if member.id != customer.owner_id]
    shown = others[number * PAGE : (number + 1) * PAGE]
    rows = [[Button(f"{clip(m.name, 24)} · {m.customers}", Assign(customer.id, m.id, version))] for m in shown]
    turns = turn(t, number, (len(others) - 1) // PAGE, lambda number: ChooseOwner(customer.id, number))
    if customer.owner_id is not None:
        rows.append([Button(f"{POOL} " + t.gettext("the public pool"), Assign(customer.id, None, version))])
    return Reply(text, rows=[*rows, *turns, [Button("‹ " + t.gettext("Card"), OpenCustomer(customer.id))]])


def released(t: Translator, name: str, customer_id: int, *, act_id: int) -> Reply:
    """The customer is in the pool; the giver may claim it again."""
    text = t.gettext("{pool} <b>{name}</b> is in the public pool now.").format(pool=POOL, name=escape(clip(name, 60)))
    rows = [[undo_button(t, act_id), Button(t.gettext("Open card"), OpenCustomer(customer_id))]]
    return Reply(text, rows=rows, toast=t.gettext("Given back"))


def received(t: Translator, name: str, customer_id: int, giver: str) -> Reply:
    """To the new owner."""
    text = t.gettext("👤 {giver} made <b>{name}</b> your customer.").format(
        name=escape(clip(name, 60)), giver=escape(giver)
    )
    rows = [
        [Button(t.gettext("Open card"), OpenCustomer(customer_id)), Button(t.gettext("📝 Log"), LogTouch(customer_id))]
    ]
    return Reply(text, rows=rows)


def taken_away(t: Translator, name: str, heir: str | None, giver: str) -> Reply:
    """To the old owner, once."""
    if heir is None:
        text = t.gettext("👤 {giver} moved <b>{name}</b> to the public pool.")
    else:
        text = t.gettext("👤 {giver} handed <b>{name}</b> to {heir}, with the next touch and reminders.")
    return Reply(text.format(name=escape(clip(name, 60)), heir=escape(heir or ""), giver=escape(giver)))
