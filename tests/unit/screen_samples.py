"""A company's data as screens may have to show it: long names, full notes, every field filled; all of it invented."""

import datetime as dt
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from domain.bindings import Binding, BindingState
from domain.cards import Card, Filed
from domain.customers import (
    Birthday,
    Channel,
    ChannelKind,
    Contact,
    Customer,
    CustomerDraft,
    CustomerKind,
    CustomerLine,
    Gender,
    Grade,
    Page,
    Stage,
)
from domain.enquiries import Enquiry, EnquiryKind, EnquiryState
from domain.history import ActLine
from domain.imports import Fate, ImportLine, ImportState, OwnerRule, Ownership
from domain.next_touches import NextTouchLine, Origin
from domain.people import Actor, MemberLine, Role, TeamLine
from domain.reminders import ReminderLine, ReminderState
from domain.repeats import Repeat, Unit
from domain.touches import DraftLine, LoggedTouch, Missing, Outcome, TouchKind, TouchLine
from views.language import Translator

NOW = dt.datetime(2026, 11, 25, 2, 30, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 25)
ID = 9_876_543  # as many digits as a busy company reaches in years
VERSION = 321


@dataclass(frozen=True, slots=True)
class Words:
    """What people of one language type; ``name`` and ``person`` are the customer's and a person's."""

    name: str
    person: str
    nickname: str
    title: str
    member: str
    team: str
    city: str
    district: str
    address: str
    tag: str
    value: str
    note: str
    heading: str
    file: str


