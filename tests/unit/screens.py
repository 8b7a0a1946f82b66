"""Every screen of the bot, built from one reader's sample: the table that ``test_screens.py`` goes through.

A new view function that returns a ``Reply`` gets a line here.
"""

import datetime as dt
from collections.abc import Callable, Iterator

from domain.amounts import Amount, AmountRole
from domain.birthdays import Celebrant
from domain.cards import ContactField, Field
from domain.customers import CustomerKind, Duplicate, Standing
from domain.errors import Fault, Invalid
from domain.next_touches import Origin
from domain.people import Role
from domain.today import Day
from domain.touches import LoggedTouch, Missing, Outcome, TouchKind
from tests.unit.answer_screens import ANSWERS
from tests.unit.case_screens import CASES
from tests.unit.client_screens import CLIENTS
from tests.unit.guest_screens import GUESTS
from tests.unit.office_screens import OFFICE
from tests.unit.screen_samples import (
    ID,
    MONTHLY,
    NOW,
    TODAY,
    VERSION,
    WEEKLY,
    YEARLY,
    Sample,
    page,
    without_owner,
)
from tests.unit.survey_screens import SURVEYS
from views import (
    cards,
    contacts,
    customer_lists,
    customers,
    drafts,
    fields,
    next_touches,
    owners,
    pushes,
    reminders,
    texts,
    today,
    touches,
)
from views.replies import Reply

Builder = Callable[[Sample], Iterator[Reply] | list[Reply]]
KINDS = tuple(CustomerKind)
LATE = NOW - dt.timedelta(days=40)
TOO_LONG = Invalid("value", Fault.TOO_LONG, 300)
AMOUNTS = tuple(Amount(role, 1_234_567_800, "CNY", "", 0, 0) for role in AmountRole)
READINGS = [(TODAY, NOW), (TODAY, NOW), (TODAY, None)]


def _done(s: Sample) -> LoggedTouch:
    return LoggedTouch(s.touch(), ID, s.stands(), (s.stands(),), AMOUNTS, (s.w.tag,) * 3)


def _cards() -> dict[str, Builder]:
    def overview(s: Sample) -> Iterator[Reply]:
        for kind in KINDS:
            for role in Role:
                yield cards.overview(s.t, s.card(kind), actor=s.as_role(role))
                yield cards.overview(s.t, s.card(kind, masked=True), actor=s.as_role(role))

    def screen(s: Sample) -> Reply:
        return cards.overview(s.t, s.card(CustomerKind.COMPANY), actor=s.actor)

    return {
        "cards.overview": overview,
        "cards.people": lambda s: [cards.people(s.t, s.customer(kind)) for kind in KINDS],
        "cards.history": lambda s: [cards.history(s.t, s.customer(), page(s.touch())), _no_touches(s)],
        "cards.more": lambda s: [cards.more(s.t, s.customer()), cards.more(s.t, without_owner(s.customer()))],
        "cards.saved": lambda s: [cards.saved(s.t, screen(s), what=s.w.title, act_id=ID)],
        "cards.claimed": lambda s: [cards.claimed(s.t, screen(s), act_id=ID)],
        "cards.handed": lambda s: [cards.handed(s.t, screen(s), heir, act_id=ID) for heir in (s.w.member, None)],
        "cards.fresh": lambda s: [cards.fresh(s.t, screen(s))],
        "contacts.contact": lambda s: [contacts.contact(s.t, s.contact(), s.customer())],
        "contacts.ask_contact": lambda s: [contacts.ask_contact(s.t, s.customer(), wrong=w) for w in (None, TOO_LONG)],
        "contacts.removed": lambda s: [contacts.removed(s.t, s.contact(), s.customer(), act_id=ID)],
    }


def _no_touches(s: Sample) -> Reply:
    return cards.history(s.t, s.customer(), page(s.touch(), 0, total=0))


def _fields() -> dict[str, Builder]:
    def edit_contact_field(s: Sample) -> Iterator[Reply]:
        for field in ContactField:
            yield fields.edit_contact_field(s.t, s.contact(), field, customer=s.customer(), wrong=TOO_LONG)
            yield fields.edit_contact_field(s.t, None, field, customer=s.customer())

    return {
        "fields.choose_field": lambda s: [fields.choose_field(s.t, s.customer(k), n) for k in KINDS for n in (0, 1)],
        "fields.edit_field": lambda s: [fields.edit_field(s.t, s.customer(), f, wrong=TOO_LONG) for f in Field],
        "fields.edit_contact_field": edit_contact_field,
        "fields.changed_meanwhile": lambda s: [
            fields.changed_meanwhile(s.t, fields.edit_field(s.t, s.customer(), Field.NEEDS), s.w.value)
        ],
    }


