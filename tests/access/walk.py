"""People who tap what they find, type, answer, edit, send files and wait, all by chance.

Nobody says what must come of it. What holds whatever comes: no update fails, no request is wrong, and at the end the
database is in step with itself (``check``).
"""

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from domain.consents import Purpose
from handlers import all_routes
from handlers.routing import Command
from sandbox import acts
from sandbox.chats import Chat
from sandbox.files import Upload
from sandbox.people import Person as Account
from storage.followers import refresh
from storage.models import Contact, Customer, Due, NextTouch, SearchKey, SearchName
from storage.seal_check import verify
from storage.uow import UnitOfWork
from tests.access.house import TELEGRAM, Kind, stem
from tests.access.served import CUSTOMER, serve
from tests.access.watch import Watch
from tests.chat.test_touches import PICTURE

VISITOR = 70_002  # the Telegram id of somebody who claimed to be a customer
LANGUAGES = {CUSTOMER: "zh-hans", VISITOR: "zh-hant"}
COMMANDS = tuple(
    f"/{r.trigger.name}" for r in all_routes() if isinstance(r.trigger, Command) and r.trigger.name != "start"
)
ABOUT = (  # a customer
    *(
        "拜访 {} 谈了 明天下午3点回访",
        "电话 {} 没接",
        "{} 昨天成交 5万元",
        "今天和昨天都拜访了{}",
        "/find {}",
        "/history {}",
    ),
    *(
        "拜访{} 上周三再去，今天17点或明天10点",
        "提醒我明天10点给{}打电话",
        "/remind 每周一早上9点 {}周报",
        "拜访 {} 和 李四 谈了",
    ),
)
SAID = (
    *(
        "好的",
        "5",
        "2",
        "是",
        "明天",
        "下周三上午10点",
        "张三",
        "一部",
        "我想投诉",
        "你好，请问有货吗",
        "8月3日到14日",
        "今天到后天",
    ),
    *(
        "提醒我明天10点交周报",
        "https://example.com",
        "a@example.com",
        "2月30日",
        "9999年12月31日",
        "1e308",
        "½",
        "\u202e\u200b",
        "<b>",
    ),
    *(
        "😀" * 300,
        "%s{0}{name}",
        "1\n2\n3",
        "闰二月三十",
        "-1",
        "from tomorrow until Friday",
        "王\u3164",
        "'; DROP TABLE act;--",
    ),
)
SECONDS = (7, 61, 300, 700, 3_700, 8 * 3_600, 86_400, 3 * 86_400)
WRONG = ("update_failed", "update_quarantined", "update_malformed", "group_failed", "sent_as_plain_text")


