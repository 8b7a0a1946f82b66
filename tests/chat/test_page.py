"""The page of the sandbox in a real browser: what a visitor does with it, over real HTTP and a bot that only echoes."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from sandbox.server import Sandbox
from tests.chat.browser import CHROMIUM, Browser, open_browser
from tests.chat.remote import Remote, opened

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM}"),
    pytest.mark.asyncio(loop_scope="module"),
]

ADMIN, LEAD, REP, OTHER_REP, CUSTOMER, STRANGER = 10001, 10002, 10003, 10004, 10005, 10006
PATIENCE = 15.0  # seconds until an update must have reached the bot


class EchoBot:
    """Says every text back with two buttons; a tap is answered by a toast and an edit, or by an alert."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote
        self._heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def run(self) -> None:
        offset = 0
        while True:
            updates = (await self._remote.call("getUpdates", offset=offset, timeout=20))["result"]
            for update in updates:
                offset = update["update_id"] + 1
                await self._answer(update)
                self._heard.put_nowait(update)

    async def hear(self, kind: str) -> dict[str, Any]:
        """The next update of a kind; others are passed over."""
        while True:
            update = await asyncio.wait_for(self._heard.get(), PATIENCE)
            if kind in update:
                heard: dict[str, Any] = update[kind]
                return heard

    async def say(self, chat_id: int, text: str, **more: Any) -> int:
        answer = await self._remote.call("sendMessage", chat_id=chat_id, text=text, **more)
        return int(answer["result"]["message_id"])

    async def _answer(self, update: dict[str, Any]) -> None:
        match update:
            case {"message": {"chat": {"id": chat_id}, "text": text}}:
                keys = [[{"text": "撤销", "callback_data": "undo"}, {"text": "为什么", "callback_data": "why"}]]
                await self.say(chat_id, f"收到：{text}", reply_markup={"inline_keyboard": keys})
            case {"callback_query": {"id": query, "data": "undo", "message": message}}:
                await self._remote.call("answerCallbackQuery", callback_query_id=query, text="好了")
                place = {"chat_id": message["chat"]["id"], "message_id": message["message_id"]}
                await self._remote.call("editMessageText", **place, text="已撤销这一条")
            case {"callback_query": {"id": query}}:
                await self._remote.call(
                    "answerCallbackQuery", callback_query_id=query, text="因为如此", show_alert=True
                )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with open_browser() as opened_browser:
        yield opened_browser


@pytest_asyncio.fixture(loop_scope="module")
async def world() -> AsyncIterator[tuple[Sandbox, Remote]]:
    """A sandbox in which all but the last have opened the bot."""
    async with opened() as (sandbox, remote):
        for person in sandbox.world.chats.people.values():
            person.started = person.id != STRANGER
        yield sandbox, remote


@pytest_asyncio.fixture(loop_scope="module")
async def remote(world: tuple[Sandbox, Remote]) -> Remote:
    return world[1]


@pytest_asyncio.fixture(loop_scope="module")
async def bot(remote: Remote) -> AsyncIterator[EchoBot]:
    echo = EchoBot(remote)
    running = asyncio.create_task(echo.run())
    yield echo
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, world: tuple[Sandbox, Remote], bot: EchoBot) -> AsyncIterator[Browser]:
    """The page in Simplified Chinese on a wide screen; afterwards nothing may have failed in it."""
    address = world[0].page_url
    browser.requested.clear()
    await browser.size(1440, 900)
    await browser.wish("zh-CN")
    await browser.prefer(prefers_color_scheme="light", prefers_reduced_motion="reduce")
    await browser.open(address)
    await browser.until("document.body.classList.contains('ready')")
    await browser.read("window.sameVisit = true")
    browser.errors.clear()
    yield browser
    assert await browser.read("window.sameVisit"), "the page was loaded anew"
    assert browser.errors == []
    assert [url for url in browser.requested if not url.startswith((address, "blob:", "about:"))] == []
    await browser.open("about:blank")


