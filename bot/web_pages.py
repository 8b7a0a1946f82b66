"""Pages of customers without Telegram over HTTP: the token of the address is the credential; only ``POST`` changes anything.

There is no cookie and no script, so that a foreign page can neither act for somebody nor read anything. What leaves says
that it is kept nowhere and names its address to nobody.
"""

import asyncio
import datetime as dt
import ipaddress
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl, urlencode
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web

from bot import metrics
from bot.bodies import body_of, read_parts
from bot.clock import Clock
from bot.core import Core
from bot.pictures import cleaned
from bot.pipeline import MOST_CONFLICTS, Pipeline, new_reference, words_of
from bot.signing import button_keys
from bot.stop_links import contact_of
from bot.throttle import Throttle
from domain.errors import DomainError
from domain.people import Guest
from domain.tokens import hash_token
from domain.values import frozen
from domain.web import Visitor
from handlers.web import Shown, Visit, refused, visit, visit_way_out
from storage import outbox
from storage.database import Conflict, Unavailable, unit_of_work
from storage.uow import UnitOfWork
from views import web as view
from views.language import LOCALES, guess_locale
from views.web_parts import render, stylesheet

log = structlog.stdlib.get_logger("keyuan.web_pages")

PATH = "/c/"
STOP_PATH = f"{PATH}stop/"
LARGEST_FORM = 32 * 1024  # bytes: the longest words in UTF-8, percent-encoded
MOST_FIELDS = 40
MOST_READING = 4  # forms with files at once, with up to 24 MiB of them each
FORM = "application/x-www-form-urlencoded"
FORM_WITH_FILES = "multipart/form-data"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
STYLE_HEADERS = HEADERS | {"Cache-Control": "public, max-age=3600"}


@frozen
class _Asked:
    """One request, read whole."""

    token: str
    query: Mapping[str, str]
    form: Mapping[str, Sequence[str]] | None
    languages: Sequence[str]
    way_out: bool
    pictures: tuple[bytes, ...] = ()
    spoiled: bool = False


@frozen
class _Answered:
    """What is sent back; ``known``: the link was good."""

    html: str
    status: int = 200
    to: str | None = None
    known: bool = True


class WebPages:
    """The routes of the pages; each request is one unit of work of the core."""

    def __init__(self, core: Core, pipeline: Pipeline, clock: Clock, *, guesses: Throttle, visits: Throttle) -> None:
        self._core = core
        self._pipeline = pipeline
        self._clock = clock
        self._guesses = guesses
        self._visits = visits
        self._reading = asyncio.Semaphore(MOST_READING)
        self._drawing = asyncio.Semaphore(1)  # a picture that is drawn anew takes memory for all its pixels
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()  # of contacts: one form at a time

    def add_to(self, app: web.Application) -> None:
        for path in (PATH, STOP_PATH):
            app.router.add_get(f"{path}page.css", self._style)
        app.router.add_get(PATH + "{token}", self._page)
        app.router.add_post(PATH + "{token}", self._page)
        app.router.add_get(STOP_PATH + "{token}", self._page)
        app.router.add_post(STOP_PATH + "{token}", self._page)

    async def _style(self, _request: web.Request) -> web.Response:
        return web.Response(body=stylesheet(), content_type="text/css", charset="utf-8", headers=STYLE_HEADERS)

    async def _page(self, request: web.Request) -> web.Response:
        now, who = self._clock.now(), address_of(request)
        if self._guesses.full_until(who, None, now=now, count=False):
            metrics.throttled.labels("guess").inc()
            return web.Response(status=429, headers=HEADERS | {"Retry-After": "60"})
        try:
            asked = await self._read(request)
        except web.HTTPException as refusal:
            return web.Response(status=refusal.status, headers=HEADERS)
        answered = await self._answer(asked)
        if not answered.known:
            self._guesses.full_until(who, None, now=now)
        if answered.to is not None:
            return web.Response(status=303, headers=HEADERS | {"Location": answered.to})
        return web.Response(
            text=answered.html, status=answered.status, content_type="text/html", charset="utf-8", headers=HEADERS
        )

    async def _read(self, request: web.Request) -> _Asked:
        """The request, whole. Pictures are read of whom we know, one form of each, and drawn anew beside the loop.

        Whoever has many links is one and the same; of who has asked too much nothing is read any more.

        Raises:
            HTTPException: it is no form, too large, or too slow.
        """
        has_files = request.method == "POST" and request.content_type == FORM_WITH_FILES
        if not has_files or request.path.startswith(STOP_PATH):
            return await _read(request)
        asked = _asked(request, None)
        visitor = await self._core.insist(lambda uow, _now: uow.web.visitor(hash_token(asked.token)))
        if visitor is None or self._is_full(visitor, now=self._clock.now(), count=False):
            return asked
        turn = self._turns.setdefault(visitor.contact_id, asyncio.Lock())
        async with turn, self._reading:  # whoever sends slowly holds up nobody but themselves
            sent = await read_parts(request)
        async with self._drawing:
            drawn = [await asyncio.to_thread(cleaned, one) for one in sent.files]
        pictures = tuple(one for one in drawn if one is not None)
        return replace(asked, form=sent.form, pictures=pictures, spoiled=sent.spoiled or len(pictures) < len(drawn))

    async def _answer(self, asked: _Asked) -> _Answered:
        try:
            for _ in range(MOST_CONFLICTS - 1):
                try:
                    return await self._core.write(lambda uow, now: self._unit(uow, asked, now=now))
                except Conflict:  # it had no effects
                    continue
            return await self._core.write(lambda uow, now: self._unit(uow, asked, now=now))
        except Unavailable as error:
            log.error("page_unavailable", error=repr(error))
            return _broken(asked, None, status=503)
        except Exception as error:  # the guard of this entry point: a sentence for the visitor, a line in the log
            reference = new_reference()
            log.error("page_failed", reference=reference, exc_info=error)
            return _broken(asked, reference, status=500)

    # In the core thread ----------------------------------------------------------------------------------------

    def _unit(self, uow: UnitOfWork, asked: _Asked, *, now: dt.datetime) -> _Answered:
        organisation = uow.organisation()
        t = words_of(locale_of(asked, organisation.locale), organisation.zone)
        visitor = _visitor(uow, asked)
        if visitor is None:
            return _Answered(render(t, view.bad_link(t), asked.query, organisation.name), 404, known=False)
        req = Visit(uow, visitor, t, now, asked.query, asked.form, asked.pictures, asked.spoiled)
        if self._is_full(visitor, now=now):
            shown = Shown(view.busy(t), status=429)
        else:
            shown = self._shown(req, visit_way_out if asked.way_out else visit)
        if shown.page is None:
            own = {"l": asked.query["l"]} if "l" in asked.query else {}
            return _Answered("", to="?" + urlencode({**(shown.to or {}), **own}))
        return _Answered(render(t, shown.page, asked.query, organisation.name), shown.status)

    def _is_full(self, visitor: Visitor, *, now: dt.datetime, count: bool = True) -> bool:
        """Whether somebody has asked enough for this minute; counts the visit otherwise."""
        who = f"link {visitor.link_id}" if visitor.link_id is not None else f"contact {visitor.contact_id}"
        return self._visits.full_until(who, Guest.CUSTOMER, now=now, count=count) is not None

    def _shown(self, req: Visit, take: Callable[[Visit], Shown]) -> Shown:
        """A refusal undoes what was begun, and its page is a unit of its own, as in the chat."""
        try:
            with unit_of_work(req.uow.connection, req.now) as inner:
                shown = take(replace(req, uow=inner))
                for notice in shown.notices:
                    outbox.add(inner.connection, self._pipeline.notice(inner, notice, now=req.now))
                return shown
        except DomainError as error:
            return refused(req, error)


