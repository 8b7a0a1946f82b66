"""Forgetting a customer: what was asked, and taking every personal string out of every table.

Rows stay where figures need them (touches, orders, cases, answers by number); words, names, numbers and files go, from
the history too (``storage/erasure.py``), and out of what is on its way in or out. Written past the journal, which would
keep what is to be forgotten.
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, Text, bindparam, cast, delete, func, null, or_, select, update

from domain.bindings import BindingState
from domain.cases import WORDED as TYPED
from domain.customers import CustomerKind, Stage
from domain.erasures import ACCOUNT_ONLY, BLANK, DONE, Erased, Erasure
from domain.people import Actor
from storage import erasure as trail
from storage import mentions
from storage.backup import draft_of, free_name, publish
from storage.inbox import InboxState
from storage.mentions import Sweep, names, without
from storage.models import (
    Act,
    Attachment,
    Binding,
    Case,
    CaseEntry,
    Change,
    Channel,
    Contact,
    Correction,
    Customer,
    CustomerLink,
    Dialog,
    Draft,
    Due,
    Enquiry,
    Inbox,
    Living,
    Media,
    Member,
    NextTouch,
    Outbox,
    Person,
    Press,
    Reminder,
    Survey,
    SurveyInvitation,
    SurveyResponse,
    Tag,
    Talk,
    Touch,
    TouchAmount,
)
from storage.models import Erasure as Row
from storage.outbox import SendState

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

LIST = "erased.json"  # beside the backups: a copy that is brought back is made to forget as well
UNIT_SECONDS = 0.025  # of looking for mentions, for all who are forgotten at a time, between two answers
SHORTEST = 2  # characters of a name that is looked for in others' words; one character is in every sentence
WORDED = ("text", "photo", "location")  # kinds of answers that hold words or places
_OPEN = select(*Row.__table__.c).where(
    Row.person_id == bindparam("person"), Row.done_at.is_(None), Row.cancelled_at.is_(None)
)
_SWEEPS = select(func.count()).where(Row.sweep.is_not(None))
_MADE = (
    select(Row.person_id, Person.created_at, Row.customer_id, Customer.created_at, Row.contact_id)
    .join(Person, Person.id == Row.person_id)
    .join(Customer, Customer.id == Row.customer_id)
    .where(Row.done_at.is_not(None))
    .order_by(Row.id)
)
_WORDS_OF_CUSTOMER = [column.name for column in Customer.__table__.c if isinstance(column.type, Text)]
_KEPT = {"source", "external_id"}  # where a customer came from is a figure; the number is the company's own
_WORDS_OF_CONTACT = [column.name for column in Contact.__table__.c if isinstance(column.type, Text)]


class ErasureRepository:
    """What the actor asked to be forgotten."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run: Any = uow.connection.execute

    def open(self) -> list[Erasure]:
        """What is asked and neither done nor taken back."""
        return [_erasure(row) for row in self._run(_OPEN, {"person": self._actor.person_id})]

    def ask(self, customer_id: int, contact_id: int, *, due_at: dt.datetime) -> int:
        """Ask for one contact, in the open act."""
        values = {"person_id": self._actor.person_id, "customer_id": customer_id, "contact_id": contact_id}
        return self._uow.journal.add(Row, values | {"asked_at": self._uow.now, "due_at": due_at})

    def cancel(self, erasure_id: int) -> None:
        """Take it back, in the open act."""
        self._uow.journal.change(Row, erasure_id, {"cancelled_at": self._uow.now})

    def done(self, erasure_id: int, sweep: Sweep, *, contact_id: int) -> None:
        """Note that it was done, and to whom, in the open act; mentions elsewhere are still to be looked for."""
        self._uow.journal.change(Row, erasure_id, {"done_at": self._uow.now, "contact_id": contact_id})
        self._keep(erasure_id, mentions.packed(sweep))

    def look_on(self, erasure_id: int, seconds: float = UNIT_SECONDS) -> dt.timedelta | None:
        """Look for mentions where that stopped, for a moment; after how long to go on, ``None`` when it is over."""
        found = self._run(select(Row.sweep).where(Row.id == erasure_id)).scalar_one()
        if found is None:
            return None
        sweep, at_once = Sweep(**found), self._run(_SWEEPS).scalar_one()
        wait = mentions.look_on(self._uow, sweep, seconds / at_once)
        self._keep(erasure_id, null() if wait is None else mentions.packed(sweep))
        return wait

    def _keep(self, erasure_id: int, sweep: Any) -> None:
        """Past the journal, which would keep what is looked for."""
        self._run(update(Row).where(Row.id == erasure_id).values(sweep=sweep))


def _erasure(row: Any) -> Erasure:
    return Erasure(row.id, row.version, row.person_id, row.customer_id, row.contact_id, row.asked_at, row.due_at)


