"""What an error of a call means: whether it arrived, whether it may be repeated, and how."""

from enum import Enum

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError

from bot.http import Limited, NotSent
from domain.values import frozen


class Fate(Enum):
    """Classes of ends, in the order in which they are met."""

    SENT = "sent"
    NOT_SENT = "not_sent"  # no connection: repeat freely
    LIMITED = "limited"  # 429
    UNREACHABLE = "unreachable"  # blocked, deactivated, chat gone: never repeat
    MIGRATED = "migrated"  # the group has a new id: repeat there, once
    BAD_FORMAT = "bad_format"  # the entities cannot be parsed: once more as plain text
    NOT_EDITABLE = "not_editable"  # the message is gone or of another kind: a new one instead
    REFUSED = "refused"  # repeating would not help
    AMBIGUOUS = "ambiguous"  # it may have arrived
    NO_ACCESS = "no_access"  # 401, 404: the token or the server is wrong just now; repeat later


@frozen
class End:
    """How a call ended. ``seconds`` of a 429, ``chat_id`` of a migrated group."""

    fate: Fate
    error: str | None = None
    seconds: float = 0.0
    chat_id: int | None = None


_GONE = ("chat not found", "user not found", "peer_id_invalid", "bot is not a member", "have no rights to send")
_UNEDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message to edit",
    "message_id_invalid",
)


def end_of(error: TelegramError) -> End:
    """Classify by PTB's types; ``BadRequest`` and ``TimedOut`` are both its ``NetworkError``, so order matters."""
    words = str(error)
    match error:
        case Limited(seconds=seconds):
            return End(Fate.LIMITED, words, seconds=seconds)
        case ChatMigrated(new_chat_id=chat_id):
            return End(Fate.MIGRATED, words, chat_id=chat_id)
        case Forbidden():
            return End(Fate.UNREACHABLE, words)
        case InvalidToken():
            return End(Fate.NO_ACCESS, words)
        case BadRequest():
            return _bad_request(words)
        case NotSent():
            return End(Fate.NOT_SENT, words)
        case NetworkError() if "Encode" in words:  # text that no server takes; repeating changes nothing
            return End(Fate.REFUSED, words)
        case NetworkError():
            return End(Fate.AMBIGUOUS, words)
        case _:  # an answer that is no JSON: something between us and Telegram spoke
            return End(Fate.AMBIGUOUS, words)


def _bad_request(words: str) -> End:
    text = words.lower()
    if "message is not modified" in text:
        return End(Fate.SENT)
    if "can't parse entities" in text or "can't find end of" in text:
        return End(Fate.BAD_FORMAT, words)
    if any(phrase in text for phrase in _UNEDITABLE):
        return End(Fate.NOT_EDITABLE, words)
    if any(phrase in text for phrase in _GONE):
        return End(Fate.UNREACHABLE, words)
    return End(Fate.REFUSED, words)
