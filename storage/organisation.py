"""What holds for the whole organisation: language, region, zone, working time, holidays, keys.

Values that ``/setup`` stored win over those of the environment, which are the defaults (``use_defaults``).
"""

import datetime as dt
import sys
from collections.abc import Mapping
from dataclasses import field, replace
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakKeyDictionary, WeakSet
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from domain.amounts import currency_of
from domain.calendar import Calendar, WorkTime
from domain.carriers import Carrier
from domain.values import frozen
from storage.models import Setting

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

READ = select(Setting.value).where(Setting.name == bindparam("name"))
_STORE = {  # one statement: workers that start together write the same value
    name: (made := dialect.insert(Setting)).on_conflict_do_update(
        index_elements=["name"], set_={"value": made.excluded.value}
    )
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


@frozen
class Organisation:
    """The organisation's choices. ``region`` is the country of phones, holidays and currency."""

    locale: str = "zh_Hans"
    region: str = "CN"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    worktime: WorkTime = field(default_factory=lambda: WorkTime.parse("Mon-Fri 09:00-18:00"))
    worktime_text: str = "Mon-Fri 09:00-18:00"
    name: str | None = None
    set_up: bool = False
    strangers: str = "open"  # or closed: no enquiries of who came by no link
    carriers: frozenset[Carrier] = frozenset()  # of the environment: how who has no Telegram can be written to

    @property
    def asks_strangers(self) -> bool:
        return self.strangers == "open"

    @property
    def currency(self) -> str:
        return currency_of(self.region)


class _Known:
    """The organisation as last read. One process writes it through ``save``, and others are re-read every minute."""

    defaults = Organisation()
    kept: ClassVar[WeakKeyDictionary[Engine, tuple[dt.datetime, Organisation]]] = WeakKeyDictionary()
    changing: ClassVar["WeakSet[UnitOfWork]"] = WeakSet()  # what these read may be rolled back yet: nobody keeps it


FRESH = dt.timedelta(seconds=60)  # how long another worker's change of settings may go unseen


def use_defaults(organisation: Organisation) -> None:
    """Set what holds where ``/setup`` chose nothing: the environment's values, once at the start."""
    _Known.defaults = organisation
    _Known.kept.clear()


class OrganisationRepository:
    """The organisation's settings and other single values."""

    def __init__(self, uow: "UnitOfWork") -> None:
        self._uow = uow
        self._run: Any = uow.connection.execute

    def value(self, name: str) -> dict[str, Any] | None:
        """A stored value by its name."""
        found: dict[str, Any] | None = self._run(READ, {"name": name}).scalar_one_or_none()
        return found

    def store(self, name: str, value: Mapping[str, Any]) -> None:
        """Write a single value."""
        self._run(_STORE[self._uow.connection.dialect.name], {"name": name, "value": dict(value)})

    def get(self) -> Organisation:
        """What holds now."""
        if self._uow in _Known.changing:
            return _read(self.value("organisation") or {}, _Known.defaults)
        where = self._uow.connection.engine
        kept = _Known.kept.get(where)
        if kept is None or abs(self._uow.now - kept[0]) > FRESH:
            kept = (self._uow.now, _read(self.value("organisation") or {}, _Known.defaults))
            _Known.kept[where] = kept
        return kept[1]

    def save(self, **chosen: str | bool | None) -> Organisation:
        """Store what ``/setup`` chose: locale, region, zone, worktime, name, set_up; as text."""
        stored = (self.value("organisation") or {}) | chosen
        self.store("organisation", stored)
        _Known.changing.add(self._uow)
        _Known.kept.pop(self._uow.connection.engine, None)
        return _read(stored, _Known.defaults)

    def calendar(self) -> Calendar:
        """Holidays and make-up workdays of last year to the year after next, with the stored overrides."""
        overrides = self.value("calendar") or {}
        off = tuple(sorted(overrides.get("days_off", ())))
        on = tuple(sorted(overrides.get("make_up_days", ())))
        return build_calendar(self.get().region, self._uow.now.year, off, on)


def _read(stored: Mapping[str, Any], defaults: Organisation) -> Organisation:
    found = defaults
    if zone := stored.get("zone"):
        found = replace(found, zone=ZoneInfo(zone))
    if worktime := stored.get("worktime"):
        found = replace(found, worktime=WorkTime.parse(worktime), worktime_text=worktime)
    plain = {k: stored[k] for k in ("locale", "region", "name", "set_up", "strangers") if stored.get(k) is not None}
    return replace(found, **plain)


@cache
def _library() -> Any:
    """``holidays``, which loads a country when it is asked for, but with it the package that loads all 250."""
    if spec := find_spec("holidays.countries"):
        sys.modules[spec.name] = module_from_spec(spec)  # known, and never run
    return import_module("holidays")


@lru_cache(maxsize=8)
def build_calendar(region: str, year: int, days_off: tuple[str, ...] = (), make_up: tuple[str, ...] = ()) -> Calendar:
    """The public calendar of a region as the ``holidays`` library knows it, for ``year - 1`` to ``year + 2``.

    A year whose make-up workdays are not announced yet has its statutory days only. An unknown region has none.
    ``days_off`` and ``make_up`` are an admin's own days (ISO) and win.
    """
    years = range(year - 1, year + 3)
    try:
        known = _library().country_holidays(region, years=years)
    except NotImplementedError:
        return Calendar(frozenset(map(dt.date.fromisoformat, days_off)), frozenset(map(dt.date.fromisoformat, make_up)))
    own_off = {dt.date.fromisoformat(d) for d in days_off}
    own_on = {dt.date.fromisoformat(d) for d in make_up}
    make_ups = set(getattr(known, "weekend_workdays", ())) | own_on
    return Calendar(frozenset((set(known) | own_off) - own_on), frozenset(make_ups - own_off))
