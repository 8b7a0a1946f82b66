"""From the texts of a row to the draft of a customer: every value in its place, every doubt said.

What is not understood is kept: as typed in its own field, or under its heading in the note.
"""

import datetime as dt
import re
from collections.abc import Iterator
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
    Grade,
    Stage,
)
from domain.next_touches import FURTHEST_YEARS
from domain.sheets import BAD, Cell, Field, Problem, ProblemKind
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
_PHONES = (
    (Field.PHONE, ChannelKind.PHONE),
    (Field.PHONE2, ChannelKind.PHONE),
    (Field.FAX, ChannelKind.FAX),
)
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]{2,}")
_EMAILS_APART = re.compile(r"[,，、;；\s]+")


@dataclass(slots=True)
class RowTexts:
    """A row on its way to a draft.

    Attributes:
        texts: by field, trimmed, never empty.
        headings: under which the fields stand in the file.
        days: the cells of days, as they were, with the order of their column.
        notes: paragraphs of the note.
        problems: what was found.
    """

    texts: dict[Field, str]
    headings: dict[Field, str]
    days: dict[Field, tuple[Cell, DayOrder]]
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def complain(self, kind: ProblemKind, where: Field, *, limit: int | None = None, text: str | None = None) -> None:
        shown = self.texts.get(where, "") if text is None else text
        self.problems.append(Problem(kind, where, shown[:_SHOWN], limit))

    def keep_in_note(self, where: Field, kind: ProblemKind, text: str | None = None) -> None:
        """What has no place of its own, under the heading it stood under."""
        text = self.texts[where] if text is None else text
        self.notes.append(f"{self.headings.get(where, '')}: {text}".removeprefix(": "))
        self.complain(kind, where, text=text)

    def line(self, where: Field) -> str | None:
        """A value of one line; a longer one moves to the note."""
        text = self.texts.get(where)
        if text is not None and len(text) > LONGEST_VALUE:
            self.keep_in_note(where, ProblemKind.MOVED_TO_NOTE)
            return None
        return text

    def day(self, where: Field, today: dt.date) -> dt.date | dt.datetime | None:
        """A next or last touch: a last one is over, a next one not years away."""
        if where not in self.days:
            return None
        try:
            day = read_day(*self.days[where])
        except ImpossibleDay:
            self.complain(ProblemKind.BAD_DATE, where)
            return None
        if day is None:
            self.keep_in_note(where, ProblemKind.UNKNOWN_WORD)
            return None
        date = day.date() if isinstance(day, dt.datetime) else day
        if where is Field.LAST_TOUCH and date > today:
            self.complain(ProblemKind.FUTURE_DATE, where)
        if abs(date.year - today.year) > (FURTHEST_YEARS if where is Field.NEXT_TOUCH else 100):
            self.complain(ProblemKind.BAD_DATE, where)
        return day

    @property
    def bad(self) -> bool:
        return any(problem.kind in BAD for problem in self.problems)


def draft_of(row: RowTexts, *, region: str, today: dt.date) -> CustomerDraft | None:
    """The customer of a row, or ``None`` where the row cannot become one; ``row.problems`` says why."""
    texts = row.texts
    who = who_is(texts)
    _check_names(row, who)
    if Field.NOTE in texts:
        row.notes.insert(0, texts[Field.NOTE])
    contact = _contact(row, who, region=region, today=today)
    values = _values(row, who)
    tags = read_tags(texts[Field.TAGS]) if Field.TAGS in texts else ()
    if len(tags) > MOST_TAGS:
        row.complain(ProblemKind.TOO_MANY_TAGS, Field.TAGS, limit=MOST_TAGS)
    stage, grade = _stage(row), _grade(row)
    if Field.KIND in texts and read_kind(texts[Field.KIND]) is None:
        row.keep_in_note(Field.KIND, ProblemKind.UNKNOWN_WORD)
    if row.notes:
        values["note"] = note = "\n".join(row.notes)
        if len(note) > LONGEST_NOTE:
            row.complain(ProblemKind.TOO_LONG, Field.NOTE, limit=LONGEST_NOTE)
    if row.bad:
        return None
    return CustomerDraft(who.name, who.kind, values, (contact,), tags, stage, grade)


def _check_names(row: RowTexts, who: Who) -> None:
    if not who.name:
        row.complain(ProblemKind.NO_NAME, Field.NAME)
    for name, where in ((who.name, Field.NAME), (who.contact, Field.CONTACT_NAME), (who.short, Field.SHORT_NAME)):
        if name and len(name) > LONGEST_NAME:
            row.complain(ProblemKind.TOO_LONG, where, limit=LONGEST_NAME, text=name)


