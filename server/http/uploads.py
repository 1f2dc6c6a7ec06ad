"""A file as the raw body of a request, read with a bound on its size, its pace and its time."""

import asyncio

from aiohttp import web

from .problems import Problem

CHUNK = 256 * 1024  # bytes
PAUSE_SECONDS = 30  # without a byte: the line is gone, or somebody holds the place on purpose
WHOLE_SECONDS = 600  # 64 MB over a line of 1 Mbit/s


async def read_upload(request: web.Request, limit: int) -> bytes:
    """The body, at most `limit` bytes. Problem 413 `too_large`, 408 `slow_request`."""
    too_large = Problem(413, "too_large", limit=f"{limit // (1024 * 1024)} MB")
    if (request.content_length or 0) > limit:
        raise too_large
    held = bytearray()
    try:
        async with asyncio.timeout(WHOLE_SECONDS):
            while chunk := await asyncio.wait_for(request.content.read(CHUNK), PAUSE_SECONDS):
                held += chunk
                if len(held) > limit:
                    raise too_large
    except TimeoutError as error:
        raise Problem(408, "slow_request") from error
    return bytes(held)
