"""What somebody types into the settings: a city for a time zone, a clock time, the hours of a night."""

import datetime as dt
import zoneinfo
from functools import cache

from babel import Locale

from parsing.expressions import expression

_FULL_WIDTH = str.maketrans("０１２３４５６７８９：．－～", "0123456789:.-~")
_TIME = expression(r"(\d{1,2})(?:[:.：点點時时h](\d{2})?分?)?")
_BETWEEN = expression(r"\s*(?:-|–|—|~|到|至|to|until)\s*")
LANGUAGES = ("zh_Hans", "zh_Hant", "en")


def zone_named(typed: str) -> str | None:
    """The IANA name of a zone as somebody types it: ``europe/paris``, ``Paris``, ``new york``, ``巴黎``; else ``None``."""
    return _zones().get(_plain(typed))


def clock_time(typed: str) -> dt.time | None:
    """A time of day: ``7:45``, ``07.45``, ``8``, ``8点30分``; else ``None``."""
    match = _TIME.fullmatch(typed.translate(_FULL_WIDTH).strip().lower())
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    return dt.time(hour, minute) if hour < 24 and minute < 60 else None


def hours_span(typed: str) -> tuple[dt.time, dt.time] | None:
    """Two times of day: ``22:30-07:00``, ``22点到7点``, ``22 to 7``; else ``None``."""
    parts = _BETWEEN.split(typed.translate(_FULL_WIDTH).strip().lower())
    if len(parts) != 2:
        return None
    start, end = clock_time(parts[0]), clock_time(parts[1])
    return (start, end) if start is not None and end is not None else None


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


@cache
def _zones() -> dict[str, str]:
    """Zones by every name they go by: the zone's own, its city, and the city in each language."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc"))
    known: dict[str, str] = {}
    for name in names:
        known[_plain(name)] = name
        known.setdefault(_plain(name.rsplit("/", 1)[-1]), name)
    usable = set(names)
    for language in LANGUAGES:
        for name, words in Locale.parse(language).time_zones.items():
            if "city" in words and name in usable:
                known.setdefault(_plain(str(words["city"])), name)
    return known | {"北京": "Asia/Shanghai", "beijing": "Asia/Shanghai", "臺北": "Asia/Taipei"}
