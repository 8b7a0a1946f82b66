"""``/me``: the own record, a change per field, and what staff are asked about it."""

from domain.cards import ContactField
from domain.customers import ChannelKind
from domain.me import CHANNELS, Correction, Mine, Record
from views.field_names import birthday_words, contact_field_name
from views.history import undo_button
from views.language import Translator
from views.links import OpenCustomer, leave, leave_key
from views.replies import DONE, Ask, Button, Key, Reply, Style, clip, escape, payload

STEP_VALUE = "me.value"  # facts: binding, field
KINDS = {Mine.PHONE: ChannelKind.PHONE, Mine.EMAIL: ChannelKind.EMAIL, Mine.WECHAT: ChannelKind.WECHAT}


@payload("qa7")
class OpenMe:
    """The own record; ``number`` of several."""

    number: int


@payload("qb7")
class ChangeMine:
    binding_id: int
    field: Mine


@payload("qc7")
class StillRight:
    """The yearly question: everything is."""

    binding_id: int


@payload("qd7")
class DecideCorrection:
    correction_id: int
    taken: int  # 1 or 0
    version: int


@payload("qy7")
class OpenCorrection:
    correction_id: int


def me(t: Translator, records: list[Record], number: int = 0) -> Reply:
    """What is known, and a button for each field."""
    if not records:
        return not_confirmed(t)
    record = records[min(number, len(records) - 1)]
    lines = [t.gettext("<b>My details</b> · {customer}").format(customer=escape(clip(record.customer, 40)))]
    lines += [_line(t, record, field) for field in record.fields()]
    if record.owner:
        lines.append(t.gettext("Looked after by {name}").format(name=escape(record.owner)))
    buttons = [Button(f"✏️ {mine_name(t, field)}", ChangeMine(record.binding_id, field)) for field in record.fields()]
    rows = [buttons[i : i + 3] for i in range(0, len(buttons), 3)]
    if len(records) > 1:
        turned = (number + 1) % len(records)
        rows.append([Button(clip(records[turned].customer, 18) + " ›", OpenMe(turned))])
    return Reply("\n".join(lines), rows=rows, ask=DONE)


def _line(t: Translator, record: Record, field: Mine) -> str:
    return f"{mine_name(t, field)}{t.gettext(': ')}{escape(value_of(t, record, field)) or '—'}"


def value_of(t: Translator, record: Record, field: Mine) -> str:
    """A field's value in words; empty where nothing is known."""
    contact = record.contact
    match field:
        case Mine.CITY:
            return record.city or ""
        case Mine.ADDRESS:
            return clip(record.address or "", 60)
        case Mine.BIRTHDAY:
            return birthday_words(t, contact.birthday) if contact.birthday else ""
        case _ if field in CHANNELS:
            return " · ".join(clip(one.value, 40) for one in contact.channels if one.kind is KINDS[field])
        case Mine.NAME:
            return contact.name or record.customer
        case _:
            return clip(getattr(contact, field.value) or "", 40)


def mine_name(t: Translator, field: Mine) -> str:
    """What a field is called."""
    match field:
        case Mine.CITY:
            return t.gettext("City")
        case Mine.ADDRESS:
            return t.gettext("Address")
        case _:
            return contact_field_name(t, ContactField(field.value))


def not_confirmed(t: Translator) -> Reply:
    """Nobody said yet that it is really this person."""
    text = t.gettext(
        "Your contact has not confirmed yet that it is you, so I show nothing of the record. You can write here meanwhile."
    )
    return Reply(text, ask=DONE)


def ask_value(t: Translator, record: Record, field: Mine) -> Reply:
    """What a field shall be; the own number comes with one tap."""
    ask = Ask(STEP_VALUE, {"binding": record.binding_id, "field": field})
    if field is Mine.PHONE:
        return _own_number(t, t.gettext("Share your own number with the button below, or type another one."), ask)
    text = t.gettext("{field}: what shall it be?").format(field=mine_name(t, field))
    return Reply(text, rows=[[leave(t)]], ask=ask, fresh=True)


def not_own(t: Translator, record: Record) -> Reply:
    """Somebody else's contact card."""
    text = t.gettext("That is not your own number. Share yours with the button below, or type it.")
    return _own_number(t, text, Ask(STEP_VALUE, {"binding": record.binding_id, "field": Mine.PHONE}))


def _own_number(t: Translator, text: str, ask: Ask) -> Reply:
    return Reply(text, keys=[[Key(t.gettext("📱 Share my number"), request_contact=True)], [leave_key(t)]], ask=ask)


def changed(t: Translator, record: Record, field: Mine) -> Reply:
    text = t.gettext("✓ {field}: {value}").format(
        field=mine_name(t, field), value=escape(value_of(t, record, field)) or "—"
    )
    return Reply(text, keys=(), ask=DONE, also=(me(t, [record]),))


def passed_on(t: Translator, record: Record, field: Mine) -> Reply:
    """Staff must say yes first."""
    text = t.gettext("✓ {field}: passed on. It stands as soon as {name} has confirmed it.").format(
        field=mine_name(t, field), name=escape(record.owner) if record.owner else t.gettext("your contact")
    )
    return Reply(text, keys=(), ask=DONE)


def still_right(t: Translator, record: Record) -> Reply:
    """Once a year: three facts, and two buttons."""
    lines = [t.gettext("Once a year I ask: is this still right?")]
    lines += [_line(t, record, field) for field in (Mine.NAME, Mine.PHONE, Mine.EMAIL)]
    rows = [
        [
            Button(t.gettext("✓ All right"), StillRight(record.binding_id), style=Style.SUCCESS),
            Button(t.gettext("✏️ Change"), OpenMe(0)),
        ]
    ]
    return Reply("\n".join(lines), rows=rows)


def thanks(t: Translator) -> Reply:
    return Reply(t.gettext("✓ Thank you. I ask again in a year."))


# Staff -------------------------------------------------------------------------------------------------------------


def asked(t: Translator, correction: Correction) -> Reply:
    """To the owner: a customer wants something changed that staff must confirm."""
    text = t.gettext("✏️ <b>{who}</b> ({customer}) asks for a change.\n{field}: {value}").format(
        who=escape(clip(correction.account, 30)),
        customer=escape(clip(correction.customer, 40)),
        field=mine_name(t, correction.field),
        value=escape(clip(correction.value, 100)),
    )
    rows = [
        [
            Button(
                t.gettext("✓ Take over"), DecideCorrection(correction.id, 1, correction.version), style=Style.SUCCESS
            ),
            Button(t.gettext("Refuse"), DecideCorrection(correction.id, 0, correction.version)),
        ],
        [Button(t.gettext("Open card"), OpenCustomer(correction.customer_id))],
    ]
    return Reply(text, rows=rows)


def decided(t: Translator, correction: Correction, *, taken: bool, act_id: int) -> Reply:
    words = t.gettext("✓ Taken over: {field}: {value}") if taken else t.gettext("Refused: {field}: {value}")
    text = words.format(field=mine_name(t, correction.field), value=escape(clip(correction.value, 100)))
    rows = [[undo_button(t, act_id), Button(t.gettext("Open card"), OpenCustomer(correction.customer_id))]]
    return Reply(text, rows=rows)


def told(t: Translator, correction: Correction) -> Reply:
    """To the customer, when the ten minutes of undo are over."""
    if correction.state.value == "taken":
        text = t.gettext("✓ Your {field} has been changed: {value}")
    else:
        text = t.gettext("Your {field} was not changed: {value}. Write here if that is a mistake.")
    return Reply(text.format(field=mine_name(t, correction.field), value=escape(clip(correction.value, 100))))
