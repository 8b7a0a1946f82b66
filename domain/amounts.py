"""Money named in a log: which part it plays, and how much in minor units of its currency."""

from enum import StrEnum

from domain.values import frozen

# Currencies whose minor unit is the unit itself; every other one here has two decimals (ISO 4217).
WHOLE = frozenset({"JPY", "KRW", "VND"})
LARGEST_MINOR = 10**17  # a quadrillion of the currency: beyond it somebody typed a card number, and SQL has 64 bits

REGION_CURRENCY = {
    "CN": "CNY",
    "TW": "TWD",
    "HK": "HKD",
    "MO": "MOP",
    "SG": "SGD",
    "US": "USD",
    "JP": "JPY",
    "KR": "KRW",
    "GB": "GBP",
    "MY": "MYR",
    "TH": "THB",
    "VN": "VND",
    "AU": "AUD",
    "CA": "CAD",
    "NZ": "NZD",
    "CH": "CHF",
    "DE": "EUR",
    "AT": "EUR",
    "FR": "EUR",
    "ES": "EUR",
    "IT": "EUR",
    "NL": "EUR",
    "BE": "EUR",
    "IE": "EUR",
    "PT": "EUR",
    "FI": "EUR",
}


class AmountRole(StrEnum):
    """Only ``ORDER`` and ``PAYMENT`` ever enter a sum."""

    BUDGET = "budget"
    QUOTE = "quote"
    ORDER = "order"
    PAYMENT = "payment"
    MENTIONED = "mentioned"


@frozen
class Amount:
    """Money as it was named: ``text`` is ``[start:end]`` of the message.

    Of a range ("10-15万") ``minor`` is the lower end, the part that is certain; ``text`` keeps both.
    """

    role: AmountRole
    minor: int
    currency: str
    text: str
    start: int
    end: int


def currency_of(region: str) -> str:
    """The currency of a country code; US dollars where we do not know it."""
    return REGION_CURRENCY.get(region.upper(), "USD")


def decimals_of(currency: str) -> int:
    """Digits after the point in which ``minor`` counts."""
    return 0 if currency in WHOLE else 2
