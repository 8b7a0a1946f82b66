"""Teams as a tree: who sees and manages whom, who leads, who is out, and whose customers go where."""

import datetime as dt
import threading
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import event, select

from actions.history import undo
from actions.invites import make_invite
from actions.next_touches import agree
from actions.reminders import set_reminder
from actions.teams import (
    add_team,
    appoint_lead,
    deactivate,
    hand_over,
    move_member,
    reactivate,
    remove_team,
    rename_member,
    rename_team,
    set_role,
)
from domain.errors import Changed, DomainError, Invalid, NotAllowed, NotFound
from domain.next_touches import NextTouch, Origin
from domain.people import MemberLine, Role
from storage.invites import InviteRepository
from storage.models import Member
from storage.uow import UnitOfWork
from tests.storage.staff import Company

ADMIN, LEAD, REP, OTHER_LEAD, OTHER_REP = "周芳", "李强", "王娜", "陈静", "赵涛"


def line(company: Company, name: str, by: str = ADMIN) -> MemberLine:
    return company.as_(by, lambda uow, actor: uow.teams(actor).member(company.members[name]))


# Sight -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (ADMIN, {"周芳", "李强", "王娜", "孙悦", "陈静", "赵涛"}),
        (LEAD, {"李强", "王娜", "孙悦"}),
        (OTHER_LEAD, {"陈静", "赵涛"}),
        (REP, {"王娜"}),
        ("林怡君", set()),
    ],
)
def test_a_lead_sees_the_own_tree(company: Company, who: str, seen: set[str]) -> None:
    found = company.as_(who, lambda uow, actor: {m.name for m in uow.teams(actor).members()})
    assert found == seen
    for name in set(company.members) - seen:
        with pytest.raises(NotFound):
            line(company, name, who)


def test_the_tree_is_listed_from_the_top(company: Company) -> None:
    lines = company.as_(ADMIN, lambda uow, actor: uow.teams(actor).teams())
    assert [(t.name, t.depth, t.lead, t.members) for t in lines] == [
        ("一部", 0, "李强", 2),
        ("一组", 1, None, 1),
        ("二部", 0, "陈静", 2),
    ]
    own = company.as_(LEAD, lambda uow, actor: uow.teams(actor).teams())
    assert [(t.name, t.depth) for t in own] == [("一部", 0), ("一组", 1)]


def test_members_come_page_by_page_and_by_a_part_of_the_name(company: Company) -> None:
    for n in range(9):
        company.join(f"新人{n}", Role.REP, "二部")

    def pages(uow: UnitOfWork) -> None:
        teams = uow.teams(company.actor(uow, ADMIN))
        first, second = (teams.page_of(company.teams["二部"], n) for n in (0, 1))
        assert len(first.items) == 7 and first.total == 11 and first.last == 1 and len(second.items) == 4
        assert not {m.id for m in first.items} & {m.id for m in second.items}
        assert [m.name for m in teams.choosable(like="人3").items] == ["新人3"]
        assert teams.choosable(like="%").total == 0  # no wildcard of SQL
        assert teams.choosable(besides=company.members[REP]).total == teams.choosable().total - 1

    company.run(pages)


def test_the_load_counts_what_stands_on_a_member(company: Company) -> None:
    late, soon = company.customer("张伟", REP), company.customer("陈晓明", REP)
    today = company.now.date()

    def plan(uow: UnitOfWork) -> None:
        actor = company.actor(uow, REP)
        for key, days in ((late, -3), (soon, 2)):
            day = today + dt.timedelta(days=days)
            agree(uow, actor, key, NextTouch(day, None, Origin.AGREED), now=uow.now - dt.timedelta(days=9))

    company.run(plan)
    load = company.as_(LEAD, lambda uow, actor: uow.teams(actor).load(company.members[REP], today=today))
    assert (load.overdue, load.coming, load.touches) == (1, 1, 0)


# Teams -------------------------------------------------------------------------------------------------------------


