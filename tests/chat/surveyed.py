"""Surveys that were sent to 张伟, for journeys of who answers them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from domain.survey_sending import EXPIRES
from domain.surveys import Definition, InvitationState, Option, Question, QuestionKind, SkipRule, SurveyState, Trigger
from storage.database import Database
from tests.chat.company import WEDNESDAY, Company
from tests.chat.conftest import ADMIN, STRANGER, StaffIds

LOCALES = ("zh_Hans", "zh_Hant", "en")
Ask = Callable[..., int]


def asked(
    key: str, kind: QuestionKind, text: str, *options: str, required: bool = False, skip: tuple[SkipRule, ...] = ()
) -> Question:
    """A question with the same words in every language."""
    made = tuple(Option(f"o{n}", dict.fromkeys(LOCALES, words)) for n, words in enumerate(options, 1))
    return Question(key, kind, dict.fromkeys(LOCALES, text), made, required, skip)


def define(*questions: Question, closing: str = "") -> Definition:
    return Definition(questions, LOCALES, {}, dict.fromkeys(LOCALES, closing) if closing else {})


@pytest.fixture
def ask(database: Database, company: Company, staff: StaffIds) -> Ask:
    """Send a survey to the account of 张伟: ``ask(definition, anonymous=…)`` gives the id of the invitation."""

    def send(definition: Definition, *, to: int = STRANGER, customer: str = "张伟", **values: Any) -> int:
        now = dt.datetime.fromisoformat(WEDNESDAY)
        with database.transaction(now) as uow:
            admin = uow.people.of_member(staff.members[ADMIN])
            assert admin is not None
            uow.act(None, "sample", undo=None)
            survey_id = uow.surveys(admin).add(
                "回访", definition, **({"state": SurveyState.OPEN, "trigger": Trigger.BY_HAND} | values)
            )
            person = uow.people.find(to)
            assert person is not None
            customer_id = company.ids[customer]
            row = {
                "survey_id": survey_id,
                "customer_id": customer_id,
                "contact_id": uow.customers(admin).contacts.first(customer_id),
                "person_id": person.person_id,
                "state": InvitationState.SENT,
                "created_at": now,
                "send_at": now,
                "sent_at": now,
                "expires_at": now + EXPIRES,
            }
            return uow.invitations(admin).add(row)

    return send
