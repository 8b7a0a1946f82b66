"""Pictures from the page: how many, how large, and how they are told from Telegram's own files."""

from typing import TypeGuard

PREFIX = "upload:"  # of a file id that is ours
MOST_PICTURES = 3  # with one form
LARGEST_PICTURE = 8 * 1024 * 1024  # bytes as sent; the photo of a phone has 2 to 5


def is_upload(value: object) -> TypeGuard[str]:
    """Whether an answer or a file id names a picture of ours."""
    return isinstance(value, str) and value.startswith(PREFIX) and value.removeprefix(PREFIX).isdecimal()
