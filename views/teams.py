"""``/team``: the tree of teams, the members, and what a lead or admin may do to them."""

from dataclasses import replace

from domain.away import may_set_away
from domain.customers import Page
from domain.people import Actor, Load, MemberLine, Role, TeamLine, manages
from views.history import undo_button
from views.language import Translator
from views.pages import turn
from views.replies import DONE, Ask, Button, Reply, Style, clip, escape, payload
from views.start import Place, go
from views.words import role_name

NAME = 16  # characters of a name on a button that says more than the name


@payload("mt2")
class OpenTeams:
    number: int


@payload("mm2")
class OpenTeam:
    """A page of the members of one team; ``None``: of those without one."""

    team_id: int | None
    number: int


@payload("mo1")
class OpenMember:
    member_id: int


@payload("ma1")
class AddTeam:
    parent_id: int | None


@payload("mn1")
class RenameTeam:
    team_id: int


@payload("mx1")
class RemoveTeam:
    team_id: int
    version: int


@payload("ml2")
class ChooseLead:
    team_id: int
    number: int


@payload("mp2")
class AppointLead:
    team_id: int
    member_id: int
    version: int


@payload("mw2")
class ChooseTeam:
    member_id: int
    number: int


@payload("mv1")
class MoveMember:
    member_id: int
    team_id: int | None
    version: int


@payload("mr1")
class SetRole:
    member_id: int
    role: Role
    version: int


@payload("mq1")
class AgreeAdmin:
    """Make a member an admin, as another one asked for."""

    member_id: int
    version: int
    asked_by: int


@payload("me1")
class RenameMember:
    member_id: int


@payload("md1")
class Deactivate:
    member_id: int
    version: int


@payload("mc1")
class Reactivate:
    member_id: int
    version: int


@payload("mh2")
class ChooseHeir:
    member_id: int
    number: int


@payload("mg1")
class HandOver:
    """Give all customers of a member to another one; ``None``: to the public pool."""

    member_id: int
    to: int | None


NAME_TEAM = "teams.name"
NAME_MEMBER = "teams.member"
NAME_HEIR = "teams.heir"
NAME_LEAD = "teams.lead"


# Teams -------------------------------------------------------------------------------------------------------------


def teams(t: Translator, actor: Actor, page: Page[TeamLine], loose: int) -> Reply:
    """A page of the tree, each team a button. ``loose``: members without a team."""
    text = [t.gettext("<b>Team</b>")]
    rows = []
    for line in page.items:
        lead = (
            t.gettext("lead {name}").format(name=escape(clip(line.lead, NAME))) if line.lead else t.gettext("no lead")
        )
        count = t.ngettext("{n} member", "{n} members", line.members).format(n=line.members)
        text.append(f"{_indent(line)}• <b>{escape(clip(line.name, NAME))}</b> · {lead} · {count}")
        rows.append([Button(_indent(line) + clip(line.name, NAME), OpenTeam(line.id, 0))])
    if loose:
        rows.append([Button(t.gettext("without a team ({n})").format(n=loose), OpenTeam(None, 0))])
    if not page.items and actor.role is not Role.ADMIN:
        text.append(t.gettext("You have no team yet; an admin puts you into one."))
    elif not page.items:
        text.append(t.gettext("There is no team yet. Add the first one, or invite somebody without."))
    rows += turn(t, page.number, page.last, OpenTeams)
    if actor.role is Role.ADMIN or page.items:
        top = None if actor.role is Role.ADMIN else actor.team_id
        rows.append([Button(t.gettext("➕ New team"), AddTeam(top)), go(t, Place.INVITE)])
    return Reply("\n".join(text), rows=[*rows, [go(t, Place.START)]], ask=DONE)


def _indent(line: TeamLine) -> str:
    return "　" * min(line.depth, 4)


