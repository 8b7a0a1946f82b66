"""Invitations: choosing what the link makes of a person, the link itself, the open ones, and the welcome."""

from collections.abc import Sequence
from urllib.parse import urlencode

from domain.customers import PAGE, Page
from domain.people import INVITE_HOURS, InviteLine, Redeemed, Role, TeamLine
from views.history import undo_button
from views.language import Translator
from views.pages import turn
from views.replies import Button, Reply, Style, capital, clip, escape, payload
from views.start import Place, go
from views.teams import OpenMember
from views.words import role_name

NAME = 16  # characters of a team's name on a button


@payload("ir2")
class ChooseRole:
    """The teams to choose from, page by page."""

    role: Role
    number: int


@payload("im1")
class MakeInvite:
    role: Role
    team_id: int | None


@payload("il2")
class ListInvites:
    number: int


@payload("iv1")
class RevokeInvite:
    invite_id: int


def choose_role(t: Translator, roles: Sequence[tuple[Role, bool, int | None]], *, open_count: int) -> Reply:
    """What the link shall make of somebody.

    Args:
        roles: each with whether a team is to be chosen, and else the only one there is.
    """
    rows = [
        [Button(capital(role_name(t, role)), ChooseRole(role, 0) if choose else MakeInvite(role, team_id))]
        for role, choose, team_id in roles
    ]
    if open_count:
        label = t.ngettext("{n} open link", "{n} open links", open_count).format(n=open_count)
        rows.append([Button(label, ListInvites(0))])
    return Reply(t.gettext("Whom do you invite?"), rows=[*rows, [go(t, Place.START)]])


def no_team(t: Translator) -> Reply:
    """A lead invites into the own team, and has none."""
    text = t.gettext("You have no team yet, so there is nothing to invite into. An admin puts you into one.")
    return Reply(text, rows=[[go(t, Place.START)]])


def choose_team(t: Translator, role: Role, page: Page[TeamLine], *, without: bool) -> Reply:
    rows = [
        [Button("　" * min(team.depth, 4) + clip(team.name, NAME), MakeInvite(role, team.id))] for team in page.items
    ]
    rows += turn(t, page.number, page.last, lambda number: ChooseRole(role, number))
    if without:
        rows.append([Button(t.gettext("no team"), MakeInvite(role, None))])
    return Reply(t.gettext("Into which team?"), rows=[*rows, [_back(t)]])


def _back(t: Translator) -> Button:
    return Button("‹ " + t.gettext("Back"), go(t, Place.INVITE).payload)


def invite(t: Translator, role: Role, team: str | None, link: str, *, act_id: int) -> Reply:
    """The link, to be sent on by any other means."""
    into = t.gettext(", team {team}").format(team=escape(team)) if team else ""
    text = t.gettext(
        "A link for <b>one</b> new {role}{team}. It works once, within {hours} hours.\n"
        "Send it on; whoever opens it first is in:\n{link}"
    ).format(role=role_name(t, role), team=into, hours=INVITE_HOURS, link=escape(link))
    words = t.gettext("Please open this link: it lets you in to our customer assistant.")
    share = "https://t.me/share/url?" + urlencode({"url": link, "text": words})
    rows = [
        [Button(t.gettext("Copy link"), copy=link), Button(t.gettext("Send on"), url=share)],
        [undo_button(t, act_id), Button(t.gettext("Another link"), go(t, Place.INVITE).payload)],
    ]
    return Reply(text, rows=rows, fresh=True, secret=True)


def open_invites(t: Translator, lines: Sequence[InviteLine], number: int = 0, *, act_id: int | None = None) -> Reply:
    """The links nobody used yet; ``act_id`` is the revocation that was just made."""
    shown = lines[number * PAGE : (number + 1) * PAGE]
    last = max(0, -(-len(lines) // PAGE) - 1)
    text = [t.gettext("<b>Open links</b>") if lines else t.gettext("There is no open link.")]
    rows = []
    for i, line in enumerate(shown, 1):
        where = f" · {escape(clip(line.team, NAME))}" if line.team else ""
        until = t.gettext("until {time}").format(time=t.moment(line.expires_at))
        by = escape(clip(line.issued_by, NAME)) if line.issued_by else t.gettext("console")
        text.append(f"{i}. {role_name(t, line.role)}{where} · {by} · {until}")
        rows.append([Button(t.gettext("Revoke link {n}").format(n=i), RevokeInvite(line.id), style=Style.DANGER)])
    rows += turn(t, number, last, ListInvites)
    undo = [undo_button(t, act_id)] if act_id is not None else []
    return Reply(
        "\n".join(text), rows=[*rows, [*undo, _back(t)]], toast=t.gettext("Revoked") if act_id is not None else None
    )


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
    text = text.format(name=escape(name), role=role)
    if redeemed.waits:
        text += "\n" + t.gettext("You become an administrator as soon as another one agrees; they have been asked.")
    return Reply(text, rows=rows, menus=True)


def joined_notice(t: Translator, name: str, role: Role, member_id: int) -> Reply:
    """To the one who made the link: who came in by it, and the way to put that right."""
    text = t.gettext("✉️ {name} opened your link and is in as {role}.")
    rows = [[Button(t.gettext("Open member"), OpenMember(member_id)), go(t, Place.INVITE)]]
    return Reply(text.format(name=escape(name), role=role_name(t, role)), rows=rows)


def already_in(t: Translator) -> Reply:
    text = t.gettext("You are a member already; the link stays open for somebody else.")
    return Reply(text, rows=[[go(t, Place.TODAY), go(t, Place.START)]])


def bad_link(t: Translator) -> Reply:
    """The same for every bad link, so that nothing is learnt from it."""
    return Reply(t.gettext("This link does not work (any more). Please ask whoever sent it for a new one."))


def guessing(t: Translator, n: int, *, dedupe: str) -> Reply:
    """An alarm to the admins."""
    text = t.gettext("⚠️ {n} wrong invitation links within an hour: somebody may be guessing. Nothing was opened.")
    return Reply(text.format(n=t.number(n)), rows=[[go(t, Place.INVITE)]], dedupe=dedupe)
