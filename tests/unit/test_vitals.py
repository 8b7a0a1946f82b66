"""What the process remembers of its own errors: names and numbers, never what people wrote."""

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.log import set_up_log
from bot.vitals import KEPT, LastErrors


@pytest.fixture
def last() -> Iterator[LastErrors]:
    root, ours = logging.getLogger(), logging.getLogger("keyuan")
    before, level = list(root.handlers), root.level
    kept = structlog.get_config()
    set_up_log("DEBUG", stream=io.StringIO())
    handler = LastErrors()
    ours.addHandler(handler)
    yield handler
    ours.removeHandler(handler)
    root.handlers[:] = before
    root.setLevel(level)
    structlog.configure(**kept)


def test_errors_are_remembered_by_name_and_number(last: LastErrors) -> None:
    log = structlog.stdlib.get_logger("keyuan.example")
    log.error("job_given_up", reference="G8A75AF8", words="张伟 13800138000")
    log.warning("poll_failed")
    [line] = last.lines
    assert (line.words, line.reference, line.at.tzinfo is not None) == ("job_given_up", "G8A75AF8", True)
    assert "张伟" not in repr(line)


def test_only_the_latest_are_kept(last: LastErrors) -> None:
    log = structlog.stdlib.get_logger("keyuan.example")
    for number in range(KEPT + 5):
        log.error("send_broken", letter=number, reference=str(number))
    assert [line.reference for line in last.lines] == [str(number) for number in range(5, KEPT + 5)]


def test_a_line_of_a_library_is_none_of_ours(last: LastErrors) -> None:
    logging.getLogger("keyuan.example").error("no event")
    assert list(last.lines) == []
