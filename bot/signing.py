"""Signed buttons: ``tag.f.f~mac``, at most 64 bytes, bound to the person and the chat they were made for.

A client may send any callback data it likes, so nothing of a press is believed before its signature is checked.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from storage.uow import UnitOfWork
from views.replies import Payload, pack, unpack

MAC_BYTES = 8  # 64 bits against an online guesser; 11 characters of the 64 that Telegram grants
LONGEST = 64  # bytes of callback data


class Signer:
    """Signs with the first key and accepts all of them, so that a key can be changed without killing buttons."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise ValueError("no key to sign buttons with")
        self._keys = tuple(hmac.new(key, digestmod=sha256) for key in keys)  # to be copied: that is cheaper than anew

    def sign(self, payload: Payload, *, person_id: int, chat_id: int) -> str:
        """The callback data of a button.

        Raises:
            ValueError: the payload is too long for a button.
        """
        packed = pack(payload)
        signed = f"{packed}~{_mac(self._keys[0], packed, person_id, chat_id)}"
        if len(signed.encode()) > LONGEST:
            raise ValueError(f"{type(payload).__name__} makes {len(signed)} bytes of callback data")
        return signed

    def open(self, data: str, *, person_id: int, chat_id: int) -> Payload | None:
        """The payload of a press, or ``None`` when it is foreign, altered or of another version of the program."""
        if not self.has_signed(data, person_id=person_id, chat_id=chat_id):
            return None
        return unpack(data.rpartition("~")[0])

    def has_signed(self, data: str, *, person_id: int, chat_id: int) -> bool:
        """Whether these data are of a button that was made for this person and chat, by whatever version."""
        packed, _, mac = data.rpartition("~")
        given = mac.encode()
        return any(hmac.compare_digest(given, _mac(key, packed, person_id, chat_id).encode()) for key in self._keys)


def button_keys(uow: UnitOfWork) -> list[bytes]:
    """The keys that buttons are signed with, made at the first migration."""
    stored: Mapping[str, Any] = uow.settings.value("button_keys") or {}
    return [bytes.fromhex(key) for key in stored.get("keys", ())]


def _mac(key: hmac.HMAC, packed: str, person_id: int, chat_id: int) -> str:
    mac = key.copy()
    mac.update(f"{person_id}:{chat_id}:{packed}".encode())
    return urlsafe_b64encode(mac.digest()[:MAC_BYTES]).rstrip(b"=").decode()
