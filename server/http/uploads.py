"""Bodies of requests, read with a bound on their size, their pace and their time."""

import asyncio

from aiohttp import web

from .problems import Problem

MIB = 1024 * 1024
CHUNK = 256 * 1024  # bytes
PAUSE_SECONDS = 30  # without a byte: the line is gone, or somebody holds the place on purpose
WHOLE_SECONDS = 600  # 64 MB over a line of 1 Mbit/s


async def read_upload(request: web.Request, limit: int) -> bytes:
    """The body, at most `limit` bytes. Problem 413 `too_large`, 408 `slow_request`."""
    return await read_body(request, limit, WHOLE_SECONDS)


async def read_body(request: web.Request, limit: int, seconds: float) -> bytes:
    """At most `limit` bytes, all within `seconds`. Problem 413 `too_large`, 408 `slow_request`."""
    unit, name = (MIB, "MB") if limit >= MIB else (1024, "KiB")
    too_large = Problem(413, "too_large", limit=f"{limit // unit} {name}")
    if (request.content_length or 0) > limit:
        raise too_large
    held = bytearray()
    try:
        async with asyncio.timeout(seconds):
            while chunk := await _next(request):
                held += chunk
                if len(held) > limit:
                    raise too_large
    except TimeoutError as error:
        raise Problem(408, "slow_request") from error
    return bytes(held)


async def _next(request: web.Request) -> bytes:
    async with asyncio.timeout(PAUSE_SECONDS):
        return await request.content.read(CHUNK)
