"""Customers: filed, changed, claimed, handed over and taken back, each within the scope."""

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event, insert, select

from actions import cards
from actions.customers import add_customer, ask_lead, assign, claim, draft_from_name, find_duplicates, release
from actions.history import undo
from domain.cards import FOREIGN_ANSWERS_PER_DAY, ContactField, Field
from domain.customers import (
    Birthday,
    Channel,
    ChannelKind,
    ContactDraft,
    CustomerDraft,
    CustomerKind,
    Gender,
    Grade,
    Stage,
    Standing,
)
from domain.errors import Changed, Invalid, NotFound, Taken, Throttled
from domain.next_touches import NextTouch, Origin
from domain.people import Actor
from storage.database import Database
from storage.models import Act, Draft, Reminder, SearchKey, SearchName, Touch
from storage.uow import UnitOfWork
from tests.storage.people import NOW, hire

COMPANY = CustomerKind.COMPANY
PHONE = Channel(ChannelKind.PHONE, "138 1234 5678", "+8613812345678")
WECHAT = Channel(ChannelKind.WECHAT, "ZhangWei_85", "zhangwei_85")
PERSON = CustomerDraft(
    "张伟",
    values={"nickname": "老张", "city": "成都", "budget": "5万", "needs": "新柜台"},
    contacts=(ContactDraft(values={"title": "店长"}, birthday=Birthday(8, 15, lunar=True), channels=(PHONE, WECHAT)),),
    tags=("大客户", "VIP", "大客戶"),
    grade=Grade.A,
)
FIRM = CustomerDraft("明远科技有限公司", COMPANY, contacts=(ContactDraft("李强"), ContactDraft("王芳")))


@pytest.fixture
def staff(database: Database) -> dict[str, Actor]:
    with database.transaction(NOW) as uow:
        return hire(uow)


@pytest.fixture
def uow(database: Database, staff: dict[str, Actor]) -> Iterator[UnitOfWork]:
    with database.transaction(NOW) as unit:
        yield unit


@pytest.fixture
def rep(staff: dict[str, Actor]) -> Actor:
    return staff["rep"]


def file(uow: UnitOfWork, actor: Actor, draft: CustomerDraft = PERSON) -> int:
    customer_id = add_customer(uow, actor, draft, now=NOW).customer.id
    uow.flush()
    return customer_id


def pooled(uow: UnitOfWork, actor: Actor, draft: CustomerDraft = PERSON) -> int:
    customer_id = file(uow, actor, draft)
    release(uow, actor, customer_id, version=uow.customers(actor).get(customer_id).version, now=NOW)
    uow.flush()
    return customer_id


def test_what_was_filed_is_read_back_whole(uow: UnitOfWork, rep: Actor) -> None:
    customer = uow.customers(rep).get(file(uow, rep))
    assert (customer.name, customer.nickname, customer.city, customer.budget) == ("张伟", "老张", "成都", "5万")
    assert (customer.owner_id, customer.owner, customer.masked) == (rep.member_id, "rep", False)
    assert customer.tags == ("大客户", "VIP")  # 大客戶 is the same tag
    (contact,) = customer.contacts
    assert (contact.name, contact.title, contact.birthday) == ("张伟", "店长", Birthday(8, 15, None, True))
    assert [(c.kind, c.value) for c in contact.channels] == [
        (ChannelKind.PHONE, "138 1234 5678"),
        (ChannelKind.WECHAT, "ZhangWei_85"),
    ]


def test_a_new_customer_gets_a_first_touch_after_three_days(uow: UnitOfWork, rep: Actor) -> None:
    filed = add_customer(uow, rep, PERSON, now=NOW)
    assert filed.next_touch is not None
    assert (filed.next_touch.day, filed.next_touch.origin) == (
        dt.date(2026, 11, 23),
        Origin.PROPOSED,
    )  # the 21st: Saturday
    lost = add_customer(uow, rep, CustomerDraft("旧客", stage=Stage.LOST), now=NOW)
    assert lost.next_touch is None


