"""A bot that serves pages on a free port, and a visitor without a script: over real HTTP, as a browser would send it."""

import html
import re
import socket
from collections.abc import Mapping, Sequence
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
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=keyuan"
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
    _last: tuple[str, bytes, str] = ("", b"", "")

    async def open(self, address: str = "") -> Self:
        return await self._go("GET", address)

    async def follow(self, label: str) -> Self:
        """Tap a link by its label."""
        hit = re.search(rf'<a[^>]*href="([^"]*)"[^>]*>\s*{re.escape(html.escape(label))}\s*</a>', self.text)
        assert hit is not None, (label, self.text)
        return await self._go("GET", html.unescape(hit[1]))

    async def tap(self, label: str, files: Sequence[tuple[str, bytes]] = (), **fields: str | list[str]) -> Self:
        """Send the form whose button has this label, with what was filled in, in the way that the form says."""
        form, button = self._form(label)
        name = re.search(r'name="(\w+)"', button)
        value = re.search(r'value="([^"]*)"', button)
        given: list[tuple[str, str]] = HIDDEN.findall(form)
        given += [(name[1], value[1] if value else "")] if name else []
        for key, values in fields.items():
            given += [(key, one) for one in ([values] if isinstance(values, str) else values)]
        action = re.search(r'action="([^"]*)"', form)
        assert action is not None
        has_files = 'enctype="multipart/form-data"' in form.partition(">")[0]
        body = multipart(given, files) if has_files else urlencode(given).encode()
        self._last = (urljoin(self.address, html.unescape(action[1])), body, MULTIPART if has_files else URLENCODED)
        return await self.again()

    async def again(self) -> Self:
        """Send the last form once more, as an impatient finger does."""
        address, body, kind = self._last
        return await self._go("POST", address, body, {"Content-Type": kind})

    def _form(self, label: str) -> tuple[str, str]:
        for form in FORM.findall(self.text):
            for button in re.findall(r"<button.*?</button>", form, re.DOTALL):
                if html.unescape(re.sub(r"<[^>]*>", "", button)).strip() == label:
                    return form, button
        raise AssertionError((label, self.text))

    async def _go(
        self, method: str, address: str, data: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Self:
        where = urljoin(self.address, address)
        own = {"Accept-Language": self.languages, **(headers or {})}
        async with self.client.request(method, where, data=data, headers=own) as answer:
            self.text, self.status, self.headers = await answer.text(), answer.status, dict(answer.headers)
            self.address = str(answer.url)
        return self

    @property
    def words(self) -> str:
        """What is read on the page."""
        return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", self.text.partition("<body>")[2])))


def multipart(fields: Sequence[tuple[str, str]], files: Sequence[tuple[str, bytes]]) -> bytes:
    """A form with files as browsers write it; of none, one without a name and empty."""
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields]
    for name, content in files or [("", b"")]:
        head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: image/jpeg\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(b"--keyuan\r\n" + part for part in parts) + b"--keyuan--\r\n"


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
