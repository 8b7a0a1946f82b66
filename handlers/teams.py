"""``/team``: teams, leads, members; deactivation ends access with the commit."""

from actions import teams as act
from domain.people import ADMINS, LEADS, Role
from handlers.routing import Command, Request, Route, Step
from views import teams as view
from views.language import Translator
from views.replies import Notice, Reply


def take_team(req: Request) -> Reply:
    repository = req.uow.teams(req.actor)
    loose = sum(1 for m in repository.members() if m.team_id is None) if req.actor.role is Role.ADMIN else 0
    return view.teams(req.t, req.actor, repository.teams(), loose)


def open_team(req: Request) -> Reply:
    return _team(req, req.press(view.OpenTeam).team_id)


def open_member(req: Request) -> Reply:
    return _member(req, req.press(view.OpenMember).member_id)


def add_team(req: Request) -> Reply:
    return view.ask_team_name(req.t, parent_id=req.press(view.AddTeam).parent_id)


def rename_team(req: Request) -> Reply:
    return view.ask_team_name(req.t, team_id=req.press(view.RenameTeam).team_id)


def take_team_name(req: Request) -> Reply:
    if req.facts["team"] is not None:
        act_id = act.rename_team(req.uow, req.actor, req.facts["team"], req.text)
    else:
        act_id = act.add_team(req.uow, req.actor, req.text, req.facts["parent"])
    return view.saved(req.t, take_team(req), act_id=act_id)


def rename_member(req: Request) -> Reply:
    member = req.uow.teams(req.actor).member(req.press(view.RenameMember).member_id)
    return view.ask_member_name(req.t, member)


def take_member_name(req: Request) -> Reply:
    act_id = act.rename_member(req.uow, req.actor, req.facts["member"], req.text)
    return view.saved(req.t, _member(req, req.facts["member"]), act_id=act_id)


def choose_lead(req: Request) -> Reply:
    repository = req.uow.teams(req.actor)
    team_id = req.press(view.ChooseLead).team_id
    return view.choose_lead(req.t, repository.team(team_id), repository.members(active=True))


def appoint_lead(req: Request) -> Reply:
    press = req.press(view.AppointLead)
    act_id = act.appoint_lead(req.uow, req.actor, press.team_id, press.member_id)
    return view.saved(req.t, _team(req, press.team_id), act_id=act_id)


def choose_team(req: Request) -> Reply:
    repository = req.uow.teams(req.actor)
    member = repository.member(req.press(view.ChooseTeam).member_id)
    return view.choose_team(req.t, member, repository.teams(), without=req.actor.role is Role.ADMIN)


def move_member(req: Request) -> Reply:
    press = req.press(view.MoveMember)
    act_id = act.move_member(req.uow, req.actor, press.member_id, press.team_id, version=press.version)
    return view.saved(req.t, _member(req, press.member_id), act_id=act_id)


def set_role(req: Request) -> Reply:
    press = req.press(view.SetRole)
    act_id = act.set_role(req.uow, req.actor, press.member_id, press.role, version=press.version)
    return view.saved(req.t, _member(req, press.member_id), act_id=act_id)


def deactivate(req: Request) -> Reply:
    press = req.press(view.Deactivate)
    leaver = req.uow.people.of_member(press.member_id)
    act_id = act.deactivate(req.uow, req.actor, press.member_id, version=press.version)
    reply = view.deactivated(req.t, req.uow.teams(req.actor).member(press.member_id), act_id=act_id)
    if leaver is None:
        return reply
    notice = Notice(leaver.person_id, view.left(Translator(leaver.locale, leaver.zone)))
    return Reply(reply.text, rows=reply.rows, notices=(notice,))


def reactivate(req: Request) -> Reply:
    press = req.press(view.Reactivate)
    act_id = act.reactivate(req.uow, req.actor, press.member_id, version=press.version)
    return view.saved(req.t, _member(req, press.member_id), act_id=act_id)


def choose_heir(req: Request) -> Reply:
    repository = req.uow.teams(req.actor)
    member = repository.member(req.press(view.ChooseHeir).member_id)
    return view.choose_heir(req.t, member, repository.members(active=True))


def hand_over(req: Request) -> Reply:
    press = req.press(view.HandOver)
    giver = req.uow.teams(req.actor).member(press.member_id)
    count, act_id = act.hand_over(req.uow, req.actor, press.member_id, press.to)
    heir = req.uow.people.of_member(press.to) if press.to is not None else None
    reply = view.handed_over(req.t, giver, heir.name if heir else None, count, act_id=act_id)
    if heir is None or heir.person_id == req.actor.person_id:
        return reply
    words = view.received(Translator(heir.locale, heir.zone), giver.name, count)
    return Reply(reply.text, rows=reply.rows, notices=(Notice(heir.person_id, words),))


def _team(req: Request, team_id: int | None) -> Reply:
    repository = req.uow.teams(req.actor)
    if team_id is None:
        return view.team(req.t, None, [m for m in repository.members() if m.team_id is None])
    return view.team(req.t, repository.team(team_id), repository.members(team_id))


def _member(req: Request, member_id: int) -> Reply:
    return view.member(req.t, req.actor, req.uow.teams(req.actor).member(member_id))


ROUTES = (
    Route(Command("team"), take_team, LEADS),
    Route(view.OpenTeams, take_team, LEADS),
    Route(view.OpenTeam, open_team, LEADS),
    Route(view.OpenMember, open_member, LEADS),
    Route(view.AddTeam, add_team, LEADS),
    Route(view.RenameTeam, rename_team, LEADS),
    Route(Step(view.NAME_TEAM), take_team_name, LEADS),
    Route(view.RenameMember, rename_member, LEADS),
    Route(Step(view.NAME_MEMBER), take_member_name, LEADS),
    Route(view.ChooseLead, choose_lead, ADMINS),
    Route(view.AppointLead, appoint_lead, ADMINS),
    Route(view.ChooseTeam, choose_team, LEADS),
    Route(view.MoveMember, move_member, LEADS),
    Route(view.SetRole, set_role, ADMINS),
    Route(view.Deactivate, deactivate, LEADS),
    Route(view.Reactivate, reactivate, LEADS),
    Route(view.ChooseHeir, choose_heir, LEADS),
    Route(view.HandOver, hand_over, LEADS, once=True),
)
