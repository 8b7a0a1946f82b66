"""The shapes in which pages of customers without Telegram are shown, and how they become HTML.

The templates hold no words and escape every value. Nothing is loaded from elsewhere, nothing needs a script.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from domain.bindings import LINK_DAYS
from domain.consents import Purpose
from domain.uploads import LARGEST_PICTURE, MOST_PICTURES
from domain.values import frozen
from views.language import NAMES, Translator

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).parent / "web_page"
Query = Mapping[str, str]
PICTURE = "picture"  # the field of an ``Invalid`` about a file
ACCEPT = "image/jpeg,image/png,image/webp"  # a phone makes a JPEG of whatever it has


class Note(StrEnum):
    """What happened on the way to a page, as the address carries it."""

    ANSWERED = "answered"
    GONE = "gone"
    SAVED = "saved"


@frozen
class Step:
    """Where one can go: a link, or with ``fields`` a form of one button. ``kind``: primary, plain or quiet."""

    label: str
    to: Query
    kind: str = "plain"
    fields: Mapping[str, str | int] | None = None


@frozen
class Choice:
    """One answer among several."""

    label: str
    value: str | int
    chosen: bool = False


@frozen
class Page:
    """A template, the title, and its values. ``ends``: its link is valid for a while, as the foot says."""

    template: str
    title: str
    values: Mapping[str, Any] = field(default_factory=dict)
    ends: bool = True


def render(t: Translator, page: Page, query: Query, organisation: str | None) -> str:
    """The page as HTML. ``query``: the address asked for, in which another language is one more field."""
    own = {"l": query["l"]} if "l" in query else {}

    def address(to: Query) -> str:
        return "?" + urlencode({**to, **own})

    languages = [(NAMES[one], "?" + urlencode({**query, "l": one}), one == t.locale) for one in NAMES]
    return (
        _environment()
        .get_template(page.template)
        .render(
            **page.values,
            title=page.title,
            lang={"zh_Hans": "zh-Hans", "zh_Hant": "zh-Hant"}.get(t.locale, "en"),
            languages=languages,
            language=t.gettext("Language"),
            address=address,
            organisation=organisation or "",
            foot=_foot(t) if page.ends else "",
        )
    )


def message(
    t: Translator, sign: str, title: str, lines: Sequence[str], steps: Sequence[Step], *, note: Note | None = None
) -> Page:
    values = {"sign": sign, "lines": lines, "steps": steps, "note": note_words(t, note)}
    return Page("message.html", title, values | {"facts": (), "quote": "", "wishes": None})


def note_words(t: Translator, note: Note | None) -> str:
    match note:
        case None:
            return ""
        case Note.ANSWERED:
            return t.gettext("That was answered already, here or on another device. This is how it stands.")
        case Note.GONE:
            return t.gettext("That is no longer open.")
        case Note.SAVED:
            return t.gettext("Saved, thank you.")


def home_step(t: Translator) -> Step:
    return Step(t.gettext("To the overview"), {}, "quiet")


def back_step(t: Translator) -> Step:
    return Step("‹ " + t.gettext("Back"), {}, "quiet")


def bad_picture(t: Translator) -> str:
    return t.gettext(
        "This is no photo that we can take: JPEG, PNG or WebP, at most {size} MB each and {n} at a time. Please choose again."
    ).format(size=LARGEST_PICTURE // 2**20, n=MOST_PICTURES)


def wishes(t: Translator, agreed: Mapping[Purpose, bool]) -> dict[str, Any]:
    """May we write, asked apart for service and for offers. A change of meaning is a new ``TEXT_VERSION``."""
    lines = {
        Purpose.SERVICE: t.gettext("About your matters: appointments, answers, service and how satisfied you are."),
        Purpose.OFFERS: t.gettext("About offers and news now and then. That is separate; a no changes nothing else."),
    }
    return {
        "title": t.gettext("May we write to you?"),
        "rows": [
            {
                "words": words,
                "purpose": str(purpose),
                "yes": Choice(t.gettext("Yes, you may"), "yes", agreed.get(purpose) is True),
                "no": Choice(t.gettext("No, thank you"), "no", agreed.get(purpose) is False),
            }
            for purpose, words in lines.items()
        ],
        "foot": t.gettext("You can change that here at any time."),
    }


def _foot(t: Translator) -> str:
    text = t.gettext("This page is yours alone: please do not pass its link on. It is valid for {days} days.")
    return text.format(days=LINK_DAYS)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # many companies have no such page

    made = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
    made.trim_blocks = made.lstrip_blocks = True
    return made


@cache
def stylesheet() -> bytes:
    """How the page looks, by day and by night."""
    return (FOLDER / "page.css").read_bytes()
