"""One-time links: hashed, single use, out of time, bound to their issuer's right, and slow to guess."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select

from actions.history import undo
from actions.invites import (
    ALARM_AT,
    admit_admin,
    check_guesses,
    make_invite,
    make_owner_link,
    note_wrong_link,
    redeem,
    revoke_invite,
)
from actions.teams import deactivate, move_member, remove_team, set_role
from domain.errors import Changed, NotAllowed, NotFound, Throttled
from domain.people import INVITE_HOURS, Redeemed, Role
from storage.invites import InviteRepository
from storage.models import Invite
from storage.uow import UnitOfWork
from tests.storage.staff import Company


def link(company: Company, by: str = "周芳", role: Role = Role.REP, team: str | None = "一部") -> tuple[str, int]:
    """A new link's token and act."""
    team_id = company.teams[team] if team else None
    return company.as_(by, lambda uow, actor: make_invite(uow, actor, role, team_id, now=uow.now))


def opened(company: Company, token: str, by: str = "林怡君") -> Redeemed | None:
    return company.as_(by, lambda uow, actor: redeem(uow, actor, token))


def test_a_link_makes_one_member_once(company: Company) -> None:
    token, _ = link(company)
    company.join("第二人", None)
    found = opened(company, token)
    assert found is not None and (found.role, found.team, found.first_admin) == (Role.REP, "一部", False)
    assert found.issued_by == company.members["周芳"]
    assert company.run(lambda uow: company.actor(uow, "林怡君")).role is Role.REP
    assert opened(company, token, "第二人") is None
    assert company.run(lambda uow: company.actor(uow, "第二人")).role is None


def test_only_the_hash_is_stored(company: Company) -> None:
    token, _ = link(company)
    with company.database.engine.begin() as connection:
        stored = connection.execute(select(Invite)).mappings().one()
    assert token not in str(dict(stored)) and len(stored["token_hash"]) == 64
    assert len(token) == 22  # 128 bits


def test_a_link_is_dead_after_its_hours(company: Company) -> None:
    token, _ = link(company)
    company.now += dt.timedelta(hours=INVITE_HOURS, seconds=-2)
    late, _ = link(company)
    company.now += dt.timedelta(seconds=2)
    assert opened(company, token) is None
    assert opened(company, late) is not None


def _revoke(company: Company) -> None:
    def work(uow: UnitOfWork) -> None:
        actor = company.actor(uow, "周芳")
        (line,) = InviteRepository(uow, actor).open()
        revoke_invite(uow, actor, line.id)

    company.run(work)


def _demote(company: Company) -> None:
    company.join("吴昊", Role.ADMIN)
    company.as_("吴昊", lambda uow, actor: set_role(uow, actor, company.members["李强"], Role.REP, version=1))


def _deactivate(company: Company) -> None:
    company.as_("周芳", lambda uow, actor: deactivate(uow, actor, company.members["李强"], version=1))


def _move(company: Company) -> None:
    """The issuer leads another team by now."""
    company.as_(
        "周芳",
        lambda uow, actor: move_member(uow, actor, company.members["李强"], company.teams["二部"], version=1),
    )


@pytest.mark.parametrize("spoil", [_revoke, _demote, _deactivate, _move])
def test_a_link_dies_with_the_right_behind_it(company: Company, spoil: Callable[[Company], None]) -> None:
    token, _ = link(company, by="李强")
    spoil(company)
    assert opened(company, token) is None
    assert company.run(lambda uow: company.actor(uow, "林怡君")).role is None


def test_a_leads_link_dies_for_good_with_the_leads_access(company: Company) -> None:
    token, _ = link(company, by="李强")
    _deactivate(company)
    company.as_("周芳", lambda uow, actor: InviteRepository(uow, actor).open())
    assert company.as_("周芳", lambda uow, actor: InviteRepository(uow, actor).open()) == []
    assert opened(company, token) is None


@pytest.mark.parametrize(
    ("by", "role", "team"),
    [
        ("李强", Role.LEAD, "一部"),
        ("李强", Role.ADMIN, None),
        ("李强", Role.REP, "二部"),
        ("李强", Role.REP, None),
        ("王娜", Role.REP, "一部"),
    ],
)
def test_nobody_invites_beyond_the_own_right(company: Company, by: str, role: Role, team: str | None) -> None:
    with pytest.raises(NotAllowed):
        link(company, by, role, team)


def test_a_lead_invites_into_every_team_below(company: Company) -> None:
    token, _ = link(company, by="李强", team="一组")
    found = opened(company, token)
    assert found is not None and found.team == "一组"


def test_a_lead_leads_the_team_that_has_none(company: Company) -> None:
    token, _ = link(company, role=Role.LEAD, team="一组")
    found = opened(company, token)
    assert found is not None
    team = company.as_("周芳", lambda uow, actor: uow.teams(actor).team(company.teams["一组"]))
    assert team.lead_id == found.member_id


def test_of_two_who_open_a_link_at_once_one_is_in(company: Company) -> None:
    """On PostgreSQL they really run at once; SQLite lets one writer in after the other."""
    token, _ = link(company)
    company.join("第二人", None)
    both, results = threading.Barrier(2), []

    def attempt(name: str) -> None:
        both.wait(timeout=10)
        results.append(company.as_(name, lambda uow, actor: redeem(uow, actor, token)))

    if company.database.dialect == "sqlite":
        for name in ("林怡君", "第二人"):
            results.append(opened(company, token, name))
    else:
        threads = [threading.Thread(target=attempt, args=(name,)) for name in ("林怡君", "第二人")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=20)
    assert len(results) == 2 and [found is None for found in results].count(True) == 1


