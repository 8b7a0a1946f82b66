"""Which letters the sender gets: in order within a chat, whatever becomes of one."""

import datetime as dt

from storage import outbox
from storage.database import Database
from storage.outbox import Claimed, Letter, SendState, Settled

NOW = dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(seconds=30)


def write(database: Database, chat: int, *words: str, at: dt.datetime = NOW, lane: int = 0) -> None:
    with database.group() as connection:
        outbox.add(connection, [Letter(chat, "sendMessage", {"text": word}, at, lane=lane) for word in words])


def claim(database: Database, *, at: dt.datetime = NOW, most: int = 9, answers: bool = False) -> list[Claimed]:
    with database.group() as connection:
        return outbox.claim(connection, now=at, most=most, answers=answers)


def settle(database: Database, *settled: Settled) -> None:
    with database.group() as connection:
        outbox.settle(connection, settled, now=NOW)


def words(claimed: list[Claimed]) -> list[str]:
    return [letter.params["text"] for letter in claimed]


def test_a_chat_with_a_letter_in_hand_gets_no_other(database: Database) -> None:
    write(database, 5, "first")
    [first] = claim(database)
    write(database, 5, "second")
    write(database, 6, "of somebody else")
    assert words(claim(database)) == ["of somebody else"]
    settle(database, Settled(first, SendState.SENT, message_id=1))
    assert words(claim(database)) == ["second"]


def test_nothing_overtakes_a_letter_that_goes_back(database: Database) -> None:
    """What was written while it was under way waits with it, also when it is tried again later."""
    write(database, 5, "first", "second")
    first, second = claim(database)
    write(database, 5, "third")
    settle(database, Settled(first, SendState.DUE, again_at=LATER), Settled(second, SendState.DUE, untried=True))
    write(database, 5, "fourth")
    assert claim(database) == []
    assert words(claim(database, at=LATER)) == ["first", "second", "third", "fourth"]


def test_answers_may_be_taken_alone(database: Database) -> None:
    write(database, 5, "offer", lane=2)
    write(database, 6, "reminder", lane=1)
    write(database, 7, "answer", "and more")
    assert words(claim(database, answers=True, most=1)) == ["answer"]
    assert words(claim(database, answers=True)) == []  # its chat has one in hand
    assert words(claim(database)) == ["reminder", "offer"]


def test_a_letter_that_was_taken_back_holds_nobody(database: Database) -> None:
    write(database, 5, "offer", lane=2)
    [offer] = claim(database)
    settle(database, Settled(offer, SendState.DUE, again_at=LATER))
    write(database, 5, "answer")
    assert claim(database) == []
    with database.group() as connection:
        connection.exec_driver_sql(f"UPDATE outbox SET state = {int(SendState.CANCELLED)} WHERE lane = 2")
    assert words(claim(database)) == ["answer"]


def test_what_a_crash_left_in_hand_comes_first(database: Database) -> None:
    write(database, 5, "first")
    claim(database)
    write(database, 5, "second")
    with database.group() as connection:
        assert outbox.recover(connection, now=NOW) == 1
    assert words(claim(database)) == ["first", "second"]
