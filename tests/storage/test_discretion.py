"""What people wrote does not come into a log with an error of the database."""

import traceback

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from storage.database import Conflict, Database
from storage.models import Setting

NAME, WORDS = "张伟的号码13800138000", "嫌贵，要九五折"


def test_a_refused_row_is_not_quoted(database: Database) -> None:
    row = {"name": NAME, "value": {"words": WORDS}}
    with pytest.raises(Conflict) as refused, database.group() as connection:
        connection.execute(insert(Setting), [row, row])
    told = "".join(traceback.format_exception(refused.value))
    assert "setting" in told and "INSERT INTO" in told
    assert NAME not in told and WORDS not in told


def test_a_mistaken_statement_is_told_without_its_values(database: Database) -> None:
    with pytest.raises(DBAPIError) as mistaken, database.group() as connection:
        connection.execute(text("SELECT * FROM nowhere WHERE name = :name"), {"name": NAME})
    told = "".join(traceback.format_exception(mistaken.value))
    assert "nowhere" in told
    assert NAME not in told


def test_a_reader_is_as_discreet(database: Database) -> None:
    with pytest.raises(DBAPIError) as mistaken, database.reading() as connection:
        connection.execute(text("SELECT * FROM nowhere WHERE name = :name"), {"name": NAME})
    assert NAME not in "".join(traceback.format_exception(mistaken.value))
