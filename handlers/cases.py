"""``/cases`` of the staff: what presses most, one case, and what is done about it by a tap."""

from collections.abc import Callable
from dataclasses import replace

from actions import case_work as act
from actions.cases import clock_of, responsible_above
from domain.bindings import BindingState
from domain.cases import Account, CaseFile, CaseLine, Done, read_reference
from domain.customers import Page
from domain.errors import Changed, NotFound
from domain.people import STAFF
from handlers import case_news as news
from handlers.media import again
from handlers.routing import Command, Request, Route
from storage.feedback import files_of, listener_of
from views import case_work as work_view
from views import cases as view
from views.links import CustomerCases, OpenCase
from views.replies import Reply

# Lists -------------------------------------------------------------------------------------------------------------


def take_cases(req: Request) -> Reply:
    """My open cases, a lead's without any of the own those of all; with a reference behind the command, that one."""
    if req.text.strip():
        reference = read_reference(req.text)
        case = req.uow.cases(req.actor).referred(reference) if reference else None
        if case is None:
            raise NotFound("case", req.text)
        return page_of(req, case)
    mine = req.uow.cases(req.actor).page(mine=True)
    if not mine.items and req.actor.is_lead:
        return _list(req, 0, team=True)
    return view.my_cases(req.t, mine, team=False, actor=req.actor, now=req.now)


def turn_list(req: Request) -> Reply:
    press = req.press(view.ListCases)
    return _list(req, press.number, team=bool(press.team) and req.actor.is_lead)


def _list(req: Request, number: int, *, team: bool) -> Reply:
    page = req.uow.cases(req.actor).page(number, mine=not team)
    return view.my_cases(req.t, page, team=team, actor=req.actor, now=req.now)


def list_of_customer(req: Request) -> Reply:
    press = req.press(CustomerCases)
    customer = req.uow.customers(req.actor).line(press.customer_id)
    page = req.uow.cases(req.actor).page_of(customer.id, press.number)
    return view.of_customer(req.t, customer, page, file=work_view.file_button(req.t, customer.id), now=req.now)


# One case ----------------------------------------------------------------------------------------------------------


def open_case(req: Request) -> Reply:
    return page_of(req, req.uow.cases(req.actor).get(req.press(OpenCase).case_id))


def page_of(req: Request, case: CaseLine) -> Reply:
    """The page of a case in sight."""
    t = req.t
    return view.case_page(
        t,
        file_of(req, case),
        answer=work_view.answer_button(t, case),
        promise=work_view.promise_button(t, case),
        note=work_view.note_button(t, case),
    )


def file_of(req: Request, case: CaseLine) -> CaseFile:
    """A case with all that its page shows."""
    clock, due = clock_of(req.uow), case.next_due
    left = None
    if due is not None:
        left = clock.between(req.now, due) if due > req.now else -clock.between(due, req.now)
    return CaseFile(
        case,
        tuple(req.uow.cases(req.actor).story(case.id)),
        len(files_of(req.uow, case.id)),
        left,
        account_of(req, case),
        case.owner_id == req.actor.member_id,
        req.uow.customers(req.actor).scope.holds(req.uow.cases(req.actor).customer_of(case.customer_id)[0]),
    )


def account_of(req: Request, case: CaseLine) -> Account:
    """Whether an answer reaches the customer."""
    listener = listener_of(req.uow, case)
    if listener is None:
        return Account.NONE
    if listener[1] is not BindingState.CONFIRMED:
        return Account.UNCONFIRMED
    return Account.HERE if req.uow.people.actor(listener[0]).reachable else Account.BLOCKED


def show_more(req: Request) -> Reply:
    case = req.uow.cases(req.actor).get(req.press(view.MoreOfCase).case_id)
    return view.more(req.t, file_of(req, case), learn=work_view.learn_rows(req.t, case.id))


def show_story(req: Request) -> Reply:
    press = req.press(view.ShowStory)
    case = req.uow.cases(req.actor).get(press.case_id)
    story = req.uow.cases(req.actor).story(case.id)
    start = press.number * view.STORY_PAGE
    return view.story(req.t, case, Page(tuple(story[start : start + view.STORY_PAGE]), press.number, len(story)))


def show_files(req: Request) -> Reply:
    case = req.uow.cases(req.actor).get(req.press(view.ShowFiles).case_id)
    shown = [
        again(req, one.kind, one.file_id, latitude=one.latitude, longitude=one.longitude, name=one.name)
        for one in files_of(req.uow, case.id)
    ]
    return view.files(req.t, case, [reply for reply in shown if reply is not None])