def of(person: int, selector: str) -> str:
    """A selector inside somebody's phone."""
    return f"[data-person='{person}'] {selector}"


async def type_and_send(page: Browser, person: int, text: str) -> None:
    await page.tap(of(person, ".input"))
    await page.write(text)
    await page.key("Enter")


async def digits(page: Browser) -> str:
    return str(await page.read("document.querySelector('.clock-digits').textContent"))


async def test_six_phones_stand_side_by_side(page: Browser) -> None:
    names = await page.read("[...document.querySelectorAll('.owner-words')].map((each) => each.innerText)")
    assert len(names) == 6
    assert names[0].split() == ["周芳", "管理员"]
    assert await page.count(of(STRANGER, ".gate"), "开始") == 1
    assert await page.read("document.title") == "客源 Keyuan · 沙盒"
    boxes = await page.read("[...document.querySelectorAll('.device')].map((each) => each.getBoundingClientRect().x)")
    assert boxes == sorted(boxes) and boxes[3] < 1440


async def test_what_is_typed_appears_and_is_answered_without_a_reload(page: Browser, bot: EchoBot) -> None:
    await type_and_send(page, REP, "拜访 张伟 谈了新报价")
    await page.until_shown(of(REP, ".mine .words"), "拜访 张伟 谈了新报价")
    await page.until_shown(of(REP, ".theirs .words"), "收到：拜访 张伟 谈了新报价")
    assert (await bot.hear("message"))["text"] == "拜访 张伟 谈了新报价"
    assert await page.read(f'document.querySelector("{of(REP, ".input")}").value') == ""


async def test_shift_enter_begins_a_line_and_an_input_method_keeps_its_enter(page: Browser, bot: EchoBot) -> None:
    await page.tap(of(REP, ".input"))
    await page.write("第一行")
    await page.key("Enter", shift=True)
    await page.write("第二行")
    choosing = "new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })"
    await page.read(f"document.activeElement.dispatchEvent({choosing})")
    assert await page.count(of(REP, ".mine")) == 0
    await page.key("Enter")
    assert (await bot.hear("message"))["text"] == "第一行\n第二行"


async def test_a_button_shows_its_toast_and_the_edit(page: Browser, bot: EchoBot) -> None:
    await type_and_send(page, REP, "你好")
    await page.tap(of(REP, ".inline-button"), "撤销")
    await page.until_shown(of(REP, ".toast"), "好了")
    await page.until_shown(of(REP, ".theirs .words"), "已撤销这一条")
    assert await page.count(of(REP, ".meta-edited"), "已编辑") == 1
    assert await page.count(of(REP, ".inline-button")) == 0


async def test_an_alert_stays_until_it_is_acknowledged(page: Browser) -> None:
    await type_and_send(page, REP, "你好")
    await page.tap(of(REP, ".inline-button"), "为什么")
    await page.until_shown(of(REP, ".alert"), "因为如此")
    await page.key("Enter")
    await page.until("!document.querySelector('.alert')")


async def test_the_buttons_move_the_clock(page: Browser, remote: Remote) -> None:
    before = (await remote.look("state"))["offset"]
    await page.tap("[data-move='forwardHour']")
    await page.until_shown(".clock-ahead", "1 小时")
    assert (await remote.look("state"))["offset"] == pytest.approx(before + 3600)
    await page.tap("[data-move='forwardMorning']")
    await page.until("document.querySelector('.clock-digits').textContent === '08:30'")
    await page.until(f"document.querySelector(\"{of(REP, '.status-time')}\").textContent === '08:30'")
    day = await page.read("document.querySelector('.clock-weekday').textContent")
    await page.tap("[data-move='forwardDay']")
    await page.until(f"document.querySelector('.clock-weekday').textContent !== {json.dumps(day)}")
    assert await digits(page) in ("08:30", "08:31")


async def test_a_clock_moved_elsewhere_moves_here(page: Browser, remote: Remote) -> None:
    await remote.act("clock", to="next 23:59", zone="Asia/Shanghai")
    await page.until("document.querySelector('.clock-digits').textContent === '23:59'")