def test_a_lead_adds_teams_below_the_own_only(company: Company) -> None:
    company.as_(LEAD, lambda uow, actor: add_team(uow, actor, " 新 组 "))
    names = company.as_(LEAD, lambda uow, actor: [(t.name, t.parent_id) for t in uow.teams(actor).teams()])
    assert ("新 组", company.teams["一部"]) in names
    with pytest.raises(NotAllowed):
        company.as_(LEAD, lambda uow, actor: add_team(uow, actor, "别处", company.teams["二部"]))


@pytest.mark.parametrize("name", ["", "   ", "长" * 65])
def test_a_team_needs_a_name_that_fits(company: Company, name: str) -> None:
    with pytest.raises(Invalid):
        company.as_(ADMIN, lambda uow, actor: add_team(uow, actor, name))


def test_a_team_is_renamed_and_removed_when_nobody_is_in_it(company: Company) -> None:
    act_id = company.as_(ADMIN, lambda uow, actor: rename_team(uow, actor, company.teams["一组"], "三组", version=1))
    company.undone(act_id, ADMIN)
    for name, version in (("一组", 3), ("一部", 2)):  # a member in it, a team below it
        with pytest.raises(Changed), company.database.transaction(company.now) as uow:
            remove_team(uow, company.actor(uow, ADMIN), company.teams[name], version=version)
    with pytest.raises(NotAllowed), company.database.transaction(company.now) as uow:
        remove_team(uow, company.actor(uow, LEAD), company.teams["一部"], version=2)
    company.team("空队", "一部")
    act_id = company.as_(LEAD, lambda uow, actor: remove_team(uow, actor, company.teams["空队"], version=1))
    with pytest.raises(NotFound):
        company.as_(ADMIN, lambda uow, actor: uow.teams(actor).team(company.teams["空队"]))
    company.undone(act_id, LEAD)
    back = company.as_(ADMIN, lambda uow, actor: uow.teams(actor).team(company.teams["空队"]))
    assert back.parent_id == company.teams["一部"]


def test_an_appointed_rep_is_a_lead_and_undo_makes_a_rep_again(company: Company) -> None:
    act_id = company.as_(
        ADMIN, lambda uow, actor: appoint_lead(uow, actor, company.teams["一组"], company.members["孙悦"], version=1)
    )
    assert line(company, "孙悦").role is Role.LEAD
    assert company.as_("孙悦", lambda uow, actor: uow.teams(actor).tree) == {company.teams["一组"]}
    company.undone(act_id, ADMIN)
    assert line(company, "孙悦").role is Role.REP
    assert company.as_("孙悦", lambda uow, actor: uow.teams(actor).tree) == frozenset()


@pytest.mark.parametrize("by", [LEAD, REP])
def test_only_admins_appoint(company: Company, by: str) -> None:
    with pytest.raises(DomainError):
        company.as_(by, lambda uow, actor: appoint_lead(uow, actor, company.teams["一组"], company.members["孙悦"]))


# Members -----------------------------------------------------------------------------------------------------------


def test_a_lead_moves_reps_within_the_own_tree(company: Company) -> None:
    company.as_(
        LEAD, lambda uow, actor: move_member(uow, actor, company.members[REP], company.teams["一组"], version=1)
    )
    assert line(company, REP).team == "一组"
    for team_id, refusal in ((company.teams["二部"], NotFound), (None, NotAllowed)):
        with pytest.raises(refusal), company.database.transaction(company.now) as uow:
            move_member(uow, company.actor(uow, LEAD), company.members[REP], team_id, version=2)


def test_a_lead_who_is_moved_leads_the_old_team_no_more(company: Company) -> None:
    act_id = company.as_(
        ADMIN, lambda uow, actor: move_member(uow, actor, company.members[LEAD], company.teams["二部"], version=1)
    )
    assert company.as_(LEAD, lambda uow, actor: uow.teams(actor).tree) == {company.teams["二部"]}
    company.undone(act_id, ADMIN)
    assert company.teams["一部"] in company.as_(LEAD, lambda uow, actor: uow.teams(actor).tree)


def test_a_stale_screen_moves_nobody(company: Company) -> None:
    company.as_(ADMIN, lambda uow, actor: rename_member(uow, actor, company.members[REP], "王小娜"))
    with pytest.raises(Changed):
        company.as_(
            ADMIN, lambda uow, actor: move_member(uow, actor, company.members[REP], company.teams["二部"], version=1)
        )