def _visitor(uow: UnitOfWork, asked: _Asked) -> Visitor | None:
    """Whose page it is, by the one or the other kind of token; ``None`` for every bad one alike."""
    if not asked.way_out:
        return uow.web.visitor(hash_token(asked.token))
    contact_id = contact_of(button_keys(uow), asked.token)
    return uow.web.contact(contact_id) if contact_id is not None else None


async def _read(request: web.Request) -> _Asked:
    """Raises ``HTTPException`` for a form that is none, too large, or too slow."""
    form: Mapping[str, Sequence[str]] | None = None
    if request.method == "POST" and request.path.startswith(STOP_PATH):  # a mail program's: nothing of it is read
        await body_of(request, most=LARGEST_FORM, seconds=10)
        form = {}
    elif request.method == "POST":
        if request.content_type != FORM:
            raise web.HTTPUnsupportedMediaType
        try:
            text = (await body_of(request, most=LARGEST_FORM, seconds=10)).decode()
            form = parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError:  # also bytes that are no text
            raise web.HTTPBadRequest from None
    return _asked(request, form)


def _asked(request: web.Request, form: Mapping[str, Sequence[str]] | None) -> _Asked:
    try:
        query = dict(parse_qsl(request.query_string, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise web.HTTPBadRequest from None
    languages = [part.partition(";")[0].strip() for part in request.headers.get("Accept-Language", "").split(",")]
    return _Asked(request.match_info["token"], query, form, languages, request.path.startswith(STOP_PATH))


def locale_of(asked: _Asked, default: str) -> str:
    """The language chosen on the page, else the first of the browser's that we speak."""
    if asked.query.get("l") in LOCALES:
        return asked.query["l"]
    for language in asked.languages:
        if language[:2].lower() in ("zh", "en"):
            return guess_locale(language, default)
    return default


def address_of(request: web.Request) -> str:
    """Who asks; behind a proxy on this machine, whom that names last."""
    peer = request.remote or ""
    named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        return named if named and ipaddress.ip_address(peer).is_loopback else peer
    except ValueError:
        return peer


def _broken(asked: _Asked, reference: str | None, *, status: int) -> _Answered:
    t = words_of(locale_of(asked, "zh_Hans"), ZoneInfo("UTC"))
    return _Answered(render(t, view.broken(t, reference), asked.query, None), status)
