"""One unit of work: the repositories of one savepoint, and what must be made again before it ends."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from domain.people import Actor
from storage.acts import UNDO_MINUTES, Journal, open_act, open_own_acts

if TYPE_CHECKING:
    from domain.calendar import Calendar
    from parsing.names import SearchKeys
    from storage.away import AwayRepository
    from storage.bindings import BindingRepository
    from storage.carriers import CarrierRepository
    from storage.cases import CaseRepository
    from storage.consents import ConsentRepository
    from storage.customers import CustomerRepository
    from storage.dialogs import DialogRepository
    from storage.drafts import DraftRepository
    from storage.erasures import ErasureRepository
    from storage.exports import ExportRepository
    from storage.feedback import FeedbackRepository
    from storage.history import HistoryRepository
    from storage.imports import ImportRepository
    from storage.jobs import JobRepository
    from storage.media import MediaRepository
    from storage.next_touches import NextTouchRepository
    from storage.organisation import Organisation, OrganisationRepository
    from storage.own import OwnRepository
    from storage.people import PersonRepository
    from storage.reminders import ReminderRepository
    from storage.reply_templates import TemplateRepository
    from storage.survey_invitations import InvitationRepository
    from storage.survey_responses import ResponseRepository
    from storage.survey_results import SurveyResults
    from storage.survey_sending import SendingRepository
    from storage.surveys import SurveyRepository
    from storage.talks import TalkRepository
    from storage.teams import TeamRepository
    from storage.touches import TouchRepository
    from storage.uploads import UploadRepository
    from storage.web import WebRepository

UNDO = dt.timedelta(minutes=UNDO_MINUTES)


class UnitOfWork:
    """Repositories over one connection. Those that hold people's data are made for an actor: scope is in the query.

    Business rows are written through ``journal``, which exists once ``act`` was called.
    """

    def __init__(self, connection: Connection, now: dt.datetime) -> None:
        self.connection = connection
        self.now = now
        self.worked_out: Mapping[str, SearchKeys] = {}  # of names, by whoever had the time: the flush need not
        self._journal: Journal | None = None
        self._touched: dict[str, set[int]] = defaultdict(set)
        self._customers_of: set[int] = set()

    # Writing ---------------------------------------------------------------------------------------------------

    def act(
        self,
        actor: Actor | None,
        kind: str,
        *,
        customer_id: int | None = None,
        undo: dt.timedelta | None = UNDO,
        facts: Mapping[str, Any] | None = None,
        hidden_from: int | None = None,
    ) -> int:
        """Open the act that the next writes belong to and return its id; ``actor`` None is the program itself.

        ``hidden_from`` is a member in whose history it must not stand: a case about that rep.
        """
        self._journal = open_act(
            self,
            kind,
            member_id=actor.member_id if actor else None,
            person_id=actor.person_id if actor else None,
            customer_id=customer_id,
            now=self.now,
            undo=undo,
            facts=facts or {},
            hidden_from=hidden_from,
        )
        return self._journal.act_id

    def own_acts(self, kind: str, about: Sequence[tuple[int | None, Mapping[str, Any]]]) -> list[int]:
        """Open an act of the program itself for each of ``about``: a customer, or none, and the facts; their ids."""
        act_ids = open_own_acts(self, kind, about, now=self.now)
        self.resume(act_ids[-1])
        return act_ids

    def resume(self, act_id: int) -> None:
        """Let the next writes belong to an act that an earlier unit opened: long work is one act."""
        self._journal = Journal(self, act_id)

    @property
    def journal(self) -> Journal:
        """Where business rows are written. A write outside an act is a bug."""
        assert self._journal is not None, "a write outside an act"
        return self._journal

    def touched(self, table: str, keys: Iterable[int], before: Mapping[str, Any] | None = None) -> None:
        """Remember rows whose followers (search keys, due times) must be made again when the unit ends."""
        self._touched[table].update(keys)
        if before and before.get("customer_id") is not None:
            self._customers_of.add(int(before["customer_id"]))
        if before and before.get("contact_id") is not None:
            self._touched["contact"].add(int(before["contact_id"]))

    def flush(self) -> None:
        """Bring search keys and due times in step with what was written. Called once, by ``unit_of_work``."""
        if not self._touched:
            return
        from storage.followers import refresh  # it reads the repositories that import this module

        refresh(self, dict(self._touched), self._customers_of)
        self._touched.clear()
        self._customers_of.clear()

    # Repositories ----------------------------------------------------------------------------------------------

    @property
    def people(self) -> "PersonRepository":
        from storage.people import PersonRepository

        return PersonRepository(self)

    @property
    def consents(self) -> "ConsentRepository":
        from storage.consents import ConsentRepository

        return ConsentRepository(self)

    def bindings(self, actor: Actor) -> "BindingRepository":
        from storage.bindings import BindingRepository

        return BindingRepository(self, actor)

    def feedback(self, actor: Actor) -> "FeedbackRepository":
        from storage.feedback import FeedbackRepository

        return FeedbackRepository(self, actor)

    def cases(self, actor: Actor) -> "CaseRepository":
        from storage.cases import CaseRepository

        return CaseRepository(self, actor)

    @property
    def dialogs(self) -> "DialogRepository":
        from storage.dialogs import DialogRepository

        return DialogRepository(self)

    @property
    def jobs(self) -> "JobRepository":
        from storage.jobs import JobRepository

        return JobRepository(self)

    @property
    def settings(self) -> "OrganisationRepository":
        from storage.organisation import OrganisationRepository

        return OrganisationRepository(self)

    def organisation(self) -> "Organisation":
        """Language, region, zone and working time in force."""
        return self.settings.get()

    def calendar(self) -> "Calendar":
        """Public holidays and make-up workdays of the organisation's region, around now."""
        return self.settings.calendar()

    def surveys(self, actor: Actor) -> "SurveyRepository":
        from storage.surveys import SurveyRepository

        return SurveyRepository(self, actor)

    @property
    def responses(self) -> "ResponseRepository":
        from storage.survey_responses import ResponseRepository

        return ResponseRepository(self)

    def survey_results(self, actor: Actor) -> "SurveyResults":
        from storage.survey_results import SurveyResults

        return SurveyResults(self, actor)

    def sending(self, actor: Actor) -> "SendingRepository":
        from storage.survey_sending import SendingRepository

        return SendingRepository(self, actor)

    def invitations(self, actor: Actor) -> "InvitationRepository":
        from storage.survey_invitations import InvitationRepository

        return InvitationRepository(self, actor)

    @property
    def carriers(self) -> "CarrierRepository":
        from storage.carriers import CarrierRepository

        return CarrierRepository(self)

    @property
    def uploads(self) -> "UploadRepository":
        from storage.uploads import UploadRepository

        return UploadRepository(self)

    @property
    def web(self) -> "WebRepository":
        from storage.web import WebRepository

        return WebRepository(self)

    def away(self, actor: Actor) -> "AwayRepository":
        from storage.away import AwayRepository

        return AwayRepository(self, actor)

    def teams(self, actor: Actor) -> "TeamRepository":
        from storage.teams import TeamRepository

        return TeamRepository(self, actor)

    def customers(self, actor: Actor) -> "CustomerRepository":
        from storage.customers import CustomerRepository

        return CustomerRepository(self, actor)

    def touches(self, actor: Actor) -> "TouchRepository":
        from storage.touches import TouchRepository

        return TouchRepository(self, actor)

    def drafts(self, actor: Actor) -> "DraftRepository":
        from storage.drafts import DraftRepository

        return DraftRepository(self, actor)

    def templates(self, actor: Actor) -> "TemplateRepository":
        from storage.reply_templates import TemplateRepository

        return TemplateRepository(self, actor)

    def media(self, actor: Actor) -> "MediaRepository":
        from storage.media import MediaRepository

        return MediaRepository(self, actor)

    def next_touches(self, actor: Actor) -> "NextTouchRepository":
        from storage.next_touches import NextTouchRepository

        return NextTouchRepository(self, actor)

    def reminders(self, actor: Actor) -> "ReminderRepository":
        from storage.reminders import ReminderRepository

        return ReminderRepository(self, actor)

    def history(self, actor: Actor) -> "HistoryRepository":
        from storage.history import HistoryRepository

        return HistoryRepository(self, actor)

    def talks(self, actor: Actor) -> "TalkRepository":
        from storage.talks import TalkRepository

        return TalkRepository(self, actor)

    def own(self, actor: Actor) -> "OwnRepository":
        from storage.own import OwnRepository

        return OwnRepository(self, actor)

    def erasures(self, actor: Actor) -> "ErasureRepository":
        from storage.erasures import ErasureRepository

        return ErasureRepository(self, actor)

    def imports(self, actor: Actor) -> "ImportRepository":
        from storage.imports import ImportRepository

        return ImportRepository(self, actor)

    def exports(self, actor: Actor) -> "ExportRepository":
        from storage.exports import ExportRepository

        return ExportRepository(self, actor)