Act = Callable[[Company, str, str, UnitOfWork], object]
ACTS: dict[str, Act] = {
    "role": lambda c, by, whom, uow: set_role(uow, c.actor(uow, by), c.members[whom], Role.REP, version=1),
    "deactivate": lambda c, by, whom, uow: deactivate(uow, c.actor(uow, by), c.members[whom], version=1),
    "reactivate": lambda c, by, whom, uow: reactivate(uow, c.actor(uow, by), c.members[whom], version=1),
    "move": lambda c, by, whom, uow: move_member(uow, c.actor(uow, by), c.members[whom], None, version=1),
    "rename": lambda c, by, whom, uow: rename_member(uow, c.actor(uow, by), c.members[whom], "别名"),
    "hand over": lambda c, by, whom, uow: hand_over(uow, c.actor(uow, by), c.members[whom], None),
}


OUTSIDE = [(REP, LEAD), (REP, "孙悦"), (LEAD, ADMIN), (LEAD, OTHER_REP), (OTHER_LEAD, LEAD), ("林怡君", REP)]


def test_nobody_acts_outside_the_own_tree_or_upwards(company: Company, subtests: pytest.Subtests) -> None:
    for act, work in ACTS.items():
        for by, whom in OUTSIDE:
            with subtests.test(act=act, by=by, whom=whom), pytest.raises((NotAllowed, NotFound)):
                company.run(partial(work, company, by, whom))


def test_nobody_changes_the_own_rights(company: Company, subtests: pytest.Subtests) -> None:
    for act in ("role", "deactivate", "move"):
        for who in (ADMIN, LEAD):
            with subtests.test(act=act, who=who), pytest.raises(NotAllowed):
                company.run(partial(ACTS[act], company, who, who))


def test_a_role_follows_to_the_team(company: Company) -> None:
    admin = ADMIN
    company.as_(admin, lambda uow, actor: set_role(uow, actor, company.members[LEAD], Role.REP, version=1))
    team = company.as_(admin, lambda uow, actor: uow.teams(actor).team(company.teams["一部"]))
    assert team.lead is None
    act_id = company.as_(admin, lambda uow, actor: set_role(uow, actor, company.members[REP], Role.LEAD, version=1))
    team = company.as_(admin, lambda uow, actor: uow.teams(actor).team(company.teams["一部"]))
    assert team.lead == REP
    company.undone(act_id, admin)
    assert line(company, REP).role is Role.REP


def test_rights_that_are_gone_undo_nothing(company: Company) -> None:
    """An admin who took somebody out, and is an admin no more, cannot bring them back by the button."""
    company.join("吴昊", Role.ADMIN)
    act_id = company.as_("吴昊", lambda uow, actor: deactivate(uow, actor, company.members[OTHER_REP], version=1))
    company.as_(ADMIN, lambda uow, actor: set_role(uow, actor, company.members["吴昊"], Role.REP, version=1))
    with pytest.raises(NotAllowed):
        company.undone(act_id, "吴昊")
    assert not line(company, OTHER_REP).active


def test_a_deactivated_lead_leads_nothing_and_invites_nobody(company: Company) -> None:
    company.as_(LEAD, lambda uow, actor: make_invite(uow, actor, Role.REP, company.teams["一部"], now=uow.now))
    act_id = company.as_(ADMIN, lambda uow, actor: deactivate(uow, actor, company.members[LEAD], version=1))

    def look(uow: UnitOfWork) -> tuple[str | None, int]:
        actor = company.actor(uow, ADMIN)
        return uow.teams(actor).team(company.teams["一部"]).lead, len(InviteRepository(uow, actor).open())

    assert company.run(look) == (None, 0)
    company.undone(act_id, ADMIN)
    assert company.run(look) == (LEAD, 1)
    assert company.run(lambda uow: company.actor(uow, LEAD)).role is Role.LEAD


# The last admin ----------------------------------------------------------------------------------------------------


