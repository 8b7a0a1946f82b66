"""Finding customers, and filing new ones: in one line, step by step, or from a shared contact."""

from dataclasses import replace

from actions.customers import add_customer, ask_lead, find_duplicates
from actions.drafts import drop_draft
from actions.texts import stands_alone, tells_of_somebody_new
from domain.customer_facts import from_facts, to_facts
from domain.customers import Channel, ChannelKind, ContactDraft, CustomerDraft
from domain.people import STAFF
from handlers import cards, reminders, touches
from handlers.routing import PASS, Command, Content, Request, Route, SharedContact, Step
from parsing.customers import parse_new
from parsing.fields import read_channels
from parsing.reminders import asks_for_reminder
from parsing.vcards import read_card
from views import customer_lists as lists
from views import customers as view
from views.language import Translator
from views.replies import Notice, Reply, mark_of

MOST_KEPT = 5  # possible duplicates that wait for an answer at a time
TEXT_OR_CONTACT = frozenset({Content.TEXT, Content.CONTACT})


# Finding -----------------------------------------------------------------------------------------------------------


def take_find(req: Request) -> Reply:
    """``/find`` with words searches; alone it asks, with those last in touch with as buttons."""
    if req.text.strip():
        return take_search(req)
    return lists.ask_query(req.t, req.uow.customers(req.actor).recent())


def take_search(req: Request) -> Reply:
    """The results of a text: one opens the card, none shows what is similar."""
    return _results(req, " ".join(req.text.split()), 0)


def turn_page(req: Request) -> Reply:
    dialog = req.uow.dialogs.find(req.incoming.chat_id, req.actor.person_id)
    press = req.press(lists.FindPage)
    if dialog is None or dialog.step != lists.STEP_FOUND or mark_of(dialog.facts["query"]) != press.mark:
        return lists.gone(req.t)
    return _results(req, dialog.facts["query"], press.number)


def new_from_query(req: Request) -> Reply:
    dialog = req.uow.dialogs.find(req.incoming.chat_id, req.actor.person_id)
    mark = req.press(lists.NewFromQuery).mark
    if dialog is None or dialog.step != lists.STEP_FOUND or mark_of(dialog.facts["query"]) != mark:
        return lists.gone(req.t)
    return _take_line(req, dialog.facts["query"])


def _results(req: Request, query: str, number: int) -> Reply:
    customers = req.uow.customers(req.actor)
    page = customers.search(query, number)
    if page.total == 1:
        return cards.show(req, page.items[0].id)
    if page.total:
        return lists.found(req.t, query, page, actor=req.actor)
    named = tuple(dict.fromkeys(spot.customer_id for spot in customers.spots(query)))
    if len(named) == 1:
        return cards.show(req, named[0])
    lines = customers.lines(named) or customers.similar(query)
    return lists.similar(req.t, query, lines, actor=req.actor)


# Filing ------------------------------------------------------------------------------------------------------------


def take_new(req: Request) -> Reply:
    """``/new`` with words files at once; alone it asks step by step."""
    if not req.text.strip():
        return view.ask_name(req.t)
    if tells_of_somebody_new(req.uow, req.actor, req.text, said_at=req.said_at):
        return _log_or_name(req)
    return _take_line(req, req.text)


def take_name(req: Request) -> Reply:
    """The guided way's first answer: a name, a whole line, or a shared contact."""
    if req.incoming.contact is not None:
        return take_contact(req)
    if stands_alone(req.uow, req.actor, req.text, said_at=req.said_at):
        return PASS
    if tells_of_somebody_new(req.uow, req.actor, req.text, said_at=req.said_at):
        return _log_or_name(req)
    return _go_on_from_name(req)


def _log_or_name(req: Request) -> Reply:
    """A whole log where a name was asked for: kept as a draft, which is one tap from a new customer with its log."""
    asked = touches.take_log(req)
    return view.log_or_name(req.t, asked, req.uow.drafts(req.actor).open()[-1])


def take_draft_as_name(req: Request) -> Reply:
    """It was a name after all: the draft goes, and the guided way goes on."""
    press = req.press(view.ItIsTheName)
    draft = req.uow.drafts(req.actor).get(press.draft_id)
    drop_draft(req.uow, req.actor, draft.id, version=press.version)
    req.text = draft.text
    return _go_on_from_name(req)


def _go_on_from_name(req: Request) -> Reply:
    draft = _read(req, req.text)
    if draft is None:
        return view.ask_name(req.t, wrong=True)
    if any(contact.channels for contact in draft.contacts):
        return _file_or_ask(req, draft)
    return view.ask_phone(req.t, draft, to_facts(draft))


def take_phone(req: Request) -> Reply:
    """The guided way's second answer; a shared contact gives its numbers."""
    draft = from_facts(req.facts["draft"])
    if req.incoming.contact is None and _goes_on_by_itself(req):
        return _file_and_take(req, draft)
    region = req.uow.organisation().region
    if req.incoming.contact is not None:
        shared = _card(req, req.incoming.contact)
        channels = tuple(channel for contact in shared.contacts for channel in contact.channels)
    else:
        channels = read_channels(ChannelKind.PHONE, req.text, region)
    if not channels:
        return view.ask_phone(req.t, draft, req.facts["draft"], wrong=True)
    return _file_or_ask(req, _with_channels(draft, channels))


