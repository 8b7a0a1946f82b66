"""``/team``: teams, leads, members; deactivation ends access with the commit."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from actions import teams as act
from domain.customers import Page
from domain.errors import Changed
from domain.people import ADMINS, LEADS, Actor, Role
from handlers import texts
from handlers.routing import Command, Request, Route, Step
from views import away as away_view
from views import errors
from views import teams as view
from views.language import Translator
from views.replies import Notice, Reply

T = TypeVar("T")


def take_team(req: Request) -> Reply:
    return _teams(req, 0)


def turn_teams(req: Request) -> Reply:
    return _teams(req, req.press(view.OpenTeams).number)


def open_team(req: Request) -> Reply:
    press = req.press(view.OpenTeam)
    return _team(req, press.team_id, press.number)


def open_member(req: Request) -> Reply:
    return _member(req, req.press(view.OpenMember).member_id)


# Teams -------------------------------------------------------------------------------------------------------------


def add_team(req: Request) -> Reply:
    return view.ask_team_name(req.t, parent_id=req.press(view.AddTeam).parent_id)


def rename_team(req: Request) -> Reply:
    return view.ask_team_name(req.t, line=req.uow.teams(req.actor).team(req.press(view.RenameTeam).team_id))


def take_team_name(req: Request) -> Reply:
    team_id = req.facts["team"]
    if team_id is None:
        act_id = act.add_team(req.uow, req.actor, req.text, req.facts["parent"])
        return view.saved(req.t, _teams(req, 0), act_id=act_id)
    act_id = act.rename_team(req.uow, req.actor, team_id, req.text, version=req.facts["version"])
    return view.saved(req.t, _team(req, team_id), act_id=act_id)


def remove_team(req: Request) -> Reply:
    press = req.press(view.RemoveTeam)
    try:
        act_id = act.remove_team(req.uow, req.actor, press.team_id, version=press.version)
    except Changed as changed:
        return _fresh(req, _team(req, press.team_id), changed)
    return view.saved(req.t, _teams(req, 0), act_id=act_id)


def choose_lead(req: Request) -> Reply:
    press = req.press(view.ChooseLead)
    repository = req.uow.teams(req.actor)
    return view.choose_lead(req.t, repository.team(press.team_id), repository.choosable(press.number))


def take_lead_name(req: Request) -> Reply:
    """A part of the name of the lead to be; what is nobody's name is a text like any other."""
    repository = req.uow.teams(req.actor)
    page = repository.choosable(like=req.text)
    if not page.items:
        return texts.take_text(req)
    return view.choose_lead(req.t, repository.team(req.facts["team"]), page, typed=True)


def appoint_lead(req: Request) -> Reply:
    press = req.press(view.AppointLead)
    try:
        act_id = act.appoint_lead(req.uow, req.actor, press.team_id, press.member_id, version=press.version)
    except Changed as changed:
        return _fresh(req, _team(req, press.team_id), changed)
    team = req.uow.teams(req.actor).team(press.team_id)
    reply = view.saved(req.t, _team(req, press.team_id), act_id=act_id)
    return _telling(req, reply, press.member_id, lambda t: view.now_leads(t, team.name, req.actor.name))


# Members -----------------------------------------------------------------------------------------------------------


def rename_member(req: Request) -> Reply:
    return view.ask_member_name(req.t, req.uow.teams(req.actor).member(req.press(view.RenameMember).member_id))


def take_member_name(req: Request) -> Reply:
    member_id = req.facts["member"]
    act_id = act.rename_member(req.uow, req.actor, member_id, req.text, version=req.facts["version"])
    return view.saved(req.t, _member(req, member_id), act_id=act_id)


def choose_team(req: Request) -> Reply:
    press = req.press(view.ChooseTeam)
    repository = req.uow.teams(req.actor)
    page = Page.of(repository.teams(), press.number)
    return view.choose_team(req.t, repository.member(press.member_id), page, without=req.actor.role is Role.ADMIN)


def move_member(req: Request) -> Reply:
    press = req.press(view.MoveMember)
    try:
        act_id = act.move_member(req.uow, req.actor, press.member_id, press.team_id, version=press.version)
    except Changed as changed:
        return _fresh(req, _member(req, press.member_id), changed)
    team = req.uow.teams(req.actor).member(press.member_id).team
    reply = view.saved(req.t, _member(req, press.member_id), act_id=act_id)
    return _telling(req, reply, press.member_id, lambda t: view.now_in(t, team, req.actor.name))