# Acts --------------------------------------------------------------------------------------------------------------


def take(req: Request) -> Reply:
    press = req.press(view.TakeCase)
    version = press.version
    return done(req, press.case_id, lambda: act.take(req.uow, req.actor, press.case_id, version=version, now=req.now))


def choose_keeper(req: Request) -> Reply:
    """Those in sight; for who leads nobody, the lead."""
    press = req.press(view.ChooseKeeper)
    case = req.uow.cases(req.actor).get(press.case_id)
    members = req.uow.teams(req.actor).members(active=True)
    known = [one for one in members if one.id not in (case.owner_id, case.about_id)]
    above = set(responsible_above(req.uow, case)) - {one.id for one in known} - {req.actor.member_id}
    program = req.uow.teams(req.uow.people.program())
    known += [program.member(member_id) for member_id in sorted(above) if case.owner_id == req.actor.member_id]
    return view.choose_keeper(req.t, case, Page.of(known, press.number))


def give(req: Request) -> Reply:
    press = req.press(view.GiveCase)
    try:
        given = act.transfer(req.uow, req.actor, press.case_id, press.member_id, version=press.version, now=req.now)
    except Changed:
        return view.changed(req.t, page_of(req, req.uow.cases(req.actor).get(press.case_id)))
    screen = view.given_away(req.t, given.case, act_id=given.act_id)
    return replace(screen, notices=news.given(req.uow, given.case, req.actor, now=req.now))


def wait(req: Request) -> Reply:
    press = req.press(view.WaitForCustomer)
    version = press.version
    return done(req, press.case_id, lambda: act.wait(req.uow, req.actor, press.case_id, version=version, now=req.now))


def solve(req: Request) -> Reply:
    press = req.press(view.SolveCase)
    version = press.version
    return done(req, press.case_id, lambda: act.solve(req.uow, req.actor, press.case_id, version=version, now=req.now))


def hurry(req: Request) -> Reply:
    press = req.press(view.HurryCase)
    return done(req, press.case_id, lambda: act.press_on(req.uow, req.actor, press.case_id, now=req.now))


def close(req: Request) -> Reply:
    press = req.press(view.CloseCase)
    return done(
        req,
        press.case_id,
        lambda: act.close(req.uow, req.actor, press.case_id, press.reason, version=press.version, now=req.now),
    )


def choose_reason(req: Request) -> Reply:
    return work_view.choose_reason(req.t, req.uow.cases(req.actor).get(req.press(view.ChooseReason).case_id))


def choose_cause(req: Request) -> Reply:
    return view.choose_cause(req.t, req.uow.cases(req.actor).get(req.press(view.ChooseCause).case_id))


def set_cause(req: Request) -> Reply:
    press = req.press(view.SetCause)
    return done(
        req, press.case_id, lambda: act.learn(req.uow, req.actor, press.case_id, "cause", press.cause, now=req.now)
    )


def done(req: Request, case_id: int, work: Callable[[], Done]) -> Reply:
    """The page after an act, with Undo; as it stands where the button was too old."""
    try:
        finished = work()
    except Changed:
        return view.changed(req.t, page_of(req, req.uow.cases(req.actor).get(case_id)))
    return view.done(req.t, page_of(req, finished.case), finished.kind, act_id=finished.act_id)


ROUTES = (
    Route(Command("cases"), take_cases, STAFF),
    Route(view.ListCases, turn_list, STAFF),
    Route(CustomerCases, list_of_customer, STAFF),
    Route(OpenCase, open_case, STAFF),
    Route(view.MoreOfCase, show_more, STAFF),
    Route(view.ShowStory, show_story, STAFF),
    Route(view.ShowFiles, show_files, STAFF),
    Route(view.TakeCase, take, STAFF, once=True),
    Route(view.ChooseKeeper, choose_keeper, STAFF),
    Route(view.GiveCase, give, STAFF, once=True),
    Route(view.WaitForCustomer, wait, STAFF, once=True),
    Route(view.SolveCase, solve, STAFF, once=True),
    Route(view.HurryCase, hurry, STAFF, once=True),
    Route(view.ChooseReason, choose_reason, STAFF),
    Route(view.CloseCase, close, STAFF, once=True),
    Route(view.ChooseCause, choose_cause, STAFF),
    Route(view.SetCause, set_cause, STAFF),
)