@dataclass(slots=True)
class Walk:
    """One of them after the other, each time somebody by chance."""

    watch: Watch
    dice: random.Random
    done: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    last: str = ""

    async def begin(self) -> None:
        """A customer who agreed to everything and has cases, talks and surveys, beside the staff of the house."""
        world, house = self.watch.sandbox.world, self.watch.house
        serve(house)
        with house.database.transaction(house.now) as uow:
            customer = uow.people.find(CUSTOMER)
            assert customer is not None
            for purpose in Purpose:
                uow.act(None, "sample", undo=None)
                uow.consents.decide(
                    purpose,
                    granted=True,
                    person_id=customer.person_id,
                    contact_id=house.records[Kind.VEGA].contact,
                    locale="zh_Hans",
                    channel="chat",
                )
        for number, language in LANGUAGES.items():
            world.chats.add_person(Account(number, f"客{number}", language_code=language, started=True))
            acts.start(world, world.chats.people[number])
        await self.watch.settle()

    async def step(self) -> None:
        """Somebody does something, and the bot comes to rest."""
        number = self.dice.choice([*TELEGRAM.values(), *[CUSTOMER] * 3, VISITOR])
        who, chat = self.watch.sandbox.world.chats.people[number], self.watch.sandbox.world.chats.by_id[number]
        kinds = {self._press: 68, self._say: 22, self._edit: 3, self._share: 3, self._block: 1, self._wait: 4}
        [act] = self.dice.choices(list(kinds), list(kinds.values()))
        told = await act(who, chat)
        self.done[act.__name__[1:]] += bool(told)
        self.last = f"{sum(self.done.values())}: {number} {told}"
        await self.watch.settle()
        self.watch.leaks.clear()  # records change hands here, so who may see what is for the other tests
        self.watch.every.clear()

    def look(self, logged: str) -> None:
        """Note what went wrong in the last step."""
        for line in logged.splitlines():
            about = json.loads(line) if line.startswith("{") else {"event": line, "level": "error"}
            if about["level"] == "error" or about["event"] in WRONG:
                self.wrong.append(f"{self.last}\n{about}")
        self.wrong += [f"{self.last}\n{one}" for one in self.watch.sandbox.world.violations]
        self.watch.sandbox.world.violations.clear()

    # What somebody does: each says what it was, nothing when it was not possible ----------------------------------

    async def _press(self, who: Account, chat: Chat) -> str:
        said = [n for n, entry in chat.entries.items() if entry.by_bot and not entry.removed]
        if not said:
            return ""
        number = self.dice.choice(said[-6:] if self.dice.random() < 0.7 else said)
        rows = chat.entries[number].raw.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = [button for row in rows for button in row if "callback_data" in button]
        if not buttons:
            return ""
        button = self.dice.choice(buttons)
        opened = acts.press(self.watch.sandbox.world, who, number, button["callback_data"])
        self.watch.expect_of(opened.id, who.id)
        return f"presses {button['text']!r} {button['callback_data']} of {number}"

    async def _say(self, who: Account, chat: Chat) -> str:
        said = [n for n, entry in chat.entries.items() if entry.by_bot and not entry.removed]
        reply_to = self.dice.choice(said) if said and self.dice.random() < 0.25 else None
        text = self._words()
        acts.say(self.watch.sandbox.world, who, text, reply_to=reply_to)
        return f"says {text!r} to {reply_to}"

    async def _edit(self, who: Account, chat: Chat) -> str:
        own = [n for n, entry in chat.entries.items() if not entry.by_bot and entry.raw.get("text")]
        if not own:
            return ""
        number, text = self.dice.choice(own), self._words()
        acts.edit(self.watch.sandbox.world, who, number, text)
        return f"edits {number}: {text!r}"

    async def _share(self, who: Account, chat: Chat) -> str:
        kind, world = self.dice.choice(("document", "photo", "voice", "location", "contact")), self.watch.sandbox.world
        content: dict[str, dict[str, Any]] = {"location": {"location": {"latitude": 30.1, "longitude": 104.0}}}
        content["contact"] = {"contact": {"phone_number": f"+86139{self._number(8)}", "first_name": "某"}}
        if kind in content:
            acts.send(world, who, content[kind])
        elif kind == "document":
            rows = "".join(f"名{self._number(3)},138{self._number(8)},成都\n" for _ in range(5))
            acts.share_file(world, who, kind, Upload("list.csv", "text/csv", f"姓名,手机,城市\n{rows}".encode()))
        else:
            acts.share_file(world, who, kind, Upload(f"{kind}.png", "image/png", PICTURE))
        return f"shares a {kind}"

    async def _block(self, who: Account, chat: Chat) -> str:
        acts.block(self.watch.sandbox.world, who)
        await self.watch.settle()
        acts.unblock(self.watch.sandbox.world, who)
        return "blocks the bot for a moment"

    async def _wait(self, who: Account, chat: Chat) -> str:
        seconds = self.dice.choice(SECONDS)
        self.watch.sandbox.world.clock.move(seconds)
        self.watch.bot.ticks.wake()
        await self.watch.bot.ticks.tick()
        return f"waits {seconds} s"

    def _words(self) -> str:
        name = f"琟{stem(self.dice.choice(list(Kind)))}"
        choices = (*SAID, *COMMANDS, f"/new 新客户甲 139{self._number(8)}", *(text.format(name) for text in ABOUT))
        return self.dice.choice(choices)

    def _number(self, digits: int) -> str:
        return f"{self.dice.randrange(10**digits):0{digits}}"

    # The end ------------------------------------------------------------------------------------------------------

    async def check(self) -> None:
        """What is made from other rows is as if it were made anew now, and the trail is whole."""
        await self.watch.settle()
        await self.watch.bot.seals.look()
        house = self.watch.house
        with house.database.transaction(house.now) as uow:
            open_ones = select(NextTouch.customer_id).where(NextTouch.state == "open").group_by(NextTouch.customer_id)
            assert uow.connection.execute(open_ones.having(func.count() > 1)).all() == []
            if house.database.dialect == "sqlite":
                assert uow.connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            before = _followers(uow)
            everybody = {m.__tablename__: set(uow.connection.scalars(select(m.id))) for m in (Customer, Contact)}
            refresh(uow, everybody, set())
            assert _followers(uow) == before
        with house.database.reading() as connection:
            verdict = verify(connection, now=house.now)
        assert verdict.trouble is None, verdict


def _followers(uow: UnitOfWork) -> dict[str, list[str]]:
    """Search keys without their ids, and the open due times of reminders and next touches."""
    owed = select(Due.kind, Due.subject_id, Due.person_id, Due.due_at)
    timed = Due.kind.in_(("reminder", "next_touch"))
    rows = {
        "name": [tuple(row)[1:] for row in uow.connection.execute(SearchName.__table__.select())],
        "key": [tuple(row)[1:] for row in uow.connection.execute(SearchKey.__table__.select())],
        "due": [tuple(row) for row in uow.connection.execute(owed.where(Due.state == 0, timed))],
    }
    return {name: sorted(map(str, found)) for name, found in rows.items()}