def _goes_on_by_itself(req: Request) -> bool:
    return any(
        tells(req.uow, req.actor, req.text, said_at=req.said_at) for tells in (stands_alone, tells_of_somebody_new)
    )


def _file_and_take(req: Request, draft: CustomerDraft) -> Reply:
    """A log or a reminder instead of the phone number: the customer is filed without, then the text is taken as it is."""
    first = _file_or_ask(req, draft)
    then = reminders.take_reminder(req) if asks_for_reminder(req.text) else touches.take_log(req)
    return replace(first, also=(then,))


def skip_phone(req: Request) -> Reply:
    dialog = req.uow.dialogs.find(req.incoming.chat_id, req.actor.person_id)
    if dialog is None or dialog.step != view.STEP_PHONE:
        return view.gone(req.t)
    draft = from_facts(dialog.facts["draft"])
    if mark_of(draft.name) != req.press(view.SkipPhone).mark:
        return view.gone(req.t)
    return _file_or_ask(req, draft)


def take_contact(req: Request) -> Reply:
    """A shared contact is a new customer, unless it is a known one."""
    assert req.incoming.contact is not None
    draft = _card(req, req.incoming.contact)
    if not draft.name:
        return view.ask_name(req.t, wrong=True)
    return _file_or_ask(req, draft)


def create_anyway(req: Request) -> Reply:
    said = str(req.press(view.CreateAnyway).said)
    kept = _kept(req)
    if said not in kept:
        return view.gone(req.t)
    filed = view.filed(req.t, add_customer(req.uow, req.actor, from_facts(kept[said]), now=req.now))
    others = {key: draft for key, draft in kept.items() if key != said}
    return view.others_wait(filed, {"kept": others}) if others else filed


def press_ask_lead(req: Request) -> Reply:
    said = req.press(view.AskLead).said
    facts = _kept(req).get(str(said))
    if facts is None:
        return view.gone(req.t)
    draft = from_facts(facts)
    asked = ask_lead(req.uow, req.actor, draft)
    notices = tuple(_question(req, lead_id, customer_id, draft.name) for lead_id, customer_id in asked)
    if not notices:
        return view.nobody_to_ask(req.t, said)
    return replace(view.lead_asked(req.t), notices=notices)


def _question(req: Request, lead_id: int, customer_id: int, name: str) -> Notice:
    lead = req.uow.people.of_member(lead_id)
    assert lead is not None
    line = req.uow.customers(lead).line(customer_id)
    words = view.question_to_lead(
        Translator.of(lead),
        asker=req.actor.name,
        name=name,
        customer_id=customer_id,
        customer=line.name,
        owner=line.owner or "",
    )
    return Notice(lead.person_id, words)


def _take_line(req: Request, text: str) -> Reply:
    draft = _read(req, text)
    return _file_or_ask(req, draft) if draft else view.ask_name(req.t, wrong=True)


def _read(req: Request, text: str) -> CustomerDraft | None:
    return parse_new(text, region=req.uow.organisation().region)


def _card(req: Request, shared: SharedContact) -> CustomerDraft:
    return read_card(
        phone=shared.phone,
        first_name=shared.first_name,
        last_name=shared.last_name,
        vcard=shared.vcard,
        region=req.uow.organisation().region,
    )


def _file_or_ask(req: Request, draft: CustomerDraft) -> Reply:
    """File the customer, unless there may be one already: then ask, and keep what was typed."""
    duplicates = find_duplicates(req.uow, req.actor, draft, now=req.now)
    if not duplicates:
        return view.filed(req.t, add_customer(req.uow, req.actor, draft, now=req.now))
    said = req.incoming.message_id or 0
    kept = list(_kept(req).items())[-MOST_KEPT + 1 :]
    facts = {"kept": dict(kept) | {str(said): to_facts(draft)}}
    return view.maybe_known(req.t, draft, duplicates, facts, said=said)


def _kept(req: Request) -> dict[str, dict[str, object]]:
    """Customers that wait for an answer, by the message they came from."""
    dialog = req.uow.dialogs.find(req.incoming.chat_id, req.actor.person_id)
    kept: dict[str, dict[str, object]] = dialog.facts["kept"] if dialog and dialog.step == view.STEP_DUPLICATE else {}
    return kept


def _with_channels(draft: CustomerDraft, channels: tuple[Channel, ...]) -> CustomerDraft:
    first = draft.contacts[0] if draft.contacts else ContactDraft()
    return replace(draft, contacts=(replace(first, channels=(*first.channels, *channels)), *draft.contacts[1:]))


ROUTES = (
    Route(Command("find"), take_find, STAFF),
    Route(Step(lists.STEP_FIND), take_search, STAFF),
    Route(lists.FindPage, turn_page, STAFF),
    Route(lists.NewFromQuery, new_from_query, STAFF, once=True),
    Route(Command("new"), take_new, STAFF),
    Route(Step(view.STEP_NAME, TEXT_OR_CONTACT), take_name, STAFF),
    Route(Step(view.STEP_PHONE, TEXT_OR_CONTACT), take_phone, STAFF),
    Route(view.ItIsTheName, take_draft_as_name, STAFF, once=True),
    Route(view.SkipPhone, skip_phone, STAFF, once=True),
    Route(Content.CONTACT, take_contact, STAFF),
    Route(view.CreateAnyway, create_anyway, STAFF, once=True),
    Route(view.AskLead, press_ask_lead, STAFF, once=True),
)
