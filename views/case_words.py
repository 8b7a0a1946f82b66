"""The closed words of cases: what they are, what they are about, how they stand, and why."""

import datetime as dt

from domain.case_clocks import Clock
from domain.cases import About, CaseKind, CaseLine, CaseState, Cause, CloseReason
from views.language import Translator
from views.replies import clip, escape

KIND_SIGNS = {
    CaseKind.COMPLAINT: "📣",
    CaseKind.QUESTION: "❓",
    CaseKind.SUGGESTION: "💡",
    CaseKind.PRAISE: "👍",
}


def case_kind_name(t: Translator, kind: CaseKind) -> str:
    match kind:
        case CaseKind.COMPLAINT:
            return t.pgettext("case", "complaint")
        case CaseKind.QUESTION:
            return t.pgettext("case", "question")
        case CaseKind.SUGGESTION:
            return t.pgettext("case", "suggestion")
        case CaseKind.PRAISE:
            return t.pgettext("case", "praise")


def about_name(t: Translator, about: About) -> str:
    match about:
        case About.PRODUCT:
            return t.pgettext("case", "product")
        case About.DELIVERY:
            return t.pgettext("case", "delivery")
        case About.PRICE:
            return t.pgettext("case", "price")
        case About.SERVICE:
            return t.pgettext("case", "the service")
        case About.ADVISER:
            return t.pgettext("case", "the adviser")


def state_name(t: Translator, state: CaseState) -> str:
    match state:
        case CaseState.RECEIVED:
            return t.pgettext("case", "received")
        case CaseState.ASSIGNED:
            return t.pgettext("case", "assigned")
        case CaseState.IN_WORK:
            return t.pgettext("case", "in work")
        case CaseState.WAITING:
            return t.pgettext("case", "waiting for the customer")
        case CaseState.SOLVED:
            return t.pgettext("case", "solved")
        case CaseState.CONFIRMED:
            return t.pgettext("case", "confirmed as solved")
        case CaseState.CLOSED:
            return t.pgettext("case", "closed")


def cause_name(t: Translator, cause: Cause) -> str:
    match cause:
        case Cause.DEFECT:
            return t.pgettext("case", "product defect")
        case Cause.LOGISTICS:
            return t.pgettext("case", "logistics")
        case Cause.COMMUNICATION:
            return t.pgettext("case", "communication")
        case Cause.PRICING:
            return t.pgettext("case", "price or terms")
        case Cause.EXPECTATION:
            return t.pgettext("case", "wrong expectation")
        case Cause.PROCESS:
            return t.pgettext("case", "internal process")
        case Cause.OTHER:
            return t.pgettext("case", "other cause")


def reason_name(t: Translator, reason: CloseReason) -> str:
    match reason:
        case CloseReason.BY_PHONE:
            return t.pgettext("case", "settled by phone")
        case CloseReason.DUPLICATE:
            return t.pgettext("case", "duplicate")
        case CloseReason.WITHDRAWN:
            return t.pgettext("case", "withdrawn by the customer")
        case CloseReason.NOT_OURS:
            return t.pgettext("case", "not our business")


def clock_name(t: Translator, clock: Clock) -> str:
    match clock:
        case Clock.ANSWER:
            return t.pgettext("case", "first answer")
        case Clock.UPDATE:
            return t.pgettext("case", "next update")
        case Clock.SOLVE:
            return t.pgettext("case", "solution")


def what(t: Translator, case: CaseLine) -> str:
    """``📣 complaint · delivery``, with a mark when it is urgent."""
    sign = "🔴" if case.urgent else KIND_SIGNS[case.kind]
    return f"{sign} {case_kind_name(t, case.kind)} · {about_name(t, case.about)}"


def whose(t: Translator, case: CaseLine) -> str:
    """The customer, with the contact where that is somebody else."""
    name = escape(clip(case.customer, 40))
    if not case.contact or case.contact == case.customer:
        return name
    return t.pgettext("case", "{name} ({contact})").format(name=name, contact=escape(clip(case.contact, 20)))


def promise(t: Translator, due: dt.datetime, *, now: dt.datetime) -> str:
    """By when the customer hears from us."""
    return overdue(t, due) if due <= now else t.gettext("promised for {time}").format(time=t.moment(due))


def overdue(t: Translator, due: dt.datetime) -> str:
    return "🔴 " + t.gettext("promised for {time}: overdue").format(time=t.moment(due))
