"""What lists of customers say about themselves."""

import pytest

from domain.customers import MOST_FOUND
from tests.unit.screen_samples import SHORT, page, sample
from views import customer_lists


@pytest.mark.parametrize(
    ("locale", "total", "said"),
    [("en", MOST_FOUND, "100+ found"), ("en", 40, "40 found"), ("zh_Hans", MOST_FOUND, "100+")],
)
def test_a_search_says_whether_there_are_more(locale: str, total: int, said: str) -> None:
    s = sample(locale, SHORT)
    reply = customer_lists.found(s.t, "张", page(s.line(), total=total), actor=s.actor)
    assert said in reply.text.splitlines()[0]
