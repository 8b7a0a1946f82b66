"""Everything about a customer that is the customer's to take along, as plain values for a file."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from domain.me import Record
from domain.people import Actor
from storage.models import Case, CaseEntry, Consent, Enquiry, Survey, SurveyResponse, Talk, Touch

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

Run = Callable[..., Any]
Rows = list[dict[str, Any]]

MOST = 2_000  # rows of a kind: years of a lively conversation
SEEN = ("words", "answer")  # what a customer sees of a case; inner notes are the staff's


def everything(uow: "UnitOfWork", actor: Actor) -> dict[str, Any]:
    """Records, consents, messages, matters, answers and when there was contact; times in ISO form, UTC.

    Of anonymous surveys nothing: nobody knows which answers are this person's. Inner notes of the staff are not among it.
    """
    records = uow.own(actor).records()
    contacts = [record.contact.id for record in records]
    person, run = actor.person_id, uow.connection.execute
    return {
        "enquiries": _enquiries(run, person),
        "records": [_record(record) for record in records],
        "consents": _consents(run, person, contacts),
        "messages": _messages(run, person),
        "matters": _matters(run, person),
        "answers": _answers(run, contacts),
        "contacts_with_us": _touches(run, [record.customer_id for record in records], contacts),
    }


def _enquiries(run: Run, person_id: int | None) -> Rows:
    asked = select(Enquiry.created_at, Enquiry.kind, Enquiry.name, Enquiry.phone, Enquiry.words)
    rows = run(asked.where(Enquiry.person_id == person_id).order_by(Enquiry.id))
    return [row._asdict() | {"created_at": row.created_at.isoformat()} for row in rows]


def _record(record: Record) -> dict[str, Any]:
    return {
        "customer": record.customer,
        "name": record.contact.name,
        "birthday": _birthday(record.contact.birthday),
        "preferred_channel": record.contact.preferred_channel,
        "preferred_time": record.contact.preferred_time,
        "city": record.city,
        "address": record.address,
        "reached_by": [{"kind": one.kind.value, "value": one.value} for one in record.contact.channels],
    }


def _consents(run: Run, person_id: int | None, contacts: Sequence[int]) -> Rows:
    given = select(Consent.purpose, Consent.granted, Consent.text_version, Consent.channel, Consent.at)
    mine = or_(Consent.person_id == person_id, Consent.contact_id.in_(contacts))
    rows = run(given.where(mine).order_by(Consent.id).limit(MOST))
    return [row._asdict() | {"at": row.at.isoformat()} for row in rows]


def _messages(run: Run, person_id: int | None) -> Rows:
    said = select(Talk.said_at, Talk.member_id, Talk.text).where(
        Talk.person_id == person_id, Talk.recalled_at.is_(None)
    )
    return [
        {"at": row.said_at.isoformat(), "by": "us" if row.member_id else "you", "text": row.text}
        for row in run(said.order_by(Talk.id).limit(MOST))
    ]


def _matters(run: Run, person_id: int | None) -> Rows:
    opened = select(Case.id, Case.reference, Case.kind, Case.about, Case.state, Case.opened_at, Case.words)
    rows = run(opened.where(Case.person_id == person_id).order_by(Case.id).limit(MOST))
    found = {row.id: row._asdict() | {"opened_at": row.opened_at.isoformat(), "story": []} for row in rows}
    told = select(CaseEntry.case_id, CaseEntry.kind, CaseEntry.at, CaseEntry.text).where(
        CaseEntry.case_id.in_(found), CaseEntry.kind.in_(SEEN)
    )
    for row in run(told.order_by(CaseEntry.id).limit(MOST)):
        found[row.case_id]["story"].append({"at": row.at.isoformat(), "kind": row.kind, "text": row.text})
    return [{key: value for key, value in matter.items() if key != "id"} for matter in found.values()]


def _answers(run: Run, contacts: Sequence[int]) -> Rows:
    given = (
        select(Survey.name, SurveyResponse.at, SurveyResponse.answers)
        .join(Survey, Survey.id == SurveyResponse.survey_id)
        .where(SurveyResponse.contact_id.in_(contacts))
    )
    return [
        {"survey": row.name, "at": row.at.isoformat() if row.at else None, "answers": row.answers}
        for row in run(given.order_by(SurveyResponse.id).limit(MOST))
    ]


def _touches(run: Run, customers: Sequence[int], contacts: Sequence[int]) -> Rows:
    had = select(Touch.happened_at, Touch.kind).where(
        Touch.customer_id.in_(customers), or_(Touch.contact_id.is_(None), Touch.contact_id.in_(contacts))
    )
    return [
        {"at": row.happened_at.isoformat(), "kind": row.kind}
        for row in run(had.order_by(Touch.happened_at).limit(MOST))
    ]


def _birthday(birthday: Any) -> str | None:
    if birthday is None:
        return None
    year = f"{birthday.year:04}-" if birthday.year else ""
    return f"{year}{birthday.month:02}-{birthday.day:02}" + (" (lunar)" if birthday.lunar else "")
