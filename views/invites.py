"""Invitations: choosing what the link makes of a person, the link itself, the open ones, and the welcome."""

from collections.abc import Sequence

from domain.people import INVITE_HOURS, InviteLine, Redeemed, Role, TeamLine
from views.history import undo_button
from views.language import Translator
from views.replies import Button, Reply, Style, escape, payload
from views.start import Place, go
from views.words import role_name


@payload("ir1")
class ChooseRole:
    role: Role


@payload("im1")
class MakeInvite:
    role: Role
    team_id: int | None


@payload("il1")
class ListInvites:
    pass


@payload("iv1")
class RevokeInvite:
    invite_id: int


def choose_role(t: Translator, roles: Sequence[Role], *, open_count: int) -> Reply:
    rows = [[Button(role_name(t, role), ChooseRole(role))] for role in roles]
    if open_count:
        label = t.ngettext("{n} open link", "{n} open links", open_count).format(n=open_count)
        rows.append([Button(label, ListInvites())])
    return Reply(t.gettext("Whom do you invite?"), rows=rows)


def choose_team(t: Translator, role: Role, teams: Sequence[TeamLine], *, without: bool) -> Reply:
    rows = [[Button("　" * team.depth + team.name, MakeInvite(role, team.id))] for team in teams]
    if without:
        rows.append([Button(t.gettext("no team"), MakeInvite(role, None))])
    return Reply(t.gettext("Into which team?"), rows=rows)


def invite(t: Translator, role: Role, team: str | None, link: str, *, act_id: int) -> Reply:
    """The link, to be sent on by any other means."""
    into = t.gettext(", team {team}").format(team=escape(team)) if team else ""
    text = t.gettext(
        "A link for <b>one</b> new {role}{team}. It works once, within {hours} hours.\n"
        "Send it on; whoever opens it first is in:\n{link}"
    ).format(role=role_name(t, role), team=into, hours=INVITE_HOURS, link=escape(link))
    return Reply(text, rows=[[Button(t.gettext("Copy link"), copy=link)], [undo_button(t, act_id)]], fresh=True)


def open_invites(t: Translator, lines: Sequence[InviteLine]) -> Reply:
    if not lines:
        return Reply(t.gettext("There is no open link."), rows=[[go(t, Place.INVITE)]])
    text = [t.gettext("<b>Open links</b>")]
    rows = []
    for i, line in enumerate(lines, 1):
        where = f" · {escape(line.team)}" if line.team else ""
        until = t.gettext("until {time}").format(time=t.moment(line.expires_at))
        text.append(f"{i}. {role_name(t, line.role)}{where} · {escape(line.issued_by)} · {until}")
        rows.append([Button(t.gettext("Revoke link {n}").format(n=i), RevokeInvite(line.id), style=Style.DANGER)])
    return Reply("\n".join(text), rows=[*rows, [go(t, Place.INVITE)]])


def joined(t: Translator, redeemed: Redeemed, name: str) -> Reply:
    """The first words to a new member; the first admin is led to the set-up."""
    role = role_name(t, redeemed.role)
    if redeemed.first_admin:
        text = t.gettext(
            "Welcome {name}. You are the first one here, as <b>{role}</b>. A minute of questions, and we start."
        )
        return Reply(text.format(name=escape(name), role=role), rows=[[go(t, Place.SETUP)]], menus=True)
    text = t.gettext(
        "Welcome {name}, you are in as <b>{role}</b>.\n"
        "Write me what happened at a customer's, in one message; or look at your day."
    )
    rows = [[go(t, Place.TODAY), go(t, Place.NEW)], [go(t, Place.HELP)]]
    return Reply(text.format(name=escape(name), role=role), rows=rows, menus=True)


def joined_notice(t: Translator, name: str, role: Role) -> Reply:
    """To the one who made the link."""
    text = t.gettext("{name} opened your link and is in as {role}.")
    return Reply(text.format(name=escape(name), role=role_name(t, role)))


def already_in(t: Translator) -> Reply:
    return Reply(
        t.gettext("You are a member already; the link stays open for somebody else."), rows=[[go(t, Place.TODAY)]]
    )


def bad_link(t: Translator) -> Reply:
    """The same for every bad link, so that nothing is learnt from it."""
    return Reply(
        t.gettext("This link does not work (any more). Please ask whoever sent it for a new one."),
    )


def guessing(t: Translator, n: int) -> Reply:
    """An alarm to the admins."""
    return Reply(
        t.gettext("⚠️ {n} wrong invitation links within an hour: somebody may be guessing. Nothing was opened.").format(
            n=n
        )
    )
