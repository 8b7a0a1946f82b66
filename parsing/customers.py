"""A new customer, or a contact of one, in one line: 新客户 李四 13800000000 火锅店 武侯区.

What is recognised goes into its field, everything else stays in the note as it was typed; nothing is invented.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.customers import (
    LONGEST_NAME,
    Birthday,
    Channel,
    ChannelKind,
    ContactDraft,
    CustomerDraft,
    CustomerKind,
    Gender,
    Grade,
    Stage,
)
from parsing import customer_words as words
from parsing.companies import has_company_words, is_company
from parsing.customer_joins import Joined, company_between, open_joints, split_joined, without_at
from parsing.fields import read_birthday_of
from parsing.letters import fold, is_wide
from parsing.names import norm_of
from parsing.phones import find_phones
from parsing.readings import TAG
from parsing.surnames import WORDLIKE, split_name
from parsing.words import PICTURE

_EVERYDAY = WORDLIKE - frozenset("方文高路成应管商连全原向")  # these are the surnames of many
_CUT = "\n"  # stands where something was taken out: nothing joins across it


@dataclass(slots=True)
class _Line:
    """What was found so far; ``text`` is what is still to be read."""

    text: str
    region: str
    companies: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    values: dict[str, str | float | None] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)  # of names, titles and the rest, in the order typed
    grade: Grade = Grade.UNGRADED
    stage: Stage = Stage.PROSPECT
    gender: Gender | None = None
    birthday: Birthday | None = None
    nickname: str | None = None

    def take(self, column: str, value: str) -> bool:
        """Fill a column that is still empty."""
        if column in self.values:
            return False
        self.values[column] = value
        return True

    def cut(self, start: int, end: int) -> None:
        self.text = self.text[:start] + _CUT + self.text[end:]


def parse_new(text: str, *, region: str) -> CustomerDraft | None:
    """A new customer from one line, or ``None`` where no name is in it.

    A company with a person is a company with that contact, in whichever order they were typed.

    Args:
        region: two-letter country code of phone numbers without one.
    """
    line = _read(words.LEAD.sub("", text, count=1), region)
    if not line.companies and not line.people and line.rest:
        _name_by_rest(line)
    if not line.companies and not line.people:
        return None
    between = company_between(line.tokens, line.people, line.rest, line.titles) if not line.companies else None
    if between:
        line.rest.remove(between)
        line.companies.append(between)
    if len(line.people) > 1 and not line.companies and _names_company(line):
        line.companies.append(line.people.pop(0))
    if line.companies:
        name, kind = line.companies.pop(0), CustomerKind.COMPANY
        person = line.people.pop(0) if line.people else None
        contacts = (_contact(line, person),) if person or line.channels or line.titles else ()
    else:
        name, kind = line.people.pop(0), CustomerKind.PERSON
        contacts = (_contact(line, name),)
    values = dict(line.values)
    note = " ".join([str(values.get("note") or ""), *line.companies, *line.people, *line.rest, name[LONGEST_NAME:]])
    if note.strip():
        values["note"] = note.strip()
    tags = tuple(dict.fromkeys(line.tags))
    return CustomerDraft(name[:LONGEST_NAME], kind, values, contacts, tags, line.stage, line.grade)


def parse_contact(text: str, *, region: str) -> ContactDraft | None:
    """A contact of a company from one line (张伟 总经理 138…), or ``None`` where no name is in it.

    Words that are no name and no number describe the person and become the title.
    """
    line = _read(words.LEAD.sub("", text, count=1), region)
    if not line.people and line.rest:
        line.people.append(line.rest.pop(0))
    if not line.people:
        return None
    name = line.people.pop(0)
    line.titles += [*line.people, *line.companies, *line.rest]
    return _contact(line, name)


def _contact(line: _Line, name: str | None) -> ContactDraft:
    values: dict[str, str | None] = {"title": " ".join(line.titles)} if line.titles else {}
    if line.nickname:
        values["nickname"] = line.nickname
    return ContactDraft(name and name[:LONGEST_NAME], values, line.gender, line.birthday, tuple(line.channels))


def _names_company(line: _Line) -> bool:
    """Of two names without a sign of a company, whether the first is one: Acme, Tom Baker; El Sol, owner Ana Ruiz; 海底捞 王芳."""
    first, second = line.people[:2]
    if is_wide(first[0]):
        if _is_everyday(second) and not _is_everyday(first):
            line.people[:2] = second, first
        return _is_everyday(line.people[0]) and not _is_everyday(line.people[1])
    if " " not in second:
        return False
    return " " not in first or bool(line.titles)


def _is_everyday(name: str) -> bool:
    """Whether a name of three characters begins with what is a word before it is a surname: 海底捞."""
    return len(name) > 2 and norm_of(name)[0] in _EVERYDAY


def _name_by_rest(line: _Line) -> None:
    """No token was built like a name: the first one is it."""
    name = line.rest.pop(0)
    (line.companies if is_company(name, norm_of(name)) else line.people).append(name)


# Reading ----------------------------------------------------------------------------------------------------------


def _read(text: str, region: str) -> _Line:
    line = _Line(open_joints(text), region)
    _take_ids(line)
    _take_channels(line)
    _take_labelled(line)
    _take_marks(line)
    for token in _tokens(line.text):
        _take_token(line, token)
    return line


def _take_ids(line: _Line) -> None:
    """WeChat and LINE ids, a birthday: by their own words."""
    while (match := words.WECHAT.search(line.text)) is not None:
        line.channels.append(Channel(ChannelKind.WECHAT, match["id"], fold(match["id"])))
        line.cut(*match.span())
    line_id = words.LINE_ID.search(line.text)
    if line_id:
        line.channels.append(Channel(ChannelKind.OTHER, f"LINE {line_id['id']}"))
        line.cut(*line_id.span())
    born = words.BIRTHDAY.search(line.text)
    if born:
        line.birthday = read_birthday_of(born["day"], line.region)
        if line.birthday:
            line.cut(*born.span())


def _take_labelled(line: _Line) -> None:
    """What is named by its own label: 地址：…, contact: …"""
    for column, label in words.LABELS:
        labelled = label.search(line.text)
        if labelled and labelled["value"].strip():
            _take_value(line, column, labelled["value"].strip())
            line.cut(*labelled.span())


def _take_value(line: _Line, column: str, value: str) -> None:
    match column:
        case "name":
            (line.companies if is_company(value, norm_of(value)) else line.people).insert(0, value)
        case "company":
            line.companies.insert(0, value)
        case "contact":
            line.people.insert(0, value)
        case "title":
            line.titles.append(value)
        case "nickname":
            line.nickname = value
        case "tags":
            line.tags += [tag for tag in re.split(r"[\s,，、;；#＃]+", value) if tag]
        case _:
            line.take(column, value)


def _take_channels(line: _Line) -> None:
    for match in reversed(list(words.EMAIL.finditer(line.text))):
        line.channels.insert(0, Channel(ChannelKind.EMAIL, match[0], match[0].lower()))
        line.cut(*match.span())
    for found in reversed(find_phones(line.text, line.region)):
        before = line.text[: found.start]
        kind = ChannelKind.FAX if words.FAX_BEFORE.search(before) else ChannelKind.PHONE
        line.channels.insert(0, Channel(kind, found.phone.typed, found.phone.e164))
        label = words.PHONE_LABEL.search(before)
        line.cut(label.start() if label else found.start, found.end)


def _take_marks(line: _Line) -> None:
    """Tags, budget and grade."""
    for match in reversed(list(TAG.finditer(line.text))):
        line.tags.insert(0, match[1])
        line.cut(*match.span())
    budget = words.BUDGET.search(fold(line.text))
    if budget and line.take("budget", line.text[budget.start("value") : budget.end()]):
        line.cut(*budget.span())
    graded = words.GRADE.search(fold(line.text))
    if graded:
        line.grade = Grade((graded["a"] or graded["b"]).upper())
        line.cut(*graded.span())


def _tokens(text: str) -> Iterator[str]:
    """Pieces between commas and blanks; Latin words between two commas stay together (Mary Lin)."""
    text = words.ASIDE.sub(r",\1,", PICTURE.sub(_CUT, text))
    for segment in re.split(r"[\n\t,，;；、|。!！]+|(?:^|\s)[/-](?=\s|$)|\.(?=\s|$)", text):
        run: list[str] = []
        for word in segment.split():
            if is_wide(fold(word)[:1]):
                if run:
                    yield " ".join(run)
                run = []
                yield word
            else:
                run.append(word)
        if run:
            yield " ".join(run)


# Tokens -----------------------------------------------------------------------------------------------------------


def _take_token(line: _Line, token: str) -> None:
    token = without_at(token.strip(" :：()（）[]【】\"'“”/"))
    folded, norm = fold(token), norm_of(token)
    if not token or folded in words.FILL:
        return
    line.tokens.append(token)
    joined = split_joined(token) if not line.companies else None
    if joined:
        _take_joined(line, joined)
        return
    if _take_titled(line, token, norm) or _take_word(line, token, folded) or _take_place(line, token, folded):
        return
    if _take_name(line, token, norm):
        return
    if is_wide(folded[0]):
        line.rest.append(token)
    else:
        _take_latin(line, token)


def _take_joined(line: _Line, joined: Joined) -> None:
    line.companies.append(joined.company)
    if joined.person:
        line.people.append(joined.person)
    if joined.title in words.GENDERS:
        line.gender = words.GENDERS[joined.title]
    elif joined.title:
        line.titles.append(joined.title)


def _take_titled(line: _Line, token: str, norm: str) -> bool:
    """张伟总经理, 王芳女士, 店长吴芳: a whole name with what the person is."""
    if len(token) != len(norm):
        return False
    match = words.NAME_AND_TITLE.fullmatch(norm) or words.TITLE_AND_NAME.fullmatch(norm)
    if not match or split_name(match["name"]) is None or match["name"] in words.NO_NAMES:
        return False
    line.people.append(token[match.start("name") : match.end("name")])
    if match["title"] in words.GENDERS:
        line.gender = words.GENDERS[match["title"]]
    else:
        line.titles.append(token[match.start("title") : match.end("title")])
    return True


def _take_word(line: _Line, token: str, folded: str) -> bool:
    """A title, an industry, an occupation, a gender, a stage: words that are nothing else."""
    if folded in words.GENDERS:
        line.gender = words.GENDERS[folded]
        return True
    if folded in words.STAGES:
        line.stage = words.STAGES[folded]
        return True
    if words.TITLE.fullmatch(folded) and split_name(folded) is None:
        line.titles.append(token)
        return True
    if words.OCCUPATION.fullmatch(folded):
        return line.take("occupation", token)
    if words.DEPARTMENT.fullmatch(folded):
        return False
    if words.INDUSTRY.fullmatch(folded) or (line.people and not line.companies and words.SHOP.fullmatch(folded)):
        return line.take("industry", token)
    return bool(words.SOURCE.fullmatch(folded)) and line.take("source", token)


def _take_place(line: _Line, token: str, folded: str) -> bool:
    """成都, 武侯区, 成都武侯区, 台北市信義區, 科华路12号; a place with an industry behind it is both."""
    match = words.PLACE.match(folded)
    if not match or not match[0]:
        return _take_place_behind(line, token, folded)
    rest = folded[match.end() :]
    if rest and not words.STREET.fullmatch(rest) and not words.INDUSTRY.fullmatch(rest):
        return False
    city = token[match.start("city") : match.end("city")].removesuffix("市") if match["city"] else ""
    district = token[match.start("district") : match.end("district")] if match["district"] else ""
    for column, value in (("city", city), ("district", district)):
        if value:
            line.take(column, value)
    if rest:
        line.take("address" if words.STREET.fullmatch(rest) else "industry", token[match.end() :])
    elif not city and not district:
        line.take("address", token)
    return True


def _take_place_behind(line: _Line, token: str, folded: str) -> bool:
    for cut in (len(folded) - 3, len(folded) - 2, len(folded) - 4):  # 火锅店武侯区: two characters and 区 as a rule
        if cut > 0 and folded[-1] in "区县" and words.INDUSTRY.fullmatch(folded[:cut]):
            return line.take("industry", token[:cut]) and _take_place(line, token[cut:], folded[cut:])
    return words.STREET.fullmatch(folded) is not None and line.take("address", token)


def _take_name(line: _Line, token: str, norm: str) -> bool:
    """A person or a company, as far as the token is built like one."""
    called = words.SURNAME_AND_TITLE.fullmatch(norm)
    if called:
        line.people.append(token)
        line.gender = line.gender or words.GENDERS.get(called["title"] or "")
        return True
    first = not line.companies and not line.people
    company = has_company_words(token, norm) or (first and is_company(token, norm))
    if not is_wide(norm[:1]):
        return _take_latin_name(line, token, company=company and (token[:1].isupper() or first))
    if split_name(norm) and not company:
        line.people.append(token)
        return True
    if company and len(norm) <= words.LONGEST_COMPANY and not words.SENTENCE.search(norm):
        line.companies.append(token)
        return True
    return False


def _take_latin_name(line: _Line, token: str, *, company: bool) -> bool:
    plain_words = token[:1].isupper() and any(word.islower() and _is_known(word) for word in token.split())
    if company and not plain_words and re.search(r"[^\W\d_]", token):
        line.companies.append(token)
        return True
    owner = words.TITLE_BEFORE.match(token)
    if owner and words.TITLE.fullmatch(fold(owner[1])):
        line.titles.append(owner[1])
        token = token[owner.end() :]
    capitals = [word[:1].isupper() for word in token.split()]
    if 2 <= len(capitals) <= 3 and all(capitals):
        line.people.append(token)
        return True
    return False


def _take_latin(line: _Line, token: str) -> None:
    """Latin words without commas: John Smith bakery Portland. Leading capitals are a name, known words go to their fields."""
    parts = token.split()
    name: list[str] = []
    while parts and parts[0][:1].isupper() and not _is_known(parts[0]) and len(name) < 3:
        name.append(parts.pop(0))
    if name and not line.people and not line.companies:
        whole = " ".join(name)
        (line.companies if is_company(whole, norm_of(whole)) else line.people).append(whole)
    else:
        parts = name + parts
    unknown = [part for part in parts if not (_is_known(part) and _take_word(line, part, fold(part)))]
    if unknown:
        line.rest.append(" ".join(unknown))


def _is_known(word: str) -> bool:
    folded = fold(word)
    return folded in words.GENDERS or any(
        pattern.fullmatch(folded) for pattern in (words.TITLE, words.OCCUPATION, words.INDUSTRY)
    )
