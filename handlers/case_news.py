"""Who of the staff hears what about a case: each in the own language, loudly only where it is urgent or working time."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace

from actions.cases import at_work, clock_of, responsible_above
from domain.cases import CaseKind, CaseLine
from domain.people import Actor
from storage.uow import UnitOfWork
from views import case_news as view
from views.language import Translator
from views.replies import Notice, Reply

Say = Callable[[Translator, bool], Reply]


def filed(uow: UnitOfWork, case: CaseLine, *, now: dt.datetime, besides: int | None = None) -> tuple[Notice, ...]:
    """A new case: its owner, and the lead in copy of a complaint. ``besides`` is the member who filed it."""
    copies = responsible_above(uow, case) if case.kind is CaseKind.COMPLAINT else ()

    def say(t: Translator, copied: bool) -> Reply:
        return replace(view.filed(t, case, copied=copied), living=f"case:{case.id}")

    return _tell(uow, case, (_owner(case), copies), say, now=now, besides=besides)


def words(
    uow: UnitOfWork, case: CaseLine, said: str, files: int, entry_id: int, *, now: dt.datetime
) -> tuple[Notice, ...]:
    """The customer added to it: its owner."""

    def say(t: Translator, copied: bool) -> Reply:
        return replace(view.words(t, case, said, files), living=f"caseentry:{entry_id}")

    return _tell(uow, case, (_owner(case), ()), say, now=now)


def escalated(uow: UnitOfWork, case: CaseLine, *, now: dt.datetime) -> tuple[Notice, ...]:
    """The customer wants the manager: the lead decides, the owner knows."""

    def say(t: Translator, copied: bool) -> Reply:
        return view.escalated(t, case, to_lead=copied)

    return _tell(uow, case, (_owner(case), responsible_above(uow, case)), say, now=now)


def confirmed(uow: UnitOfWork, case: CaseLine, *, now: dt.datetime) -> tuple[Notice, ...]:
    return _tell(uow, case, (_owner(case), ()), lambda t, copied: view.confirmed(t, case), now=now)


def reopened(uow: UnitOfWork, case: CaseLine, *, now: dt.datetime) -> tuple[Notice, ...]:
    """It was not solved after all: its owner, and of a complaint the lead."""
    copies = responsible_above(uow, case) if case.kind is CaseKind.COMPLAINT else ()
    return _tell(uow, case, (_owner(case), copies), lambda t, copied: view.reopened(t, case), now=now)


def given(uow: UnitOfWork, case: CaseLine, by: Actor, *, now: dt.datetime) -> tuple[Notice, ...]:
    """It is somebody else's from now on."""

    def say(t: Translator, copied: bool) -> Reply:
        return replace(view.given(t, case, by=by.name), living=f"case:{case.id}")

    return _tell(uow, case, (_owner(case), ()), say, now=now, besides=by.member_id)


def _owner(case: CaseLine) -> tuple[int, ...]:
    return (case.owner_id,) if case.owner_id is not None else ()


def _tell(
    uow: UnitOfWork,
    case: CaseLine,
    to: tuple[Iterable[int], Iterable[int]],
    say: Say,
    *,
    now: dt.datetime,
    besides: int | None = None,
) -> tuple[Notice, ...]:
    """Messages to the owner, or who stands in, and, as copies, to others; never to the one whom the case is about."""
    quiet = not case.urgent and not clock_of(uow).is_working(now)
    owners, copies = to
    told: dict[int, bool] = dict.fromkeys(copies, True) | {at_work(uow, case, owner): False for owner in owners}
    notices = []
    for member_id, copied in told.items():
        person = uow.people.of_member(member_id) if member_id not in (besides, case.about_id) else None
        if person is not None:
            reply = say(Translator.of(person), copied)
            notices.append(Notice(person.person_id, replace(reply, quiet=quiet)))
    return tuple(notices)
