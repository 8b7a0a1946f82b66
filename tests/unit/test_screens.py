"""Every screen, in every language, with long names and full notes, as a phone must be able to show it."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from functools import cache

import pytest

import views
from bot.signing import LONGEST, Signer
from handlers import all_routes
from handlers.routing import Step
from sandbox.entities import formatted, units
from tests.unit.screen_samples import LONG, SHORT, Words, sample
from tests.unit.screens import SCREENS
from views import consents, drafts, setup
from views.language import LOCALES
from views.links import LEAVING, Leave
from views.replies import DONE, Button, Reply

OWN_WIDTH = 32  # Latin characters of a label of ours: 20 Chinese ones
NAMED_WIDTH = 40  # of a label with a name in it, which phones may cut at its end
MOST_LINES = 14
LONGEST_MESSAGE = 4096  # UTF-16 units
LONGEST_TOAST = 200
LONGEST_COPY = 256

STEPS = {route.trigger.name for route in all_routes() if isinstance(route.trigger, Step)}
WAYS = (Leave, consents.AnswerLink, drafts.OpenDraft, drafts.DropDraft, setup.Keep)

CODE = re.compile(r"<code>.*?</code>", re.DOTALL)
GAP = re.compile(r"\{\w*\}")
LATIN = re.compile(r"[A-Za-z]{2,}")
HAN = "\u3400-\u9fff"
HALF_WIDTH = re.compile(rf"[{HAN}][,;!?:]|[,;!?][{HAN}]|[{HAN}]\(|\)[{HAN}]|\([^()]*[{HAN}]| [，。、；：？！）]|[（] ")
# What is at home in Chinese too: the product, formats, Telegram's and the machine's own names, and samples of data.
ALLOWED = re.compile(
    r"https?://\S+|/[a-z_]+|keyuan_?\w*|Keyuan|XLSX|CSV|QR|CSAT|NPS|CES|\.txt|Excel|English|Telegram|webhook|pg_dump|pg_restore"
    r"|\b[MG]B\b|LINE|DTD|NT\$|sender|intake|clock|host|[\w.-]+@[\w.-]+|mingyuan_\w+|\.xlsx|\.csv|7K3QX2"
)


def replies(name: str, locale: str, words: dict[str, Words]) -> list[Reply]:
    """The screens of one view function, with the messages that come along."""
    built = list(SCREENS[name](sample(locale, words)))
    assert built
    return [*built, *(also for reply in built for also in reply.also)]


def buttons(reply: Reply) -> Iterator[Button]:
    for row in reply.rows:
        yield from row


def width(label: str) -> float:
    """How wide a label is, in Latin characters."""
    return sum(1.6 if ord(sign) > 0x2E7F else 0 if ord(sign) in (0xFE0E, 0xFE0F) else 1 for sign in label)


def seen(reply: Reply) -> list[str]:
    """All words that a person reads; ``code`` is what is typed, word for word."""
    plain, _ = formatted(CODE.sub("1", reply.text), parse_mode="HTML", entities=None, people={})
    return [text for text in (plain, reply.toast, *(b.label for b in buttons(reply))) if text]


@cache
def signer() -> Signer:
    return Signer([b"k" * 32])


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_can_be_shown_read_and_pressed(name: str, locale: str) -> None:
    for words in (SHORT, LONG):
        for reply in replies(name, locale, words):
            fits_a_phone(reply, widest=OWN_WIDTH if words is SHORT else NAMED_WIDTH)
            has_whole_words(reply, locale)
            has_sound_buttons(reply)


def fits_a_phone(reply: Reply, *, widest: int) -> None:
    plain, _ = formatted(reply.text, parse_mode="HTML", entities=None, people={})
    assert units(plain) <= LONGEST_MESSAGE
    assert plain.count("\n") < MOST_LINES, plain
    assert len(reply.toast or "") <= LONGEST_TOAST
    assert not [b.label for b in buttons(reply) if width(b.label) > widest]


def has_whole_words(reply: Reply, locale: str) -> None:
    for text in seen(reply):
        assert not GAP.search(text)
        if locale != "en":
            bare = ALLOWED.sub("1", text)
            assert not LATIN.findall(bare), bare
            assert not HALF_WIDTH.search(bare), bare


@pytest.mark.parametrize("name", SCREENS)
def test_a_question_has_a_way_on_without_typing(name: str) -> None:
    """Whoever does not know the answer, or came here by mistake, gets out by a tap; typing its label does the same."""
    for locale in LOCALES:
        for reply in replies(name, locale, SHORT):
            if reply.ask and reply.ask != DONE and reply.ask.step in STEPS:
                keys = [key.label for row in reply.keys or () for key in row]
                back = [one for one in buttons(reply) if one.label.startswith("‹ ") or isinstance(one.payload, WAYS)]
                assert back or LEAVING.intersection(label.casefold() for label in keys), reply.text


def test_every_question_is_among_the_screens() -> None:
    shown = {reply.ask.step for name in SCREENS for reply in replies(name, "en", SHORT) if reply.ask}
    assert shown >= STEPS


def has_sound_buttons(reply: Reply) -> None:
    for button in buttons(reply):
        given = [way for way in (button.payload, button.url, button.copy) if way is not None]
        assert len(given) == 1, button
        if button.payload is not None:
            signed = signer().sign(button.payload, person_id=2**40, chat_id=2**40)
            assert len(signed.encode()) <= LONGEST
        assert 0 < len(button.copy or "x") <= LONGEST_COPY
    assert all(0 < len(row) <= 8 for row in reply.rows)


def test_every_screen_is_here() -> None:
    made = set()
    for module in pkgutil.iter_modules(views.__path__):
        loaded = importlib.import_module(f"views.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            own = function.__module__ == loaded.__name__ and not name.startswith("_")
            if own and inspect.get_annotations(function).get("return") is Reply:
                made.add(f"{module.name}.{name}")
    assert made == set(SCREENS)
