"""The table of presses on members, teams, invites, long work and settings, and who may press them."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.people import Role
from domain.setup import Question
from tests.access.house import NOBODY, House, Who
from tests.access.sights import ACTIVE, LEADS, MEMBERS_SEEN, TEAMS_SEEN, Sight
from views import (
    away,
    customer_lists,
    customers,
    history,
    import_given,
    invites,
    jobs,
    reminders,
    settings,
    setup,
    start,
    status,
    teams,
    texts,
    today,
)
from views.replies import Payload
from views.settings import Topic
from views.start import Place

People = frozenset[Who]
ADMIN = frozenset({Who.ADMIN})
NORTHERN = frozenset({Who.ADMIN, Who.LEAD})
SOUTHERN = frozenset({Who.ADMIN, Who.OTHER_LEAD})
EVERY_MEMBER = (Who.ADMIN, Who.LEAD, Who.OTHER_LEAD, Who.OWNER, Who.FAR, Who.LEFT)
STAND_INS = dict.fromkeys(EVERY_MEMBER, Who.OWNER) | {
    Who.OWNER: Who.MATE,
    Who.LEFT: Who.MATE,
    Who.OTHER_LEAD: Who.FAR,
    Who.FAR: Who.OTHER_LEAD,
}
EVERY_TEAM = ("north", "sub", "south")


@dataclass(frozen=True, slots=True)
class Cell:
    """One button on one thing.

    Attributes:
        fresh: the same on a thing of its own, where pressing it changes something.
        spoils: it would change the people of all other cells, and is pressed only by who may not.
    """

    thing: str
    action: str
    press: Callable[[House], Payload]
    allowed: People
    fresh: Callable[[House], Payload] | None = None
    spoils: bool = False


def cells() -> list[Cell]:
    """All of them."""
    return [*_members(), *_teams(), *_invites(), *_own()]


def _members() -> list[Cell]:
    return [cell for member in EVERY_MEMBER for cell in _on_member(member)]


def _on_member(member: Who) -> list[Cell]:
    inside = frozenset(who for who in Who if MEMBERS_SEEN[member, who] is Sight.FULL)
    managed = inside & (LEADS if member in (Who.OWNER, Who.FAR, Who.LEFT) else ADMIN) - {member}
    return [
        Cell(member, "open", lambda h: teams.OpenMember(h.members[member]), inside & LEADS),
        Cell(member, "rename", lambda h: teams.RenameMember(h.members[member]), inside & LEADS),
        Cell(member, "choose a team", lambda h: teams.ChooseTeam(h.members[member], 0), inside & LEADS),
        Cell(member, "choose an heir", lambda h: teams.ChooseHeir(h.members[member], 0), inside & LEADS),
        Cell(member, "read the acts", lambda h: history.HistoryPage(None, h.members[member], 0), inside),
        *_absence(member, managed),
        *(_written(member, action, build, who) for action, build, who in _acts_on(member, managed)),
    ]


def _absence(member: Who, managed: People) -> list[Cell]:
    """Everybody's own and those of members below; who has left cannot be away. ``test_away`` begins and ends one."""
    may = frozenset[Who]() if member is Who.LEFT else managed | {member}

    def begin(house: House) -> Payload:
        first = house.now.toordinal()
        return away.SetAway(house.members[member], house.members[STAND_INS[member]], first, first)

    def end(house: House) -> Payload:
        return away.EndAway(house.members[member], house.version("member", house.members[member]))

    return [
        Cell(member, "open the absence", lambda h: away.OpenAway(h.members[member]), may),
        Cell(member, "choose a stand-in", lambda h: away.ChooseStandIn(h.members[member], 0), may),
        Cell(member, "pick one", lambda h: away.PickStandIn(h.members[member], h.members[STAND_INS[member]]), may),
        Cell(member, "be away", begin, may, spoils=True),
        Cell(member, "be back", end, may, spoils=True),
    ]


def _acts_on(member: Who, managed: People) -> list[tuple[str, Callable[[House, int], Payload], People]]:
    team = "south" if member in (Who.FAR, Who.OTHER_LEAD) else "sub"
    other = "sub" if team == "south" else "south"
    inside = frozenset(who for who in LEADS if MEMBERS_SEEN[member, who] is Sight.FULL)
    return [
        ("deactivate", lambda h, key: teams.Deactivate(key, h.version("member", key)), managed),
        ("reactivate", lambda h, key: teams.Reactivate(key, h.version("member", key)), managed),
        ("move", lambda h, key: teams.MoveMember(key, h.teams[team], h.version("member", key)), managed),
        ("move away", lambda h, key: teams.MoveMember(key, h.teams[other], h.version("member", key)), managed & ADMIN),
        ("set free", lambda h, key: teams.MoveMember(key, None, h.version("member", key)), managed & ADMIN),
        ("make lead", lambda h, key: teams.SetRole(key, Role.LEAD, h.version("member", key)), managed & ADMIN),
        ("make admin", lambda h, key: teams.SetRole(key, Role.ADMIN, h.version("member", key)), managed & ADMIN),
        ("agree to an admin", lambda h, key: teams.AgreeAdmin(key, h.version("member", key), NOBODY), frozenset()),
        ("appoint", lambda h, key: teams.AppointLead(h.team(team), key, 1), ADMIN),
        ("hand over to the pool", lambda h, key: teams.HandOver(key, None), inside),
        ("hand over to the north", lambda h, key: teams.HandOver(key, h.members[Who.MATE]), inside & NORTHERN),
        ("hand over to who has left", lambda h, key: teams.HandOver(key, h.members[Who.LEFT]), frozenset()),
    ]


