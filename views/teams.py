"""``/team``: the tree of teams, the members, and what a lead or admin may do to them."""

from collections.abc import Sequence

from domain.people import Actor, MemberLine, Role, TeamLine
from views.history import undo_button
from views.language import Translator
from views.replies import Ask, Button, Reply, Style, escape, payload
from views.start import Place, go
from views.words import role_name


@payload("mt1")
class OpenTeams:
    pass


@payload("mm1")
class OpenTeam:
    """The members of one team; ``None``: those without one."""

    team_id: int | None


@payload("mo1")
class OpenMember:
    member_id: int


@payload("ma1")
class AddTeam:
    parent_id: int | None


@payload("mn1")
class RenameTeam:
    team_id: int


@payload("ml1")
class ChooseLead:
    team_id: int


@payload("mp1")
class AppointLead:
    team_id: int
    member_id: int


@payload("mw1")
class ChooseTeam:
    member_id: int


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


@payload("mh1")
class ChooseHeir:
    member_id: int


@payload("mg1")
class HandOver:
    """Give all customers of a member to another one; ``None``: to the public pool."""

    member_id: int
    to: int | None


NAME_TEAM = "teams.name"
NAME_MEMBER = "teams.member"


def teams(t: Translator, actor: Actor, lines: Sequence[TeamLine], loose: int) -> Reply:
    """The tree, each team a button. ``loose``: members without a team."""
    text = [t.gettext("<b>Team</b>")]
    rows = []
    for line in lines:
        lead = t.gettext("lead {name}").format(name=escape(line.lead)) if line.lead else t.gettext("no lead")
        count = t.ngettext("{n} member", "{n} members", line.members).format(n=line.members)
        text.append("　" * line.depth + f"• <b>{escape(line.name)}</b> · {lead} · {count}")
        rows.append([Button("　" * line.depth + line.name, OpenTeam(line.id))])
    if loose:
        rows.append([Button(t.gettext("without a team ({n})").format(n=loose), OpenTeam(None))])
    if not lines and not loose:
        text.append(t.gettext("There is nobody yet. Invite the first one."))
    top = None if actor.role is Role.ADMIN else actor.team_id
    rows.append([Button(t.gettext("➕ New team"), AddTeam(top)), go(t, Place.INVITE)])
    return Reply("\n".join(text), rows=rows)


def team(t: Translator, line: TeamLine | None, members: Sequence[MemberLine]) -> Reply:
    """One team's members, each a button with the number of customers."""
    title = escape(line.name) if line else t.gettext("Without a team")
    text = [f"<b>{title}</b>"]
    if line:
        text.append(t.gettext("Lead: {name}").format(name=escape(line.lead) if line.lead else "—"))
    rows = [[Button(_member_label(t, m), OpenMember(m.id))] for m in members]
    if line:
        rows.append(
            [
                Button(t.gettext("Set lead"), ChooseLead(line.id)),
                Button(t.gettext("Rename"), RenameTeam(line.id)),
                Button(t.gettext("➕ Sub-team"), AddTeam(line.id)),
            ]
        )
    return Reply("\n".join(text), rows=[*rows, [Button("‹ " + t.gettext("Back"), OpenTeams())]])


def _member_label(t: Translator, m: MemberLine) -> str:
    off = "" if m.active else " · " + t.gettext("inactive")
    return f"{m.name} · {role_name(t, m.role)} · {m.customers}{off}"


def member(t: Translator, actor: Actor, m: MemberLine) -> Reply:
    """One member, with what the reader may do."""
    text = [
        f"<b>{escape(m.name)}</b> · {role_name(t, m.role)}" + ("" if m.active else " · " + t.gettext("inactive")),
        t.gettext("Team: {team}").format(team=escape(m.team) if m.team else "—"),
        t.ngettext("{n} customer", "{n} customers", m.customers).format(n=m.customers),
    ]
    rows = [[Button(t.gettext("Rename"), RenameMember(m.id))]]
    if m.id != actor.member_id:
        rows[0].append(Button(t.gettext("Other team"), ChooseTeam(m.id)))
        if actor.role is Role.ADMIN:
            rows.append([Button("→ " + role_name(t, r), SetRole(m.id, r, m.version)) for r in Role if r is not m.role])
        if m.customers:
            rows.append([Button(t.gettext("Hand over customers"), ChooseHeir(m.id))])
        if m.active:
            rows.append([Button(t.gettext("Deactivate"), Deactivate(m.id, m.version), style=Style.DANGER)])
        else:
            rows.append([Button(t.gettext("Reactivate"), Reactivate(m.id, m.version))])
    return Reply("\n".join(text), rows=[*rows, [Button("‹ " + t.gettext("Back"), OpenTeam(m.team_id))]])


