"""Customers on their way out: in which format, and how many a rep may take."""

from enum import StrEnum

from domain.values import frozen

REP_ROWS = 500  # of one file
REP_EXPORTS = 2  # a day
LARGEST_FILE = 49 * 2**20  # bytes: bots may send 50 MB


class Format(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


@frozen
class Allowance:
    """What the actor may take out now.

    Attributes:
        customers: how many there are in the scope.
        most: rows of a file, ``None`` for all.
        left: files today, ``None`` without a limit.
    """

    customers: int
    most: int | None = None
    left: int | None = None
