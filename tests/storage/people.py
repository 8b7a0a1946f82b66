"""Staff for storage tests: a team with a lead and two reps, another team's rep, an admin."""

import datetime as dt

from domain.people import Actor, Role
from storage.models import Team
from storage.uow import UnitOfWork

NOW = dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC)  # a Wednesday, ten in the morning in Shanghai
STAFF = (
    ("rep", Role.REP, "south"),
    ("colleague", Role.REP, "south"),
    ("stranger", Role.REP, "north"),
    ("lead", Role.LEAD, "south"),
    ("admin", Role.ADMIN, None),
)


def hire(uow: UnitOfWork) -> dict[str, Actor]:
    """The staff by name; the lead leads the team of ``rep`` and ``colleague``."""
    uow.act(None, "sample", undo=None)
    teams = {name: uow.journal.add(Team, {"name": name}) for name in ("south", "north")}
    admin = None
    actors = {}
    for number, (name, role, team) in enumerate(STAFF, 1):
        found = uow.people.identify(number, name=name, username=None, locale="zh_Hans")
        admin = admin or found
        uow.teams(admin).add_member(found.person_id, name, role, teams.get(team or ""))
        actors[name] = uow.people.actor(found.person_id)
    uow.journal.change(Team, teams["south"], {"lead_id": actors["lead"].member_id})
    return {name: uow.people.actor(actor.person_id) for name, actor in actors.items()}
