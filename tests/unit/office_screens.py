"""The screens that are about the bot and its people rather than customers; ``screens.py`` has the others."""

import datetime as dt
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

from domain.away import Absence
from domain.backups import BackupState, Trouble
from domain.errors import Changed, Fault, Invalid, NotAllowed, NotFound, Taken, Throttled, TooLate
from domain.exports import Allowance
from domain.history import ChangeLine, Shown, Sight
from domain.imports import Given, ImportState, OwnerRule
from domain.people import InviteLine, Load, MemberLine, Redeemed, Role
from domain.seals import Head
from domain.setup import Chosen, Question
from domain.sheets import Reason, SheetRefused
from domain.status import ErrorLine, HeldLine, Queues, Trace, Vitals, Worker
from tests.unit.screen_samples import (
    ID,
    NOW,
    TODAY,
    VERSION,
    Sample,
    page,
)
from views import (
    away,
    errors,
    exports,
    history,
    import_choices,
    import_given,
    imports,
    invites,
    jobs,
    seals,
    settings,
    setup,
    start,
    status,
    teams,
    unreachable,
)
from views.replies import Reply
from views.settings import Topic

Builder = Callable[[Sample], Iterator[Reply] | list[Reply]]
LATE = NOW - dt.timedelta(days=40)


def _errors() -> dict[str, Builder]:
    def refused(s: Sample) -> Iterator[Reply]:
        plain = [NotFound("customer", ID), NotAllowed("team.add"), Changed("customer", ID), TooLate("undo")]
        invalid = [Invalid("note", fault, limit) for fault in Fault for limit in (None, 300)]
        taken = [Taken("customer", by) for by in (None, s.w.member)]
        throttled = [Throttled("link", until) for until in (None, NOW)]
        sheets = [SheetRefused(reason, _facts(reason)) for reason in Reason]
        for error in (*plain, *invalid, *taken, *throttled, *sheets):
            yield errors.refused(s.t, error)

    return {
        "errors.refused": refused,
        "errors.bug": lambda s: [errors.bug(s.t, "7K3QX2", pressed=pressed) for pressed in (True, False)],
        "errors.stale": lambda s: [errors.stale(s.t)],
        "errors.pressed_before": lambda s: [errors.pressed_before(s.t)],
        "errors.stranger": lambda s: [errors.stranger(s.t, name) for name in (None, s.w.name)],
        "errors.group": lambda s: [errors.group(s.t, "https://t.me/keyuan_bot")],
        "errors.left_group": lambda s: [errors.left_group(s.t, "https://t.me/keyuan_bot")],
        "errors.waiting": lambda s: [errors.waiting(s.t)],
        "errors.unknown_command": lambda s: [errors.unknown_command(s.t, "/today2")],
        "errors.unreadable": lambda s: [errors.unreadable(s.t)],
        "errors.second_bot": lambda s: [errors.second_bot(s.t)],
        "errors.absence": lambda s: [errors.absence(s.t, LATE, NOW)],
        "errors.backlog": lambda s: [errors.backlog(s.t, count) for count in (1, 12_345)],
        "unreachable.told": lambda s: [unreachable.told(s.t, who, NOW) for who in (s.member(), s.binding())],
        "jobs.progress": lambda s: [jobs.progress(s.t, ID, s.w.file, 12_345, total) for total in (None, 200_000)],
        "jobs.finished": lambda s: [jobs.finished(s.t, ID, s.w.file)],
        "jobs.cancelled": lambda s: [jobs.cancelled(s.t)],
        "jobs.over": lambda s: [jobs.over(s.t)],
        "jobs.too_heavy": lambda s: [jobs.too_heavy(s.t, s.w.file, "7K3QX2")],
        "jobs.failed": lambda s: [jobs.failed(s.t, s.w.file, "7K3QX2")],
        "jobs.no_file": lambda s: [jobs.no_file(s.t, s.w.file)],
    }


def _facts(reason: Reason) -> dict[str, int | str]:
    return {"limit": 200_000_000 if reason is Reason.TOO_BIG else 200_000, "row": 12_345}


EXPORT: dict[str, Any] = {"name": "2026-11-25.xlsx", "log_id": ID, "most": 500}
PROGRESS: Any = SimpleNamespace(done=12_345, total=200_000)

