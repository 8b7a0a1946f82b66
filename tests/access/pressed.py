"""The table of presses on records: every button that names a customer or something of one, and who may press it."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.bindings import Part
from domain.cards import ContactField, Field, Tab
from domain.customers import CustomerKind, Gender, Grade, Stage
from domain.touches import Outcome, TouchKind
from tests.access.house import COMPANIES, OWNERS, House, Kind, Record, Who
from tests.access.sights import ACTIVE, LEADS, Sight, owns, sight
from views import (
    bindings,
    cards,
    contacts,
    customer_links,
    drafts,
    fields,
    history,
    next_touches,
    owners,
    reminders,
    touches,
)
from views.customers import ItIsTheName, NameCompany
from views.links import LogTouch, MoveNextTouch, OpenAccounts, OpenCustomer, PersonalLink
from views.replies import Payload

Rule = Callable[[Kind, Who], bool]
Build = Callable[[House, Record], Payload]


def full(kind: Kind, who: Who) -> bool:
    """Readers of the whole record."""
    return sight(kind, who) is Sight.FULL


def seen(kind: Kind, who: Who) -> bool:
    """Readers of the whole record, and of a masked one."""
    return sight(kind, who) is not Sight.NONE


def directed(kind: Kind, who: Who) -> bool:
    """Leads and admins who see it: they say whose it is."""
    return who in LEADS and seen(kind, who)


def staff(kind: Kind, who: Who) -> bool:
    """Every colleague."""
    return who in ACTIVE


def nobody(kind: Kind, who: Who) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Row:
    """One button.

    Attributes:
        of: the column of ``Record`` that must be there.
        writes: an act follows where it is allowed.
        alike: to who may not, a foreign record looks like one that does not exist.
        kinds: the records it is pressed on.
        heir: who may see the record from then on, where that is not who presses.
        claims: who presses may see a record of the pool from then on.
        shows: where it is allowed, something of the record is shown.
    """

    action: str
    build: Build
    rule: Rule
    of: str = "customer"
    writes: bool = False
    alike: bool = True
    kinds: frozenset[Kind] = frozenset(Kind)
    heir: Who | None = None
    claims: bool = False
    shows: bool = True


def _v(house: House, table: str, key: int) -> int:
    return house.version(table, key)


def _tab(tab: Tab) -> Row:
    return Row(f"open tab {tab.name.lower()}", lambda h, r: cards.ShowTab(r.customer, tab), full)


def _edit(name: Field) -> Row:
    return Row(f"edit {name}", lambda h, r: fields.EditField(r.customer, name, _v(h, "customer", r.customer)), full)


def _clear(name: Field) -> Row:
    def build(house: House, record: Record) -> Payload:
        return fields.ClearField(record.customer, name, _v(house, "customer", record.customer))

    return Row(f"clear {name}", build, full, writes=True)


def _edit_contact(name: ContactField) -> Row:
    return Row(f"edit {name}", lambda h, r: fields.EditContact(r.contact, name, _v(h, "contact", r.contact)), full)


ON_CUSTOMERS = (
    Row("open the card", lambda h, r: OpenCustomer(r.customer), seen),
    *(_tab(tab) for tab in Tab),
    Row("page through touches", lambda h, r: cards.ShowTouches(r.customer, 0), full),
    Row("choose a field", lambda h, r: cards.EditCustomer(r.customer, 0), full),
    *(_edit(name) for name in (Field.NAME, Field.NOTE, Field.TAGS, Field.LOCATION, Field.GRADE)),
    Row(
        "set the kind",
        lambda h, r: fields.SetKind(r.customer, CustomerKind.COMPANY, _v(h, "customer", r.customer)),
        full,
        writes=True,
    ),
    Row("name the company", lambda h, r: NameCompany(r.customer, _v(h, "customer", r.customer)), full),
    Row(
        "set the stage",
        lambda h, r: fields.SetStage(r.customer, Stage.WON, _v(h, "customer", r.customer)),
        full,
        writes=True,
    ),
    Row(
        "set the grade",
        lambda h, r: fields.SetGrade(r.customer, Grade.A, _v(h, "customer", r.customer)),
        full,
        writes=True,
    ),
    *(_clear(name) for name in (Field.NOTE, Field.TAGS, Field.LOCATION)),
    Row("edit its own phone", lambda h, r: fields.EditOwnContact(r.customer, ContactField.PHONE), full),
    Row("add a contact", lambda h, r: cards.AddContact(r.customer), full),
    Row("log a touch", lambda h, r: LogTouch(r.customer), full),
    Row("choose a kind", lambda h, r: touches.StartKind(r.customer, TouchKind.CALL, Outcome.REACHED), seen),
    Row("back to the kinds", lambda h, r: touches.BackToKinds(r.customer), seen),
    Row("log it bare", lambda h, r: touches.LogBare(r.customer, TouchKind.CALL, Outcome.REACHED), full, writes=True),
    Row("choose another day", lambda h, r: MoveNextTouch(r.customer), seen),
    Row("type another day", lambda h, r: next_touches.OtherDay(r.customer), seen),
    Row("agree a day", lambda h, r: next_touches.AgreeIn(r.customer, 9), full, writes=True),
    Row("agree a date", lambda h, r: next_touches.AgreeOn(r.customer, 739_950), full, writes=True),
    Row("take another date", lambda h, r: touches.SetNext(r.customer, -739_950), full, writes=True),
    Row(
        "claim from the pool",
        lambda h, r: cards.Claim(r.customer),
        staff,
        writes=True,
        kinds=frozenset({Kind.MIZAR}),
        claims=True,
    ),
    Row("claim what has an owner", lambda h, r: cards.Claim(r.customer), owns, alike=False, kinds=frozenset(OWNERS)),
    Row("give back", lambda h, r: cards.Release(r.customer, _v(h, "customer", r.customer)), full, writes=True),
    Row("choose an owner", lambda h, r: cards.ChooseOwner(r.customer, 0), directed),
    Row(
        "assign to the pool",
        lambda h, r: owners.Assign(r.customer, None, _v(h, "customer", r.customer)),
        directed,
        writes=True,
    ),
    Row(
        "assign to a rep of the north",
        lambda h, r: owners.Assign(r.customer, h.members[Who.MATE], _v(h, "customer", r.customer)),
        lambda kind, who: directed(kind, who) and who is not Who.OTHER_LEAD,
        writes=True,
        heir=Who.MATE,
    ),
    Row(
        "assign to a rep of the south",
        lambda h, r: owners.Assign(r.customer, h.members[Who.FAR], _v(h, "customer", r.customer)),
        lambda kind, who: directed(kind, who) and who is not Who.LEAD,
        writes=True,
        heir=Who.FAR,
    ),
    Row(
        "assign to who has left",
        lambda h, r: owners.Assign(r.customer, h.members[Who.LEFT], _v(h, "customer", r.customer)),
        nobody,
    ),
    Row("make a personal link", lambda h, r: PersonalLink(r.customer), full, writes=True),
    Row("see its accounts", lambda h, r: OpenAccounts(r.customer), full),
    Row("read its history", lambda h, r: history.HistoryPage(r.customer, None, 0), seen),
)

ON_CONTACTS = (
    Row("make a link for the contact", lambda h, r: customer_links.LinkFor(r.contact), full, writes=True),
    Row("open the contact", lambda h, r: cards.OpenContact(r.contact), full),
    *(_edit_contact(name) for name in (ContactField.TITLE, ContactField.PHONE, ContactField.BIRTHDAY)),
    Row(
        "clear its title",
        lambda h, r: fields.ClearContact(r.contact, ContactField.TITLE, _v(h, "contact", r.contact)),
        full,
        writes=True,
    ),
    Row(
        "set its gender",
        lambda h, r: fields.SetGender(r.contact, Gender.OTHER, _v(h, "contact", r.contact)),
        full,
        writes=True,
    ),
    Row("remove a phone", lambda h, r: fields.RemoveChannel(r.contact, r.channel), full, of="channel", writes=True),
    Row(
        "remove the contact",
        lambda h, r: contacts.RemoveContact(r.contact, _v(h, "contact", r.contact)),
        full,
        writes=True,
        kinds=COMPANIES,
    ),
)

ON_TOUCHES = (
    Row("fix", lambda h, r: touches.FixTouch(r.touch), full, of="touch"),
    Row("back to the touch", lambda h, r: touches.BackToTouch(r.touch), full, of="touch"),
    Row(
        "set its kind",
        lambda h, r: touches.SetKind(r.touch, TouchKind.DEMO, _v(h, "touch", r.touch)),
        full,
        of="touch",
        writes=True,
    ),
    Row(
        "set its outcome",
        lambda h, r: touches.SetOutcome(r.touch, Outcome.TRIED, _v(h, "touch", r.touch)),
        full,
        of="touch",
        writes=True,
    ),
    Row(
        "set its day",
        lambda h, r: touches.SetDay(r.touch, 1, _v(h, "touch", r.touch)),
        full,
        of="touch",
        writes=True,
    ),
    Row(
        "make it an order",
        lambda h, r: touches.RecordOrder(r.touch, _v(h, "touch", r.touch)),
        full,
        of="touch",
        writes=True,
    ),
    Row("open its act", lambda h, r: history.OpenAct(r.act, None, None, 0), full, of="act"),
    Row(
        "undo it",
        lambda h, r: history.Undo(r.act),
        owns,
        of="act",
        writes=True,
        alike=False,
        kinds=frozenset(OWNERS),
    ),
)

ON_NEXT_TOUCHES = (
    Row("keep", lambda h, r: next_touches.KeepNextTouch(r.next_touch), full, of="next_touch"),
    Row(
        "close",
        lambda h, r: next_touches.CloseNextTouch(r.next_touch, _v(h, "next_touch", r.next_touch)),
        full,
        of="next_touch",
        writes=True,
    ),
    Row(
        "put off by an hour",
        lambda h, r: next_touches.SnoozeHour(r.next_touch, _v(h, "next_touch", r.next_touch)),
        full,
        of="next_touch",
        writes=True,
    ),
    Row(
        "put off by a week",
        lambda h, r: next_touches.Snooze(r.next_touch, 7, _v(h, "next_touch", r.next_touch)),
        full,
        of="next_touch",
        writes=True,
    ),
)


def _draft(action: str, build: Build, *, writes: bool = True) -> Row:
    return Row(action, build, owns, of="draft", writes=writes)


ON_DRAFTS = (
    _draft("open", lambda h, r: drafts.OpenDraft(r.draft), writes=False),
    Row("name its customer", lambda h, r: drafts.NameCustomer(r.draft), owns, of="draft", shows=False),
    _draft(
        "pick its customer",
        lambda h, r: drafts.PickCustomer(r.draft, r.customer, r.contact, _v(h, "draft", r.draft)),
    ),
    Row(
        "pick a customer of the south for the own draft",
        lambda h, r: drafts.PickCustomer(r.draft, h.records[Kind.DENEB].customer, None, _v(h, "draft", r.draft)),
        lambda kind, who: owns(kind, who) and kind is Kind.DENEB,
        of="draft",
        writes=True,
        alike=False,
    ),
    Row(
        "claim for it what a colleague has",
        lambda h, r: drafts.ClaimAndLog(r.draft, h.records[Kind.RIGEL].customer, None, _v(h, "draft", r.draft)),
        nobody,
        of="draft",
        alike=False,
        kinds=frozenset(Kind) - {Kind.RIGEL},
    ),
    Row(
        "claim for it from the pool",
        lambda h, r: drafts.ClaimAndLog(r.draft, h.spare, None, _v(h, "draft", r.draft)),
        owns,
        of="draft",
        writes=True,
        claims=True,
    ),
    Row(
        "make a new customer of it",  # which asks for a name: the draft names one that is known
        lambda h, r: drafts.NewForDraft(r.draft, _v(h, "draft", r.draft)),
        owns,
        of="draft",
        shows=False,
    ),
    _draft("file it without a date", lambda h, r: drafts.PickNext(r.draft, 0, _v(h, "draft", r.draft))),
    _draft("file it as of today", lambda h, r: drafts.PickHappened(r.draft, 0, _v(h, "draft", r.draft))),
    _draft("file it for each", lambda h, r: drafts.FileEach(r.draft, _v(h, "draft", r.draft))),
    _draft("file it as one", lambda h, r: drafts.FileDays(r.draft, 0, _v(h, "draft", r.draft))),
    Row(
        "take it for a new customer's name",
        lambda h, r: ItIsTheName(r.draft, _v(h, "draft", r.draft)),
        owns,
        of="draft",
        writes=True,
        shows=False,
    ),
    Row(
        "drop",
        lambda h, r: drafts.DropDraft(r.draft, _v(h, "draft", r.draft)),
        owns,
        of="draft",
        writes=True,
        shows=False,
    ),
)


def _reminder(action: str, build: Build, *, writes: bool = True) -> Row:
    return Row(action, build, owns, of="reminder", writes=writes)


ON_REMINDERS = (
    _reminder("open", lambda h, r: reminders.OpenReminder(r.reminder, 0), writes=False),
    _reminder("change its time", lambda h, r: reminders.ChangeTime(r.reminder), writes=False),
    _reminder("done", lambda h, r: reminders.ReminderDone(r.reminder, _v(h, "reminder", r.reminder))),
    _reminder("delete", lambda h, r: reminders.DeleteReminder(r.reminder, _v(h, "reminder", r.reminder))),
    _reminder("put off by an hour", lambda h, r: reminders.SnoozeHour(r.reminder, _v(h, "reminder", r.reminder))),
    _reminder("put off by a day", lambda h, r: reminders.Snooze(r.reminder, 1, _v(h, "reminder", r.reminder))),
    _reminder("the other reading", lambda h, r: reminders.OtherReading(r.reminder, 720, _v(h, "reminder", r.reminder))),
)

ON_BINDINGS = (
    Row("open", lambda h, r: bindings.OpenBinding(r.binding), full, of="binding"),
    Row(
        "say that it is he",
        lambda h, r: bindings.ConfirmBinding(r.binding, _v(h, "binding", r.binding)),
        full,
        of="binding",
        writes=True,
    ),
    Row(
        "say that it is not",
        lambda h, r: bindings.EndBinding(r.binding, _v(h, "binding", r.binding)),
        full,
        of="binding",
        writes=True,
    ),
    Row(
        "say the part",
        lambda h, r: bindings.SetPart(r.binding, Part.BUYER, _v(h, "binding", r.binding)),
        full,
        of="binding",
        writes=True,
    ),
)

TABLE: dict[str, tuple[Row, ...]] = {
    "customer": ON_CUSTOMERS,
    "contact": ON_CONTACTS,
    "touch note": ON_TOUCHES,
    "next touch": ON_NEXT_TOUCHES,
    "draft": ON_DRAFTS,
    "reminder": ON_REMINDERS,
    "binding": ON_BINDINGS,
}


def applies(row: Row, kind: Kind) -> bool:
    """Whether a record of this kind has what the button names: in the pool nothing waits."""
    return kind in row.kinds and (kind in OWNERS or row.of not in ("next_touch", "draft", "reminder"))
