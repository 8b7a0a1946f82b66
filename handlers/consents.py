"""The link that a customer opens, and what is agreed to on the way in."""

from dataclasses import replace

from actions import bindings as act
from actions.invites import check_guesses
from actions.talks import recipients
from domain.bindings import Binding, LinkKind
from domain.consents import Purpose
from domain.customer_links import OpenLink
from domain.errors import Throttled
from domain.people import ANYONE, OUTSIDE
from domain.tokens import hash_token
from handlers import invites, welcome
from handlers.media import WORDS
from handlers.routing import Request, Route, Start, Step
from storage.away import keeper_of
from storage.customer_links import CustomerLinkRepository
from views import bindings as staff_view
from views import consents as view
from views.consents import Said
from views.invites import bad_link
from views.language import Translator
from views.replies import Notice, Reply


def open_link(req: Request) -> Reply:
    """``/start c<token>``: who will write and why, or the one refusal for every bad link."""
    try:
        check_guesses(req.uow, req.actor, now=req.now)
    except Throttled:
        return Reply()
    link = CustomerLinkRepository(req.uow, req.actor).find(hash_token(req.text))
    if link is None:
        return invites.refuse_link(req)
    if _is_in_by(req, link):
        return welcome.show(req)
    if link.used_by is not None or _came_before(req, link):
        return invites.refuse_link(req)
    CustomerLinkRepository(req.uow, req.actor).count(link.id)
    return _ask(req, link)


def answer_link(req: Request) -> Reply:
    """A yes binds the account, a no is kept and can be taken back."""
    press = req.press(view.AnswerLink)
    link = CustomerLinkRepository(req.uow, req.actor).still(press.link_id)
    if link is None or (not _is_in_by(req, link) and (link.used_by is not None or _came_before(req, link))):
        return bad_link(req.t)
    if _is_in_by(req, link):
        return welcome.show(req)
    if press.said is Said.NO:
        act.decide(req.uow, req.actor, None, Purpose.SERVICE, granted=False, link_id=link.id)
        return view.declined(req.t, link.id)
    organisation = req.uow.organisation()
    source = _source(link, Translator.of(organisation))
    binding = act.accept(req.uow, req.actor, link, source=source, now=req.now)
    if binding is None:
        return bad_link(req.t)
    return replace(view.ask_offers(req.t), notices=_tell(req, binding, link))


def answer_purpose(req: Request) -> Reply:
    """What somebody who is bound agrees to, or no longer does."""
    press = req.press(view.AnswerPurpose)
    bindings = req.uow.bindings(req.actor).mine()
    if not bindings:
        return bad_link(req.t)
    granted = press.said is Said.YES
    act.decide(req.uow, req.actor, bindings[0], press.purpose, granted=granted)
    if press.purpose is Purpose.OFFERS:
        return welcome.show(req)
    return view.ask_offers(req.t) if granted else view.declined(req.t, None)


def take_words(req: Request) -> Reply:
    """Typed before the question was answered; it is asked once more, while the link can be used."""
    link = CustomerLinkRepository(req.uow, req.actor).still(req.facts["link"])
    if link is None or link.used_by is not None:
        return bad_link(req.t)
    return view.choose_first(req.t, _ask(req, link))


def _ask(req: Request, link: OpenLink) -> Reply:
    """Staff who open a link go on with their own work: no question stays open for them."""
    owner = keeper_of(req.uow, link.owner_id)
    question = view.ask_service(
        req.t,
        link,
        name=req.actor.name,
        organisation=req.uow.organisation().name,
        owner=owner.name if owner else None,
    )
    return replace(question, ask=None) if req.actor.is_staff else question


def _is_in_by(req: Request, link: OpenLink) -> bool:
    """Whether the account is bound to what the link leads to; by a public link to anything."""
    bindings = req.uow.bindings(req.actor).mine()
    return any(link.kind is LinkKind.PUBLIC or binding.contact_id == link.contact_id for binding in bindings)


def _came_before(req: Request, link: OpenLink) -> bool:
    """One prospect per account, however often it opens public links after staff untied it."""
    return link.kind is LinkKind.PUBLIC and req.uow.bindings(req.actor).came_by_public_link()


def _source(link: OpenLink, words: Translator) -> str:
    return view.source_words(words, link.source, link.label) if link.source else ""


def _tell(req: Request, binding: Binding, link: OpenLink) -> tuple[Notice, ...]:
    """Whoever answers for the customer hears of it, silently outside working hours."""
    quiet = welcome.opens_at(req) is not None
    notices = []
    for reader in recipients(req.uow, binding.owner_id):
        words = Translator.of(reader)
        if binding.confirmed:
            reply = staff_view.arrived(words, binding, _source(link, words), quiet=quiet)
        else:
            reply = staff_view.opened(words, binding, quiet=quiet)
        notices.append(Notice(reader.person_id, reply))
    return tuple(notices)


ROUTES = (
    Route(Start("c"), open_link, ANYONE),
    Route(Step(view.STEP, WORDS), take_words, OUTSIDE),
    Route(view.AnswerLink, answer_link, ANYONE, once=True),
    Route(view.AnswerPurpose, answer_purpose, ANYONE, once=True),
)
