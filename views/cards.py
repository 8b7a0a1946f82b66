"""The card of a customer: one message, edited in place, with tabs."""

import datetime as dt
from dataclasses import replace

from domain.cards import Card, Tab
from domain.customers import ChannelKind, Contact, Customer, CustomerKind, Page
from domain.people import Actor
from domain.touches import TouchLine
from parsing.phones import mask
from views.field_names import birthday_words, channel_name, labelled
from views.history import undo_button
from views.language import Translator
from views.links import (
    CustomerCases,
    EnterAnswers,
    LogTouch,
    MoveNextTouch,
    OpenAccounts,
    OpenCustomer,
    OpenTalks,
    PersonalLink,
    SurveyCustomer,
)
from views.next_touches import stands_line
from views.replies import DONE, MOST_COPIED, Button, Reply, Style, capital, clip, escape, payload
from views.words import KIND_SIGNS, customer_kind_name, gender_name, grade_name, stage_name, touch_name

LINE = 70  # characters of a note on the card: two rows on a phone
MOST_LINES = 13  # of a card, and one for what was just done to it: more a phone does not show without scrolling
CONTACT_LINES = 2  # contacts on the overview; the others are in their tab
COPIES = 2  # copy buttons for phones: as many as fit one row
POOL = "🌊"


@payload("cb1")
class ShowTab:
    customer_id: int
    tab: Tab


@payload("ch1")
class ShowTouches:
    customer_id: int
    number: int


@payload("ce1")
class EditCustomer:
    """The fields of a customer, page by page."""

    customer_id: int
    number: int


@payload("cw1")
class ChooseOwner:
    """For leads and admins: whose the customer shall be."""

    customer_id: int
    number: int


@payload("cc1")
class Claim:
    customer_id: int


@payload("cr1")
class Release:
    """Back into the pool."""

    customer_id: int
    version: int


@payload("cp1")
class OpenContact:
    contact_id: int


@payload("cn1")
class AddContact:
    customer_id: int


def overview(t: Translator, card: Card, *, actor: Actor) -> Reply:
    """The first page: who it is, how to reach, what was last and what is next."""
    customer = card.customer
    lines = [*_head(t, customer), *_reach(t, customer), *_about(t, customer)]
    room = MOST_LINES - len(lines) - (card.next_touch is not None)
    lines += [touch_line(t, touch) for touch in card.touches[: max(room, 1)]]
    if card.next_touch:
        lines.append(stands_line(t, card.next_touch))
    if customer.masked:
        lines.append(t.gettext("In the public pool: claim the customer to see everything."))
        return _card(lines, [[claim_button(t, customer.id)], *_lead_row(t, customer, actor)])
    rows = [
        [
            Button(t.gettext("📝 Log"), LogTouch(customer.id), style=Style.PRIMARY),
            Button(t.gettext("📅 Next touch…"), MoveNextTouch(customer.id)),
        ],
        *_tabs(t, customer, Tab.OVERVIEW),
        [
            Button(t.gettext("✏️ Edit"), EditCustomer(customer.id, 0)),
            *([Button(f"📮 {card.cases}", CustomerCases(customer.id, 0))] if card.cases else []),
            *_lead_buttons(t, customer, actor),
        ],
        _chat_row(t, customer, card.accounts),
        *_copies(customer),
    ]
    if customer.owner_id is None:
        rows.insert(0, [claim_button(t, customer.id)])
    return _card(lines[:MOST_LINES], rows)


