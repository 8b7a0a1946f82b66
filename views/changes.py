"""What an act changed, in words: no name of a column and no code ever reaches a person.

A column without words here is not shown; a test compares the tables with both lists.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from domain.cards import ContactField, Field
from domain.customers import Birthday, ChannelKind, CustomerKind, Gender, Grade, Stage
from domain.history import ChangeLine, Sight
from domain.people import Role
from domain.touches import Outcome, TouchKind
from parsing.phones import mask
from views.field_names import birthday_words, channel_name, contact_field_name, field_name
from views.language import NAMES, Translator
from views.places import zone_name
from views.replies import clip, escape
from views.words import customer_kind_name, gender_name, grade_name, kind_name, outcome_name, role_name, stage_name

LONGEST = 60  # characters of a value: before and after fit two rows of a phone
HIDDEN_VALUE = "•••"
OPEN_FIELDS = frozenset({"kind", "name", "stage", "grade", "owner_id", "city", "industry", "word", "active", "state"})

Values = Mapping[str, Any]


def change_words(t: Translator, change: ChangeLine) -> list[str]:
    """The lines of one change, escaped: what was added, removed, or how each field changed."""
    if change.sight is Sight.NONE:
        return []
    about = f" · {change.subject}" if change.subject else ""
    if change.before is None:
        return [_whole(t, "＋", change, change.row) + escape(about)]
    if change.after is None:
        return [_whole(t, "－", change, change.before) + escape(about)]
    lines = []
    for column in _columns(change):
        name = escape(column_words(t, change.table, column) or "")
        if change.table not in ("customer", "contact"):
            name = f"{escape(table_words(t, change.table))} {name}"
        before, after = (_shown(t, change, side, column) for side in (change.before, change.after))
        if before != after:
            value = f"{before} → {after}"
            lines.append(t.gettext("{label}: {value}").format(label=name, value=value) + escape(about))
    return lines


def _columns(change: ChangeLine) -> list[str]:
    """The changed columns that have words; the parts of a birthday are one."""
    columns = [column for column in change.after or {} if (change.table, column) in COLUMNS]
    if any(column.startswith("birthday_") for column in change.after or {}):
        columns.append("birthday")
    return columns


def _whole(t: Translator, mark: str, change: ChangeLine, row: Values) -> str:
    """A row that came or went: what it is, and the words by which it is known."""
    known = (column for column in TITLES.get(change.table, ("name",)) if row.get(column) not in (None, ""))
    return " ".join([mark, escape(table_words(t, change.table)), *(_shown(t, change, row, c) for c in known)])


TITLES = {  # by which words a row is known, where it is not its name
    "channel": ("value",),
    "tag": ("word",),
    "touch": ("kind", "note"),
    "touch_amount": ("minor",),
    "next_touch": ("kind", "day"),
    "reminder": ("words",),
    "draft": ("text",),
    "media": ("name", "caption"),
    "invite": ("role",),
    "person": (),
}


def _shown(t: Translator, change: ChangeLine, row: Values, column: str) -> str:
    if column == "birthday":
        value: str | None = _birthday(t, {**change.row, **row})
    elif row.get(column) in (None, ""):
        value = None
    else:
        value = _value(t, change, row, column)
    if value is None:
        return "—"
    if change.sight is Sight.MASKED and column not in OPEN_FIELDS:
        value = mask(value) if change.table == "channel" and any(c.isdigit() for c in value) else HIDDEN_VALUE
    return escape(clip(value, LONGEST))


def _birthday(t: Translator, row: Values) -> str | None:
    month, day = row.get("birthday_month"), row.get("birthday_day")
    if not month or not day:
        return None
    return birthday_words(t, Birthday(month, day, row.get("birthday_year"), bool(row.get("birthday_lunar"))))


def _value(t: Translator, change: ChangeLine, row: Values, column: str) -> str:
    value = row[column]
    coded = CODES.get((change.table, column)) or CODES.get(("", column))
    if coded is not None:
        return coded(t, value)
    match column:
        case "zone":
            return zone_name(t, str(value))
        case "locale":
            return NAMES.get(value, str(value))
        case "minor":
            return t.money(value, str(change.row.get("currency") or "CNY"))
        case "day":
            return t.day(_date(value))
        case "at" | "happened_at" | "expires_at" | "revoked_at" | "used_at":
            return t.moment(_instant(value))
        case "quiet_from" | "quiet_to" | "morning_at":
            return str(value)[:5]
        case "active":
            return t.gettext("Yes") if value else t.gettext("No")
        case "latitude" | "longitude":
            return f"{value:.5f}"
        case _:
            return str(value)


def _date(value: dt.date | str) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)


def _instant(value: dt.datetime | str) -> dt.datetime:
    return value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)


def _state(t: Translator, value: str) -> str:
    words = {
        "open": t.pgettext("state", "open"),
        "done": t.pgettext("state", "done"),
        "replaced": t.pgettext("state", "replaced"),
        "pushed": t.pgettext("state", "told"),
        "deleted": t.pgettext("state", "deleted"),
        "filed": t.pgettext("state", "filed"),
        "dropped": t.pgettext("state", "dropped"),
    }
    return words.get(value, "—")


def _origin(t: Translator, value: str) -> str:
    return t.pgettext("origin", "agreed") if value == "agreed" else t.pgettext("origin", "proposed")


CODES: dict[tuple[str, str], Callable[[Translator, Any], str]] = {
    ("customer", "kind"): lambda t, v: customer_kind_name(t, CustomerKind(v)),
    ("customer", "stage"): lambda t, v: stage_name(t, Stage(v)),
    ("customer", "grade"): lambda t, v: grade_name(t, Grade(v)),
    ("contact", "gender"): lambda t, v: gender_name(t, Gender(v)),
    ("channel", "kind"): lambda t, v: channel_name(t, ChannelKind(v)),
    ("touch", "kind"): lambda t, v: kind_name(t, TouchKind(v)),
    ("touch", "outcome"): lambda t, v: outcome_name(t, Outcome(v)),
    ("next_touch", "kind"): lambda t, v: kind_name(t, TouchKind(v)),
    ("next_touch", "origin"): _origin,
    ("member", "role"): lambda t, v: role_name(t, Role(v)),
    ("invite", "role"): lambda t, v: role_name(t, Role(v)),
    ("", "state"): _state,
}


def table_words(t: Translator, table: str) -> str:
    """What a row of a table is called; of what nobody is told, an empty text."""
    names = {
        "customer": t.gettext("customer"),
        "contact": t.gettext("contact"),
        "channel": t.gettext("phone or address"),
        "tag": t.gettext("tag"),
        "touch": t.gettext("touch"),
        "touch_amount": t.gettext("amount"),
        "next_touch": t.gettext("next touch"),
        "reminder": t.gettext("reminder"),
        "draft": t.gettext("draft"),
        "media": t.gettext("file"),
        "member": t.gettext("member"),
        "person": t.gettext("own settings"),
        "team": t.gettext("team"),
        "invite": t.gettext("invite"),
        "sheet_import": t.gettext("spreadsheet"),
    }
    return names.get(table, "")


def column_words(t: Translator, table: str, column: str) -> str | None:
    """What a column is called, ``None`` for those nobody is shown."""
    words = COLUMNS.get((table, column)) or (_birthday_name if column == "birthday" else None)
    return words(t) if words else None


def _birthday_name(t: Translator) -> str:
    return contact_field_name(t, ContactField.BIRTHDAY)


def _customer(field: Field) -> Callable[[Translator], str]:
    return lambda t: field_name(t, field)


def _contact(field: ContactField) -> Callable[[Translator], str]:
    return lambda t: contact_field_name(t, field)


COLUMNS: dict[tuple[str, str], Callable[[Translator], str]] = {
    **{("customer", str(f)): _customer(f) for f in Field if f not in (Field.TAGS, Field.LOCATION)},
    ("customer", "latitude"): _customer(Field.LOCATION),
    ("customer", "owner_id"): lambda t: t.gettext("Owner"),
    **{
        ("contact", str(f)): _contact(f)
        for f in ContactField
        if f not in (ContactField.PHONE, ContactField.EMAIL, ContactField.WECHAT, ContactField.BIRTHDAY)
    },
    ("channel", "kind"): lambda t: t.pgettext("field", "kind"),
    ("channel", "value"): lambda t: t.pgettext("field", "number or address"),
    ("tag", "word"): lambda t: t.pgettext("field", "word"),
    ("touch", "kind"): lambda t: t.pgettext("field", "kind"),
    ("touch", "outcome"): lambda t: t.pgettext("field", "outcome"),
    ("touch", "happened_at"): lambda t: t.pgettext("field", "when"),
    ("touch", "note"): lambda t: t.pgettext("field", "note"),
    ("touch", "member_id"): lambda t: t.pgettext("field", "by"),
    ("touch_amount", "minor"): lambda t: t.pgettext("field", "sum"),
    ("next_touch", "day"): lambda t: t.pgettext("field", "day"),
    ("next_touch", "at"): lambda t: t.pgettext("field", "time"),
    ("next_touch", "kind"): lambda t: t.pgettext("field", "kind"),
    ("next_touch", "origin"): lambda t: t.pgettext("field", "set how"),
    ("next_touch", "state"): lambda t: t.pgettext("field", "state"),
    ("reminder", "words"): lambda t: t.pgettext("field", "words"),
    ("reminder", "at"): lambda t: t.pgettext("field", "time"),
    ("reminder", "state"): lambda t: t.pgettext("field", "state"),
    ("reminder", "person_id"): lambda t: t.pgettext("field", "whose"),
    ("draft", "text"): lambda t: t.pgettext("field", "words"),
    ("draft", "state"): lambda t: t.pgettext("field", "state"),
    ("draft", "member_id"): lambda t: t.pgettext("field", "whose"),
    ("media", "caption"): lambda t: t.pgettext("field", "caption"),
    ("media", "name"): lambda t: t.pgettext("field", "name"),
    ("member", "name"): lambda t: t.pgettext("field", "name"),
    ("member", "role"): lambda t: t.pgettext("field", "role"),
    ("member", "team_id"): lambda t: t.pgettext("field", "team"),
    ("member", "active"): lambda t: t.pgettext("field", "active"),
    ("member", "stand_in_id"): lambda t: t.pgettext("field", "stand-in"),
    ("member", "away_from"): lambda t: t.pgettext("field", "away from"),
    ("member", "away_until"): lambda t: t.pgettext("field", "away until"),
    ("team", "name"): lambda t: t.pgettext("field", "name"),
    ("team", "parent_id"): lambda t: t.pgettext("field", "below"),
    ("team", "lead_id"): lambda t: t.pgettext("field", "lead"),
    ("invite", "role"): lambda t: t.pgettext("field", "role"),
    ("invite", "revoked_at"): lambda t: t.pgettext("field", "revoked"),
    ("person", "locale"): lambda t: t.pgettext("field", "language"),
    ("person", "zone"): lambda t: t.pgettext("field", "time zone"),
    ("person", "quiet_from"): lambda t: t.pgettext("field", "quiet from"),
    ("person", "quiet_to"): lambda t: t.pgettext("field", "quiet until"),
    ("person", "morning_at"): lambda t: t.pgettext("field", "hour of my day"),
}