def team(t: Translator, actor: Actor, line: TeamLine | None, page: Page[MemberLine], *, empty: bool = False) -> Reply:
    """One team's members, each a button with the number of customers. Like all screens that choosing leads back to,
    it leaves the choosing.
    """
    title = escape(line.name) if line else t.gettext("Without a team")
    text = [f"<b>{title}</b>"]
    if line:
        text.append(t.gettext("Lead: {name}").format(name=escape(line.lead) if line.lead else "—"))
        text.append(t.ngettext("{n} member", "{n} members", line.members).format(n=line.members))
    rows = [[Button(_member_label(t, m), OpenMember(m.id))] for m in page.items]
    rows += turn(t, page.number, page.last, lambda number: OpenTeam(line.id if line else None, number))
    if line:
        acts = [Button(t.gettext("Rename"), RenameTeam(line.id)), Button(t.gettext("➕ Sub-team"), AddTeam(line.id))]
        if actor.role is Role.ADMIN:
            acts.insert(0, Button(t.gettext("Set lead"), ChooseLead(line.id, 0)))
        rows.append(acts)
        if empty:
            rows.append([Button(t.gettext("Remove team"), RemoveTeam(line.id, line.version), style=Style.DANGER)])
    return Reply("\n".join(text), rows=[*rows, [_back(t, OpenTeams(0))]], ask=DONE)


def _back(t: Translator, to: object) -> Button:
    return Button("‹ " + t.gettext("Back"), to)


def _member_label(t: Translator, m: MemberLine) -> str:
    part = role_name(t, m.role) if m.active else t.gettext("inactive")
    return f"{clip(m.name, NAME)} · {part} · {m.customers}"


def ask_team_name(t: Translator, *, parent_id: int | None = None, line: TeamLine | None = None) -> Reply:
    """The name of a new team, or the new name of ``line``."""
    facts = {"parent": parent_id, "team": line.id if line else None, "version": line.version if line else None}
    if line:
        text = t.gettext("What shall {team} be called?").format(team=escape(line.name))
    else:
        text = t.gettext("What is the team called?")
    back = _back(t, OpenTeam(line.id, 0) if line else OpenTeams(0))
    return Reply(text, rows=[[back]], ask=Ask(NAME_TEAM, facts), fresh=True)


def choose_lead(t: Translator, line: TeamLine, page: Page[MemberLine], *, typed: bool = False) -> Reply:
    """Who leads a team; a part of a name can be typed."""
    rows = [[Button(_member_label(t, m), AppointLead(line.id, m.id, line.version))] for m in page.items]
    rows += [] if typed else turn(t, page.number, page.last, lambda number: ChooseLead(line.id, number))
    text = t.gettext("Who leads {team}? Choose, or type a name.").format(team=escape(line.name))
    rows.append([_back(t, OpenTeam(line.id, 0))])
    return Reply(text, rows=rows, ask=Ask(NAME_LEAD, {"team": line.id}))


# Members -----------------------------------------------------------------------------------------------------------


def member(t: Translator, actor: Actor, m: MemberLine, load: Load, more: str = "", *, away: Button) -> Reply:
    """One member with the load, ``more`` beneath, and what the reader may do; ``away`` leads to the stand-in."""
    text = [
        f"<b>{escape(m.name)}</b> · {role_name(t, m.role)}" + ("" if m.active else " · " + t.gettext("inactive")),
        t.gettext("Team: {team}").format(team=escape(m.team) if m.team else "—"),
        t.ngettext("{n} customer", "{n} customers", m.customers).format(n=t.number(m.customers)),
        t.gettext("Next touches: {overdue} overdue, {coming} within 7 days").format(
            overdue=t.number(load.overdue), coming=t.number(load.coming)
        ),
        t.ngettext("{n} touch in 30 days", "{n} touches in 30 days", load.touches).format(n=t.number(load.touches)),
        *filter(None, [more]),
    ]
    below = manages(actor, m)
    rows = []
    if below or m.id == actor.member_id:
        rows.append([Button(t.gettext("Rename"), RenameMember(m.id))])
    if may_set_away(actor, m):
        rows[0].append(away)
    if below:
        rows[0].append(Button(t.gettext("Other team"), ChooseTeam(m.id, 0)))
        if actor.role is Role.ADMIN and m.active:
            rows.append([Button("→ " + role_name(t, r), SetRole(m.id, r, m.version)) for r in Role if r is not m.role])
    if m.customers:
        rows.append([Button(t.gettext("Hand over customers"), ChooseHeir(m.id, 0))])
    if below and m.active:
        rows.append([Button(t.gettext("End access"), Deactivate(m.id, m.version), style=Style.DANGER)])
    elif below:
        rows.append([Button(t.gettext("Restore access"), Reactivate(m.id, m.version))])
    return Reply("\n".join(text), rows=[*rows, [_back(t, OpenTeam(m.team_id, 0))]], ask=DONE)