async def test_a_phone_shows_one_chat_and_counts_what_the_others_missed(page: Browser, bot: EchoBot) -> None:
    await page.size(390, 844, phone=True)
    on_screen = "[...document.querySelectorAll('.face.here .face-name')].map((each) => each.innerText)"
    await page.until(f"{on_screen}.join() === '周芳'")
    assert await page.read("document.documentElement.scrollWidth") == 390
    await bot.say(REP, "有人找你")
    await page.until_shown(".face .badge", "1")
    await page.tap(".face", "王娜")
    await page.until(f"{on_screen}.join() === '王娜'")
    await page.until("![...document.querySelectorAll('.face .badge')].some((each) => !each.hidden)")
    await type_and_send(page, REP, "我在")
    await page.until_shown(of(REP, ".theirs .words"), "收到：我在")


async def test_what_people_type_never_runs(page: Browser, bot: EchoBot, remote: Remote) -> None:
    hostile = "<img src=x onerror='window.hacked=1'><script>window.hacked=1</script>"
    await type_and_send(page, REP, hostile)
    await page.until_shown(of(REP, ".mine .words"), hostile)
    await page.until_shown(of(REP, ".theirs .words"), f"收到：{hostile}")
    await remote.act("share", person=REP, contact={"first_name": hostile, "phone_number": "+8613900000000"})
    await page.until_shown(of(REP, ".card-name"), hostile)
    assert await page.count(of(REP, ".log img")) + await page.count(of(REP, ".log script")) == 0
    assert await page.read("window.hacked === undefined")


@pytest.mark.parametrize(
    "hostile, kept",
    [
        ("<b>x</b><img src=x onerror=hack()>", "<b>x</b>"),
        ("<a href='javascript:hack()'>y</a>", "y"),
        ("<a href=' java\tscript:hack()'>y</a><script>hack()</script>", "y"),
        ("<b onclick='hack()' style='x' class='bar'>z</b>", "<b>z</b>"),
        ("<svg><style><img src=x onerror=hack()></style></svg>q", "q"),
        ("<iframe srcdoc='<script>hack()</script>'></iframe>ok", "ok"),
        ("<i>a<u>b</u></i><s>c</s><code>d</code>", "<i>a<u>b</u></i><s>c</s><code>d</code>"),
        ("<span class='spoiler'>s</span>", "<tg-spoiler>s</tg-spoiler>"),
    ],
)
async def test_markup_is_rebuilt_from_a_short_list(page: Browser, hostile: str, kept: str) -> None:
    script = f"""import("/safe.js").then(({{ sanitised }}) => {{
      const box = document.createElement("div");
      box.append(sanitised({json.dumps(hostile)}));
      return box.innerHTML;
    }})"""
    assert await page.read(script) == kept
    assert all("Content Security Policy" in error for error in page.errors)  # a second lock that also held
    page.errors.clear()


async def test_a_deep_link_opens_as_whoever_is_chosen(page: Browser, bot: EchoBot) -> None:
    await bot.say(LEAD, "邀请：https://t.me/sandbox_bot?start=inv_7k3q")
    await page.tap(of(LEAD, ".words a"), "inv_7k3q")
    await page.until_shown(of(LEAD, ".sheet"), "以谁的身份打开这个链接？")
    await page.tap(of(LEAD, ".sheet-row"), "Emma Lin")
    opened_by = await bot.hear("message")
    assert (opened_by["from"]["id"], opened_by["text"]) == (STRANGER, "/start inv_7k3q")
    await page.until_shown(of(STRANGER, ".input"))
    await page.until_shown(of(STRANGER, ".mine .words"), "/start")