def _customers() -> dict[str, Builder]:
    def duplicates(s: Sample) -> list[Duplicate]:
        by = ("phone", "wechat", "company", "phone")
        own = [None if standing is Standing.COLLEAGUE else s.line() for standing in Standing]
        return [Duplicate(standing, line, why) for standing, line, why in zip(Standing, own, by, strict=True)]

    return {
        "customer_lists.ask_query": lambda s: [customer_lists.ask_query(s.t, [s.line()] * 6)],
        "customer_lists.found": lambda s: [
            customer_lists.found(s.t, s.w.value, page(s.line(pool=pool)), actor=s.actor) for pool in (True, False)
        ],
        "customer_lists.similar": lambda s: [
            customer_lists.similar(s.t, s.w.value, [s.line()] * n, actor=s.actor) for n in (0, 5)
        ],
        "customer_lists.gone": lambda s: [customer_lists.gone(s.t)],
        "customers.ask_name": lambda s: [customers.ask_name(s.t, wrong=wrong) for wrong in (True, False)],
        "customers.log_or_name": lambda s: [
            customers.log_or_name(s.t, drafts.ask_name(s.t, s.draft(Missing.CUSTOMER), []), s.draft(Missing.CUSTOMER))
        ],
        "customers.ask_phone": lambda s: [customers.ask_phone(s.t, s.new(), {}, wrong=w) for w in (True, False)],
        "customers.filed": lambda s: [customers.filed(s.t, s.filed(kind)) for kind in KINDS],
        "customers.maybe_known": lambda s: [customers.maybe_known(s.t, s.new(), duplicates(s), {}, said=ID)],
        "customers.others_wait": lambda s: [customers.others_wait(customers.filed(s.t, s.filed(KINDS[0])), {})],
        "customers.lead_asked": lambda s: [customers.lead_asked(s.t)],
        "customers.question_to_lead": lambda s: [
            customers.question_to_lead(
                s.t, asker=s.w.member, name=s.w.name, customer_id=ID, customer=s.w.name, owner=s.w.member
            )
        ],
        "customers.nobody_to_ask": lambda s: [customers.nobody_to_ask(s.t, ID)],
        "customers.gone": lambda s: [customers.gone(s.t)],
        "owners.choose_owner": lambda s: [
            owners.choose_owner(s.t, s.line(), [s.member()] * 30, number=2, version=VERSION)
        ],
        "owners.released": lambda s: [owners.released(s.t, s.w.name, ID, act_id=ID)],
        "owners.received": lambda s: [owners.received(s.t, s.w.name, ID, s.w.member)],
        "owners.taken_away": lambda s: [
            owners.taken_away(s.t, s.w.name, heir, s.w.member) for heir in (s.w.member, None)
        ],
    }


def _touches() -> dict[str, Builder]:
    def open_draft(s: Sample) -> Iterator[Reply]:
        for missing in Missing:
            for unknown in (None, s.w.name):
                yield drafts.open_draft(
                    s.t,
                    s.draft(missing),
                    found=[(s.line(pool=pool), ID) for pool in (True, False)] * 3,
                    each=unknown is None,
                    unknown=unknown,
                    readings=READINGS,
                    happened=NOW,
                    days=[TODAY] * 4,
                )

    return {
        "drafts.open_draft": open_draft,
        "drafts.which": lambda s: [drafts.which(s.t, s.draft(Missing.WHICH), [(s.line(), ID)] * 6)],
        "drafts.ask_name": lambda s: [drafts.ask_name(s.t, s.draft(Missing.CUSTOMER), [s.line()] * 9)],
        "drafts.nobody": lambda s: [drafts.nobody(s.t, s.draft(Missing.CUSTOMER), s.w.name)],
        "drafts.dropped": lambda s: [drafts.dropped(s.t, act_id=ID)],
        "drafts.kept": lambda s: [drafts.kept(s.t, s.line(), act_id=ID)],
        "drafts.not_a_date": lambda s: [drafts.not_a_date(s.t, s.draft(Missing.NEXT))],
        "drafts.attached": lambda s: [drafts.attached(s.t, s.draft(Missing.CUSTOMER))],
        "touches.logged": lambda s: [touches.logged(s.t, _done(s), readings=READINGS, order_hint=True)],
        "touches.logged_each": lambda s: [touches.logged_each(s.t, [_done(s)] * 4)],
        "touches.logged_days": lambda s: [touches.logged_days(s.t, [_done(s)] * 5)],
        "touches.shown": lambda s: [touches.shown(s.t, s.touch(), s.stands())],
        "touches.amended": lambda s: [touches.amended(s.t, _done(s))],
        "touches.fix": lambda s: [touches.fix(s.t, s.touch())],
        "touches.choose_customer": lambda s: [touches.choose_customer(s.t, [s.line()] * 6)],
        "touches.choose_kind": lambda s: [touches.choose_kind(s.t, s.line())],
        "touches.ask_note": lambda s: [touches.ask_note(s.t, s.line(), kind, Outcome.REACHED) for kind in TouchKind],
        "touches.ordered": lambda s: [touches.ordered(s.t, _done(s))],
        "texts.unclear": lambda s: [
            texts.unclear(s.t, s.w.note, [s.line()] * n, facts={"message_id": 1}) for n in (0, 6)
        ],
        "texts.gone": lambda s: [texts.gone(s.t)],
    }


