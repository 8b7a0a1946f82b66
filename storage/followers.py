"""Rows that follow from others: search keys from names, due times from reminders and next touches.

They are made again, whole, from what they follow from: after a write, an undo or an import alike.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.orm import aliased

from domain.bindings import BindingState
from domain.me import STILL_RIGHT, CorrectionState
from domain.survey_sending import ANSWERABLE, PENDING, REMIND_AFTER
from domain.surveys import InvitationState
from storage import search
from storage.acts import UNDO_MINUTES
from storage.case_dues import owe_clocks
from storage.models import (
    Binding,
    Channel,
    Contact,
    Correction,
    Customer,
    Due,
    Member,
    NextTouch,
    Reminder,
    SurveyInvitation,
    Tag,
)
from storage.mornings import owe_mornings

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_KEYS: Any = bindparam("keys", expanding=True)
CUSTOMERS_OF_CONTACTS = select(Contact.customer_id).where(Contact.id.in_(_KEYS))
CUSTOMERS_OF_CHANNELS = select(Contact.customer_id).join(Channel).where(Channel.id.in_(_KEYS))
CUSTOMERS_OF_TAGS = select(Tag.customer_id).where(Tag.id.in_(_KEYS))
PEOPLE_OF_MEMBERS = select(Member.person_id).where(Member.id.in_(_KEYS))
_STAND_IN = aliased(Member)
_AWAY: Any = (
    select(Member.id, _STAND_IN.person_id, Member.version)
    .join(_STAND_IN, _STAND_IN.id == Member.stand_in_id)
    .where(Member.id.in_(_KEYS))
)
STANDING_IN: tuple[tuple[str, Any], ...] = (
    ("stand_in", Member.away_from),
    ("stand_in_over", Member.away_until),
)
OPEN_REMINDERS: Any = select(Reminder.id, Reminder.person_id, Reminder.at, Reminder.version).where(
    Reminder.id.in_(_KEYS), Reminder.state == "open"
)
OPEN_NEXT_TOUCHES: Any = (
    select(NextTouch.id, Member.person_id, NextTouch.at, NextTouch.version)
    .join(Member, Member.id == NextTouch.owner_id)
    .where(NextTouch.id.in_(_KEYS), NextTouch.state == "open", NextTouch.at.is_not(None))
)
DECIDED: Any = select(Correction.id, Correction.person_id, Correction.decided_at.label("at"), Correction.version).where(
    Correction.id.in_(_KEYS), Correction.state != CorrectionState.OPEN, Correction.decided_at.is_not(None)
)
CONFIRMED: Any = select(Binding.id, Binding.person_id, Binding.decided_at.label("at"), Binding.version).where(
    Binding.id.in_(_KEYS), Binding.state == BindingState.CONFIRMED, Binding.decided_at.is_not(None)
)
_I = SurveyInvitation
_ASKED: Any = select(_I.id, _I.person_id, _I.version).where(_I.id.in_(_KEYS), _I.person_id.is_not(None))
_WAITS = _ASKED.add_columns(_I.send_at.label("at")).where(_I.state == InvitationState.WAITING)
_ENDS: Any = (  # of who has no account, the owner hears
    select(
        _I.id,
        func.coalesce(_I.person_id, Member.person_id).label("person_id"),
        _I.version,
        _I.expires_at.label("at"),
    )
    .join(Customer, Customer.id == _I.customer_id)
    .outerjoin(Member, Member.id == Customer.owner_id)
    .where(_I.id.in_(_KEYS), func.coalesce(_I.person_id, Member.person_id).is_not(None))
)
NO_TIME = dt.timedelta()
INVITATIONS: tuple[tuple[str, dt.timedelta, Any], ...] = (
    ("survey_invitation", NO_TIME, _WAITS.where(_I.wave_id.is_(None))),
    ("survey_wave", NO_TIME, _WAITS.where(_I.wave_id.is_not(None))),
    (
        "survey_reminder",
        REMIND_AFTER,
        _ASKED.add_columns(_I.sent_at.label("at")).where(_I.state.in_(sorted(ANSWERABLE)), _I.reminded_at.is_(None)),
    ),
    ("survey_expiry", NO_TIME, _ENDS.where(_I.state.in_(sorted(PENDING)))),
)
FORGET = delete(Due).where(Due.kind == bindparam("of_kind"), Due.subject_id.in_(_KEYS), Due.state == 0)
OWE = insert(Due)
UNDO = dt.timedelta(minutes=UNDO_MINUTES)
BATCH = 500  # bound parameters of one statement; SQLite allows 32,766, PostgreSQL 65,535
USEFUL = dt.timedelta(days=7)  # a reminder of last month is noise; it stands in the day's list all the same


def refresh(uow: "UnitOfWork", touched: Mapping[str, set[int]], customers: set[int]) -> None:
    """Make the followers of the touched rows again.

    Args:
        touched: ids by table name, removed ones included.
        customers: customers of rows that were removed or moved away.
    """
    found = set(touched.get("customer", ())) | customers
    for table, statement in (
        ("contact", CUSTOMERS_OF_CONTACTS),
        ("channel", CUSTOMERS_OF_CHANNELS),
        ("tag", CUSTOMERS_OF_TAGS),
    ):
        for batch in _batches(touched.get(table, ())):
            found.update(uow.connection.execute(statement, {"keys": batch}).scalars())
    for batch in _batches(found):
        search.reindex(uow, batch)
    people = set(touched.get("person", ()))
    for batch in _batches(touched.get("member", ())):
        people.update(uow.connection.execute(PEOPLE_OF_MEMBERS, {"keys": batch}).scalars())
        for kind, at in STANDING_IN:
            _schedule(uow, kind, _AWAY.add_columns(at.label("at")).where(at > uow.now), batch)
    for batch in _batches(people):
        owe_mornings(uow, batch)
    for batch in _batches(touched.get("customer_case", ())):
        owe_clocks(uow, batch)
    for batch in _batches(touched.get("correction", ())):
        _schedule(uow, "correction", DECIDED, batch, after=UNDO)
    for batch in _batches(touched.get("binding", ())):
        _schedule(uow, "checkup", CONFIRMED, batch, after=STILL_RIGHT)
    for kind, owed in (("reminder", OPEN_REMINDERS), ("next_touch", OPEN_NEXT_TOUCHES)):
        for batch in _batches(touched.get(kind, ())):
            _schedule(uow, kind, owed, batch)
    for batch in _batches(touched.get("survey_invitation", ())):
        for kind, after, owed in INVITATIONS:
            _schedule(uow, kind, owed, batch, after=after, useful=None)


def _schedule(
    uow: "UnitOfWork",
    kind: str,
    statement: Any,
    keys: list[int],
    *,
    after: dt.timedelta = dt.timedelta(),
    useful: dt.timedelta | None = USEFUL,
) -> None:
    """One open due row per open subject; the version in the key lets a time come back after an undo."""
    uow.connection.execute(FORGET, {"of_kind": kind, "keys": keys})
    rows = [
        {
            "kind": kind,
            "subject_id": row.id,
            "person_id": row.person_id,
            "due_at": row.at + after,
            "useful_until": row.at + after + useful if useful else None,
            "state": 0,
            "key": f"{kind}:{row.id}:{row.version}",
        }
        for row in uow.connection.execute(statement, {"keys": keys})
    ]
    if rows:
        uow.connection.execute(OWE, rows)


def _batches(keys: Iterable[int]) -> Iterable[list[int]]:
    ordered = sorted(keys)
    return (ordered[i : i + BATCH] for i in range(0, len(ordered), BATCH))