def ask_member_name(t: Translator, m: MemberLine) -> Reply:
    text = t.gettext("Under which name is {name} known inside?").format(name=escape(m.name))
    ask = Ask(NAME_MEMBER, {"member": m.id, "version": m.version})
    return Reply(text, rows=[[_back(t, OpenMember(m.id))]], ask=ask, fresh=True)


def choose_team(t: Translator, m: MemberLine, page: Page[TeamLine], *, without: bool) -> Reply:
    rows = [
        [Button(_indent(line) + clip(line.name, NAME), MoveMember(m.id, line.id, m.version))]
        for line in page.items
        if line.id != m.team_id
    ]
    rows += turn(t, page.number, page.last, lambda number: ChooseTeam(m.id, number))
    if without and m.team_id is not None:
        rows.append([Button(t.gettext("no team"), MoveMember(m.id, None, m.version))])
    text = t.gettext("Into which team does {name} go?").format(name=escape(m.name))
    return Reply(text, rows=[*rows, [_back(t, OpenMember(m.id))]])


def saved(t: Translator, screen: Reply, *, act_id: int, words: str = "") -> Reply:
    """A screen after a change: with Undo beneath, and what was done as a toast."""
    rows = [*screen.rows[:-1], [undo_button(t, act_id), *screen.rows[-1]]]
    return replace(screen, rows=rows, toast=words or t.gettext("Saved"))


def deactivated(t: Translator, m: MemberLine, *, act_id: int) -> Reply:
    """Access has ended; what happens to the customers is asked, and may wait."""
    text = t.gettext("<b>{name}</b> has no access any more.").format(name=escape(m.name))
    rows = [[undo_button(t, act_id), _back(t, OpenMember(m.id))]]
    if m.customers:
        text += "\n" + t.ngettext(
            "{n} customer still stands under this name.", "{n} customers still stand under this name.", m.customers
        ).format(n=t.number(m.customers))
        rows.insert(0, [Button(t.gettext("Hand over customers"), ChooseHeir(m.id, 0))])
    return Reply(text, rows=rows)


# Handing over ------------------------------------------------------------------------------------------------------


def choose_heir(t: Translator, m: MemberLine, page: Page[MemberLine], *, typed: bool = False) -> Reply:
    """Who gets all customers of a member; a part of a name can be typed."""
    text = t.ngettext(
        "{n} customer of {name} goes to: (choose, or type a name)",
        "All {n} customers of {name} go to: (choose, or type a name)",
        m.customers,
    ).format(n=t.number(m.customers), name=escape(m.name))
    rows = [[Button(_member_label(t, o), HandOver(m.id, o.id))] for o in page.items]
    rows += [] if typed else turn(t, page.number, page.last, lambda number: ChooseHeir(m.id, number))
    rows.append([Button(t.gettext("the public pool"), HandOver(m.id, None))])
    return Reply(text, rows=[*rows, [_back(t, OpenMember(m.id))]], ask=Ask(NAME_HEIR, {"member": m.id}))


