"""Whose birthday it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Celebrant:
    """A contact whose birthday is today."""

    customer_id: int
    customer: str
    contact: str
