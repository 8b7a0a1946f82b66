"""The chain over the trail: what its newest seal is known by, and what is wrong with a trail that was tampered with."""

import re
from enum import StrEnum

from domain.values import frozen

SHOWN_BYTES = 16  # of a hash: nobody finds another trail with the same half of it
_MARK = re.compile(r"(\d{1,18})-([0-9a-f]{32})")


@frozen
class Head:
    """The newest seal at some moment, as it is told outside the database."""

    number: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.number}-{self.hash[:SHOWN_BYTES].hex()}"

    def is_same(self, hash: bytes) -> bool:
        """Whether a seal has this hash, as far as it was told."""
        return hash[: len(self.hash)] == self.hash

    @classmethod
    def parse(cls, text: str) -> "Head":
        """What ``str`` made. Raises ``ValueError`` for anything else."""
        hit = _MARK.fullmatch(text.strip().lower())
        if hit is None:
            raise ValueError(text)
        return cls(int(hit[1]), bytes.fromhex(hit[2]))


class Flaw(StrEnum):
    """What is wrong at a place of the trail."""

    SEAL_GONE = "seal_gone"
    ACT_GONE = "act_gone"
    ALTERED = "altered"  # the act, one of its changes, or their number or order
    ERASED = "erased"  # by no act that says so
    UNDONE = "undone"  # marked as undone by no act that says so, or not marked though one says so
    UNSEALED = "unsealed"  # written in between, past the program
    CUT = "cut"  # it ends before the head that was told once
    OTHER = "other"  # at the place of the head that was told once stands something else


@frozen
class Trouble:
    """The first place of a trail that is not as it was written. ``act_id`` None: no act is named there."""

    flaw: Flaw
    number: int
    act_id: int | None


@frozen
class Verdict:
    """What came of looking a trail through.

    Attributes:
        seals: how many were looked at.
        rows: acts and changes beneath them.
        head: the newest, ``None`` for an empty trail.
        trouble: the first, ``None`` when all is as it was written.
    """

    seals: int
    rows: int
    head: Head | None
    trouble: Trouble | None
