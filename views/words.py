"""The product's closed words in the reader's language: roles, stages, grades, kinds of touch."""

from domain.customers import CustomerKind, Gender, Grade, Stage
from domain.people import Role
from domain.touches import Outcome, TouchKind
from views.language import Translator


def role_name(t: Translator, role: Role) -> str:
    match role:
        case Role.REP:
            return t.gettext("sales rep")
        case Role.LEAD:
            return t.gettext("team lead")
        case Role.ADMIN:
            return t.gettext("administrator")


def customer_kind_name(t: Translator, kind: CustomerKind) -> str:
    match kind:
        case CustomerKind.PERSON:
            return t.gettext("person")
        case CustomerKind.COMPANY:
            return t.gettext("company")


def stage_name(t: Translator, stage: Stage) -> str:
    match stage:
        case Stage.PROSPECT:
            return t.gettext("prospect")
        case Stage.INTERESTED:
            return t.gettext("interested")
        case Stage.WON:
            return t.gettext("won")
        case Stage.LOYAL:
            return t.gettext("loyal")
        case Stage.DORMANT:
            return t.gettext("dormant")
        case Stage.LOST:
            return t.gettext("lost")


def grade_name(t: Translator, grade: Grade) -> str:
    match grade:
        case Grade.A:
            return t.gettext("A high value")
        case Grade.B:
            return t.gettext("B medium value")
        case Grade.C:
            return t.gettext("C low value")
        case Grade.D:
            return t.gettext("D to watch")
        case Grade.UNGRADED:
            return t.gettext("ungraded")


def gender_name(t: Translator, gender: Gender) -> str:
    match gender:
        case Gender.FEMALE:
            return t.gettext("female")
        case Gender.MALE:
            return t.gettext("male")
        case Gender.OTHER:
            return t.gettext("other")


def kind_name(t: Translator, kind: TouchKind) -> str:
    match kind:
        case TouchKind.VISIT:
            return t.gettext("visit")
        case TouchKind.CALL:
            return t.gettext("call")
        case TouchKind.MESSAGE:
            return t.gettext("message")
        case TouchKind.EMAIL:
            return t.gettext("e-mail")
        case TouchKind.MEETING:
            return t.gettext("meeting")
        case TouchKind.DEMO:
            return t.gettext("demo")
        case TouchKind.ORDER:
            return t.gettext("order")
        case TouchKind.SERVICE:
            return t.gettext("service")


KIND_SIGNS = {
    TouchKind.VISIT: "🚶",
    TouchKind.CALL: "📞",
    TouchKind.MESSAGE: "💬",
    TouchKind.EMAIL: "✉️",
    TouchKind.MEETING: "🤝",
    TouchKind.DEMO: "🖥",
    TouchKind.ORDER: "🧾",
    TouchKind.SERVICE: "🔧",
}


def outcome_name(t: Translator, outcome: Outcome) -> str:
    match outcome:
        case Outcome.REACHED:
            return t.gettext("reached")
        case Outcome.TRIED:
            return t.gettext("not reached")


def touch_name(t: Translator, kind: TouchKind, outcome: Outcome) -> str:
    """A touch in a word or two: visit, call (no answer)."""
    what = kind_name(t, kind)
    if outcome is Outcome.TRIED:
        return t.gettext("{kind} ({outcome})").format(kind=what, outcome=outcome_name(t, outcome))
    return what
