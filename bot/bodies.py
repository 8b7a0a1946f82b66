"""Reading what is sent to us over HTTP, with limits in bytes and seconds."""

import asyncio

from aiohttp import web


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
