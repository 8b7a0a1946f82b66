"""A company in which every field of every record carries a marker of whose it is.

Latin markers are ``Qz<kind>h…`` where only readers of the whole record may see them and ``Qz<kind>s…`` where the public
pool shows them too; Chinese names begin with 琟, phone numbers with six digits of their kind. What a query types is a
part without the beginning, so that an answer which quotes the query never looks like a leak.
"""

import datetime as dt
import itertools
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import insert

from actions.customers import add_customer
from actions.invites import make_invite
from actions.reminders import set_reminder
from actions.touches import log_touch
from domain.bindings import BindingState
from domain.customers import Channel, ChannelKind, ContactDraft, CustomerDraft, CustomerKind, Gender, Grade
from domain.next_touches import NextTouch, Origin
from domain.people import Actor, Role
from domain.touches import Outcome, TouchDraft, TouchKind
from sandbox.people import Person as Account
from sandbox.server import Sandbox
from storage.database import Database
from storage.invites import InviteRepository
from storage.models import Job, Member, Reminder, Team
from storage.uow import UnitOfWork

WEDNESDAY = "2026-11-18T10:00:00+08:00"
RINGS_AT = dt.datetime.fromisoformat("2026-11-18T15:00:00+08:00")  # when every planted reminder and next touch is due
NOTED = {"alive", "backup", "seal_told"}  # settings that the frame writes by itself, when its time has come
NOBODY = 900_000  # an id that no row has


class Who(StrEnum):
    """Everybody who reads or tries to."""

    ADMIN = "admin"
    LEAD = "lead"  # of 北区, with 北区一组 below it
    OTHER_LEAD = "other_lead"  # of 南区
    OWNER = "owner"  # a rep of 北区一组
    MATE = "mate"  # another rep of 北区一组
    FAR = "far"  # a rep of 南区
    LEFT = "left"  # a rep of 北区一组 whose access has ended
    STRANGER = "stranger"
    BUYER = "buyer"  # the person behind a customer's contact, by the same phone number


class Kind(StrEnum):
    """Records, by whose they are."""

    VEGA = "vega"  # a company of OWNER
    RIGEL = "rigel"  # a person of MATE
    DENEB = "deneb"  # a company of FAR
    ALTAIR = "altair"  # a person of LEAD
    MIZAR = "mizar"  # a company in the public pool, filed by ADMIN
    SPICA = "spica"  # a person of LEFT


OWNERS = {Kind.VEGA: Who.OWNER, Kind.RIGEL: Who.MATE, Kind.DENEB: Who.FAR, Kind.ALTAIR: Who.LEAD, Kind.SPICA: Who.LEFT}
STARS = {
    Kind.VEGA: "织女",
    Kind.RIGEL: "参宿",
    Kind.DENEB: "轩辕",
    Kind.ALTAIR: "牵牛",
    Kind.MIZAR: "开阳",
    Kind.SPICA: "角宿",
}
COMPANIES = frozenset({Kind.VEGA, Kind.DENEB, Kind.MIZAR})
HIDDEN = ("occupation", "industry", "needs", "preferences", "interests", "budget", "address", "source", "note")
TEAMS = {"north": "Qzteamnorth", "sub": "Qzteamsub", "south": "Qzteamsouth"}
STAFF = {  # role and team
    Who.ADMIN: (Role.ADMIN, None),
    Who.LEAD: (Role.LEAD, "north"),
    Who.OTHER_LEAD: (Role.LEAD, "south"),
    Who.OWNER: (Role.REP, "sub"),
    Who.MATE: (Role.REP, "sub"),
    Who.FAR: (Role.REP, "south"),
    Who.LEFT: (Role.REP, "sub"),
}
TELEGRAM = {who: 20_001 + number for number, who in enumerate(Who)}
DIGITS = {kind: f"1390{number}1" for number, kind in enumerate(Kind, 1)}


def stem(kind: Kind) -> str:
    """What somebody types who looks for a record: its name without the first character."""
    return f"{STARS[kind]}商行" if kind in COMPANIES else STARS[kind]


def contact_stem(kind: Kind) -> str:
    """The same for the person of a company."""
    return f"{STARS[kind]}经理"


def member_name(who: Who) -> str:
    """How somebody is called among the staff."""
    return f"Qzmember{who.replace('_', '')}"


