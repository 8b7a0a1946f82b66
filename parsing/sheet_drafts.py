"""From the texts of a row to the draft of a customer: every value in its place, every doubt said.

What is not understood is kept: as typed in its own field, or under its heading in the note.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from domain.customers import (
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_VALUE,
    MOST_TAGS,
    Birthday,
    Channel,
    ChannelKind,
    ContactDraft,
    CustomerDraft,
    Gender,
    Grade,
    Stage,
)
from domain.next_touches import FURTHEST_YEARS
from domain.sheets import BAD, Cell, Field, Problem, ProblemKind
from parsing.expressions import expression
from parsing.letters import is_wide
from parsing.phones import region_of
from parsing.sheet_cells import read_gender, read_grade, read_kind, read_place, read_stage, read_tags
from parsing.sheet_days import DayOrder, ImpossibleDay, read_birthday, read_day
from parsing.sheet_phones import read_phones
from parsing.sheet_who import Who, who_is

_SHOWN = 60  # characters of a value that a problem shows

_CUSTOMER_VALUES = {
    Field.OCCUPATION: "occupation",
    Field.INDUSTRY: "industry",
    Field.NEEDS: "needs",
    Field.PREFERENCES: "preferences",
    Field.INTERESTS: "interests",
    Field.BUDGET: "budget",
    Field.CITY: "city",
    Field.DISTRICT: "district",
    Field.SOURCE: "source",
    Field.EXTERNAL_ID: "external_id",
}
_CONTACT_VALUES = {
    Field.NICKNAME: "nickname",
    Field.TITLE: "title",
    Field.PART: "part",
    Field.PREFERRED_CHANNEL: "preferred_channel",
    Field.PREFERRED_TIME: "preferred_time",
}
_EMAIL = expression(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]{2,}")
_EMAILS_APART = expression(r"[,，、;；\s]+")


@dataclass(slots=True)
class Row:
    """A row on its way to a draft: what stands in it, and what was made of it so far.

    Attributes:
        texts: by field, trimmed, never empty.
        headings: under which the fields stand in the file.
        days: the cells of days as they were, with the order of their column.
        region: country of numbers without a country code.
        today: local day; birthdays and last touches are not after it.
    """

    texts: dict[Field, str]
    headings: dict[Field, str]
    days: dict[Field, tuple[Cell, DayOrder]]
    region: str
    today: dt.date
    values: dict[str, str | float | None] = field(default_factory=dict)
    contact_values: dict[str, str | None] = field(default_factory=dict)
    channels: list[Channel] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    tags: tuple[str, ...] = ()
    stage: Stage = Stage.PROSPECT
    grade: Grade = Grade.UNGRADED
    gender: Gender | None = None
    birthday: Birthday | None = None
    next_touch: dt.date | dt.datetime | None = None
    last_touch: dt.date | dt.datetime | None = None

    def complain(self, kind: ProblemKind, where: Field, text: str, *, limit: int | None = None) -> None:
        self.problems.append(Problem(kind, where, text[:_SHOWN], limit))

    def keep_in_note(self, where: Field, text: str, *, because: ProblemKind) -> None:
        """What has no place of its own, under the heading it stood under."""
        self.notes.append(f"{self.headings.get(where, '')}: {text}".removeprefix(": "))
        self.complain(because, where, text)

    @property
    def bad(self) -> bool:
        return any(problem.kind in BAD for problem in self.problems)


def draft_of(row: Row) -> CustomerDraft | None:
    """The customer of a row, or ``None`` where the row cannot become one; ``row.problems`` says why."""
    texts = row.texts
    who = who_is(texts)
    _check_names(row, who)
    for where, text in texts.items():
        if (take := _TAKE.get(where)) is None:
            continue
        if len(text) > LONGEST_VALUE and where is not Field.TAGS:
            row.keep_in_note(where, text, because=ProblemKind.MOVED_TO_NOTE)
        else:
            take(row, where, text)
    if who.short:
        row.values["nickname"] = who.short
    _take_address(row)
    if Field.NOTE in texts:
        row.notes.insert(0, texts[Field.NOTE])
    if row.notes:
        row.values["note"] = note = "\n".join(row.notes)
        if len(note) > LONGEST_NOTE:
            row.complain(ProblemKind.TOO_LONG, Field.NOTE, note, limit=LONGEST_NOTE)
    if row.problems and row.bad:
        return None
    contact = ContactDraft(who.contact, row.contact_values, row.gender, row.birthday, tuple(row.channels))
    return CustomerDraft(who.name, who.kind, row.values, (contact,), row.tags, row.stage, row.grade)


def _check_names(row: Row, who: Who) -> None:
    if who.name and len(who.name) + len(who.contact or "") + len(who.short or "") <= LONGEST_NAME:
        return
    if not who.name:
        row.complain(ProblemKind.NO_NAME, Field.NAME, "")
    for name, where in ((who.name, Field.NAME), (who.contact, Field.CONTACT_NAME), (who.short, Field.SHORT_NAME)):
        if name and len(name) > LONGEST_NAME:
            row.complain(ProblemKind.TOO_LONG, where, name, limit=LONGEST_NAME)


def _take_value(row: Row, where: Field, text: str) -> None:
    if where in _CUSTOMER_VALUES:
        row.values[_CUSTOMER_VALUES[where]] = text
    else:
        row.contact_values[_CONTACT_VALUES[where]] = text


def _take_kind(row: Row, where: Field, text: str) -> None:
    if read_kind(text) is None:  # the kind itself is part of who the row is about
        row.keep_in_note(where, text, because=ProblemKind.UNKNOWN_WORD)


def _take_gender(row: Row, where: Field, text: str) -> None:
    row.gender = read_gender(text)
    if row.gender is None:
        row.keep_in_note(where, text, because=ProblemKind.UNKNOWN_WORD)


def _take_stage(row: Row, where: Field, text: str) -> None:
    stage = read_stage(text)
    if stage is None:
        row.keep_in_note(where, text, because=ProblemKind.UNKNOWN_WORD)
    else:
        row.stage = stage


def _take_grade(row: Row, where: Field, text: str) -> None:
    grade = read_grade(text)
    if grade is None:
        row.keep_in_note(where, text, because=ProblemKind.UNKNOWN_WORD)
    else:
        row.grade = grade


def _take_tags(row: Row, where: Field, text: str) -> None:
    row.tags = read_tags(text)
    if len(row.tags) > MOST_TAGS:
        row.complain(ProblemKind.TOO_MANY_TAGS, where, text, limit=MOST_TAGS)


def _take_phones(row: Row, where: Field, text: str) -> None:
    region = region_of(row.texts[Field.COUNTRY], row.region) if Field.COUNTRY in row.texts else row.region
    kind = ChannelKind.FAX if where is Field.FAX else ChannelKind.PHONE
    for channel in read_phones(text, region=region, kind=kind):
        if channel in row.channels:
            continue
        row.channels.append(channel)
        if channel.normal is None:
            row.complain(ProblemKind.BAD_PHONE, where, channel.value)


def _take_emails(row: Row, where: Field, text: str) -> None:
    if _EMAIL.fullmatch(text):
        row.channels.append(Channel(ChannelKind.EMAIL, text, text.lower()))
        return
    for typed in dict.fromkeys(filter(None, _EMAILS_APART.split(text))):
        good = _EMAIL.fullmatch(typed)
        row.channels.append(Channel(ChannelKind.EMAIL, typed, typed.lower() if good else None))
        if not good:
            row.complain(ProblemKind.BAD_EMAIL, where, typed)


def _take_wechat(row: Row, where: Field, text: str) -> None:
    row.channels += [Channel(ChannelKind.WECHAT, part, part.lower()) for part in _parts(text)]


def _take_other_channels(row: Row, where: Field, text: str) -> None:
    row.channels += [Channel(ChannelKind.OTHER, part) for part in _parts(text)]


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split("[;；\n]", text) if part.strip()]


def _take_birthday(row: Row, where: Field, text: str) -> None:
    try:
        birthday = read_birthday(*row.days[where])
    except ImpossibleDay:
        row.complain(ProblemKind.BAD_DATE, where, text)
        return
    if birthday is None:
        row.keep_in_note(where, text, because=ProblemKind.UNKNOWN_WORD)
    elif birthday.year and (birthday.year, birthday.month, birthday.day) > row.today.timetuple()[:3]:
        row.complain(ProblemKind.FUTURE_DATE, where, text)
    row.birthday = birthday


def _take_touch(row: Row, where: Field, text: str) -> None:
    """A last touch is over; a next one, late or not, is not years away."""
    try:
        day = read_day(*row.days[where])
    except ImpossibleDay:
        row.complain(ProblemKind.BAD_DATE, where, text)
        return
    if day is None:
        row.keep_in_note(where, text, because=ProblemKind.UNKNOWN_WORD)
        return
    date = day.date() if isinstance(day, dt.datetime) else day
    if where is Field.NEXT_TOUCH:
        row.next_touch = day
        if abs(date.year - row.today.year) > FURTHEST_YEARS:
            row.complain(ProblemKind.BAD_DATE, where, text)
    else:
        row.last_touch = day
        if date > row.today:
            row.complain(ProblemKind.FUTURE_DATE, where, text)


def _take_location(row: Row, where: Field, text: str) -> None:
    if place := read_place(text):
        row.values["latitude"], row.values["longitude"] = place
    else:
        row.keep_in_note(where, text, because=ProblemKind.BAD_LOCATION)


def _take_address(row: Row) -> None:
    """Street, region, postcode and country as one line; the region is the city where there is no other."""
    texts = row.texts
    region = texts.get(Field.REGION, "")
    if region and "city" not in row.values:
        row.values["city"], region = region, ""
    street, postcode, country = texts.get(Field.ADDRESS), texts.get(Field.POSTCODE), texts.get(Field.COUNTRY)
    if not (street or region or postcode or country):
        return
    if any(map(is_wide, street or region or country or "")):
        parts, between = (country, region, street, postcode), " "
    else:
        parts, between = (street, region, postcode, country), ", "
    address = between.join(part for part in parts if part and (part is street or part not in (street or "")))
    if len(address) > LONGEST_VALUE:
        row.keep_in_note(Field.ADDRESS, address, because=ProblemKind.MOVED_TO_NOTE)
    else:
        row.values["address"] = address


_TAKE: dict[Field, Callable[[Row, Field, str], None]] = {
    **dict.fromkeys([*_CUSTOMER_VALUES, *_CONTACT_VALUES], _take_value),
    Field.KIND: _take_kind,
    Field.GENDER: _take_gender,
    Field.BIRTHDAY: _take_birthday,
    Field.STAGE: _take_stage,
    Field.GRADE: _take_grade,
    Field.TAGS: _take_tags,
    Field.PHONE: _take_phones,
    Field.PHONE2: _take_phones,
    Field.FAX: _take_phones,
    Field.EMAIL: _take_emails,
    Field.WECHAT: _take_wechat,
    Field.OTHER_CHANNEL: _take_other_channels,
    Field.LOCATION: _take_location,
    Field.NEXT_TOUCH: _take_touch,
    Field.LAST_TOUCH: _take_touch,
}
