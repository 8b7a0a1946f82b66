"""Open drafts of logs: one row per message, of one member, until filed or dropped."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, select

from domain.errors import NotFound
from domain.people import Actor
from domain.touches import DraftLine, DraftState
from storage.models import Draft, Media

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

_LINE = select(
    Draft.id,
    Draft.chat_id,
    Draft.message_id,
    Draft.text,
    Draft.said_at,
    Draft.understood,
    Draft.missing,
    Draft.customer_id,
    Draft.contact_id,
    Draft.version,
).where(Draft.member_id == bindparam("member"), Draft.state == DraftState.OPEN)
OPEN = _LINE.order_by(Draft.id)
ONE = _LINE.where(Draft.id == bindparam("draft"))
OF_MESSAGE = _LINE.where(Draft.chat_id == bindparam("chat"), Draft.message_id == bindparam("message"))
MEDIA = select(Media.id).where(Media.draft_id == bindparam("draft"))


class DraftRepository:
    """The actor's own open drafts; nobody else sees them."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run = uow.connection.execute

    def open(self) -> list[DraftLine]:
        """All open drafts, the oldest first."""
        return [_line(row) for row in self._run(OPEN, {"member": self._actor.member_id})]

    def get(self, draft_id: int) -> DraftLine:
        """An open draft. Raises ``NotFound`` when it is filed, dropped or somebody else's."""
        row = self._run(ONE, {"member": self._actor.member_id, "draft": draft_id}).one_or_none()
        if row is None:
            raise NotFound("draft", draft_id)
        return _line(row)

    def of_message(self, chat_id: int, message_id: int) -> DraftLine | None:
        """The open draft that a message became."""
        key = {"member": self._actor.member_id, "chat": chat_id, "message": message_id}
        row = self._run(OF_MESSAGE, key).one_or_none()
        return _line(row) if row else None

    def add(
        self,
        *,
        text: str,
        said_at: dt.datetime,
        chat_id: int,
        message_id: int,
        missing: str,
        customer_id: int | None = None,
        contact_id: int | None = None,
        choices: Mapping[str, Any] | None = None,
    ) -> int:
        """Keep a message as a draft, in the open act."""
        return self._uow.journal.add(
            Draft,
            {
                "member_id": self._actor.member_id,
                "chat_id": chat_id,
                "message_id": message_id,
                "text": text,
                "said_at": said_at,
                "understood": dict(choices or {}),
                "missing": missing,
                "customer_id": customer_id,
                "contact_id": contact_id,
                "state": DraftState.OPEN,
            },
        )

    def change(self, draft_id: int, *, version: int | None = None, **values: Any) -> None:
        """Change columns of a draft, in the open act."""
        self._uow.journal.change(Draft, draft_id, values, version=version)

    def close(
        self, draft_id: int, state: DraftState, *, touch_id: int | None = None, customer_id: int | None = None
    ) -> None:
        """File or drop a draft, in the open act; what was sent with it goes to the touch, or to the customer alone."""
        self._uow.journal.change(Draft, draft_id, {"state": state, "touch_id": touch_id})
        goes_to = {name: key for name, key in (("touch_id", touch_id), ("customer_id", customer_id)) if key is not None}
        if not goes_to:
            return
        for media_id in self._run(MEDIA, {"draft": draft_id}).scalars().all():
            self._uow.journal.change(Media, media_id, goes_to)


def _line(row: Row[Any]) -> DraftLine:
    return DraftLine(
        id=row.id,
        chat_id=row.chat_id,
        message_id=row.message_id,
        text=row.text,
        said_at=row.said_at,
        customer_id=row.customer_id,
        contact_id=row.contact_id,
        missing=row.missing,
        choices=row.understood,
        version=row.version,
    )
