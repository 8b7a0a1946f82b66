"""What came with a message, as the columns it is kept in."""

from typing import Any

from handlers.routing import Content, Request

FILES = frozenset({Content.PHOTO, Content.VOICE, Content.DOCUMENT, Content.LOCATION})
WORDS = frozenset({Content.TEXT}) | FILES  # what somebody may answer with


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
