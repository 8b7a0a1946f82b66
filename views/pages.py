"""The row that turns the pages of a list."""

from collections.abc import Callable

from views.language import Translator
from views.replies import Button, Payload


def turn(t: Translator, number: int, last: int, to: Callable[[int], Payload]) -> list[list[Button]]:
    """Previous and next page as one row, or no row where there is only one page; ``to`` makes a page's payload."""
    row = []
    if number > 0:
        row.append(Button("‹ " + t.gettext("Previous"), to(number - 1)))
    if number < last:
        row.append(Button(t.gettext("Next") + " ›", to(number + 1)))
    return [row] if row else []