SHEETS: dict[str, Builder] = {
    "exports.ask": lambda s: [exports.ask(s.t, Allowance(12_345, 500, 2), actor=s.as_role(role)) for role in Role],
    "exports.started": lambda s: [exports.started(s.t, ID, 12_345)],
    "exports.tell": lambda s: [exports.tell(s.t, EXPORT, SimpleNamespace(done=12, total=99))],
    "exports.done": lambda s: [exports.done(s.t, EXPORT, customers=500, content=b"", cut=cut) for cut in (True, False)],
    "exports.too_large": lambda s: [exports.too_large(s.t, EXPORT)],
    "exports.failed": lambda s: [exports.failed(errors.bug(s.t, "7K3QX2", pressed=True), EXPORT)],
    "exports.enough": lambda s: [exports.enough(s.t, NOW)],
    "exports.wanted_more": lambda s: [exports.wanted_more(s.t, s.actor, 12_345, day=TODAY)],
    "import_choices.columns": lambda s: [import_choices.columns(s.t, s.imported(reread=True), 0)],
    "import_choices.fields": lambda s: [import_choices.fields(s.t, s.imported(), 4, n) for n in range(4)],
    "import_choices.sheets": lambda s: [import_choices.sheets(s.t, s.imported())],
    "import_choices.owners": lambda s: [
        import_choices.owners(s.t, s.imported(), s.ownership(rule), own_id=ID, number=1) for rule in OwnerRule
    ],
    "imports.living": lambda s: [imports.living(jobs.cancelled(s.t), s.imported())],
    "imports.explain": lambda s: [imports.explain(s.t, [s.imported(), s.imported(ImportState.DONE)])],
    "imports.reading": lambda s: [imports.reading(s.t, s.imported(ImportState.READING))],
    "imports.refused": lambda s: [
        imports.refused(s.t, s.imported(), SheetRefused(reason, _facts(reason))) for reason in Reason
    ],
    "imports.too_many_foreign": lambda s: [imports.too_many_foreign(s.t, s.imported())],
    "imports.tell_reading": lambda s: [imports.tell_reading(s.t, _telling(s), PROGRESS)],
    "imports.tell_filing": lambda s: [imports.tell_filing(s.t, _telling(s), PROGRESS)],
    "imports.tell_planning": lambda s: [imports.tell_planning(s.t, _telling(s), PROGRESS)],
    "imports.tell_undoing": lambda s: [imports.tell_undoing(s.t, _telling(s), PROGRESS)],
    "imports.card": lambda s: [imports.card(s.t, s.imported(state), s.ownership()) for state in ImportState],
    "imports.preview": lambda s: [
        imports.preview(s.t, s.imported(reread=again), s.ownership(rule))
        for rule in OwnerRule
        for again in (True, False)
    ],
    "imports.returned": lambda s: [imports.returned(s.t, s.w.file, b"")],
    "import_given.received": lambda s: [
        import_given.received(s.t, [Given(ID, ID, by, 12_345)] * n) for by in (s.w.member, None) for n in (1, 6)
    ],
    "import_given.listed": lambda s: [
        import_given.listed(s.t, ID, shown, actor=s.actor) for shown in (page(s.line()), page(s.line(), 0, total=0))
    ],
    "imports.listed": lambda s: [imports.listed(s.t, s.imported(), page(s.line()), actor=s.actor)],
    "imports.ask_undo": lambda s: [imports.ask_undo(s.t, s.imported(), 12_345)],
}


def _telling(s: Sample) -> dict[str, object]:
    return {"name": s.w.file, "import_id": ID}


def _staff() -> dict[str, Builder]:
    link = "https://t.me/keyuan_sandbox_bot?start=i" + "k" * 43
    chosen = Chosen("zh_Hans", "US", "America/New_York", "Mon-Sat 09:00-18:00")

    def invite(s: Sample) -> InviteLine:
        return InviteLine(ID, Role.LEAD, ID, s.w.team, s.w.member, NOW, VERSION)

    return {
        "invites.choose_role": lambda s: [invites.choose_role(s.t, [(role, True, ID) for role in Role], open_count=12)],
        "invites.no_team": lambda s: [invites.no_team(s.t)],
        "invites.choose_team": lambda s: [invites.choose_team(s.t, Role.REP, page(s.team(2)), without=True)],
        "invites.invite": lambda s: [
            invites.invite(s.t, Role.ADMIN, team, link, act_id=ID) for team in (None, s.w.team)
        ],
        "invites.open_invites": lambda s: [
            invites.open_invites(s.t, [invite(s)] * 30, 2, act_id=ID),
            invites.open_invites(s.t, []),
        ],
        "invites.joined": lambda s: [
            invites.joined(s.t, Redeemed(ID, Role.ADMIN, s.w.team, first, ID), s.w.member) for first in (True, False)
        ],
        "invites.joined_notice": lambda s: [invites.joined_notice(s.t, s.w.member, Role.ADMIN, ID)],
        "invites.already_in": lambda s: [invites.already_in(s.t)],
        "invites.bad_link": lambda s: [invites.bad_link(s.t)],
        "invites.guessing": lambda s: [invites.guessing(s.t, 1234, dedupe="guessing")],
        "settings.settings": lambda s: [_settings(s)],
        "settings.topic": lambda s: [settings.topic(s.t, which) for which in Topic],
        "settings.saved": lambda s: [settings.saved(s.t, _settings(s), act_id=ID)],
        "settings.not_understood": lambda s: [settings.not_understood(s.t, which, s.w.value) for which in Topic],
        "setup.question": lambda s: [setup.question(s.t, which, chosen, tuple(Question)) for which in Question],
        "setup.finished": lambda s: [setup.finished(s.t, chosen, s.w.team, act_id=ID)],
        "start.welcome": lambda s: [start.welcome(s.t, s.as_role(role), set_up=False) for role in Role],
        "start.help_for": lambda s: [start.help_for(s.t, role) for role in Role],
        "start.cancelled": lambda s: [start.cancelled(s.t, was_open=was_open) for was_open in (True, False)],
    }


