"""What keeps the trail append-only inside the database itself: triggers on ``act``, ``change`` and ``seal``.

Who can switch them off can also write without them; then the chain of seals tells (``storage/seals.py``). Allowed are
only: naming the customer of an act that had none, marking an act as undone, and erasing content once, by an act that
says so. Made by a step of the migration; a step that rebuilds one of these tables must make them again.
"""

from sqlalchemy import Connection

MESSAGE = "the trail is append-only"
_NOT_ERASED = "OLD.erased_by IS NOT NULL OR NEW.erased_by IS NULL OR NEW.digest IS NULL"
GUARDS = (  # table, event, when it is refused
    ("act", "DELETE", None),
    ("act", "UPDATE OF id, member_id, person_id, kind, at, undo_until, hidden_from", None),
    ("act", "UPDATE OF customer_id", "OLD.customer_id IS NOT NULL"),
    ("act", "UPDATE OF facts, salt, digest, erased_by", _NOT_ERASED),
    ("change", "DELETE", None),
    ("change", "UPDATE OF id, act_id, table_name, row_id", None),
    ("change", "UPDATE OF before, after, salt, digest, erased_by", _NOT_ERASED),
    ("seal", "DELETE", None),
    ("seal", "UPDATE", None),
)
TABLES = ("act", "change", "seal")
FUNCTION = f"""
CREATE OR REPLACE FUNCTION keep_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def make_function(connection: Connection) -> None:
    """PostgreSQL: what the triggers call, which no archive of tables brings along."""
    connection.exec_driver_sql(FUNCTION)


def make_guards(connection: Connection) -> None:
    """Make the triggers, in a database that has none of them."""
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        make_function(connection)
        for table in TABLES:
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_kept_whole BEFORE TRUNCATE ON {table} EXECUTE FUNCTION keep_trail()"
            )
    for number, (table, event, refused_when) in enumerate(GUARDS, 1):
        condition = f" WHEN ({refused_when})" if refused_when else ""
        action = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END" if is_sqlite else "EXECUTE FUNCTION keep_trail()"
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_kept_{number} BEFORE {event} ON {table} FOR EACH ROW{condition} {action}"
        )
