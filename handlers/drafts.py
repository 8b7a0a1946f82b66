"""Open drafts: each asks the one missing thing, until it is filed or dropped."""

from dataclasses import replace
from typing import Any

from actions.customers import add_customer, claim, draft_from_name
from actions.drafts import (
    NO_DATE,
    Kept,
    Open,
    Reading,
    Source,
    drop_draft,
    file_log,
    go_on,
    keep_draft,
    plan_instead,
    read_log,
    source_of,
)
from actions.next_touches import check_agreed
from actions.texts import looks_somebody_up, stands_alone
from domain.errors import Changed
from domain.next_touches import NextTouch
from domain.people import STAFF
from domain.touches import DraftLine, LoggedTouch, Missing
from handlers import next_touches
from handlers.media import media_values
from handlers.routing import PASS, Content, Request, Route, Step
from views import drafts as view
from views import next_touches as next_view
from views import touches as touch_view
from views.replies import Reply


def filed(req: Request, done: list[LoggedTouch], reading: Reading | None = None) -> Reply:
    """The card of what a message became."""
    if len(done) > 1:
        one_act = len({one.act_id for one in done}) == 1
        return touch_view.logged_days(req.t, done) if one_act else touch_view.logged_each(req.t, done)
    readings = reading.readings if reading else ()
    hint = bool(reading and reading.line.is_order)
    stands = done[0].next_touch
    others = tuple(one for one in readings if stands is None or one != (stands.day, stands.at))
    return touch_view.logged(req.t, done[0], readings=others, order_hint=hint)


def question(req: Request, draft: DraftLine, reading: Reading) -> Reply:
    """The card of a draft with its one question."""
    customers = req.uow.customers(req.actor)
    found = [(customers.line(one.customer_id), one.contact_id) for one in reading.named[: view.MOST_CHOICES]]
    return view.open_draft(
        req.t,
        draft,
        found=found,
        each=bool(reading.line.several_customers) and not any(line.pool for line, _ in found),
        unknown=reading.line.unknown_name,
        readings=reading.readings,
        over=(reading.over.day, reading.over.at) if reading.over else None,
        happened=reading.happened_at,
        days=reading.line.several_days,
    )


def open_draft(req: Request) -> Reply:
    """The question as it stands now: its customer may have gone to a colleague, or have been claimed, since."""
    draft = req.uow.drafts(req.actor).get(req.press(view.OpenDraft).draft_id)
    reading = read_log(req.uow, req.actor, source_of(draft), now=req.now)
    return question(req, replace(draft, missing=reading.missing or Missing.WHICH), reading)


def reread(req: Request, draft: DraftLine) -> Reply:
    """The message of a draft was edited: understand it anew."""
    source = Source(req.text, draft.said_at, draft.chat_id, draft.message_id, draft.choices)
    return _next(req, draft, source)


def pick_customer(req: Request) -> Reply:
    press = req.press(view.PickCustomer)
    draft = req.uow.drafts(req.actor).get(press.draft_id)
    req.uow.customers(req.actor).line(press.customer_id)  # not a colleague's by now
    return _choose(req, draft, press.version, customer=press.customer_id, contact=press.contact_id)


def claim_and_log(req: Request) -> Reply:
    press = req.press(view.ClaimAndLog)
    draft = req.uow.drafts(req.actor).get(press.draft_id)
    claim(req.uow, req.actor, press.customer_id, now=req.now)
    return _choose(req, draft, press.version, customer=press.customer_id, contact=press.contact_id)


def new_for_draft(req: Request) -> Reply:
    """The unknown name becomes a new customer, and the log is filed with it."""
    press = req.press(view.NewForDraft)
    draft = req.uow.drafts(req.actor).get(press.draft_id)
    reading = read_log(req.uow, req.actor, source_of(draft), now=req.now)
    name = draft.choices.get("name") or reading.line.unknown_name
    if not name:
        return _ask_name(req, draft)
    new = add_customer(req.uow, req.actor, draft_from_name(name), now=req.now)
    return _choose(req, draft, press.version, customer=new.customer.id)


def ask_name(req: Request) -> Reply:
    return _ask_name(req, req.uow.drafts(req.actor).get(req.press(view.NameCustomer).draft_id))


def _ask_name(req: Request, draft: DraftLine) -> Reply:
    return view.ask_name(req.t, draft, req.uow.customers(req.actor).recent())


def take_name(req: Request) -> Reply:
    """The name typed for a draft: one hit files it, several are shown, none offers a new customer."""
    draft = req.uow.drafts(req.actor).get(req.facts["draft"])
    found = req.uow.customers(req.actor).search(req.text)
    if found.total == 1:
        return _choose(req, draft, draft.version, customer=found.items[0].id, contact=found.items[0].contact_id)
    if not found.items:
        req.uow.act(req.actor, "draft.kept", undo=None)
        req.uow.drafts(req.actor).change(draft.id, understood={**draft.choices, "name": req.text.strip()})
        return view.nobody(req.t, req.uow.drafts(req.actor).get(draft.id), req.text)
    return view.which(req.t, draft, [(line, line.contact_id) for line in found.items])