async def test_the_reply_keyboard_asks_before_it_shares(page: Browser, bot: EchoBot) -> None:
    keys = [[{"text": "我的号码", "request_contact": True}, {"text": "我的位置", "request_location": True}], ["今天"]]
    await bot.say(REP, "请选择", reply_markup={"keyboard": keys, "input_field_placeholder": "例如：电话 王姐"})
    await page.until(f"document.querySelector(\"{of(REP, '.input')}\").placeholder === '例如：电话 王姐'")
    await page.tap(of(REP, ".reply-button"), "我的号码")
    await page.tap(of(REP, ".alert-button"), "发送")
    assert (await bot.hear("message"))["contact"]["user_id"] == REP
    await page.tap(of(REP, ".reply-button"), "我的位置")
    await page.tap(of(REP, ".sheet-row"), "上海")
    assert (await bot.hear("message"))["location"]["latitude"] == pytest.approx(31.23, abs=0.01)
    await page.until_shown(of(REP, ".map"))
    await page.tap(of(REP, ".reply-button"), "今天")
    assert (await bot.hear("message"))["text"] == "今天"


async def test_a_file_is_shown_before_it_leaves(page: Browser, bot: EchoBot) -> None:
    await page.tap(of(ADMIN, ".try"), "导入一份客户表")
    await page.until_shown(of(ADMIN, ".outgoing .file-name"), "新客户.csv")
    await page.write("这是新的")
    await page.key("Enter")
    sent = await bot.hear("message")
    assert (sent["document"]["file_name"], sent["caption"]) == ("新客户.csv", "这是新的")
    await page.until_shown(of(ADMIN, ".mine .file-name"), "新客户.csv")


async def test_commands_stand_behind_the_slash_in_the_persons_language(page: Browser, remote: Remote) -> None:
    zh, en = [{"command": "today", "description": "今日待办"}], [{"command": "today", "description": "My day"}]
    await remote.call("setMyCommands", commands=zh)
    await remote.call("setMyCommands", commands=en, language_code="en")
    await page.tap(of(REP, ".slash"))
    await page.until_shown(of(REP, ".suggestion"), "今日待办")
    await page.key("Escape")
    choose = "select.value = 'en'; select.dispatchEvent(new Event('change'))"
    await page.read(f'(() => {{ const select = document.querySelector("{of(REP, "select")}"); {choose}; }})()')
    await page.until(
        f'(document.querySelector("{of(REP, ".slash")}").click(), '
        f"document.querySelector(\"{of(REP, '.suggestion')}\")?.textContent.includes('My day'))"
    )
    await page.key("ArrowDown")
    await page.key("Enter")
    await page.until_shown(of(REP, ".mine .words"), "/today")


async def test_an_example_says_itself(page: Browser, bot: EchoBot) -> None:
    await page.tap(of(REP, ".try"), "/today")
    assert (await bot.hear("message"))["text"] == "/today"


async def test_whoever_reads_further_up_is_not_pulled_down(page: Browser, bot: EchoBot) -> None:
    for number in range(12):
        await bot.say(REP, f"第{number}条\n\n完")
    wall = f'document.querySelector("{of(REP, ".wall")}")'
    at_end = f"{wall}.scrollHeight - {wall}.clientHeight - {wall}.scrollTop < 2"
    await page.until_shown(of(REP, ".words"), "第11条")
    await page.until(at_end)
    shown = f'document.querySelector("{of(REP, ".to-end")}").classList.contains("shown")'
    await page.until(f"({wall}.scrollTop = 0, {shown})")  # a finger goes on until it is there
    await bot.say(REP, "还有一条")
    await page.until_shown(of(REP, ".to-end .badge"), "1")
    assert await page.read(f"{wall}.scrollTop") == 0
    await page.tap(of(REP, ".to-end"))
    await page.until(at_end)
    await page.until(f'document.querySelector("{of(REP, ".to-end .badge")}").hidden')


async def test_an_own_message_is_answered_to_and_changed(page: Browser, bot: EchoBot) -> None:
    asked = await bot.say(REP, "哪家公司？", reply_markup={"force_reply": True, "input_field_placeholder": "公司名"})
    await page.until_shown(of(REP, ".context"), "哪家公司？")
    await type_and_send(page, REP, "明远")
    assert (await bot.hear("message"))["reply_to_message"]["message_id"] == asked
    await page.until_shown(of(REP, ".mine .quote"), "哪家公司？")
    await page.tap(of(REP, ".input"))
    await page.key("ArrowUp")
    await page.write("科技")
    await page.key("Enter")
    assert (await bot.hear("edited_message"))["text"] == "明远科技"
    await page.until_shown(of(REP, ".mine .meta-edited"))