def _times() -> dict[str, Builder]:
    def day(s: Sample) -> Day:
        overdue = s.stands(origin=Origin.PROPOSED)
        born = Celebrant(ID, s.w.name, s.w.person)
        late = type(overdue)(ID, ID, s.w.name, LATE.date(), None, Origin.PROPOSED, None, VERSION)
        return Day(
            TODAY,
            NOW,
            (s.draft(Missing.WHICH),) * 2,
            (s.reminder(),) * 2,
            (s.stands(), late),
            (born,) * 9,
            accounts=(s.binding(),),
            claims=(s.enquiry(),),
        )

    at = [NOW, NOW + dt.timedelta(hours=12)]
    return {
        "next_touches.choose_day": lambda s: [
            next_touches.choose_day(s.t, s.line(), s.stands(), today=dt.date(2026, 12, 28))
        ],
        "next_touches.ask_day": lambda s: [next_touches.ask_day(s.t, s.line(), today=TODAY)],
        "next_touches.not_a_day": lambda s: [next_touches.not_a_day(s.t, s.line(), today=TODAY)],
        "next_touches.agreed": lambda s: [next_touches.agreed(s.t, s.stands(), act_id=ID)],
        "next_touches.planned": lambda s: [next_touches.planned(s.t, s.stands(), act_id=ID)],
        "next_touches.closed": lambda s: [next_touches.closed(s.t, s.stands(), s.stands(), act_id=ID)],
        "next_touches.kept": lambda s: [next_touches.kept(s.t, s.stands())],
        "next_touches.due": lambda s: [next_touches.due(s.t, s.stands(), NOW)],
        "reminders.set_": lambda s: [
            reminders.set_(s.t, s.reminder(rule), act_id=ID, other=at[1]) for rule in (None, WEEKLY, MONTHLY, YEARLY)
        ],
        "reminders.push": lambda s: [reminders.push(s.t, s.reminder(), NOW)],
        "reminders.moved": lambda s: [reminders.moved(s.t, s.reminder(MONTHLY), act_id=ID)],
        "reminders.ended": lambda s: [reminders.ended(s.t, s.reminder(), done=d, act_id=ID) for d in (True, False)],
        "reminders.ask_new": lambda s: [reminders.ask_new(s.t)],
        "reminders.ask_when": lambda s: [reminders.ask_when(s.t, s.w.value, [NOW] * 3)],
        "reminders.ask_time": lambda s: [reminders.ask_time(s.t, s.reminder())],
        "reminders.ask_reading": lambda s: [reminders.ask_reading(s.t, s.w.value, [(NOW, None), (NOW, WEEKLY)])],
        "reminders.page": lambda s: [
            reminders.page(s.t, page(s.reminder(WEEKLY))),
            reminders.page(s.t, page(s.reminder(), 0, total=0)),
        ],
        "reminders.one": lambda s: [reminders.one(s.t, s.reminder(WEEKLY), 2)],
        "reminders.past": lambda s: [reminders.past(s.t, s.w.value, NOW, [NOW] * 3)],
        "pushes.bundle": lambda s: [pushes.bundle(s.t, [s.reminder(), s.stands()] * 4, NOW)],
        "pushes.again": lambda s: [pushes.again(s.t, reminders.push(s.t, s.reminder(), NOW))],
        "today.today": lambda s: [today.today(s.t, one, n) for one in (day(s), Day(TODAY, NOW)) for n in (0, 1)],
    }


SCREENS: dict[str, Builder] = {
    **_cards(),
    **_fields(),
    **_customers(),
    **_touches(),
    **_times(),
    **OFFICE,
    **GUESTS,
    **ANSWERS,
    **CASES,
    **CLIENTS,
    **SURVEYS,
}
