"""What ``/setup`` stores: one answer at a time, each in force at once."""

from actions.teams import checked_name
from domain.people import Actor
from domain.setup import Question, choices
from storage.uow import UnitOfWork

NAMES = {Question.LANGUAGE: "locale", Question.REGION: "region", Question.ZONE: "zone", Question.WORKTIME: "worktime"}


def answer(uow: UnitOfWork, actor: Actor, question: Question, choice: int) -> None:
    """Store one answer. A region with one zone sets that too; the admin speaks the chosen language at once."""
    value = choices(question, uow.organisation().region)[choice]
    uow.act(actor, "organisation.changed", undo=None, facts={NAMES[question]: value})
    uow.settings.save(**{NAMES[question]: value})
    if question is Question.REGION and len(zones := choices(Question.ZONE, value)) == 1:
        uow.settings.save(zone=zones[0])
    if question is Question.LANGUAGE:
        uow.people.save(actor.person_id, locale=value)


def finish(uow: UnitOfWork, actor: Actor, team: str | None) -> None:
    """End the set-up, with a first team of this name where one was given."""
    uow.act(actor, "organisation.changed", undo=None)
    if team is not None:
        uow.teams(actor).add_team(checked_name(team), None)
    uow.settings.save(set_up=True)
