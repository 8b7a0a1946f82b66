"""Links that a customer opens: a personal one leads to one contact, a public one makes a prospect of each who opens it."""

import datetime as dt
from enum import StrEnum

from domain.bindings import LinkKind
from domain.people import LEADS, Actor
from domain.values import frozen

LONGEST_LABEL = 40  # characters of what a public link is called: a line of a list


class Source(StrEnum):
    """Where a public link lies; with its label it is the source of whoever comes by it, for ever."""

    CARD = "card"  # a member's business card
    WEBSITE = "website"
    FAIR = "fair"
    CAMPAIGN = "campaign"
    EVENT = "event"

    @property
    def named(self) -> bool:
        """Whether there may be several, so that a label must tell which."""
        return self in (Source.FAIR, Source.CAMPAIGN, Source.EVENT)


@frozen
class OpenLink:
    """A link that can still be used. ``owner_id``: the member who will write; ``None``: nobody in particular.

    ``used_by`` is set only for who used it, and comes back by it.
    """

    id: int
    kind: LinkKind
    customer_id: int | None
    contact_id: int | None
    owner_id: int | None
    source: Source | None
    label: str | None
    used_by: int | None = None


@frozen
class LinkLine:
    """A public link as lists show it. ``member`` gets who comes by it; ``None``: the pool.

    ``opened`` counts each opening, ``came`` the accounts that agreed and became prospects.
    """

    id: int
    version: int
    source: Source
    label: str | None
    member_id: int | None
    member: str | None
    created_by: int | None
    created_at: dt.datetime
    opened: int
    came: int


def may_publish(actor: Actor, member_id: int | None) -> bool:
    """Whether ``actor`` may make a public link: leads and admins any, a rep one that leads to the rep."""
    return actor.role in LEADS or (member_id is not None and member_id == actor.member_id)