def _written(member: Who, action: str, build: Callable[[House, int], Payload], allowed: People) -> Cell:
    team = "south" if member is Who.FAR else "sub"
    is_rep = member in (Who.OWNER, Who.FAR)
    fresh = (lambda h: build(h, h.member(team))) if is_rep else None
    return Cell(member, action, lambda h: build(h, h.members[member]), allowed, fresh, not is_rep)


def _teams() -> list[Cell]:
    return [
        *(cell for team in EVERY_TEAM for cell in _on_team(team)),
        Cell("teams", "list", lambda h: teams.OpenTeams(0), LEADS),
        Cell("teams", "open those without one", lambda h: teams.OpenTeam(None, 0), LEADS),
        Cell("teams", "add", lambda h: teams.AddTeam(None), LEADS),
        Cell("members", "choose whose acts", lambda h: history.FilterByMember(0), LEADS),
    ]


def _on_team(team: str) -> list[Cell]:
    inside = frozenset(who for who in Who if TEAMS_SEEN[team, who] is Sight.FULL)

    def invite(role: Role) -> tuple[Callable[[House], Payload], Callable[[House], Payload]]:
        return lambda h: invites.MakeInvite(role, h.teams[team]), lambda h: invites.MakeInvite(role, h.team(team))

    def remove(house: House) -> Payload:
        return teams.RemoveTeam(house.teams[team], house.version("team", house.teams[team]))

    (rep, new_rep), (lead, new_lead) = invite(Role.REP), invite(Role.LEAD)
    return [
        Cell(team, "open", lambda h: teams.OpenTeam(h.teams[team], 0), inside),
        Cell(team, "rename", lambda h: teams.RenameTeam(h.teams[team]), inside),
        Cell(team, "choose a lead", lambda h: teams.ChooseLead(h.teams[team], 0), ADMIN),
        Cell(team, "remove", remove, inside, lambda h: teams.RemoveTeam(h.team(team), 1)),
        Cell(team, "invite a rep", rep, inside, new_rep),
        Cell(team, "invite a lead", lead, ADMIN, new_lead),
    ]


def _invites() -> list[Cell]:
    def revoke(by: Who, role: Role, team: str | None) -> Callable[[House], Payload]:
        return lambda h: invites.RevokeInvite(h.invite(by, role, team))

    north, south = revoke(Who.LEAD, Role.REP, "sub"), revoke(Who.OTHER_LEAD, Role.REP, "south")
    highest = revoke(Who.ADMIN, Role.ADMIN, None)
    return [
        Cell("invite to the north", "revoke", north, NORTHERN, north),
        Cell("invite to the south", "revoke", south, SOUTHERN, south),
        Cell("invite of an admin", "revoke", highest, ADMIN, highest),
        Cell("invite of an admin", "make", lambda h: invites.MakeInvite(Role.ADMIN, None), ADMIN),
        Cell("invite without a team", "make", lambda h: invites.MakeInvite(Role.REP, None), ADMIN),
        Cell("invites", "list", lambda h: invites.ListInvites(0), LEADS),
        Cell("invites", "choose a role", lambda h: invites.ChooseRole(Role.REP, 0), LEADS),
    ]


def _own() -> list[Cell]:
    """Screens and settings: everybody's are the own."""
    staff: list[tuple[str, Payload]] = [
        ("today", today.TodayPage(0)),
        ("reminders", reminders.ReminderPage(0)),
        ("reminders", reminders.PickReading(0, 1)),
        ("what was given to me", import_given.ShowGiven(1, 0)),
        ("search", customer_lists.FindPage(0, 1)),
        ("search", customer_lists.NewFromQuery(1)),
        ("new customer", customers.SkipPhone(1)),
        ("new customer", customers.CreateAnyway(1)),
        ("new customer", customers.AskLead(1)),
        ("text", texts.Take(texts.Meaning.LOG, 1)),
        ("history", history.HistoryPage(None, None, 0)),
        ("settings", settings.OpenSettings()),
        *(("settings", settings.OpenTopic(topic)) for topic in Topic),
        ("settings", settings.Choose(Topic.QUIET, 1)),
        *(
            ("screen", start.Go(place))
            for place in (Place.TODAY, Place.NEW, Place.REMIND, Place.HELP, Place.SETTINGS, Place.START)
        ),
    ]
    leads: list[tuple[str, Payload]] = [("team", start.GoLead(Place.TEAM)), ("invite", start.GoLead(Place.INVITE))]
    admins: list[tuple[str, Payload]] = [
        ("setup", start.GoAdmin(Place.SETUP)),
        ("setup", setup.Keep(Question.LANGUAGE)),
        ("setup", setup.Back(Question.LANGUAGE)),
        ("setup", setup.Answer(Question.LANGUAGE, 0)),
        *(("status", status.OpenStatus(tab, 0)) for tab in status.Tab),
        ("status", status.SendAgain(1, 0)),
        ("status", status.Drop(1, 0)),
        ("status", status.PutBack(1, 0)),
        ("status", status.AskDropAll(0)),
        ("status", status.DropAll(0)),
    ]
    made = [
        _screen(thing, payload, allowed)
        for group, allowed in ((staff, ACTIVE), (leads, LEADS), (admins, ADMIN))
        for thing, payload in group
    ]
    return [*made, *(_work(who) for who in (Who.OWNER, Who.ADMIN, Who.LEFT))]


def _screen(thing: str, payload: Payload, allowed: People) -> Cell:
    return Cell(thing, type(payload).__name__, lambda _: payload, allowed)


def _work(who: Who) -> Cell:
    return Cell(f"work of {who}", "stop", lambda h: jobs.CancelJob(h.job(who)), frozenset({who}) & ACTIVE)
