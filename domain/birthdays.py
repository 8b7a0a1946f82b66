"""Whose birthday it is."""

from domain.values import frozen


@frozen
class Celebrant:
    """A contact whose birthday is today."""

    customer_id: int
    customer: str
    contact: str
