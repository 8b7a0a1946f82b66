"""Alembic's entry point: works on the connection that ``storage/migrate.py`` opened, inside its transaction."""

from typing import Any, Literal

from alembic import context

from storage.migrate import BESIDE_MODELS
from storage.models import Base, UtcDateTime


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """The search index is made by hand for each kind of database, so the models do not know it."""
    return kind not in ("table", "index") or name is None or not name.startswith(BESIDE_MODELS)


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A step must not change with the models, so it names no type of theirs."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_name=is_ours,
    render_item=render,
    render_as_batch=True,  # SQLite cannot change a column in place
    transactional_ddl=True,  # SQLite can roll back tables: the runner has begun, and the driver commits nothing itself
)
context.run_migrations()
