"""A customer that is about to be filed as small JSON values, and back: what an open dialog keeps of it."""

import dataclasses
from typing import Any

from domain.customers import (
    Birthday,
    Channel,
    ChannelKind,
    ContactDraft,
    CustomerDraft,
    CustomerKind,
    Gender,
    Grade,
    Stage,
)


def to_facts(draft: CustomerDraft) -> dict[str, Any]:
    """The draft as plain dictionaries, lists, texts and numbers."""
    facts: dict[str, Any] = dataclasses.asdict(draft)
    return facts


def from_facts(facts: dict[str, Any]) -> CustomerDraft:
    """The draft that ``to_facts`` was given, also after its way through JSON."""
    return CustomerDraft(
        name=facts["name"],
        kind=CustomerKind(facts["kind"]),
        values=dict(facts["values"]),
        contacts=tuple(map(_contact, facts["contacts"])),
        tags=tuple(facts["tags"]),
        stage=Stage(facts["stage"]),
        grade=Grade(facts["grade"]),
        owner_id=facts["owner_id"],
    )


def _contact(facts: dict[str, Any]) -> ContactDraft:
    return ContactDraft(
        name=facts["name"],
        values=dict(facts["values"]),
        gender=Gender(facts["gender"]) if facts["gender"] else None,
        birthday=Birthday(**facts["birthday"]) if facts["birthday"] else None,
        channels=tuple(Channel(ChannelKind(c["kind"]), c["value"], c["normal"], c["id"]) for c in facts["channels"]),
    )
