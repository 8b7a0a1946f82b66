"""The page of who has no Telegram on a phone, in a real browser: nothing sticks out, nothing comes from elsewhere."""

# ruff: noqa: F811 (fixtures come in under their own names)

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from storage.database import Database
from tests.chat.browser import CHROMIUM, Browser, open_browser
from tests.chat.company import Company, company, wednesday  # noqa: F401 (fixtures)
from tests.chat.conftest import StaffIds
from tests.chat.people import Person
from tests.chat.test_web import open_survey, photo
from tests.chat.web_pages import settings, survey_link  # noqa: F401 (fixture)

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM}")]

PICTURES = os.environ.get("PAGE_PICTURES")  # a folder, to look at them
WIDE = "document.documentElement.scrollWidth > innerWidth"
SMALL = "[...document.querySelectorAll('main a, main button, main label')].filter((b) => b.getBoundingClientRect().height < 44).length"


async def test_a_phone_answers_and_complains(
    rep: Person, company: Company, database: Database, staff: StaffIds, tmp_path: Path
) -> None:
    open_survey(database, staff)
    shot = tmp_path / "IMG_0001.JPG"
    shot.write_bytes(photo())
    address = await survey_link(rep, "张建国")
    async with open_browser() as browser:
        await browser.size(390, 844, phone=True, scale=2)
        for language, scheme in (("zh-CN", "light"), ("zh-TW", "dark"), ("en", "light"), ("en", "dark")):
            await browser.wish(language)
            await browser.prefer(prefers_color_scheme=scheme)
            for number, query in enumerate(("", "?p=survey&s=1", "?p=tell&k=complaint")):
                await browser.open(address + query)
                assert not await browser.read(WIDE) and not await browser.read(SMALL), (language, query)
                await keep(browser, f"{language}-{scheme}-{number}")
        await browser.prefer(prefers_color_scheme="light")
        await browser.wish("zh-CN")
        await browser.open(address)
        await browser.tap_on("a", "开始回答")
        await browser.tap_on("button", "2")
        await browser.tap_on("button", "价格")
        await keep(browser, "multiple")
        await browser.tap("label", "水")
        await browser.tap_on("button", "完成")
        await browser.choose_file("input[type=file]", shot)
        await keep(browser, "photo")
        await browser.tap_on("button", "下一题")
        await browser.tap("textarea")
        await browser.write("上海市静安区")
        await keep(browser, "place")
        await browser.tap_on("button", "下一题")
        await browser.tap("input")
        await browser.write("3")
        await browser.tap_on("button", "下一题")
        await browser.tap_on("button", "跳过")
        await browser.tap("textarea")
        await browser.write("等了很久")
        await keep(browser, "text")
        await browser.tap_on("button", "下一题")
        await browser.until_shown("h1", "多谢")
        await keep(browser, "thanks")
        await browser.tap_on("a", "返回首页")
        await browser.tap_on("a", "投诉")
        await browser.tap("textarea")
        await browser.write("少了一箱")
        await browser.choose_file("input[type=file]", shot)
        await browser.tap_on("button", "提交")
        await browser.until_shown("dd", "C-")
        await keep(browser, "receipt")
        assert not browser.errors
        here = urlsplit(address).netloc
        assert {urlsplit(one).netloc for one in browser.requested if one.startswith("http")} == {here}


async def keep(browser: Browser, name: str) -> None:
    """Where a folder is named, the picture of what is on the screen."""
    if PICTURES:
        await browser.picture(Path(PICTURES) / f"{name}.png")
