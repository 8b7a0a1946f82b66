"""The way into the chat: links, accounts, consent, and a customer's first screen; ``screens.py`` has the others."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

from domain.advisor import Window
from domain.bindings import Binding, BindingState, LinkKind
from domain.carriers import Carried, Carrier
from domain.customer_links import LinkLine, OpenLink, Source
from domain.customers import PAGE
from domain.enquiries import EnquiryState, Match
from tests.unit.answer_screens import filling
from tests.unit.guest_screens import talk
from tests.unit.screen_samples import ID, NOW, VERSION, Sample, page
from views import advisor, bindings, carriers, consents, customer_links, enquiries, web_links, welcome
from views.replies import Reply

Builder = Callable[[Sample], Iterator[Reply] | list[Reply]]
LINK = "https://t.me/keyuan_bot?start=c" + "A" * 22


def _bound(s: Sample, state: BindingState = BindingState.PENDING, part: str | None = "buyer") -> Binding:
    return Binding(ID, VERSION, ID, ID, ID, state, part, NOW, s.w.person, "mingyuan_1", s.w.person, s.w.name, ID)


def _every(s: Sample) -> list[Binding]:
    return [_bound(s, state, part) for state in BindingState for part in ("buyer", None)]


def _links(s: Sample) -> list[OpenLink]:
    public = [OpenLink(ID, LinkKind.PUBLIC, None, None, ID, source, s.w.team) for source in Source]
    return [OpenLink(ID, LinkKind.PERSONAL, ID, ID, ID, None, None), *public]


def _public(s: Sample, source: Source) -> LinkLine:
    label = s.w.team if source.named else None
    member = None if source is Source.WEBSITE else s.w.member
    return LinkLine(ID, VERSION, source, label, ID, member, ID, NOW, 12_345, 678)


def _bindings() -> dict[str, Builder]:
    return {
        "customer_links.choose_contact": lambda s: [
            customer_links.choose_contact(s.t, s.customer(), [s.contact()] * 6)
        ],
        "customer_links.personal": lambda s: [
            customer_links.personal(s.t, s.contact(named=named), s.w.name, LINK, act_id=ID, page=named)
            for named in (True, False)
        ],
        "carriers.ask_agreed": lambda s: [
            carriers.ask_agreed(s.t, carriers.SendBy(ID, ID, one, 0), s.w.name, ID) for one in Carrier
        ],
        "carriers.refused": lambda s: [carriers.refused(s.t, s.w.name, ID)],
        "carriers.queued": lambda s: [carriers.queued(s.t, s.w.value, s.w.name, ID, act_id=ID)],
        "carriers.ended": lambda s: [
            carriers.ended(s.t, s.w.name, ID, one, state)
            for one in Carrier
            for state in (Carried.FAILED, Carried.UNCERTAIN)
        ],
        "web_links.page_link": lambda s: [
            web_links.page_link(s.t, s.w.name, LINK, customer_id=ID, survey=survey, act_id=ID)
            for survey in (None, s.w.value)
        ],
        "customer_links.picture": lambda s: [customer_links.picture(LINK, s.w.person)],
        "customer_links.links": lambda s: [
            customer_links.links(s.t, page(_public(s, source), count), act_id=act_id, changed=act_id is None)
            for source in Source
            for count in (0, PAGE)
            for act_id in (None, ID)
        ],
        "customer_links.choose_source": lambda s: [
            customer_links.choose_source(s.t, leads=leads, member_id=ID) for leads in (True, False)
        ],
        "customer_links.choose_who": lambda s: [
            customer_links.choose_who(s.t, source, page(s.member())) for source in (Source.FAIR, Source.CARD)
        ],
        "customer_links.ask_label": lambda s: [
            customer_links.ask_label(s.t, source, ID, too_long=too_long)
            for source in Source
            for too_long in (True, False)
        ],
        "customer_links.public": lambda s: [
            customer_links.public(s.t, source, s.w.team if source.named else None, owner, LINK, act_id=ID)
            for source in Source
            for owner in (None, s.w.member)
        ],
        "bindings.opened": lambda s: [bindings.opened(s.t, _bound(s), quiet=True)],
        "bindings.arrived": lambda s: [bindings.arrived(s.t, _bound(s), s.w.team, quiet=False)],
        "bindings.confirmed": lambda s: [bindings.confirmed(s.t, _bound(s), act_id=ID)],
        "bindings.ended": lambda s: [bindings.ended(s.t, _bound(s), act_id=ID)],
        "bindings.decided_already": lambda s: [bindings.decided_already(s.t, one) for one in _every(s)],
        "bindings.accounts": lambda s: [
            bindings.accounts(s.t, s.line(), lines, act_id=ID) for lines in ([], _every(s) * 3)
        ],
        "bindings.account": lambda s: [bindings.account(s.t, one, act_id=ID) for one in _every(s)],
    }


def _consents() -> dict[str, Builder]:
    def ask_service(s: Sample) -> Iterator[Reply]:
        for link in _links(s):
            for organisation in (None, s.w.name):
                owner = s.w.member if organisation else None
                yield consents.ask_service(s.t, link, name=s.w.person, organisation=organisation, owner=owner)

    return {
        "consents.ask_service": ask_service,
        "consents.choose_first": lambda s: [consents.choose_first(s.t, one) for one in ask_service(s)],
        "consents.ask_again": lambda s: [
            consents.ask_again(s.t, name=s.w.person, organisation=s.w.name, owner=owner) for owner in (None, s.w.member)
        ],
        "consents.ask_offers": lambda s: [consents.ask_offers(s.t)],
        "consents.declined": lambda s: [consents.declined(s.t, link) for link in (None, ID)],
        "welcome.welcome": lambda s: (
            [
                welcome.welcome(s.t, one, owner=owner, organisation=owner, may_write=owner is None)
                for one in _every(s)
                for owner in (None, s.w.member)
            ]
            + [welcome.welcome(s.t, _bound(s), owner=None, organisation=None, may_write=False, asked=(filling(s),))]
        ),
        "welcome.survey_left": lambda s: [welcome.survey_left(s.t, asked) for asked in ((), (filling(s),))],
    }


def _advisor() -> dict[str, Builder]:
    window = Window(NOW, NOW + dt.timedelta(hours=5))
    return {
        "welcome.help_for": lambda s: [welcome.help_for(s.t, confirmed=confirmed) for confirmed in (True, False)],
        "welcome.cancelled": lambda s: [
            welcome.cancelled(s.t, was_open=is_open, bound=bound)
            for is_open in (True, False)
            for bound in (True, False)
        ],
        "advisor.advisor": lambda s: [
            advisor.advisor(s.t, owner, [window] * 4, opens=NOW if owner else None) for owner in (None, s.w.member)
        ],
        "advisor.will_call": lambda s: [advisor.will_call(s.t, owner, window) for owner in (None, s.w.member)],
        "advisor.enough": lambda s: [advisor.enough(s.t)],
        "advisor.call_wanted": lambda s: [advisor.call_wanted(s.t, one, window, quiet=False) for one in _every(s)],
    }


def _enquiries() -> dict[str, Builder]:
    def claim(s: Sample) -> Iterator[Reply]:
        match = Match(ID, s.w.name, s.w.person, s.w.member, s.w.person)
        for state in EnquiryState:
            for matches in ((), (match,), (match, replace(match, owner=None, taken=None)) * 2):
                yield enquiries.claim(s.t, s.enquiry(state), matches, quiet=True)

    return {
        "enquiries.hello": lambda s: [
            enquiries.hello(s.t, name, open_door=is_open) for name in (None, s.w.name) for is_open in (True, False)
        ],
        "enquiries.ask_number": lambda s: [enquiries.ask_number(s.t, again=again) for again in (True, False)],
        "enquiries.claimed": lambda s: [enquiries.claimed(s.t)],
        "enquiries.ask_name": lambda s: [enquiries.ask_name(s.t, s.w.person)],
        "enquiries.ask_words": lambda s: [enquiries.ask_words(s.t, s.w.person)],
        "enquiries.received": lambda s: [enquiries.received(s.t, opens) for opens in (None, NOW)],
        "enquiries.enough": lambda s: [enquiries.enough(s.t)],
        "enquiries.wanted": lambda s: [
            enquiries.wanted(s.t, _bound(s), talk(s), may_answer=may, quiet=True) for may in (True, False)
        ],
        "enquiries.claim": claim,
        "enquiries.refused": lambda s: [enquiries.refused(s.t, s.enquiry(), act_id=ID)],
    }


CLIENTS: dict[str, Builder] = {**_bindings(), **_consents(), **_advisor(), **_enquiries()}
