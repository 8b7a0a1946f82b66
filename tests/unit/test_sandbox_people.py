"""``Person`` sees what a bot does, waits no longer than needed, and fails with the whole conversation."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import ClassVar

import pytest

from sandbox.server import Sandbox
from tests.chat.people import Answer, Message, Person
from tests.chat.remote import Remote, opened

NA = 10003


class Undo:
    TAG: ClassVar[str] = "tu1"


class SmallBot:
    """A bot of forty lines: enough to see whether people wait for the right thing."""

    def __init__(self, remote: Remote) -> None:
        self.remote = remote

    async def run(self) -> None:
        offset = 0
        while True:
            told = await self.remote.call("getUpdates", offset=offset, timeout=30)
            for update in told["result"]:
                offset = update["update_id"] + 1
                if "message" in update:
                    await self.hear(update["message"])
                elif "callback_query" in update:
                    await self.tapped(update["callback_query"])

    async def say(self, text: str, **more: object) -> None:
        await self.remote.call("sendMessage", chat_id=NA, text=text, **more)

    async def hear(self, message: dict[str, object]) -> None:
        match message.get("text"):
            case "silence":
                return
            case "file":
                await self.remote.form("sendDocument", {"chat_id": str(NA), "document": b"a,b", "caption": "list"})
            case None:
                await self.say("got " + ", ".join(sorted(set(message) & {"contact", "photo", "document", "location"})))
            case text:
                keys = [[{"text": "Undo", "callback_data": "tu1.5~mac"}, {"text": "Info", "callback_data": "in1~mac"}]]
                await self.say(f"heard {text}", reply_markup={"inline_keyboard": keys})

    async def tapped(self, query: dict[str, object]) -> None:
        message = query["message"]
        assert isinstance(message, dict)
        if query["data"] == "nothing":
            return
        info = {"text": "all is well"} if query["data"] == "in1~mac" else {}
        await self.remote.call("answerCallbackQuery", callback_query_id=query["id"], **info)
        if not info:
            await self.remote.call(
                "editMessageText", chat_id=NA, message_id=message["message_id"], text=f"undone {query['data']}"
            )


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with opened() as (sandbox, remote):
        bot = asyncio.create_task(SmallBot(remote).run())
        yield sandbox
        bot.cancel()


@pytest.fixture
def na(sandbox: Sandbox) -> Person:
    return Person(sandbox, NA)


async def test_say_gets_the_answer(na: Person) -> None:
    first = await na.say("hello")
    assert first.text == "heard hello"
    assert first.buttons == ["Undo", "Info"]
    assert (await na.start("abc")).text == "heard /start abc"
    assert na.last.text == "heard /start abc"
    assert [message.text for message in na.messages][:2] == ["hello", "heard hello"]


@pytest.mark.parametrize("what", ["Undo", Undo, lambda data: data.endswith("5~mac")])
async def test_press_gets_the_edited_message(na: Person, what: str | type) -> None:
    logged = await na.say("visit")
    undone = await na.press(logged, what)
    assert isinstance(undone, Message)
    assert (undone.id, undone.text, undone.edited, undone.buttons) == (logged.id, "undone tu1.5~mac", True, [])
    assert na.latest(logged) == undone


async def test_press_by_the_start_of_the_data(na: Person) -> None:
    undone = await na.press(await na.say("visit"), data_startswith="tu1.")
    assert undone.text == "undone tu1.5~mac"


async def test_press_gets_the_words_of_the_answer_when_nothing_changes(na: Person) -> None:
    told = await na.press(await na.say("visit"), "Info")
    assert told == Answer("all is well", show_alert=False)


async def test_sharing_and_files(na: Person) -> None:
    assert (await na.share_contact()).text == "got contact"
    assert (await na.share_location(1.0, 2.0)).text == "got location"
    assert (await na.share("document", b"x", name="a.csv", caption="c")).text == "got document"
    assert (await na.forward("elsewhere", origin="Lin")).text == "heard elsewhere"
    sent = await na.say("file")
    assert (sent.document, sent.text, sent.file_name) == (b"a,b", "list", "document.bin")


async def test_a_push_is_told_apart_from_answers(sandbox: Sandbox, na: Person) -> None:
    async with Remote(sandbox.api_url, sandbox.token) as clock:
        await na.say("hello")
        waiting = asyncio.create_task(na.expect_push())
        await clock.call("sendMessage", chat_id=NA, text="reminder", disable_notification=True)
        push = await waiting
        assert (push.text, push.silent) == ("reminder", True)
        await na.quiet()


async def test_quiet_fails_when_something_was_said(sandbox: Sandbox, na: Person) -> None:
    async with Remote(sandbox.api_url, sandbox.token) as clock:
        await na.say("hello")
        na.write("silence")
        await na.quiet()
        await clock.call("sendMessage", chat_id=NA, text="surprise")
        with pytest.raises(AssertionError, match="surprise"):
            await na.quiet()


async def test_a_bot_that_says_nothing_fails_with_the_conversation(sandbox: Sandbox) -> None:
    na = Person(sandbox, NA, patience=0.05)
    with pytest.raises(AssertionError, match="does not answer") as failed:
        await na.say("silence")
    assert "王娜: silence" in str(failed.value)
    with pytest.raises(AssertionError, match="not answered"):
        await na.press_data(1, "nothing")
    with pytest.raises(AssertionError, match="pushes nothing"):
        await na.expect_push()


async def test_a_button_that_is_not_there_fails_with_those_that_are(na: Person) -> None:
    message = await na.say("hello")
    with pytest.raises(AssertionError, match=r"no button 'Fix' among \['Undo', 'Info'\]"):
        await na.press(message, "Fix")


async def test_with_a_settled_bot_everything_is_seen(sandbox: Sandbox) -> None:
    rests: list[str] = []

    async def settled() -> None:
        await sandbox.idle()
        rests.append("rest")

    na = Person(sandbox, NA, settled=settled)
    undone = await na.press(await na.say("visit"), "Undo")
    assert isinstance(undone, Message)
    assert rests == ["rest", "rest"]
    told = await na.press(await na.say("visit"), "Info")
    assert told == Answer("all is well", show_alert=False)


def test_a_transcript_reads_as_a_conversation() -> None:
    async def talk() -> str:
        async with opened() as (sandbox, remote):
            na = Person(sandbox, NA)
            na.write("hello")
            await remote.call(
                "sendMessage",
                chat_id=NA,
                text="hi",
                reply_markup=json.loads('{"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]}'),
            )
            return na.transcript()

    assert asyncio.run(talk()) == "王娜: hello\nbot: hi\n    [a]"
