"""What happens together when a customer writes, and when staff answer."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from actions.touches import write_touch
from domain.bindings import Binding
from domain.errors import Changed, Fault, Invalid, NotFound, TooLate
from domain.people import LEADS, Actor
from domain.talks import EDITS, LONGEST_ANSWER, RECALL, Answered, TalkLine
from domain.touches import LONGEST_NOTE, Outcome, TouchDraft, TouchKind
from storage import outbox
from storage.away import keepers_of
from storage.database import unit_of_work
from storage.uow import UnitOfWork

Sent = Mapping[str, Any]  # columns of ``media`` for what came with a message


def binding_of(uow: UnitOfWork, actor: Actor) -> Binding:
    """For which customer an account writes: the one it last wrote for, else the first that knows it.

    Raises:
        NotFound: the account is nobody's any more.
    """
    mine = uow.bindings(actor).mine()
    if not mine:
        raise NotFound("binding", actor.person_id)
    last = uow.talks(actor).last_customer()
    return next((one for one in mine if one.customer_id == last), mine[0])


def write_to_us(
    uow: UnitOfWork,
    actor: Actor,
    text: str,
    *,
    said_at: dt.datetime,
    chat_id: int,
    message_id: int,
    media: Sent | None = None,
) -> TalkLine:
    """Keep what a customer wrote; it waits until somebody takes it up."""
    binding = binding_of(uow, actor)
    uow.act(actor, "talk.received", customer_id=binding.customer_id, undo=None)
    talk_id = uow.talks(actor).add(
        {
            "customer_id": binding.customer_id,
            "contact_id": binding.contact_id,
            "person_id": actor.person_id,
            "text": text,
            "said_at": said_at,
            "chat_id": chat_id,
            "message_id": message_id,
        }
    )
    if media is not None:
        uow.media(actor).add({**media, "talk_id": talk_id, "customer_id": binding.customer_id})
    return uow.talks(actor).my(talk_id)


def recipients(uow: UnitOfWork, owner_id: int | None) -> list[Actor]:
    """Who of the staff gets what a customer writes: the owner or who stands in, else the leads above, else all leads."""
    if owner_id is None:
        return uow.people.staff(LEADS)
    return keepers_of(uow, owner_id)


def answer(
    uow: UnitOfWork,
    actor: Actor,
    talk_id: int,
    text: str,
    *,
    chat_id: int,
    message_id: int,
    media: Sent | None = None,
    now: dt.datetime,
) -> Answered:
    """Answer a customer's message: it and what came before it are taken up, and the whole is one touch.

    Raises:
        NotFound: the customer is not the actor's (any more).
        Changed: the account is no longer tied to that customer.
        Invalid: nothing in it, or more than fits.
    """
    asked = uow.talks(actor).get(talk_id)
    act_id, line = _say(uow, actor, asked, asked.id, text, chat_id=chat_id, message_id=message_id, media=media, now=now)
    taken = uow.talks(actor).take_up(asked.customer_id, until=asked.id)
    if taken or asked.member_id is None:
        words = [uow.talks(actor).get(key).text for key in taken or [asked.id]]
        _log(uow, actor, line, words, act_id=act_id, now=now)
    return Answered(uow.talks(actor).get(line.id), act_id)


def write_to(
    uow: UnitOfWork,
    actor: Actor,
    binding_id: int,
    text: str,
    *,
    chat_id: int,
    message_id: int,
    media: Sent | None = None,
    now: dt.datetime,
) -> Answered:
    """Write to a customer from the card. Raises as ``answer``."""
    binding = uow.bindings(actor).get(binding_id)
    act_id, line = _say(uow, actor, binding, None, text, chat_id=chat_id, message_id=message_id, media=media, now=now)
    return Answered(line, act_id)


def _say(
    uow: UnitOfWork,
    actor: Actor,
    to: TalkLine | Binding,
    replies_to: int | None,
    text: str,
    *,
    chat_id: int,
    message_id: int,
    media: Sent | None,
    now: dt.datetime,
) -> tuple[int, TalkLine]:
    if not text.strip() and media is None:
        raise Invalid("answer", Fault.EMPTY)
    if len(text) > LONGEST_ANSWER:
        raise Invalid("answer", Fault.TOO_LONG, LONGEST_ANSWER)
    bound = [one for one in uow.bindings(actor).of_customer(to.customer_id) if one.person_id == to.person_id]
    if not bound:
        raise Changed("binding", to.id)
    act_id = uow.act(actor, "talk.answered", customer_id=to.customer_id, undo=None)
    talk_id = uow.talks(actor).add(
        {
            "customer_id": to.customer_id,
            "contact_id": bound[0].contact_id,
            "person_id": to.person_id,
            "member_id": actor.member_id,
            "replies_to": replies_to,
            "text": text,
            "said_at": now,
            "chat_id": chat_id,
            "message_id": message_id,
        }
    )
    if media is not None:
        uow.media(actor).add({**media, "talk_id": talk_id, "customer_id": to.customer_id})
    return act_id, uow.talks(actor).get(talk_id)


def _log(uow: UnitOfWork, actor: Actor, line: TalkLine, words: list[str], *, act_id: int, now: dt.datetime) -> None:
    """What a customer sent is a touch once it was answered: both sides' words are its note."""
    note = "\n".join([*(word for word in words if word), f"→ {line.text}"])
    draft = TouchDraft(line.customer_id, TouchKind.MESSAGE, Outcome.REACHED, now, note[:LONGEST_NOTE])
    write_touch(uow, actor, draft, act_id=act_id, now=now)


