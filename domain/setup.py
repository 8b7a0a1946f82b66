"""The questions of ``/setup`` and the answers that each offers."""

from enum import StrEnum

from domain.values import frozen


class Question(StrEnum):
    """In the order they are asked."""

    LANGUAGE = "l"
    REGION = "r"
    ZONE = "z"
    WORKTIME = "w"
    STRANGERS = "s"
    TEAM = "t"


LANGUAGES = ("zh_Hans", "zh_Hant", "en")
REGIONS = ("CN", "TW", "HK", "SG", "US", "GB")
ZONES = {  # per region, the likeliest first
    "CN": ("Asia/Shanghai",),
    "TW": ("Asia/Taipei",),
    "HK": ("Asia/Hong_Kong",),
    "SG": ("Asia/Singapore",),
    "US": ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
    "GB": ("Europe/London",),
}
WORKTIMES = (
    "Mon-Fri 09:00-18:00",
    "Mon-Fri 08:30-17:30",
    "Mon-Fri 10:00-19:00",
    "Mon-Sat 09:00-18:00",
    "Mon-Sun 09:00-21:00",
)
STRANGERS = ("open", "closed")


@frozen
class Chosen:
    """What the organisation says now, for the screens of the set-up."""

    locale: str
    region: str
    zone: str
    worktime: str
    strangers: str = "open"


def choices(question: Question, region: str) -> tuple[str, ...]:
    """The answers a question offers; none for the team, whose name is typed, and for a zone that is not known here."""
    match question:
        case Question.LANGUAGE:
            return LANGUAGES
        case Question.REGION:
            return REGIONS
        case Question.ZONE:
            return ZONES.get(region, ())
        case Question.WORKTIME:
            return WORKTIMES
        case Question.STRANGERS:
            return STRANGERS
        case Question.TEAM:
            return ()


def asked(region: str, *, has_teams: bool) -> tuple[Question, ...]:
    """The questions of one run: no zone where the region leaves no choice, no first team where there are teams."""
    skipped = set()
    if len(choices(Question.ZONE, region)) < 2:
        skipped.add(Question.ZONE)
    if has_teams:
        skipped.add(Question.TEAM)
    return tuple(question for question in Question if question not in skipped)


def beside(question: Question, run: tuple[Question, ...]) -> tuple[Question | None, Question | None]:
    """The questions before and after one in a run."""
    place = run.index(question)
    return (run[place - 1] if place else None), (run[place + 1] if place + 1 < len(run) else None)
