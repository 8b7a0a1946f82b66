"""Phone numbers: normalised where the region knows them, kept as typed where it does not.

Old files and foreign customers bring numbers that no plan validates, such as ``030-0074321``. They are worth keeping
and finding by their last digits, so ``e164`` is ``None`` then, and nothing else is lost.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from domain.values import frozen
from parsing.expressions import expression
from parsing.letters import fold

TAIL = 4  # digits: what people remember of a number, and say
FEWEST_DIGITS = 5  # fewer are an extension or a short code, nobody's number
MOST_DIGITS = 15  # E.164


class PhoneKind(StrEnum):
    MOBILE = "mobile"
    LANDLINE = "landline"
    OTHER = "other"


@frozen
class Phone:
    """A number as it was typed, and what could be made of it.

    ``e164`` is ``None`` unless the number is valid in its country; ``national`` is how people there write it;
    ``tail`` the last four digits.
    """

    typed: str
    e164: str | None
    national: str
    tail: str
    kind: PhoneKind
    valid: bool


@frozen
class FoundPhone:
    """A number inside a text, at ``text[start:end]``."""

    start: int
    end: int
    phone: Phone


# How sheets name countries, where it is not the two-letter code itself.
COUNTRIES = {
    "usa": "US",
    "united states": "US",
    "united states of america": "US",
    "america": "US",
    "uk": "GB",
    "united kingdom": "GB",
    "great britain": "GB",
    "england": "GB",
    "germany": "DE",
    "deutschland": "DE",
    "mexico": "MX",
    "france": "FR",
    "spain": "ES",
    "sweden": "SE",
    "switzerland": "CH",
    "canada": "CA",
    "argentina": "AR",
    "brazil": "BR",
    "austria": "AT",
    "italy": "IT",
    "portugal": "PT",
    "venezuela": "VE",
    "ireland": "IE",
    "belgium": "BE",
    "norway": "NO",
    "denmark": "DK",
    "finland": "FI",
    "poland": "PL",
    "netherlands": "NL",
    "russia": "RU",
    "china": "CN",
    "中国": "CN",
    "taiwan": "TW",
    "台湾": "TW",
    "hong kong": "HK",
    "香港": "HK",
    "macau": "MO",
    "macao": "MO",
    "澳门": "MO",
    "singapore": "SG",
    "新加坡": "SG",
    "malaysia": "MY",
    "马来西亚": "MY",
    "japan": "JP",
    "日本": "JP",
    "korea": "KR",
    "south korea": "KR",
    "韩国": "KR",
    "thailand": "TH",
    "泰国": "TH",
    "vietnam": "VN",
    "越南": "VN",
    "australia": "AU",
    "澳大利亚": "AU",
    "new zealand": "NZ",
    "india": "IN",
    "美国": "US",
    "英国": "GB",
    "德国": "DE",
    "法国": "FR",
    "加拿大": "CA",
}

# A run that may be a number: digits in at most six groups, with a plus and brackets where people put them.
_RUN = expression(
    r"(?<![a-z\d.,/¥$€£])(?<!\d:)\+?\(?\d{1,12}+\)?(?:(?:[ .\-]{1,2}|(?<=\)))\(?\d{2,8}+\)?){0,5}+(?![a-z\d%万千元块套台个])(?![.,:/]\d)"
)
_TIGHT_RUN = expression(
    r"(?<![\d.¥$€£])(?:\+?86[ \-]?)?1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}(?!\d)|(?<![\d.])\+\d[\d \-]{6,16}\d"
)
_EXTENSION = expression(r"\s*(?:转|ext\.?|x|分机|#)\s*(\d{1,6})$")


def region_of(country: str | None, region: str) -> str:
    """The country code to read a number by: of the customer's country where a sheet names it, else our own."""
    hint = fold(country or "").strip().strip(".")
    if len(hint) == 2 and hint.upper() in phonenumbers.SUPPORTED_REGIONS:
        return hint.upper()
    return COUNTRIES.get(_plain(hint), region)