def close_talk(uow: UnitOfWork, actor: Actor, talk_id: int) -> tuple[TalkLine, int]:
    """Take a customer's messages up without an answer in the chat: it was settled otherwise."""
    line = uow.talks(actor).get(talk_id)
    act_id = uow.act(actor, "talk.closed", customer_id=line.customer_id)
    uow.talks(actor).take_up(line.customer_id, until=line.id)
    return line, act_id


def key_of(line: TalkLine) -> str:
    """The business key of an answer's send; a version of the words leaves once."""
    return f"said:{line.id}:{line.version}"


def recall(
    uow: UnitOfWork, actor: Actor, talk_id: int, act_id: int, *, now: dt.datetime
) -> tuple[TalkLine, int | None]:
    """Take an answer back, within ``RECALL``: before it leaves, or from the customer's screen.

    Returns:
        The answer as it was, and the message to delete in the customer's chat; ``None``: it had not left.

    Raises:
        NotFound: it is not the actor's own.
        TooLate: the time is over, or it was recalled already.
        Changed: it is leaving at this very moment.
    """
    line = uow.talks(actor).get(talk_id)
    if line.member_id != actor.member_id or uow.history(actor).get(act_id).person_id != actor.person_id:
        raise NotFound("talk", talk_id)
    if line.recalled or now - line.said_at > RECALL:
        raise TooLate("recall")
    waits = outbox.cancel(uow.connection, key_of(line), now=now)
    chat_id = uow.people.actor(line.person_id).telegram_id
    sent = None if waits else outbox.living_message(uow.connection, chat_id, f"said:{line.id}")
    if not waits and sent is None:
        raise Changed("talk", talk_id)
    _take_back(uow, actor, line, act_id, now=now)
    return line, sent


def _take_back(uow: UnitOfWork, actor: Actor, line: TalkLine, act_id: int, *, now: dt.datetime) -> None:
    """As if it had not been answered; where others have gone on from it meanwhile, the answer is only marked."""
    try:
        with unit_of_work(uow.connection, now) as inner:
            facts = {"undid": act_id}
            undo_id = inner.act(actor, "talk.recalled", customer_id=line.customer_id, undo=None, facts=facts)
            inner.history(actor).reverse(act_id, undo_id=undo_id)
    except Changed:
        uow.act(actor, "talk.recalled", customer_id=line.customer_id, undo=None)
        uow.talks(actor).change(line.id, {"recalled_at": now})


def edit_talk(uow: UnitOfWork, actor: Actor, line: TalkLine, text: str, *, now: dt.datetime) -> tuple[TalkLine, bool]:
    """Keep the new words of an edited message, of either side.

    Returns:
        The message as it is now, and whether an answer had not left yet (its send is taken back then).
    """
    if line.recalled or now - line.said_at > EDITS or line.text == text:
        return line, False
    waits = line.member_id is not None and outbox.cancel(uow.connection, key_of(line), now=now)
    uow.act(actor, "talk.changed", customer_id=line.customer_id, undo=None)
    uow.talks(actor).change(line.id, {"text": text})
    talks = uow.talks(actor)
    return (talks.get(line.id) if actor.is_staff else talks.my(line.id)), waits
