"""What a customer agreed to be written about, and whether a message may leave now.

Service messages and offers are agreed separately; each decision is kept with the version of the text it was made on.
The latest decision per purpose counts. ``/stop`` and a pause win over both.
"""

import datetime as dt
from enum import StrEnum

from domain.values import frozen

TEXT_VERSION = 1  # of the two lines that were agreed to; a change of their meaning is a new version
DAY_STARTS, DAY_ENDS = dt.time(9), dt.time(20)  # nothing unasked reaches a customer outside, in the own zone
COOL_DOWN = dt.timedelta(days=7)  # between two unasked messages of any kind to one customer


class Purpose(StrEnum):
    """Why a customer is written to. Surveys about the service are service messages."""

    SERVICE = "service"
    OFFERS = "offers"


class Topic(StrEnum):
    """What a customer can switch off one by one in ``/settings``, beside the purposes."""

    SURVEYS = "surveys"
    CARE = "care"
    NEWS = "news"


@frozen
class Wishes:
    """What one person agreed to and asked for. ``off`` holds the topics that were switched off."""

    granted: frozenset[Purpose] = frozenset()
    off: frozenset[Topic] = frozenset()
    paused_until: dt.datetime | None = None
    stopped: bool = False


def may_write(wishes: Wishes, purpose: Purpose, *, topic: Topic | None = None, now: dt.datetime) -> bool:
    """Whether an unasked message for ``purpose`` may leave: agreed to, not switched off, not paused, not stopped."""
    if wishes.stopped or purpose not in wishes.granted or (topic is not None and topic in wishes.off):
        return False
    return wishes.paused_until is None or wishes.paused_until <= now
