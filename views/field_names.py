"""The fields of customers and contacts in the reader's language, and their values as people read them."""

import datetime as dt

from babel.dates import format_date

from domain.cards import ContactField, Field
from domain.customers import Birthday, ChannelKind
from views.language import Translator
from views.replies import clip, escape

VALUE = 120  # characters of a value on one line of a card
_MONTHS = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊")
_MONTHS_HANT = (*_MONTHS[:11], "臘")
_DIGITS = "一二三四五六七八九十"


def field_name(t: Translator, field: Field) -> str:
    match field:
        case Field.NAME:
            return t.gettext("Name")
        case Field.NICKNAME:
            return t.gettext("Nickname")
        case Field.KIND:
            return t.gettext("Kind")
        case Field.STAGE:
            return t.gettext("Stage")
        case Field.GRADE:
            return t.gettext("Grade")
        case Field.TAGS:
            return t.gettext("Tags")
        case Field.NEEDS:
            return t.gettext("Needs")
        case Field.BUDGET:
            return t.gettext("Budget")
        case Field.NOTE:
            return t.gettext("Note")
        case Field.OCCUPATION:
            return t.gettext("Occupation")
        case Field.INDUSTRY:
            return t.gettext("Industry")
        case Field.PREFERENCES:
            return t.gettext("Preferences")
        case Field.INTERESTS:
            return t.gettext("Interests")
        case Field.SOURCE:
            return t.gettext("Source")
        case Field.CITY:
            return t.gettext("City")
        case Field.DISTRICT:
            return t.gettext("District")
        case Field.ADDRESS:
            return t.gettext("Address")
        case Field.LOCATION:
            return t.gettext("Location")
        case Field.EXTERNAL_ID:
            return t.gettext("Customer number")


def contact_field_name(t: Translator, field: ContactField) -> str:
    match field:
        case ContactField.NAME:
            return t.gettext("Name")
        case ContactField.NICKNAME:
            return t.gettext("Nickname")
        case ContactField.TITLE:
            return t.gettext("Job title")
        case ContactField.PART:
            return t.gettext("Decision role")
        case ContactField.PHONE:
            return t.gettext("Phone")
        case ContactField.EMAIL:
            return t.gettext("E-mail")
        case ContactField.WECHAT:
            return t.gettext("WeChat")
        case ContactField.BIRTHDAY:
            return t.gettext("Birthday")
        case ContactField.GENDER:
            return t.gettext("Gender")
        case ContactField.PREFERRED_CHANNEL:
            return t.gettext("Preferred channel")
        case ContactField.PREFERRED_TIME:
            return t.gettext("Preferred time")


def channel_name(t: Translator, kind: ChannelKind) -> str:
    match kind:
        case ChannelKind.PHONE:
            return t.gettext("Phone")
        case ChannelKind.EMAIL:
            return t.gettext("E-mail")
        case ChannelKind.WECHAT:
            return t.gettext("WeChat")
        case ChannelKind.FAX:
            return t.gettext("Fax")
        case ChannelKind.OTHER:
            return t.gettext("Other")


def labelled(t: Translator, label: str, value: str) -> str:
    """``Needs: a new counter``, escaped, on one line."""
    return t.gettext("{label}: {value}").format(label=label, value=escape(clip(value, VALUE)))


def birthday_words(t: Translator, birthday: Birthday) -> str:
    """``3月12日``, ``1985年3月12日``, ``农历八月十五``; ``March 12, 1985``, ``lunar 8/15``."""
    if not birthday.lunar:
        return _solar(t, birthday)
    if t.locale == "en":
        day = t.gettext("lunar {month}/{day}").format(month=birthday.month, day=birthday.day)
        return f"{day}, {birthday.year}" if birthday.year else day
    months = _MONTHS if t.locale == "zh_Hans" else _MONTHS_HANT
    lunar = t.gettext("lunar {month}/{day}").format(month=months[birthday.month - 1], day=lunar_day(birthday.day))
    return f"{birthday.year}年{lunar}" if birthday.year else lunar


def _solar(t: Translator, birthday: Birthday) -> str:
    if t.locale != "en":
        day = f"{birthday.month}月{birthday.day}日"
        return f"{birthday.year}年{day}" if birthday.year else day
    leap = dt.date(birthday.year or 2000, birthday.month, birthday.day)  # 2000 has a 29 February
    return format_date(leap, "MMMM d, y" if birthday.year else "MMMM d", locale="en")


def lunar_day(day: int) -> str:
    """A day of a lunar month as it is written: 初一, 十五, 廿三, 三十."""
    if day <= 10:
        return "初" + _DIGITS[day - 1]
    if day < 20:
        return "十" + _DIGITS[day - 11]
    if day == 20:
        return "二十"
    return "三十" if day == 30 else "廿" + _DIGITS[day - 21]
