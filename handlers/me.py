"""``/me``: customers see and correct the own record."""

from dataclasses import replace

from actions import me as act
from actions.talks import recipients
from domain.me import Mine
from domain.people import CUSTOMERS, STAFF
from handlers.routing import Command, Content, Request, Route, Step
from views import me as view
from views.language import Translator
from views.replies import Notice, Reply


def take_me(req: Request) -> Reply:
    return view.me(req.t, req.uow.own(req.actor).records())


def open_me(req: Request) -> Reply:
    return view.me(req.t, req.uow.own(req.actor).records(), req.press(view.OpenMe).number)


def ask_value(req: Request) -> Reply:
    press = req.press(view.ChangeMine)
    return view.ask_value(req.t, req.uow.own(req.actor).record(press.binding_id), press.field)


def take_value(req: Request) -> Reply:
    """A typed value, or the own number as Telegram shares it; a number that is not one's own counts for nothing."""
    binding_id, field = req.facts["binding"], Mine(req.facts["field"])
    contact = req.incoming.contact
    if contact is not None and not (contact.own and field is Mine.PHONE):
        return view.not_own(req.t, req.uow.own(req.actor).record(binding_id))
    text = contact.phone if contact is not None else req.text
    if contact is not None and not text.startswith("+"):
        text = f"+{text}"  # Telegram leaves it out now and then
    record, correction_id = act.change_own(req.uow, req.actor, binding_id, field, text, shared=contact is not None)
    if correction_id is None:
        return view.changed(req.t, record, field)
    notices = []
    for reader in recipients(req.uow, record.owner_id):
        words = view.asked(Translator.of(reader), req.uow.own(reader).correction(correction_id))
        notices.append(Notice(reader.person_id, words))
    return replace(view.passed_on(req.t, record, field), notices=tuple(notices))


def still_right(req: Request) -> Reply:
    req.uow.own(req.actor).record(req.press(view.StillRight).binding_id)
    return view.thanks(req.t)


def open_correction(req: Request) -> Reply:
    return view.asked(req.t, req.uow.own(req.actor).correction(req.press(view.OpenCorrection).correction_id))


def decide(req: Request) -> Reply:
    press = req.press(view.DecideCorrection)
    correction, act_id = act.decide(
        req.uow, req.actor, press.correction_id, taken=bool(press.taken), version=press.version
    )
    return view.decided(req.t, correction, taken=bool(press.taken), act_id=act_id)


ROUTES = (
    Route(Command("me"), take_me, CUSTOMERS | STAFF),
    Route(view.OpenMe, open_me, CUSTOMERS | STAFF),
    Route(view.ChangeMine, ask_value, CUSTOMERS | STAFF),
    Route(Step(view.STEP_VALUE, frozenset({Content.TEXT, Content.CONTACT})), take_value, CUSTOMERS | STAFF),
    Route(view.StillRight, still_right, CUSTOMERS | STAFF, once=True),
    Route(view.OpenCorrection, open_correction, STAFF),
    Route(view.DecideCorrection, decide, STAFF, once=True),
)
