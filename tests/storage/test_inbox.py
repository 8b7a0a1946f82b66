"""The durable inbox and the outbox, on both databases."""

import datetime as dt

import pytest
from sqlalchemy import select

from storage import inbox, outbox
from storage.database import Database
from storage.inbox import Finished, InboxState, RawUpdate
from storage.models import Attachment, Outbox
from storage.outbox import Letter, SendState, Settled

NOW = dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC)


def raw(update_id: int, lane: int = 1) -> RawUpdate:
    return RawUpdate(update_id, lane, b'{"update_id": 1}', NOW)


def test_an_update_is_stored_once(database: Database) -> None:
    with database.group() as connection:
        inbox.add(connection, [raw(7, lane=1), raw(8, lane=2)])
        inbox.add(connection, [raw(8, lane=2), raw(9, lane=3)])
        assert [u.update_id for u in inbox.open_updates(connection, most=10, held=())] == [7, 8, 9]


def test_an_update_of_a_lower_number_comes_after_what_was_there(database: Database) -> None:
    """Ids restart at random after a quiet week."""
    with database.group() as connection:
        inbox.add(connection, [raw(2_000_000_000)])
        inbox.add(connection, [raw(5)])
        first = inbox.open_updates(connection, most=1, held=())
        assert [u.update_id for u in first] == [2_000_000_000]
        assert inbox.last(connection) == (5, NOW)


def test_a_held_lane_waits_and_the_others_go_on(database: Database) -> None:
    with database.group() as connection:
        inbox.add(connection, [raw(1, lane=1), raw(2, lane=2)])
        assert [u.lane for u in inbox.open_updates(connection, most=10, held=[1])] == [2]


def test_finished_updates_are_not_taken_again(database: Database) -> None:
    with database.group() as connection:
        inbox.add(connection, [raw(1), raw(2)])
        (first, *_) = inbox.open_updates(connection, most=1, held=())
        inbox.finish(connection, [Finished(first.seq, InboxState.DONE)])
        assert [u.update_id for u in inbox.open_updates(connection, most=10, held=())] == [2]
        assert inbox.waiting(connection) == (1, NOW)


def test_raw_texts_are_forgotten_after_three_days_and_ids_after_two_weeks(database: Database) -> None:
    with database.group() as connection:
        inbox.add(connection, [raw(1), raw(2), raw(3, lane=2)])
        while updates := inbox.open_updates(connection, most=10, held=()):
            inbox.finish(connection, [Finished(update.seq, InboxState.DONE) for update in updates])
        assert inbox.forget(connection, now=NOW + dt.timedelta(hours=71)) == 0
        assert inbox.forget(connection, now=NOW + dt.timedelta(hours=73)) == 3
        assert inbox.forget(connection, now=NOW + dt.timedelta(days=15)) == 2
        assert inbox.last(connection) == (3, NOW)  # polling goes on from it


def test_a_press_has_its_effect_once(database: Database) -> None:
    with database.group() as connection:
        assert inbox.press_once(connection, 5, 6, "ux.1", now=NOW)
        assert not inbox.press_once(connection, 5, 6, "ux.1", now=NOW)
        assert inbox.press_once(connection, 5, 7, "ux.1", now=NOW)


@pytest.mark.parametrize("late", [SendState.SENT, SendState.DUE, SendState.FAILED])
def test_who_wakes_up_settles_nothing_that_was_claimed_anew(database: Database, late: SendState) -> None:
    """A worker was frozen in the middle of a call; its successor has the letter in hand."""
    letter = Letter(5, "sendDocument", {"chat_id": 5}, NOW, attachment=("a.csv", b"1"))
    with database.group() as connection:
        outbox.add(connection, [letter])
        [frozen] = outbox.claim(connection, now=NOW, most=9)
        outbox.recover(connection, now=NOW)
        [anew] = outbox.claim(connection, now=NOW, most=9)
        outbox.settle(connection, [Settled(frozen, late, untried=late is SendState.DUE)], now=NOW)
        row = select(Outbox.state, Outbox.attempt)
        assert tuple(connection.execute(row).one()) == (SendState.SENDING, 2)
        assert connection.execute(select(Attachment.content)).scalar_one() == b"1"
        outbox.settle(connection, [Settled(anew, SendState.SENT)], now=NOW)
        assert tuple(connection.execute(row).one()) == (SendState.SENT, 2)
        assert connection.execute(select(Attachment.content)).all() == []