def people(t: Translator, customer: Customer) -> Reply:
    """The contacts of a company, each a button; of a person what is personal."""
    lines = _head(t, customer)
    rows: list[list[Button]] = []
    named = [contact for contact in customer.contacts if contact.name or contact.nickname]
    if customer.kind is CustomerKind.COMPANY:
        lines += [contact_line(contact) for contact in named[: MOST_LINES - 6]] or [t.gettext("No contacts yet.")]
        buttons = [Button(clip(contact_name(contact), 18), OpenContact(contact.id)) for contact in named]
        rows = [buttons[i : i + 3] for i in range(0, len(buttons), 3)]
        rows.append([Button(t.gettext("➕ Contact"), AddContact(customer.id))])
    for contact in customer.contacts:
        if customer.kind is CustomerKind.PERSON or contact not in named:
            lines += contact_details(t, contact)
    return _card(lines[:MOST_LINES], [*rows, *_copies(customer), *_tabs(t, customer, Tab.CONTACTS)])


def history(t: Translator, customer: Customer, page: Page[TouchLine]) -> Reply:
    """One page of the touches, newest first."""
    lines = [*_head(t, customer), *(touch_line(t, touch) for touch in page.items)]
    if not page.items:
        lines.append(t.gettext("No touch logged yet."))
    turn = []
    if page.number > 0:
        turn.append(Button("‹ " + t.gettext("Newer"), ShowTouches(customer.id, page.number - 1)))
    if page.number < page.last:
        turn.append(Button(t.gettext("Older") + " ›", ShowTouches(customer.id, page.number + 1)))
    return _card(lines, [*([turn] if turn else []), *_tabs(t, customer, Tab.HISTORY)])


def more(t: Translator, customer: Customer) -> Reply:
    """Everything else that is known, and what is seldom done."""
    values = (
        (t.gettext("Industry"), customer.industry),
        (t.gettext("Occupation"), customer.occupation),
        (t.gettext("Preferences"), customer.preferences),
        (t.gettext("Interests"), customer.interests),
        (t.gettext("Source"), customer.source),
        (t.gettext("Address"), full_address(t, customer)),
        (t.gettext("Customer number"), customer.external_id),
        (t.gettext("Since"), t.day(customer.created_at.astimezone(t.zone).date(), today=dt.date.max)),  # with its year
    )
    lines = [*_head(t, customer), *(labelled(t, label, value) for label, value in values if value)]
    if customer.note:
        lines.append(f"🗒 {escape(clip(customer.note, 400))}")
    copies = []
    if (address := full_address(t, customer)) and len(address) <= MOST_COPIED:
        copies.append(Button(t.gettext("📋 Address"), copy=address))
    if customer.kind is CustomerKind.COMPANY:
        copies.append(Button(t.gettext("📋 Company"), copy=customer.name))
    if customer.latitude is not None and customer.longitude is not None:
        copies.append(Button(t.gettext("📋 Location"), copy=f"{customer.latitude:.6f},{customer.longitude:.6f}"))
    give_back = Button(t.gettext("Give back to the pool"), Release(customer.id, customer.version))
    sides = [
        Button(t.gettext("💬 Messages"), OpenTalks(customer.id)),
        Button(t.gettext("📮 Cases"), CustomerCases(customer.id, 0)),
    ]
    enter = Button(t.gettext("✍️ Enter answers"), EnterAnswers(customer.id))
    rows = [*([copies] if copies else []), sides, [enter], *([[give_back]] if customer.owner_id else [])]
    return _card(lines, [*rows, *_tabs(t, customer, Tab.MORE)])


def saved(t: Translator, screen: Reply, *, what: str, act_id: int) -> Reply:
    """A screen after a change: what was set on its first line, with Undo beneath."""
    return _after(t, screen, t.gettext("{what}: saved").format(what=what), act_id)


def claimed(t: Translator, screen: Reply, *, act_id: int) -> Reply:
    return _after(t, screen, t.gettext("Claimed: the customer is yours now"), act_id)


def handed(t: Translator, screen: Reply, heir: str | None, *, act_id: int) -> Reply:
    """To the one who gave the customer to somebody; the others are told by ``views.owners``."""
    if heir is None:
        return _after(t, screen, t.gettext("Moved to the public pool"), act_id)
    return _after(t, screen, t.gettext("Now with {name}").format(name=heir), act_id)


