"""The company that the sandbox opens on: invented people with their phones, and what they have done so far.

``sample.toml`` tells it in days before and after today; here it is lived through again, by the same use cases as in the
chat and each at its own moment, so that the cadence, the history and what is due come out as they would have.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from actions import answers
from actions.away import set_away
from actions.cards import set_stage
from actions.case_work import answer
from actions.customers import add_customer, assign
from actions.drafts import Source, keep_draft, read_log
from actions.feedback import file_feedback
from actions.reminders import set_reminder
from actions.survey_deliveries import deliver
from actions.survey_sending import send_one
from actions.surveys import make, open_survey
from actions.touches import log_touch
from domain.bindings import BindingState
from domain.calendar import Calendar, localize
from domain.cases import FOLLOWS, About, CaseDraft, CaseKind
from domain.consents import Purpose
from domain.customers import (
    Birthday,
    Channel,
    ChannelKind,
    Contact,
    ContactDraft,
    CustomerDraft,
    CustomerKind,
    Gender,
    Grade,
    Stage,
)
from domain.next_touches import NextTouch, Origin
from domain.people import Actor, Role
from domain.repeats import Repeat, next_after
from domain.surveys import EnteredBy
from domain.touches import Outcome, TouchDraft, TouchKind
from domain.values import frozen
from parsing.amounts import find_amounts
from parsing.fields import read_channels
from parsing.lunar import lunar_of
from storage.database import Database, unit_of_work
from storage.due import DueRepository
from storage.mornings import owe_mornings
from storage.uow import UnitOfWork
from views.language import guess_locale
from views.survey_templates import Template, definition_of

TEAM = "华东一部"
STORY = Path(__file__).with_suffix(".toml")
FOUNDED = 240  # days ago, before anything in the story
FILED_AT, GIVEN_AT = dt.time(9, 5), dt.time(9, 20)  # of the day: before and after that morning's first customers
STEP = dt.timedelta(minutes=5)  # to which moments counted from now are rounded
ONE_DAY = dt.timedelta(days=1)
COLUMNS = [
    "nickname",
    "occupation",
    "industry",
    "needs",
    "preferences",
    "interests",
    "budget",
    "city",
    "district",
    "address",
    "source",
    "note",
]
CONTACT_COLUMNS = ("nickname", "title", "part", "preferred_channel", "preferred_time")
CHANNELS = (ChannelKind.PHONE, ChannelKind.WECHAT, ChannelKind.EMAIL)

Story = dict[str, Any]


@frozen
class SamplePerson:
    """Somebody with a phone in the sandbox; ``role`` None: a stranger to the bot."""

    telegram_id: int
    name: str
    role: Role | None
    title: str
    username: str = ""
    phone: str = ""
    language: str = "zh-hans"


PEOPLE = (
    SamplePerson(10001, "周芳", Role.ADMIN, "管理员 · 周芳", "zhou_fang", "+8613800000001"),
    SamplePerson(10002, "李强", Role.LEAD, "主管 · 李强", "li_qiang", "+8613800000002"),
    SamplePerson(10003, "王娜", Role.REP, "销售 · 王娜", "wang_na", "+8613800000003"),
    SamplePerson(10004, "赵涛", Role.REP, "销售 · 赵涛", "zhao_tao", "+8613800000004"),
    SamplePerson(10005, "张伟", None, "客户 · 张伟", "", "+8613800000005"),
    SamplePerson(10006, "林怡君", None, "客戶 · 林怡君", "lin_yijun", "+886912000006", "zh-hant"),
    SamplePerson(10007, "单丽华", None, "访客 · 单丽华", "", "+8613800001107"),  # on file, and not in the chat yet
)

# What the staff say when the sandbox opens, so that each chat shows what the bot is and what waits.
FIRST_WORDS = (
    *((person.telegram_id, "/start") for person in PEOPLE if person.role is not None),
    *((person.telegram_id, "/today") for person in PEOPLE if person.role in (Role.LEAD, Role.REP)),
    (10005, "/cases"),
    (10006, "/start"),
)


def seed(database: Database, now: dt.datetime) -> tuple[SamplePerson, ...]:
    """Fill an empty database with the sample company, in one transaction; returns who plays."""
    story = tomllib.loads(STORY.read_text("utf-8"))
    with database.group() as connection:
        with unit_of_work(connection, now - ONE_DAY * FOUNDED) as uow:
            actors = _staff(uow)
        with unit_of_work(connection, now) as uow:
            company = _Company(actors, _Days(now, uow.organisation().zone, uow.calendar()), uow.organisation().region)
        for at, happen in sorted(company.events(story), key=lambda event: event[0]):
            with unit_of_work(connection, at) as uow:
                happen(uow)
        with unit_of_work(connection, now) as uow:
            owe_mornings(uow, [actor.person_id for actor in actors.values()])
    return PEOPLE


def _staff(uow: UnitOfWork) -> dict[str, Actor]:
    """The staff by name, in one team that its lead leads."""
    staff = [person for person in PEOPLE if person.role is not None]
    uow.act(None, "organisation.changed", undo=None)
    uow.settings.save(set_up=True)
    known = {
        person.name: uow.people.identify(
            person.telegram_id, name=person.name, username=person.username or None, locale="zh_Hans"
        )
        for person in staff
    }
    teams = uow.teams(known[staff[0].name])
    uow.act(None, "team.added", undo=None, facts={"name": TEAM})
    team = teams.add_team(TEAM, None)
    for person in staff:
        assert person.role is not None
        uow.act(known[person.name], "member.joined", undo=None, facts={"name": person.name})
        member = teams.add_member(
            known[person.name].person_id, person.name, person.role, None if person.role is Role.ADMIN else team
        )
        if person.role is Role.LEAD:
            teams.change_team(team, lead_id=member)
    return {name: uow.people.actor(actor.person_id) for name, actor in known.items()}


@frozen
class _Days:
    """The story's days as dates around ``now``."""

    now: dt.datetime
    zone: ZoneInfo
    calendar: Calendar

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.zone).date()

    def ago(self, days: int, time: dt.time) -> dt.datetime:
        """So many days before the last working day; on a day off, the working day before it."""
        day = self._working(self._working(self.today) - ONE_DAY * days)
        return localize(day, time, self.zone)

    def minutes_ago(self, minutes: int) -> dt.datetime:
        return self.now - dt.timedelta(minutes=minutes)

    def ahead(self, told: str) -> tuple[dt.date, dt.datetime | None, str]:
        """``0 visit``, ``-2 call``, ``3 10:00 visit``, ``+50m visit``: day, instant where it has one, and the rest."""
        when, _, rest = told.partition(" ")
        if when.startswith("+"):
            at = self.now + dt.timedelta(minutes=int(when[1:-1]))
            at -= (at - dt.datetime.min.replace(tzinfo=dt.UTC)) % STEP
            return at.astimezone(self.zone).date(), at, rest
        day = self._workday(int(when))
        if hit := re.match(r"(\d\d:\d\d) ?", rest):
            return day, localize(day, dt.time.fromisoformat(hit[1]), self.zone), rest[hit.end() :]
        return day, None, rest

    def birthday(self, told: str) -> Birthday:
        """``5-20``, ``1988-5-20``, ``today``, ``1988 today``, ``+3``; with ``lunar`` in front by that calendar."""
        lunar, told = told.startswith("lunar "), told.removeprefix("lunar ")
        if hit := re.fullmatch(r"(?:(\d{4})-)?(\d+)-(\d+)", told):
            return Birthday(int(hit[2]), int(hit[3]), int(hit[1]) if hit[1] else None, lunar)
        year, _, when = told.rpartition(" ")
        day = self.today + ONE_DAY * (0 if when == "today" else int(when))
        month, number = lunar_of(day) if lunar else (day.month, day.day)
        return Birthday(month, number, int(year) if year else None, lunar)

    def _working(self, day: dt.date) -> dt.date:
        return day if self.calendar.is_working(day) else self.calendar.preceding_working_day(day)

    def _workday(self, number: int) -> dt.date:
        """The working day so many from today; 0 is today, whatever day it is."""
        day = self.today
        for _ in range(abs(number)):
            step = self.calendar.following_working_day if number > 0 else self.calendar.preceding_working_day
            day = step(day)
        return day


