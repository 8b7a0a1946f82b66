"""The examples of the documents and of the sandbox's page do what is said of them, in the sample company."""

import re
from pathlib import Path

import pytest

from bot.clock import FileClock
from bot.sample import PEOPLE, seed
from sandbox import people
from sandbox.server import Sandbox
from storage.database import Database
from tests.chat.conftest import ADMIN, LEAD, OTHER_REP, REP, StaffIds, Start
from tests.chat.people import Message

ROOT = Path(__file__).parents[2]
HINTS = (ROOT / "sandbox" / "page" / "hints.js").read_text("utf-8")
SHEET = ROOT / "sandbox" / "page" / "sample-customers.csv"
WEDNESDAY = "2026-11-18T10:00:00+08:00"
ROW = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)
CUSTOMER, GUEST = 10005, 10007
SAY = re.compile(r'say: (?:same\("([^"]*)"\)|\[([^\]]*)\])')
AT_A_LOSS = ("没有找到", "这个命令", "出了点问题", "编号告诉管理员", "found nobody", "went wrong")

# The tables of the reps' guide in their order: what the answer to each example shows.
FILED, ASKED, REMINDS = ("↩︎", "🕘"), ("📝", "🗑"), ("⏰", "↩︎")
TABLES = (FILED, ASKED, REMINDS)


@pytest.fixture
def staff(database: Database, sandbox: Sandbox, clock: FileClock) -> StaffIds:
    """The sample company on a Wednesday morning, in place of the few customers of other journeys."""
    sandbox.world.clock.move_to(WEDNESDAY, zone="Asia/Shanghai")
    seed(database, clock.now())
    sandbox.world.chats.add_person(people.Person(GUEST, "单丽华"))
    members = {}
    with database.transaction(clock.now()) as uow:
        for actor in uow.people.staff():
            sandbox.world.chats.people[actor.telegram_id].started = True
            members[actor.telegram_id] = actor.member_id or 0
    return StaffIds(members, 1)


def guide(language: str) -> str:
    return (ROOT / "docs" / language / "reps.md").read_text("utf-8")


def examples(language: str) -> list[list[str]]:
    """The first cells of each table of the reps' guide."""
    sections = [ROW.findall(section) for section in guide(language).split("\n## ")]
    return [rows for rows in sections if rows]


def shows(message: Message, marks: tuple[str, ...]) -> bool:
    everything = message.text + "".join(message.buttons)
    return all(mark in everything for mark in marks)


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_example_of_the_reps_guide_works(person: Start, language: str) -> None:
    rep = person(REP)
    lines = re.findall(r"^/new .+$", guide(language), re.MULTILINE)
    assert bool(lines) == (language == "en")
    for line in lines:
        assert shows(await rep.say(line), ("✅", "↩︎"))
    tables = examples(language)
    assert len(tables) == len(TABLES)
    for rows, marks in zip(tables, TABLES, strict=True):
        assert len(rows) >= 3
        for text in rows:
            answer = await rep.say(text)
            assert shows(answer, marks), f"{text}\n{answer.text}\n{answer.buttons}"


def said(block: str, language: int) -> list[str]:
    """What the examples of one phone say, in one of the page's three languages."""
    found = []
    for same, several in SAY.findall(block):
        found.append(same or re.findall(r'"([^"]*)"', several)[language])
    return found


def blocks() -> dict[int, str]:
    """The part of the hints for each person who has some."""
    parts = re.split(r"\n  (?:admin|lead|reps|customer|guest): \[", HINTS)
    first, second = parts[3].split("\n    [\n")[1:]
    return {ADMIN: parts[1], LEAD: parts[2], REP: first, OTHER_REP: second, CUSTOMER: parts[4], GUEST: parts[5]}


@pytest.mark.parametrize("language", range(3), ids=["zh-hans", "zh-hant", "en"])
async def test_every_example_of_the_page_is_understood(person: Start, sandbox: Sandbox, language: int) -> None:
    count = 0
    for telegram_id, block in blocks().items():
        who = person(telegram_id)
        for text in said(block, language):
            command = re.match(r"/(\w+)", text)
            if command and command[1] not in who.menu:
                continue  # the page does not offer it either
            answer = await who.say(text)
            assert not any(words in answer.text for words in AT_A_LOSS), f"{text}\n{answer.text}"
            count += 1
    assert count > 20
    assert sandbox.world.violations == []


async def test_the_page_offers_what_the_company_answers(person: Start) -> None:
    assert shows(await person(REP).say("拜访 张伟 谈了新报价 下周三上午10点回访"), ("明远科技", "11月25日", "10:00"))
    choice = await person(OTHER_REP).say("见了张总")
    assert sum("恒洋餐饮" in label or "晓峰电子" in label for label in choice.buttons) == 2
    assert "王姐" in (await person(OTHER_REP).say("8000")).text


async def test_the_page_s_file_shows_a_twin_and_a_bad_row(person: Start) -> None:
    admin = person(ADMIN)
    preview = await admin.share("document", SHEET.read_bytes(), name="新客户.csv", mime="text/csv")
    assert shows(preview, ("新增 5", "有误 1", "号码与他人相同 1"))


def test_the_sample_people_are_the_page_s_order() -> None:
    assert [one.telegram_id for one in PEOPLE] == [ADMIN, LEAD, REP, OTHER_REP, CUSTOMER, CUSTOMER + 1, GUEST]