@pytest.mark.parametrize(
    "draft", [CustomerDraft("  "), CustomerDraft("长" * 121), CustomerDraft("a", values={"needs": "x" * 301})]
)
def test_what_cannot_be_filed_is_refused(uow: UnitOfWork, rep: Actor, draft: CustomerDraft) -> None:
    with pytest.raises(Invalid):
        add_customer(uow, rep, draft, now=NOW)


@pytest.mark.parametrize(
    "name, kind",
    [
        ("张伟", CustomerKind.PERSON),
        ("Maria Anders", CustomerKind.PERSON),
        ("李四火锅店", COMPANY),
        ("Lin & Sons", COMPANY),
    ],
)
def test_companies_are_told_by_their_name(name: str, kind: CustomerKind) -> None:
    assert draft_from_name(f" {name} ") == CustomerDraft(name, kind)


@pytest.mark.parametrize(
    "reader, sees", [("rep", True), ("lead", True), ("admin", True), ("colleague", False), ("stranger", False)]
)
def test_each_sees_the_own_scope(uow: UnitOfWork, staff: dict[str, Actor], reader: str, sees: bool) -> None:
    customer_id = file(uow, staff["rep"])
    customers = uow.customers(staff[reader])
    if sees:
        customers.require_readable(customer_id)
        assert customers.get(customer_id).name == "张伟"
        return
    for read in (customers.get, customers.line, customers.require_readable):
        with pytest.raises(NotFound):
            read(customer_id)
    assert customers.lines([customer_id]) == ()
    with pytest.raises(NotFound):
        customers.contacts.get(uow.customers(staff["rep"]).get(customer_id).contacts[0].id)


def test_who_is_no_longer_staff_sees_nothing(uow: UnitOfWork, staff: dict[str, Actor]) -> None:
    in_pool = pooled(uow, staff["rep"])
    uow.act(None, "member.deactivated", undo=None)
    uow.teams(staff["admin"]).change_member(staff["colleague"].member_id or 0, active=False)
    former = uow.people.actor(staff["colleague"].person_id)
    with pytest.raises(NotFound):
        uow.customers(former).get(in_pool)
    with pytest.raises(NotFound):
        claim(uow, former, in_pool, now=NOW)
    assert uow.customers(former).search("张伟").total == 0


def test_the_pool_is_masked_for_all_but_admins(uow: UnitOfWork, staff: dict[str, Actor]) -> None:
    customer_id = pooled(uow, staff["rep"])
    for reader, masked in (("rep", True), ("stranger", True), ("lead", True), ("admin", False)):
        assert uow.customers(staff[reader]).get(customer_id).masked is masked
        assert uow.customers(staff[reader]).line(customer_id).pool
    with pytest.raises(NotFound):
        uow.customers(staff["rep"]).require_readable(customer_id)
    with pytest.raises(NotFound):
        cards.set_text(uow, staff["rep"], customer_id, Field.NEEDS, "x")


# Owners ------------------------------------------------------------------------------------------------------------


def test_a_claim_has_one_winner(uow: UnitOfWork, staff: dict[str, Actor]) -> None:
    customer_id = pooled(uow, staff["rep"])
    claim(uow, staff["stranger"], customer_id, now=NOW)
    assert uow.customers(staff["stranger"]).get(customer_id).owner == "stranger"
    assert uow.next_touches(staff["stranger"]).open_of(customer_id) is not None
    with pytest.raises(Taken) as refused:
        claim(uow, staff["rep"], customer_id, now=NOW)
    assert refused.value.by == "stranger"
    with pytest.raises(Changed):
        claim(uow, staff["stranger"], customer_id, now=NOW)


@pytest.mark.parametrize("round_", range(3))
def test_of_two_claims_at_once_one_wins(database: Database, staff: dict[str, Actor], round_: int) -> None:
    with database.transaction(NOW) as uow:
        customer_id = pooled(uow, staff["rep"])

    def take(name: str) -> str:
        try:
            with database.transaction(NOW) as uow:
                claim(uow, staff[name], customer_id, now=NOW)
        except Taken as refused:
            return f"lost to {refused.by}"
        return "won"

    rivals = ("colleague", "stranger")
    if database.dialect == "sqlite":  # one connection: its units run one after the other
        results = [take(name) for name in rivals]
    else:
        with ThreadPoolExecutor(2) as pool:
            results = list(pool.map(take, rivals))
    winner = rivals[results.index("won")]
    assert sorted(results) == [f"lost to {winner}", "won"]
    with database.transaction(NOW) as uow:
        assert uow.customers(staff["admin"]).get(customer_id).owner == winner


