"""``/invite``, and the start links that make a stranger staff."""

from dataclasses import replace

from actions.invites import check_guesses, make_invite, note_wrong_link, redeem, revoke_invite
from domain.customers import Page
from domain.errors import Throttled
from domain.people import ADMINS, ANYONE, LEADS, Actor, Redeemed, Role, may_invite
from handlers import teams
from handlers.routing import Command, Request, Route, Start
from storage.invites import InviteRepository
from views import invites as view
from views.language import Translator
from views.replies import Notice, Reply


def take_invite(req: Request) -> Reply:
    """What may be invited; where the team is no question, the next tap makes the link."""
    known = req.uow.teams(req.actor).teams()
    first = known[0].id if known else None
    tree = req.uow.teams(req.actor).tree
    roles: list[tuple[Role, bool, int | None]] = []
    for role in Role:
        if may_invite(req.actor, role, team_id=first, own_tree=tree):
            several = role is not Role.ADMIN and len(known) > (0 if req.actor.role is Role.ADMIN else 1)
            only = first if role is not Role.ADMIN and req.actor.role is not Role.ADMIN else None
            roles.append((role, several, only))
    if not roles:
        return view.no_team(req.t)
    return view.choose_role(req.t, roles, open_count=len(InviteRepository(req.uow, req.actor).open()))


def choose_team(req: Request) -> Reply:
    press = req.press(view.ChooseRole)
    page = Page.of(req.uow.teams(req.actor).teams(), press.number)
    return view.choose_team(req.t, press.role, page, without=req.actor.role is Role.ADMIN)


def make_link(req: Request) -> Reply:
    press = req.press(view.MakeInvite)
    token, act_id = make_invite(req.uow, req.actor, press.role, press.team_id, now=req.now)
    team = req.uow.teams(req.actor).team(press.team_id).name if press.team_id is not None else None
    link = f"https://t.me/{req.bot_username}?start=i{token}"
    return view.invite(req.t, press.role, team, link, act_id=act_id)


def list_open(req: Request) -> Reply:
    return view.open_invites(req.t, InviteRepository(req.uow, req.actor).open(), req.press(view.ListInvites).number)


def revoke(req: Request) -> Reply:
    act_id = revoke_invite(req.uow, req.actor, req.press(view.RevokeInvite).invite_id)
    return view.open_invites(req.t, InviteRepository(req.uow, req.actor).open(), act_id=act_id)


# Links that are opened ---------------------------------------------------------------------------------------------


def open_link(req: Request) -> Reply:
    """``/start i<token>``: in, or the one refusal for every bad link."""
    return view.already_in(req.t) if req.actor.is_staff else take_link(req)


def open_owner_link(req: Request) -> Reply:
    """``/start o<token>``: the console's link, which also makes an admin of somebody who is staff."""
    return view.already_in(req.t) if req.actor.role is Role.ADMIN else take_link(req)


def take_link(req: Request) -> Reply:
    """Redeem whatever stands behind ``/start``; who guessed too often hears nothing."""
    try:
        check_guesses(req.uow, req.actor, now=req.now)
    except Throttled:
        return Reply()
    redeemed = redeem(req.uow, req.actor, req.text)
    if redeemed is None:
        return refuse_link(req)
    member = req.uow.people.actor(req.actor.person_id)
    return replace(view.joined(req.t, redeemed, member.name), notices=_notices(req, redeemed, member))


def _notices(req: Request, redeemed: Redeemed, member: Actor) -> tuple[Notice, ...]:
    """The one who made the link hears who came by it, and of a new admin all others do."""
    issuer = req.uow.people.of_member(redeemed.issued_by) if redeemed.issued_by is not None else None
    notices: tuple[Notice, ...] = ()
    if issuer is not None:
        words = view.joined_notice(Translator.of(issuer), member.name, redeemed.role, redeemed.member_id)
        notices = (Notice(issuer.person_id, words),)
    if redeemed.waits and issuer is not None:
        notices += teams.of_wanted_admin(req, redeemed.member_id, by=issuer)
    if redeemed.role is Role.ADMIN:
        notices += teams.of_new_admin(req, redeemed.member_id, member.name, by=issuer)
    return notices


def refuse_link(req: Request) -> Reply:
    """The one answer to every bad link, whatever it was meant for; counted, since somebody may be guessing."""
    reply = view.bad_link(req.t)
    wrong = note_wrong_link(req.uow, req.actor, now=req.now)
    if wrong is None:
        return reply
    hour = f"{req.now:%Y-%m-%dT%H}"
    notices = [
        Notice(admin.person_id, view.guessing(Translator.of(admin), wrong, dedupe=f"guessing:{admin.person_id}:{hour}"))
        for admin in req.uow.people.staff(ADMINS)
    ]
    return replace(reply, notices=tuple(notices))


ROUTES = (
    Route(Command("invite"), take_invite, LEADS),
    Route(view.ChooseRole, choose_team, LEADS),
    Route(view.MakeInvite, make_link, LEADS, once=True),
    Route(view.ListInvites, list_open, LEADS),
    Route(view.RevokeInvite, revoke, LEADS, once=True),
    Route(Start("i"), open_link, ANYONE),
    Route(Start("o"), open_owner_link, ANYONE),
)
