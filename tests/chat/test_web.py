"""The page of who has no Telegram: surveys, complaints and consent in any browser, without a script, kept like in the chat."""

# ruff: noqa: F811 (fixtures come in under their own names)

import asyncio
import datetime as dt
import io
from collections.abc import AsyncIterator

import aiohttp
import pytest
from PIL import Image

from bot.app import App
from bot.throttle import STRANGERS_A_MINUTE
from bot.web_pages import MOST_READING
from domain.surveys import EnteredBy, InvitationState, Question, QuestionKind, SurveyState, Trigger
from sandbox.server import Sandbox
from storage.database import Database
from storage.models import Case, Consent, SurveyInvitation, SurveyResponse
from tests.chat.bound import client as bound  # noqa: F401 (a fixture)
from tests.chat.company import WEDNESDAY, Company, company, wednesday  # noqa: F401 (fixtures)
from tests.chat.conftest import ADMIN, StaffIds
from tests.chat.people import Person
from tests.chat.surveyed import Ask, ask, asked, define  # noqa: F401 (a fixture)
from tests.chat.test_bindings import linked, payload_of
from tests.chat.test_reminders import move
from tests.chat.web_pages import MULTIPART, Visitor, multipart, page_link, settings, survey_link  # noqa: F401 (fixture)
from views.bindings import ConfirmBinding, OpenBinding
from views.cases import ShowFiles
from views.history import Undo
from views.links import OpenAccounts, OpenCase, SurveyCustomer
from views.survey_sending import OfferSurvey

SCRIPT = "<script>alert(1)</script>"
MARK = b"taken at home"
TOO_LARGE = b"\xff\xd8\xff" + b"0" * (9 * 2**20)


