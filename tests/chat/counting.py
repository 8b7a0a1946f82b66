"""A kind of long work for tests of the frame: it counts, and can be told to misbehave."""

import datetime as dt
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from domain.errors import Fault, Invalid
from domain.people import STAFF, Actor
from handlers.jobs import Job, Progress, Task
from handlers.routing import Command, Content, Request, Route
from storage.uow import UnitOfWork
from views.language import Translator
from views.replies import Reply

UP_TO = 5


def count(task: Task) -> Iterator[int]:
    """Yield 1 … ``UP_TO``; ``how`` of the facts is what goes wrong after the second, or after each from there."""
    if task.file is not None:
        yield from task.file.read_bytes()
        return
    for number in range(1, UP_TO + 1):
        if number > 2:
            _misbehave(task.facts["how"], Path(task.facts.get("mark", "/nonexistent/mark")), number - 2)
        yield number


def _misbehave(how: str, mark: Path, time: int) -> None:
    match how:
        case "refuse":
            raise Invalid("sheet", Fault.NOT_UNDERSTOOD)
        case "break":
            raise RuntimeError("a bug")
        case "devour":
            bytearray(2 * 1024**3)
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "die once" if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        case "die each time" if not mark.exists() or mark.stat().st_size < time:
            with mark.open("a") as file:
                file.write("x")
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            signal.pause()


def store(uow: UnitOfWork, actor: Actor, facts: dict[str, Any], batch: int, offset: int, now: dt.datetime) -> Progress:
    """Append the number to a setting; say them all with the last."""
    numbers = [*(uow.settings.value("counted") or {"numbers": []})["numbers"], batch]
    uow.settings.store("counted", {"numbers": numbers})
    last = batch == UP_TO
    return Progress(offset + 1, UP_TO, Reply(f"{actor.name}: {numbers}", edit_living=True) if last else None)


def title(_t: Translator, _facts: dict[str, Any]) -> str:
    return "Counting"


def take_count(req: Request) -> Reply:
    how, _, mark = req.text.partition("|")
    req.uow.jobs.enqueue("count", {"how": how.strip(), "mark": mark.strip()}, person_id=req.actor.person_id)
    return Reply("Begun.")


def take_document(req: Request) -> Reply:
    assert req.incoming.media is not None
    req.uow.jobs.enqueue("count", {"how": "", "file_id": req.incoming.media.file_id}, person_id=req.actor.person_id)
    return Reply("Begun.")


ROUTES = (Route(Command("count"), take_count, STAFF), Route(Content.DOCUMENT, take_document, STAFF))
JOBS = {"count": Job(count, store, title, seconds=30, megabytes=256)}
