"""Who may see what, as a table written by hand: the product's promise, not the program's own rules."""

import re
from enum import Enum
from functools import cache

from tests.access.house import DIGITS, OWNERS, STARS, Kind, Who, contact_stem


class Sight(Enum):
    """How much of a record somebody may see."""

    FULL = "F"
    MASKED = "m"  # as one of the public pool: no phone, no note, no people
    NONE = "."


GRID = """
         admin  lead  other_lead  owner  mate  far  left  stranger  buyer
vega     F      F     .           F      .     .    .     .         .
rigel    F      F     .           .      F     .    .     .         .
deneb    F      .     F           .      .     F    .     .         .
altair   F      F     .           .      .     .    .     .         .
mizar    F      m     m           m      m     m    .     .         .
spica    F      F     .           .      .     .    .     .         .
"""

MEMBERS = """
            admin  lead  other_lead  owner  mate  far  left  stranger  buyer
admin       F      .     .           .      .     .    .     .         .
lead        F      F     .           .      .     .    .     .         .
other_lead  F      .     F           .      .     .    .     .         .
owner       F      F     .           F      .     .    .     .         .
far         F      .     F           .      .     F    .     .         .
left        F      F     .           .      .     .    .     .         .
"""

TEAMS = """
       admin  lead  other_lead  owner  mate  far  left  stranger  buyer
north  F      F     .           .      .     .    .     .         .
sub    F      F     .           .      .     .    .     .         .
south  F      .     F           .      .     .    .     .         .
"""


def _read(grid: str) -> dict[tuple[str, Who], Sight]:
    head, *rows = [line.split() for line in grid.strip().splitlines()]
    return {(row[0], Who(who)): Sight(cell) for row in rows for who, cell in zip(head, row[1:], strict=True)}


RECORDS_SEEN = _read(GRID)
MEMBERS_SEEN = _read(MEMBERS)
TEAMS_SEEN = _read(TEAMS)
ACTIVE = frozenset(Who) - {Who.LEFT, Who.STRANGER, Who.BUYER}
LEADS = frozenset({Who.ADMIN, Who.LEAD, Who.OTHER_LEAD})
NORTH = frozenset({Who.LEAD, Who.OWNER, Who.MATE, Who.LEFT})
SOUTH = frozenset({Who.OTHER_LEAD, Who.FAR})


def sight(kind: Kind, who: Who) -> Sight:
    """How much of a record of this kind somebody may see."""
    return RECORDS_SEEN[kind, who]


def owns(kind: Kind, who: Who) -> bool:
    """Whether somebody has records of this kind, drafts and reminders included."""
    return OWNERS.get(kind) is who and who in ACTIVE


@cache
def secrets_from(who: Who) -> re.Pattern[str]:
    """Everything that must never be in anything sent to somebody."""
    parts = [part for kind in Kind for part in _of_record(kind, who)]
    parts += [f"Qzmember{other.replace('_', '')}" for other in Who if _is_foreign(other, who)]
    parts += [f"Qzteam{team}" for team in ("north", "sub", "south") if not _is_own_team(team, who)]
    return re.compile("|".join(parts) or r"(?!)")  # an admin may read everything


def belongs(words: str, kind: Kind) -> bool:
    """Whether words are of a record of this kind."""
    return words.startswith((f"Qz{kind}", f"琟{STARS[kind]}", DIGITS[kind]))


def _of_record(kind: Kind, who: Who) -> list[str]:
    digits = rf"{DIGITS[kind]}\d{{5}}"
    match sight(kind, who):
        case Sight.FULL:
            return []
        case Sight.MASKED:
            return [rf"Qz{kind}h\w*", digits, f"琟{contact_stem(kind)}"]
        case Sight.NONE:
            return [rf"Qz{kind}\w*", digits, rf"琟{STARS[kind]}\w*"]


def _is_foreign(other: Who, who: Who) -> bool:
    """Colleagues of another tree of teams; for who is no colleague, everybody."""
    if who not in ACTIVE:
        return True
    return not (who is Who.ADMIN or other is Who.ADMIN or {who, other} <= NORTH or {who, other} <= SOUTH)


def _is_own_team(team: str, who: Who) -> bool:
    own = {Who.OWNER: "sub", Who.MATE: "sub", Who.FAR: "south"}
    return TEAMS_SEEN[team, who] is Sight.FULL or own.get(who) == team
