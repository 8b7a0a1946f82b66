"""The way out that every e-mail and text message names: a signed link of a contact's own that never ends and gives no other right.

A message may be opened after years, when the page it led to is long gone. The token names the contact and is signed with the
keys of buttons, which survive a restore; it says nothing, and whoever has it can stop messages and nothing else.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256

MAC_BYTES = 16
LONGEST_NUMBER = 15  # digits; no contact has more


def stop_token(keys: Sequence[bytes], contact_id: int) -> str:
    return f"{contact_id}.{_mac(keys[0], contact_id)}"


def contact_of(keys: Sequence[bytes], token: str) -> int | None:
    """The contact that a token was made for; ``None`` for whatever we did not make."""
    number, _, mac = token.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        return None
    given, contact_id = mac.encode("utf-8", "replace"), int(number)
    good = any(hmac.compare_digest(given, _mac(key, contact_id).encode()) for key in keys)
    return contact_id if good else None


def _mac(key: bytes, contact_id: int) -> str:
    digest = hmac.digest(key, f"stop:{contact_id}".encode(), sha256)
    return urlsafe_b64encode(digest[:MAC_BYTES]).rstrip(b"=").decode()
