"""Whom a survey would go to: customers of the sender's scope with everything that decides about each, in one query."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, exists, func, or_, select

from domain.bindings import BindingState
from domain.carriers import Carried, Carrier
from domain.cases import OPEN_STATES, CaseKind
from domain.consents import Purpose, Topic, Wishes
from domain.customers import PAGE, ChannelKind, Page
from domain.errors import Changed
from domain.people import Actor
from domain.survey_sending import PENDING, Audience, Candidate, Wave
from domain.surveys import InvitationState
from storage.models import (
    Binding,
    Case,
    Channel,
    Consent,
    Contact,
    Customer,
    Member,
    Nudge,
    Person,
    SurveyInvitation,
    SurveyWave,
    Tag,
    Team,
)
from storage.scope import Scope, scope_of

if TYPE_CHECKING:
    from storage.uow import UnitOfWork

BATCH = 500  # bound values of one statement
MOST_CHOICES = 12  # tags, cities, owners or teams to choose from: a screen of buttons
_I = SurveyInvitation
_PENDS = _I.state.in_(sorted(PENDING))
_GRANTED = (
    select(Consent.granted)
    .where(Consent.person_id == Person.id, Consent.purpose == Purpose.SERVICE)
    .order_by(Consent.id.desc())
    .limit(1)
    .correlate(Person)
    .scalar_subquery()
)
_NUDGED = (
    select(func.max(Nudge.last_at))
    .join(Binding, Binding.person_id == Nudge.person_id)
    .where(Binding.contact_id == Contact.id)
    .correlate(Contact)
    .scalar_subquery()
)


def _carried_to(contact_id: Any, table: type[Any]) -> Any:
    """When something last left for a contact by e-mail or text message."""
    return select(func.max(_I.carried_at)).where(_I.contact_id == contact_id).correlate(table).scalar_subquery()


_WAITS = or_(_I.state == InvitationState.WAITING, _I.carried == Carried.DUE)
_COMPLAINT = and_(Case.customer_id == Customer.id, Case.kind == CaseKind.COMPLAINT, Case.state.in_(sorted(OPEN_STATES)))
_ABOUT_ME = func.coalesce(Case.about_id, 0) == bindparam("me")
_TO_ACCOUNT = or_(_I.person_id == Person.id, and_(_I.contact_id == Binding.contact_id, _I.person_id.is_(None)))
CANDIDATES = (
    select(
        *(Customer.id, Customer.name, Binding.contact_id, Binding.person_id, Person.reachable, Person.stopped_at),
        *(Person.paused_until, Person.topics_off, Nudge.last_at, _GRANTED.label("granted")),
        exists().where(_TO_ACCOUNT, _I.survey_id == bindparam("survey"), _PENDS).label("asked"),
        exists().where(_TO_ACCOUNT, _WAITS, _PENDS).label("awaits"),
        exists().where(_COMPLAINT, ~_ABOUT_ME).label("complaint"),
        exists().where(_COMPLAINT, _ABOUT_ME).label("hidden"),
        _carried_to(Binding.contact_id, Binding).label("carried"),
    )
    .outerjoin(Binding, and_(Binding.customer_id == Customer.id, Binding.state == BindingState.CONFIRMED))
    .outerjoin(Person, Person.id == Binding.person_id)
    .outerjoin(Nudge, Nudge.person_id == Person.id)
    .order_by(Customer.id, Binding.id)
)
_LATEST = (
    select(func.max(Consent.id))
    .where(Consent.purpose == Purpose.SERVICE, Consent.contact_id.is_not(None))
    .group_by(Consent.contact_id)
)
_AGREED = Contact.id.in_(select(Consent.contact_id).where(Consent.id.in_(_LATEST), Consent.granted.is_(True)))
_WITHOUT_ACCOUNT = ~exists().where(Binding.contact_id == Contact.id, Binding.state == BindingState.CONFIRMED)
_OF_KINDS = (Channel.kind.in_(bindparam("kinds", expanding=True)), Channel.normal.is_not(None))
ADDRESSES = (
    select(
        *(Customer.id, Customer.name, Contact.id.label("contact_id"), Channel.kind, Channel.normal),
        _AGREED.label("granted"),
        exists()
        .where(Binding.contact_id == Contact.id, Binding.state != BindingState.ENDED)
        .where(Person.id == Binding.person_id, Person.stopped_at.is_not(None))
        .label("stopped"),
        _NUDGED.label("last_at"),
        _carried_to(Contact.id, Contact).label("carried"),
        exists().where(_I.contact_id == Contact.id, _I.survey_id == bindparam("survey"), _PENDS).label("asked"),
        exists().where(_I.contact_id == Contact.id, _WAITS, _PENDS).label("awaits"),
        exists().where(_COMPLAINT, ~_ABOUT_ME).label("complaint"),
        exists().where(_COMPLAINT, _ABOUT_ME).label("hidden"),
    )
    .join(Contact, Contact.customer_id == Customer.id)
    .join(Channel, Channel.contact_id == Contact.id)
    .where(*_OF_KINDS)
    .order_by(Customer.id, Contact.id, Channel.kind, Channel.id)  # e-mail before phone: it costs nothing
)
AGREED = ADDRESSES.where(_WITHOUT_ACCOUNT, _AGREED)
NOT_AGREED = (  # most: all else about them is of no interest
    select(Customer.id, Customer.name, Contact.id.label("contact_id"))
    .join(Contact, Contact.customer_id == Customer.id)
    .where(exists().where(Channel.contact_id == Contact.id, *_OF_KINDS), _WITHOUT_ACCOUNT, ~_AGREED)
    .order_by(Customer.id, Contact.id)
)
BOUND = exists().where(Binding.customer_id == Customer.id, Binding.state == BindingState.CONFIRMED)
WAVES = (
    select(SurveyWave.id, SurveyWave.survey_id, SurveyWave.facts, Member.name, SurveyWave.created_at)
    .outerjoin(Member, Member.id == SurveyWave.created_by)
    .order_by(SurveyWave.id.desc())
)


class SendingRepository:
    """Customers of the actor's own scope; the program asks for the customers of everybody."""

    def __init__(self, uow: "UnitOfWork", actor: Actor) -> None:
        self._uow = uow
        self._actor = actor
        self._run: Any = uow.connection.execute
        self._known_scope: Scope | None = None

    @property
    def scope(self) -> Scope:
        """By the rights of this moment, asked once."""
        if self._known_scope is None:
            self._known_scope = scope_of(self._uow, self._actor)
        return self._known_scope

    # Whom ------------------------------------------------------------------------------------------------------

    def candidates(
        self, survey_id: int, audience: Audience, *, by: frozenset[Carrier] = frozenset()
    ) -> list[list[Candidate]]:
        """Customers that the audience holds, each with one candidate per account and, by a carrier, per contact without
        one; a customer without any way has one that says so.

        Raises:
            Changed: the tag or city that the audience names is gone.
        """
        return self._candidates(survey_id, self._wanted(audience), by)

    def of_customer(self, survey_id: int, customer_id: int, *, by: frozenset[Carrier] = frozenset()) -> list[Candidate]:
        """The same of one readable customer. Raises ``NotFound`` outside the scope."""
        self._uow.customers(self._actor).require_readable(customer_id)
        (found,) = self._candidates(survey_id, [Customer.id == customer_id], by)
        return found

    def of_contact(self, survey_id: int, contact_id: int, carrier: Carrier) -> Candidate | None:
        """How a contact stands now that is written to by a carrier; ``None`` without such an address any more."""
        key = self._bound(survey_id) | {"kinds": [carrier.channel]}
        row = self._run(ADDRESSES.where(Contact.id == contact_id), key).first()
        return _carried(row) if row else None

    def addresses(self, contacts: Sequence[int]) -> set[str]:
        """All addresses of some contacts, normalised."""
        found: set[str] = set()
        for i in range(0, len(contacts), BATCH):
            wanted = Channel.contact_id.in_(contacts[i : i + BATCH])
            found.update(self._run(select(Channel.normal).where(wanted, Channel.normal.is_not(None))).scalars())
        return found

    def of_person(self, survey_id: int, customer_id: int, person_id: int) -> Candidate | None:
        """How one account stands now, whoever asks; ``None`` when it is tied to that customer no more."""
        asked = CANDIDATES.where(Customer.id == customer_id, Binding.person_id == person_id)
        row = self._run(asked, self._bound(survey_id)).first()
        return _candidate(row) if row else None

    def with_account(self, number: int = 0) -> Page[tuple[int, str]]:
        """Readable customers who have an account here, by name: (id, name)."""
        wanted = (self.scope.readable(), BOUND)
        total: int = self._run(select(func.count()).select_from(Customer).where(*wanted)).scalar_one()
        chosen = select(Customer.id, Customer.name).where(*wanted).order_by(Customer.name, Customer.id)
        rows = self._run(chosen.limit(PAGE).offset(number * PAGE))
        return Page(tuple((row.id, row.name) for row in rows), number, total)

    # What to choose from -----------------------------------------------------------------------------------------

    def tags(self) -> list[tuple[int, str]]:
        """The commonest tags of the scope, by a row that has each."""
        chosen = select(func.min(Tag.id), func.min(Tag.word)).join(Customer, Customer.id == Tag.customer_id)
        return self._commonest(chosen.where(self.scope.readable()).group_by(Tag.norm), Tag.norm)

    def cities(self) -> list[tuple[int, str]]:
        """The commonest cities of the scope, by a customer who lives in each."""
        chosen = select(func.min(Customer.id), Customer.city).where(self.scope.readable(), Customer.city.is_not(None))
        return self._commonest(chosen.where(Customer.city != "").group_by(Customer.city), Customer.city)

    def owners(self) -> list[tuple[int, str]]:
        """Who has most customers in the scope."""
        chosen = select(Customer.owner_id, Member.name).join(Member, Member.id == Customer.owner_id)
        return self._commonest(
            chosen.where(self.scope.readable()).group_by(Customer.owner_id, Member.name), Member.name
        )

    def teams(self) -> list[tuple[int, str]]:
        """The teams with most customers in the scope."""
        chosen = select(Team.id, Team.name).join(Member, Member.team_id == Team.id)
        chosen = chosen.join(Customer, Customer.owner_id == Member.id).where(self.scope.readable())
        return self._commonest(chosen.group_by(Team.id, Team.name), Team.name)

    def names(self, audience: Audience) -> dict[str, str]:
        """The words for what an audience names by its id."""
        asked = {
            "owner": select(Member.name).where(Member.id == audience.owner_id),
            "team": select(Team.name).where(Team.id == audience.team_id),
            "tag": select(Tag.word).where(Tag.id == audience.tag_id),
            "city": select(Customer.city).where(Customer.id == audience.city_id),
        }
        found = {name: self._run(one).scalar_one_or_none() for name, one in asked.items()}
        return {name: words for name, words in found.items() if words}

    # Waves ---------------------------------------------------------------------------------------------------------

    def add_wave(self, survey_id: int, facts: dict[str, Any]) -> int:
        """Note a sending, in the open act."""
        row = {"survey_id": survey_id, "facts": facts, "created_by": self._actor.member_id}
        return self._uow.journal.add(SurveyWave, row | {"created_at": self._uow.now})

    def waves(self, survey_id: int, *, most: int = PAGE) -> list[Wave]:
        """The latest sendings of a survey whose readability the caller has checked."""
        return [Wave(*row) for row in self._run(WAVES.where(SurveyWave.survey_id == survey_id).limit(most))]

    # Within --------------------------------------------------------------------------------------------------------

    def _candidates(
        self, survey_id: int, wanted: Sequence[ColumnElement[bool]], by: frozenset[Carrier]
    ) -> list[list[Candidate]]:
        found = _by_customer(map(_candidate, self._run(CANDIDATES.where(*wanted), self._bound(survey_id))))
        if by:
            key = self._bound(survey_id) | {"kinds": sorted(carrier.channel for carrier in by)}
            agreed = _first_of_each(map(_carried, self._run(AGREED.where(*wanted), key)))
            others = [
                Candidate(row.id, row.name, row.contact_id, carrier=next(iter(by)))
                for row in self._run(NOT_AGREED.where(*wanted), key)
            ]
            for customer_id, some in _by_customer([*agreed, *others]).items():
                found[customer_id] = [one for one in found[customer_id] if one.person_id is not None] + some
        return list(found.values())

    def _bound(self, survey_id: int) -> dict[str, Any]:
        return {"survey": survey_id, "me": self._actor.member_id or -1}

    def _wanted(self, audience: Audience) -> list[ColumnElement[bool]]:
        wanted: list[ColumnElement[bool]] = [self.scope.readable()]
        if audience.grade is not None:
            wanted.append(Customer.grade == audience.grade)
        if audience.stage is not None:
            wanted.append(Customer.stage == audience.stage)
        if audience.owner_id is not None:
            wanted.append(Customer.owner_id == audience.owner_id)
        if audience.team_id is not None:
            members = select(Member.id).where(Member.team_id == audience.team_id)
            wanted.append(Customer.owner_id.in_(members))
        if audience.tag_id is not None:
            norm = self._still(select(Tag.norm).where(Tag.id == audience.tag_id), audience.tag_id)
            wanted.append(exists().where(Tag.customer_id == Customer.id, Tag.norm == norm))
        if audience.city_id is not None:
            city = self._still(select(Customer.city).where(Customer.id == audience.city_id), audience.city_id)
            wanted.append(Customer.city == city)
        return wanted

    def _still(self, statement: Any, key: int) -> str:
        """A word that the audience was chosen by; without it the survey would go to everybody."""
        word: str | None = self._run(statement).scalar_one_or_none()
        if not word:
            raise Changed("audience", key)
        return word

    def _commonest(self, chosen: Any, second: Any) -> list[tuple[int, str]]:
        rows = self._run(chosen.order_by(func.count().desc(), second).limit(MOST_CHOICES))
        return [(row[0], row[1]) for row in rows]


