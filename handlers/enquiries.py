"""Strangers: **I am a customer** by the own number, **Contact me**; and what leads decide about it."""

from dataclasses import replace

from actions import enquiries as act
from domain.customers import LONGEST_NAME, ChannelKind
from domain.enquiries import Enquiry, Match
from domain.errors import Changed, NotAllowed, Throttled
from domain.names import is_seen
from domain.people import LEADS, OUTSIDE, Actor, Role
from handlers import welcome
from handlers.routing import Content, Request, Route, Step
from parsing.fields import read_channels
from views import bindings as binding_view
from views import consents
from views import enquiries as view
from views.language import Translator
from views.replies import Notice, Reply

SHARED = frozenset({Content.TEXT, Content.CONTACT})


# Strangers ---------------------------------------------------------------------------------------------------------


def ask_number(req: Request) -> Reply:
    return _refusal(req) or view.ask_number(req.t)


def take_number(req: Request) -> Reply:
    """The answer is the same whether anybody has the number, or nobody."""
    shared = req.incoming.contact
    if shared is None or not shared.own:
        return view.ask_number(req.t, again=True)
    number = shared.phone if shared.phone.startswith("+") else f"+{shared.phone}"
    found = read_channels(ChannelKind.PHONE, number, region=req.uow.organisation().region)
    refusal = _refusal(req)
    if refusal is not None:
        return replace(refusal, keys=())
    phone = (found[0].normal if found else None) or number
    enquiry_id = act.claim(req.uow, req.actor, phone)
    quiet = welcome.opens_at(req) is not None
    notices = []
    for reader in act.deciders(req.uow, phone):
        words = view.claim(Translator.of(reader), *_question(req, reader, enquiry_id), quiet=quiet)
        notices.append(Notice(reader.person_id, words))
    return replace(view.claimed(req.t), notices=tuple(notices))


def ask_contact(req: Request) -> Reply:
    return _refusal(req) or view.ask_name(req.t, req.actor.name)


def use_name(req: Request) -> Reply:
    return _refusal(req) or view.ask_words(req.t, req.actor.name)


def take_name(req: Request) -> Reply:
    name = " ".join(req.text.split())[:LONGEST_NAME]
    return view.ask_words(req.t, name) if is_seen(name) else view.ask_name(req.t, req.actor.name)


def take_words(req: Request) -> Reply:
    """A prospect of the pool with these words, and the question whether we may write."""
    refusal = _refusal(req)
    if refusal is not None:
        return refusal
    assert req.incoming.message_id is not None
    chat = req.incoming.chat_id, req.incoming.message_id
    source = _source(req, contact=True)
    name, said_at = req.facts["name"], req.said_at
    binding, talk = act.ask_contact(req.uow, req.actor, name, req.text, source=source, said_at=said_at, chat=chat)
    opens = welcome.opens_at(req)
    notices = []
    for lead in req.uow.people.staff(LEADS):
        may = lead.role is Role.ADMIN
        words = view.wanted(Translator.of(lead), binding, talk, may_answer=may, quiet=opens is not None)
        notices.append(Notice(lead.person_id, words))
    organisation = req.uow.organisation().name
    ask = consents.ask_again(req.t, name=binding.name, organisation=organisation, owner=None)
    return replace(view.received(req.t, opens), also=(ask,), notices=tuple(notices))


def _refusal(req: Request) -> Reply | None:
    """What is said instead to who is known already, asked too often, or stands before a closed door."""
    if req.actor.bound:
        return welcome.show(req)
    try:
        act.require_room(req.uow, req.actor)
    except NotAllowed:
        return welcome.show(req)
    except Throttled:
        return view.enough(req.t)
    return None


def _source(req: Request, *, contact: bool) -> str:
    """Kept for ever, in the company's own language."""
    organisation = req.uow.organisation()
    return view.source_words(Translator.of(organisation), contact=contact)


# Leads -------------------------------------------------------------------------------------------------------------


def open_enquiry(req: Request) -> Reply:
    return _show(req, req.press(view.OpenEnquiry).enquiry_id)


def link(req: Request) -> Reply:
    press = req.press(view.LinkEnquiry)
    try:
        binding, act_id = act.link(req.uow, req.actor, press.enquiry_id, press.contact_id, version=press.version)
    except Changed:
        return _show(req, press.enquiry_id)
    return binding_view.confirmed(req.t, binding, act_id=act_id)


def file(req: Request) -> Reply:
    press = req.press(view.FileEnquiry)
    source = _source(req, contact=False)
    try:
        binding, act_id = act.file(req.uow, req.actor, press.enquiry_id, source=source, version=press.version)
    except Changed:
        return _show(req, press.enquiry_id)
    return binding_view.confirmed(req.t, binding, act_id=act_id)


def refuse(req: Request) -> Reply:
    press = req.press(view.RefuseEnquiry)
    try:
        enquiry, act_id = act.refuse(req.uow, req.actor, press.enquiry_id, version=press.version)
    except Changed:
        return _show(req, press.enquiry_id)
    return view.refused(req.t, enquiry, act_id=act_id)


def _show(req: Request, enquiry_id: int) -> Reply:
    return view.claim(req.t, *_question(req, req.actor, enquiry_id))


def _question(req: Request, reader: Actor, enquiry_id: int) -> tuple[Enquiry, tuple[Match, ...]]:
    enquiry = act.find(req.uow, reader, enquiry_id)
    return enquiry, act.matches(req.uow, reader, enquiry)


ROUTES = (
    Route(view.ClaimCustomer, ask_number, OUTSIDE),
    Route(Step(view.STEP_NUMBER, SHARED), take_number, OUTSIDE),
    Route(view.AskContact, ask_contact, OUTSIDE),
    Route(view.UseName, use_name, OUTSIDE),
    Route(Step(view.STEP_NAME), take_name, OUTSIDE),
    Route(Step(view.STEP_WORDS), take_words, OUTSIDE),
    Route(view.OpenEnquiry, open_enquiry, LEADS),
    Route(view.LinkEnquiry, link, LEADS, once=True),
    Route(view.FileEnquiry, file, LEADS, once=True),
    Route(view.RefuseEnquiry, refuse, LEADS, once=True),
)