def _status() -> dict[str, Builder]:
    queues = Queues(12_345, LATE, 123, 1234, LATE, 1234, 30, 123, 12_345, 123, 1234, 12, 12, LATE)
    vitals = Vitals("1.0.0", LATE, heard_at=LATE, limited=123, free_bytes=1024)
    states = [BackupState(LATE, made, 123_456_789, NOW, trouble) for made in (None, LATE) for trouble in Trouble]

    def wrong(s: Sample, trace: Trace = Trace.UPDATE) -> ErrorLine:
        return ErrorLine(NOW, trace, "7K3QX2", s.w.member, "12345 " * 30)

    def overview(s: Sample) -> Iterator[Reply]:
        crew = [
            Worker(role, "host-1:12345", alive) for role in ("sender", "intake", "clock") for alive in (True, False)
        ]
        for state in states:
            yield status.overview(
                s.t, queues, vitals, state, size=123_456_789, workers=crew, errors=[wrong(s)] * 9, now=NOW
            )

    return {
        "status.overview": overview,
        "status.errors": lambda s: [status.errors(s.t, page(wrong(s, trace))) for trace in Trace],
        "status.held": lambda s: [
            status.held(s.t, page(HeldLine(ID, NOW, s.w.member, "sendMessage", s.w.note), 4), dropped=ID)
        ],
        "status.ask_drop_all": lambda s: [status.ask_drop_all(s.t, 1234, ID, 2)],
        "seals.head": lambda s: [seals.head(s.t, Head(1_234_567, bytes(range(32))))],
        "status.no_backup": lambda s: [status.no_backup(s.t, state, now=NOW) for state in states],
    }


def _absence(s: Sample) -> Absence:
    return Absence(ID, s.w.member, ID, s.w.member, NOW, NOW + dt.timedelta(days=40))


def _settings(s: Sample) -> Reply:
    return settings.settings(s.t, s.actor, away.line_of(s.t, _absence(s), now=NOW), away=away.open_away(s.t, ID))


def _member(s: Sample, line: MemberLine) -> Reply:
    more = away.line_of(s.t, _absence(s), now=NOW)
    return teams.member(s.t, s.actor, line, Load(123, 1234, 12_345), more, away=away.open_away(s.t, ID))


def _away() -> dict[str, Builder]:
    refusals = [Invalid("away", fault) for fault in (Fault.IN_PAST, Fault.NOT_UNDERSTOOD, Fault.TOO_FAR)]
    whose = (True, False)

    def screen(s: Sample) -> Reply:
        return away.away(s.t, s.member(), _absence(s), own=True, now=NOW)

    return {
        "away.away": lambda s: [screen(s)],
        "away.choose": lambda s: [
            away.choose(s.t, s.member(), page((ID, s.w.member), count), own=own) for own in whose for count in (0, 7)
        ],
        "away.ask_days": lambda s: [away.ask_days(s.t, ID, ID, s.w.member, TODAY)],
        "away.not_understood": lambda s: [away.not_understood(s.t, ID, ID, s.w.note)],
        "away.refused": lambda s: [away.refused(s.t, ID, ID, refusal) for refusal in refusals],
        "away.saved": lambda s: [away.saved(s.t, screen(s), act_id=ID)],
        "away.in_place": lambda s: [away.in_place(s.t, away.is_back(s.t, _absence(s)), s.w.member)],
        "away.you_stand_in": lambda s: [
            away.you_stand_in(s.t, _absence(s), by=by) for by in (None, "李强" if s.t.locale != "en" else "Lin")
        ],
        "away.needed_no_more": lambda s: [away.needed_no_more(s.t, _absence(s), by=s.w.member)],
        "away.is_away": lambda s: [away.is_away(s.t, _absence(s), by=s.w.member)],
        "away.is_back": lambda s: [away.is_back(s.t, _absence(s))],
    }


