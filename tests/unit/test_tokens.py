"""One-time links: long enough not to be guessed, stored so that the table gives none away."""

import re

from domain.tokens import hash_token, new_token


def test_a_token_fits_a_start_payload_and_carries_128_bits() -> None:
    tokens = {new_token() for _ in range(1_000)}
    assert len(tokens) == 1_000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", token) for token in tokens)


def test_only_the_same_token_has_the_same_hash() -> None:
    token = new_token()
    assert hash_token(token) == hash_token(token)
    assert hash_token(token) != hash_token(token.swapcase())
    assert re.fullmatch(r"[0-9a-f]{64}", hash_token(token)) and token not in hash_token(token)