def at_once(company: Company, works: list[Callable[[], object]]) -> list[object]:
    """Run at the same moment on PostgreSQL, one after the other on SQLite; refusals are results."""
    gate, results = threading.Barrier(len(works)), []

    def attempt(work: Callable[[], object]) -> None:
        if company.database.dialect != "sqlite":
            gate.wait(timeout=10)
        try:
            results.append(work())
        except DomainError as refusal:
            results.append(refusal)

    if company.database.dialect == "sqlite":
        for work in works:
            attempt(work)
        return results
    threads = [threading.Thread(target=attempt, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return results


def admins(company: Company) -> int:
    with company.database.engine.begin() as connection:
        wanted = select(Member.id).where(Member.role == "admin", Member.active.is_(True))
        return len(connection.execute(wanted).all())


@pytest.mark.parametrize("act", ["role", "deactivate"])
def test_two_admins_who_remove_each_other_leave_one(company: Company, act: str) -> None:
    company.join("吴昊", Role.ADMIN)
    both = company.run(lambda uow: [company.actor(uow, name) for name in (ADMIN, "吴昊")])

    def remove(by: int, whom: str) -> Callable[[], object]:
        def work(uow: UnitOfWork) -> object:
            if act == "role":  # with the rights of before: both were admins when they tapped
                return set_role(uow, both[by], company.members[whom], Role.REP, version=1)
            return deactivate(uow, both[by], company.members[whom], version=1)

        return lambda: company.run(work)

    results = at_once(company, [remove(0, "吴昊"), remove(1, ADMIN)])
    assert [isinstance(result, NotAllowed) for result in results].count(True) == 1
    assert admins(company) == 1


def test_undo_cannot_take_the_last_admin_either(company: Company) -> None:
    """One is made admin and takes the maker's right while the maker takes the making back."""
    act_id = company.as_(ADMIN, lambda uow, actor: set_role(uow, actor, company.members[LEAD], Role.ADMIN, version=1))
    maker, made = company.run(lambda uow: [company.actor(uow, name) for name in (ADMIN, LEAD)])
    at_once(
        company,
        [
            lambda: company.run(lambda uow: undo(uow, maker, act_id, now=uow.now)),
            lambda: company.run(lambda uow: set_role(uow, made, company.members[ADMIN], Role.REP, version=1)),
        ],
    )
    assert admins(company) == 1


# Handing over ------------------------------------------------------------------------------------------------------


def owners(company: Company, *customers: int) -> list[int | None]:
    return company.as_(ADMIN, lambda uow, actor: [line.owner_id for line in uow.customers(actor).lines(customers)])


@pytest.fixture
def work_of_rep(company: Company) -> tuple[int, int]:
    """Two customers of 王娜, with a next touch and a reminder."""
    first, second = company.customer("张伟", REP), company.customer("陈晓明", REP)

    def plan(uow: UnitOfWork) -> None:
        actor = company.actor(uow, REP)
        day = company.now.date() + dt.timedelta(days=2)
        agree(uow, actor, first, NextTouch(day, None, Origin.AGREED), now=uow.now)
        set_reminder(uow, actor, "寄样品", uow.now + dt.timedelta(days=1), customer_id=second, now=uow.now)

    company.run(plan)
    return first, second


def test_customers_go_to_the_heir_with_their_open_work(company: Company, work_of_rep: tuple[int, int]) -> None:
    count, act_id = company.as_(
        LEAD, lambda uow, actor: hand_over(uow, actor, company.members[REP], company.members["孙悦"])
    )
    heir = company.members["孙悦"]
    assert count == 2 and owners(company, *work_of_rep) == [heir, heir]

    def look(uow: UnitOfWork) -> tuple[bool, int, int]:
        actor = company.actor(uow, "孙悦")
        next_touch = uow.next_touches(actor).open_of(work_of_rep[0])
        return next_touch is not None, uow.reminders(actor).count(), uow.reminders(company.actor(uow, REP)).count()

    assert company.run(look) == (True, 1, 0)
    company.undone(act_id, LEAD)
    assert owners(company, *work_of_rep) == [company.members[REP]] * 2
    assert company.run(look)[1:] == (0, 1)


def test_customers_go_to_the_pool_and_come_back_by_undo(company: Company, work_of_rep: tuple[int, int]) -> None:
    _, act_id = company.as_(ADMIN, lambda uow, actor: hand_over(uow, actor, company.members[REP], None))
    assert owners(company, *work_of_rep) == [None, None]
    company.undone(act_id, ADMIN)
    assert owners(company, *work_of_rep) == [company.members[REP]] * 2
    found = company.as_(REP, lambda uow, actor: uow.customers(actor).search("陈晓明").items)
    assert [line.owner_id for line in found] == [company.members[REP]]  # the search follows


def test_many_customers_change_hands_in_few_statements(company: Company) -> None:
    """A leaver's thousand customers must not hold everybody else up: what costs is the statement, not the row."""
    keys = [company.customer(f"客户{n}", REP) for n in range(30)]
    statements: list[str] = []

    def count(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(company.database.engine, "before_cursor_execute", count)
    _, act_id = company.as_(LEAD, lambda uow, actor: hand_over(uow, actor, company.members[REP], actor.member_id))
    handed, statements[:] = len(statements), []
    company.undone(act_id, LEAD)
    assert handed < 60 and len(statements) < 60, (handed, len(statements))
    assert owners(company, *keys) == [company.members[REP]] * 30


def test_a_claim_since_then_stops_the_undo(company: Company, work_of_rep: tuple[int, int]) -> None:
    _, act_id = company.as_(ADMIN, lambda uow, actor: hand_over(uow, actor, company.members[REP], None))

    def claim(uow: UnitOfWork) -> None:
        actor = company.actor(uow, OTHER_REP)
        uow.act(actor, "customer.claimed", customer_id=work_of_rep[0])
        uow.customers(actor).set_owner(work_of_rep[0], company.members[OTHER_REP])

    company.run(claim)
    with pytest.raises(Changed):
        company.undone(act_id, ADMIN)
    assert owners(company, *work_of_rep) == [company.members[OTHER_REP], None]


def test_a_lead_takes_a_leavers_customers_over(company: Company, work_of_rep: tuple[int, int]) -> None:
    company.as_(LEAD, lambda uow, actor: deactivate(uow, actor, company.members[REP], version=1))
    company.as_(LEAD, lambda uow, actor: hand_over(uow, actor, company.members[REP], actor.member_id))
    assert owners(company, *work_of_rep) == [company.members[LEAD]] * 2


def test_no_heir_is_oneself_gone_or_out_of_sight(company: Company, work_of_rep: tuple[int, int]) -> None:
    company.as_(LEAD, lambda uow, actor: deactivate(uow, actor, company.members["孙悦"], version=1))
    for heir, refusal in ((REP, NotAllowed), ("孙悦", NotFound), (OTHER_REP, NotFound)):
        with pytest.raises(refusal), company.database.transaction(company.now) as uow:
            hand_over(uow, company.actor(uow, LEAD), company.members[REP], company.members[heir])
    assert owners(company, *work_of_rep) == [company.members[REP]] * 2


def test_an_admin_is_made_by_two_unless_there_is_only_one(company: Company) -> None:
    """Who asked must be another one, and an admin still, when somebody agrees."""

    def make(by: str, whom: str, asked_by: str | None = None) -> None:
        asker = company.members[asked_by] if asked_by else None
        version = line(company, whom).version
        company.as_(
            by,
            lambda uow, actor: set_role(uow, actor, company.members[whom], Role.ADMIN, version=version, asked_by=asker),
        )

    make(ADMIN, LEAD)
    for asked_by in (None, ADMIN, REP):
        with pytest.raises(NotAllowed):
            make(ADMIN, REP, asked_by)
    with pytest.raises(NotAllowed):
        make(REP, OTHER_REP, ADMIN)
    make(ADMIN, REP, LEAD)
    company.as_(ADMIN, lambda uow, actor: deactivate(uow, actor, company.members[LEAD], version=2))
    with pytest.raises(NotAllowed):
        make(ADMIN, OTHER_REP, LEAD)
    assert admins(company) == 2
