"""Reading what is sent to us over HTTP, with limits in bytes and seconds."""

import asyncio
from collections.abc import Mapping, Sequence

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from domain.uploads import LARGEST_PICTURE, MOST_PICTURES
from domain.values import frozen

LARGEST_UPLOAD = 32 * 1024 * 1024  # bytes of a form with files; what is too large within it is read past, and said so
LARGEST_FIELDS = 32 * 1024  # bytes of its other fields
MOST_PARTS = 40
UPLOAD_SECONDS = 120.0  # for who sends photos over a weak line
CHUNK = 64 * 1024


@frozen
class Parts:
    """A form with files. ``spoiled``: some of them were too large or too many, and are not among ``files``."""

    form: Mapping[str, Sequence[str]]
    files: Sequence[bytes]
    spoiled: bool


async def body_of(request: web.Request, *, most: int, seconds: float) -> bytes:
    """The body of a request.

    Raises:
        HTTPException: 413 too large, 408 too slow.
    """
    if (request.content_length or 0) > most:
        raise web.HTTPRequestEntityTooLarge(most, request.content_length or 0)
    if request.content.is_eof():  # it came with its headers, as all but large ones do
        return await request.content.read()
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > most:
                    raise web.HTTPRequestEntityTooLarge(most, len(body))
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    return bytes(body)


async def read_parts(request: web.Request) -> Parts:
    """A form with files, never more of it in memory than may be kept.

    Raises:
        HTTPException: 400 malformed, 413 too large, 408 too slow.
    """
    if (request.content_length or 0) > LARGEST_UPLOAD:
        raise web.HTTPRequestEntityTooLarge(LARGEST_UPLOAD, request.content_length or 0)
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            return await _parts(request)
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (HttpProcessingError, ValueError, AssertionError, RuntimeError):  # the reader, of what is no form
        raise web.HTTPBadRequest from None


async def _parts(request: web.Request) -> Parts:
    form: dict[str, list[str]] = {}
    files: list[bytes] = []
    read, texts, spoiled = 0, 0, False
    reader = await request.multipart()
    for _ in range(MOST_PARTS):
        part = await reader.next()
        if part is None:
            return Parts(form, files, spoiled)
        if not isinstance(part, BodyPartReader):
            raise web.HTTPBadRequest
        content, most = bytearray(), LARGEST_FIELDS if part.filename is None else LARGEST_PICTURE
        while chunk := await part.read_chunk(CHUNK):
            read += len(chunk)
            if read > LARGEST_UPLOAD:
                raise web.HTTPRequestEntityTooLarge(LARGEST_UPLOAD, read)
            if len(content) <= most:
                content += chunk
        if part.filename is None:
            texts += len(content)
            if texts > LARGEST_FIELDS:
                raise web.HTTPRequestEntityTooLarge(LARGEST_FIELDS, texts)
            form.setdefault(part.name or "", []).append(content.decode())
        elif content and (len(content) > most or len(files) == MOST_PICTURES):
            spoiled = True
        elif content:
            files.append(bytes(content))
    raise web.HTTPBadRequest
