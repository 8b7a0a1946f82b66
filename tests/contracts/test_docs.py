"""The documents name what exists and nothing else: commands, variables, files, and the same things in both languages."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from babel.messages.pofile import read_po

from bot.settings import VARIABLES
from domain.people import Role
from handlers import all_routes
from handlers.routing import Command
from storage.organisation import Organisation
from views.language import LOCALES, Translator
from views.menus import command_words

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")
GUIDES = {Role.REP: "reps.md", Role.LEAD: "leads.md", Role.ADMIN: "admins.md"}
PAGES = ("reps.md", "leads.md", "admins.md", "operators.md", "performance.md")
DOCUMENTS = tuple(
    sorted(
        str(file.relative_to(ROOT))
        for file in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
    )
)  # fmt: skip
FENCE = re.compile(r"^( *)```.*?^\1```$", re.MULTILINE | re.DOTALL)
BOLD = re.compile(r"\*\*([^*]+)\*\*")
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED = re.compile(r"(?<![\w/.])/([a-z]{3,})\b(?![/.\w])")  # /today, not docs/en or /healthz,
BOT_FATHER = frozenset({"newbot", "revoke", "setcommands", "setinline", "setjoingroups", "setprivacy", "token"})
PLACES = frozenset({"data", "healthz", "metrics", "readyz"})  # folders and web addresses


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def commands(role: Role) -> set[str]:
    """What stands in the menu of a role."""
    t = Translator(LOCALES[0], Organisation().zone)
    names = {
        name
        for route in all_routes()
        if isinstance(route.trigger, Command) and role in route.allowed
        for name in (route.trigger.name, *route.trigger.aliases)
    }
    return {name for name in names if command_words(t, name, role)}


def headings(text: str) -> list[tuple[int, str]]:
    """Level and words of every heading outside code."""
    return [(len(hit[1]), hit[2].strip()) for hit in re.finditer(r"^(#+) (.+)$", FENCE.sub("", text), re.MULTILINE)]


def anchor(heading: str) -> str:
    """The name by which a heading is linked to."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("role", GUIDES)
def test_every_command_of_a_role_is_explained(role: Role, language: str) -> None:
    below = {Role.REP: set(), Role.LEAD: commands(Role.REP), Role.ADMIN: commands(Role.LEAD)}[role]
    own = commands(role) - below
    told = set(NAMED.findall(read(f"docs/{language}/{GUIDES[role]}")))
    assert own <= told


@pytest.mark.parametrize("name", [*READMES, *(f"docs/{lang}/{page}" for lang in ("en", "zh") for page in PAGES)])
def test_no_command_is_named_that_does_not_exist(name: str) -> None:
    triggers = [route.trigger for route in all_routes() if isinstance(route.trigger, Command)]
    known = {name for trigger in triggers for name in (trigger.name, *trigger.aliases)}
    said = re.findall(r"`/([a-z]{3,})\b", read(name))
    assert set(said) - BOT_FATHER - PLACES <= known


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_variable_is_named_that_does_not_exist(name: str) -> None:
    assert set(re.findall(r"KEYUAN_[A-Z_]*[A-Z]", read(name))) <= {*VARIABLES, "FAIL_ON_SKIP"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_variable_is_explained_to_operators(language: str) -> None:
    rows = re.findall(r"^\| `(KEYUAN_[A-Z_]+)` \|", read(f"docs/{language}/operators.md"), re.MULTILINE)
    assert sorted(rows) == sorted(VARIABLES)


@pytest.mark.parametrize("name", READMES)
def test_the_readme_names_the_two_commands(name: str) -> None:
    first = FENCE.search(read(name))
    assert first is not None
    assert first[0].splitlines()[1:-1] == ["pip install uv && uv run keyuan", "pip install uv && uv run pytest"]


@pytest.mark.parametrize(
    "english, chinese",
    [READMES, *((f"docs/en/{page}", f"docs/zh/{page}") for page in PAGES)],
)
def test_both_languages_have_the_same_headings(english: str, chinese: str) -> None:
    one, other = headings(read(english)), headings(read(chinese))
    assert [level for level, _ in one] == [level for level, _ in other]


@pytest.mark.parametrize("page", GUIDES.values())
@pytest.mark.parametrize("language, locale", [("en", None), ("zh", "zh_Hans")])
def test_buttons_are_called_what_the_bot_calls_them(language: str, locale: str | None, page: str) -> None:
    known = "\n".join(words_of(locale)).lower()
    told = {label.rstrip(".,:").lower() for label in BOLD.findall(read(f"docs/{language}/{page}"))}
    assert told
    assert {label for label in told if label not in known} <= {"start", "开始"}, "Telegram's own button aside"


def words_of(locale: str | None) -> list[str]:
    """Everything the bot says: English source texts, or what they are in a language."""
    said = []
    for file in (ROOT / "views" / "locales" / (locale or "zh_Hans")).glob("*.po"):
        with file.open("rb") as catalogue:
            for message in read_po(catalogue):
                given = message.string if locale else message.id
                said += [given] if isinstance(given, str) else list(given or ())
    return said


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    for target in LINK.findall(FENCE.sub("", read(name))):
        if target.startswith(("http://", "https://")):
            continue
        path, _, fragment = unquote(target).partition("#")
        file = (ROOT / name).parent / path if path else ROOT / name
        assert file.exists(), target
        if fragment:
            assert fragment in {anchor(words) for _, words in headings(file.read_text("utf-8"))}, target
