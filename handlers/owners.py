"""Whose a customer is: claimed from the pool, given to somebody, given back."""

from dataclasses import replace

from actions.customers import assign, claim, release
from domain.cards import Handed
from domain.errors import Changed
from domain.people import LEADS, STAFF
from handlers import cards
from handlers.routing import Request, Route
from views import cards as card_view
from views import owners as view
from views.language import Translator
from views.replies import Notice, Reply


def press_claim(req: Request) -> Reply:
    customer_id = req.press(card_view.Claim).customer_id
    try:
        handed = claim(req.uow, req.actor, customer_id, now=req.now)
    except Changed:
        return card_view.fresh(req.t, cards.show(req, customer_id))
    return card_view.claimed(req.t, cards.show(req, customer_id), act_id=handed.act_id)


def press_release(req: Request) -> Reply:
    press = req.press(card_view.Release)
    try:
        handed = release(req.uow, req.actor, press.customer_id, version=press.version, now=req.now)
    except Changed:
        return card_view.fresh(req.t, cards.show(req, press.customer_id))
    reply = view.released(req.t, handed.name, handed.customer_id, act_id=handed.act_id)
    return replace(reply, notices=_notices(req, handed))


def choose_owner(req: Request) -> Reply:
    press = req.press(card_view.ChooseOwner)
    customer = req.uow.customers(req.actor).get(press.customer_id)
    line = req.uow.customers(req.actor).line(press.customer_id)
    members = req.uow.teams(req.actor).members(active=True)
    return view.choose_owner(req.t, line, members, number=press.number, version=customer.version)


def press_assign(req: Request) -> Reply:
    press = req.press(view.Assign)
    try:
        handed = assign(req.uow, req.actor, press.customer_id, press.owner_id, version=press.version, now=req.now)
    except Changed:
        return card_view.fresh(req.t, cards.show(req, press.customer_id))
    heir = req.uow.people.of_member(handed.heir_id) if handed.heir_id is not None else None
    screen = cards.show(req, press.customer_id)
    reply = card_view.handed(req.t, screen, heir.name if heir else None, act_id=handed.act_id)
    return replace(reply, notices=_notices(req, handed))


def _notices(req: Request, handed: Handed) -> tuple[Notice, ...]:
    """The old owner is told once, the new one too; nobody of what was done by the own hand."""
    giver = req.uow.people.of_member(handed.giver_id) if handed.giver_id is not None else None
    heir = req.uow.people.of_member(handed.heir_id) if handed.heir_id is not None else None
    notices = []
    if giver is not None and giver.person_id != req.actor.person_id:
        words = view.taken_away(Translator.of(giver), handed.name, heir.name if heir else None, req.actor.name)
        notices.append(Notice(giver.person_id, words))
    if heir is not None and heir.person_id != req.actor.person_id:
        words = view.received(Translator.of(heir), handed.name, handed.customer_id, req.actor.name)
        notices.append(Notice(heir.person_id, words))
    return tuple(notices)


ROUTES = (
    Route(card_view.Claim, press_claim, STAFF, once=True),
    Route(card_view.Release, press_release, STAFF, once=True),
    Route(card_view.ChooseOwner, choose_owner, LEADS),
    Route(view.Assign, press_assign, LEADS, once=True),
)
