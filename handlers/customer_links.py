"""``/links``: public links for cards, fairs, the website, campaigns and events, and what they brought."""

from actions import customer_links as act
from domain.customer_links import LinkLine, Source
from domain.customers import Page
from domain.errors import Changed, Invalid
from domain.people import STAFF
from handlers.routing import Command, Request, Route, Step
from storage.customer_links import CustomerLinkRepository
from views import customer_links as view
from views.replies import Reply


def address(req: Request, token: str) -> str:
    """What a customer opens."""
    return f"https://t.me/{req.bot_username}?start=c{token}"


def take_links(req: Request) -> Reply:
    return view.links(req.t, _page(req, 0))


def turn_page(req: Request) -> Reply:
    return view.links(req.t, _page(req, req.press(view.ListLinks).number))


def ask_source(req: Request) -> Reply:
    assert req.actor.member_id is not None
    return view.choose_source(req.t, leads=req.actor.is_lead, member_id=req.actor.member_id)


def ask_who(req: Request) -> Reply:
    press = req.press(view.ChooseWho)
    return view.choose_who(req.t, press.source, req.uow.teams(req.actor).choosable(press.number))


def ask_label(req: Request) -> Reply:
    press = req.press(view.NameLink)
    return view.ask_label(req.t, press.source, press.member_id)


def make(req: Request) -> Reply:
    press = req.press(view.MakeLink)
    return _make(req, press.source, None, press.member_id)


def take_label(req: Request) -> Reply:
    source, member_id = Source(req.facts["source"]), req.facts["member"]
    try:
        return _make(req, source, req.text, member_id)
    except Invalid:
        return view.ask_label(req.t, source, member_id, too_long=True)


def _make(req: Request, source: Source, label: str | None, member_id: int | None) -> Reply:
    token, link_id, act_id = act.make_public_link(req.uow, req.actor, source, label, member_id)
    made = CustomerLinkRepository(req.uow, req.actor).get(link_id)
    return view.public(req.t, source, made.label, made.member, address(req, token), act_id=act_id)


def revoke(req: Request) -> Reply:
    press = req.press(view.RevokeLink)
    try:
        act_id = act.revoke_link(req.uow, req.actor, press.link_id, version=press.version)
    except Changed:
        return view.links(req.t, _page(req, 0), changed=True)
    return view.links(req.t, _page(req, 0), act_id=act_id)


def _page(req: Request, number: int) -> Page[LinkLine]:
    return Page.of(CustomerLinkRepository(req.uow, req.actor).public(), number)


ROUTES = (
    Route(Command("links"), take_links, STAFF),
    Route(view.ListLinks, turn_page, STAFF),
    Route(view.NewLink, ask_source, STAFF),
    Route(view.ChooseWho, ask_who, STAFF),
    Route(view.NameLink, ask_label, STAFF),
    Route(view.MakeLink, make, STAFF, once=True),
    Route(Step(view.LABEL), take_label, STAFF),
    Route(view.RevokeLink, revoke, STAFF, once=True),
)
