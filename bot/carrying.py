"""The sender of e-mail and text messages: one at a time, committed before the call, settled after it."""

import asyncio
import datetime as dt
from collections.abc import Mapping

import structlog

from actions import carriers as act
from bot.carriers import Sends
from bot.core import Core
from bot.pipeline import Pipeline, words_of
from bot.roles import Roles
from bot.signing import button_keys
from bot.stop_links import stop_token
from bot.web_pages import PATH, STOP_PATH
from domain.carriers import Burden, Carrier, Fate
from storage import outbox
from storage.leases import SENDER
from storage.uow import UnitOfWork
from views import carriers as view
from views.replies import Notice

log = structlog.stdlib.get_logger("keyuan.carrying")

LOOK_EVERY = 5.0  # seconds; what leaves has waited ten minutes


class Carrying:
    """Of several workers the one with the sender's role does it."""

    def __init__(
        self, core: Core, pipeline: Pipeline, roles: Roles, carriers: Mapping[Carrier, Sends], *, public_url: str
    ) -> None:
        self._core = core
        self._pipeline = pipeline
        self._roles = roles
        self._carriers = carriers
        self._url = public_url

    async def run(self) -> None:
        """Carry until cancelled; what was cut off in a call is known by its row."""
        while True:
            if self._roles.has(SENDER):
                await self.look()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Carry everything that is due; a bug in one must neither end the program nor hold the others."""
        while True:
            try:
                found = await self._core.insist(self._take)
            except Exception as error:
                log.error("carrying_failed", exc_info=error)
                found = await self._core.insist(lambda uow, now: act.put_off(uow, now=now))
            if found is False:
                return
            if isinstance(found, Burden):
                await self._carry(found)

    async def _carry(self, burden: Burden) -> None:
        carrier = self._carriers.get(burden.carrier)
        try:
            fate = await carrier.send(burden) if carrier else Fate.NOT_SENT
        except Exception as error:  # a bug: nobody knows how far it got
            log.error("carrier_failed", invitation=burden.invitation_id, exc_info=error)
            fate = Fate.UNKNOWN
        log.info("carried", invitation=burden.invitation_id, carrier=str(burden.carrier), fate=str(fate))

        def settle(uow: UnitOfWork, now: dt.datetime) -> None:
            self._tell(uow, act.settle(uow, burden.invitation_id, burden.attempt, fate, now=now), now=now)

        await self._core.insist(settle)

    def _take(self, uow: UnitOfWork, now: dt.datetime) -> Burden | bool:
        found = act.take(uow, now=now)
        if isinstance(found, bool):
            return found
        if isinstance(found, act.Ended):
            self._tell(uow, found, now=now)
            return True
        organisation = uow.organisation()
        return view.burden(
            words_of(organisation.locale, organisation.zone),
            found.survey,
            found.row.carrier,
            invitation_id=found.row.id,
            attempt=found.attempt,
            to=found.to,
            organisation=organisation.name,
            link=f"{self._url}{PATH}{found.token}",
            stop=f"{self._url}{STOP_PATH}{stop_token(button_keys(uow), found.contact_id)}",
            now=now,
        )

    def _tell(self, uow: UnitOfWork, ended: act.Ended | None, *, now: dt.datetime) -> None:
        owner_id = ended.invitation.owner_id if ended else None
        owner = uow.people.of_member(owner_id) if owner_id is not None else None
        if ended is None or owner is None or not ended.invitation.by_hand:
            return  # of many at once it stands in the list of what was sent
        one = ended.invitation
        reply = view.ended(
            words_of(owner.locale, owner.zone), one.customer, one.customer_id, ended.carrier, ended.state
        )
        outbox.add(uow.connection, self._pipeline.notice(uow, Notice(owner.person_id, reply), now=now))