def home_of(e164: str) -> str | None:
    """The two-letter country of a whole number; ``None`` where it belongs to none."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(e164))
    except NumberParseException:
        return None


def _plain(hint: str) -> str:
    return hint.translate(str.maketrans("éíóáüã", "eioaua"))


@lru_cache(maxsize=4096)
def parse_phone(text: str, region: str, *, country: str | None = None) -> Phone | None:
    """A phone number from a field that holds nothing else, or ``None`` where there is none.

    Args:
        region: two-letter country code of the organisation.
        country: of the customer, as a sheet names it; wins over ``region`` for numbers without a country code.
    """
    typed = " ".join(text.split())
    folded = _EXTENSION.sub("", fold(typed))
    digits = re.sub(r"\D", "", folded)
    if not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS or len(re.sub(r"[\d\s()+.\-/]", "", folded)) > 0:
        return None
    where = region_of(country, region)
    number = _number(folded, where)
    if number is None or not phonenumbers.is_valid_number(number):
        return Phone(typed, None, typed, digits[-TAIL:], PhoneKind.OTHER, False)
    return Phone(
        typed=typed,
        e164=phonenumbers.format_number(number, PhoneNumberFormat.E164),
        national=phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL),
        tail=digits[-TAIL:],
        kind=_kind(number),
        valid=True,
    )


def find_phones(text: str, region: str) -> tuple[FoundPhone, ...]:
    """Phone numbers inside a text; what is not valid counts from seven digits, written as numbers are."""
    folded = fold(text)
    if sum(char.isdigit() for char in folded) < FEWEST_DIGITS:
        return ()
    found: list[FoundPhone] = []
    for start, end in _runs(folded):
        phone = parse_phone(text[start:end], region)
        if phone and (phone.valid or _looks_dialled(folded[start:end])):
            found.append(FoundPhone(start, end, phone))
    return tuple(found)


def mask(phone: str) -> str:
    """Enough to recognise a number one knows, not enough to call it: 138****0000."""
    digits = [i for i, char in enumerate(phone) if char.isdigit()]
    if len(digits) <= TAIL:
        return "*" * len(phone)
    shown = max(0, len(digits) - 2 * TAIL)  # four in the middle are hidden, or all but the tail of a short one
    head = phone[: digits[shown]].rstrip(" -(.") if shown else ""
    return f"{head}****{''.join(phone[i] for i in digits[-TAIL:])}"


def _runs(folded: str) -> Iterator[tuple[int, int]]:
    """Candidates, the surest shapes first; a mobile glued to words (李四13800000000火锅店) is one."""
    taken: list[tuple[int, int]] = []
    for pattern in (_TIGHT_RUN, _RUN):
        for match in pattern.finditer(folded):
            start, end = match.span()
            end -= len(match[0]) - len(match[0].rstrip(" .-/("))
            if all(end <= a or b <= start for a, b in taken):
                taken.append((start, end))
    yield from sorted(taken)


def _looks_dialled(run: str) -> bool:
    """Whether digits that are no valid number are written as one: 030-0074321, (5) 555-4729, 0912345678."""
    digits = re.sub(r"\D", "", run)
    if re.fullmatch(r"(?:19|20)\d\d[-. ]\d{1,2}[-. ]\d{1,2}(?: .*)?", run):
        return False
    written = run[0] in "+(0" or re.fullmatch(r"(?:\d{3}-)?\d{3}-\d{4}", run)
    return bool(written) and 7 <= len(digits) <= MOST_DIGITS


def _number(folded: str, region: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(folded, region)
    except NumberParseException:
        return None


def _kind(number: PhoneNumber) -> PhoneKind:
    match phonenumbers.number_type(number):
        case PhoneNumberType.MOBILE:
            return PhoneKind.MOBILE
        case PhoneNumberType.FIXED_LINE:
            return PhoneKind.LANDLINE
        case _:
            return PhoneKind.OTHER
