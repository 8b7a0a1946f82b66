"""Every refusal has a sentence in every language, with its facts, and says what to do instead."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from domain import errors as domain_errors
from domain.errors import Changed, DomainError, Fault, Invalid, NotAllowed, NotFound, Taken, Throttled, TooLate
from domain.sheets import Reason, SheetRefused
from views import errors
from views.language import LOCALES, Translator

AT = dt.datetime(2026, 11, 18, 7, 30, tzinfo=dt.UTC)


def all_kinds(base: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    """Every class of refusal, wherever it is declared."""
    for kind in base.__subclasses__():
        yield kind
        yield from all_kinds(kind)


def samples() -> list[DomainError]:
    """At least one of each kind, with and without what it may carry."""
    return [
        NotFound("customer", 7),
        NotAllowed("team"),
        Changed("member", 7),
        TooLate("undo"),
        *(Invalid("name", fault, limit) for fault in Fault for limit in (None, 64)),
        Taken("customer"),
        Taken("customer", "王娜 <b>"),
        Throttled("link"),
        Throttled("link", AT),
        *(SheetRefused(reason, {"limit": 20, "row": 3, "rows": 5, "found": 9}) for reason in Reason),
    ]


def test_there_is_a_sample_of_every_kind() -> None:
    assert {type(sample) for sample in samples()} == set(all_kinds())


def test_the_module_draws_the_whole_tree() -> None:
    drawn = domain_errors.__doc__ or ""
    own = [kind for kind in all_kinds() if kind.__module__ == domain_errors.__name__]
    assert not [kind.__name__ for kind in own if kind.__name__ not in drawn]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("refusal", samples(), ids=lambda refusal: f"{type(refusal).__name__}-{_facts(refusal)}")
def test_every_refusal_has_wording_in_every_language(refusal: DomainError, locale: str) -> None:
    t = Translator(locale, ZoneInfo("Asia/Shanghai"))
    said = errors.refused(t, refusal)
    words = said.text or said.toast or ""
    assert len(words) > 5 and "{" not in words and "None" not in words
    assert any("\u4e00" <= char <= "\u9fff" for char in words) is (locale != "en") or "王娜" in words
    assert "<b>" not in words  # a name is escaped


def _facts(refusal: DomainError) -> str:
    values: dict[str, object] = dataclasses.asdict(refusal) if dataclasses.is_dataclass(refusal) else {}
    return "-".join(str(value)[:12] for value in values.values())


@pytest.mark.parametrize("locale", LOCALES)
def test_names_times_and_limits_are_told(locale: str) -> None:
    t = Translator(locale, ZoneInfo("Asia/Shanghai"))
    assert "王娜" in errors.refused(t, Taken("customer", "王娜")).text
    assert "15:30" in errors.refused(t, Throttled("link", AT)).text
    assert "64" in errors.refused(t, Invalid("name", Fault.TOO_LONG, 64)).text


@pytest.mark.parametrize("locale", LOCALES)
def test_refusals_of_one_language_differ(locale: str) -> None:
    t = Translator(locale, ZoneInfo("Asia/Shanghai"))
    kinds = [NotFound("a", 1), NotAllowed("a"), Changed("a", 1), TooLate("a"), Taken("a"), Throttled("a")]
    assert len({errors.refused(t, kind).text for kind in kinds}) == len(kinds)


def test_what_nobody_worded_is_a_bug() -> None:
    with pytest.raises(TypeError):
        errors.refused(Translator("en", ZoneInfo("UTC")), DomainError())
