"""Editing a customer or contact, one field at a time: chosen by button, or typed."""

from collections.abc import Sequence
from typing import Any

from domain.cards import CHANNELS, ContactField, Field, longest, may_be_person
from domain.customers import Contact, Customer, CustomerKind, Gender, Grade, Stage
from domain.errors import Fault, Invalid
from views.cards import EditCustomer, OpenContact, contact_name
from views.field_names import birthday_words, contact_field_name, field_name
from views.language import Translator
from views.links import OpenCustomer
from views.replies import DONE, Ask, Button, Reply, Style, capital, clip, escape, payload
from views.words import customer_kind_name, gender_name, grade_name, stage_name

SHOWN = 600  # characters of the present value; a longer note stands in its tab
STEP_FIELD = "fields.customer"
STEP_CONTACT_FIELD = "fields.contact"
STEP_LOCATION = "fields.location"

FIRST_PAGE = (Field.NAME, Field.NICKNAME, Field.STAGE, Field.GRADE, Field.TAGS, Field.NEEDS, Field.BUDGET, Field.NOTE)
OTHERS = tuple(field for field in Field if field not in FIRST_PAGE)
PERSONAL = tuple(field for field in ContactField if field not in (ContactField.NAME, ContactField.NICKNAME))


@payload("cf1")
class EditField:
    customer_id: int
    field: Field
    version: int


@payload("cl1")
class ClearField:
    customer_id: int
    field: Field
    version: int


@payload("ck1")
class SetKind:
    customer_id: int
    kind: CustomerKind
    version: int


@payload("cs1")
class SetStage:
    customer_id: int
    stage: Stage
    version: int


@payload("cg1")
class SetGrade:
    customer_id: int
    grade: Grade
    version: int


@payload("cu1")
class EditOwnContact:
    """A field of the contact that carries the customer's own numbers: a person's only one, a company's nameless one."""

    customer_id: int
    field: ContactField


@payload("cd1")
class EditContact:
    contact_id: int
    field: ContactField
    version: int


@payload("cy1")
class ClearContact:
    contact_id: int
    field: ContactField
    version: int


@payload("cj1")
class SetGender:
    contact_id: int
    gender: Gender
    version: int


@payload("cz1")
class RemoveChannel:
    contact_id: int
    channel_id: int


def choose_field(t: Translator, customer: Customer, number: int) -> Reply:
    """The fields as buttons: what changes often first, everything else a page away."""
    person = customer.kind is CustomerKind.PERSON
    own = PERSONAL if person else (ContactField.PHONE, ContactField.EMAIL, ContactField.WECHAT)
    first = (ContactField.PHONE, ContactField.WECHAT, ContactField.EMAIL, ContactField.BIRTHDAY)
    contact_fields = [field for field in own if (field in first) == (number == 0)]
    buttons = [
        Button(field_name(t, field), EditField(customer.id, field, customer.version))
        for field in (FIRST_PAGE if number == 0 else OTHERS)
    ]
    buttons += [Button(contact_field_name(t, field), EditOwnContact(customer.id, field)) for field in contact_fields]
    rows = [buttons[i : i + 3] for i in range(0, len(buttons), 3)]
    turn = (
        Button(t.gettext("More fields") + " ›", EditCustomer(customer.id, 1))
        if number == 0
        else Button("‹ " + t.gettext("Back"), EditCustomer(customer.id, 0))
    )
    rows.append([Button("‹ " + t.gettext("Card"), OpenCustomer(customer.id)), turn])
    text = t.gettext("What do you want to change about <b>{name}</b>?").format(name=escape(clip(customer.name, 60)))
    return Reply(text, rows=rows, ask=DONE)


