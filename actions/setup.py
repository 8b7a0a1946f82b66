"""What ``/setup`` stores: one answer at a time, each in force at once and to be taken back like any other write."""

from typing import Any

from actions.teams import checked_name
from domain.errors import Changed
from domain.people import Actor
from domain.setup import Question, choices
from storage.uow import UnitOfWork

NAMES = {
    Question.LANGUAGE: "locale",
    Question.REGION: "region",
    Question.ZONE: "zone",
    Question.WORKTIME: "worktime",
    Question.STRANGERS: "strangers",
}


def answer(uow: UnitOfWork, actor: Actor, question: Question, choice: int) -> int:
    """Store one answer and return the act. A region with one zone sets that too; the admin speaks the chosen
    language at once.

    Raises:
        Changed: the answers were those of another region.
    """
    offered = choices(question, uow.organisation().region)
    if choice >= len(offered):
        raise Changed("setting", choice)
    value = offered[choice]
    values: dict[str, Any] = {NAMES[question]: value}
    if question is Question.REGION and len(zones := choices(Question.ZONE, value)) == 1:
        values["zone"] = zones[0]
    act_id = _save(uow, actor, values)
    if question is Question.LANGUAGE:
        uow.people.save(actor.person_id, locale=value)
    return act_id


def finish(uow: UnitOfWork, actor: Actor, team: str | None) -> int:
    """End the set-up, with a first team of this name where one was given; returns the act.

    Raises:
        Invalid: the name is empty or too long.
    """
    name = checked_name(team) if team is not None else None
    act_id = _save(uow, actor, {"set_up": True}, name)
    if name is not None:
        uow.teams(actor).add_team(name, None)
    return act_id


def _save(uow: UnitOfWork, actor: Actor, values: dict[str, Any], name: str | None = None) -> int:
    stored = uow.settings.value("organisation") or {}
    before = {key: stored.get(key) for key in values}
    act_id = uow.act(actor, "organisation.changed", facts={"before": before, "after": values, "name": name})
    uow.settings.save(**values)
    return act_id
