"""A bot that serves pages on a free port, and a visitor without a script: over real HTTP, as a browser would send it."""

import html
import re
import socket
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlencode, urljoin

import aiohttp
import pytest

from bot.settings import Listen, Settings
from tests.chat.people import Message, Person
from views.links import PersonalLink, SurveyCustomer
from views.replies import tag_of
from views.survey_sending import OfferSurvey
from views.web_links import AskByPage, PageFor

FORM = re.compile(r"<form.*?</form>", re.DOTALL)
HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')
LINK = re.compile(r"http://127\.0\.0\.1:\d+/c/[\w-]{22}")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings of a bot whose company has an address for pages."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    where = {"public_url": f"http://127.0.0.1:{port}", "listen": Listen("127.0.0.1", port)}
    return settings.model_copy(update=where)


def link_in(rep: Person) -> str:
    """The address of a page that the bot sent last."""
    found: list[str] = [hit for one in rep.messages for hit in LINK.findall(html.unescape(one.text))]
    assert found, [one.text for one in rep.messages]
    return found[-1]


@dataclass
class Visitor:
    """Somebody with a browser: reads a page, fills in its forms, follows where it is led."""

    client: aiohttp.ClientSession
    address: str
    languages: str = "zh-CN,zh;q=0.9"
    text: str = ""
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    async def open(self, address: str = "") -> Self:
        return await self._go("GET", address)

    async def follow(self, label: str) -> Self:
        """Tap a link by its label."""
        hit = re.search(rf'<a[^>]*href="([^"]*)"[^>]*>\s*{re.escape(html.escape(label))}\s*</a>', self.text)
        assert hit is not None, (label, self.text)
        return await self._go("GET", html.unescape(hit[1]))

    async def tap(self, label: str, **fields: str | list[str]) -> Self:
        """Send the form whose button has this label, with what was filled in."""
        form, button = self._form(label)
        name = re.search(r'name="(\w+)"', button)
        value = re.search(r'value="([^"]*)"', button)
        given: list[tuple[str, str]] = HIDDEN.findall(form)
        given += [(name[1], value[1] if value else "")] if name else []
        for key, values in fields.items():
            given += [(key, one) for one in ([values] if isinstance(values, str) else values)]
        action = re.search(r'action="([^"]*)"', form)
        assert action is not None
        return await self._go("POST", html.unescape(action[1]), data=given)

    async def again(self) -> Self:
        """Send the last form once more, as an impatient finger does."""
        return await self._go("POST", self._last[0], data=self._last[1])

    def _form(self, label: str) -> tuple[str, str]:
        for form in FORM.findall(self.text):
            for button in re.findall(r"<button.*?</button>", form, re.DOTALL):
                if html.unescape(re.sub(r"<[^>]*>", "", button)).strip() == label:
                    return form, button
        raise AssertionError((label, self.text))

    async def _go(self, method: str, address: str, data: list[tuple[str, str]] | None = None) -> Self:
        if data is not None:
            self._last = (urljoin(self.address, address), data)
        where = urljoin(self.address, address)
        headers = {"Accept-Language": self.languages}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        async with self.client.request(method, where, data=urlencode(data or []), headers=headers) as answer:
            self.text, self.status, self.headers = await answer.text(), answer.status, dict(answer.headers)
            self.address = str(answer.url)
        return self

    @property
    def words(self) -> str:
        """What is read on the page."""
        return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", self.text.partition("<body>")[2])))


async def page_link(rep: Person, customer: str) -> str:
    """What a rep does for somebody without Telegram: the link, from the card."""
    card = await rep.follow(await rep.say(f"/find {customer}"), PersonalLink)
    await rep.follow(_with(rep, PageFor) or card, PageFor)
    return link_in(rep)


async def survey_link(rep: Person, customer: str) -> str:
    """The same with the survey that is open."""
    card = await rep.say(f"/find {customer}")
    offered = await rep.follow(await rep.follow(card, SurveyCustomer), OfferSurvey)
    await rep.follow(offered, AskByPage)
    return link_in(rep)


def _with(rep: Person, payload: type) -> Message | None:
    """The latest message that has such a button."""
    return next((one for one in reversed(rep.messages) if any(d.startswith(tag_of(payload)) for d in one.data)), None)
