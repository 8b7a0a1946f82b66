"""Routes for tests of the frame: every form a reply can take, refusals, and a handler that can be held up."""

import threading

from domain.errors import Fault, Invalid, Taken
from domain.people import ANYONE, LEADS, STAFF
from handlers.routing import Command, Content, Request, Route, Step
from storage.database import Conflict
from views.replies import DONE, Ask, Button, Key, Notice, Reply, escape, payload

GATE = threading.Event()  # opened by the test that closed it
GATE.set()
TRIES = {"conflicts": 0}


@payload("zzp1")
class Slow:
    """Wait at the gate, then answer."""

    number: int


@payload("zzp2")
class Refuse:
    number: int


def take_ask(_req: Request) -> Reply:
    return Reply("Your name?", ask=Ask("playing.name", {"tries": 1}))


def take_name(req: Request) -> Reply:
    if not req.text.isalpha():
        raise Invalid("name", Fault.NOT_UNDERSTOOD)
    return Reply(f"Hello {escape(req.text)}, after {req.facts['tries']}", ask=DONE)


def take_text(req: Request) -> Reply:
    return Reply(f"plain {escape(req.text)}")


def take_keys(_req: Request) -> Reply:
    return Reply("Your number?", keys=[[Key("my number", request_contact=True)]])


def take_contact(req: Request) -> Reply:
    assert req.incoming.contact is not None
    return Reply(f"own {req.incoming.contact.own}", keys=())


def take_tell(req: Request) -> Reply:
    """Tell everybody else who is staff."""
    others = [a for a in req.uow.people.staff() if a.person_id != req.actor.person_id]
    button = Button("refuse", Refuse(1))
    notices = tuple(Notice(a.person_id, Reply(f"news for {a.name}", rows=[[button]], quiet=True)) for a in others)
    return Reply("told", notices=notices, react="👍")


def take_buttons(_req: Request) -> Reply:
    return Reply("buttons", rows=[[Button("slow", Slow(1)), Button("refuse", Refuse(1))]])


def take_conflict(_req: Request) -> Reply:
    """Another writer is faster, twice."""
    TRIES["conflicts"] += 1
    if TRIES["conflicts"] < 3:
        raise Conflict("another writer was first")
    return Reply("at the third try")


def take_refuse(req: Request) -> Reply:
    req.uow.settings.store("refused", {"kept": True})
    raise Taken("customer", by="李强")


def press_slow(_req: Request) -> Reply:
    GATE.wait(30)
    return Reply(toast="at last")


def press_refuse(_req: Request) -> Reply:
    raise Taken("customer", by="李强")


ROUTES = (
    Route(Command("ask"), take_ask, STAFF),
    Route(Step("playing.name"), take_name, STAFF),
    Route(Command("keys"), take_keys, STAFF),
    Route(Content.CONTACT, take_contact, STAFF),
    Route(Command("tell"), take_tell, STAFF),
    Route(Command("buttons"), take_buttons, STAFF),
    Route(Command("conflict"), take_conflict, STAFF),
    Route(Command("refuse"), take_refuse, STAFF),
    Route(Command("leads"), take_text, LEADS),
    Route(Command("help"), take_text, ANYONE),
    Route(Command("today"), take_text, STAFF),
    Route(Content.TEXT, take_text, STAFF),
    Route(Slow, press_slow, STAFF),
    Route(Refuse, press_refuse, STAFF),
)
