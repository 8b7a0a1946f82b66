"""Surveys by e-mail and text message: against a real mail server and a real HTTP service on this machine."""

# ruff: noqa: F811 (fixtures come in under their own names)

import asyncio
import datetime as dt
import email
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from email.policy import default
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope
from pydantic import SecretStr

from actions.customers import add_customer
from bot.app import App
from bot.carriers import Mail
from bot.check import Level, look_at_carriers
from bot.settings import Settings
from domain.carriers import Burden, Carrier, Fate
from domain.consents import Purpose
from domain.customers import Channel, ChannelKind, ContactDraft, CustomerDraft
from domain.surveys import InvitationState, Trigger
from sandbox.server import Sandbox
from storage.database import Database
from storage.models import Consent, SurveyInvitation
from storage.organisation import Organisation, use_defaults
from tests.chat.bound import client  # noqa: F401 (fixture)
from tests.chat.company import WEDNESDAY, Company, company, wednesday  # noqa: F401 (fixtures)
from tests.chat.conftest import REP, StaffIds
from tests.chat.people import Message, Person
from tests.chat.test_web import QUESTIONS, open_survey
from tests.chat.web_pages import LINK, Visitor
from tests.chat.web_pages import settings as page_settings
from views.history import Undo
from views.links import OpenSurvey, SurveyCustomer
from views.survey_links import ShowAudience
from views.survey_sending import OfferSurvey, SendWave
from views.survey_sent import Withdraw
from views.surveys import ShowSent

MINUTE, DAY = 60, 24 * 3600
PATIENCE = 15.0  # seconds
NOON = dt.datetime(2026, 11, 18, 4, tzinfo=dt.UTC)
paged = page_settings


