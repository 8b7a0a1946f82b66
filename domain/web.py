"""The page of a customer without Telegram: who opened it, and what it can do."""

from domain.values import frozen

OPEN_AN_HOUR = 3  # matters filed by one contact: a person has one, a script has thousands


@frozen
class Visitor:
    """Whoever holds the link of a contact's page: like an account that is not confirmed, told no more than it wrote.

    Attributes:
        link_id: ``None`` for the way out of an e-mail, which only stops messages.
        owner: who looks after the customer, by name.
        shown: staff saw the link when they made it, so that what is answered there may be known to them.
    """

    link_id: int | None
    customer_id: int
    contact_id: int
    owner: str | None
    shown: bool
