"""What each kind of database needs beside the tables: the index of the search, guards, the key of the buttons.

SQLite finds parts of names by a full-text index over ``search_name.grams`` that holds no text of its own. Three
triggers keep it in step, and a step that rebuilds ``search_name`` must make them again. PostgreSQL has a GIN index over
the same words. The key that signs buttons is a row, so that workers share it and a restored backup keeps it. Triggers
keep the trail append-only (``storage/guards.py``).
"""

import secrets

import sqlalchemy as sa
from alembic import op

from storage.guards import make_guards

revision = "0002"
down_revision = "0001"

KEY_BYTES = 32  # of the HMAC behind a button

FULL_TEXT = """
CREATE VIRTUAL TABLE search_name_fts USING fts5(
  grams, content='search_name', content_rowid='id', columnsize=0, tokenize='unicode61 remove_diacritics 0'
)
"""
REMOVE_OLD = "INSERT INTO search_name_fts (search_name_fts, rowid, grams) VALUES ('delete', old.id, old.grams);"
ADD_NEW = "INSERT INTO search_name_fts (rowid, grams) VALUES (new.id, new.grams);"
TRIGGERS = (
    f"CREATE TRIGGER search_name_added AFTER INSERT ON search_name BEGIN {ADD_NEW} END",
    f"CREATE TRIGGER search_name_removed AFTER DELETE ON search_name BEGIN {REMOVE_OLD} END",
    f"CREATE TRIGGER search_name_changed AFTER UPDATE ON search_name BEGIN {REMOVE_OLD} {ADD_NEW} END",
)
# fastupdate=off: a search must not pay for the inserts of an import that waits to be merged
GIN = """
CREATE INDEX ix_search_name_grams ON search_name USING gin (string_to_array(grams, ' ')) WITH (fastupdate = off)
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in (FULL_TEXT, *TRIGGERS):
            op.execute(statement)
    else:
        op.execute(GIN)
    make_guards(op.get_bind())
    setting = sa.table("setting", sa.column("name", sa.String()), sa.column("value", sa.JSON()))
    op.bulk_insert(setting, [{"name": "button_keys", "value": {"keys": [secrets.token_hex(KEY_BYTES)]}}])