SHORT = {
    "zh_Hans": Words(
        *("明远", "张伟", "张总", "经理", "王娜", "一部", "上海", "徐汇区", "漕溪北路1号", "重点"),
        *("要便宜", "谈了新报价", "名称", "客户.csv"),
    ),
    "zh_Hant": Words(
        *("明遠", "張偉", "張總", "經理", "王娜", "一部", "臺北市", "大安區", "信義路1號", "重點"),
        *("要便宜", "談了新報價", "名稱", "客戶.csv"),
    ),
    "en": Words(
        *("Bright", "Ann Lee", "Ann", "buyer", "Tom", "South", "Leeds", "Hunslet", "1 Low Road", "key"),
        *("a lower price", "talked about the new quote", "Name", "list.csv"),
    ),
}
LONG = {
    "zh_Hans": Words(
        name="深圳市前海明远智能科技发展有限公司南山分公司",
        person="欧阳慕容雪琳",
        nickname="研发中心的老欧阳",
        title="华南大区采购与供应链管理部副总经理",
        member="司徒建国",
        team="华南大区企业客户销售一部",
        city="内蒙古自治区呼伦贝尔市",
        district="鄂温克族自治旗",
        address="巴彦托海镇伊敏河东路 1288 号明远大厦 B 座 21 层 2106 室",
        tag="年度重点战略客户",
        value="希望把全部门店的收银机在明年春节之前换成新型号，并且要求分三年付清，另外要一名驻场工程师" * 2,
        note="今天上午跟<采购部>欧阳总 & 财务谈了新报价，对方要 9.5 折、账期 60 天，下周三上午给答复；" * 8,
        heading="客户单位全称（与营业执照一致）",
        file="2026年第四季度华南大区全部门店客户名单（最终确认版）第三稿.xlsx",
    ),
    "zh_Hant": Words(
        name="臺北市信義明遠智慧科技發展股份有限公司南港分公司",
        person="歐陽慕容雪琳",
        nickname="研發中心的老歐陽",
        title="南區採購與供應鏈管理部副總經理",
        member="司徒建國",
        team="南區企業客戶業務一部",
        city="臺北市",
        district="信義區",
        address="信義路五段 1288 號明遠大樓 B 棟 21 樓之 6",
        tag="年度重點策略客戶",
        value="希望把全部門市的收銀機在明年春節之前換成新型號，並且要求分三年付清，另外要一名駐點工程師" * 2,
        note="今天上午跟<採購部>歐陽總 & 財務談了新報價，對方要 95 折、帳期 60 天，下週三上午給答覆；" * 8,
        heading="客戶單位全名（與登記證一致）",
        file="2026年第四季南區全部門市客戶名單（最終確認版）第三稿.xlsx",
    ),
    "en": Words(
        name="Bartholomew, Featherstone & Sons International Trading <Holdings> Ltd.",
        person="Alexandra Montgomery-Featherstonehaugh",
        nickname="Alex of the research centre",
        title="deputy general manager for purchasing and supply chains",
        member="Katherine Winterbourne",
        team="Southern region enterprise sales",
        city="Newcastle upon Tyne",
        district="Walkergate and Benfield",
        address="1288 Great Northumberland Avenue, Featherstone House, 21st floor, room 2106",
        tag="strategic_customer_of_the_year",
        value="wants new tills in every branch before next spring, paid over three years, with an engineer on site "
        * 3,
        note="Talked about the new quote with <purchasing> & finance; they want 5% off and 60 days; answer on Wed. "
        * 8,
        heading="Full name of the customer as registered",
        file="fourth quarter 2026 southern region all branches customer list (final) third draft.xlsx",
    ),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One reader and the data on that reader's screens."""

    t: Translator
    w: Words

    @property
    def actor(self) -> Actor:
        return self.as_role(Role.ADMIN)

    def as_role(self, role: Role) -> Actor:
        return Actor(ID, ID, self.t.locale, self.t.zone, self.w.member, ID, role, ID)

    def contact(self, *, named: bool = True) -> Contact:
        channels = (
            Channel(ChannelKind.PHONE, "+86 138 0000 9101", "+8613800009101", 1),
            Channel(ChannelKind.PHONE, "+86 138 0000 9102", "+8613800009102", 2),
            Channel(ChannelKind.EMAIL, "purchasing.department@mingyuan-technology.example", None, 3),
            Channel(ChannelKind.WECHAT, "mingyuan_1985_0312", None, 4),
            Channel(ChannelKind.FAX, "0755 8000 1234", None, 5),
        )
        w = self.w
        return Contact(
            id=ID,
            customer_id=ID,
            version=VERSION,
            name=w.person if named else None,
            nickname=w.nickname if named else None,
            title=w.title,
            part=w.title,
            gender=Gender.FEMALE,
            birthday=Birthday(12, 23, 1985, lunar=True),
            preferred_channel=w.value,
            preferred_time=w.value,
            channels=channels,
        )

    def customer(self, kind: CustomerKind = CustomerKind.COMPANY, *, masked: bool = False) -> Customer:
        w = self.w
        company = kind is CustomerKind.COMPANY
        return Customer(
            id=ID,
            version=VERSION,
            kind=kind,
            name=w.name if company else w.person,
            stage=Stage.INTERESTED,
            grade=Grade.UNGRADED,
            owner_id=None if masked else ID,
            owner=None if masked else w.member,
            created_at=NOW,
            nickname=w.nickname,
            occupation=w.title,
            industry=w.title,
            needs=w.value,
            preferences=w.value,
            interests=w.value,
            budget=w.value,
            city=w.city,
            district=w.district,
            address=w.address,
            latitude=22.543096,
            longitude=114.057865,
            source=w.value,
            note=w.note,
            external_id="2026-000123",
            tags=(w.tag,) * 6,
            contacts=(self.contact(named=False), *(self.contact(),) * 9) if company else (self.contact(),),
            masked=masked,
        )

    def line(self, *, pool: bool = False) -> CustomerLine:
        w = self.w
        owner = None if pool else w.member
        return CustomerLine(
            *(ID, w.name, CustomerKind.COMPANY, Stage.INTERESTED, Grade.B, None if pool else 7, owner, w.city),
            *(ID, w.person, TODAY, pool),
        )

    def stands(self, *, origin: Origin = Origin.AGREED, at: dt.datetime | None = NOW) -> NextTouchLine:
        return NextTouchLine(ID, ID, self.w.name, TODAY, at, origin, TouchKind.MEETING, VERSION)

    def touch(self, kind: TouchKind = TouchKind.MEETING, outcome: Outcome = Outcome.TRIED) -> TouchLine:
        w = self.w
        return TouchLine(ID, ID, w.name, w.person, w.member, kind, outcome, NOW, w.note, VERSION)

    def logged(self, done: LoggedTouch | None = None) -> LoggedTouch:
        return done or LoggedTouch(
            self.touch(), ID, self.stands(), (self.stands(), self.stands()), (), (self.w.tag,) * 3
        )

    def card(self, kind: CustomerKind, *, masked: bool = False) -> Card:
        if masked:
            return Card(self.customer(kind, masked=True))
        return Card(self.customer(kind), self.stands(), (self.touch(),) * 3, cases=12)

    def filed(self, kind: CustomerKind) -> Filed:
        return Filed(self.customer(kind), ID, self.stands(origin=Origin.PROPOSED, at=None))

    def new(self) -> CustomerDraft:
        return CustomerDraft(self.w.name, CustomerKind.COMPANY)

    def draft(self, missing: Missing) -> DraftLine:
        return DraftLine(ID, ID, ID, self.w.note, NOW, None, None, missing, {}, VERSION)

    def reminder(self, repeat: Repeat | None = None) -> ReminderLine:
        w = self.w
        return ReminderLine(ID, ID, w.value, NOW, repeat, ID, w.name, ReminderState.OPEN, VERSION)

    def member(self, role: Role = Role.ADMIN, *, active: bool = True) -> MemberLine:
        return MemberLine(ID, self.w.member, role, ID, self.w.team, active, 120, VERSION)

    def enquiry(self, state: EnquiryState = EnquiryState.OPEN) -> Enquiry:
        kind, phone = EnquiryKind.CLAIM, "+8613800138001"
        return Enquiry(ID, VERSION, ID, kind, state, self.w.person, "mingyuan_1", phone, NOW)

    def binding(self) -> Binding:
        w = self.w
        state = BindingState.CONFIRMED
        return Binding(ID, VERSION, ID, ID, ID, state, None, NOW, w.member, None, w.person, w.name, ID)

    def team(self, depth: int = 0) -> TeamLine:
        return TeamLine(ID, self.w.team, None, ID, self.w.member, 12, depth, VERSION)

    def act(self, kind: str = "touch.logged", *, undone: bool = False, **facts: object) -> ActLine:
        return ActLine(ID, kind, NOW, ID, self.w.member, ID, self.w.name, NOW, undone, facts)

    def ownership(self, rule: OwnerRule = OwnerRule.COLUMN, *, fixed: bool = False) -> Ownership:
        named = tuple((self.w.member, n) for n in (31, 22, 11, 8, 5))
        members = tuple((n, self.w.member) for n in range(12))
        return Ownership(rule, 3, named, named[:2], members, tuple(range(12)), fixed)

    def imported(self, state: ImportState = ImportState.PREVIEW, **facts: object) -> ImportLine:
        w = self.w
        fields = ("name", "phone", "ignore", "next_touch", "preferred_channel", "preferred_time", "owner", "note")
        every = dict.fromkeys(map(str, Fate), 12_345)
        columns = [(w.heading, name, 0.4 if i % 3 else 1.0, w.value) for i, name in enumerate(fields)] * 2
        known: dict[str, object] = {
            "rows": 12_345,
            "sheets": [w.file, w.team, w.name],
            "sheet": w.file,
            "doubtful": 123,
            "doubts": [[12_345, "bad_phone", "phone", w.value[:40]], [12_346, "joined", None, ""]] * 2,
            "dated": 45,
            "columns": columns,
            "fields": [*fields] * 2,
            "counts": every,
            "done": every,
            "media": {"id": 1},
            "samples": [(n, fate, w.name, w.person, w.value) for n, fate in enumerate(map(str, Fate), 2)][:5],
            "given": {str(n): 1234 for n in range(6)},
            "planned": 1234,
            "days": ["2026-11-25", "2027-03-31"],
            "undo_until": "2026-12-02T02:30:00+00:00",
            "removed": 12_345,
            "kept": 40,
            "names": [w.name] * 12,
        }
        return ImportLine(ID, ID, w.file, known | facts, state, ID, NOW, VERSION)


def page(item: object, count: int = 7, *, total: int = 40) -> Page:  # type: ignore[type-arg]
    """The third of six screens of a list."""
    return Page((item,) * count, 2, total)


WEEKLY = Repeat(Unit.WEEK, weekdays=(0, 1, 2, 3, 4))
MONTHLY = Repeat(Unit.MONTH, 3, nth=(-1, 7), start=TODAY)
YEARLY = Repeat(Unit.YEAR, month=12, month_day=23)


def sample(locale: str, words: dict[str, Words]) -> Sample:
    return Sample(Translator(locale, ZoneInfo("Asia/Shanghai")), words[locale])


def without_owner(customer: Customer) -> Customer:
    return replace(customer, owner_id=None, owner=None)