# Forgetting --------------------------------------------------------------------------------------------------------


def forget(uow: "UnitOfWork", *, person_id: int, customer_id: int, contact_id: int) -> Sweep:
    """Take one contact and one account out of their records, in the open act; mentions elsewhere are to be looked for.

    A customer who is a person is emptied as a whole. Of a company only the contact is, and what others wrote about it
    loses the contact's names, numbers and addresses. An account that is staff as well stays staff. ``ACCOUNT_ONLY`` as the
    contact forgets an account that came by a link and whom nobody knew: the record may be somebody else's.
    """
    run: Any = uow.connection.execute
    customer = None
    if contact_id != ACCOUNT_ONLY:
        customer = run(select(*Customer.__table__.c).where(Customer.id == customer_id)).one_or_none()
    strings = _strings(uow, person_id, customer, contact_id)
    whole = customer is not None and customer.kind == CustomerKind.PERSON
    if customer is not None:
        if whole:
            _forget_customer(uow, customer)
        _forget_contact(uow, contact_id)
        _forget_words(uow, customer_id, strings, whole=whole)
    _forget_talk(uow, person_id, customer_id, contact_id, whole=whole)
    _forget_answers(uow, person_id, customer_id, contact_id)
    _forget_trail(uow, person_id, customer, contact_id, strings)
    _forget_account(uow, person_id)
    uow.touched("customer", [customer_id])
    return mentions.begin(uow, strings, import_id=customer.import_id if customer is not None else None)


def _strings(uow: "UnitOfWork", person_id: int, customer: Any, contact_id: int) -> list[str]:
    """What names or reaches the contact, the longest first, so that no part of a longer one is left over."""
    run: Any = uow.connection.execute
    found: set[str | None] = set()
    person = run(select(Person.name, Person.username).where(Person.id == person_id)).one_or_none()
    contact = run(select(Contact.name, Contact.nickname).where(Contact.id == contact_id)).one_or_none()
    for row in (person, contact):
        found.update(row or ())
    for row in run(select(Channel.value, Channel.normal).where(Channel.contact_id == contact_id)):
        found.update(row)
    if customer is not None and customer.kind == CustomerKind.PERSON:
        found.update((customer.name, customer.nickname))
    return sorted((one for one in found if one and len(one) >= SHORTEST), key=len, reverse=True)


def _forget_customer(uow: "UnitOfWork", customer: Any) -> None:
    run: Any = uow.connection.execute
    empty: dict[str, Any] = {name: None for name in _WORDS_OF_CUSTOMER if name not in _KEPT}
    empty |= {"name": f"#{customer.id}", "kind": customer.kind, "stage": Stage.LOST, "grade": customer.grade}
    run(
        update(Customer)
        .where(Customer.id == customer.id)
        .values(empty | {"latitude": None, "longitude": None, "version": Customer.version + 1})
    )
    run(delete(Tag).where(Tag.customer_id == customer.id))
    run(delete(Media).where(Media.customer_id == customer.id))
    run(delete(Media).where(Media.touch_id.in_(select(Touch.id).where(Touch.customer_id == customer.id))))
    open_next = (NextTouch.customer_id == customer.id, NextTouch.state == "open")
    uow.touched("next_touch", run(select(NextTouch.id).where(*open_next)).scalars().all())
    run(update(NextTouch).where(*open_next).values(state="replaced"))
    touches = select(Touch.id).where(Touch.customer_id == customer.id)
    run(update(TouchAmount).where(TouchAmount.touch_id.in_(touches)).values(words=""))
    run(update(Touch).where(Touch.customer_id == customer.id).values(note=""))


def _forget_contact(uow: "UnitOfWork", contact_id: int) -> None:
    run: Any = uow.connection.execute
    empty: dict[str, Any] = dict.fromkeys(_WORDS_OF_CONTACT)
    birthday = {"birthday_month": None, "birthday_day": None, "birthday_year": None, "birthday_lunar": False}
    values = empty | birthday | {"gender": None, "version": Contact.version + 1}
    run(update(Contact).where(Contact.id == contact_id).values(values))
    run(delete(Channel).where(Channel.contact_id == contact_id))
    run(update(CustomerLink).where(CustomerLink.contact_id == contact_id).values(label=None, revoked_at=uow.now))


