"""Being forgotten: asked by the customer, done when the days of regret are over."""

import datetime as dt

from domain.values import frozen

REGRET = dt.timedelta(days=7)  # in which it can be taken back with one tap; the law grants a month
ACCOUNT_ONLY = 0  # as a contact: nobody had said that the account is the contact's
DONE, EVE = "erasure", "erasure_eve"  # kinds of due things: it goes on until no mention is left; a day before
BLANK = "—"  # what a name is replaced by where a row needs one


@frozen
class Erasure:
    """One account at one contact of one customer, to be forgotten at ``due_at``."""

    id: int
    version: int
    person_id: int
    customer_id: int
    contact_id: int
    asked_at: dt.datetime
    due_at: dt.datetime


@frozen
class Erased:
    """Who was forgotten, as a list beside the backups keeps it: ids, and when the rows were made.

    The times tell the row that was meant from one that got the same id after an older copy was brought back.
    """

    person_id: int
    person_made: str
    customer_id: int
    customer_made: str
    contact_id: int
