"""``/privacy``: the own data seen, taken along, erased."""

from dataclasses import replace

from actions import erasures as act
from actions.talks import recipients
from domain.people import CUSTOMERS, STAFF
from handlers.routing import Command, Request, Route
from storage.portable import everything
from views import privacy as view
from views.language import Translator
from views.replies import Notice, Reply


def take_privacy(req: Request) -> Reply:
    from handlers import MODULES  # the text names what is served, and this module is served too

    parts = frozenset(name for name in ("cases", "surveys") if name in MODULES)
    return view.privacy(
        req.t,
        req.uow.bindings(req.actor).mine(),
        req.uow.erasures(req.actor).open(),
        organisation=req.uow.organisation().name,
        parts=parts,
    )


def take_file(req: Request) -> Reply:
    req.uow.act(req.actor, "data.exported", undo=None)
    return view.data_file(req.t, everything(req.uow, req.actor), day=req.today.isoformat())


def ask_erase(req: Request) -> Reply:
    return view.ask_erase(req.t)


def erase(req: Request) -> Reply:
    erasures = act.ask_erasure(req.uow, req.actor, now=req.now)
    notices = []
    for binding in req.uow.bindings(req.actor).mine():
        for reader in recipients(req.uow, binding.owner_id):
            words = view.told(Translator.of(reader), binding, erasures[0])
            notices.append(Notice(reader.person_id, words))
    return replace(view.will_erase(req.t, erasures[0]), notices=tuple(notices))


def keep(req: Request) -> Reply:
    act.keep_data(req.uow, req.actor)
    return view.kept(req.t)


ROUTES = (
    Route(Command("privacy"), take_privacy, CUSTOMERS | STAFF),
    Route(view.OpenPrivacy, take_privacy, CUSTOMERS | STAFF),
    Route(view.TakeFile, take_file, CUSTOMERS | STAFF),
    Route(view.AskErase, ask_erase, CUSTOMERS | STAFF),
    Route(view.Erase, erase, CUSTOMERS | STAFF, once=True),
    Route(view.KeepData, keep, CUSTOMERS | STAFF, once=True),
)