def _by_customer(some: Iterable[Candidate]) -> dict[int, list[Candidate]]:
    found: dict[int, list[Candidate]] = {}
    for one in some:
        found.setdefault(one.customer_id, []).append(one)
    return found


def _first_of_each(some: Iterable[Candidate]) -> list[Candidate]:
    """One way per contact."""
    return list({one.contact_id: one for one in reversed(list(some))}.values())[::-1]


def _later(one: dt.datetime | None, other: dt.datetime | None) -> dt.datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)


def _carried(row: Row[Any]) -> Candidate:
    """A contact at an address."""
    kind = ChannelKind(row.kind)
    return Candidate(
        customer_id=row.id,
        customer=row.name,
        contact_id=row.contact_id,
        wishes=Wishes(frozenset({Purpose.SERVICE}) if row.granted else frozenset(), stopped=row.stopped),
        nudged_at=_later(row.last_at, row.carried),
        asked=row.asked,
        awaits=row.awaits,
        complaint=row.complaint,
        hidden=row.hidden,
        carrier=next(carrier for carrier in Carrier if carrier.channel is kind),
        to=row.normal,
    )


def _candidate(row: Row[Any]) -> Candidate:
    if row.person_id is None:
        return Candidate(row.id, row.name, complaint=row.complaint, hidden=row.hidden)
    wishes = Wishes(
        granted=frozenset({Purpose.SERVICE}) if row.granted else frozenset(),
        off=frozenset(Topic(topic) for topic in row.topics_off),
        paused_until=row.paused_until,
        stopped=row.stopped_at is not None,
    )
    return Candidate(
        customer_id=row.id,
        customer=row.name,
        contact_id=row.contact_id,
        person_id=row.person_id,
        wishes=wishes,
        reachable=row.reachable,
        nudged_at=_later(row.last_at, row.carried),
        asked=row.asked,
        awaits=row.awaits,
        complaint=row.complaint,
        hidden=row.hidden,
    )
