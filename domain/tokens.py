"""Secrets of one-time links: made here, shown once, kept only as a hash."""

import hashlib
import secrets

TOKEN_BYTES = 16  # 128 bits cannot be guessed, and its 22 characters fit the 64 of a start payload


def new_token() -> str:
    """22 characters of A-Z a-z 0-9 _ - that carry 128 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> str:
    """What is stored of a token: its SHA-256 in 64 hex digits. No salt is needed, since nobody can list 128 bits."""
    return hashlib.sha256(token.encode()).hexdigest()
