"""Write a step of the database from the difference between the models and the steps there are.

uv run python tools/revise.py "Record the outcome of a visit"     a new step, to be read and completed by hand
uv run python tools/revise.py --tables                            0001 anew: only until the first release
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.command import revision
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations.ops import CreateIndexOp, CreateTableOp, ModifyTableOps, UpgradeOps
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite

from storage.migrate import STEPS, head, migrate
from storage.models import Base, BigId, Key, UtcDateTime

SQLITE: Dialect = sqlite.dialect()
POSTGRESQL: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
TABLES = STEPS / "versions" / "0001_tables.py"
HEADING = '''"""All tables, as of the first release.

Made by ``tools/revise.py --tables`` from the models and made anew by it until then; by hand comes what 0002 holds.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite autoincrements INTEGER PRIMARY KEY only
INSTANT = sa.DateTime(timezone=True)
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # compared by code point


def upgrade() -> None:
{calls}
    if op.get_bind().dialect.name != "sqlite":  # SQLite had it with the table; others make team before member
        op.create_foreign_key("fk_team_lead_id_member", "team", "member", ["lead_id"], ["id"])
'''


def main() -> None:
    """Do what the command line says and format what was written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("message", nargs="?", help="what the step does, as the first line of its docstring")
    parser.add_argument("--tables", action="store_true", help="write 0001_tables.py anew")
    asked = parser.parse_args()
    if bool(asked.message) == asked.tables:
        parser.error("give either a message or --tables")
    file = rewrite_tables() if asked.tables else add_step(asked.message)
    ruff = [sys.executable, "-m", "ruff"]
    for command in ("format", "check --fix", "format"):
        subprocess.run([*ruff, *command.split(), "--quiet", file], check=True)
    print(f"Wrote {file.name}: read it, complete it, run the tests of tests/storage.")


def rewrite_tables() -> Path:
    """0001 as one function per table, in an order in which each finds the tables it refers to."""
    with sa.create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": Base.metadata})
        steps = produce_migrations(context, Base.metadata).upgrade_ops
    assert steps is not None
    bodies: dict[str, list[Any]] = {}
    for step in steps.ops:
        match step:
            case CreateTableOp():
                bodies[step.table_name] = [step]
            case CreateIndexOp():
                bodies[step.table_name].append(step)
            case ModifyTableOps():
                bodies[step.table_name] += step.ops
    functions = [f"\n\ndef _{name}() -> None:\n    {_code(ops)}\n" for name, ops in bodies.items()]
    TABLES.write_text(HEADING.format(calls="\n".join(f"    _{name}()" for name in bodies)) + "".join(functions))
    return TABLES


def _code(ops: list[Any]) -> str:
    code = render_python_code(UpgradeOps(ops), render_item=_render)
    return "\n".join(line for line in code.splitlines() if not line.strip().startswith("#")).strip()


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A step must not change with the models, so it names no type of theirs."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "INSTANT"
    return {_on_both(BigId): "ID", _on_both(Key): "KEY"}.get(_on_both(item), False)


def _on_both(kind: Any) -> tuple[str, str]:
    return str(kind.compile(dialect=SQLITE)), str(kind.compile(dialect=POSTGRESQL))


def add_step(message: str) -> Path:
    """The next step, compared on an SQLite database that has all others."""
    number = f"{int(head()) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/steps.db"
        migrate(url, backup_dir=Path(folder))
        config = Config()
        config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
        config.set_main_option("file_template", f"{number}_%%(slug)s")
        with sa.create_engine(url).connect() as connection:
            config.attributes["connection"] = connection
            revision(config, message, autogenerate=True, rev_id=number)
    return next((STEPS / "versions").glob(f"{number}_*.py"))


if __name__ == "__main__":
    main()