def edit_field(t: Translator, customer: Customer, field: Field, *, wrong: Invalid | None = None) -> Reply:
    """One field of a customer: its values as buttons, or the question for its words."""
    match field:
        case Field.KIND:
            kinds = [k for k in CustomerKind if k is CustomerKind.COMPANY or may_be_person(customer)]
            buttons = [_kind(t, customer, kind) for kind in kinds]
        case Field.STAGE:
            buttons = [_stage(t, customer, stage) for stage in Stage]
        case Field.GRADE:
            buttons = [_grade(t, customer, grade) for grade in Grade]
        case _:
            return _typed(t, customer, field, wrong)
    rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    text = _title(t, customer.name, field_name(t, field))
    return Reply(text, rows=[*rows, [Button("‹ " + t.gettext("Back"), EditCustomer(customer.id, 0))]], ask=DONE)


def _typed(t: Translator, customer: Customer, field: Field, wrong: Invalid | None) -> Reply:
    present = value_of(t, customer, field)
    lines = [_title(t, customer.name, field_name(t, field)), *_present(t, present)]
    if wrong:
        lines.insert(0, _wrong(t, wrong, longest(field)))
    lines.append(_how(t, field))
    back = Button("‹ " + t.gettext("Back"), EditCustomer(customer.id, 0 if field in FIRST_PAGE else 1))
    rows = [[back]]
    if present and field is not Field.NAME:
        rows[0].insert(0, Button(t.gettext("🗑 Clear"), ClearField(customer.id, field, customer.version)))
    step = STEP_LOCATION if field is Field.LOCATION else STEP_FIELD
    facts = {"customer": customer.id, "field": field.value, "version": customer.version}
    return Reply("\n".join(lines), rows=rows, ask=Ask(step, facts))


def edit_contact_field(
    t: Translator,
    contact: Contact | None,
    field: ContactField,
    *,
    customer: Customer,
    wrong: Invalid | None = None,
) -> Reply:
    """One field of a contact; ``contact`` None: the customer's own, which does not exist yet."""
    name = contact_name(contact) if contact and contact_name(contact) else customer.name
    lines = [_title(t, name, contact_field_name(t, field))]
    rows: list[list[Button]] = []
    present = contact_value_of(t, contact, field) if contact else ""
    if contact and field is ContactField.GENDER:
        genders = [Button(capital(gender_name(t, g)), SetGender(contact.id, g, contact.version)) for g in Gender]
        rows.append(genders)
    elif contact and field in CHANNELS:
        kept = [channel for channel in contact.channels if channel.kind == field.value]
        rows += [
            [Button(f"🗑 {clip(channel.value, 24)}", RemoveChannel(contact.id, channel.id or 0), style=Style.DANGER)]
            for channel in kept
        ]
    else:
        lines += _present(t, present)
    if wrong:
        lines.insert(0, _wrong(t, wrong, longest(field)))
    if field is not ContactField.GENDER:
        lines.append(_how_contact(t, field))
    back = _back(t, contact, customer)
    clear = []
    if contact and present and field not in CHANNELS and field is not ContactField.NAME:
        clear = [Button(t.gettext("🗑 Clear"), ClearContact(contact.id, field, contact.version))]
    facts: dict[str, Any] = {"customer": customer.id, "contact": contact.id if contact else None, "field": field.value}
    facts["version"] = contact.version if contact else None
    ask = DONE if field is ContactField.GENDER else Ask(STEP_CONTACT_FIELD, facts)
    return Reply("\n".join(lines), rows=[*rows, [*clear, back]], ask=ask)


def changed_meanwhile(t: Translator, screen: Reply, typed: str) -> Reply:
    """The typed words came too late: the question again, with the words to copy."""
    lines = t.gettext("This has changed in the meantime. Here is the latest.")
    kept = t.gettext("You typed: <code>{text}</code>").format(text=escape(clip(typed, SHOWN)))
    return Reply(f"{lines}\n{kept}\n{screen.text}", rows=screen.rows, ask=screen.ask)


