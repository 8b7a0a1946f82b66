"""Everything about a customer that is the customer's to take along, as plain values for a file."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from domain.people import Actor
from storage.models import Case, CaseEntry, Consent, Enquiry, Survey, SurveyResponse, Talk, Touch

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

MOST = 2_000  # rows of a kind: years of a lively conversation
SEEN = ("words", "answer")  # what a customer sees of a case; inner notes are the staff's


def everything(uow: "UnitOfWork", actor: Actor) -> dict[str, Any]:
    """Records, consents, messages, matters, answers and when there was contact; times in ISO form, UTC.

    Of anonymous surveys nothing: nobody knows which answers are this person's. Inner notes of the staff are not among it.
    """
    records = uow.own(actor).records()
    contacts = [record.contact.id for record in records]
    customers = [record.customer_id for record in records]
    run: Any = uow.connection.execute
    consents = select(Consent.purpose, Consent.granted, Consent.text_version, Consent.channel, Consent.at).where(
        or_(Consent.person_id == actor.person_id, Consent.contact_id.in_(contacts))
    )
    talks = select(Talk.said_at, Talk.member_id, Talk.text).where(
        Talk.person_id == actor.person_id, Talk.recalled_at.is_(None)
    )
    cases = select(Case.id, Case.reference, Case.kind, Case.about, Case.state, Case.opened_at, Case.words).where(
        Case.person_id == actor.person_id
    )
    entries = select(CaseEntry.case_id, CaseEntry.kind, CaseEntry.at, CaseEntry.text).where(
        CaseEntry.case_id.in_(cases.with_only_columns(Case.id)), CaseEntry.kind.in_(SEEN)
    )
    answers = (
        select(Survey.name, SurveyResponse.at, SurveyResponse.answers)
        .join(Survey, Survey.id == SurveyResponse.survey_id)
        .where(SurveyResponse.contact_id.in_(contacts))
    )
    touches = select(Touch.happened_at, Touch.kind).where(
        Touch.customer_id.in_(customers), or_(Touch.contact_id.is_(None), Touch.contact_id.in_(contacts))
    )
    enquiries = select(Enquiry.created_at, Enquiry.kind, Enquiry.name, Enquiry.phone, Enquiry.words).where(
        Enquiry.person_id == actor.person_id
    )
    return {
        "enquiries": [
            row._asdict() | {"created_at": row.created_at.isoformat()} for row in run(enquiries.order_by(Enquiry.id))
        ],
        "records": [
            {
                "customer": record.customer,
                "name": record.contact.name,
                "birthday": _birthday(record.contact.birthday),
                "preferred_channel": record.contact.preferred_channel,
                "preferred_time": record.contact.preferred_time,
                "city": record.city,
                "address": record.address,
                "reached_by": [{"kind": one.kind.value, "value": one.value} for one in record.contact.channels],
            }
            for record in records
        ],
        "consents": [
            {
                "purpose": row.purpose,
                "granted": row.granted,
                "text_version": row.text_version,
                "channel": row.channel,
                "at": row.at.isoformat(),
            }
            for row in run(consents.order_by(Consent.id).limit(MOST))
        ],
        "messages": [
            {"at": row.said_at.isoformat(), "by": "us" if row.member_id else "you", "text": row.text}
            for row in run(talks.order_by(Talk.id).limit(MOST))
        ],
        "matters": _matters(run(cases.order_by(Case.id).limit(MOST)), run(entries.order_by(CaseEntry.id).limit(MOST))),
        "answers": [
            {"survey": row.name, "at": row.at.isoformat() if row.at else None, "answers": row.answers}
            for row in run(answers.order_by(SurveyResponse.id).limit(MOST))
        ],
        "contacts_with_us": [
            {"at": row.happened_at.isoformat(), "kind": row.kind}
            for row in run(touches.order_by(Touch.happened_at).limit(MOST))
        ],
    }


def _matters(cases: Any, entries: Any) -> list[dict[str, Any]]:
    found = {
        row.id: {
            "reference": row.reference,
            "kind": row.kind,
            "about": row.about,
            "state": row.state,
            "opened_at": row.opened_at.isoformat(),
            "words": row.words,
            "story": [],
        }
        for row in cases
    }
    for row in entries:
        found[row.case_id]["story"].append({"at": row.at.isoformat(), "kind": row.kind, "text": row.text})
    return list(found.values())


def _birthday(birthday: Any) -> str | None:
    if birthday is None:
        return None
    year = f"{birthday.year:04}-" if birthday.year else ""
    return f"{year}{birthday.month:02}-{birthday.day:02}" + (" (lunar)" if birthday.lunar else "")