def test_everything_of_a_customer_goes_to_the_new_owner(uow: UnitOfWork, staff: dict[str, Actor]) -> None:
    rep, heir = staff["rep"], staff["colleague"]
    customer_id = file(uow, rep)
    uow.act(rep, "sample", undo=None)
    uow.next_touches(rep).set(customer_id, NextTouch(dt.date(2026, 12, 1), NOW + dt.timedelta(days=13), Origin.AGREED))
    reminders = [
        uow.journal.add(
            Reminder,
            {
                "person_id": actor.person_id,
                "customer_id": tied,
                "words": "催款",
                "at": NOW,
                "state": "open",
                "created_at": NOW,
            },
        )
        for actor, tied in ((rep, customer_id), (rep, None), (staff["lead"], customer_id))
    ]
    draft = uow.journal.add(Draft, _draft(rep, customer_id))
    handed = assign(uow, staff["lead"], customer_id, heir.member_id, now=NOW)
    uow.flush()
    assert (handed.giver_id, handed.heir_id) == (rep.member_id, heir.member_id)
    (due,) = uow.next_touches(heir).due(dt.date(2026, 12, 31))
    assert (due.customer_id, due.origin) == (customer_id, Origin.AGREED)
    assert uow.next_touches(rep).due(dt.date(2026, 12, 31)) == []
    persons = [_one(uow, select(Reminder.person_id).where(Reminder.id == key)) for key in reminders]
    assert persons == [heir.person_id, rep.person_id, staff["lead"].person_id]
    assert _one(uow, select(Draft.member_id).where(Draft.id == draft)) == heir.member_id

    undo(uow, staff["lead"], handed.act_id, now=NOW)
    uow.flush()
    assert uow.customers(rep).get(customer_id).owner == "rep"
    assert [_one(uow, select(Reminder.person_id).where(Reminder.id == key)) for key in reminders[:1]] == [rep.person_id]
    assert _one(uow, select(Draft.member_id).where(Draft.id == draft)) == rep.member_id


def test_a_lead_gives_only_to_and_from_the_own_tree(uow: UnitOfWork, staff: dict[str, Actor]) -> None:
    own, foreign = file(uow, staff["rep"]), file(uow, staff["stranger"])
    with pytest.raises(NotFound):
        assign(uow, staff["lead"], foreign, staff["rep"].member_id, now=NOW)
    with pytest.raises(NotFound):
        assign(uow, staff["lead"], own, staff["stranger"].member_id, now=NOW)
    assert assign(uow, staff["admin"], own, staff["stranger"].member_id, now=NOW).heir_id == staff["stranger"].member_id


def test_an_old_screen_gives_nothing_away(uow: UnitOfWork, staff: dict[str, Actor]) -> None:
    customer_id = file(uow, staff["rep"])
    version = uow.customers(staff["rep"]).get(customer_id).version
    cards.set_text(uow, staff["rep"], customer_id, Field.NEEDS, "别的")
    acts = _one(uow, select(Act.id).order_by(Act.id.desc()).limit(1))
    with pytest.raises(Changed):
        assign(uow, staff["lead"], customer_id, staff["colleague"].member_id, version=version, now=NOW)
    with pytest.raises(Changed):
        release(uow, staff["rep"], customer_id, version=version, now=NOW)
    assert _one(uow, select(Act.id).order_by(Act.id.desc()).limit(1)) == acts  # nothing was begun


def test_what_goes_into_the_pool_has_no_next_touch(uow: UnitOfWork, staff: dict[str, Actor]) -> None:
    customer_id = file(uow, staff["rep"])
    version = uow.customers(staff["rep"]).get(customer_id).version
    handed = release(uow, staff["rep"], customer_id, version=version, now=NOW)
    assert uow.next_touches(staff["admin"]).open_of(customer_id) is None
    undo(uow, staff["rep"], handed.act_id, now=NOW)
    assert uow.next_touches(staff["rep"]).open_of(customer_id) is not None


