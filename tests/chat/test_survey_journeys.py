"""From what a customer says to the survey that follows it, in Traditional Chinese and in English."""

# ruff: noqa: F811 (fixtures come in under their own names)

import pytest

from bot.app import App
from domain.surveys import QuestionKind
from sandbox.server import Sandbox
from tests.chat.bound import client  # noqa: F401 (fixture)
from tests.chat.company import company, wednesday  # noqa: F401 (fixtures)
from tests.chat.people import Person
from tests.chat.surveyed import Ask, ask, asked, define  # noqa: F401 (a fixture)
from tests.chat.test_feedback import complain, reference
from tests.chat.test_reminders import move
from views import cases as view
from views import feedback as mine
from views.answers import OpenQuestion, Skip
from views.surveys import NewSurvey, SetOpen
from views.wishes import ChooseLanguage

pytestmark = pytest.mark.usefixtures("company")
K = QuestionKind
MINUTES = 60


async def speak(client: Person, language: str) -> None:
    chosen = await client.follow(await client.follow(await client.say("/settings"), ChooseLanguage), language)
    assert chosen.buttons


async def solve(rep: Person, client: Person, words: str, sandbox: Sandbox, bot: App) -> None:
    """A complaint from its filing to the customer's yes."""
    ref = reference(await complain(client, words))
    await rep.follow(await rep.say(f"/cases {ref}"), view.SolveCase)
    await move(sandbox, bot, 11 * MINUTES)
    await client.follow(client.last, mine.SaySolved)


@pytest.mark.both_databases
async def test_a_solved_matter_asks_how_it_was_in_traditional_chinese(
    lead: Person, rep: Person, client: Person, sandbox: Sandbox, bot: App
) -> None:
    templates = await lead.follow(await lead.say("/survey"), NewSurvey)
    made = await lead.follow(templates, "反馈处理后")
    opened = await lead.follow(made, SetOpen)
    assert "⚡ 工单结案后" in opened.text  # by itself, as its name says
    await speak(client, "繁體中文")
    await solve(rep, client, "貨晚到了三天", sandbox, bot)
    assert not any("想請您評價" in message.text for message in client.messages)
    await move(sandbox, bot, 11 * MINUTES)
    survey = await client.expect_push()
    assert "您反映的事情已經處理完畢" in survey.text and "1/3" in survey.text
    second = await client.follow(survey, "2")
    assert "處理速度如何" in second.text and second.id == survey.id
    await client.follow(second, "太慢")
    status = await client.say("回覆太慢了")
    end = client.messages[-2].text
    assert "謝謝您！您的意見會用來改進我們的工作" in end and "與您聯絡" in end
    assert "客訴" in status.text and "我們會在" in status.text and "回覆太慢了" in status.text
    assert any("太慢" in message.text for message in rep.messages[-3:])

    await solve(rep, client, "又晚到了", sandbox, bot)
    told = len([message for message in client.messages if "想請您評價" in message.text])
    await move(sandbox, bot, 30 * MINUTES)
    assert len([message for message in client.messages if "想請您評價" in message.text]) == told  # within seven days


async def test_a_survey_is_answered_in_english(client: Person, ask: Ask) -> None:
    ask(
        define(
            asked("score", K.NPS, "How likely are you to recommend us?", required=True),
            asked("best", K.MULTIPLE, "What do you like?", "Price", "Quality"),
            asked("when", K.DATE, "When did it arrive?"),
            asked("words", K.TEXT, "Anything else?"),
            closing="Thank you. We will use it to do better.",
        )
    )
    await speak(client, "English")
    first = await client.say("/survey")
    assert "1/4" in first.text and "recommend us" in first.text
    second = await client.follow(first, "10")
    third = await client.follow(await client.follow(await client.follow(second, "☐ Price"), "☐ Quality"), "Done")
    again = await client.follow(third, OpenQuestion)
    assert "2/4" in again.text and any("✓" in label or "☑" in label for label in again.buttons)
    third = await client.follow(again, "Done")
    assert "when did it arrive" in third.text.lower()
    assert "3/4" in (await client.say("whenever")).text
    fourth = await client.say("last Friday")
    assert "4/4" in fourth.text
    end = await client.follow(fourth, Skip)
    assert "We will use it to do better" in end.text
