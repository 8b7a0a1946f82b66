"""The screens of cases, of both sides, and of reply templates; ``screens.py`` gathers them."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from domain.case_clocks import Clock, Level
from domain.cases import (
    About,
    Account,
    CaseFile,
    CaseKind,
    CaseLine,
    CaseState,
    Cause,
    CloseReason,
    EndedBy,
    Entry,
    EntryKind,
    Progress,
)
from domain.people import Role
from domain.reply_templates import Template
from tests.unit.screen_samples import ID, NOW, VERSION, Sample, page
from views import case_news, case_work, cases, feedback, reply_templates
from views.replies import Button, Reply

Builder = Callable[[Sample], Iterator[Reply] | list[Reply]]
FEW = {"binding": ID, "kind": "complaint", "about": "price", "urgent": True, "words": ["x"] * 9, "files": [{}] * 3}
NONE = FEW | {"words": [], "files": [], "urgent": False}
ENDED = frozenset({CaseState.CONFIRMED, CaseState.CLOSED})
EVERY_STATE = tuple(CaseState)


def _case(s: Sample, state: CaseState = CaseState.IN_WORK, *, urgent: bool = True, by: str | None = None) -> CaseLine:
    w = s.w
    ended = NOW if state in ENDED else None
    values: tuple[Any, ...] = (
        *(ID, VERSION, "C-7K3Q4X", ID, w.name, ID, w.person, ID, CaseKind.COMPLAINT, About.ADVISER, None, urgent),
        *(w.note * 9, state, ID, w.member, NOW, NOW, None, NOW, NOW, NOW, None, 0, ended, by),
        *(Cause.EXPECTATION, w.value, w.note),
    )
    return CaseLine(*values)


def _entries(s: Sample) -> tuple[Entry, ...]:
    texts = {
        EntryKind.STATE: CaseState.WAITING,
        EntryKind.PROMISE: NOW.isoformat(),
        EntryKind.TRANSFER: s.w.member,
        EntryKind.REASON: CloseReason.WITHDRAWN,
    }
    return tuple(
        Entry(ID, ID, kind, ID, who, str(texts.get(kind, s.w.note * 3)), NOW)
        for kind in EntryKind
        for who in (s.w.member, None)
    )


def _progress(s: Sample, state: CaseState, by: str | None = None) -> Progress:
    reached = tuple((one, NOW) for one in EVERY_STATE)
    said = tuple(e for e in _entries(s) if e.kind in (EntryKind.WORDS, EntryKind.ANSWER))
    return Progress(_case(s, state, by=by), reached, said, 12, s.w.member)


def _progresses(s: Sample) -> Iterator[Progress]:
    for state in EVERY_STATE:
        yield _progress(s, state)
    yield _progress(s, CaseState.CLOSED, EndedBy.SILENCE)


def _file(s: Sample, account: Account, state: CaseState = CaseState.ASSIGNED) -> CaseFile:
    return CaseFile(_case(s, state), _entries(s), 12, dt.timedelta(hours=7, minutes=59), account, mine=False, card=True)


def _template(s: Sample, *, own: bool = True) -> Template:
    return Template(ID, VERSION, s.w.tag, s.w.note * 9, ID if own else None, 12_345, 2_345)


def _buttons(s: Sample) -> dict[str, Button]:
    case = _case(s)
    return {
        "answer": case_work.answer_button(s.t, case),
        "promise": case_work.promise_button(s.t, case),
        "note": case_work.note_button(s.t, case),
    }


def _mine() -> dict[str, Builder]:
    f = feedback

    def pages(s: Sample) -> Iterator[Reply]:
        shown = [_case(s, state) for state in EVERY_STATE]
        yield f.my_cases(s.t, replace(page(None), items=tuple(shown)))
        yield f.my_cases(s.t, replace(page(None), items=(), total=0))

    return {
        "feedback.choose_customer": lambda s: [f.choose_customer(s.t, [s.binding()] * 3)],
        "feedback.choose_kind": lambda s: [f.choose_kind(s.t, ID)],
        "feedback.choose_about": lambda s: [f.choose_about(s.t, ID, kind) for kind in CaseKind],
        "feedback.collecting": lambda s: [f.collecting(s.t, one) for one in (FEW, NONE, FEW | {"case": ID})],
        "feedback.enough": lambda s: [f.enough(s.t, FEW)],
        "feedback.nothing_yet": lambda s: [f.nothing_yet(s.t)],
        "feedback.filed": lambda s: [f.filed(s.t, _progress(s, CaseState.RECEIVED))],
        "feedback.status": lambda s: [f.status(s.t, one) for one in _progresses(s)],
        "feedback.page": lambda s: [f.page(s.t, one) for one in _progresses(s)],
        "feedback.my_cases": pages,
        "feedback.unknown_reference": lambda s: [f.unknown_reference(s.t)],
        "feedback.added": lambda s: [f.added(s.t, _progress(s, CaseState.IN_WORK))],
        "feedback.asked_manager": lambda s: [
            f.asked_manager(s.t, _progress(s, CaseState.IN_WORK), first=first) for first in (True, False)
        ],
        "feedback.solved": lambda s: [f.solved(s.t, _progress(s, CaseState.CONFIRMED))],
        "feedback.ask_missing": lambda s: [f.ask_missing(s.t, NONE | {"case": ID})],
        "feedback.answered": lambda s: [f.answered(s.t, _case(s), s.w.note, by=by) for by in (s.w.member, None)],
        "feedback.promised": lambda s: [f.promised(s.t, replace(_case(s), answered_at=NOW))],
        "feedback.ask_solved": lambda s: [f.ask_solved(s.t, _case(s, CaseState.SOLVED))],
        "feedback.closed": lambda s: [f.closed(s.t, _case(s, CaseState.CLOSED, by=by)) for by in EndedBy],
    }


def _staff() -> dict[str, Builder]:
    c = cases

    def lists(s: Sample) -> Iterator[Reply]:
        for role in (Role.REP, Role.LEAD):
            for team in (False, True):
                yield c.my_cases(s.t, page(_case(s)), team=team, actor=s.as_role(role), now=NOW)
                yield c.my_cases(
                    s.t, replace(page(_case(s)), items=(), total=0), team=team, actor=s.as_role(role), now=NOW
                )

    def case_pages(s: Sample) -> Iterator[Reply]:
        for state in EVERY_STATE:
            for account in Account:
                yield c.case_page(s.t, _file(s, account, state), **_buttons(s))
        yield c.case_page(s.t, replace(_file(s, Account.HERE), left=-dt.timedelta(hours=1)), **_buttons(s))

    return {
        "cases.my_cases": lists,
        "cases.of_customer": lambda s: [
            c.of_customer(s.t, s.line(), shown, file=case_work.file_button(s.t, ID), now=NOW)
            for shown in (page(_case(s)), replace(page(_case(s)), items=()))
        ],
        "cases.case_page": case_pages,
        "cases.more": lambda s: [
            c.more(s.t, _file(s, Account.HERE, state), learn=case_work.learn_rows(s.t, ID)) for state in EVERY_STATE
        ],
        "cases.story": lambda s: [
            c.story(s.t, _case(s), replace(page(None), items=_entries(s)[i : i + 8], number=n))
            for n, i in enumerate((0, 8))
        ],
        "cases.done": lambda s: [
            c.done(s.t, c.case_page(s.t, _file(s, Account.NONE), **_buttons(s)), kind, act_id=ID)
            for kind in ("case.taken", "case.analysed")
        ],
        "cases.given_away": lambda s: [c.given_away(s.t, _case(s), act_id=ID)],
        "cases.changed": lambda s: [c.changed(s.t, c.case_page(s.t, _file(s, Account.HERE), **_buttons(s)))],
        "cases.choose_keeper": lambda s: [
            c.choose_keeper(s.t, _case(s), shown) for shown in (page(s.member()), replace(page(s.member()), items=()))
        ],
        "cases.choose_cause": lambda s: [c.choose_cause(s.t, _case(s))],
        "cases.files": lambda s: [c.files(s.t, _case(s), [])],
    }


def _work() -> dict[str, Builder]:
    w = case_work
    manage = reply_templates.manage_button
    return {
        "case_work.ask_answer": lambda s: [
            w.ask_answer(s.t, _file(s, account), [_template(s)] * 6, manage=manage(s.t)) for account in Account
        ],
        "case_work.unconfirmed": lambda s: [w.unconfirmed(s.t, _case(s))],
        "case_work.preview": lambda s: [w.preview(s.t, _case(s), _template(s), s.w.note)],
        "case_work.answered": lambda s: [w.answered(s.t, _case(s), act_id=ID, leaves=one) for one in (True, False)],
        "case_work.recalled": lambda s: [w.recalled(s.t, _case(s))],
        "case_work.ask_note": lambda s: [w.ask_note(s.t, _case(s))],
        "case_work.ask_promise": lambda s: [
            w.ask_promise(s.t, _case(s), [NOW] * 5, wrong=one) for one in (True, False)
        ],
        "case_work.choose_reason": lambda s: [w.choose_reason(s.t, _case(s))],
        "case_work.ask_learn": lambda s: [w.ask_learn(s.t, _case(s), lesson=one) for one in (True, False)],
        "case_work.file_kind": lambda s: [w.file_kind(s.t, s.line())],
        "case_work.file_about": lambda s: [w.file_about(s.t, s.line(), CaseKind.QUESTION)],
        "case_work.file_words": lambda s: [w.file_words(s.t, s.line(), CaseKind.QUESTION, About.PRICE)],
        "case_work.filed_elsewhere": lambda s: [w.filed_elsewhere(s.t, _case(s))],
    }


def _news() -> dict[str, Builder]:
    n = case_news

    def clocks(s: Sample) -> Iterator[Reply]:
        for clock in Clock:
            for level in Level:
                yield n.running_out(s.t, _case(s), clock, level, NOW)
        yield n.running_out(s.t, replace(_case(s), owner=None), Clock.SOLVE, Level.BREACH, NOW)

    return {
        "case_news.filed": lambda s: [n.filed(s.t, _short(s), copied=one) for one in (True, False)],
        "case_news.words": lambda s: [n.words(s.t, _case(s), s.w.note, 3)],
        "case_news.escalated": lambda s: [n.escalated(s.t, _short(s), to_lead=one) for one in (True, False)],
        "case_news.confirmed": lambda s: [n.confirmed(s.t, _case(s))],
        "case_news.reopened": lambda s: [n.reopened(s.t, _case(s))],
        "case_news.given": lambda s: [n.given(s.t, _short(s), by=s.w.member)],
        "case_news.running_out": clocks,
        "case_news.silent": lambda s: [n.silent(s.t, _case(s, CaseState.CLOSED))],
    }


def _short(s: Sample) -> CaseLine:
    return replace(_case(s), answered_at=None)


def _templates() -> dict[str, Builder]:
    r = reply_templates
    return {
        "reply_templates.templates": lambda s: [
            r.templates(s.t, known, 0, actor=s.as_role(Role.LEAD)) for known in ([_template(s)] * 40, [])
        ],
        "reply_templates.template_page": lambda s: [
            r.template_page(s.t, _template(s, own=one), may_change=one) for one in (True, False)
        ],
        "reply_templates.ask_template": lambda s: [r.ask_template(s.t, shared=True)],
        "reply_templates.added": lambda s: [r.added(s.t, _template(s), act_id=ID)],
        "reply_templates.removed": lambda s: [r.removed(s.t, _template(s), act_id=ID)],
    }


CASES: dict[str, Builder] = {**_mine(), **_staff(), **_work(), **_news(), **_templates()}
