"""An anonymous survey is one: what was answered stands in one row, and nothing in the database leads from it to a person."""

# ruff: noqa: F811 (fixtures come in under their own names)

import json
from typing import Any

from sqlalchemy import select

from sandbox.server import Sandbox
from storage.database import Database
from storage.models import Base, Inbox, Outbox, SurveyInvitation, SurveyResponse
from tests.chat.bound import client  # noqa: F401 (fixture)
from tests.chat.company import company, wednesday  # noqa: F401 (fixtures)
from tests.chat.conftest import STRANGER
from tests.chat.people import Person
from tests.chat.surveyed import Ask, ask, asked, define  # noqa: F401 (a fixture)
from tests.chat.test_answers import SHORT, K
from tests.chat.test_touches import PICTURE
from views.answers import CallMe, SendAnswers

MARK = "标记九三七一"
LONGER = define(
    asked("score", K.NPS, "会推荐吗？"),
    asked("photo", K.PHOTO, "拍一张"),
    asked("words", K.TEXT, "为什么？"),
)


def rows_with(database: Database, mark: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that holds a text anywhere, raw updates and letters included."""
    found: dict[str, list[dict[str, Any]]] = {}
    with database.reading() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(select(table)).mappings():
                if mark in json.dumps(dict(row), default=_text, ensure_ascii=False):
                    found.setdefault(table.name, []).append(dict(row))
    return found


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        text = value.decode("utf-8", "replace")
        return text + text.encode().decode("unicode_escape", "replace")  # JSON may spell what is not ASCII
    return str(value)


async def test_nothing_leads_from_an_answer_to_a_person(
    client: Person, rep: Person, lead: Person, ask: Ask, database: Database
) -> None:
    invitation = ask(LONGER, anonymous=True)
    shown = await client.say("/survey")
    assert "匿名" in shown.text
    await client.follow(shown, "3")
    await client.share("photo", PICTURE, name="own.png")
    review = await client.say(MARK)
    assert "不能再改" in review.text
    end = await client.follow(review, SendAnswers)
    assert "不带您的姓名" in end.text and "请联系我" in end.buttons[0]
    found = rows_with(database, MARK)
    assert set(found) == {"survey_response"}
    (row,) = found["survey_response"]
    assert row["answers"]["score"] == 3 and row["answers"]["words"] == MARK
    assert {key for key, value in row.items() if value is None} >= {"customer_id", "contact_id", "member_id", "at"}
    assert row["month"].isoformat() == "2026-11-01" and row["id"] > 2**32
    assert set(rows_with(database, str(row["id"]))) == {"survey_response"}
    assert set(rows_with(database, row["answers"]["photo"])) == {"survey_response"}
    with database.reading() as connection:
        asked_row = (
            connection.execute(select(SurveyInvitation).where(SurveyInvitation.id == invitation)).mappings().one()
        )
        assert asked_row["state"] == "done" and asked_row["response_id"] is None
        assert asked_row["opened_at"] is None and asked_row["done_at"] is None
        said = connection.execute(select(Inbox.raw).where(Inbox.lane == STRANGER, Inbox.raw.is_not(None))).all()
        assert not said
        living = connection.execute(select(Outbox.payload).where(Outbox.living == f"survey:{invitation}")).scalars()
        assert set(living) == {None}
    await lead.quiet()
    await rep.quiet()
    assert MARK not in (await rep.say("/history 张伟")).text


async def test_only_please_call_me_reveals_who_it_was(
    client: Person, rep: Person, ask: Ask, database: Database
) -> None:
    ask(SHORT, anonymous=True)
    await client.follow(await client.say("/survey"), "1")
    end = await client.follow(await client.say(MARK), SendAnswers)
    status = await client.follow(end, CallMe)
    assert "与您联系" in client.latest(end).text and "C-" in status.text and MARK not in status.text
    assert "希望我们联系" in (await rep.expect_push()).text
    assert set(rows_with(database, MARK)) == {"survey_response"}
    assert "没有要回答" in (await client.say("/survey")).text


async def test_one_begun_and_left_is_cut_when_its_time_is_over(
    client: Person, ask: Ask, sandbox: Sandbox, database: Database
) -> None:
    invitation = ask(SHORT, anonymous=True)
    await client.follow(await client.say("/survey"), "4")
    sandbox.world.clock.move(15 * 86400)
    with database.transaction(sandbox.world.clock.now()) as uow:
        uow.responses.forget(now=sandbox.world.clock.now())
    with database.reading() as connection:
        of = SurveyInvitation.id == invitation
        assert connection.execute(select(SurveyInvitation.response_id).where(of)).scalar_one() is None
        assert connection.execute(select(SurveyResponse.answers)).scalar_one() == {"score": 4}