def set_role(req: Request) -> Reply:
    press = req.press(view.SetRole)
    if press.role is Role.ADMIN and act.other_admins(req.uow, req.actor.member_id):
        return _ask_for_admin(req, press)
    try:
        act_id = act.set_role(req.uow, req.actor, press.member_id, press.role, version=press.version)
    except Changed as changed:
        return _fresh(req, _member(req, press.member_id), changed)
    reply = view.saved(req.t, _member(req, press.member_id), act_id=act_id)
    reply = _telling(req, reply, press.member_id, lambda t: view.now_as(t, press.role, req.actor.name))
    return _with_new_admin(req, reply, press.member_id) if press.role is Role.ADMIN else reply


def agree(req: Request) -> Reply:
    """Make somebody an admin, as another admin asked for."""
    press = req.press(view.AgreeAdmin)
    try:
        act_id = act.set_role(
            req.uow, req.actor, press.member_id, Role.ADMIN, version=press.version, asked_by=press.asked_by
        )
    except Changed as changed:
        return _fresh(req, _member(req, press.member_id), changed)
    reply = view.saved(req.t, _member(req, press.member_id), act_id=act_id)
    reply = _telling(req, reply, press.member_id, lambda t: view.now_as(t, Role.ADMIN, req.actor.name))
    return _with_new_admin(req, reply, press.member_id)


def _ask_for_admin(req: Request, press: view.SetRole) -> Reply:
    try:
        act.ask_for_admin(req.uow, req.actor, press.member_id, version=press.version)
    except Changed as changed:
        return _fresh(req, _member(req, press.member_id), changed)
    notices = of_wanted_admin(req, press.member_id, by=req.actor)
    return Reply(toast=view.was_asked(req.t), alert=True, notices=notices)


def deactivate(req: Request) -> Reply:
    press = req.press(view.Deactivate)
    leaver = req.uow.people.of_member(press.member_id)
    try:
        act_id = act.deactivate(req.uow, req.actor, press.member_id, version=press.version)
    except Changed as changed:
        return _fresh(req, _member(req, press.member_id), changed)
    reply = view.deactivated(req.t, req.uow.teams(req.actor).member(press.member_id), act_id=act_id)
    return replace(reply, notices=_notices([leaver], view.left))


def reactivate(req: Request) -> Reply:
    press = req.press(view.Reactivate)
    try:
        act_id = act.reactivate(req.uow, req.actor, press.member_id, version=press.version)
    except Changed as changed:
        return _fresh(req, _member(req, press.member_id), changed)
    role = req.uow.teams(req.actor).member(press.member_id).role
    reply = view.saved(req.t, _member(req, press.member_id), act_id=act_id)
    reply = _telling(req, reply, press.member_id, lambda t: view.now_as(t, role, req.actor.name))
    return _with_new_admin(req, reply, press.member_id) if role is Role.ADMIN else reply


# Handing over ------------------------------------------------------------------------------------------------------


def choose_heir(req: Request) -> Reply:
    press = req.press(view.ChooseHeir)
    repository = req.uow.teams(req.actor)
    page = repository.choosable(press.number, besides=press.member_id)
    return view.choose_heir(req.t, repository.member(press.member_id), page)


def take_heir_name(req: Request) -> Reply:
    """A part of the heir's name; what is nobody's name is a text like any other."""
    repository = req.uow.teams(req.actor)
    page = repository.choosable(besides=req.facts["member"], like=req.text)
    if not page.items:
        return texts.take_text(req)
    return view.choose_heir(req.t, repository.member(req.facts["member"]), page, typed=True)


def hand_over(req: Request) -> Reply:
    press = req.press(view.HandOver)
    giver = req.uow.teams(req.actor).member(press.member_id)
    count, act_id = act.hand_over(req.uow, req.actor, press.member_id, press.to)
    heir = req.uow.people.of_member(press.to) if press.to is not None else None
    name = heir.name if heir else None
    reply = view.handed_over(req.t, giver, name, count, act_id=act_id)
    by = req.actor.name
    others = [actor for actor in (heir,) if actor and actor.person_id != req.actor.person_id]
    notices = _notices(others, lambda t: view.received(t, giver.name, count, by))
    old = req.uow.people.of_member(press.member_id) if press.member_id != req.actor.member_id else None
    return replace(reply, notices=(*notices, *_notices([old], lambda t: view.taken_away(t, name, count, by))))