def handed_over(t: Translator, m: MemberLine, heir: str | None, count: int, *, act_id: int) -> Reply:
    target = escape(heir) if heir else t.gettext("the public pool")
    text = t.ngettext(
        "{n} customer of {name} is now with {to}.", "{n} customers of {name} are now with {to}.", count
    ).format(n=t.number(count), name=escape(m.name), to=target)
    return Reply(text, rows=[[undo_button(t, act_id), _back(t, OpenMember(m.id))]], ask=DONE)


def received(t: Translator, giver: str, count: int, by: str) -> Reply:
    """To the member who got customers."""
    text = t.ngettext(
        "👤 {n} customer of {name} is yours now, by {by}.", "👤 {n} customers of {name} are yours now, by {by}.", count
    ).format(n=t.number(count), name=escape(giver), by=escape(by))
    return Reply(text, rows=[[go(t, Place.TODAY)]])


def taken_away(t: Translator, heir: str | None, count: int, by: str) -> Reply:
    """To the member who had them, once."""
    target = escape(heir) if heir else t.gettext("the public pool")
    text = t.ngettext(
        "👤 Your {n} customer is now with {to}, by {by}. The next touch and reminders went along.",
        "👤 All your {n} customers are now with {to}, by {by}. Next touches and reminders went along.",
        count,
    ).format(n=t.number(count), to=target, by=escape(by))
    return Reply(text, rows=[[go(t, Place.TODAY)]])


# To those concerned ------------------------------------------------------------------------------------------------


def left(t: Translator) -> Reply:
    """The one message a deactivated member still gets; with it the command menu goes."""
    text = t.gettext("Your access has ended. Thank you for your work; your lead answers any question.")
    return Reply(text, keys=(), menus=True)


def now_as(t: Translator, role: Role, by: str) -> Reply:
    """To somebody whose role changed or whose access is back, with the menu of that role."""
    text = t.gettext("You are here as <b>{role}</b> now, by {name}.").format(role=role_name(t, role), name=escape(by))
    return Reply(text, rows=[[go(t, Place.TODAY), go(t, Place.HELP)]], menus=True)


def now_leads(t: Translator, team: str, by: str) -> Reply:
    """To the new lead of a team."""
    text = t.gettext("You lead <b>{team}</b> now, by {name}.").format(team=escape(team), name=escape(by))
    return Reply(text, rows=[[go(t, Place.TEAM), go(t, Place.HELP)]], menus=True)


def now_in(t: Translator, team: str | None, by: str) -> Reply:
    """To a member who was put into another team."""
    if team is None:
        text = t.gettext("You are in no team now, by {name}.").format(name=escape(by))
    else:
        text = t.gettext("You are in <b>{team}</b> now, by {name}.").format(team=escape(team), name=escape(by))
    return Reply(text, rows=[[go(t, Place.TODAY)]])


def new_admin(t: Translator, name: str, by: str | None) -> Reply:
    """To all other admins: whoever becomes one does not do so unseen."""
    if by is None:
        text = t.gettext("👮 {name} is an administrator now, by a link from the console.").format(name=escape(name))
    else:
        text = t.gettext("👮 {name} is an administrator now, by {by}.").format(name=escape(name), by=escape(by))
    return Reply(text, rows=[[go(t, Place.TEAM)]])


def was_asked(t: Translator) -> str:
    """Over the member's screen: an admin is made by two."""
    return t.gettext("The other admins were asked. When one of them agrees, it is done.")


def wanted_admin(t: Translator, m: MemberLine, by: str, asked_by: int) -> Reply:
    """To all other admins: one of them must agree."""
    text = t.gettext(
        "👮 {by} wants {name} to be an administrator, who sees and may do everything. Do you agree?"
    ).format(by=escape(by), name=escape(m.name))
    agree = Button(t.gettext("✅ Agree"), AgreeAdmin(m.id, m.version, asked_by))
    return Reply(text, rows=[[agree, Button(t.gettext("Open member"), OpenMember(m.id))]])
