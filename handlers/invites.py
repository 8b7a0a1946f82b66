"""``/invite``, and the start links that make a stranger staff."""

from actions.invites import (
    ALARM_AT,
    check_guesses,
    guessing_alarm,
    make_invite,
    redeem,
    revoke_invite,
)
from domain.errors import Throttled
from domain.people import ADMINS, ANYONE, LEADS, Actor, Role, may_invite
from handlers.routing import Command, Request, Route, Start
from storage.invites import InviteRepository
from views import invites as view
from views.language import Translator
from views.replies import Notice, Reply

GUESS = "link"


def take_invite(req: Request) -> Reply:
    tree = req.uow.teams(req.actor).tree
    team = next(iter(tree), None)
    roles = [role for role in Role if may_invite(req.actor, role, team_id=team, own_tree=tree)]
    return view.choose_role(req.t, roles, open_count=len(InviteRepository(req.uow, req.actor).open()))


def choose_team(req: Request) -> Reply:
    role = req.press(view.ChooseRole).role
    teams = req.uow.teams(req.actor).teams()
    if not teams:
        return _link(req, role, None)
    if len(teams) == 1 and req.actor.role is not Role.ADMIN:
        return _link(req, role, teams[0].id)
    return view.choose_team(req.t, role, teams, without=req.actor.role is Role.ADMIN)


def make_link(req: Request) -> Reply:
    press = req.press(view.MakeInvite)
    return _link(req, press.role, press.team_id)


def list_open(req: Request) -> Reply:
    return view.open_invites(req.t, InviteRepository(req.uow, req.actor).open())


def revoke(req: Request) -> Reply:
    revoke_invite(req.uow, req.actor, req.press(view.RevokeInvite).invite_id)
    return list_open(req)


def open_link(req: Request) -> Reply:
    """``/start i<token>`` or ``o<token>``: in, or the one refusal for every bad link."""
    if req.actor.is_staff:
        return view.already_in(req.t)
    try:
        check_guesses(req.uow, req.actor, now=req.now)
    except Throttled:
        return Reply()
    redeemed = redeem(req.uow, req.actor, req.text)
    if redeemed is None:
        return _wrong(req)
    return view.joined(req.t, redeemed, req.actor.name)


def _wrong(req: Request) -> Reply:
    req.uow.people.note_guess(req.actor.person_id, GUESS)
    reply = view.bad_link(req.t)
    if not guessing_alarm(req.uow, now=req.now):
        return reply
    notices = tuple(
        Notice(admin.person_id, view.guessing(_words(admin), ALARM_AT)) for admin in req.uow.people.staff(ADMINS)
    )
    return Reply(reply.text, notices=notices)


def _words(actor: Actor) -> Translator:
    return Translator(actor.locale, actor.zone)


def _link(req: Request, role: Role, team_id: int | None) -> Reply:
    token, act_id = make_invite(req.uow, req.actor, role, team_id, now=req.now)
    team = req.uow.teams(req.actor).team(team_id).name if team_id is not None else None
    link = f"https://t.me/{req.bot_username}?start=i{token}"
    return view.invite(req.t, role, team, link, act_id=act_id)


ROUTES = (
    Route(Command("invite"), take_invite, LEADS),
    Route(view.ChooseRole, choose_team, LEADS),
    Route(view.MakeInvite, make_link, LEADS, once=True),
    Route(view.ListInvites, list_open, LEADS),
    Route(view.RevokeInvite, revoke, LEADS, once=True),
    Route(Start("i"), open_link, ANYONE),
    Route(Start("o"), open_link, ANYONE),
)