def saved(t: Translator, screen: Reply, *, act_id: int, words: str = "") -> Reply:
    """A screen after a change: with Undo beneath, and what was done as a toast."""
    rows = [*screen.rows[:-1], [undo_button(t, act_id), *screen.rows[-1]]]
    return Reply(screen.text, rows=rows, toast=words or t.gettext("Saved"))


def deactivated(t: Translator, m: MemberLine, *, act_id: int) -> Reply:
    """Access has ended; what happens to the customers is asked, and may wait."""
    text = t.gettext("<b>{name}</b> has no access any more.").format(name=escape(m.name))
    rows = [[undo_button(t, act_id), Button("‹ " + t.gettext("Back"), OpenMember(m.id))]]
    if m.customers:
        text += "\n" + t.ngettext(
            "{n} customer still stands under this name.", "{n} customers still stand under this name.", m.customers
        ).format(n=m.customers)
        rows.insert(0, [Button(t.gettext("Hand over customers"), ChooseHeir(m.id))])
    return Reply(text, rows=rows)


def choose_heir(t: Translator, m: MemberLine, others: Sequence[MemberLine]) -> Reply:
    text = t.ngettext("{n} customer of {name} goes to:", "All {n} customers of {name} go to:", m.customers).format(
        n=m.customers, name=escape(m.name)
    )
    rows = [[Button(_member_label(t, o), HandOver(m.id, o.id))] for o in others if o.id != m.id]
    rows.append([Button(t.gettext("the public pool"), HandOver(m.id, None))])
    return Reply(text, rows=[*rows, [Button("‹ " + t.gettext("Back"), OpenMember(m.id))]])


def handed_over(t: Translator, m: MemberLine, heir: str | None, count: int, *, act_id: int) -> Reply:
    target = escape(heir) if heir else t.gettext("the public pool")
    text = t.ngettext(
        "{n} customer of {name} is now with {to}.", "{n} customers of {name} are now with {to}.", count
    ).format(n=count, name=escape(m.name), to=target)
    return Reply(text, rows=[[undo_button(t, act_id), Button("‹ " + t.gettext("Back"), OpenMember(m.id))]])


def received(t: Translator, giver: str, count: int) -> Reply:
    """To the member who got customers."""
    text = t.ngettext("{n} customer of {name} is yours now.", "{n} customers of {name} are yours now.", count).format(
        n=count, name=escape(giver)
    )
    return Reply(text, rows=[[go(t, Place.TODAY)]])


def choose_team(t: Translator, m: MemberLine, lines: Sequence[TeamLine], *, without: bool) -> Reply:
    rows = [[Button("　" * line.depth + line.name, MoveMember(m.id, line.id, m.version))] for line in lines]
    if without:
        rows.append([Button(t.gettext("no team"), MoveMember(m.id, None, m.version))])
    text = t.gettext("Into which team does {name} go?").format(name=escape(m.name))
    return Reply(text, rows=[*rows, [Button("‹ " + t.gettext("Back"), OpenMember(m.id))]])


def choose_lead(t: Translator, line: TeamLine, members: Sequence[MemberLine]) -> Reply:
    rows = [[Button(m.name, AppointLead(line.id, m.id))] for m in members]
    text = t.gettext("Who leads {team}?").format(team=escape(line.name))
    return Reply(text, rows=[*rows, [Button("‹ " + t.gettext("Back"), OpenTeam(line.id))]])


def ask_team_name(t: Translator, *, parent_id: int | None = None, team_id: int | None = None) -> Reply:
    facts = {"parent": parent_id, "team": team_id}
    text = t.gettext("What is the team called? (/cancel to leave)")
    return Reply(text, ask=Ask(NAME_TEAM, facts, placeholder=t.gettext("Sales South")), fresh=True)


def ask_member_name(t: Translator, m: MemberLine) -> Reply:
    text = t.gettext("Under which name is {name} known inside? (/cancel to leave)").format(name=escape(m.name))
    return Reply(text, ask=Ask(NAME_MEMBER, {"member": m.id}), fresh=True)


def left(t: Translator) -> Reply:
    """The one message a deactivated member still gets."""
    return Reply(t.gettext("Your access has ended. Thank you for your work; your lead answers any question."), keys=())
