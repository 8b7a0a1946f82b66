"""The trail speaks words: every act has a name, and every column of a journaled row is worded or knowingly left out."""

import ast
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from storage.history import SILENT
from storage.models import Base
from views.changes import COLUMNS, TITLES, table_words
from views.history import ACTS
from views.language import LOCALES, Translator

ROOT = Path(__file__).parents[2]
CODE = ("actions", "handlers", "reminders", "bot")
PREFIX = "birthday_"  # shown as one field

# What nobody is told: keys, what follows from other columns, what only the program needs.
KEYS = {"id", "version", "created_at", "created_by", "customer_id", "contact_id", "touch_id", "draft_id"}
LEFT_OUT = {
    "customer": {"longitude", "import_id", "touched_at"},
    "channel": {"normal"},
    "tag": {"norm"},
    "touch": {"chat_id", "message_id"},
    "touch_amount": {"role", "currency", "words"},
    "next_touch": {"owner_id"},
    "reminder": {"repeat"},
    "draft": {"chat_id", "message_id", "said_at", "understood", "missing"},
    "media": {"talk_id", "case_id", "kind", "file_id", "unique_id", "size", "latitude", "longitude", "said_at"},
    "member": {"person_id"},
    "invite": {"token_hash", "team_id", "issued_by", "expires_at", "used_by", "used_at"},
    "person": {
        "telegram_id",
        "name",
        "username",
        "reachable",
        "unreachable_since",
        "stopped_at",
        "paused_until",
        "topics_off",
    },
    "sheet_import": {"member_id", "content", "facts", "state", "act_id"},
}
# Told whole, by the name of the act: a customer's own side is no list of columns.
WHOLE = frozenset(
    {"binding", "case_entry", "consent", "correction", "customer_case", "customer_link", "enquiry", "erasure"}
    | {"reply_template", "survey", "survey_invitation", "survey_response", "survey_wave", "talk"}
)
JOURNALED = {name: table for name, table in Base.metadata.tables.items() if "version" in table.c and name not in WHOLE}


def kinds_written() -> set[str]:
    """The kinds of acts that the code opens: the second argument of ``uow.act``, where it is written out."""
    found = set()
    for folder in CODE:
        for path in (ROOT / folder).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_kind(node.value):
                    found.add(node.value)
    return found


def _is_kind(text: str) -> bool:
    noun, _, verb = text.partition(".")
    return noun in NOUNS and verb.isidentifier() and verb.endswith(VERBS)


NOUNS = {kind.partition(".")[0] for kind in ACTS}
VERBS = ("ed", "made", "kept", "set", "done", "led", "moved")


def test_every_act_that_is_written_has_a_name() -> None:
    written = kinds_written()
    assert len(written) > 20
    assert not written - set(ACTS) - set(SILENT)


@pytest.mark.parametrize("locale", LOCALES)
def test_names_of_acts_differ(locale: str) -> None:
    t = Translator(locale, ZoneInfo("UTC"))
    names = [name(t) for name in ACTS.values()]
    assert len(set(names)) == len(names)


def test_what_is_told_whole_has_no_words_for_its_rows() -> None:
    t = Translator("en", ZoneInfo("UTC"))
    assert not [table for table in WHOLE if table_words(t, table)]


@pytest.mark.parametrize("table", sorted(JOURNALED))
def test_every_column_is_worded_or_left_out(table: str) -> None:
    columns = set(JOURNALED[table].c.keys()) - KEYS
    worded = {column for name, column in COLUMNS if name == table}
    left_out = LEFT_OUT.get(table, set())
    shown_whole = {column for column in TITLES.get(table, ("name",)) if column in columns}
    assert not {c for c in columns - worded - left_out - shown_whole if not c.startswith(PREFIX)}
    assert not (worded | left_out) - columns, "no such column any more"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("table", sorted(JOURNALED))
def test_every_kind_of_row_has_a_name(table: str, locale: str) -> None:
    words = table_words(Translator(locale, ZoneInfo("UTC")), table)
    assert words and "_" not in words
