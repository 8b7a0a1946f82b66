"""Taking content out of the trail for good, without breaking the chain of seals."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from storage.models import Act, Change
from storage.seals import ACTS, CHANGE, content_of, digest_of

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

ERASED = ".erased"  # how the kind of an act ends that may take content away
ERASE_FACTS = (
    update(Act)
    .where(Act.id == bindparam("key"))
    .values(facts=bindparam("kept"), salt=None, digest=bindparam("was"), erased_by=bindparam("by"))
)
ERASE_CHANGE = (
    update(Change)
    .where(Change.id == bindparam("key"))
    .values(
        {"before": bindparam("kept"), "after": bindparam("kept_after"), "salt": None, "digest": bindparam("was")}
        | {"erased_by": bindparam("by")}
    )
)
CHANGES_BY_ID = select(*CHANGE).where(Change.id.in_(bindparam("keys", expanding=True)))


def erase(uow: "UnitOfWork", *, acts: Sequence[int] = (), changes: Sequence[int] = ()) -> None:
    """Take the content of acts and changes away, in the open act, which is named in each; ids and versions stay.

    The open act's kind ends with ``ERASED``, else ``keyuan verify`` takes it for tampering. What was erased cannot be
    undone; what was erased before stays as it is.
    """
    run: Any = uow.connection.execute
    by = uow.journal.act_id
    facts = [
        {"key": row.id, "kept": _bare(row.facts) or {}, "was": digest_of(row.salt, row.facts), "by": by}
        for row in (run(ACTS, {"keys": list(acts)}) if acts else ())
        if row.erased_by is None
    ]
    contents = [
        {"key": row.id, "kept": _bare(row.before), "kept_after": _bare(row.after), "by": by}
        | {"was": digest_of(row.salt, content_of(row))}
        for row in (run(CHANGES_BY_ID, {"keys": list(changes)}) if changes else ())
        if row.erased_by is None
    ]
    for statement, rows in ((ERASE_FACTS, facts), (ERASE_CHANGE, contents)):
        if rows:
            run(statement, rows)


def is_bare(text: str) -> bool:
    """Whether a stored text holds no more than ``erase`` leaves."""
    return bool(_bare(text) == json.loads(text))


def _bare(text: str) -> dict[str, Any] | None:
    """What may stay of a row: which rows it points to, and its version."""
    values: dict[str, Any] | None = json.loads(text)
    if values is None:
        return None
    kept = {name: value for name, value in values.items() if name.endswith("_id") or name in ("version", "undid")}
    return {name: value for name, value in kept.items() if type(value) is int}