# Duplicates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "draft, by",
    [
        (
            CustomerDraft(
                "别人", contacts=(ContactDraft(channels=(Channel(ChannelKind.PHONE, "1", "+8613812345678"),)),)
            ),
            "phone",
        ),
        (
            CustomerDraft(
                "别人", contacts=(ContactDraft(channels=(Channel(ChannelKind.WECHAT, "x", "zhangwei_85"),)),)
            ),
            "wechat",
        ),
        (CustomerDraft("張偉", COMPANY), None),
        (CustomerDraft("张伟"), None),  # a person's name alone is nobody's
    ],
)
def test_duplicates_are_told_by_whole_marks(uow: UnitOfWork, rep: Actor, draft: CustomerDraft, by: str | None) -> None:
    file(uow, rep)
    found = find_duplicates(uow, rep, draft, now=NOW)
    assert [one.by for one in found] == ([by] if by else [])


@pytest.mark.parametrize(
    "typed, same", [("明远科技", True), ("明遠科技股份有限公司", True), ("明远", False), ("北京明远科技", False)]
)
def test_companies_are_the_same_without_their_legal_form(uow: UnitOfWork, rep: Actor, typed: str, same: bool) -> None:
    file(uow, rep, FIRM)
    assert bool(find_duplicates(uow, rep, CustomerDraft(typed, COMPANY), now=NOW)) is same


def test_a_duplicate_is_told_as_far_as_the_scope_goes(uow: UnitOfWork, staff: dict[str, Actor]) -> None:
    file(uow, staff["rep"])
    draft = CustomerDraft("新人", contacts=PERSON.contacts)
    told = {name: find_duplicates(uow, staff[name], draft, now=NOW) for name in ("rep", "lead", "colleague", "admin")}
    assert [told[name][0].standing for name in told] == [
        Standing.YOURS,
        Standing.TEAM,
        Standing.COLLEAGUE,
        Standing.TEAM,
    ]
    assert told["colleague"][0].line is None
    assert told["rep"][0].line is not None and told["rep"][0].line.name == "张伟"


def test_twenty_answers_about_colleagues_a_day(uow: UnitOfWork, staff: dict[str, Actor]) -> None:
    file(uow, staff["rep"])
    draft = CustomerDraft("新人", contacts=PERSON.contacts)
    for _ in range(FOREIGN_ANSWERS_PER_DAY):
        find_duplicates(uow, staff["stranger"], draft, now=NOW)
    with pytest.raises(Throttled) as refused:
        find_duplicates(uow, staff["stranger"], draft, now=NOW)
    assert refused.value.until == dt.datetime(2026, 11, 18, 16, tzinfo=dt.UTC)  # midnight in Shanghai
    assert find_duplicates(uow, staff["stranger"], CustomerDraft("另一个"), now=NOW) == ()
    assert find_duplicates(uow, staff["rep"], draft, now=NOW)  # the own ones are no secret


def test_the_owners_lead_is_asked_else_the_admins(uow: UnitOfWork, staff: dict[str, Actor]) -> None:
    customer_id, other = file(uow, staff["rep"]), file(uow, staff["stranger"], FIRM)
    draft = CustomerDraft("新人", contacts=PERSON.contacts)
    assert ask_lead(uow, staff["stranger"], draft) == ((staff["lead"].member_id, customer_id),)
    assert ask_lead(uow, staff["rep"], FIRM) == ((staff["admin"].member_id, other),)  # that team has no lead
    assert ask_lead(uow, staff["rep"], draft) == ()  # it is the asker's own


# Fields ------------------------------------------------------------------------------------------------------------


TEXTS = [f for f in Field if f not in (Field.KIND, Field.STAGE, Field.GRADE, Field.TAGS, Field.LOCATION)]
CONTACT_TEXTS = [
    *(ContactField.TITLE, ContactField.PART),
    *(ContactField.PREFERRED_CHANNEL, ContactField.PREFERRED_TIME),
]


