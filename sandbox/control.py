"""The acting half of the control API: what the page and the tests have done below ``/sandbox/``, as JSON."""

import asyncio
import base64
import binascii
import contextlib
import datetime as dt
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.multipart import BodyPartReader

from sandbox import acts
from sandbox.chats import Chat
from sandbox.faults import Faults, Kind, fault_from
from sandbox.files import Upload, picture_size
from sandbox.limits import Pacing
from sandbox.looks import guarded, no
from sandbox.people import Person, person_from
from sandbox.world import PRESS_LIFE, Press, World

Body = dict[str, Any]
Act = Callable[[Body], Any]
PRESS_PATIENCE = 15.0  # seconds for which a tap waits for its answer unless asked otherwise
FILE_KINDS = ("photo", "document", "voice", "video", "audio")


class Control:
    """The side of the server that people and tests see."""

    def __init__(
        self,
        world: World,
        faults: Faults,
        *,
        reset: Callable[[], Awaitable[None]],
        close_port: Callable[[float], Awaitable[None]],
        speak: Callable[[Person, str], Awaitable[None]],
    ) -> None:
        self._world = world
        self._faults = faults
        self._reset = reset
        self._close_port = close_port
        self._speak = speak
        self._acts: dict[str, Act] = {
            "start": lambda b: self._said(acts.start(world, self._person(b), _text(b, "payload", ""))),
            "say": self._say,
            "edit": self._edit,
            "press": self._press,
            "share": self._share,
            "block": lambda b: acts.block(world, self._person(b)),
            "unblock": lambda b: acts.unblock(world, self._person(b)),
            "language": self._language,
            "clock": self._clock,
            "people": lambda b: world.chats.add_person(person_from(b)),
            "group": self._group,
            "inline": self._inline,
            "update": self._raw_update,
            "resend": lambda b: {
                "update_id": world.updates.resend(_whole(b, "update_id"), new_id=bool(b.get("new_id")))
            },
            "reset": lambda _: self._reset(),
            "faults": self._fault,
            "limits": self._limits,
        }

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/sandbox/faults", guarded(self._list_faults)),
            web.delete("/sandbox/faults", guarded(self._clear_faults)),
            web.post("/sandbox/upload", guarded(self._upload)),
            web.post("/sandbox/{act}", guarded(self._act)),
        ]

    async def _act(self, request: web.Request) -> web.StreamResponse:
        act = self._acts.get(request.match_info["act"])
        if act is None:
            return no(f"there is no {request.path}", 404)
        body = json.loads(await request.text() or "{}")
        if not isinstance(body, dict):
            raise ValueError("object expected in the body")
        result = act(body)
        if isinstance(result, Awaitable):
            result = await result
        return web.json_response({"ok": True} if result is None else result)

    # what people do

    def _person(self, body: Body) -> Person:
        person = self._world.chats.people.get(_whole(body, "person"))
        if person is None:
            raise ValueError("there is no such person")
        return person

    def _place(self, body: Body) -> Chat:
        """The group that is named, else the private chat of the person."""
        chat = self._world.chats.by_id.get(_whole(body, "chat") if "chat" in body else _whole(body, "person"))
        if chat is None:
            raise ValueError("there is no such chat")
        return chat

    def _where(self, body: Body) -> dict[str, Any]:
        reply_to = _whole(body, "reply_to") if body.get("reply_to") is not None else None
        return {"chat": self._place(body), "reply_to": reply_to, "date": _date(body.get("date"))}

    def _said(self, message: dict[str, Any]) -> Body:
        return {"message_id": message["message_id"]}

    def _say(self, body: Body) -> Body:
        return self._said(acts.say(self._world, self._person(body), _text(body, "text"), **self._where(body)))

    def _edit(self, body: Body) -> Body:
        number, text = _whole(body, "message_id"), _text(body, "text")
        return self._said(acts.edit(self._world, self._person(body), number, text, chat=self._place(body)))

    async def _press(self, body: Body) -> Body:
        person, chat, number = self._person(body), self._place(body), _whole(body, "message_id")
        data = body.get("data")
        if data is None:
            data = acts.data_at(chat.find(number), _whole(body, "row"), _whole(body, "column"))
        opened = acts.press(self._world, person, number, str(data), chat=chat)
        return await self._answer(opened, body)

    async def _inline(self, body: Body) -> Body:
        opened = acts.ask_inline(
            self._world, self._person(body), _text(body, "query", ""), offset=_text(body, "offset", "")
        )
        return await self._answer(opened, body)

    async def _answer(self, opened: Press, body: Body) -> Body:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(opened.answer), float(body.get("timeout", PRESS_PATIENCE)))
        if opened.answer.done():
            given = opened.answer.result()
            shown = {"text": given.get("text", ""), "show_alert": given.get("show_alert", False)}
            return {
                "answer": shown | {key: value for key, value in given.items() if key not in shown},
                "expired": False,
            }
        return {"answer": None, "expired": self._world.clock.seconds() - opened.at >= PRESS_LIFE}

    def _share(self, body: Body) -> Body:
        world, person, where = self._world, self._person(body), self._where(body)
        origin = acts.forwarded(world, body.get("forwarded"))
        if "contact" in body:
            own = acts.own_contact(person)
            contact = own if body["contact"] is True else dict(body["contact"])
            if not contact.get("phone_number") or not contact.get("first_name"):
                raise ValueError("a contact needs phone_number and first_name")
            return self._said(acts.send(world, person, {"contact": contact} | origin, **where))
        if "location" in body:
            place = {key: float(body["location"][key]) for key in ("latitude", "longitude")}
            return self._said(acts.send(world, person, {"location": place} | origin, **where))
        if "users" in body:
            users = [{"user_id": int(user)} for user in body["users"]]
            shared = {"request_id": int(body.get("request_id", 0)), "users": users}
            return self._said(acts.send(world, person, {"users_shared": shared}, **where))
        if "text" in body:
            return self._said(acts.send(world, person, {"text": _text(body, "text")} | origin, **where))
        kind = next((kind for kind in FILE_KINDS if kind in body), None)
        if kind is None:
            raise ValueError("nothing to share: contact, location, users, text, photo, document, voice, video or audio")
        return self._said(self._share_file(body, person, kind, where))

    def _share_file(self, body: Body, person: Person, kind: str, where: Body) -> Body:
        try:
            raw = base64.b64decode(body[kind], validate=True)
        except (binascii.Error, TypeError) as error:
            raise ValueError(f"{kind} must be base64") from error
        name = _text(body, "filename", f"{kind}.bin")
        return acts.share_file(
            self._world,
            person,
            kind,
            Upload(name, _text(body, "mime", ""), raw),
            caption=_text(body, "caption", ""),
            size=body.get("size"),
            duration=body.get("duration", 0),
            forwarded=body.get("forwarded"),
            **where,
        )

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        """A form of the page: the file and ``person``, ``kind``, ``caption``, ``chat``, ``reply_to``."""
        body: Body = {}
        upload: Upload | None = None
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            if part.filename is None:
                body[str(part.name)] = await part.text()
            else:
                mime = (part.headers.get("Content-Type") or "").partition(";")[0]
                upload = Upload(part.filename, mime, bytes(await part.read(decode=False)))
        if upload is None:
            raise ValueError("no file in the form")
        where = self._where({key: int(body[key]) for key in ("person", "chat", "reply_to") if body.get(key)})
        person = self._person({"person": int(body["person"])})
        kind = body.get("kind") or likely_kind(upload)
        if kind not in FILE_KINDS:
            raise ValueError(f"unknown kind of file: {kind}")
        extra = {"caption": body.get("caption", ""), "duration": int(body.get("duration") or 0)}
        return web.json_response(self._said(acts.share_file(self._world, person, kind, upload, **extra, **where)))

    async def _language(self, body: Body) -> None:
        """Of one person, or of everybody where none is named."""
        people = [self._person(body)] if "person" in body else list(self._world.chats.people.values())
        for person in people:
            await self._speak(person, _text(body, "code"))
        self._world.chats.tell({"people": True})

    def _group(self, body: Body) -> Body:
        world = self._world
        if "group" not in body:
            return {"id": acts.make_group(world, _text(body, "title", "Group"), list(body["members"])).id}
        chat = self._place({"chat": body["group"]})
        if body.get("upgrade"):
            return {"id": acts.upgrade_group(world, chat).id}
        acts.set_bot_status(world, chat, world.chats.people[chat.members[0]], _text(body, "bot"))
        return {"id": chat.id}

    # what tests do

    def _clock(self, body: Body) -> Body:
        clock = self._world.clock
        if "to" in body:
            clock.move_to(_text(body, "to"), zone=_text(body, "zone", "UTC"))
        else:
            clock.move(float(body["by"]))
        moved = {"now": clock.now().isoformat(), "offset": clock.offset}
        self._world.chats.tell({"clock": moved})
        return moved

    def _raw_update(self, body: Body) -> Body:
        """An update as given: an object under ``update``, or any text under ``raw``."""
        if "raw" in body:
            return {"update_id": self._world.updates.add_raw(_text(body, "raw"), lane=int(body.get("lane", 0)))}
        given = body.get("update", body)
        return {"update_id": self._world.updates.add_raw(json.dumps(given, ensure_ascii=False))}

    def _limits(self, body: Body) -> None:
        """New limits of pace from now on; those that are not named are as at the start, 0 is none."""
        self._world.pacing = Pacing(**{name: float(value) for name, value in body.items()})

    def _fault(self, body: Body) -> Any:
        fault = fault_from(body)
        if fault.kind is Kind.UNREACHABLE:
            return self._close_port(fault.seconds)
        return self._faults.add(fault).as_json()

    async def _list_faults(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"faults": [fault.as_json() for fault in self._faults.waiting]})

    async def _clear_faults(self, request: web.Request) -> web.StreamResponse:
        self._faults.clear(int(request.query["id"]) if "id" in request.query else None)
        return web.json_response({"ok": True})


def likely_kind(upload: Upload) -> str:
    """As what a phone would send a file that was picked."""
    if upload.mime.startswith("image/") and picture_size(upload.body):
        return "photo"
    if upload.mime == "audio/ogg":
        return "voice"
    family = upload.mime.partition("/")[0]
    return family if family in ("audio", "video") else "document"


def _text(body: Body, name: str, default: str | None = None) -> str:
    value = body.get(name, default)
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a text")
    return value


def _whole(body: Body, name: str) -> int:
    value = body.get(name)
    if type(value) is not int:
        raise ValueError(f"{name} must be a whole number")
    return value


def _date(given: Any) -> int | None:
    """Seconds since 1970 or an instant in ISO form."""
    if given is None or type(given) is int:
        return given
    moment = dt.datetime.fromisoformat(str(given))
    if moment.tzinfo is None:
        raise ValueError("a date needs its zone")
    return int(moment.timestamp())
