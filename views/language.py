"""Wording in the reader's language, and dates, numbers and money as the reader writes them.

One catalogue per feature and language in ``locales/``, English being the source text. The translator is the
first argument of every view; it also knows the reader's zone, so that UTC stays inside.
"""

import datetime as dt
import gettext as _gettext
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Protocol, Self
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, get_currency_precision

LOCALES = ("zh_Hans", "zh_Hant", "en")
NAMES = {"zh_Hans": "简体中文", "zh_Hant": "繁體中文", "en": "English"}
_HERE = Path(__file__).parent / "locales"


class Reader(Protocol):
    """Whoever reads: somebody, or a company."""

    @property
    def locale(self) -> str: ...

    @property
    def zone(self) -> ZoneInfo: ...


class Translator:
    """Words, days, times and money for one reader."""

    def __init__(self, locale: str, zone: ZoneInfo) -> None:
        self.locale = locale if locale in LOCALES else "en"
        self.zone = zone
        self._words = catalogue(self.locale)

    @classmethod
    def of(cls, reader: Reader) -> Self:
        return cls(reader.locale, reader.zone)

    def gettext(self, message: str) -> str:
        return self._words.gettext(message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self._words.ngettext(one, many, n)

    def pgettext(self, context: str, message: str) -> str:
        return self._words.pgettext(context, message)

    def day(self, day: dt.date, *, today: dt.date | None = None) -> str:
        """A day with its weekday: ``11月25日 周三``, ``Wed, Nov 25``; with the year where it is not ``today``'s."""
        year = today is not None and day.year != today.year
        if self.locale == "en":
            return format_date(day, "EEE, MMM d, y" if year else "EEE, MMM d", locale="en")
        weekday = ("周" if self.locale == "zh_Hans" else "週") + "一二三四五六日"[day.weekday()]
        return f"{day.year}年{day.month}月{day.day}日 {weekday}" if year else f"{day.month}月{day.day}日 {weekday}"

    def month(self, number: int) -> str:
        """The name of a month: ``3月``, ``Mar``."""
        return format_date(dt.date(2000, number, 1), "MMM", locale="en") if self.locale == "en" else f"{number}月"

    def month_day(self, month: int, day: int) -> str:
        """A day of every year: ``3月5日``, ``Mar 5``."""
        return f"{self.month(month)} {day}" if self.locale == "en" else f"{month}月{day}日"

    def time(self, at: dt.datetime) -> str:
        """The clock time of an instant in the reader's zone: ``15:30``."""
        return f"{at.astimezone(self.zone):%H:%M}"

    def clock(self, at: dt.datetime, *, now: dt.datetime) -> str:
        """The clock time of an instant, with its day where that is not the reader's today."""
        is_today = at.astimezone(self.zone).date() == now.astimezone(self.zone).date()
        return self.time(at) if is_today else self.moment(at)

    def moment(self, at: dt.datetime, *, today: dt.date | None = None) -> str:
        """Day, weekday and clock time of an instant, in the reader's zone."""
        return f"{self.day(at.astimezone(self.zone).date(), today=today)} {self.time(at)}"

    def when(self, day: dt.date, at: dt.datetime | None, *, today: dt.date | None = None) -> str:
        """A day, with the clock time where there is one."""
        return self.moment(at, today=today) if at else self.day(day, today=today)

    def number(self, value: int | float) -> str:
        return format_decimal(value, locale=self._babel)

    def money(self, minor: int, currency: str) -> str:
        """An amount given in minor units: ``¥5,800``; decimals only where they are not zero."""
        digits = get_currency_precision(currency)
        major = minor / 10**digits
        symbol = {"CNY": "¥", "TWD": "NT$", "HKD": "HK$", "USD": "US$", "SGD": "S$", "EUR": "€", "JPY": "JP¥"}
        pattern = "#,##0" if minor % 10**digits == 0 else "#,##0.00"
        text = format_currency(abs(major), currency, pattern, locale="en", currency_digits=False)
        return ("-" if minor < 0 else "") + symbol.get(currency, currency + " ") + text

    def list(self, values: list[str]) -> str:
        """Values in a row: ``A、B`` or ``A, B``."""
        return (", " if self.locale == "en" else "、").join(values)

    @property
    def _babel(self) -> str:
        return self.locale if self.locale != "en" else "en_US"


class _Words(_gettext.NullTranslations):
    """The catalogues of a language that has one form for every number, by context and English text."""

    def __init__(self, words: dict[tuple[str, str], str]) -> None:
        super().__init__()
        self._words = words

    def gettext(self, message: str) -> str:
        return self._words.get(("", message), message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._words.get(("", msgid1)) or super().ngettext(msgid1, msgid2, n)

    def pgettext(self, context: str, message: str) -> str:
        return self._words.get((context, message), message)


@cache
def catalogue(locale: str) -> _gettext.NullTranslations:
    """All catalogues of a language as one; English has none, since it is the source."""
    files = sorted((_HERE / locale).glob("*.po"))
    found = [message for file in files for message in _messages(file.read_text("utf-8"))]
    return _Words({(one.get("msgctxt", ""), one["msgid"]): one["msgstr"] for one in found if one["msgid"]})


def _messages(catalogue: str) -> Iterator[dict[str, str]]:
    """What a ``.po`` says, message by message; through Babel it takes a tenth of a start."""
    message: dict[str, str] = {}
    word = ""
    for line in catalogue.splitlines():
        keyword, quote, rest = line.partition('"')
        if line.startswith("#") or not quote:
            continue
        word = keyword.strip().removesuffix("[0]") or word
        if keyword in ("msgctxt ", "msgid ") and "msgstr" in message:
            yield message
            message = {}
        message[word] = message.get(word, "") + json.loads(quote + rest)
    yield message


def guess_locale(language_code: str | None, default: str) -> str:
    """The interface language for a Telegram language code such as ``zh-hant`` or ``en-GB``; else ``default``."""
    if not language_code:
        return default
    code = language_code.lower().replace("_", "-")
    if code.startswith("zh"):
        return "zh_Hant" if any(part in code for part in ("hant", "tw", "hk", "mo")) else "zh_Hans"
    return "en" if code.startswith("en") else default
