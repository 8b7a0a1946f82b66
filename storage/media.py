"""Photos, voice notes, files and places, kept as Telegram's ids."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select

from domain.people import Actor
from domain.values import frozen
from storage.models import Media

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

OF_CUSTOMER = (
    select(Media.kind, Media.file_id, Media.name, Media.caption, Media.latitude, Media.longitude, Media.said_at)
    .where(Media.customer_id == bindparam("customer"))
    .order_by(Media.said_at.desc(), Media.id.desc())
    .limit(bindparam("most"))
)
COUNT_OF_TOUCH = select(func.count()).where(Media.touch_id == bindparam("touch"))


@frozen
class MediaLine:
    """One file of a customer, to be shown by sending it again."""

    kind: str
    file_id: str
    name: str | None
    caption: str | None
    latitude: float | None
    longitude: float | None
    said_at: dt.datetime


class MediaRepository:
    """Files of readable customers."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run = uow.connection.execute

    def add(self, values: dict[str, Any]) -> int:
        """Keep a file (columns of ``media``), in the open act."""
        return self._uow.journal.add(Media, values)

    def of_customer(self, customer_id: int, *, most: int = 10) -> list[MediaLine]:
        """Newest first. Raises ``NotFound`` for a customer outside the scope."""
        self._uow.customers(self._actor).require_readable(customer_id)
        return [MediaLine(*row) for row in self._run(OF_CUSTOMER, {"customer": customer_id, "most": most})]
