"""Pictures that came over the page of a customer without Telegram: the only files whose bytes are kept here.

Like Telegram's files they are named by an id, in the answer or the case that they belong to.
"""

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select

from domain.uploads import PREFIX, is_upload
from storage.models import Upload

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

ID_BITS = 53  # drawn, as those of answers are: counted ones would tell who came when
ONE = select(Upload.content).where(Upload.id == bindparam("key"))
REMOVE = delete(Upload).where(Upload.id.in_(bindparam("keys", expanding=True)))


class UploadRepository:
    """By the id alone: who may see one is decided by what names it."""

    def __init__(self, uow: "UnitOfWork") -> None:
        self._run: Any = uow.connection.execute

    def add(self, content: bytes) -> str:
        """Keep a picture; its file id."""
        key = secrets.randbits(ID_BITS)
        self._run(insert(Upload), {"id": key, "content": content})
        return f"{PREFIX}{key}"

    def content(self, file_id: str) -> bytes | None:
        """The bytes of one of ours; ``None`` for one that is gone."""
        found: bytes | None = self._run(ONE, {"key": _key(file_id)}).scalar_one_or_none()
        return found

    def remove(self, values: Iterable[object]) -> None:
        """Delete those of ours among these answers or file ids."""
        keys = sorted({_key(one) for one in values if is_upload(one)})
        if keys:
            self._run(REMOVE, {"keys": keys})


def _key(file_id: object) -> int:
    return int(str(file_id).removeprefix(PREFIX))
