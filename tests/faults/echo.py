"""A bot for the fault suite, small enough to see every effect: each text becomes one act, each press another."""

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from domain.people import ANYONE, Actor
from handlers.jobs import Job, Progress, Task
from handlers.routing import Command, Content, Request, Route
from storage.database import Database
from storage.models import Act, Person
from storage.uow import UnitOfWork
from views.replies import Button, File, Reply, escape, payload


@payload("zze1")
class Again:
    """Do it once more, once."""

    number: int


@payload("zzb1")
class Break:
    """Run into a bug."""

    number: int


def take_text(req: Request) -> Reply:
    """Note the text and say so; ``bug …`` fails each time."""
    act_id = req.uow.act(req.actor, "echo", facts={"text": req.text})
    if req.text.startswith("bug"):
        raise RuntimeError("a bug of the test's own")
    buttons = [Button("again", Again(act_id)), Button("break", Break(act_id))]
    return Reply(f"noted {escape(req.text)}", rows=[buttons])


def take_many(req: Request) -> Reply:
    """One long answer in several messages."""
    words = req.text or "word"
    return Reply(f"first {words}", also=(Reply(f"second {words}"), Reply(f"third {words}")))


def take_broken(_req: Request) -> Reply:
    """Formatting that no server can read."""
    return Reply("<b>bold and 1 < 2 & more")


def take_long(req: Request) -> Reply:
    """Far more than one message holds, in bold."""
    lines = "\n".join(f"line {number} of a long answer" for number in range(400))
    return Reply(f"<b>{lines}</b>", rows=[[Button("again", Again(1))]])


def take_file(_req: Request) -> Reply:
    return Reply("a file", file=File("numbers.csv", b"1,2,3\n"))


def take_living(req: Request) -> Reply:
    """The same message each time."""
    return Reply(f"status {req.text}", living="status", edit_living=True)


def take_poison(_req: Request) -> Reply:
    """A letter that no database takes: its unit is fine, the whole group fails."""
    return Reply("poison", file=File("nothing", None))  # type: ignore[arg-type]


def take_job(req: Request) -> Reply:
    """Long work that says each step."""
    req.uow.jobs.enqueue("steps", {}, person_id=req.actor.person_id)
    return Reply("begun")


def steps(_task: Task) -> Iterator[int]:
    """Six batches, slow enough to be killed in between."""
    for number in range(1, 7):
        time.sleep(0.2)
        yield number


def store_step(
    uow: UnitOfWork, actor: Actor, _facts: dict[str, Any], batch: int, offset: int, now: dt.datetime
) -> Progress:
    uow.act(actor, "step", facts={"text": str(batch)})
    return Progress(offset + 1, 6, Reply(f"step {batch}"))


def press_again(req: Request) -> Reply:
    number = req.press(Again).number
    req.uow.act(req.actor, "again", facts={"text": str(number)})
    return Reply(f"again {number}", toast="done")


def press_break(req: Request) -> Reply:
    raise RuntimeError(f"a bug of the test's own {req.press(Break).number}")


ROUTES = (
    Route(Command("many"), take_many, ANYONE),
    Route(Command("broken"), take_broken, ANYONE),
    Route(Command("long"), take_long, ANYONE),
    Route(Command("file"), take_file, ANYONE),
    Route(Command("living"), take_living, ANYONE),
    Route(Command("poison"), take_poison, ANYONE),
    Route(Command("job"), take_job, ANYONE),
    Route(Content.TEXT, take_text, ANYONE),
    Route(Again, press_again, ANYONE, once=True),
    Route(Break, press_break, ANYONE),
)


JOBS = {"steps": Job(steps, store_step, lambda _t, _facts: "Steps", seconds=60, megabytes=256)}


def effects(database: Database, kind: str = "echo") -> dict[int, list[str]]:
    """The texts that had their effect, per Telegram id, in the order of the effects."""
    query = select(Person.telegram_id, Act.facts).join(Person, Person.id == Act.person_id).where(Act.kind == kind)
    found: dict[int, list[str]] = {}
    with database.engine.connect() as connection:
        for telegram_id, facts in connection.execute(query.order_by(Act.id)):
            found.setdefault(telegram_id, []).append(facts["text"])
        connection.rollback()
    return found
