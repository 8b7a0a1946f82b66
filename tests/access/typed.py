"""The table of what is typed: searches, logs, plans, histories, and answers to dialogs about what was once the own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from parsing.names import search_keys
from tests.access.house import COMPANIES, House, Kind, Record, Who, contact_stem, phone, stem
from tests.access.pressed import Rule, full
from tests.access.sights import LEADS, MEMBERS_SEEN, TEAMS_SEEN, Sight, owns


@dataclass(frozen=True, slots=True)
class Text:
    """One text about a record. ``finds``: whoever sees the record is shown its name."""

    channel: str
    action: str
    words: Callable[[Kind], str]
    finds: bool = True


def _number(kind: Kind) -> str:
    return phone(kind, list(Kind).index(kind) + 1)


TEXTS = (
    Text("search", "by name", lambda k: f"/find {stem(k)}"),
    Text("search", "by the star alone", lambda k: f"/find {stem(k)[:2]}"),
    Text("search", "by pinyin", lambda k: f"/find {search_keys('琟' + stem(k)).pinyin[0]}"),
    Text("search", "by contact", lambda k: f"/find {contact_stem(k)}", finds=False),
    Text("search", "by four digits", lambda k: f"/find {_number(k)[-4:]}"),
    Text("search", "by the whole number", lambda k: f"/find {_number(k)}"),
    Text("search", "by e-mail", lambda k: f"/find qz{k}hmail{list(Kind).index(k) + 1}@example.com"),
    Text("search", "by WeChat id", lambda k: f"/find qz{k}hwechat{list(Kind).index(k) + 1}"),
    Text("search", "by tag", lambda k: f"/find #qz{k}stag"),
    Text("search", "with a slip", lambda k: f"/find {stem(k)}行", finds=False),
    Text("chat", "plain name", lambda k: stem(k)),
    Text("chat", "plain digits", lambda k: _number(k)[-4:]),
    Text("chat", "log of a contact", lambda k: f"/visit 见了{contact_stem(k)} 很满意", finds=False),
    Text("chat", "reminder", lambda k: f"/remind 明天下午3点 给{stem(k)}打电话", finds=False),
    Text("history", "by name", lambda k: f"/history {stem(k)}"),
)
WHOLE = ("拜访 {} 谈了新报价", "/visit 电话 {} 没接", "明天下午3点去拜访{}", "/remind 后天上午10点 问问{}")  # names
NOBODYS = "琟河鼓商行"  # a name that nobody has
SCREENS = ("/today", "/reminders", "/history", "/visit", "/find", "/team", "/invite", "/settings", "/help", "/status")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to an open dialog: its step, its facts, the text, and who may give it."""

    step: str
    facts: Callable[[House, Record], dict[str, Any]]
    words: str
    rule: Rule
    kinds: frozenset[Kind] = frozenset(Kind)


WAITING = frozenset(Kind) - {Kind.MIZAR}  # those with a draft and a reminder
ANSWERS = (
    Answer(
        "fields.customer",
        lambda h, r: {"customer": r.customer, "field": "needs", "version": h.version("customer", r.customer)},
        "两台",
        full,
    ),
    Answer(
        "fields.customer",
        lambda h, r: {"customer": r.customer, "field": "tags", "version": h.version("customer", r.customer)},
        "老客户",
        full,
    ),
    Answer(
        "fields.contact",
        lambda h, r: {
            "customer": r.customer,
            "contact": r.contact,
            "field": "title",
            "version": h.version("contact", r.contact),
        },
        "采购",
        full,
    ),
    Answer(
        "fields.contact",
        lambda h, r: {
            "customer": r.customer,
            "contact": r.contact,
            "field": "phone",
            "version": h.version("contact", r.contact),
        },
        "13600000001",
        full,
    ),
    Answer("contacts.add", lambda h, r: {"customer": r.customer}, "王小明 13600000002", full, COMPANIES),
    Answer("next_touches.day", lambda h, r: {"customer": r.customer}, "后天", full),
    Answer(
        "touches.note",
        lambda h, r: {"customer": r.customer, "kind": "call", "outcome": "reached"},
        "说好了再谈",
        full,
        WAITING,
    ),
    Answer("reminders.time", lambda h, r: {"reminder": r.reminder}, "后天下午3点", owns, WAITING),
    Answer("drafts.name", lambda h, r: {"draft": r.draft}, "没有这样的人", owns, WAITING),
)


@dataclass(frozen=True, slots=True)
class Governing:
    """An answer to a dialog about members and teams; all of them are refused to ``outside``."""

    step: str
    facts: Callable[[House], dict[str, Any]]
    words: str
    outside: frozenset[Who]


def governing() -> list[Governing]:
    """Renaming what is not one's own, founding teams below others, and the set-up."""
    made = [Governing("setup.team", lambda h: {}, "新队", frozenset(Who) - {Who.ADMIN})]
    for team in ("north", "sub", "south"):
        made += _of_team(team)
    for member in (Who.ADMIN, Who.LEAD, Who.OTHER_LEAD, Who.OWNER, Who.FAR, Who.LEFT):
        made.append(_of_member(member))
    return made


def _of_team(team: str) -> list[Governing]:
    outside = frozenset(who for who in Who if TEAMS_SEEN[team, who] is not Sight.FULL)

    def below(house: House) -> dict[str, Any]:
        return {"team": None, "parent": house.teams[team]}

    def renamed(house: House) -> dict[str, Any]:
        key = house.teams[team]
        return {"team": key, "parent": None, "version": house.version("team", key)}

    return [Governing("teams.name", below, "新队", outside), Governing("teams.name", renamed, "新队", outside)]


def _of_member(member: Who) -> Governing:
    above = frozenset(who for who in LEADS if MEMBERS_SEEN[member, who] is Sight.FULL)

    def facts(house: House) -> dict[str, Any]:
        return {"member": house.members[member], "version": house.version("member", house.members[member])}

    return Governing("teams.member", facts, "新名", frozenset(Who) - above)


def answers_count() -> int:
    """How many answers to dialogs about records are given."""
    return sum(len(answer.kinds) for answer in ANSWERS) * len(Who) + sum(len(one.outside) for one in governing())


def texts_count() -> int:
    """How many texts about records are typed, and screens asked for."""
    return (len(TEXTS) + len(WHOLE)) * len(Kind) * len(Who) + len(SCREENS) * len(Who)
