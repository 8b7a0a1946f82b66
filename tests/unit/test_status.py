"""When what Telegram holds back is worth a word to the admins."""

from collections import deque
from collections.abc import Sequence

import pytest

from domain.status import LOOKS, is_backlog


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([0], False),
        ([1000], False),
        ([1001], True),
        ([0, 0, 0, 0, 0, 2000], True),
        ([100, 200, 300, 400, 500, 600], True),  # five minutes of nothing but growth
        ([100, 200, 300, 400, 500], False),
        ([100, 200, 300, 300, 500, 600], False),
        ([1, 2, 3, 4, 5, 6], False),
    ],
)
def test_what_is_a_backlog(counts: Sequence[int], told: bool) -> None:
    assert is_backlog(deque(counts, maxlen=LOOKS)) is told  # as the watch keeps them