def test_every_text_of_a_customer_is_set_and_undone(uow: UnitOfWork, rep: Actor, subtests: pytest.Subtests) -> None:
    customer_id = file(uow, rep)
    for field in TEXTS:
        with subtests.test(field=field):
            before = getattr(uow.customers(rep).get(customer_id), field.value)
            act_id = cards.set_text(uow, rep, customer_id, field, "  新的  内容 ")
            words = "新的  内容" if field is Field.NOTE else "新的 内容"
            assert getattr(uow.customers(rep).get(customer_id), field.value) == words
            undo(uow, rep, act_id, now=NOW)
            assert getattr(uow.customers(rep).get(customer_id), field.value) == before


def test_every_text_of_a_contact_is_set_and_cleared(uow: UnitOfWork, rep: Actor, subtests: pytest.Subtests) -> None:
    customer_id = file(uow, rep)
    for field in CONTACT_TEXTS:
        with subtests.test(field=field):
            (contact,) = uow.customers(rep).get(customer_id).contacts
            cards.set_contact_text(uow, rep, contact.id, field, "周三下午", version=contact.version)
            assert getattr(uow.customers(rep).contacts.get(contact.id), field.value) == "周三下午"
            cards.set_contact_text(uow, rep, contact.id, field, None)
            assert getattr(uow.customers(rep).contacts.get(contact.id), field.value) is None


def test_gender_birthday_place_and_tags(uow: UnitOfWork, rep: Actor) -> None:
    customer_id = file(uow, rep)
    (contact,) = uow.customers(rep).get(customer_id).contacts
    cards.set_gender(uow, rep, contact.id, Gender.FEMALE)
    cards.set_birthday(uow, rep, contact.id, Birthday(2, 29, 1988))
    cards.set_place(uow, rep, customer_id, (30.65, 104.06))
    act_id = cards.set_tags(uow, rep, customer_id, ("VIP", "新标签"))
    customer = uow.customers(rep).get(customer_id)
    assert (customer.contacts[0].gender, customer.contacts[0].birthday) == (Gender.FEMALE, Birthday(2, 29, 1988))
    assert (customer.latitude, customer.longitude) == (30.65, 104.06)
    assert customer.tags == ("VIP", "新标签")
    undo(uow, rep, act_id, now=NOW)
    assert set(uow.customers(rep).get(customer_id).tags) == {"VIP", "大客户"}


def test_channels_are_added_once_and_removed(uow: UnitOfWork, rep: Actor) -> None:
    customer_id = file(uow, rep)
    (contact,) = uow.customers(rep).get(customer_id).contacts
    new = Channel(ChannelKind.PHONE, "13900000000", "+8613900000000")
    cards.add_channels(uow, rep, contact.id, (PHONE, new, new))
    channels = uow.customers(rep).contacts.get(contact.id).channels
    assert [channel.value for channel in channels] == ["138 1234 5678", "ZhangWei_85", "13900000000"]
    act_id = cards.remove_channel(uow, rep, contact.id, channels[0].id or 0)
    uow.flush()
    assert uow.customers(rep).search("5678").total == 0
    undo(uow, rep, act_id, now=NOW)
    uow.flush()
    assert uow.customers(rep).search("5678").total == 1


def test_stage_and_grade_move_the_proposed_touch(uow: UnitOfWork, rep: Actor) -> None:
    customer_id = file(uow, rep)

    def version() -> int:
        return uow.customers(rep).get(customer_id).version

    cards.set_stage(uow, rep, customer_id, Stage.LOST, version=version(), now=NOW)
    assert uow.next_touches(rep).open_of(customer_id) is None
    cards.set_stage(uow, rep, customer_id, Stage.INTERESTED, version=version(), now=NOW)
    assert uow.next_touches(rep).open_of(customer_id) is not None
    uow.connection.execute(
        insert(Touch),
        {
            "customer_id": customer_id,
            "member_id": rep.member_id,
            "kind": "visit",
            "outcome": "reached",
            "happened_at": NOW,
            "note": "x",
            "created_at": NOW,
        },
    )
    cards.set_grade(uow, rep, customer_id, Grade.D, version=version(), now=NOW)
    stands = uow.next_touches(rep).open_of(customer_id)
    assert stands is not None and stands.day == dt.date(2027, 1, 18)  # 60 days on is a Sunday


