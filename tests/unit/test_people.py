"""Who may do what to whom, how long a guesser is silent, and what the set-up and the settings understand."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from domain.history import ActLine
from domain.people import ADMINS, LEADS, Actor, MemberLine, Role, manages, may_invite, silent_until
from domain.setup import Question, asked, beside
from parsing.settings import clock_time, hours_span, zone_named

NOON = dt.datetime(2026, 11, 18, 4, tzinfo=dt.UTC)
TREE = frozenset({1, 2})


def actor(role: Role | None) -> Actor:
    return Actor(1, 10001, "zh_Hans", ZoneInfo("Asia/Shanghai"), member_id=1 if role else None, role=role, team_id=1)


def member(role: Role, *, key: int = 2) -> MemberLine:
    return MemberLine(key, "王娜", role, 1, "一部", True, 0, 1)


@pytest.mark.parametrize(
    ("issuer", "role", "team_id", "may"),
    [
        (Role.ADMIN, Role.ADMIN, None, True),
        (Role.ADMIN, Role.LEAD, 9, True),
        (Role.LEAD, Role.REP, 2, True),
        (Role.LEAD, Role.REP, 9, False),
        (Role.LEAD, Role.REP, None, False),
        (Role.LEAD, Role.LEAD, 1, False),
        (Role.LEAD, Role.ADMIN, 1, False),
        (Role.REP, Role.REP, 1, False),
        (None, Role.REP, 1, False),
    ],
)
def test_a_lead_invites_reps_into_the_own_tree_only(
    issuer: Role | None, role: Role, team_id: int | None, may: bool
) -> None:
    assert may_invite(actor(issuer), role, team_id=team_id, own_tree=TREE) is may


@pytest.mark.parametrize(
    ("who", "whom", "may"),
    [
        (Role.ADMIN, Role.ADMIN, True),
        (Role.ADMIN, Role.REP, True),
        (Role.LEAD, Role.REP, True),
        (Role.LEAD, Role.LEAD, False),
        (Role.LEAD, Role.ADMIN, False),
        (Role.REP, Role.REP, False),
        (None, Role.REP, False),
    ],
)
def test_members_are_managed_from_above(who: Role | None, whom: Role, may: bool) -> None:
    assert manages(actor(who), member(whom)) is may


@pytest.mark.parametrize("role", list(Role))
def test_nobody_manages_the_own_self(role: Role) -> None:
    assert not manages(actor(role), member(role, key=1))


def minutes(*ago: int) -> list[dt.datetime]:
    return [NOON - dt.timedelta(minutes=n) for n in ago]


@pytest.mark.parametrize(
    ("wrong", "until"),
    [
        ([], None),
        (minutes(0, 1, 2, 3), None),
        (minutes(0, 1, 2, 3, 4), NOON + dt.timedelta(hours=1)),
        (minutes(30, 31, 32, 33, 90), NOON + dt.timedelta(minutes=30)),
        (minutes(0, 1, 2, 3, 61), None),  # the fifth is more than an hour before the first
    ],
)
def test_five_wrong_links_within_an_hour_silence_for_an_hour(
    wrong: list[dt.datetime], until: dt.datetime | None
) -> None:
    assert silent_until(wrong) == until


@pytest.mark.parametrize(
    ("kind", "undoers"),
    [
        ("touch.logged", None),
        ("customer.assigned", None),
        ("member.moved", LEADS),
        ("member.handed_over", LEADS),
        ("team.added", LEADS),
        ("invite.made", LEADS),
        ("member.role_changed", ADMINS),
        ("team.led", ADMINS),
        ("organisation.changed", ADMINS),
    ],
)
def test_undo_needs_the_right_to_the_act(kind: str, undoers: frozenset[Role] | None) -> None:
    assert ActLine(1, kind, NOON, 1, "周芳", None, None, None, False).undoers == undoers


def test_an_act_can_be_undone_until_its_time_and_once() -> None:
    def line(undo_until: dt.datetime | None, *, undone: bool = False) -> ActLine:
        return ActLine(1, "touch.logged", NOON, 1, "周芳", None, None, undo_until, undone)

    assert line(NOON + dt.timedelta(seconds=1)).may_undo(NOON)
    assert not line(NOON).may_undo(NOON)
    assert not line(None).may_undo(NOON)
    assert not line(NOON + dt.timedelta(minutes=1), undone=True).may_undo(NOON)


@pytest.mark.parametrize(
    ("region", "has_teams", "run"),
    [
        ("CN", False, "lrwst"),
        ("US", False, "lrzwst"),
        ("US", True, "lrzws"),
        ("DE", True, "lrws"),  # from the environment: its zone stays as it is
    ],
)
def test_the_set_up_asks_only_what_is_open(region: str, has_teams: bool, run: str) -> None:
    assert "".join(asked(region, has_teams=has_teams)) == run


def test_the_set_up_knows_what_stands_beside_a_question() -> None:
    run = asked("CN", has_teams=False)
    assert beside(Question.LANGUAGE, run) == (None, Question.REGION)
    assert beside(Question.WORKTIME, run) == (Question.REGION, Question.STRANGERS)
    assert beside(Question.TEAM, run) == (Question.STRANGERS, None)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Paris", "Europe/Paris"),
        (" paris ", "Europe/Paris"),
        ("new york", "America/New_York"),
        ("巴黎", "Europe/Paris"),
        ("東京", "Asia/Tokyo"),
        ("东京", "Asia/Tokyo"),
        ("北京", "Asia/Shanghai"),
        ("臺北", "Asia/Taipei"),
        ("Atlantis", None),
        ("UTC", None),  # nobody lives there, and summer time would be missed
        ("", None),
        ("../etc/passwd", None),
    ],
)
def test_a_zone_is_known_by_its_city_in_three_languages(typed: str, zone: str | None) -> None:
    assert zone_named(typed) == zone


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("7:45", dt.time(7, 45)),
        ("07.45", dt.time(7, 45)),
        ("７：４５", dt.time(7, 45)),
        ("8点30分", dt.time(8, 30)),
        ("8點", dt.time(8)),
        ("0", dt.time(0)),
        ("24:00", None),
        ("7:60", None),
        ("morning", None),
        ("", None),
    ],
)
def test_a_clock_time_is_read_as_it_is_typed(typed: str, at: dt.time | None) -> None:
    assert clock_time(typed) == at


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("22:30-07:00", (dt.time(22, 30), dt.time(7))),
        ("22点到7点", (dt.time(22), dt.time(7))),
        ("22 to 7", (dt.time(22), dt.time(7))),
        ("22:30～7", (dt.time(22, 30), dt.time(7))),
        ("22:30", None),
        ("22-25", None),
    ],
)
def test_quiet_hours_are_two_times(typed: str, span: tuple[dt.time, dt.time] | None) -> None:
    assert hours_span(typed) == span
