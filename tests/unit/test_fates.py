"""What an error of a call means. PTB's ``BadRequest`` and ``TimedOut`` are both ``NetworkError``: order matters."""

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError, TimedOut

from bot.fates import Fate, end_of
from bot.http import Limited, NotSent, wait_asked


@pytest.mark.parametrize(
    "error, fate",
    [
        (NotSent("no connection"), Fate.NOT_SENT),
        (TimedOut("no answer in time"), Fate.AMBIGUOUS),
        (NetworkError("Bad Gateway"), Fate.AMBIGUOUS),
        (TelegramError("Invalid server response"), Fate.AMBIGUOUS),
        (NetworkError("Unknown error in HTTP implementation: UnicodeEncodeError"), Fate.REFUSED),
        (Limited(3), Fate.LIMITED),
        (ChatMigrated(-1002), Fate.MIGRATED),
        (Forbidden("Forbidden: bot was blocked by the user"), Fate.UNREACHABLE),
        (BadRequest("Bad Request: chat not found"), Fate.UNREACHABLE),
        (InvalidToken("Unauthorized"), Fate.NO_ACCESS),
        (BadRequest("Bad Request: message is not modified: specified new message content …"), Fate.SENT),
        (BadRequest("Bad Request: can't parse entities: unsupported start tag"), Fate.BAD_FORMAT),
        (BadRequest("Bad Request: message to edit not found"), Fate.NOT_EDITABLE),
        (BadRequest("Bad Request: message can't be edited"), Fate.NOT_EDITABLE),
        (BadRequest("Bad Request: message text is empty"), Fate.REFUSED),
    ],
)
def test_every_error_has_its_fate(error: TelegramError, fate: Fate) -> None:
    assert end_of(error).fate is fate


def test_facts_of_an_end_are_kept() -> None:
    assert end_of(Limited(7.5)).seconds == 7.5
    assert end_of(ChatMigrated(-1002)).chat_id == -1002


@pytest.mark.parametrize(
    "body, seconds",
    [
        ('{"parameters": {"retry_after": 7}}', 7),
        ('{"parameters": {"retry_after": 7.5}}', 7.5),
        ('{"parameters": {"retry_after": "7"}}', 7),
        ('{"parameters": {"retry_after": 0.2}}', 1),
        ('{"parameters": {"retry_after": 1e9}}', 86_400),
        ('{"parameters": {"retry_after": Infinity}}', 86_400),
        (f'{{"parameters": {{"retry_after": {10**400}}}}}', 86_400),
        ('{"parameters": {"retry_after": 0}}', 5),
        ('{"parameters": {"retry_after": -3}}', 5),
        ('{"parameters": {"retry_after": NaN}}', 5),
        ('{"parameters": {"retry_after": null}}', 5),
        ('{"parameters": {"retry_after": "soon"}}', 5),
        ('{"parameters": {"retry_after": []}}', 5),
        ('{"parameters": {}}', 5),
        ('{"parameters": 3}', 5),
        ("[]", 5),
        ("<html>slow down</html>", 5),
        ("[" * 100_000, 5),
        ("\udcff", 5),
    ],
)
def test_every_limit_is_a_number_of_seconds_in_bounds(body: str, seconds: float) -> None:
    assert wait_asked(body.encode("utf-8", "surrogateescape")) == seconds
