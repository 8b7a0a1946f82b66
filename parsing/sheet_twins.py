"""Rows of one file that mean the same customer: twins, and further contacts of one company."""

from dataclasses import replace

from domain.customers import ChannelKind, CustomerKind
from domain.sheets import ImportRow

_REACHING = frozenset({ChannelKind.PHONE, ChannelKind.EMAIL, ChannelKind.WECHAT})


class Twins:
    """What has been seen of the file so far, by row number. A row that is a twin itself is nobody's original."""

    def __init__(self) -> None:
        self._customers: dict[str | int, int] = {}  # by our id, else by a company's name
        self._contacts: dict[tuple[int, str | int], int] = {}  # by the customer's first row, and id or name
        self._numbers: dict[str, int] = {}
        self._persons: dict[str, tuple[int, bool]] = {}  # and whether a number was known

    def marked(self, row: ImportRow) -> ImportRow:
        """The row with ``duplicate_of`` or ``same_customer_as`` set, where it is one; bad rows are left alone."""
        if row.draft is None:
            return row
        draft, contact = row.draft, row.draft.contacts[0]
        numbers = [channel.normal or channel.value for channel in contact.channels if channel.kind in _REACHING]
        if row.keyuan_id is None and draft.kind is CustomerKind.PERSON:
            twin, first = self._person(row.number, _folded(draft.name), numbers), None
        else:
            key = row.keyuan_id if row.keyuan_id is not None else _folded(draft.name)
            twin, first = self._member(row, key, row.contact_id or _folded(contact.name), numbers)
        for number in numbers:
            self._numbers.setdefault(number, twin or row.number)
        if twin is not None:
            return replace(row, duplicate_of=twin)
        return row if first is None else replace(row, same_customer_as=first)

    def _person(self, number: int, name: str, numbers: list[str]) -> int | None:
        """The row of the same number, or of the same name where one of the two has no number to tell them apart."""
        twin = self._of_number(numbers)
        if twin is None and name in self._persons:
            row, numbered = self._persons[name]
            twin = None if numbers and numbered else row
        if twin is None:
            self._persons.setdefault(name, (number, bool(numbers)))
        return twin

    def _member(
        self, row: ImportRow, key: str | int, contact: str | int, numbers: list[str]
    ) -> tuple[int | None, int | None]:
        """The row of the same customer and contact, or the first row of the same customer."""
        first = self._customers.get(key)
        if first is None:
            twin = self._of_number(numbers) if row.keyuan_id is None else None
            if twin is None:
                self._customers[key] = row.number
                self._contacts[row.number, contact] = row.number
            return twin, None
        twin = self._contacts.setdefault((first, contact), row.number)
        return (None, first) if twin == row.number else (twin, None)

    def _of_number(self, numbers: list[str]) -> int | None:
        return next((self._numbers[number] for number in numbers if number in self._numbers), None)


def _folded(name: str | None) -> str:
    return (name or "").casefold().replace(" ", "").replace("（", "(").replace("）", ")")
