"""The real client library drives the server without a complaint, and each planted mistake is reported."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import telegram as tg
from telegram.error import BadRequest, Forbidden, InvalidToken

from sandbox.server import Sandbox
from tests.chat.remote import Remote, opened

NA, STRANGER = 10003, 10005
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (640).to_bytes(4, "big") + (480).to_bytes(4, "big") + b"\x08\x02\0\0\0"


@pytest.fixture
async def both() -> AsyncIterator[tuple[Sandbox, Remote]]:
    async with opened() as (sandbox, remote):
        await remote.act("start", person=NA)
        yield sandbox, remote


@pytest.fixture
async def bot(both: tuple[Sandbox, Remote]) -> AsyncIterator[tg.Bot]:
    sandbox, _ = both
    root = sandbox.api_url
    async with tg.Bot(sandbox.token, base_url=f"{root}/bot", base_file_url=f"{root}/file/bot") as bot:
        yield bot


async def test_messages_of_every_kind(both: tuple[Sandbox, Remote], bot: tg.Bot) -> None:
    sandbox, _ = both
    text = await bot.send_message(NA, "<b>嗨</b> https://x.org", parse_mode="HTML", disable_notification=True)
    assert [entity.type for entity in text.entities] == ["bold", "url"]
    photo = await bot.send_photo(NA, PNG, caption="<i>c</i>", parse_mode="HTML")
    assert (photo.photo[-1].width, photo.photo[-1].height, photo.caption) == (640, 480, "c")
    again = await bot.send_photo(NA, photo.photo[-1].file_id)
    assert again.photo[-1].file_unique_id == photo.photo[-1].file_unique_id
    document = await bot.send_document(NA, b"a,b\n", filename="客户.csv")
    assert document.document and document.document.file_name == "客户.csv"
    assert (await bot.send_voice(NA, b"OggS", duration=3)).voice
    assert (await bot.send_video(NA, b"mp4")).video
    assert (await bot.send_audio(NA, b"mp3", title="t")).audio
    assert (await bot.send_animation(NA, b"gif")).animation
    assert (await bot.send_video_note(NA, b"mp4")).video_note
    assert (await bot.send_sticker(NA, PNG)).sticker
    assert (await bot.send_location(NA, 31.2, 121.5)).location
    assert (await bot.send_venue(NA, 31.2, 121.5, "Office", "Road 1")).venue
    contact = await bot.send_contact(NA, "+8613800000000", "Lin", vcard="BEGIN:VCARD\nEND:VCARD")
    assert contact.contact and contact.contact.first_name == "Lin"
    poll = await bot.send_poll(NA, "Why?", ["a", "b"], is_anonymous=False)
    assert (await bot.stop_poll(NA, poll.message_id)).is_closed
    album = await bot.send_media_group(NA, [tg.InputMediaPhoto(PNG, caption="1"), tg.InputMediaPhoto(PNG)])
    assert len({message.media_group_id for message in album}) == 1
    assert await bot.send_chat_action(NA, "typing")
    copied = await bot.copy_message(NA, NA, text.message_id)
    forward = await bot.forward_message(NA, NA, text.message_id)
    assert copied.message_id < forward.message_id and forward.forward_origin
    reply = await bot.send_message(NA, "re", reply_to_message_id=text.message_id, protect_content=True)
    assert reply.reply_to_message and reply.reply_to_message.text == "嗨 https://x.org"
    assert len(await bot.copy_messages(NA, NA, [text.message_id, 999])) == 1
    assert len(await bot.forward_messages(NA, NA, [text.message_id])) == 1
    assert sandbox.world.violations == []


async def test_edits_deletions_and_pins(both: tuple[Sandbox, Remote], bot: tg.Bot) -> None:
    sandbox, _ = both
    keys = tg.InlineKeyboardMarkup([[tg.InlineKeyboardButton("a", callback_data="a")]])
    message = await bot.send_message(NA, "one", reply_markup=keys)
    edited = await bot.edit_message_text("two", NA, message.message_id)
    assert isinstance(edited, tg.Message) and edited.text == "two" and edited.reply_markup is None and edited.edit_date
    assert await bot.edit_message_reply_markup(NA, message.message_id, reply_markup=keys)
    photo = await bot.send_photo(NA, PNG, caption="c")
    captioned = await bot.edit_message_caption(NA, photo.message_id, caption="d")
    assert isinstance(captioned, tg.Message) and captioned.caption == "d" and captioned.photo
    swapped = await bot.edit_message_media(tg.InputMediaDocument(b"x", filename="x.txt"), NA, photo.message_id)
    assert isinstance(swapped, tg.Message) and swapped.document and not swapped.photo
    assert await bot.pin_chat_message(NA, message.message_id)
    assert (await bot.get_chat(NA)).pinned_message
    assert await bot.unpin_chat_message(NA, message.message_id)
    assert await bot.unpin_all_chat_messages(NA)
    assert await bot.set_message_reaction(NA, message.message_id, "👍")
    assert await bot.delete_message(NA, message.message_id)
    assert await bot.delete_messages(NA, [photo.message_id, 999])
    assert sandbox.world.violations == []


async def test_the_profile(both: tuple[Sandbox, Remote], bot: tg.Bot) -> None:
    sandbox, remote = both
    assert (await bot.get_me()).username == "sandbox_bot"
    scope = tg.BotCommandScopeChat(NA)
    await bot.set_my_commands([("help", "Help")], tg.BotCommandScopeAllPrivateChats())
    await bot.set_my_commands([("visit", "拜访")], scope, language_code="zh")
    assert (await bot.get_my_commands(scope, language_code="zh"))[0].description == "拜访"
    state = await remote.look("state")
    assert [state["commands"][str(who)][0]["command"] for who in (NA, STRANGER)] == ["visit", "help"]
    await bot.delete_my_commands(scope, language_code="zh")
    assert await bot.get_my_commands(scope, language_code="zh") == ()
    for language in ("", "zh"):
        await bot.set_my_name(f"n{language}", language_code=language or None)
        await bot.set_my_description(f"d{language}", language_code=language or None)
        await bot.set_my_short_description(f"s{language}", language_code=language or None)
    assert (await bot.get_my_name("zh")).name == "nzh"
    assert (await bot.get_my_description("fr")).description == "d"
    assert (await bot.get_my_short_description()).short_description == "s"
    await bot.set_chat_menu_button(NA, tg.MenuButtonWebApp("Open", tg.WebAppInfo("https://x.org")))
    assert (await bot.get_chat_menu_button(NA)).type == "web_app"
    assert (await bot.get_chat_menu_button()).type == "commands"
    assert (await bot.get_chat(NA)).first_name == "王娜"
    assert (await bot.get_chat_member(NA, NA)).status == "member"
    assert (await bot.get_user_profile_photos(NA)).total_count == 0
    assert sandbox.world.violations == []


async def test_files_come_back_as_they_went(both: tuple[Sandbox, Remote], bot: tg.Bot) -> None:
    sandbox, remote = both
    await remote.act("share", person=NA, document="5byg5LyfCg==", filename="list.csv", caption="导入")
    (_, update) = await bot.get_updates()
    assert update.message and update.message.document and update.message.caption == "导入"
    file = await bot.get_file(update.message.document.file_id)
    assert bytes(await file.download_as_bytearray()) == "张伟\n".encode()
    await remote.act("share", person=NA, document="YQ==", filename="big.bin", size=20 * 1024 * 1024 + 1)
    update = (await bot.get_updates(offset=update.update_id + 1))[0]
    assert update.message and update.message.document
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(update.message.document)
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await bot.get_file("x")
    assert sandbox.world.violations == []


async def test_a_press_is_answered_once_and_in_time(both: tuple[Sandbox, Remote], bot: tg.Bot) -> None:
    sandbox, remote = both
    message = await bot.send_message(NA, "x")
    for _ in range(2):
        await remote.act("press", person=NA, message_id=message.message_id, data="d", timeout=0)
    first, second = [u.callback_query for u in await bot.get_updates() if u.callback_query]
    assert await first.answer("ok", show_alert=True)
    with pytest.raises(BadRequest, match="Query is too old"):
        await first.answer()
    await remote.act("clock", by=61)
    with pytest.raises(BadRequest, match="Query is too old"):
        await second.answer()
    assert sandbox.world.violations == []


async def test_groups(both: tuple[Sandbox, Remote], bot: tg.Bot) -> None:
    sandbox, remote = both
    group = (await remote.act("group", title="Team", members=[NA, STRANGER]))["id"]
    await remote.act("say", person=NA, chat=group, text="not for bots")
    await remote.act("say", person=NA, chat=group, text="/visit x")
    texts = [u.message.text for u in await bot.get_updates() if u.message and u.message.chat.id == group]
    assert texts == [None, "/visit x"]
    sent = await bot.send_message(group, "hello")
    await remote.act("say", person=STRANGER, chat=group, text="a reply", reply_to=sent.message_id)
    assert (await bot.get_updates())[-1].message.text == "a reply"  # type: ignore[union-attr]
    assert (await bot.get_chat_administrators(group))[0].user.id == NA
    assert await bot.get_chat_member_count(group) == 3
    larger = (await remote.act("group", group=group, upgrade=True))["id"]
    with pytest.raises(tg.error.ChatMigrated) as moved:
        await bot.send_message(group, "x")
    assert moved.value.new_chat_id == larger
    await remote.act("group", group=larger, bot="kicked")
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(larger, "x")
    await remote.act("group", group=larger, bot="member")
    assert await bot.leave_chat(larger)
    with pytest.raises(Forbidden, match="not a member"):
        await bot.send_message(larger, "x")
    assert sandbox.world.violations == []


async def test_inline_mode(both: tuple[Sandbox, Remote], bot: tg.Bot) -> None:
    sandbox, remote = both
    with pytest.raises(ValueError, match="does not support inline"):
        await remote.act("inline", person=NA, query="x")
    sandbox.world.account.supports_inline_queries = True
    assert (await remote.act("inline", person=NA, query="张", timeout=0))["answer"] is None
    query = (await bot.get_updates())[-1].inline_query
    assert query and query.query == "张"
    article = tg.InlineQueryResultArticle("1", "t", tg.InputTextMessageContent("<b>x</b>", parse_mode="HTML"))
    assert await query.answer([article])
    assert sandbox.world.violations == []


async def test_a_wrong_token_and_a_wrong_method(both: tuple[Sandbox, Remote]) -> None:
    sandbox, remote = both
    with pytest.raises(InvalidToken):
        async with tg.Bot("1:wrong", base_url=f"{sandbox.api_url}/bot"):
            pass
    assert (await remote.call("sendMesage"))["error_code"] == 404
    assert sandbox.world.violations[-1].what == "method not found"
    assert (await remote.call("GETME"))["ok"], "the case of a method does not matter"


async def test_what_is_not_played_is_refused(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    told = await remote.call("sendDice", chat_id=NA)
    assert told["description"] == "Bad Request: method sendDice is not supported by this server"
    assert (await remote.call("close"))["error_code"] == 429
    assert (await remote.call("logOut"))["ok"]
    assert (await remote.call("getMe"))["description"] == "Bad Request: Logged out"


@pytest.mark.parametrize(
    "method, more",
    [
        ("sendMessage", {"txt": "x"}),
        ("sendMessage", {}),
        ("sendMessage", {"text": "<b>x", "parse_mode": "HTML"}),
        ("sendMessage", {"text": "x" * 4097}),
        ("sendMessage", {"text": "😀" * 2049}),
        ("sendMessage", {"text": "  "}),
        ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback": "b"}]]}}),
        ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}}),
        ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "url": "x y"}]]}}),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}] * 9]}},
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]] * 101}},
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "url": "x.org", "pay": True}]]}},
        ),
        ("sendChatAction", {"action": "dancing"}),
        ("editMessageText", {"text": "x"}),
        ("sendPhoto", {"photo": "attach://nothing"}),
        ("sendContact", {"phone_number": "1"}),
    ],
)
async def test_planted_mistakes_are_reported(both: tuple[Sandbox, Remote], method: str, more: dict[str, Any]) -> None:
    sandbox, remote = both
    told = await remote.call(method, chat_id=NA, **more)
    assert (told["ok"], told["error_code"]) == (False, 400)
    (violation,) = sandbox.world.violations
    assert violation.method == method and told["description"] == violation.what
    assert (await remote.look("violations"))["violations"][0]["what"] == violation.what
    await remote.forget("violations")
    assert sandbox.world.violations == []


async def test_a_lenient_server_only_reports_unknown_parameters() -> None:
    async with opened(strict=False) as (sandbox, remote):
        await remote.act("start", person=NA)
        assert (await remote.call("sendMessage", chat_id=NA, text="x", txt="y"))["ok"]
        assert len(sandbox.world.violations) == 1


async def test_uploads_that_are_no_pictures_or_too_large(both: tuple[Sandbox, Remote]) -> None:
    _, remote = both
    assert (await remote.form("sendPhoto", {"chat_id": NA, "photo": b"no picture"}))["description"].endswith(
        "IMAGE_PROCESS_FAILED"
    )
    assert (await remote.form("sendDocument", {"chat_id": NA, "document": b""}))["error_code"] == 400
    told = await remote.form("sendDocument", {"chat_id": NA, "document": bytes(50 * 1024 * 1024 + 1)})
    assert told["error_code"] == 413
    told = await remote.call("sendDocument", chat_id=NA, document="https://x.org/a.pdf")
    assert "not supported by this server" in told["description"]
