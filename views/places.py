"""Zones and countries in the reader's words; what is not worded here is named by Babel's own data."""

from babel import Locale

from views.language import Translator


def zone_name(t: Translator, zone: str) -> str:
    """A time zone by its city: ``Asia/Taipei`` is Taipei, 台北."""
    if zone == "Asia/Shanghai":
        return t.gettext("Beijing, Shanghai")
    city = Locale.parse(t.locale).time_zones.get(zone, {}).get("city")
    return str(city) if city else zone.rsplit("/", 1)[-1].replace("_", " ")


def region_name(t: Translator, region: str) -> str:
    """A country or region by its two letters."""
    match region:
        case "CN":
            return t.gettext("Mainland China")
        case "TW":
            return t.gettext("Taiwan")
        case "HK":
            return t.gettext("Hong Kong")
        case _:
            return str(Locale.parse(t.locale).territories.get(region, region))
