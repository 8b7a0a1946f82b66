"""Surveys that go out by themselves: after a touch, after a closed case; in the transaction of what they follow."""

import datetime as dt

from actions.surveys import invite
from domain.people import Actor
from domain.survey_sending import FRESH, falls_in, left_out, rule_of
from domain.surveys import Survey, Trigger
from domain.touches import Outcome, TouchDraft
from storage.uow import UnitOfWork


def after_touch(uow: UnitOfWork, actor: Actor, touch_id: int, draft: TouchDraft, *, now: dt.datetime) -> None:
    """Owe the surveys that follow a touch, in the open act: an undo of the touch takes them along."""
    if draft.outcome is not Outcome.REACHED or draft.happened_at < now - FRESH:
        return
    for survey in uow.surveys(actor).triggered(Trigger.AFTER_TOUCH):
        if draft.kind in rule_of(survey).kinds and falls_in(rule_of(survey).share, touch_id):
            _ask(uow, actor, survey, draft.customer_id, draft.contact_id, touch_id=touch_id, now=now)


def after_case(
    uow: UnitOfWork, actor: Actor, case_id: int, customer_id: int, contact_id: int | None, *, now: dt.datetime
) -> None:
    """Owe the surveys that follow a closed case, in the open act: if the case is opened again they go with it."""
    for survey in uow.surveys(actor).triggered(Trigger.AFTER_CASE):
        if falls_in(rule_of(survey).share, case_id):
            _ask(uow, actor, survey, customer_id, contact_id, case_id=case_id, now=now)


def _ask(
    uow: UnitOfWork,
    actor: Actor,
    survey: Survey,
    customer_id: int,
    contact_id: int | None,
    *,
    touch_id: int | None = None,
    case_id: int | None = None,
    now: dt.datetime,
) -> None:
    """Ask the contact it was about, else whoever of the customer may be asked, in Telegram first; nobody, where the day's
    number is full."""
    program = uow.people.program()  # the survey asks whoever the customer is, not only whom the actor may read
    if not uow.surveys(program).concerns(survey, customer_id):
        return
    if uow.invitations(program).made_since(survey.id, now - dt.timedelta(days=1)) >= rule_of(survey).a_day:
        return
    some = uow.sending(program).of_customer(survey.id, customer_id, by=uow.organisation().carriers)
    may = [one for one in some if left_out(one, now=now) is None]
    chosen = next((one for one in may if one.contact_id == contact_id), may[0] if may else None)
    if chosen is not None:
        invite(uow, actor, survey.id, chosen, touch_id=touch_id, case_id=case_id, now=now)
