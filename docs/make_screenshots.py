"""Makes the pictures of the documents: plays a morning in the sandbox and photographs its page. Needs Chromium.

uv run python -m docs.make_screenshots
"""

import asyncio
import base64
import contextlib
import datetime as dt
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.cli import build_sandbox
from bot.rehearsal import open_stage
from bot.sample import FIRST_WORDS
from sandbox import acts
from sandbox.server import Sandbox
from tests.chat.browser import Browser, open_browser
from tests.chat.people import Person

IMAGES = Path(__file__).with_name("images")
MORNING = dt.datetime.fromisoformat("2026-11-18T09:41:00+08:00")
STAFF = ADMIN, LEAD, REP, OTHER_REP = (10001, 10002, 10003, 10004)
PATIENCE = 30.0  # seconds; the first answer waits for the company to be made
SETTLED = 0.6  # seconds in which a page that was told everything has drawn it
WIDE = (1560, 1010)  # CSS pixels: four phones and the examples below them
TALL = (2400, 1230)  # all phones, so that no arrow lies over them, each as high as a card
SCALE = 1.25  # sharp on usual screens, and small enough for a repository
PHONE = "document.querySelector('[data-person=\"%s\"] .bezel')"
BOX = "(({ x, y, right, bottom }) => ({ x, y, right, bottom }))(%s.getBoundingClientRect())"


@dataclass(frozen=True, slots=True)
class Words:
    """What is said and pressed in one language."""

    suffix: str
    code: str  # of the language of the page and of everybody on it
    visit: str
    plan: str
    tried: str
    which: str


CHINESE = Words(
    "zh",
    "zh-Hans",
    visit="拜访 张伟 谈了新报价 下周三上午10点回访",
    plan="提醒我1小时后给张伟发合同",
    tried="电话 王姐 没接 明天下午3点再打",
    which="见了张总",
)
ENGLISH = Words(
    "en",
    "en",
    visit="visited 张伟, talked about the new quote, call back next Wednesday 10am",
    plan="remind me in 1 hour to send 张伟 the contract",
    tried="called 王姐, no answer, call again tomorrow 3pm",
    which="met 张总",
)


async def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    async with open_browser() as browser:
        for words in (CHINESE, ENGLISH):
            with tempfile.TemporaryDirectory() as folder:
                async with _playing(Path(folder)) as server:
                    await _speak(server, words)
                    await _overview(server, browser, words)
                    await _phones(server, browser, words)


@asynccontextmanager
async def _playing(folder: Path) -> AsyncIterator[Sandbox]:
    """A new sandbox whose clock stands at the morning of the pictures."""
    (folder / "sandbox").mkdir()
    offset = (MORNING - dt.datetime.now(dt.UTC)).total_seconds()
    (folder / "sandbox" / "clock").write_text(f"{offset:.6f}\n", "ascii")
    with open_stage(folder, reset=False) as stage:
        server, rehearsal = build_sandbox(stage, log_level="ERROR")
        play = asyncio.create_task(rehearsal.play(server, 0))
        try:
            yield server
        finally:
            play.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await play


def _person(server: Sandbox, telegram_id: int) -> Person:
    return Person(server, telegram_id, patience=PATIENCE)


async def _speak(server: Sandbox, words: Words) -> None:
    """Everybody greeted, in the language of the pictures, with nothing else in the chats."""
    await _answered(server)
    if words is CHINESE:
        return
    for telegram_id in STAFF:
        await server.speak(server.world.chats.people[telegram_id], words.code)
    server.world.chats.clear()
    for telegram_id, text in FIRST_WORDS:
        acts.say(server.world, server.world.chats.people[telegram_id], text)
    await _answered(server)


async def _answered(server: Sandbox) -> None:
    """Until the bot has said at least as much as was said to it, in every chat."""
    for telegram_id in STAFF:
        while not (by_bot := _by_bot(server, telegram_id)) or by_bot.count(True) < by_bot.count(False):
            await server.world.chats.next_change()


def _by_bot(server: Sandbox, telegram_id: int) -> list[bool]:
    entries = server.world.chats.by_id[telegram_id].entries.values()
    return [entry.by_bot for entry in entries if not entry.removed]


async def _overview(server: Sandbox, browser: Browser, words: Words) -> None:
    """The page as it is after a few messages: an admin, a lead, two reps."""
    await _person(server, REP).say(words.visit)
    await _person(server, OTHER_REP).say(words.which)
    await _person(server, LEAD).say("明远科技")
    await browser.size(*WIDE, scale=SCALE)
    await browser.prefer(prefers_color_scheme="light", prefers_reduced_motion="reduce")
    await browser.wish(words.code)
    await browser.open(server.page_url)
    await browser.until("document.body.classList.contains('ready')")
    await browser.tap(f"[data-code='{words.code}']")
    await browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=1, y=1)  # nothing is hovered over
    await _picture(browser, f"sandbox.{words.suffix}.png", "document.body")


async def _phones(server: Sandbox, browser: Browser, words: Words) -> None:
    """Three phones: a customer's card, a log with its reminder, the day."""
    await _person(server, REP).say(words.plan)
    await _person(server, OTHER_REP).say("/today")
    await browser.size(*TALL, scale=SCALE)
    await _picture(browser, f"phones.{words.suffix}.png", *(PHONE % one for one in (LEAD, REP, OTHER_REP)))


async def _picture(browser: Browser, name: str, *nodes: str) -> None:
    """Keep the part of the page in which some nodes stand, given as JavaScript expressions."""
    await asyncio.sleep(SETTLED)
    boxes = [await browser.read(BOX % node) for node in nodes]
    x, y = min(box["x"] for box in boxes), min(box["y"] for box in boxes)
    right, bottom = max(box["right"] for box in boxes), max(box["bottom"] for box in boxes)
    clip = {"x": x, "y": y, "width": right - x, "height": bottom - y, "scale": 1}
    shot = await browser.call("Page.captureScreenshot", format="png", clip=clip)
    (IMAGES / name).write_bytes(base64.b64decode(shot["data"]))


if __name__ == "__main__":
    asyncio.run(main())