def _teams() -> dict[str, Builder]:
    return {
        "teams.teams": lambda s: [
            teams.teams(s.t, s.as_role(role), page(s.team(3), n), 12) for role in Role for n in (0, 7)
        ],
        "teams.team": lambda s: [
            teams.team(s.t, s.as_role(role), line, page(s.member(active=False)), empty=True)
            for role in Role
            for line in (s.team(), None)
        ],
        "teams.ask_team_name": lambda s: [teams.ask_team_name(s.t, line=line) for line in (s.team(), None)],
        "teams.choose_lead": lambda s: [teams.choose_lead(s.t, s.team(), page(s.member(role))) for role in Role],
        "teams.member": lambda s: [
            _member(s, s.member(role, active=active)) for role in Role for active in (True, False)
        ],
        "teams.ask_member_name": lambda s: [teams.ask_member_name(s.t, s.member())],
        "teams.choose_team": lambda s: [teams.choose_team(s.t, s.member(), page(s.team(2)), without=True)],
        "teams.saved": lambda s: [teams.saved(s.t, _member(s, s.member()), act_id=ID)],
        "teams.deactivated": lambda s: [teams.deactivated(s.t, s.member(active=False), act_id=ID)],
        "teams.choose_heir": lambda s: [teams.choose_heir(s.t, s.member(), page(s.member(role))) for role in Role],
        "teams.handed_over": lambda s: [
            teams.handed_over(s.t, s.member(), heir, 1234, act_id=ID) for heir in (None, s.w.member)
        ],
        "teams.received": lambda s: [teams.received(s.t, s.w.member, 1234, s.w.member)],
        "teams.taken_away": lambda s: [teams.taken_away(s.t, heir, 1234, s.w.member) for heir in (None, s.w.member)],
        "teams.left": lambda s: [teams.left(s.t)],
        "teams.now_as": lambda s: [teams.now_as(s.t, role, s.w.member) for role in Role],
        "teams.wanted_admin": lambda s: [teams.wanted_admin(s.t, s.member(), s.w.member, ID)],
        "teams.now_leads": lambda s: [teams.now_leads(s.t, s.w.team, s.w.member)],
        "teams.now_in": lambda s: [teams.now_in(s.t, team, s.w.member) for team in (None, s.w.team)],
        "teams.new_admin": lambda s: [teams.new_admin(s.t, s.w.member, by) for by in (None, s.w.member)],
    }


def _history() -> dict[str, Builder]:
    def act(s: Sample) -> Iterator[Reply]:
        row = {"kind": "visit", "note": s.w.note, "name": s.w.name}
        change = {"needs": s.w.value, "stage": "won", "grade": "A", "budget": s.w.value}
        for sight in Sight:
            lines = [ChangeLine("touch", ID, None, row, row, s.w.name, sight)]
            lines += [
                ChangeLine("customer", ID, {**change, "stage": "lost"}, {**change, "needs": None}, {}, None, sight)
            ]
            yield history.act(s.t, s.act(), lines * 8, 400, history.HistoryPage(ID, ID, 12))

    def trail(s: Sample) -> Iterator[Reply]:
        yield history.trail(s.t, page(s.act()), Shown(), title=None, actor=s.actor)
        yield history.trail(s.t, page(s.act(), 0, total=0), Shown(ID, ID), title=s.w.name, actor=s.as_role(Role.REP))
        for kind in history.ACTS:
            line = s.act(kind, name=s.w.member, role=Role.LEAD, to=s.w.member, count=1234)
            yield history.trail(s.t, page(line), Shown(ID, ID), title=s.w.name, actor=s.actor)

    return {
        "history.undone": lambda s: [history.undone(s.t, s.act(kind)) for kind in ("touch.logged", "reminder.set")],
        "history.taken_back": lambda s: [history.taken_back(s.t, s.act(), s.w.member)],
        "history.nothing_to_undo": lambda s: [history.nothing_to_undo(s.t)],
        "history.trail": trail,
        "history.choose_member": lambda s: [history.choose_member(s.t, page(s.member()))],
        "history.choose_subject": lambda s: [
            history.choose_subject(s.t, s.w.name, [s.line()] * n, [s.member()] * n) for n in (0, 4)
        ],
        "history.act": act,
    }


OFFICE: dict[str, Builder] = {**_errors(), **SHEETS, **_staff(), **_status(), **_away(), **_teams(), **_history()}
