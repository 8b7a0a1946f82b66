"""Who may do what, as one table: a change of a right is seen in the change itself, not found out later.

After a wanted change: ``python -m tests.contracts.test_routes`` writes the table anew; read what differs.
"""

import dataclasses
import re
from collections import Counter
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.matching import Match, Router
from domain.people import ANYONE, OUTSIDE, Guest, Role, Side
from handlers import all_routes
from handlers.routing import Command, Content, ReplyTo, Route, Start, Step
from views.language import Translator
from views.menus import command_words
from views.replies import PAYLOADS, pack, tag_of

GOLDEN = Path(__file__).parent / "routes.txt"
COLUMNS: tuple[Side, ...] = (None, Guest.CUSTOMER, *Role)
LARGEST_ID = 10**9  # of any row; a billion touches are more than SQLite is asked to hold
ON_THE_WIRE = 64 - 12  # Telegram's bytes of a button, less the signature
ROUTES: tuple[Route, ...] = all_routes()
BUTTONS = [kind for kind in PAYLOADS.values() if kind.__module__.startswith("views.")]  # tests declare some too


def name_of(route: Route) -> str:
    """What starts a route, as the table names it."""
    match route.trigger:
        case Command(name, aliases):
            return " ".join(f"/{word}" for word in (name, *aliases))
        case Start(prefix):
            return f"/start {prefix}…"
        case ReplyTo(name):
            return f"reply to {name}"
        case Step(name, content):
            kinds = "" if content == {Content.TEXT} else " " + "+".join(sorted(content))
            return f"step {name}{kinds}"
        case Content() as content:
            return f"message {content}"
        case kind:
            assert isinstance(kind, type)
            return f"button {tag_of(kind)} {kind.__module__.removeprefix('views.')}.{kind.__name__}"


def table() -> str:
    """Routes × roles: ``x`` may, ``·`` may not; ``once``: a press has its effect once."""
    lines = [f"{'':50} {'nobody':8}{'customer':10}{'rep':8}{'lead':8}admin"]
    for route in sorted(ROUTES, key=name_of):
        cells = "".join(f"{'x' if side in route.allowed else '·':{_width(side)}}" for side in COLUMNS).rstrip()
        lines.append(f"{name_of(route):50} {cells}{'   once' if route.once else ''}")
    return "\n".join(lines) + "\n"


def _width(side: Side) -> int:
    return 10 if side is Guest.CUSTOMER else 8


def test_rights_are_as_they_were_agreed() -> None:
    assert table() == GOLDEN.read_text(), "see the docstring of this module"


def test_nobody_is_let_in_but_by_the_first_screen_and_links() -> None:
    """And by what a customer sees who is untied while it stands in the chat."""
    open_to_all = {name_of(route) for route in ROUTES if None in route.allowed}
    assert open_to_all == {
        *("/cancel", "/start", "/start c…", "/start i…", "/start o…"),
        *(
            f"button {one}"
            for one in ("na7 enquiries.ClaimCustomer", "nb7 enquiries.AskContact", "nc7 enquiries.UseName")
        ),
        "step consents.link document+location+photo+text+voice",  # asks again what the link asked
        *(f"step enquiries.{one}" for one in ("number contact+text", "name", "words")),
        *("button bb8 consents.AnswerLink", "button bc8 consents.AnswerPurpose", "button be8 links.OpenWelcome"),
        "button lv1 links.Leave",
    }
    assert all(route.allowed in (ANYONE, OUTSIDE) for route in ROUTES if None in route.allowed)


def test_rights_grow_with_the_role() -> None:
    for route in ROUTES:
        for lower, higher in ((Role.REP, Role.LEAD), (Role.LEAD, Role.ADMIN)):
            assert lower not in route.allowed or higher in route.allowed, name_of(route)


def test_every_button_leads_somewhere() -> None:
    listened = {route.trigger for route in ROUTES if isinstance(route.trigger, type)}
    assert not {kind.__qualname__ for kind in BUTTONS if kind not in listened}


def test_nothing_has_two_routes() -> None:
    """One trigger may mean one thing to each side."""
    for side in COLUMNS:
        served = [route for route in ROUTES if side in route.allowed]
        twice = [name for name, count in Counter(map(name_of, served)).items() if count > 1]
        words = Counter(
            w for r in served if isinstance(r.trigger, Command) for w in (r.trigger.name, *r.trigger.aliases)
        )
        assert not twice
        assert not [word for word, count in words.items() if count > 1]


@pytest.mark.parametrize("kind", BUTTONS, ids=lambda kind: kind.__qualname__)
def test_a_button_fits_the_wire_and_knows_its_version(kind: type) -> None:
    values = [_largest(field.type) for field in dataclasses.fields(kind)]
    assert len(pack(kind(*values)).encode()) <= ON_THE_WIRE
    assert re.fullmatch(r"[a-z]{2}\d", tag_of(kind))


def _largest(kind: object) -> object:
    if kind is int:
        return LARGEST_ID
    inner = [one for one in getattr(kind, "__args__", (kind,)) if one is not type(None)]
    if inner == [int]:
        return LARGEST_ID
    (words,) = inner
    assert isinstance(words, type) and issubclass(words, StrEnum)
    return max(words, key=len)


@pytest.mark.parametrize("side", COLUMNS)
def test_the_frame_lets_nobody_else_in(side: Side) -> None:
    router = Router(ROUTES)
    for route in ROUTES:
        if isinstance(route.trigger, type):
            kind = route.trigger
            found = router.press(kind(*(_largest(field.type) for field in dataclasses.fields(kind))), side)
            allowed = any(side in one.allowed for one in ROUTES if one.trigger is kind)
            assert isinstance(found, Match) is allowed, name_of(route)


def test_every_command_has_words_for_the_menu() -> None:
    t = Translator("en", ZoneInfo("UTC"))
    names = {route.trigger.name for route in ROUTES if isinstance(route.trigger, Command)}
    assert not {name for name in names if all(command_words(t, name, side) is None for side in COLUMNS)}


if __name__ == "__main__":
    GOLDEN.write_text(table())
