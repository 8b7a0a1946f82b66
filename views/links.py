"""Buttons that lead from one feature's screen to another's: declared here, so that features do not import each other."""

from views.language import Translator
from views.replies import Button, Key, payload

LEAVING = frozenset({"cancel", "取消"})  # typed instead of an answer; the labels of ``leave`` among them


@payload("lv1")
class Leave:
    """Leave the open question unanswered."""


def leave(t: Translator) -> Button:
    """The way on for a question that belongs to no screen to go back to."""
    return Button(t.gettext("Cancel"), Leave())


def leave_key(t: Translator) -> Key:
    """The same beneath a keyboard of keys, where there can be no button."""
    return Key(t.gettext("Cancel"))


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


@payload("kv1")
class OpenCase:
    """A case, for the staff."""

    case_id: int


@payload("kk1")
class CustomerCases:
    """A page of the cases of a customer, for the staff."""

    customer_id: int
    number: int


@payload("yb1")
class StartFeedback:
    """For customers: say something new."""


@payload("ym1")
class AskManager:
    """For customers: this must go to the manager."""

    case_id: int


@payload("vb1")
class ShowResults:
    """What a survey brought, for staff; ``page`` of its questions."""

    survey_id: int
    page: int


@payload("vh1")
class EnterAnswers:
    """Enter the answers of a customer who is asked by phone or face to face."""

    customer_id: int


@payload("bd8")
class PersonalLink:
    """A link for somebody of a customer to open; which one is asked where there are several."""

    customer_id: int


@payload("ba1")
class OpenAccounts:
    """Who of a customer is in the chat."""

    customer_id: int


@payload("be8")
class OpenWelcome:
    """For customers: the first screen."""


@payload("ve1")
class OpenSurvey:
    """The card of a survey, for staff."""

    survey_id: int


@payload("vk1")
class SurveyCustomer:
    """Which survey to send to a customer."""

    customer_id: int


@payload("bd9")
class OpenAdvisor:
    """For customers: who looks after me."""