# Within ------------------------------------------------------------------------------------------------------------


def of_new_admin(req: Request, member_id: int, name: str, *, by: Actor | None) -> tuple[Notice, ...]:
    """What all other admins are told when somebody becomes one."""
    others = act.other_admins(req.uow, member_id, by.member_id if by else None)
    return _notices(others, lambda t: view.new_admin(t, name, by.name if by else None))


def of_wanted_admin(req: Request, member_id: int, *, by: Actor) -> tuple[Notice, ...]:
    """What all other admins are asked when one of them wants somebody to be one."""
    assert by.member_id is not None
    wanted, asked_by = req.uow.teams(by).member(member_id), by.member_id
    others = act.other_admins(req.uow, asked_by)
    return _notices(others, lambda t: view.wanted_admin(t, wanted, by.name, asked_by))


def _with_new_admin(req: Request, reply: Reply, member_id: int) -> Reply:
    name = req.uow.teams(req.actor).member(member_id).name
    return replace(reply, notices=(*reply.notices, *of_new_admin(req, member_id, name, by=req.actor)))


def _telling(req: Request, reply: Reply, member_id: int, words: Callable[[Translator], Reply]) -> Reply:
    """The reply, and words to the member it is about, unless that is the actor."""
    about = req.uow.people.of_member(member_id) if member_id != req.actor.member_id else None
    return replace(reply, notices=_notices([about], words))


def _notices(people: Sequence[Actor | None], words: Callable[[Translator], Reply]) -> tuple[Notice, ...]:
    """The same words to each, in the own language."""
    return tuple(Notice(p.person_id, words(Translator.of(p))) for p in people if p is not None)


def _fresh(req: Request, screen: Reply, changed: Changed) -> Reply:
    """The screen as it stands now, and why nothing was done."""
    return replace(screen, toast=errors.refused(req.t, changed).text, alert=True)


def _teams(req: Request, number: int) -> Reply:
    repository = req.uow.teams(req.actor)
    loose = repository.page_of(None).total if req.actor.role is Role.ADMIN else 0
    return view.teams(req.t, req.actor, Page.of(repository.teams(), number), loose)


def _team(req: Request, team_id: int | None, number: int = 0) -> Reply:
    repository = req.uow.teams(req.actor)
    page = repository.page_of(team_id, number)
    if team_id is None:
        return view.team(req.t, req.actor, None, page)
    removable = repository.is_empty(team_id) and (req.actor.role is Role.ADMIN or team_id != req.actor.team_id)
    return view.team(req.t, req.actor, repository.team(team_id), page, empty=removable)


def _member(req: Request, member_id: int) -> Reply:
    repository = req.uow.teams(req.actor)
    load = repository.load(member_id, today=req.today)
    absence = req.uow.away(req.actor).of(member_id)
    more = away_view.line_of(req.t, absence, now=req.now) if absence else ""
    away = away_view.open_away(req.t, member_id)
    return view.member(req.t, req.actor, repository.member(member_id), load, more, away=away)


ROUTES = (
    Route(Command("team"), take_team, LEADS),
    Route(view.OpenTeams, turn_teams, LEADS),
    Route(view.OpenTeam, open_team, LEADS),
    Route(view.OpenMember, open_member, LEADS),
    Route(view.AddTeam, add_team, LEADS),
    Route(view.RenameTeam, rename_team, LEADS),
    Route(view.RemoveTeam, remove_team, LEADS, once=True),
    Route(Step(view.NAME_TEAM), take_team_name, LEADS),
    Route(view.RenameMember, rename_member, LEADS),
    Route(Step(view.NAME_MEMBER), take_member_name, LEADS),
    Route(view.ChooseLead, choose_lead, ADMINS),
    Route(Step(view.NAME_LEAD), take_lead_name, ADMINS),
    Route(view.AppointLead, appoint_lead, ADMINS),
    Route(view.ChooseTeam, choose_team, LEADS),
    Route(view.MoveMember, move_member, LEADS),
    Route(view.SetRole, set_role, ADMINS),
    Route(view.AgreeAdmin, agree, ADMINS),
    Route(view.Deactivate, deactivate, LEADS),
    Route(view.Reactivate, reactivate, LEADS),
    Route(view.ChooseHeir, choose_heir, LEADS),
    Route(Step(view.NAME_HEIR), take_heir_name, LEADS),
    Route(view.HandOver, hand_over, LEADS, once=True),
)