def test_making_a_link_is_undone_until_somebody_used_it(company: Company) -> None:
    token, act_id = link(company)
    company.as_("周芳", lambda uow, actor: undo(uow, actor, act_id, now=uow.now))
    assert opened(company, token) is None
    token, act_id = link(company)
    assert opened(company, token) is not None
    with pytest.raises(Changed):
        company.as_("周芳", lambda uow, actor: undo(uow, actor, act_id, now=uow.now))


def test_a_revoked_link_lives_again_by_undo(company: Company) -> None:
    token, _ = link(company)

    def revoke(uow: UnitOfWork) -> int:
        actor = company.actor(uow, "周芳")
        return revoke_invite(uow, actor, InviteRepository(uow, actor).open()[0].id)

    act_id = company.run(revoke)
    company.as_("周芳", lambda uow, actor: undo(uow, actor, act_id, now=uow.now))
    assert opened(company, token) is not None


def test_a_lead_sees_and_revokes_the_links_of_the_own_tree(company: Company) -> None:
    link(company, team="一组")
    link(company, team="二部")
    link(company, role=Role.ADMIN, team=None)

    def ids(name: str) -> list[int]:
        return company.as_(name, lambda uow, actor: [line.id for line in InviteRepository(uow, actor).open()])

    assert len(ids("周芳")) == 3 and len(ids("李强")) == 1
    foreign = next(key for key in ids("周芳") if key not in ids("李强"))
    with pytest.raises(NotFound):
        company.as_("李强", lambda uow, actor: revoke_invite(uow, actor, foreign))


def test_a_removed_teams_links_are_dead(company: Company) -> None:
    company.team("空队")
    token, _ = link(company, team="空队")
    company.as_("周芳", lambda uow, actor: remove_team(uow, actor, company.teams["空队"], version=1))
    assert opened(company, token) is None


# The console's link ------------------------------------------------------------------------------------------------


def test_the_consoles_link_makes_an_admin_within_an_hour(company: Company) -> None:
    token = company.run(lambda uow: make_owner_link(uow, now=uow.now))
    found = opened(company, token)
    assert found is not None and found.role is Role.ADMIN and found.issued_by is None and not found.first_admin
    late = company.run(lambda uow: make_owner_link(uow, now=uow.now))
    company.join("第二人", None)
    company.now += dt.timedelta(hours=1)
    assert opened(company, late, "第二人") is None


def test_the_consoles_link_lifts_staff_and_no_other_link_does(company: Company) -> None:
    token = company.run(lambda uow: make_owner_link(uow, now=uow.now))
    assert opened(company, token, "王娜") is not None
    assert company.run(lambda uow: company.actor(uow, "王娜")).role is Role.ADMIN
    token, _ = link(company, role=Role.LEAD, team="二部")
    assert opened(company, token, "赵涛") is None
    assert opened(company, token) is not None  # it stays for whom it was meant


# The environment's admins ------------------------------------------------------------------------------------------


def test_an_admin_of_the_environment_is_admitted_at_first_sight(company: Company) -> None:
    admitted = company.as_("林怡君", admit_admin)
    assert admitted.role is Role.ADMIN
    again = company.as_("林怡君", admit_admin)
    assert again == admitted


def test_the_environment_never_restores_who_was_deactivated(company: Company) -> None:
    admitted = company.as_("林怡君", admit_admin)
    assert admitted.member_id is not None
    key = admitted.member_id
    company.as_("周芳", lambda uow, actor: deactivate(uow, actor, key, version=1))
    assert company.as_("林怡君", admit_admin).role is None


# Guessing ----------------------------------------------------------------------------------------------------------


def wrong(company: Company, name: str) -> int | None:
    return company.as_(name, lambda uow, actor: note_wrong_link(uow, actor, now=uow.now))


def checked(company: Company, name: str) -> None:
    company.as_(name, lambda uow, actor: check_guesses(uow, actor, now=uow.now))


def test_a_guesser_is_silenced_for_an_hour_after_the_fifth(company: Company) -> None:
    for _ in range(4):
        wrong(company, "林怡君")
    checked(company, "林怡君")
    wrong(company, "林怡君")
    with pytest.raises(Throttled):
        checked(company, "林怡君")
    checked(company, "王娜")  # nobody else is
    company.now += dt.timedelta(minutes=59)
    with pytest.raises(Throttled):
        checked(company, "林怡君")
    company.now += dt.timedelta(minutes=1)
    checked(company, "林怡君")


def test_a_hundred_wrong_links_of_everybody_are_an_alarm(company: Company) -> None:
    names = [f"试探者{n}" for n in range(20)]
    for name in names:
        company.join(name, None)
    told = [wrong(company, names[n % 20]) for n in range(ALARM_AT + 1)]
    assert told[: ALARM_AT - 1] == [None] * (ALARM_AT - 1) and told[ALARM_AT - 1 :] == [ALARM_AT, ALARM_AT + 1]
    company.now += dt.timedelta(hours=1)
    assert wrong(company, "林怡君") is None