def photo(colour: str = "red") -> bytes:
    """A photo that says more than its pixels: where it was taken, a comment, a script behind its end."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = MARK.decode()
    Image.new("RGB", (3000, 100), colour).save(out, "JPEG", exif=exif, comment=MARK)
    return out.getvalue() + SCRIPT.encode() + MARK


def bomb() -> bytes:
    """A few hundred bytes that would be 10 GB of pixels."""
    out = io.BytesIO()
    Image.new("1", (1, 1)).save(out, "PNG")
    return out.getvalue().replace((1).to_bytes(4, "big") * 2, (50_000).to_bytes(4, "big") * 2, 1)


PNG_BOMB = bomb()
QUESTIONS = (
    asked("score", QuestionKind.RATING, "您满意吗？", required=True),
    asked("best", QuestionKind.SINGLE, "最满意什么？", "价格", SCRIPT),
    asked("use", QuestionKind.MULTIPLE, "用过哪些？", "水", "茶", "咖啡"),
    asked("photo", QuestionKind.PHOTO, "请发一张照片", required=True),
    asked("place", QuestionKind.LOCATION, "在哪里用？"),
    asked("many", QuestionKind.NUMBER, "买过几次？"),
    asked("day", QuestionKind.DATE, "哪一天？"),
    asked("why", QuestionKind.TEXT, "为什么？"),
)


@pytest.fixture
async def client(bot: App) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def open_survey(
    database: Database,
    staff: StaffIds,
    *,
    questions: tuple[Question, ...] = QUESTIONS,
    anonymous: bool = False,
    template: str | None = None,
    trigger: Trigger = Trigger.BY_HAND,
) -> None:
    """A survey of the company that is open."""
    with database.transaction(dt.datetime.fromisoformat(WEDNESDAY)) as uow:
        admin = uow.people.of_member(staff.members[ADMIN])
        assert admin is not None
        uow.act(None, "sample", undo=None)
        values = {"state": SurveyState.OPEN, "trigger": trigger, "anonymous": anonymous, "template": template}
        uow.surveys(admin).add("回访", define(*questions, closing=f"多谢{SCRIPT}"), **values)


@pytest.mark.both_databases
async def test_who_has_no_telegram_answers_in_a_browser(
    rep: Person, company: Company, database: Database, staff: StaffIds, client: aiohttp.ClientSession, bot: App
) -> None:
    open_survey(database, staff)
    page = await Visitor(client, await survey_link(rep, "张建国")).open()
    assert page.status == 200 and "您好！" in page.words and "共 8 题" in page.words
    assert page.headers["Cache-Control"] == "no-store" and page.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"] and "张建国" not in page.words

    await page.follow("▶ 开始回答")
    assert "1/8" in page.words and "您满意吗？" in page.words and "跳过" not in page.words
    other = await Visitor(client, page.address).open()  # the same page on another device
    await page.tap("2")
    assert "2/8" in page.words and SCRIPT not in page.text and SCRIPT in page.words
    await page.again()  # a double tap has its effect once
    assert "已经回答过了" in page.words and "2/8" in page.words
    await other.tap("5")
    assert "已经回答过了" in other.words and "2/8" in other.words

    await page.tap(SCRIPT)
    assert "3/8" in page.words
    await page.follow("‹ 上一题")
    assert 'class="chosen" aria-pressed="true">&lt;script' in page.text
    await page.tap("价格")  # changed
    await page.tap("完成", a=["0", "2"])
    for bad in (
        (),
        [("a.jpg", SCRIPT.encode())],
        [("a.svg", b"<svg/>")],
        [("a.png", PNG_BOMB)],
        [("a.jpg", TOO_LARGE)],
    ):
        await page.tap("下一题 ›", files=bad)
        assert page.status == 422 and "4/8" in page.words and ("JPEG" in page.words or not bad)
    await page.tap("下一题 ›", files=[('../../etc/passwd"><x.html', photo())])
    assert "5/8" in page.words and "在哪里用" in page.words
    await page.tap("下一题 ›", a=f"上海 {SCRIPT}")
    await page.tap("下一题 ›", a="many")
    assert page.status == 422 and "数字" in page.words
    await page.tap("下一题 ›", a="3")
    await page.tap("下一题 ›", a="2026-11-03")
    await page.tap("下一题 ›", a=f"{SCRIPT}太慢")
    assert SCRIPT not in page.text and "多谢" in page.words and "与您联系" in page.words
    assert "15 分钟" in page.words and "C-" not in page.words

    await bot.idle()
    assert any("投诉" in one.text and "太慢" in one.text for one in rep.messages)
    with database.transaction(bot.clock.now()) as uow:
        (answered,) = uow.connection.execute(SurveyResponse.__table__.select())
        assert answered.entered_by == EnteredBy.WEB and answered.complete
        assert answered.answers["best"] == "o1" and answered.answers["use"] == ["o1", "o3"]
        assert answered.answers["place"] == f"上海 {SCRIPT}" and answered.answers["many"] == 3
        (invited,) = uow.connection.execute(SurveyInvitation.__table__.select())
        assert invited.state == InvitationState.DONE and invited.person_id is None
        assert len(list(uow.connection.execute(Case.__table__.select()))) == 1
        kept = uow.uploads.content(answered.answers["photo"])
    assert kept is not None and MARK not in kept and b"Exif" not in kept  # its pixels and nothing else
    filed = next(one for one in reversed(rep.messages) if "投诉" in one.text)
    files = await rep.follow(await rep.follow(filed, OpenCase), ShowFiles)
    assert any("photo" in one.view for one in rep.messages) and "1 个文件" in files.text


async def test_a_complaint_and_a_consent_come_from_the_page_once(
    rep: Person, lead: Person, company: Company, database: Database, client: aiohttp.ClientSession, bot: App
) -> None:
    page = await Visitor(client, await page_link(rep, "张建国"), languages="zh-TW,en;q=0.5").open()
    assert "您想告訴我們什麼？" in page.words and '<html lang="zh-Hant">' in page.text
    await page.follow("English")
    assert "What would you like to tell us?" in page.words
    await page.follow("📣 Complaint")
    await page.tap("📨 Submit", about="adviser", words=" ")
    assert page.status == 422 and "Please write a few words." in page.words
    many = [("1.jpg", photo())] * 4
    await page.tap("📨 Submit", files=many, about="delivery", words="two boxes broken")
    assert page.status == 422 and "at most 8 MB each and 3 at a time" in page.words and "two boxes broken" in page.words
    told = {"about": "delivery", "words": f"two boxes broken {SCRIPT}", "urgent": "1"}
    await page.tap("📨 Submit", files=many[:2], **told)
    assert "Received, thank you" in page.words and "You hear from us by" in page.words and SCRIPT not in page.text
    receipt = page.address
    await page.again()
    assert page.address == receipt  # the same matter, not a second one
    await (await page.follow("To the overview")).follow("📣 Complaint")
    await page.tap("📨 Submit", files=[many[0], ("2.jpg", photo("blue"))], **told)
    assert page.address == receipt  # and what was missing the first time is with it
    await bot.idle()
    (filed,) = [one for one in rep.messages if "two boxes broken" in one.text]
    assert "3 个文件" in (await rep.follow(await rep.follow(filed, OpenCase), ShowFiles)).text

    await page.follow("To the overview")
    for words in ("one", "two"):
        await page.follow("💡 Suggestion")
        await page.tap("📨 Submit", about="adviser", words=f"about him {words}")
        await page.open(receipt.partition("?")[0])
        await page.follow("English")
    await page.follow("👍 Praise")
    await page.tap("📨 Submit", about="price", words="a fourth within the hour")
    assert page.status == 429 and "a lot at once" in page.words
    await bot.idle()
    assert not [one for one in rep.messages if "about him" in one.text]  # what is about the rep goes to the lead only
    assert [one for one in lead.messages if "about him one" in one.text]

    await page.follow("To the overview")
    await page.tap("Yes, you may", purpose="service")
    assert "Saved, thank you." in page.words and 'class="chosen"' in page.text
    await page.again()
    with database.transaction(bot.clock.now()) as uow:
        (given,) = uow.connection.execute(Consent.__table__.select())
    assert (given.purpose, given.granted, given.channel, given.person_id) == ("service", True, "web", None)


async def test_an_anonymous_survey_keeps_its_promise(
    rep: Person, company: Company, database: Database, staff: StaffIds, client: aiohttp.ClientSession, bot: App
) -> None:
    open_survey(database, staff, questions=QUESTIONS[:1], anonymous=True)
    page = await Visitor(client, await survey_link(rep, "张建国")).open()
    await page.follow("▶ 开始回答")
    assert "🔒" in page.words
    await page.tap("1")
    await page.follow("‹ 上一题")
    assert "chosen" not in page.text  # whoever looks may be somebody else
    await page.tap("2")
    await page.tap("✅ 匿名提交")
    assert "📞" in page.words
    with database.transaction(bot.clock.now()) as uow:
        assert not uow.connection.execute(Case.__table__.select()).all()
        (answered,) = uow.connection.execute(SurveyResponse.__table__.select())
        assert answered.contact_id is None and answered.at is None and answered.answers == {"score": 2}
    await page.tap("📞 请联系我")
    assert "与您联系" in page.words
    await bot.idle()
    assert any("匿名问卷" in one.text for one in rep.messages)


async def test_what_ends_a_link_ends_the_page(
    rep: Person,
    lead: Person,
    company: Company,
    database: Database,
    staff: StaffIds,
    client: aiohttp.ClientSession,
    bot: App,
    sandbox: Sandbox,
) -> None:
    open_survey(database, staff, template="after_visit")
    offered = await rep.follow(await rep.follow(await rep.say("/find 张建国"), SurveyCustomer), OfferSurvey)
    assert not [one for one in offered.buttons if "🌐" in one]  # about the rep: not by a link that the rep has seen

    address = await page_link(rep, "张建国")
    page = await Visitor(client, address).open()
    assert page.status == 200
    made = next(one for one in reversed(rep.messages) if address in one.text)
    await rep.press(made, Undo)
    assert (await page.open(address)).status == 404 and "此链接无效" in page.words
    fresh = await page_link(rep, "张建国")
    assert (await page.open(fresh)).status == 200
    sandbox.world.clock.move(15 * 24 * 3600)
    await bot.ticks.tick()
    assert (await page.open(fresh)).status == 404


async def test_guesses_foreign_pages_and_large_forms_get_nowhere(
    rep: Person, company: Company, database: Database, staff: StaffIds, client: aiohttp.ClientSession, bot: App
) -> None:
    open_survey(database, staff)
    mine = await Visitor(client, await survey_link(rep, "张建国")).open()
    other = await Visitor(client, await page_link(rep, "张海燕")).open()
    await mine.follow("▶ 开始回答")
    query = mine.address.partition("?")[2]
    theirs = f"{other.address.partition('?')[0]}?{query}"
    await other.open(theirs)
    assert "已不再开放" in other.words and "您满意吗" not in other.words
    async with client.post(theirs, data={"q": "0", "v": "0", "a": "1"}) as answer:
        assert "已不再开放" in await answer.text()
    await mine.tap("4")
    await mine.follow("‹ 上一题")

    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        async with client.request(method, mine.address) as answer:
            assert answer.status == 405
    async with client.post(mine.address, data={"a": "x" * 40_000}) as answer:
        assert answer.status == 413
    async with client.post(mine.address, json={"a": 1}) as answer:
        assert answer.status == 415
    kind = {"Content-Type": MULTIPART}
    heads = (b'X: "\0"', b"X: " + b"y" * 10_000, b"X: y\r\n" * 500, b'Content-Disposition: form-data; name="_charset_"')
    odd_heads = [b"--keyuan\r\n" + head + b"\r\n\r\nnope\r\n--keyuan\r\n\r\nx\r\n--keyuan--\r\n" for head in heads]
    many = multipart([(f"f{n}", "") for n in range(60)], [])
    for body, status in ((b"nonsense", 400), (many, 400), *((one, 400) for one in odd_heads)):
        async with client.post(mine.address, data=body, headers=kind) as answer:
            assert answer.status == status
    async with client.post(mine.address, data=b"x" * 33 * 2**20, headers=kind) as answer:
        assert answer.status == 413
    async with client.post(mine.address, data={f"f{n}": "1" for n in range(60)}) as answer:
        assert answer.status == 400
    odd = [("p", "survey"), ("s", "9" * 15), ("q", "-1"), ("n", SCRIPT), ("l", SCRIPT), ("k", "'\"><x"), ("r", "\x00")]
    for name, value in odd:
        async with client.get(mine.address, params={name: value}) as answer:
            assert answer.status in (200, 400) and SCRIPT not in await answer.text()
    async with client.post(mine.address, data={"q": "0", "v": "99", "a": "1"}) as answer:
        assert "已经回答过了" in await answer.text()

    base = mine.address.partition("/c/")[0] + "/c/"
    bodies = set()
    for n in range(STRANGERS_A_MINUTE):
        async with client.get(base + str(n) * 22) as answer:
            assert answer.status == 404
            bodies.add(await answer.text())
    assert len(bodies) == 1  # every bad link reads the same
    async with client.get(base + "a" * 22) as answer:
        assert answer.status == 429
    async with client.get(base + "a" * 22, headers={"X-Forwarded-For": "203.0.113.7"}) as answer:
        assert answer.status == 404  # another address, named by the proxy of this machine


async def test_who_sends_slowly_holds_up_nobody_else(
    rep: Person, company: Company, client: aiohttp.ClientSession, bot: App
) -> None:
    """Not even with as many links as forms are read at once."""
    slow = [await Visitor(client, await page_link(rep, "张建国")).open() for _ in range(MOST_READING + 1)]
    quick = await Visitor(client, await page_link(rep, "张海燕")).open()
    begun, ends = asyncio.Event(), asyncio.Event()

    async def drip() -> AsyncIterator[bytes]:
        yield b"--keyuan\r\n"
        begun.set()
        await ends.wait()
        yield b"--keyuan--\r\n"

    kind = {"Content-Type": MULTIPART}
    sending = [asyncio.create_task(one.client.post(one.address, data=drip(), headers=kind)) for one in slow]
    await begun.wait()
    async with asyncio.timeout(20):
        await quick.follow("📣 投诉")
        await quick.tap("📨 提交", files=[("a.jpg", photo())], words="送货迟到", about="delivery")
    assert "已收到" in quick.words
    ends.set()
    for sent in sending:
        (await sent).close()


async def test_the_page_and_the_chat_are_one_answer(
    bound: Person, ask: Ask, rep: Person, client: aiohttp.ClientSession, database: Database, bot: App
) -> None:
    ask(define(*QUESTIONS[:2], closing="多谢"))
    page = await Visitor(client, await page_link(rep, "张伟")).open()
    chat = await bound.say("/survey")
    assert "1/2" in chat.text
    await page.follow("▶ 开始回答")
    await page.tap("4")
    again = await bound.follow(chat, "5")  # an old screen: the page was faster
    assert "2/2" in again.text
    await bound.follow(again, "价格")
    await page.tap(SCRIPT)
    assert "多谢" in page.words  # the chat was faster
    with database.transaction(bot.clock.now()) as uow:
        (answered,) = uow.connection.execute(SurveyResponse.__table__.select())
    assert answered.answers == {"score": 4, "best": "o1"} and answered.complete


@pytest.mark.both_databases
async def test_what_was_begun_on_the_page_calls_a_person_and_goes_on_in_the_chat(
    rep: Person,
    stranger: Person,
    company: Company,
    database: Database,
    staff: StaffIds,
    client: aiohttp.ClientSession,
    bot: App,
    sandbox: Sandbox,
) -> None:
    open_survey(database, staff, questions=QUESTIONS[:2])
    page = await Visitor(client, await survey_link(rep, "张建国")).open()
    await page.follow("▶ 开始回答")
    await page.tap("1")
    await move(sandbox, bot, 14 * 60)
    assert not any("投诉" in one.text for one in rep.messages)
    await move(sandbox, bot, 2 * 60)
    assert "投诉" in (await rep.expect_push()).text  # a bad score, and the rest was left open

    await stranger.follow(await stranger.start(payload_of(await linked(rep, "张建国"))), "可以")
    assert "2/2" not in (await stranger.say("/survey")).text  # nobody has said yet that it is he
    yes = await rep.follow(await rep.expect_push(), ConfirmBinding)
    await rep.follow(yes, Undo)
    assert "2/2" not in (await stranger.say("/survey")).text
    accounts = await rep.follow(await rep.say("/find 张建国"), OpenAccounts)
    await rep.follow(await rep.follow(accounts, OpenBinding), ConfirmBinding)
    asked = await stranger.say("/survey")
    assert "2/2" in asked.text and "最满意什么" in asked.text
    assert "多谢" in (await stranger.follow(asked, "价格")).text
    with database.transaction(bot.clock.now()) as uow:
        (answered,) = uow.connection.execute(SurveyResponse.__table__.select())
        assert answered.answers == {"score": 1, "best": "o1"} and answered.complete
        assert len(list(uow.connection.execute(Case.__table__.select()))) == 1
