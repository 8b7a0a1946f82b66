"""Complaints, questions, suggestions and praise: the words that storage keeps and both sides see."""

import secrets
from enum import StrEnum

REFERENCE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no look-alikes: it is read out on the telephone
REFERENCE_LENGTH = 6  # 30 bits; a lookup shows only one's own and is throttled, so that guessing finds nothing


class CaseKind(StrEnum):
    COMPLAINT = "complaint"
    QUESTION = "question"
    SUGGESTION = "suggestion"
    PRAISE = "praise"


class About(StrEnum):
    """What a case is about. ``ADVISER`` is about the rep: it goes to the lead and leaves no trace on that rep's screens."""

    PRODUCT = "product"
    DELIVERY = "delivery"
    PRICE = "price"
    SERVICE = "service"
    ADVISER = "adviser"


class CaseState(StrEnum):
    RECEIVED = "received"
    ASSIGNED = "assigned"
    IN_WORK = "in_work"
    WAITING = "waiting"  # for the customer: clocks stand still
    SOLVED = "solved"  # says the staff; the customer is asked
    CONFIRMED = "confirmed"  # says the customer
    CLOSED = "closed"  # by silence, or by staff with a reason


OPEN_STATES = frozenset(
    {CaseState.RECEIVED, CaseState.ASSIGNED, CaseState.IN_WORK, CaseState.WAITING, CaseState.SOLVED}
)


class EntryKind(StrEnum):
    """A line of a case's story. Only ``WORDS`` (the customer's) and ``ANSWER`` (ours) are seen by the customer."""

    WORDS = "words"
    ANSWER = "answer"
    NOTE = "note"
    STATE = "state"
    TRANSFER = "transfer"


def new_reference() -> str:
    """A public reference such as ``C-7K3QXM``: random, so that nobody counts or guesses others' matters."""
    return "C-" + "".join(secrets.choice(REFERENCE_SIGNS) for _ in range(REFERENCE_LENGTH))