@dataclass
class Post:
    """A mail server and an SMS service; ``answers`` are what they say next, else that they took it."""

    mails: "asyncio.Queue[EmailMessage]" = field(default_factory=asyncio.Queue)
    texts: "asyncio.Queue[dict[str, Any]]" = field(default_factory=asyncio.Queue)
    answers: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    smtp_port: int = 0
    sms_port: int = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802 (its name there)
        if self.answers:
            return self.answers.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        made = email.message_from_bytes(content, policy=default)
        assert isinstance(made, EmailMessage)
        self.mails.put_nowait(made)
        return "250 OK"

    async def take(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer a-key"
        if self.statuses:
            return web.Response(status=self.statuses.pop(0))
        self.texts.put_nowait(await request.json())
        return web.Response()

    async def mail(self) -> EmailMessage:
        return await asyncio.wait_for(self.mails.get(), PATIENCE)


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    made = Post()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(made), "127.0.0.1", 0)
    app = web.Application()
    app.router.add_post("/send", made.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.smtp_port, made.sms_port = server.sockets[0].getsockname()[1], runner.addresses[0][1]
    yield made
    await runner.cleanup()
    server.close()
    use_defaults(Organisation())  # the carriers are of this bot alone


@pytest.fixture
def settings(paged: Settings, post: Post) -> Settings:
    """Settings of a bot that can send both."""
    more = {
        "smtp_url": f"smtp://127.0.0.1:{post.smtp_port}",
        "smtp_from": "明远 <service@example.com>",
        "sms_url": f"http://127.0.0.1:{post.sms_port}/send",
        "sms_body": '{"to": ["{phone}"], "message": "{text}"}',
        "sms_authorization": SecretStr("Bearer a-key"),
    }
    return paged.model_copy(update=more)


@pytest.fixture
def wang(company: Company, database: Database, staff: StaffIds) -> int:
    """王芳, with a telephone and an e-mail, and no Telegram."""
    now = dt.datetime.fromisoformat(WEDNESDAY)
    channels = (
        Channel(ChannelKind.PHONE, "13800138088", "+8613800138088"),
        Channel(ChannelKind.EMAIL, "wang@example.com", "wang@example.com"),
    )
    with database.transaction(now) as uow:
        actor = uow.people.of_member(staff.members[REP])
        assert actor is not None
        draft = CustomerDraft("王芳", contacts=(ContactDraft("王芳", {}, channels=channels),))
        return add_customer(uow, actor, draft, now=now).customer.id


async def offered(rep: Person) -> Message:
    return await rep.follow(await rep.follow(await rep.say("/find 王芳"), SurveyCustomer), OfferSurvey)


async def ask_by(rep: Person, label: str, *, agree: bool = False) -> Message:
    told = await rep.follow(await offered(rep), label)
    return await rep.follow(told, "已同意，发送") if agree else told


async def later(sandbox: Sandbox, bot: App, seconds: float) -> None:
    sandbox.world.clock.move(seconds)
    await bot.ticks.tick()
    await bot.carrying.look()
    await bot.idle()


@pytest.mark.both_databases
async def test_a_survey_goes_by_mail_and_is_answered_and_stopped(
    rep: Person, wang: int, database: Database, staff: StaffIds, bot: App, sandbox: Sandbox, post: Post
) -> None:
    open_survey(database, staff, questions=QUESTIONS[:1], template="after_visit")
    asked = await rep.follow(await offered(rep), "✉️ 发邮件给 王芳")
    assert "还没有表示是否同意" in asked.text  # nothing is written to who never said a word about it
    queued = await rep.follow(asked, "已同意，发送")
    assert "10 分钟后" in queued.text
    await rep.press(queued, Undo)
    await later(sandbox, bot, 11 * MINUTE)
    assert post.mails.empty()
    with database.transaction(bot.clock.now()) as uow:
        assert not uow.connection.execute(Consent.__table__.select()).all()  # the undo took the consent along

    await ask_by(rep, "✉️ 发邮件给 王芳", agree=True)
    await later(sandbox, bot, 9 * MINUTE)
    assert post.mails.empty()
    await later(sandbox, bot, 2 * MINUTE)
    mail = await post.mail()
    assert (
        mail["To"] == "wang@example.com" and "service@example.com" in mail["From"] and "听听您的意见" in mail["Subject"]
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = mail.get_content()
    (address,) = LINK.findall(text)
    assert "退订" in text
    await later(sandbox, bot, 1 * MINUTE)
    assert post.mails.empty()  # once

    async with aiohttp.ClientSession() as client:
        page = await Visitor(client, address).open()  # what is about the rep's visit: the rep has not seen this link
        await page.follow("▶ 开始回答")
        await page.tap("5")
        assert "多谢" in page.words
        assert "现在不能给" in (await ask_by(rep, "📱 发短信给 王芳")).text  # within seven days
        one_click = re.search(r"<(.*)>", mail["List-Unsubscribe"])
        assert one_click is not None and one_click[1] in text
        way_out = await Visitor(client, one_click[1]).open()
        assert (
            way_out.status == 200 and "不再给您发邮件" in way_out.words and "<a class" not in way_out.text
        )  # no other right
        form = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
        kind = {"Content-Type": "multipart/form-data; boundary=b"}
        async with client.post(one_click[1], data=form, headers=kind) as answer:
            assert "已退订" in await answer.text()
        for bad in (f"{one_click[1]}x", one_click[1].replace("/stop/", "/stop/1"), address.replace("/c/", "/c/stop/")):
            async with client.post(bad) as answer:
                assert answer.status == 404
    sandbox.world.clock.move(8 * DAY)
    await bot.ticks.tick()
    assert "现在不能给" in (await ask_by(rep, "📱 发短信给 王芳")).text  # said no
    with database.transaction(bot.clock.now()) as uow:
        said = [(one.granted, one.channel) for one in uow.connection.execute(Consent.__table__.select())]
    assert said == [(True, "staff"), (False, "web"), (False, "web")]
    sandbox.world.clock.move(400 * DAY)  # a mail may lie for a year, when its page is long gone
    async with aiohttp.ClientSession() as client:
        assert (await Visitor(client, address).open()).status == 404
        later_on = await Visitor(client, one_click[1]).open(f"{one_click[1]}?p=tell")
        assert later_on.status == 200 and "已退订" in later_on.words


async def test_a_text_message_waits_for_the_day_and_outlasts_troubles(
    rep: Person, wang: int, database: Database, staff: StaffIds, bot: App, sandbox: Sandbox, post: Post
) -> None:
    open_survey(database, staff, questions=QUESTIONS[:1])
    sandbox.world.clock.move_to("2026-11-18T20:30:00+08:00", zone="Asia/Shanghai")
    await ask_by(rep, "📱 发短信给 王芳", agree=True)
    await later(sandbox, bot, 30 * MINUTE)
    assert post.texts.empty()  # nobody is written to in the evening
    post.statuses = [429]
    sandbox.world.clock.move_to("2026-11-19T09:01:00+08:00", zone="Asia/Shanghai")
    await later(sandbox, bot, 1)
    assert not post.statuses and post.texts.empty()
    await later(sandbox, bot, 2 * MINUTE)
    said = await asyncio.wait_for(post.texts.get(), PATIENCE)
    assert said["to"] == ["+8613800138088"] and LINK.search(said["message"]) and "退订：" in said["message"]
    assert len(said["message"]) < 201, "three text messages"
    (way_out,) = re.findall(r"退订：(\S+)", said["message"])
    sandbox.world.clock.move(400 * DAY)  # as long as the one in an e-mail
    async with aiohttp.ClientSession() as client:
        page = await Visitor(client, way_out).open()
        assert page.status == 200 and "不再给您发邮件和短信" in page.words
        await page.tap("退订")
        assert "已退订" in page.words


async def test_no_word_is_a_header_and_no_address_is_two(settings: Settings, post: Post) -> None:
    mail, encoded = Mail(settings), "=?utf-8?q?=0D=0ABcc:x=40example.com?="
    burden = Burden(1, 1, Carrier.MAIL, "wang@example.com", encoded, "您好", "https://example.com/s", NOON)
    assert await mail.send(burden) is Fate.TAKEN
    sent = await post.mail()
    assert sent["Bcc"] is None and "Bcc:x" in sent["Subject"]
    for to in (
        "a@b.cn,c@d.cn",
        "all:a@b.cn",
        "<a@b.cn>",
        "a(c)@b.cn",
        "a@b.cn\0",
        '"a@b.cn,c"@d.cn',
        "=?utf-8?q?a=2c?=@b.cn",
    ):
        assert await mail.send(replace(burden, to=to)) is Fate.REFUSED, to
    assert post.mails.empty()


async def test_who_cannot_be_reached_is_told_to_the_rep(
    rep: Person, wang: int, database: Database, staff: StaffIds, bot: App, sandbox: Sandbox, post: Post
) -> None:
    open_survey(database, staff, questions=QUESTIONS[:1])
    fine = await look_at_carriers(bot.settings)
    assert [one.level for one in fine] == [Level.FINE] * 3 and post.mails.empty() and post.texts.empty()
    broken = bot.settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:1"})  # nobody listens there
    assert (await look_at_carriers(broken))[1].level is Level.WRONG

    await ask_by(rep, "✉️ 发邮件给 王芳", agree=True)
    post.answers = ["451 later"]
    await later(sandbox, bot, 11 * MINUTE)
    post.answers = ["550 no such person"]
    await later(sandbox, bot, 2 * MINUTE)
    assert "没有发出去" in rep.last.text and post.mails.empty()

    sandbox.world.clock.move(8 * DAY)
    await bot.ticks.tick()
    await ask_by(rep, "📱 发短信给 王芳")
    post.statuses = [500]
    await later(sandbox, bot, 11 * MINUTE)
    with database.transaction(bot.clock.now()) as uow:
        row = uow.connection.execute(SurveyInvitation.__table__.select()).all()[-1]
        assert (row.carried, row.attempt, row.state) == ("due", 1, InvitationState.SENT)
        # the program died in the second call
        uow.responses.note(row.id, {"carried": "sending", "attempt": 2, "carried_at": bot.clock.now()})
    await later(sandbox, bot, 9 * MINUTE)
    assert "不确定" not in rep.last.text
    await later(sandbox, bot, 2 * MINUTE)
    assert "不确定是否送达" in rep.last.text and post.texts.empty()  # nobody is written to a third time


def consent(database: Database, staff: StaffIds, name: str, *addresses: tuple[ChannelKind, str], agreed: bool) -> int:
    """A customer of the rep who has no Telegram, with what was decided by word of mouth; the contact's id."""
    now = dt.datetime.fromisoformat(WEDNESDAY)
    with database.transaction(now) as uow:
        actor = uow.people.of_member(staff.members[REP])
        assert actor is not None
        channels = tuple(Channel(kind, value, value) for kind, value in addresses)
        draft = CustomerDraft(name, contacts=(ContactDraft(name, {}, channels=channels),))
        filed = add_customer(uow, actor, draft, now=now).customer
        contact_id = filed.contacts[0].id
        if agreed:
            of: dict[str, Any] = {"person_id": None, "contact_id": contact_id}
            uow.consents.decide(Purpose.SERVICE, granted=True, **of, locale="zh_Hans", channel="staff")
        return contact_id


@pytest.mark.both_databases
async def test_a_wave_takes_one_way_for_each(
    lead: Person,
    client: Person,
    company: Company,
    database: Database,
    staff: StaffIds,
    bot: App,
    sandbox: Sandbox,
    post: Post,
) -> None:
    mail, phone = ChannelKind.EMAIL, ChannelKind.PHONE
    consent(database, staff, "王芳", (phone, "+8613800138088"), (mail, "wang@example.com"), agreed=True)
    consent(database, staff, "赵六", (phone, "+8613800138089"), agreed=True)
    consent(database, staff, "芳记小店", (mail, "wang@example.com"), agreed=True)  # the same person once more
    consent(database, staff, "钱七", (mail, "qian@example.com"), agreed=False)
    open_survey(database, staff, questions=QUESTIONS[:1])

    async def count() -> Message:
        card = await lead.follow(await lead.say("/survey"), OpenSurvey)
        return await lead.follow(card, ShowAudience)

    seen = await count()
    assert "发给 3 位" in seen.text and "Telegram 1 · 邮件 1 · 短信 1" in seen.text
    assert "不发：没有账号，也没有地址 4 · 未同意 3 · 已经问过 1" in seen.text
    sent = await lead.follow(seen, SendWave)
    await lead.follow(sent, Undo)
    await later(sandbox, bot, 11 * MINUTE)
    assert post.mails.empty() and post.texts.empty()

    sent = await lead.follow(await count(), SendWave)
    listed = await lead.follow(sent, ShowSent)
    assert "邮件：等待发出" in listed.text and "短信：等待发出" in listed.text
    numbers = [line for line in listed.text.splitlines() if "短信" in line]
    one = await lead.follow(listed, numbers[0].split(".")[0])
    await lead.follow(one, Withdraw)
    await later(sandbox, bot, 11 * MINUTE)
    assert (await post.mail())["To"] == "wang@example.com"
    assert "1/1" in (await client.expect_push()).text
    assert post.texts.empty() and post.mails.empty()
    again = await count()
    assert "Telegram" not in again.text and "短信 1" in again.text, "who withdrew waits for no rest"

    sandbox.world.clock.move(8 * DAY)
    await bot.ticks.tick()
    seen = await count()
    assert "已经问过 3" in seen.text and "邮件" not in seen.text, "whoever has that address has the survey"


async def test_a_survey_follows_a_visit_by_mail(
    rep: Person, company: Company, database: Database, staff: StaffIds, bot: App, sandbox: Sandbox, post: Post
) -> None:
    consent(database, staff, "王芳", (ChannelKind.EMAIL, "wang@example.com"), agreed=True)
    open_survey(database, staff, questions=QUESTIONS[:1], template="after_visit", trigger=Trigger.AFTER_TOUCH)
    logged = await rep.say("拜访 王芳 谈了新报价")
    await rep.follow(logged, Undo)
    await later(sandbox, bot, 11 * MINUTE)
    assert post.mails.empty()
    await rep.say("拜访 王芳 看了样品")
    await later(sandbox, bot, 11 * MINUTE)
    assert LINK.search((await post.mail()).get_content())
    await rep.say("拜访 王芳 又去了一次")
    await later(sandbox, bot, 11 * MINUTE)
    assert post.mails.empty()  # within seven days
    sandbox.world.clock.move(15 * DAY)
    await bot.ticks.tick()
    post.answers = ["550 no such person"]
    await rep.say("拜访 王芳 第三次")
    await later(sandbox, bot, 11 * MINUTE)
    shown = await rep.follow(await rep.say("/find 王芳"), SurveyCustomer)
    assert "邮件：未能送达" in shown.text