def value_of(t: Translator, customer: Customer, field: Field) -> str:
    """The present value of a typed field, as text."""
    if field is Field.TAGS:
        return " ".join(f"#{tag}" for tag in customer.tags)
    if field is Field.LOCATION:
        return "" if customer.latitude is None else f"{customer.latitude:.6f},{customer.longitude:.6f}"
    return str(getattr(customer, field.value) or "")


def contact_value_of(t: Translator, contact: Contact, field: ContactField) -> str:
    """The present value of a contact's field, as text."""
    if field in CHANNELS:
        return t.list([channel.value for channel in contact.channels if channel.kind == field.value])
    if field is ContactField.BIRTHDAY:
        return birthday_words(t, contact.birthday) if contact.birthday else ""
    if field is ContactField.GENDER:
        return gender_name(t, contact.gender) if contact.gender else ""
    return str(getattr(contact, field.value) or "")


def _kind(t: Translator, customer: Customer, kind: CustomerKind) -> Button:
    chosen = "● " if kind is customer.kind else ""
    return Button(chosen + capital(customer_kind_name(t, kind)), SetKind(customer.id, kind, customer.version))


def _stage(t: Translator, customer: Customer, stage: Stage) -> Button:
    chosen = "● " if stage is customer.stage else ""
    return Button(chosen + capital(stage_name(t, stage)), SetStage(customer.id, stage, customer.version))


def _grade(t: Translator, customer: Customer, grade: Grade) -> Button:
    chosen = "● " if grade is customer.grade else ""
    return Button(chosen + capital(grade_name(t, grade)), SetGrade(customer.id, grade, customer.version))


def _back(t: Translator, contact: Contact | None, customer: Customer) -> Button:
    if contact is not None and customer.kind is CustomerKind.COMPANY and contact_name(contact):
        return Button("‹ " + t.gettext("Back"), OpenContact(contact.id))
    return Button("‹ " + t.gettext("Back"), EditCustomer(customer.id, 0))


def _title(t: Translator, name: str, field: str) -> str:
    return f"✏️ <b>{escape(clip(name, 60))}</b> · {field}"


def _present(t: Translator, value: str) -> Sequence[str]:
    return [t.gettext("Now: {value}").format(value=escape(clip(value, SHOWN)))] if value else []


def _how(t: Translator, field: Field) -> str:
    match field:
        case Field.TAGS:
            return t.gettext("Send all tags, separated by spaces. They replace the present ones.")
        case Field.LOCATION:
            return t.gettext("Share the place with 📎 → Location.")
        case Field.BUDGET:
            return t.gettext("Send it as you say it, for example <i>50k a year</i>.")
        case _:
            return t.gettext("Send the new text.")


def _how_contact(t: Translator, field: ContactField) -> str:
    match field:
        case ContactField.PHONE:
            return t.gettext("Send a number to add it.")
        case ContactField.EMAIL:
            return t.gettext("Send an e-mail address to add it.")
        case ContactField.WECHAT:
            return t.gettext("Send a WeChat id to add it.")
        case ContactField.BIRTHDAY:
            return t.gettext("Send the day: <i>1985-03-12</i>, <i>March 12</i>, <i>lunar 8/15</i>.")
        case ContactField.PREFERRED_CHANNEL:
            return t.gettext("How does this person like to be reached? For example <i>WeChat</i>.")
        case ContactField.PREFERRED_TIME:
            return t.gettext("When is a good time? For example <i>weekdays after 3pm</i>.")
        case _:
            return t.gettext("Send the new text.")


def _wrong(t: Translator, error: Invalid, limit: int) -> str:
    match error.fault:
        case Fault.TOO_LONG:
            return "⚠️ " + t.ngettext(
                "That is too long: at most {limit} character fits. Please send it shorter.",
                "That is too long: at most {limit} characters fit. Please send it shorter.",
                error.limit or limit,
            ).format(limit=t.number(error.limit or limit))
        case Fault.EMPTY:
            return "⚠️ " + t.gettext("There is nothing in it. Please send some text.")
        case _:
            return "⚠️ " + t.gettext("I could not read that. Please write it another way.")