def phone(kind: Kind, number: int = 1) -> str:
    """The ``number``-th Chinese mobile number of a kind; the last four digits are its own."""
    return f"{DIGITS[kind]}{int(DIGITS[kind][4]) * 1000 + number:05}"


@dataclass(frozen=True, slots=True)
class Record:
    """A customer with something of everything: ids of its rows, 0 where it has none."""

    kind: Kind
    customer: int
    contact: int
    channel: int
    touch: int = 0
    next_touch: int = 0
    draft: int = 0
    reminder: int = 0
    act: int = 0  # of the touch
    binding: int = 0


@dataclass(slots=True)
class House:
    """Ids of everything, and more of it on demand."""

    database: Database
    sandbox: Sandbox
    persons: dict[Who, int] = field(default_factory=dict)
    members: dict[Who, int] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)
    records: dict[Kind, Record] = field(default_factory=dict)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _spare: int = 0

    @property
    def now(self) -> dt.datetime:
        return self.sandbox.world.clock.now()

    def actor(self, uow: UnitOfWork, who: Who) -> Actor:
        return uow.people.actor(self.persons[who])

    def version(self, table: str, key: int) -> int:
        """The version of a row as it stands; 1 for one that is not there."""
        with self.database.transaction(self.now) as uow:
            found = uow.connection.exec_driver_sql(f'SELECT version FROM "{table}" WHERE id = {int(key)}')
            row = found.one_or_none()
        return int(row[0]) if row else 1

    def record(self, kind: Kind) -> Record:
        """One more record of a kind, whole."""
        return self.more(kind, 1)[0]

    def more(self, kind: Kind, many: int) -> list[Record]:
        """More records of a kind, whole."""
        owner = OWNERS.get(kind, Who.ADMIN)
        if owner is Who.LEFT:  # filed while there was access
            self._set_active(Who.LEFT, active=True)
        with self.database.transaction(self.now - dt.timedelta(minutes=2)) as uow:
            actor = self.actor(uow, owner)
            made = [self._file(uow, kind, next(self.numbers), actor) for _ in range(many)]
        if owner is Who.LEFT:
            self._set_active(Who.LEFT, active=False)
        return made

    @property
    def spare(self) -> int:
        """A customer of the pool to be claimed; another one when that has happened."""
        with self.database.transaction(self.now) as uow:
            asked = f"SELECT 1 FROM customer WHERE id = {self._spare} AND owner_id IS NULL"
            is_free = uow.connection.exec_driver_sql(asked).first() is not None
        if not is_free:
            self._spare = self.record(Kind.MIZAR).customer
        return self._spare

    def member(self, team: str) -> int:
        """One more rep of a team."""
        number = next(self.numbers)
        account = Account(30_000 + number, f"新人{number}", started=True)
        self.sandbox.world.chats.add_person(account)
        with self.database.transaction(self.now) as uow:
            uow.act(None, "sample", undo=None)
            actor = uow.people.identify(account.id, name=account.first_name, username=None, locale="zh_Hans")
            values = {"person_id": actor.person_id, "name": account.first_name, "role": Role.REP}
            values |= {"team_id": self.teams[team], "active": True, "created_at": self.now}
            return uow.journal.add(Member, values)

    def team(self, parent: str) -> int:
        """One more team, empty, below another."""
        with self.database.transaction(self.now) as uow:
            uow.act(None, "sample", undo=None)
            parent_id = self.teams[parent]
            return uow.journal.add(Team, {"name": f"{TEAMS[parent]}{next(self.numbers)}", "parent_id": parent_id})

    def invite(self, by: Who, role: Role, team: str | None) -> int:
        """One more open invite."""
        with self.database.transaction(self.now) as uow:
            actor = self.actor(uow, by)
            make_invite(uow, actor, role, self.teams[team] if team else None, now=self.now)
            return InviteRepository(uow, actor).open()[0].id

    def remind(self, who: Who, kind: Kind, *, at: dt.datetime = RINGS_AT) -> str:
        """Somebody's reminder that is tied to a record, whosever that is by now; its words."""
        words = f"提醒{who}{kind}"
        with self.database.transaction(self.now) as uow:
            uow.act(None, "sample", undo=None)
            values = {"person_id": self.persons[who], "customer_id": self.records[kind].customer, "words": words}
            values |= {"at": at, "repeat": None, "state": "open", "created_at": self.now}
            uow.journal.add(Reminder, values)
        return words

    def job(self, of: Who) -> int:
        """A finished piece of long work."""
        with self.database.transaction(self.now) as uow:
            values = {"kind": "none", "person_id": self.persons[of], "facts": {}, "state": "done", "attempt": 1}
            values |= {"offset": 0, "created_at": self.now}
            return int(uow.connection.execute(insert(Job).returning(Job.id), values).scalar_one())

    def last_act(self) -> int:
        """The newest act of anybody."""
        with self.database.transaction(self.now) as uow:
            return int(uow.connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM act").scalar_one())

    def wrote_since(self, act: int) -> set[Who]:
        """Whose acts are newer than this one."""
        with self.database.transaction(self.now) as uow:
            asked = f"SELECT DISTINCT person_id FROM act WHERE id > {act}"
            persons = set(uow.connection.exec_driver_sql(asked).scalars())
        return {who for who, person in self.persons.items() if person in persons}

    def holdings(self, *, drafts: bool = True) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table that people write to."""
        names = ["customer", "contact", "channel", "tag", "touch", "touch_amount", "media", "next_touch", "reminder"]
        names += ["member", "team", "invite", "setting", *(["draft"] if drafts else [])]
        with self.database.transaction(self.now) as uow:
            return {name: self._rows(uow, name) for name in names}

    @staticmethod
    def _rows(uow: UnitOfWork, name: str) -> list[tuple[object, ...]]:
        rows = uow.connection.exec_driver_sql(f'SELECT * FROM "{name}" ORDER BY 1')
        return [tuple(map(str, row)) for row in rows if not (name == "setting" and row[0] in NOTED)]

    # Building ----------------------------------------------------------------------------------------------------

    def found(self) -> None:
        """Make the people, the teams and one record of each kind."""
        with self.database.transaction(self.now) as uow:
            uow.act(None, "sample", undo=None)
            for name, shown in TEAMS.items():
                parent = self.teams["north"] if name == "sub" else None
                self.teams[name] = uow.journal.add(Team, {"name": shown, "parent_id": parent, "lead_id": None})
            for who in Who:
                self._join(uow, who)
            uow.journal.change(Team, self.teams["north"], {"lead_id": self.members[Who.LEAD]})
            uow.journal.change(Team, self.teams["south"], {"lead_id": self.members[Who.OTHER_LEAD]})
        for kind in Kind:
            self.records[kind] = self.record(kind)
        self._spare = self.record(Kind.MIZAR).customer

    def _join(self, uow: UnitOfWork, who: Who) -> None:
        account = self.sandbox.world.chats.people[TELEGRAM[who]]
        account.started = True
        actor = uow.people.identify(account.id, name=account.full_name, username=None, locale="zh_Hans")
        self.persons[who] = actor.person_id
        if who in STAFF:
            role, team = STAFF[who]
            values = {"person_id": actor.person_id, "name": member_name(who), "role": role}
            values |= {"team_id": self.teams[team] if team else None, "created_at": self.now}
            self.members[who] = uow.journal.add(Member, values | {"active": who is not Who.LEFT})

    def _set_active(self, who: Who, *, active: bool) -> None:
        with self.database.transaction(self.now) as uow:
            uow.act(None, "sample", undo=None)
            uow.journal.change(Member, self.members[who], {"active": active})

    def _file(self, uow: UnitOfWork, kind: Kind, number: int, actor: Actor) -> Record:
        filed = add_customer(uow, actor, content(kind, number), now=uow.now)
        contact = filed.customer.contacts[-1]
        touch = TouchDraft(
            customer_id=filed.customer.id,
            contact_id=contact.id,
            kind=TouchKind.VISIT,
            outcome=Outcome.REACHED,
            happened_at=uow.now,
            note=f"拜访 Qz{kind}htouch{number}",
            next_touch=NextTouch(RINGS_AT.date(), RINGS_AT, Origin.AGREED, TouchKind.CALL),
            tags=(f"Qz{kind}stag",),
        )
        logged = log_touch(uow, actor, touch, now=uow.now)
        uow.act(actor, "media.added", customer_id=filed.customer.id)
        file = {"kind": "photo", "file_id": f"f{number}", "unique_id": f"u{number}", "said_at": uow.now}
        uow.media(actor).add(file | {"customer_id": filed.customer.id, "caption": f"Qz{kind}hcaption"})
        record = Record(
            kind,
            filed.customer.id,
            contact.id,
            contact.channels[0].id or 0,
            logged.touch.id,
            act=logged.act_id,
            binding=self._bound(uow, kind, number, filed.customer.id, contact.id),
        )
        if kind is Kind.MIZAR:
            uow.act(None, "sample", undo=None)
            uow.customers(actor).set_owner(record.customer, None)
            return record
        return self._with_waiting(uow, actor, record, number)

    def _with_waiting(self, uow: UnitOfWork, actor: Actor, record: Record, number: int) -> Record:
        """With what only its owner has: the open next touch, a draft, a reminder."""
        standing = uow.next_touches(actor).open_of(record.customer)
        assert standing is not None
        uow.act(actor, "draft.kept", customer_id=record.customer)
        draft = uow.drafts(actor).add(
            text=f"拜访 琟{stem(record.kind)} Qz{record.kind}hdraft{number}",
            said_at=uow.now,
            chat_id=actor.telegram_id,
            message_id=500_000 + number,
            missing="customer",
        )
        words = f"Qz{record.kind}hreminder{number}"
        reminder, _ = set_reminder(uow, actor, words, RINGS_AT, None, record.customer, now=uow.now)
        return Record(
            record.kind,
            record.customer,
            record.contact,
            record.channel,
            record.touch,
            standing.id,
            draft,
            reminder.id,
            record.act,
            record.binding,
        )

    def _bound(self, uow: UnitOfWork, kind: Kind, number: int, customer_id: int, contact_id: int) -> int:
        """An account of the contact's, whose name only readers of the whole record see; nobody has confirmed it."""
        account = uow.people.identify(60_000 + number, name=f"Qz{kind}haccount", username=None, locale="zh_Hans")
        uow.act(account, "sample", customer_id=customer_id, undo=None)
        values = {"person_id": account.person_id, "customer_id": customer_id, "contact_id": contact_id}
        return uow.bindings(account).add(values | {"state": BindingState.PENDING, "opened_at": uow.now})


def content(kind: Kind, number: int) -> CustomerDraft:
    """A customer with a marker in every field."""
    hidden = {name: f"Qz{kind}h{name}" for name in (*HIDDEN, "external_id")}
    values: dict[str, str | float | None] = {**hidden, "nickname": f"Qz{kind}snick", "city": f"Qz{kind}scity"}
    values |= {"district": f"Qz{kind}sdistrict", "latitude": 30.5, "longitude": 104.1}
    number_of = Channel(ChannelKind.PHONE, phone(kind, number), f"+86{phone(kind, number)}")
    mail, wechat = f"Qz{kind}hmail{number}@example.com", f"Qz{kind}hwechat{number}"
    channels = (
        number_of,
        Channel(ChannelKind.EMAIL, mail, mail.lower()),
        Channel(ChannelKind.WECHAT, wechat, wechat.lower()),
    )
    more = {"title": f"Qz{kind}htitle", "part": f"Qz{kind}hpart", "preferred_time": f"Qz{kind}htime"}
    if kind in COMPANIES:
        person = ContactDraft(f"琟{contact_stem(kind)}", {**more, "nickname": f"Qz{kind}hcall"}, Gender.FEMALE)
        own = ContactDraft(None, channels=channels)
        known = ContactDraft(person.name, person.values, person.gender, channels=(_second(kind, number),))
        return CustomerDraft(
            f"琟{stem(kind)}", CustomerKind.COMPANY, values, (own, known), (f"Qz{kind}stag",), grade=Grade.B
        )
    person = ContactDraft(f"琟{stem(kind)}", {**more}, Gender.MALE, channels=(*channels, _second(kind, number)))
    return CustomerDraft(f"琟{stem(kind)}", CustomerKind.PERSON, values, (person,), (f"Qz{kind}stag",), grade=Grade.B)


def _second(kind: Kind, number: int) -> Channel:
    """A number for the tests of duplicates alone, so that typing it gives nothing else away."""
    return Channel(ChannelKind.PHONE, phone(kind, 900 + number), f"+86{phone(kind, 900 + number)}")


def accounts() -> tuple[Account, ...]:
    """Everybody's Telegram account; the buyer has the phone number of OWNER's company."""
    phones = {Who.BUYER: "+86" + phone(Kind.VEGA)}
    return tuple(Account(TELEGRAM[who], f"账号{who}", phone=phones.get(who, "")) for who in Who)