def _after(t: Translator, screen: Reply, words: str, act_id: int) -> Reply:
    text = f"✅ {escape(words)}\n{screen.text}"
    return replace(screen, text=text, rows=[*screen.rows, [undo_button(t, act_id)]], toast=clip(words, 190), ask=DONE)


def fresh(t: Translator, screen: Reply) -> Reply:
    """The screen as it stands now, for a press on one that was no longer true."""
    return replace(screen, toast=t.gettext("This has changed in the meantime. Here is the latest."))


# Parts -------------------------------------------------------------------------------------------------------------


def _card(lines: list[str], rows: list[list[Button]]) -> Reply:
    return Reply("\n".join(lines), rows=rows, protected=True)


def sign(customer_kind: CustomerKind) -> str:
    return "👤" if customer_kind is CustomerKind.PERSON else "🏢"


def _head(t: Translator, customer: Customer) -> list[str]:
    """Who it is, and whose."""
    name = f"{sign(customer.kind)} <b>{escape(clip(customer.name, 60))}</b>"
    if customer.nickname:
        name += t.gettext(" ({nickname})").format(nickname=escape(clip(customer.nickname, 30)))
    words = [customer_kind_name(t, customer.kind), stage_name(t, customer.stage), grade_name(t, customer.grade)]
    words.append(escape(customer.owner) if customer.owner else f"{POOL} " + t.gettext("public pool"))
    return [name, capital(" · ".join(words))]


def _reach(t: Translator, customer: Customer) -> list[str]:
    """Phones and addresses of a person or of the company itself, then its first contacts."""
    lines = []
    own = [c for c in customer.contacts if customer.kind is CustomerKind.PERSON or not (c.name or c.nickname)]
    phones = _values(own, ChannelKind.PHONE)
    if phones:
        lines.append("📱 " + escape(clip(t.list([mask(p) for p in phones] if customer.masked else phones), LINE)))
    if customer.masked:
        return lines
    others = [
        *_values(own, ChannelKind.EMAIL),
        *(f"{channel_name(t, ChannelKind.WECHAT)} {v}" for v in _values(own, ChannelKind.WECHAT)),
    ]
    if others:
        lines.append("✉️ " + escape(clip(t.list(others), LINE)))
    people_of = [contact for contact in customer.contacts if contact not in own]
    lines += [contact_line(contact) for contact in people_of[:CONTACT_LINES]]
    if more_people := len(people_of[CONTACT_LINES:]):
        lines[-1] += " " + t.ngettext("+{n} more", "+{n} more", more_people).format(n=more_people)
    return lines


def _about(t: Translator, customer: Customer) -> list[str]:
    lines = []
    if customer.tags:
        lines.append("🏷 " + escape(clip(" ".join(f"#{tag}" for tag in customer.tags), LINE)))
    place = " ".join(part for part in (customer.city, customer.district) if part)
    if place:
        lines.append("📍 " + escape(clip(place, LINE)))
    if customer.masked:
        return lines
    wanted = [escape(clip(customer.needs, LINE))] if customer.needs else []
    if customer.budget:
        wanted.append(labelled(t, t.gettext("Budget"), customer.budget))
    if wanted:
        lines.append("🎯 " + " · ".join(wanted))
    if customer.note:
        lines.append("🗒 " + escape(clip(customer.note, LINE)))
    return lines


def contact_name(contact: Contact) -> str:
    return contact.name or contact.nickname or ""


def contact_line(contact: Contact) -> str:
    """``👥 李强（李总） 采购经理 13900000000``."""
    words = [contact_name(contact), contact.title, *_values([contact], ChannelKind.PHONE)[:1]]
    return "👥 " + escape(clip(" ".join(word for word in words if word), LINE))


