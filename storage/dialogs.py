"""Open dialogs: one row per person and chat, replaced in the update's own transaction."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select

from domain.values import frozen
from storage.models import Dialog
from storage.reads import Read

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

OPEN_FOR = dt.timedelta(hours=24)  # who comes back tomorrow must not answer yesterday's question
_KEY = (Dialog.chat_id == bindparam("chat"), Dialog.person_id == bindparam("person"))
_FIND = Read(select(Dialog.step, Dialog.facts, Dialog.ways, Dialog.expires_at).where(*_KEY))
_CLOSE = delete(Dialog).where(*_KEY)
_OPEN = insert(Dialog)
_FORGET = delete(Dialog).where(Dialog.expires_at < bindparam("before"))


@frozen
class OpenDialog:
    """Where a person is in a dialog: the step that the next message goes to, and what is known so far.

    ``ways`` are the payloads of the question's own buttons, packed.
    """

    step: str
    facts: dict[str, Any] = field(default_factory=dict)
    ways: frozenset[str] = frozenset()


class DialogRepository:
    """The frame's own: handlers open and close dialogs by their reply's ``ask``."""

    def __init__(self, uow: "UnitOfWork") -> None:
        self._uow = uow
        self._run = uow.connection.execute

    def find(self, chat_id: int, person_id: int) -> OpenDialog | None:
        """The dialog that is open and not expired."""
        row = _FIND.one_or_none(self._uow.connection, chat=chat_id, person=person_id)
        if row is None or row.expires_at <= self._uow.now:
            return None
        return OpenDialog(row.step, row.facts, frozenset(row.ways.split()))

    def open(self, chat_id: int, person_id: int, step: str, facts: Mapping[str, Any], ways: Iterable[str] = ()) -> None:
        """Replace whatever was open."""
        self.close(chat_id, person_id)
        values = {
            "chat_id": chat_id,
            "person_id": person_id,
            "step": step,
            "facts": dict(facts),
            "ways": " ".join(ways),
        }
        self._run(_OPEN, values | {"expires_at": self._uow.now + OPEN_FOR})

    def close(self, chat_id: int, person_id: int) -> None:
        self._run(_CLOSE, {"chat": chat_id, "person": person_id})

    def forget_expired(self) -> int:
        """Delete what nobody will answer any more."""
        return self._run(_FORGET, {"before": self._uow.now}).rowcount