async def test_blocking_and_unblocking_from_the_menu(page: Browser, bot: EchoBot) -> None:
    await page.tap(of(CUSTOMER, ".head .round"))
    await page.tap(of(CUSTOMER, ".menu-item"), "屏蔽机器人")
    assert (await bot.hear("my_chat_member"))["new_chat_member"]["status"] == "kicked"
    await page.tap(of(CUSTOMER, ".gate"), "解除屏蔽")
    assert (await bot.hear("my_chat_member"))["new_chat_member"]["status"] == "member"
    await page.until_shown(of(CUSTOMER, ".input"))


async def test_a_reset_asks_once_and_empties_the_chats(page: Browser, bot: EchoBot) -> None:
    await type_and_send(page, REP, "会消失")
    await page.until_shown(of(REP, ".theirs"), "会消失")
    await page.tap(".reset")
    await page.tap(".ask button", "取消")
    await page.until("!document.querySelector('dialog')")
    assert await page.count(of(REP, ".theirs"), "会消失") == 1
    await page.tap(".reset")
    await page.tap(".ask button", "重置")
    await page.until(f"!document.querySelector('dialog') && !document.querySelector(\"{of(REP, '.message')}\")")


async def test_the_page_speaks_three_languages_and_remembers_which(page: Browser) -> None:
    for code, word, role in (
        ("zh-Hant", "隔天 08:30", "業務"),
        ("en", "Next 08:30", "Rep"),
        ("zh-Hans", "次日 08:30", "销售"),
    ):
        await page.tap(f"[data-code='{code}']")
        await page.until_shown(".move", word)
        await page.until_shown(of(REP, ".role"), role)
        assert await page.read("localStorage.getItem('keyuan-sandbox-language')") == code
        raw = await page.read("document.body.innerText.match(/(undefined|null|\\\\{\\\\w+\\\\})/)?.[0] ?? ''")
        assert raw == ""


async def test_nothing_of_the_bar_covers_another_part(page: Browser) -> None:
    parts = ("img", ".clock-line", ".clock-digits", ".moves", ".bar-end")
    look = "[...document.querySelectorAll('%s')].map((one) => one.getBoundingClientRect()).map((box) => [box.left, box.right])"
    await page.tap("[data-code='en']")  # the longest words
    for width in (768, 900, 1024):
        await page.size(width, 700)
        edges = [x for box in await page.read(look % ", ".join(f".bar {part}" for part in parts)) for x in box]
        assert edges == sorted(edges) and edges[-1] <= width, (width, edges)


async def test_the_first_visit_turns_everybody_to_the_browser_s_language(
    page: Browser, world: tuple[Sandbox, Remote]
) -> None:
    spoken = "[...document.querySelectorAll('.owner-language')].map((one) => one.value)"
    people = world[0].world.chats.people.values()
    assert {person.language_code for person in people} == {"zh-hans", "zh-hant"}
    await page.read("localStorage.clear()")
    await page.wish("en")
    await page.open(world[0].page_url)
    await page.until(f"{spoken}.length > 0 && {spoken}.every((one) => one === 'en')")
    assert {person.language_code for person in people} == {"en"}
    await page.tap("[data-code='zh-Hans']")
    await page.until(f"{spoken}.length > 0 && {spoken}.every((one) => one === 'zh-hans')")
    await page.read("window.sameVisit = true")


async def test_the_dark_follows_the_system(page: Browser) -> None:
    shade = "getComputedStyle(document.querySelector('.device')).backgroundColor"
    light = await page.read(shade)
    await page.prefer(prefers_color_scheme="dark")
    await page.until(f"{shade} !== {json.dumps(light)}")