def test_a_person_keeps_one_name_with_its_contact(uow: UnitOfWork, rep: Actor) -> None:
    customer_id = file(uow, rep)
    cards.set_text(uow, rep, customer_id, Field.NAME, "张维")
    assert uow.customers(rep).get(customer_id).contacts[0].name == "张维"
    cards.set_kind(uow, rep, customer_id, COMPANY, version=uow.customers(rep).get(customer_id).version)
    assert uow.customers(rep).get(customer_id).contacts[0].name is None
    firm = file(uow, rep, FIRM)
    with pytest.raises(Changed):
        cards.set_kind(uow, rep, firm, CustomerKind.PERSON, version=uow.customers(rep).get(firm).version)


def test_contacts_come_and_go_and_their_touches_stay(uow: UnitOfWork, rep: Actor) -> None:
    firm = file(uow, rep, FIRM)
    contact_id, _ = cards.add_contact(uow, rep, firm, ContactDraft("赵敏", {"title": "财务"}, channels=(PHONE,)))
    uow.connection.execute(
        insert(Touch),
        {
            "customer_id": firm,
            "contact_id": contact_id,
            "member_id": rep.member_id,
            "kind": "visit",
            "outcome": "reached",
            "happened_at": NOW,
            "note": "x",
            "created_at": NOW,
        },
    )
    uow.flush()
    assert uow.customers(rep).search("赵敏").total == 1
    contact = uow.customers(rep).contacts.get(contact_id)
    _, act_id = cards.remove_contact(uow, rep, contact_id, version=contact.version)
    uow.flush()
    assert uow.customers(rep).search("赵敏").total == 0
    assert _one(uow, select(Touch.contact_id).where(Touch.customer_id == firm)) is None
    undo(uow, rep, act_id, now=NOW)
    uow.flush()
    assert uow.customers(rep).contacts.get(contact_id).channels[0].value == PHONE.value
    assert _one(uow, select(Touch.contact_id).where(Touch.customer_id == firm)) == contact_id


def test_a_filed_customer_is_taken_back_without_a_trace(uow: UnitOfWork, rep: Actor) -> None:
    filed = add_customer(uow, rep, PERSON, now=NOW)
    uow.flush()
    undo(uow, rep, filed.act_id, now=NOW)
    uow.flush()
    assert uow.customers(rep).search("张伟").total == 0
    assert _one(uow, select(SearchName.id).where(SearchName.customer_id == filed.customer.id)) is None
    assert _one(uow, select(SearchKey.id).where(SearchKey.customer_id == filed.customer.id)) is None


# Cost --------------------------------------------------------------------------------------------------------------


def test_a_profile_is_one_lookup_and_five_reads(database: Database, staff: dict[str, Actor]) -> None:
    rep = staff["rep"]
    with database.transaction(NOW) as uow:
        customer_id = file(uow, rep)
    with database.transaction(NOW) as uow:
        counted = _count(database, lambda: uow.customers(rep).card(customer_id))
        card = uow.customers(rep).card(customer_id)
    assert counted <= 6
    assert card.customer.name == "张伟" and card.next_touch is not None and card.touches == ()


def test_the_card_of_the_pool_shows_no_touches(uow: UnitOfWork, staff: dict[str, Actor]) -> None:
    customer_id = pooled(uow, staff["rep"])
    card = uow.customers(staff["rep"]).card(customer_id)
    assert card.customer.masked and card.next_touch is None and card.touches == ()
    with pytest.raises(NotFound):
        uow.customers(staff["rep"]).card(customer_id + 1)


def _count(database: Database, work: Callable[[], object]) -> int:
    seen: list[str] = []

    def note(*args: Any) -> None:
        seen.append(args[2])

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return len(seen)


def _draft(actor: Actor, customer_id: int) -> dict[str, Any]:
    return {
        "member_id": actor.member_id,
        "chat_id": 1,
        "message_id": 1,
        "text": "拜访",
        "said_at": NOW,
        "understood": {},
        "missing": "next",
        "customer_id": customer_id,
        "state": "open",
    }


def _one(uow: UnitOfWork, statement: Any) -> Any:
    return uow.connection.execute(statement).scalars().first()