def pick_next(req: Request) -> Reply:
    press = req.press(view.PickNext)
    draft = req.uow.drafts(req.actor).get(press.draft_id)
    if not press.stamp:
        return _choose(req, draft, press.version, next=NO_DATE)
    return _agreed(req, draft, press.version, next_touches.at_stamp(req, press.stamp))


def take_date(req: Request) -> Reply:
    """The next touch typed in answer to a draft's question."""
    if stands_alone(req.uow, req.actor, req.text, said_at=req.said_at):
        return PASS
    draft = req.uow.drafts(req.actor).get(req.facts["draft"])
    wanted = next_touches.next_touch_in(req)
    if wanted is None:
        if looks_somebody_up(req.uow, req.actor, req.text):
            return PASS
        return view.not_a_date(req.t, draft)
    return _agreed(req, draft, draft.version, wanted)


def _agreed(req: Request, draft: DraftLine, version: int, wanted: NextTouch) -> Reply:
    check_agreed(wanted, req.actor, now=req.now)
    return _choose(req, draft, version, next=(wanted.at or wanted.day).isoformat())


def pick_happened(req: Request) -> Reply:
    press = req.press(view.PickHappened)
    draft = req.uow.drafts(req.actor).get(press.draft_id)
    if press.choice == 0:
        return _choose(req, draft, press.version, happened=draft.said_at.isoformat())
    if press.version != draft.version:
        raise Changed("draft", draft.id)
    reading = read_log(req.uow, req.actor, source_of(draft), now=req.now)
    planned = plan_instead(req.uow, req.actor, draft, reading, now=req.now)
    first, *others = (next_view.planned(req.t, line, act_id=act_id) for line, act_id in planned)
    return replace(first, also=tuple(others))


def file_each(req: Request) -> Reply:
    press = req.press(view.FileEach)
    draft = req.uow.drafts(req.actor).get(press.draft_id)
    return _choose(req, draft, press.version, each=True)


def file_days(req: Request) -> Reply:
    press = req.press(view.FileDays)
    draft = req.uow.drafts(req.actor).get(press.draft_id)
    return _choose(req, draft, press.version, days="each" if press.both else "one")


def drop(req: Request) -> Reply:
    press = req.press(view.DropDraft)
    return view.dropped(req.t, act_id=drop_draft(req.uow, req.actor, press.draft_id, version=press.version))


def take_media(req: Request) -> Reply:
    """A photo, voice note or place: with a log as its caption it is filed with it; else it belongs to the open draft;
    sent alone, it asks which customer."""
    open_drafts = req.uow.drafts(req.actor).open()
    if open_drafts and not req.text.strip():
        _keep_media(req, draft_id=open_drafts[-1].id)
        return view.attached(req.t, open_drafts[-1])
    assert req.incoming.media is not None
    assert req.incoming.message_id is not None
    said = req.text.strip()
    text = said or view.media_words(req.t, req.incoming.media.kind.value, req.incoming.media.name)
    source = Source(
        text, req.said_at, req.incoming.chat_id, req.incoming.message_id, {} if said else {"wordless": True}
    )
    reading = read_log(req.uow, req.actor, source, now=req.now)
    if reading.missing is None:
        done = file_log(req.uow, req.actor, reading, now=req.now)
        _keep_media(req, touch_id=done[0].touch.id, customer_id=done[0].touch.customer_id, own_act=False)
        return filed(req, done, reading)
    draft = keep_draft(req.uow, req.actor, reading)
    _keep_media(req, draft_id=draft.id, own_act=False)
    return question(req, draft, reading)


def _keep_media(req: Request, *, own_act: bool = True, **belongs: int) -> None:
    """Keep what was sent, in the open act or one of its own."""
    values = media_values(req)
    assert values is not None
    if own_act:
        req.uow.act(req.actor, "media.added")
    req.uow.media(req.actor).add(values | belongs)


def _choose(req: Request, draft: DraftLine, version: int, **chosen: Any) -> Reply:
    return _next(req, draft, source_of(draft, **chosen), version=version)


def _next(req: Request, draft: DraftLine, source: Source, *, version: int | None = None) -> Reply:
    match go_on(req.uow, req.actor, draft, source, version=version, now=req.now):
        case Open(kept, reading):
            return question(req, kept, reading)
        case Kept(customer_id, act_id):
            return view.kept(req.t, req.uow.customers(req.actor).line(customer_id), act_id=act_id)
        case done:
            return filed(req, done)


MEDIA = (Content.PHOTO, Content.VOICE, Content.LOCATION)

ROUTES = (
    Route(view.OpenDraft, open_draft, STAFF),
    Route(view.PickCustomer, pick_customer, STAFF, once=True),
    Route(view.ClaimAndLog, claim_and_log, STAFF, once=True),
    Route(view.NewForDraft, new_for_draft, STAFF, once=True),
    Route(view.NameCustomer, ask_name, STAFF),
    Route(Step(view.STEP_NAME), take_name, STAFF),
    Route(Step(view.STEP_DATE), take_date, STAFF),
    Route(view.PickNext, pick_next, STAFF, once=True),
    Route(view.PickHappened, pick_happened, STAFF, once=True),
    Route(view.FileDays, file_days, STAFF, once=True),
    Route(view.FileEach, file_each, STAFF, once=True),
    Route(view.DropDraft, drop, STAFF, once=True),
    *(Route(content, take_media, STAFF) for content in MEDIA),
)
