"""What customers want to be written about, and when: each wish holds at once."""

import datetime as dt

from domain.consents import Purpose, Topic
from domain.people import Actor
from storage import outbox
from storage.uow import UnitOfWork

PAUSE = dt.timedelta(days=30)


def stop(uow: UnitOfWork, actor: Actor, *, now: dt.datetime) -> int:
    """No message any more but answers to an own one; what waits to be sent is taken back.

    Returns:
        How many messages were taken back.
    """
    uow.act(actor, "wishes.changed", undo=None)
    uow.people.save(actor.person_id, stopped_at=now)
    return outbox.cancel_all(uow.connection, actor.person_id, now=now)


def go_on(uow: UnitOfWork, actor: Actor) -> None:
    """Take a stop or a pause back. What was agreed to before holds again; nothing is agreed to by it."""
    uow.act(actor, "wishes.changed", undo=None)
    uow.people.save(actor.person_id, stopped_at=None, paused_until=None)


def pause(uow: UnitOfWork, actor: Actor, *, now: dt.datetime) -> None:
    """Nothing unasked for 30 days."""
    uow.act(actor, "wishes.changed", undo=None)
    uow.people.save(actor.person_id, paused_until=now + PAUSE)


def switch_topic(uow: UnitOfWork, actor: Actor, topic: Topic) -> None:
    """Switch a topic off, or on again."""
    off = set(uow.consents.of(actor.person_id).off) ^ {topic}
    uow.act(actor, "wishes.changed", undo=None)
    uow.people.save(actor.person_id, topics_off=sorted(off))


def switch_purpose(uow: UnitOfWork, actor: Actor, purpose: Purpose) -> bool:
    """Withdraw a consent, or give it again; what waits is taken back at once. Returns whether it is granted now."""
    granted = purpose not in uow.consents.of(actor.person_id).granted
    uow.act(actor, "consent.decided", undo=None)
    uow.consents.decide(
        purpose,
        granted=granted,
        person_id=actor.person_id,
        contact_id=None,
        locale=actor.locale,
        channel="chat",
    )
    if not granted:
        outbox.cancel_all(uow.connection, actor.person_id, now=uow.now)
    return granted
