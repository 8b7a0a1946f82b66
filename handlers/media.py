"""What came with a message, as the columns it is kept in."""

from typing import Any

from domain.uploads import is_upload
from handlers.routing import Content, Request
from views.replies import File, Reply, Shown

FILES = frozenset({Content.PHOTO, Content.VOICE, Content.DOCUMENT, Content.LOCATION})
WORDS = frozenset({Content.TEXT}) | FILES  # what somebody may answer with


def again(
    req: Request,
    kind: str,
    file_id: str,
    *,
    latitude: float | None = None,
    longitude: float | None = None,
    name: str | None = None,
) -> Reply | None:
    """A file once more: from Telegram, or from here what came over the web page; ``None`` when it is gone."""
    if not is_upload(file_id):
        return Reply(shown=Shown(kind, file_id, latitude, longitude))
    content = req.uow.uploads.content(file_id)
    return Reply(file=File(name or "photo.jpg", content, photo=True)) if content else None


def media_values(req: Request) -> dict[str, Any] | None:
    """Columns of ``media`` for the file or place of the message; ``None`` for a text."""
    media = req.incoming.media
    if media is None:
        return None
    return {
        "kind": media.kind,
        "file_id": media.file_id,
        "unique_id": media.unique_id,
        "size": media.size,
        "name": media.name or None,
        "caption": req.text or None,
        "latitude": media.latitude,
        "longitude": media.longitude,
        "said_at": req.said_at,
    }
