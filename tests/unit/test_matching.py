"""Which route takes an update."""

import datetime as dt

import pytest

from bot.matching import Match, Miss, Router
from domain.people import ANYONE, LEADS, STAFF, Role, Side
from handlers.routing import Command, Content, Incoming, Request, Route, Start, Step
from storage.dialogs import OpenDialog
from views.replies import Reply, payload


@payload("zm1")
class Tap:
    """A button of the test."""

    number: int


@payload("zm2")
class Unheard:
    """A button that nobody listens to."""

    number: int


def route(trigger: object, allowed: frozenset[Side] = STAFF) -> Route:
    def answer(_req: Request) -> Reply:
        return Reply(str(trigger))

    return Route(trigger, answer, allowed)  # type: ignore[arg-type]


FIND, START, INVITE = route(Command("find", "f")), route(Command("start"), ANYONE), route(Start("i"), ANYONE)
TEAM, TEXT, NAME, PHOTO, TAP = (
    route(Command("team"), LEADS),
    route(Content.TEXT),
    route(Step("name")),
    route(Step("picture", frozenset({Content.PHOTO}))),
    route(Tap),
)
ROUTER = Router([FIND, START, INVITE, TEAM, TEXT, NAME, PHOTO, TAP])


def say(text: str, content: Content | None = Content.TEXT) -> Incoming:
    return Incoming(1, content, 5, 5, True, dt.datetime(2026, 11, 18, tzinfo=dt.UTC), text=text)


@pytest.mark.parametrize(
    "text, expected, rest",
    [
        ("/find 张伟", FIND, "张伟"),
        ("/f 张伟", FIND, "张伟"),
        ("/FIND@our_bot  a\nb ", FIND, "a\nb"),
        ("/find", FIND, ""),
        ("/start", START, ""),
        ("/start iabc_-1", INVITE, "abc_-1"),
        ("/start zzz", START, "zzz"),
        ("拜访 张伟", TEXT, "拜访 张伟"),
        ("/ find", TEXT, "/ find"),
    ],
)
def test_a_text_finds_its_route(text: str, expected: Route, rest: str) -> None:
    match = ROUTER.message(say(text), None, Role.REP)
    assert isinstance(match, Match)
    assert (match.route, match.text) == (expected, rest)


def test_an_open_step_takes_a_text_but_not_a_command() -> None:
    dialog = OpenDialog("name", {"id": 3})
    match = ROUTER.message(say("王五"), dialog, Role.REP)
    assert isinstance(match, Match) and match.route is NAME and match.facts == {"id": 3}
    command = ROUTER.message(say("/find x"), dialog, Role.REP)
    assert isinstance(command, Match) and command.route is FIND and command.facts == {"id": 3}


def test_a_step_that_waits_for_a_picture_leaves_texts_alone() -> None:
    match = ROUTER.message(say("王五"), OpenDialog("picture"), Role.REP)
    assert isinstance(match, Match) and match.route is TEXT


def test_a_step_of_an_older_version_leaves_the_text_to_the_others() -> None:
    match = ROUTER.message(say("王五"), OpenDialog("gone"), Role.REP)
    assert isinstance(match, Match) and match.route is TEXT


@pytest.mark.parametrize(
    "incoming, role, miss",
    [
        (say("/nonsense"), Role.REP, Miss.UNKNOWN_COMMAND),
        (say("/team"), Role.REP, Miss.FORBIDDEN),
        (say("text"), None, Miss.FORBIDDEN),
        (say("", None), Role.REP, Miss.UNREADABLE),
        (say("", Content.VOICE), Role.REP, Miss.UNREADABLE),
        (say("amended", Content.EDIT), Role.REP, Miss.NOTHING),
        (say("", Content.REACHABLE), Role.REP, Miss.NOTHING),
    ],
)
def test_what_no_route_takes_says_why(incoming: Incoming, role: Role | None, miss: Miss) -> None:
    assert ROUTER.message(incoming, None, role) is miss


def test_a_press_goes_to_who_listens() -> None:
    match = ROUTER.press(Tap(1), Role.REP)
    assert isinstance(match, Match) and match.route is TAP
    assert ROUTER.press(Tap(1), None) is Miss.FORBIDDEN
    assert ROUTER.press(Unheard(1), Role.REP) is Miss.STALE
    assert ROUTER.press(None, Role.REP) is Miss.STALE