def contact_details(t: Translator, contact: Contact) -> list[str]:
    """What is known of a contact besides its name, a line each."""
    lines = [f"{channel_name(t, channel.kind)} {escape(clip(channel.value, LINE))}" for channel in contact.channels]
    values = (
        (t.gettext("Job title"), contact.title),
        (t.gettext("Decision role"), contact.part),
        (t.gettext("Gender"), gender_name(t, contact.gender) if contact.gender else None),
        (t.gettext("Birthday"), birthday_words(t, contact.birthday) if contact.birthday else None),
        (t.gettext("Preferred channel"), contact.preferred_channel),
        (t.gettext("Preferred time"), contact.preferred_time),
    )
    return lines + [labelled(t, label, value) for label, value in values if value]


def touch_line(t: Translator, touch: TouchLine) -> str:
    """``🚶 11月20日 周五 拜访：谈了新报价``."""
    day = t.day(touch.happened_at.astimezone(t.zone).date())
    what = touch_name(t, touch.kind, touch.outcome)
    if touch.note.startswith(what):  # a log begins with its kind more often than not
        return f"{KIND_SIGNS[touch.kind]} {day} {escape(clip(touch.note, LINE))}"
    return f"{KIND_SIGNS[touch.kind]} {day} " + labelled(t, what, clip(touch.note, LINE))


def full_address(t: Translator, customer: Customer) -> str:
    """City, district and address as one line, without saying anything twice."""
    address = customer.address or ""
    parts = [part for part in (customer.city, customer.district) if part and part not in address]
    if t.locale == "en":
        return ", ".join([*([address] if address else []), *reversed(parts)])
    return "".join([*parts, address])


def _values(contacts: list[Contact], kind: ChannelKind) -> list[str]:
    return [channel.value for contact in contacts for channel in contact.channels if channel.kind is kind]


def claim_button(t: Translator, customer_id: int) -> Button:
    return Button(t.gettext("🙋 Claim"), Claim(customer_id), style=Style.PRIMARY)


def _chat_row(t: Translator, customer: Customer, accounts: int) -> list[Button]:
    """The way into the chat, who is there already, and what they may be asked."""
    row = [Button(t.gettext("🔗 Personal link"), PersonalLink(customer.id))]
    if accounts:
        row.append(Button(t.gettext("💬 Chat: {n}").format(n=accounts), OpenAccounts(customer.id)))
    return [*row, Button(t.gettext("📋 Survey…"), SurveyCustomer(customer.id))]


def _lead_buttons(t: Translator, customer: Customer, actor: Actor) -> list[Button]:
    return [Button(t.gettext("👤 Owner"), ChooseOwner(customer.id, 0))] if actor.is_lead else []


def _lead_row(t: Translator, customer: Customer, actor: Actor) -> list[list[Button]]:
    buttons = _lead_buttons(t, customer, actor)
    return [buttons] if buttons else []


def _copies(customer: Customer) -> list[list[Button]]:
    phones = list(dict.fromkeys(_values(list(customer.contacts), ChannelKind.PHONE)))
    row = [Button(f"📋 {phone}", copy=phone) for phone in phones[:COPIES]]
    return [row] if row else []


def _tabs(t: Translator, customer: Customer, shown: Tab) -> list[list[Button]]:
    names = {
        Tab.OVERVIEW: t.gettext("‹ Card"),
        Tab.CONTACTS: t.gettext("👥 Contacts") if customer.kind is CustomerKind.COMPANY else t.gettext("👤 Personal"),
        Tab.HISTORY: t.gettext("🕘 Touches"),
        Tab.MORE: t.gettext("⋯ More"),
    }
    row = [Button(name, _tab(customer.id, tab)) for tab, name in names.items() if tab is not shown]
    return [row]


def _tab(customer_id: int, tab: Tab) -> ShowTab | OpenCustomer:
    return OpenCustomer(customer_id) if tab is Tab.OVERVIEW else ShowTab(customer_id, tab)
