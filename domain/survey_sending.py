"""Sending surveys: whom to ask, who is left out and why, and what goes out by itself."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import field, replace
from enum import StrEnum
from typing import Any

from domain.carriers import Carried, Carrier
from domain.consents import COOL_DOWN, Purpose, Topic, Wishes, may_write
from domain.customers import Grade, Stage
from domain.surveys import InvitationState, Survey
from domain.touches import TouchKind
from domain.values import frozen

EXPIRES = dt.timedelta(days=14)  # after it was made; nobody remembers a visit of last month well
REMIND_AFTER = dt.timedelta(days=3)  # once, when it was sent and is not answered
MOST_IN_WAVE = 1000  # a second of work; who has more customers sends in parts
FRESH = dt.timedelta(days=2)  # a touch that is logged later asks nobody any more
SHARES = (100, 50, 20, 10)  # per cent of what could be asked after
LIMITS = (5, 20, 50, 200)  # invitations a day of one survey that goes out by itself

ANSWERABLE = frozenset({InvitationState.SENT, InvitationState.OPENED})
PENDING = ANSWERABLE | {InvitationState.WAITING}


@frozen
class Invitation:
    """One contact asked once. ``person_id`` None: without Telegram, by the web page; ``customer`` as it is called now."""

    id: int
    version: int
    survey_id: int
    wave_id: int | None
    customer_id: int
    customer: str
    owner_id: int | None
    contact_id: int | None
    contact: str | None
    person_id: int | None
    touch_id: int | None
    case_id: int | None
    response_id: int | None
    state: InvitationState
    created_at: dt.datetime
    send_at: dt.datetime
    sent_at: dt.datetime | None
    opened_at: dt.datetime | None
    done_at: dt.datetime | None
    reminded_at: dt.datetime | None
    expires_at: dt.datetime
    carrier: Carrier | None = None  # without Telegram: how it left, and how far that got
    carried: Carried | None = None

    def answerable(self, now: dt.datetime) -> bool:
        """Whether answers are taken: it was sent, is not done or withdrawn, and its time is not over."""
        return self.state in ANSWERABLE and now < self.expires_at

    @property
    def by_rule(self) -> bool:
        """Whether it follows a touch or a case."""
        return self.touch_id is not None or self.case_id is not None

    @property
    def by_hand(self) -> bool:
        """Whether somebody sent it to this one customer: then somebody also calls when it is not answered."""
        return self.wave_id is None and not self.by_rule


# Who is left out ---------------------------------------------------------------------------------------------------


class LeftOut(StrEnum):
    """Why a customer is not asked, the reason that lasts longest first."""

    NO_ACCOUNT = "no_account"
    NO_ADDRESS = "no_address"  # nor an account, where we can write otherwise
    NO_CONSENT = "no_consent"
    SWITCHED_OFF = "switched_off"
    STOPPED = "stopped"  # wants no messages, for now or at all
    UNREACHABLE = "unreachable"  # blocked the bot
    ASKED = "asked"  # has this survey already
    COMPLAINT = "complaint"  # has an open one
    COOL_DOWN = "cool_down"  # was written to unasked lately, or is about to be


@frozen
class Candidate:
    """A customer who might be asked: by an account, or by a carrier at ``to``; without either there is no way.

    Attributes:
        nudged_at: the last unasked message of any kind, to that account or to the contact's address.
        asked: has this survey, not answered yet.
        awaits: another invitation waits to leave.
        complaint: an open one that the sender may know of; ``hidden``: one that is about the sender.
    """

    customer_id: int
    customer: str
    contact_id: int | None = None
    person_id: int | None = None
    wishes: Wishes = field(default_factory=Wishes)
    reachable: bool = True
    nudged_at: dt.datetime | None = None
    asked: bool = False
    awaits: bool = False
    complaint: bool = False
    hidden: bool = False
    carrier: Carrier | None = None
    to: str | None = None

    def alone(self) -> "Candidate":
        """The same account without its own invitation counted against it."""
        return replace(self, asked=False, awaits=False)


def left_out(one: Candidate, *, now: dt.datetime) -> LeftOut | None:
    """Why somebody may not be asked now, ``None`` for who may.

    A complaint about the sender looks like any other rest: it leaves no trace on the sender's screens.
    """
    if one.person_id is None and one.carrier is None:
        return LeftOut.NO_ACCOUNT
    if Purpose.SERVICE not in one.wishes.granted:
        return LeftOut.NO_CONSENT
    if Topic.SURVEYS in one.wishes.off:
        return LeftOut.SWITCHED_OFF
    if not may_write(one.wishes, Purpose.SERVICE, topic=Topic.SURVEYS, now=now):
        return LeftOut.STOPPED
    if not one.reachable:
        return LeftOut.UNREACHABLE
    if one.asked:
        return LeftOut.ASKED
    if one.complaint:
        return LeftOut.COMPLAINT
    rests = one.nudged_at is not None and one.nudged_at + COOL_DOWN > now
    return LeftOut.COOL_DOWN if rests or one.awaits or one.hidden else None


@frozen
class Audience:
    """Which of the sender's customers; ``None`` is no condition. Tag and city are named by a row that has them, so that
    a button can carry them."""

    grade: Grade | None = None
    stage: Stage | None = None
    owner_id: int | None = None
    team_id: int | None = None
    tag_id: int | None = None
    city_id: int | None = None


@frozen
class Plan:
    """What sending would do: ``go`` are asked, ``left`` counts the others by reason."""

    survey: Survey
    audience: Audience
    names: Mapping[str, str]  # of the audience's owner, team, tag and city
    go: tuple[Candidate, ...]
    left: Counter[LeftOut]

    @property
    def ways(self) -> Counter[Carrier | None]:
        """How many by which way; ``None`` is Telegram."""
        return Counter(one.carrier for one in self.go)

    @property
    def facts(self) -> dict[str, Any]:
        """What is kept of a wave: the conditions in words, and the counts."""
        one = self.audience
        chosen = {"grade": one.grade, "stage": one.stage, **self.names}
        return {
            "audience": {name: str(value) for name, value in chosen.items() if value is not None},
            "go": len(self.go),
            "left": {str(reason): count for reason, count in self.left.items()},
        }


@frozen
class Wave:
    """One sending of a survey, as it was; ``facts`` are those of its ``Plan``."""

    id: int
    survey_id: int
    facts: Mapping[str, Any]
    by: str | None
    created_at: dt.datetime


# What goes out by itself -------------------------------------------------------------------------------------------


@frozen
class Rule:
    """Whom a trigger asks: after which kinds of touch, which share of them in per cent, at most so many a day."""

    kinds: frozenset[TouchKind] = frozenset({TouchKind.VISIT})
    share: int = 100
    a_day: int = 20

    def to_json(self) -> dict[str, Any]:
        return {"kinds": sorted(self.kinds), "share": self.share, "a_day": self.a_day}


def rule_of(survey: Survey) -> Rule:
    """The rule of a survey that goes out by itself."""
    stored, usual = survey.rule, Rule()
    kinds = frozenset(TouchKind(kind) for kind in stored["kinds"]) if "kinds" in stored else usual.kinds
    return Rule(kinds, stored.get("share", usual.share), stored.get("a_day", usual.a_day))


def falls_in(share: int, number: int) -> bool:
    """Whether one of many falls into a share, evenly and the same for ever: 37 has no divisor in common with 100."""
    return number * 37 % 100 < share