def _forget_words(uow: "UnitOfWork", customer_id: int, strings: Sequence[str], *, whole: bool) -> None:
    """What others wrote about the customer: emptied, or without the contact's names and numbers."""
    run: Any = uow.connection.execute
    of_touches = TouchAmount.touch_id.in_(select(Touch.id).where(Touch.customer_id == customer_id))
    places: tuple[tuple[Any, str, Any], ...] = (
        (Touch, "note", Touch.customer_id == customer_id),
        (TouchAmount, "words", of_touches),
        (Draft, "text", Draft.customer_id == customer_id),
        (Reminder, "words", Reminder.customer_id == customer_id),
        (Customer, "note", Customer.id == customer_id),
        (Customer, "needs", Customer.id == customer_id),
        (Customer, "preferences", Customer.id == customer_id),
    )
    for model, column, chosen in places:
        table: Table = model.__table__
        for row in run(select(table.c.id, table.c[column]).where(chosen, table.c[column].is_not(None))).all():
            new = "" if whole and model is not Customer else without(row[1], strings)
            if new != row[1]:
                run(update(table).where(table.c.id == row[0]).values({column: new}))
    run(update(Draft).where(Draft.customer_id == customer_id).values(understood={}))


def _forget_talk(uow: "UnitOfWork", person_id: int, customer_id: int, contact_id: int, *, whole: bool) -> None:
    run: Any = uow.connection.execute
    talks = select(Talk.id).where(Talk.person_id == person_id)
    own = or_(Case.person_id == person_id, Case.contact_id == contact_id)
    if whole:  # also what staff filed for the customer, by nobody's account
        own = or_(own, Case.customer_id == customer_id)
    cases = select(Case.id).where(own)
    of_talk = or_(Media.talk_id.in_(talks), Media.case_id.in_(cases))
    uow.uploads.remove(list(run(select(Media.file_id).where(of_talk)).scalars()))
    run(delete(Media).where(of_talk))
    run(update(Talk).where(Talk.person_id == person_id).values(text="", chat_id=0))
    run(update(Touch).where(Touch.id.in_(_touches_of(uow, talks))).values(note=""))
    told = CaseEntry.kind.in_(sorted(TYPED))  # the others hold states and times
    run(update(CaseEntry).where(CaseEntry.case_id.in_(cases), told).values(text=""))
    run(update(Case).where(own).values(words="", lesson=None))
    run(update(Enquiry).where(Enquiry.person_id == person_id).values(name="", words=None, phone=None))
    run(update(Correction).where(Correction.person_id == person_id).values(value=None, state="refused"))
    ended = {"state": BindingState.ENDED, "part": None}
    bound = Binding.person_id == person_id, Binding.customer_id == customer_id
    run(update(Binding).where(*bound).values(ended))


def _touches_of(uow: "UnitOfWork", talks: Any) -> set[int]:
    """The touches that answers to a customer's messages were kept as, with both sides' words."""
    acts = select(Change.act_id).where(Change.table == "talk", Change.row_id.in_(talks))
    changes = uow.connection.execute(select(Change.table, Change.row_id).where(Change.act_id.in_(acts)))
    return {key for table, key in changes if table == "touch"}  # asked for by its name, all touches were read


def _forget_answers(uow: "UnitOfWork", person_id: int, customer_id: int, contact_id: int) -> None:
    """Figures stay for the means; words and places go, and so does whose they were."""
    run: Any = uow.connection.execute
    own = SurveyResponse.contact_id == contact_id
    rows = run(
        select(SurveyResponse.id, SurveyResponse.answers, Survey.definition)
        .join(Survey, Survey.id == SurveyResponse.survey_id)
        .where(own)
    ).all()
    for row in rows:
        worded = {q["key"] for q in row.definition["questions"] if q["kind"] in WORDED}
        photos = [q["key"] for q in row.definition["questions"] if q["kind"] == "photo"]
        uow.uploads.remove(row.answers.get(key) for key in photos)
        answers = {key: None if key in worded else value for key, value in row.answers.items()}
        values = {"answers": answers, "customer_id": None, "contact_id": None}
        run(update(SurveyResponse).where(SurveyResponse.id == row.id).values(values))
    invited = or_(SurveyInvitation.person_id == person_id, SurveyInvitation.contact_id == contact_id)
    run(update(SurveyInvitation).where(invited).values(token_hash=None, person_id=None))


def _forget_trail(uow: "UnitOfWork", person_id: int, customer: Any, contact_id: int, strings: Sequence[str]) -> None:
    """The history keeps who did what when, and no word of what was there."""
    run: Any = uow.connection.execute
    whole = customer is not None and customer.kind == CustomerKind.PERSON
    acts = set(run(select(Act.id).where(Act.person_id == person_id, Act.member_id.is_(None))).scalars())
    changes = set(run(select(Change.id).where(Change.act_id.in_(sorted(acts)))).scalars())
    if customer is not None:
        theirs = run(select(Act.id, cast(Act.facts, Text)).where(Act.customer_id == customer.id)).all()
        acts |= {act for act, facts in theirs if whole or names(facts, strings)}
        within = [act for act, _ in theirs]
        for start in range(0, len(within), 500):
            columns = (Change.id, cast(Change.before, Text), cast(Change.after, Text))
            for key, *sides in run(select(*columns).where(Change.act_id.in_(within[start : start + 500]))):
                if whole or any(names(side, strings) for side in sides if side):
                    changes.add(key)
        rows = or_(
            (Change.table == "contact") & (Change.row_id == contact_id),
            (Change.table == "customer") & (Change.row_id == (customer.id if whole else 0)),
        )
        changes |= set(run(select(Change.id).where(rows)).scalars())
    trail.erase(uow, acts=sorted(acts - {uow.journal.act_id}), changes=sorted(changes))


