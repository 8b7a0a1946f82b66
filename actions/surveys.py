"""Surveys from the first draft to the last: made, changed, opened, closed; and the invitation of one contact."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from domain.carriers import Carried
from domain.errors import Changed, Fault, Invalid, TooLate
from domain.people import Actor
from domain.survey_checks import LONGEST_NAME, flaws
from domain.survey_sending import EXPIRES, Candidate, Rule
from domain.surveys import Definition, InvitationState, Survey, SurveyState, Trigger
from storage.uow import UNDO, UnitOfWork


def invite(
    uow: UnitOfWork,
    actor: Actor,
    survey_id: int,
    chosen: Candidate,
    *,
    touch_id: int | None = None,
    case_id: int | None = None,
    now: dt.datetime,
) -> int:
    """Owe a contact an invitation, in the open act, and return its id; it leaves when Undo is over.

    The caller has checked that the contact may be asked (``domain.survey_sending``).
    """
    values = invitation_row(survey_id, touch_id=touch_id, case_id=case_id, now=now)
    return uow.invitations(actor).add(values | asked_by(chosen))


def asked_by(chosen: Candidate) -> dict[str, Any]:
    """The columns that say whom an invitation goes to, and how."""
    return {
        "customer_id": chosen.customer_id,
        "contact_id": chosen.contact_id,
        "person_id": chosen.person_id,
        "carrier": chosen.carrier,
        "carried": Carried.DUE if chosen.carrier else None,
    }


def invitation_row(
    survey_id: int,
    *,
    wave_id: int | None = None,
    touch_id: int | None = None,
    case_id: int | None = None,
    now: dt.datetime,
) -> dict[str, Any]:
    """The columns that all invitations of one moment share."""
    return {
        "survey_id": survey_id,
        "wave_id": wave_id,
        "touch_id": touch_id,
        "case_id": case_id,
        "state": InvitationState.WAITING,
        "created_at": now,
        "send_at": now + UNDO,
        "expires_at": now + UNDO + EXPIRES,
    }


# Making and changing -----------------------------------------------------------------------------------------------


def make(
    uow: UnitOfWork,
    actor: Actor,
    name: str,
    definition: Definition,
    *,
    anonymous: bool = False,
    template: str | None = None,
    trigger: Trigger = Trigger.BY_HAND,
) -> tuple[Survey, int]:
    """Store a draft of the actor's team (of the company, for admins); returns it and the act.

    Raises:
        Invalid: the name is empty or too long.
    """
    name = _name(name)
    act_id = uow.act(actor, "survey.made", facts={"name": name})
    values = {"anonymous": anonymous, "template": template, "trigger": trigger}
    survey_id = uow.surveys(actor).add(name, definition, team_id=uow.surveys(actor).home(), **values)
    return uow.surveys(actor).get(survey_id), act_id


def edit(
    uow: UnitOfWork, actor: Actor, survey_id: int, change: Callable[[Definition], Definition], *, version: int | None
) -> tuple[Survey, int]:
    """Change what a draft asks; returns it and the act.

    Raises:
        NotFound, NotAllowed: see ``SurveyRepository.to_change``.
        TooLate: it was opened: answers to changed questions could not be compared.
        Changed: somebody else changed it since the screen was drawn.
    """
    survey = _draft(uow, actor, survey_id)
    return _write(uow, actor, survey, {"definition": change(survey.definition)}, version=version)


def rename(uow: UnitOfWork, actor: Actor, survey_id: int, name: str) -> tuple[Survey, int]:
    """Give a draft another name. Raises as ``edit`` and ``make``."""
    survey = _draft(uow, actor, survey_id)
    return _write(uow, actor, survey, {"name": _name(name)}, version=None)


def set_anonymous(
    uow: UnitOfWork, actor: Actor, survey_id: int, *, anonymous: bool, version: int
) -> tuple[Survey, int]:
    """Promise that answers carry no name, or not; only before it is opened. Raises as ``edit``."""
    survey = _draft(uow, actor, survey_id)
    return _write(uow, actor, survey, {"anonymous": anonymous}, version=version)


def set_trigger(
    uow: UnitOfWork, actor: Actor, survey_id: int, trigger: Trigger, rule: Rule, *, version: int
) -> tuple[Survey, int]:
    """Choose when a survey goes out by itself. Raises as ``edit``, but an open one takes it, too."""
    survey = uow.surveys(actor).to_change(survey_id)
    return _write(uow, actor, survey, {"trigger": trigger, "rule": rule.to_json()}, version=version)


def open_survey(uow: UnitOfWork, actor: Actor, survey_id: int, *, version: int) -> tuple[Survey, int]:
    """Let a sound draft, or a closed survey, be sent.

    Raises:
        Changed: it was changed since the screen was drawn, or it has flaws: the fresh screen names them.
    """
    survey = uow.surveys(actor).to_change(survey_id)
    if survey.state is SurveyState.OPEN or flaws(survey.definition):
        raise Changed("survey", survey_id)
    return _write(uow, actor, survey, {"state": SurveyState.OPEN}, version=version, kind="survey.opened")


def close_survey(uow: UnitOfWork, actor: Actor, survey_id: int, *, version: int) -> tuple[Survey, int]:
    """Send nothing more of a survey; what was sent can still be answered until it expires."""
    survey = uow.surveys(actor).to_change(survey_id)
    if survey.state is not SurveyState.OPEN:
        raise Changed("survey", survey_id)
    return _write(uow, actor, survey, {"state": SurveyState.CLOSED}, version=version, kind="survey.closed")


def delete_survey(uow: UnitOfWork, actor: Actor, survey_id: int, *, version: int) -> tuple[Survey, int]:
    """Drop a draft that was never sent. Raises as ``edit``."""
    survey = _draft(uow, actor, survey_id)
    if survey.version != version or uow.invitations(actor).counts(survey_id):
        raise Changed("survey", survey_id)  # it was opened and sent meanwhile
    act_id = uow.act(actor, "survey.deleted", facts={"name": survey.name})
    uow.surveys(actor).remove(survey_id)
    return survey, act_id


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid("name", Fault.EMPTY)
    if len(name) > LONGEST_NAME:
        raise Invalid("name", Fault.TOO_LONG, LONGEST_NAME)
    return name


def _draft(uow: UnitOfWork, actor: Actor, survey_id: int) -> Survey:
    survey = uow.surveys(actor).to_change(survey_id)
    if survey.state is not SurveyState.DRAFT:
        raise TooLate("survey")
    return survey


def _write(
    uow: UnitOfWork,
    actor: Actor,
    survey: Survey,
    values: Mapping[str, Any],
    *,
    version: int | None,
    kind: str = "survey.changed",
) -> tuple[Survey, int]:
    act_id = uow.act(actor, kind, facts={"name": values.get("name", survey.name)})
    uow.surveys(actor).change(survey.id, values, version=version)
    return uow.surveys(actor).get(survey.id), act_id
