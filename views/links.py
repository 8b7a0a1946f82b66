"""Buttons that lead from one feature's screen to another's: declared here, so that features do not import each other."""

from views.replies import payload


@payload("co1")
class OpenCustomer:
    """The card of a customer."""

    customer_id: int


@payload("tl1")
class LogTouch:
    """Start a log of a touch with a customer."""

    customer_id: int


@payload("nm1")
class MoveNextTouch:
    """Choose another day for the next touch with a customer."""

    customer_id: int


@payload("ot1")
class OpenTalks:
    """The conversation with a customer."""

    customer_id: int