def _forget_account(uow: "UnitOfWork", person_id: int) -> None:
    """The account itself, what waits for it, and what it sent; one that is bound elsewhere, or staff, goes on."""
    run: Any = uow.connection.execute
    bound = select(Binding.id).where(Binding.person_id == person_id, Binding.state != BindingState.ENDED)
    staff = select(Member.id).where(Member.person_id == person_id)
    row = run(select(Person.telegram_id).where(Person.id == person_id)).one_or_none()
    if row is None or run(bound.limit(1)).first() or run(staff.limit(1)).first():
        return
    chat_id = row.telegram_id
    files = select(Outbox.attachment_id).where(Outbox.chat_id == chat_id, Outbox.attachment_id.is_not(None))
    attached = list(run(files).scalars())
    waits = Outbox.state == SendState.DUE
    run(update(Outbox).where(Outbox.chat_id == chat_id, waits).values(state=SendState.CANCELLED, settled_at=uow.now))
    run(update(Outbox).where(Outbox.chat_id == chat_id).values(payload=null(), attachment_id=None, error=None))
    run(delete(Attachment).where(Attachment.id.in_(attached)))
    run(delete(Living).where(Living.chat_id == chat_id))
    run(delete(Dialog).where(Dialog.person_id == person_id))
    run(delete(Due).where(Due.person_id == person_id, Due.state == 0, Due.kind != DONE))
    run(update(Inbox).where(Inbox.lane == chat_id, Inbox.state != InboxState.OPEN).values(raw=None, lane=0))
    run(update(Outbox).where(Outbox.chat_id == chat_id, Outbox.state >= SendState.SENT).values(chat_id=0))
    run(delete(Press).where(Press.chat_id == chat_id))
    gone = {"telegram_id": -person_id, "name": BLANK, "username": None, "reachable": False, "stopped_at": uow.now}
    run(update(Person).where(Person.id == person_id).values(gone))


# Restored copies ---------------------------------------------------------------------------------------------------


def erased(uow: "UnitOfWork") -> list[Erased]:
    """Everybody who was forgotten, for the list beside the backups."""
    return [
        Erased(row[0], row[1].isoformat(), row[2], row[3].isoformat(), row[4]) for row in uow.connection.execute(_MADE)
    ]


def write_list(folder: Path, found: Sequence[Erased]) -> None:
    """Keep the list beside the backups, readable by nobody else; an unchanged one is left alone.

    Nobody leaves it: a database that was restored knows less than the list, and the old backup may be needed again.
    A list that cannot be read is kept under another name.

    Raises:
        OSError: it could not be written; the one before stands.
    """
    file = folder / LIST
    try:
        known = read_list(folder)
    except ValueError:
        file.rename(free_name(folder, f"{file.stem}-damaged", file.suffix))
        known = []
    everybody = list(dict.fromkeys([*known, *found]))
    if everybody == known:
        return
    with draft_of(file) as draft:
        draft.write_text(json.dumps([[*_plain(one)] for one in everybody]))
        publish(draft, file)


def read_list(folder: Path) -> list[Erased]:
    """What ``write_list`` wrote; nothing where there is no such file. Raises ``ValueError`` when it is damaged."""
    file = folder / LIST
    try:
        return [Erased(*row) for row in json.loads(file.read_text())] if file.exists() else []
    except TypeError as error:  # rows of another shape
        raise ValueError(str(error)) from error


def _plain(one: Erased) -> tuple[int, str, int, str, int]:
    return one.person_id, one.person_made, one.customer_id, one.customer_made, one.contact_id


def forget_again(uow: "UnitOfWork", found: Iterable[Erased]) -> int:
    """Forget, in a copy that was brought back, who was forgotten since it was made; how many there were."""
    run: Any = uow.connection.execute
    count = 0
    for one in found:
        made = run(select(Customer.created_at).where(Customer.id == one.customer_id)).scalar_one_or_none()
        if made is None or made.isoformat() != one.customer_made:
            continue
        uow.act(None, "person.erased", undo=None)
        person = run(select(Person.created_at).where(Person.id == one.person_id)).scalar_one_or_none()
        known = person is not None and person.isoformat() == one.person_made
        person_id = one.person_id if known else 0
        sweep = forget(uow, person_id=person_id, customer_id=one.customer_id, contact_id=one.contact_id)
        mentions.look_through(uow, sweep)
        count += 1
    return count