def _contact(row: RowTexts, who: Who, *, region: str, today: dt.date) -> ContactDraft:
    values: dict[str, str | None] = {}
    for where, column in _CONTACT_VALUES.items():
        if where in row.texts and (text := row.line(where)):
            values[column] = text
    gender = None
    if Field.GENDER in row.texts:
        gender = read_gender(row.texts[Field.GENDER])
        if gender is None:
            row.keep_in_note(Field.GENDER, ProblemKind.UNKNOWN_WORD)
    channels = tuple(_channels(row, region))
    return ContactDraft(who.contact, values, gender, _birthday(row, today), channels)


def _values(row: RowTexts, who: Who) -> dict[str, str | float | None]:
    values: dict[str, str | float | None] = {}
    for where, column in _CUSTOMER_VALUES.items():
        if where in row.texts and (text := row.line(where)):
            values[column] = text
    if who.short:
        values["nickname"] = who.short
    if "city" not in values and (region := row.texts.get(Field.REGION)):
        values["city"] = region
    if address := _address(row.texts, whole_region="city" in values and values["city"] != row.texts.get(Field.REGION)):
        if len(address) > LONGEST_VALUE:
            row.keep_in_note(Field.ADDRESS, ProblemKind.MOVED_TO_NOTE, address)
        else:
            values["address"] = address
    if text := row.texts.get(Field.LOCATION):
        if place := read_place(text):
            values["latitude"], values["longitude"] = place
        else:
            row.keep_in_note(Field.LOCATION, ProblemKind.BAD_LOCATION)
    return values


def _address(texts: dict[Field, str], *, whole_region: bool) -> str:
    """Street, region, postcode and country as one line, in the order of the script it is written in.

    Args:
        whole_region: the region has its place here; else it stands for the city.
    """
    street = texts.get(Field.ADDRESS, "")
    region = texts.get(Field.REGION, "") if whole_region else ""
    postcode, country = texts.get(Field.POSTCODE, ""), texts.get(Field.COUNTRY, "")
    if any(map(is_wide, street or region or country)):
        parts, between = [country, region, street, postcode], " "
    else:
        parts, between = [street, region, postcode, country], ", "
    return between.join(part for part in parts if part and (part is street or part not in street))


def _channels(row: RowTexts, region: str) -> Iterator[Channel]:
    texts = row.texts
    if Field.COUNTRY in texts:
        region = region_of(texts[Field.COUNTRY], region)
    seen: set[tuple[ChannelKind, str]] = set()
    for where, kind in _PHONES:
        if where not in texts:
            continue
        for channel in read_phones(texts[where], region=region, kind=kind):
            key = (channel.kind, channel.normal or channel.value)
            if key in seen:
                continue
            seen.add(key)
            if channel.normal is None:
                row.complain(ProblemKind.BAD_PHONE, where, text=channel.value)
            yield channel
    if Field.EMAIL in texts:
        yield from _emails(row, texts[Field.EMAIL])
    if Field.WECHAT in texts:
        yield Channel(ChannelKind.WECHAT, texts[Field.WECHAT], texts[Field.WECHAT].lower())
    for part in re.split("[;；\n]", texts.get(Field.OTHER_CHANNEL, "")):
        if part.strip():
            yield Channel(ChannelKind.OTHER, part.strip())


def _emails(row: RowTexts, text: str) -> Iterator[Channel]:
    for typed in dict.fromkeys(part for part in _EMAILS_APART.split(text) if part):
        good = _EMAIL.fullmatch(typed)
        if not good:
            row.complain(ProblemKind.BAD_EMAIL, Field.EMAIL, text=typed)
        yield Channel(ChannelKind.EMAIL, typed, typed.lower() if good else None)


def _birthday(row: RowTexts, today: dt.date) -> Birthday | None:
    if Field.BIRTHDAY not in row.days:
        return None
    try:
        birthday = read_birthday(*row.days[Field.BIRTHDAY])
    except ImpossibleDay:
        row.complain(ProblemKind.BAD_DATE, Field.BIRTHDAY)
        return None
    if birthday is None:
        row.keep_in_note(Field.BIRTHDAY, ProblemKind.UNKNOWN_WORD)
    elif birthday.year and (birthday.year, birthday.month, birthday.day) > (today.year, today.month, today.day):
        row.complain(ProblemKind.FUTURE_DATE, Field.BIRTHDAY)
    return birthday


def _stage(row: RowTexts) -> Stage:
    if Field.STAGE not in row.texts:
        return Stage.PROSPECT
    stage = read_stage(row.texts[Field.STAGE])
    if stage is None:
        row.keep_in_note(Field.STAGE, ProblemKind.UNKNOWN_WORD)
    return stage or Stage.PROSPECT


def _grade(row: RowTexts) -> Grade:
    if Field.GRADE not in row.texts:
        return Grade.UNGRADED
    grade = read_grade(row.texts[Field.GRADE])
    if grade is None:
        row.keep_in_note(Field.GRADE, ProblemKind.UNKNOWN_WORD)
    return grade or Grade.UNGRADED