Event = tuple[dt.datetime, Callable[[UnitOfWork], None]]


@dataclass(slots=True)
class _Company:
    """Turns the story into events, each to be run in a unit of work of its own moment."""

    actors: dict[str, Actor]
    days: _Days
    region: str
    ids: dict[str, int] = field(default_factory=dict)
    contacts: dict[str, tuple[Contact, ...]] = field(default_factory=dict)

    def events(self, story: Story) -> Iterator[Event]:
        for told in story["customer"]:
            yield from self._customer(told)
        for told in story["reminder"]:
            yield self.days.minutes_ago(told["set_before"]), partial(self._remind, told=told)
        for told in story["account"]:
            yield self.days.ago(told["since"], FILED_AT), partial(self._bind, told=told)
        for told in story["case"]:
            yield from self._case(told)
        for told in story["survey"]:
            yield from self._survey(told)
        for told in story["away"]:
            yield self.days.minutes_ago(told["set_before"]), partial(self._away, told=told)
        for number, told in enumerate(story["draft"]):
            yield self.days.minutes_ago(told["said_before"]), partial(self._draft, told=told, number=number)

    def _customer(self, told: Story) -> Iterator[Event]:
        name, owner = told["name"], self.actors[told["owner"]]
        yield self.days.ago(told["since"], FILED_AT), partial(self._file, told=told)
        given, _, heir = told.get("given", "-1").partition(" ")
        if heir:
            yield self.days.ago(int(given), GIVEN_AT), partial(self._give, name=name, heir=heir)
        lines = told.get("touches", ())
        for number, line in enumerate(lines, 1):
            ago, time, kind, note = line.split(" ", 3)
            who = self.actors[heir] if int(ago) <= int(given) else owner
            agreed = told.get("next") if number == len(lines) else None
            touch = partial(self._touch, name=name, actor=who, kind=kind, note=note, agreed=agreed)
            yield self.days.ago(int(ago), dt.time.fromisoformat(time)), touch
        if "staged" in told:
            ago, time, _ = lines[-1].split(" ", 2)
            stage = partial(self._stage, name=name, actor=owner, stage=Stage(told["staged"]))
            yield self.days.ago(int(ago), dt.time.fromisoformat(time)) + STEP, stage

    def _file(self, uow: UnitOfWork, *, told: Story) -> None:
        draft = CustomerDraft(
            name=told["name"],
            kind=CustomerKind.COMPANY if "contacts" in told else CustomerKind.PERSON,
            values={column: told[column] for column in COLUMNS if column in told},
            contacts=tuple(self._contact(one) for one in told.get("contacts") or [told["contact"]]),
            tags=tuple(told.get("tags", ())),
            grade=Grade(told.get("grade", Grade.UNGRADED)),
        )
        filed = add_customer(uow, self.actors[told["owner"]], draft, now=uow.now).customer
        self.ids[filed.name], self.contacts[filed.name] = filed.id, filed.contacts

    def _contact(self, told: Story) -> ContactDraft:
        channels: list[Channel] = []
        for kind in CHANNELS:
            channels += read_channels(kind, told.get(kind, ""), self.region)
        return ContactDraft(
            name=told.get("name"),
            values={column: told[column] for column in CONTACT_COLUMNS if column in told},
            gender=Gender(told["gender"]) if "gender" in told else None,
            birthday=self.days.birthday(told["birthday"]) if "birthday" in told else None,
            channels=tuple(channels),
        )

    def _touch(self, uow: UnitOfWork, *, name: str, actor: Actor, kind: str, note: str, agreed: str | None) -> None:
        draft = TouchDraft(
            customer_id=self.ids[name],
            contact_id=self._met(name, note),
            kind=TouchKind(kind.removesuffix("?")),
            outcome=Outcome.TRIED if kind.endswith("?") else Outcome.REACHED,
            happened_at=uow.now,
            note=note,
            next_touch=self._agreed(agreed) if agreed else None,
            amounts=find_amounts(note, currency=uow.organisation().currency),
        )
        log_touch(uow, actor, draft, now=uow.now)

    def _agreed(self, told: str) -> NextTouch:
        day, at, kind = self.days.ahead(told)
        return NextTouch(day, at, Origin.AGREED, TouchKind(kind))

    def _met(self, name: str, note: str) -> int | None:
        """The contact that the note names, else the only one."""
        contacts = self.contacts[name]
        named = [one for one in contacts if any(word and word in note for word in (one.name, one.nickname))]
        found = named or (contacts if len(contacts) == 1 else ())
        return found[0].id if found else None

    def _give(self, uow: UnitOfWork, *, name: str, heir: str) -> None:
        lead = next(self.actors[person.name] for person in PEOPLE if person.role is Role.LEAD)
        owner_id = None if heir == "pool" else self.actors[heir].member_id
        assign(uow, lead, self.ids[name], owner_id, now=uow.now)

    def _stage(self, uow: UnitOfWork, *, name: str, actor: Actor, stage: Stage) -> None:
        version = uow.customers(actor).get(self.ids[name]).version
        set_stage(uow, actor, self.ids[name], stage, version=version, now=uow.now)

    def _remind(self, uow: UnitOfWork, *, told: Story) -> None:
        actor = self.actors[told["person"]]
        repeat = Repeat.from_json(told["repeat"]) if "repeat" in told else None
        if repeat is not None:
            at = next_after(repeat, self.days.now, zone=actor.zone, calendar=uow.calendar())
        else:
            _, clock, _ = self.days.ahead(told["at"])
            assert clock is not None
            at = clock
        customer_id = self.ids[told["customer"]] if "customer" in told else None
        set_reminder(uow, actor, told["words"], at, repeat, customer_id, now=uow.now)

    def _bind(self, uow: UnitOfWork, *, told: Story) -> None:
        """An account that its customer's owner confirmed, with both consents."""
        person = next(one for one in PEOPLE if one.name == told["person"])
        actor = uow.people.identify(
            person.telegram_id, name=person.name, username=None, locale=guess_locale(person.language, "zh_Hans")
        )
        customer_id = self.ids[told["customer"]]
        contact = next(one for one in self.contacts[told["customer"]] if one.name == person.name)
        uow.act(None, "sample", customer_id=customer_id, undo=None)
        values: dict[str, Any] = {"person_id": actor.person_id, "customer_id": customer_id, "contact_id": contact.id}
        values |= {"state": BindingState.CONFIRMED, "opened_at": uow.now, "decided_at": uow.now}
        uow.bindings(actor).add(values)
        for purpose in Purpose:
            whose: dict[str, Any] = {"person_id": actor.person_id, "contact_id": contact.id}
            uow.consents.decide(purpose, granted=True, **whose, locale=actor.locale, channel="chat")
        self.actors[person.name] = uow.people.actor(actor.person_id)

    def _case(self, told: Story) -> Iterator[Event]:
        """A complaint that a customer filed in the chat and the owner answered once."""
        yield self.days.minutes_ago(told["filed_before"]), partial(self._complain, told=told)
        yield self.days.minutes_ago(told["answered_before"]), partial(self._answer, told=told)

    def _complain(self, uow: UnitOfWork, *, told: Story) -> None:
        actor = self.actors[told["person"]]
        (binding,) = uow.bindings(actor).mine()
        draft = CaseDraft(0, CaseKind(told["kind"]), About(told["about"]), told["words"])
        file_feedback(uow, actor, binding.id, draft, [], now=uow.now)

    def _answer(self, uow: UnitOfWork, *, told: Story) -> None:
        customer = self.actors[told["person"]]
        (case,) = uow.feedback(customer).page().items
        answer(uow, self.actors[told["by"]], case.id, told["answer"], now=uow.now)
        due = DueRepository(uow)  # what the customer was told then is told
        due.settle([row.id for row in due.coming([customer.person_id], until=uow.now + FOLLOWS)])

    def _survey(self, told: Story) -> Iterator[Event]:
        """A lead's survey that is open: sent to a customer who has not answered, or asked by phone."""
        yield self.days.ago(told["since"], FILED_AT), partial(self._open, told=told)
        for line in told.get("entered", ()):
            ago, time, by, customer, score, words = line.split(" ", 5)
            enter_ = partial(self._enter, survey=told["name"], by=by, customer=customer, said=[int(score), words])
            yield self.days.ago(int(ago), dt.time.fromisoformat(time)), enter_
        if "sent" in told:
            sent = told["sent"]
            yield self.days.minutes_ago(sent["before"]), partial(self._send, survey=told["name"], told=sent)

    def _open(self, uow: UnitOfWork, *, told: Story) -> None:
        lead, template = self.actors[told["by"]], Template(told["template"])
        made, _ = make(uow, lead, told["name"], definition_of(template), template=template)
        opened, _ = open_survey(uow, lead, made.id, version=made.version)
        self.ids[told["name"]] = opened.id

    def _enter(self, uow: UnitOfWork, *, survey: str, by: str, customer: str, said: list[int | str]) -> None:
        actor, survey_id, customer_id = self.actors[by], self.ids[survey], self.ids[customer]
        contact_id = self.contacts[customer][0].id
        whose = {"customer_id": customer_id, "contact_id": contact_id}
        found = answers.enter(uow, actor, survey_id, **whose, by=EnteredBy.PHONE, now=uow.now)
        for value in said:
            assert found.open_question is not None
            found = answers.answer(uow, found, found.open_question, value, now=uow.now)
        answers.send(uow, actor, found, now=uow.now)

    def _send(self, uow: UnitOfWork, *, survey: str, told: Story) -> None:
        """Sent, arrived, and not answered yet."""
        customer, rep = self.actors[told["person"]], self.actors[told["by"]]
        (binding,) = uow.bindings(customer).mine()
        asked, _ = send_one(uow, rep, self.ids[survey], binding.customer_id, binding.contact_id, now=uow.now)
        assert deliver(uow, customer, asked.id, now=uow.now) is not None
        due = DueRepository(uow)
        due.settle([row.id for row in due.coming([customer.person_id], until=uow.now + FOLLOWS)])

    def _away(self, uow: UnitOfWork, *, told: Story) -> None:
        """Set by the lead, days ahead: the sandbox opens on a morning on which everybody works."""
        (first, *_), (last, *_) = self.days.ahead(told["first"]), self.days.ahead(told["last"])
        away, stand_in = self.actors[told["person"]].member_id, self.actors[told["stand_in"]].member_id
        assert away is not None and stand_in is not None
        set_away(uow, self.actors[told["by"]], away, stand_in, first, last, now=uow.now)

    def _draft(self, uow: UnitOfWork, *, told: Story, number: int) -> None:
        actor = self.actors[told["person"]]
        source = Source(told["text"], uow.now, actor.telegram_id, -number)  # no message of the chat has such a number
        keep_draft(uow, actor, read_log(uow, actor, source, now=uow.now))
