"""What the landing page is measured beside: the same bytes from a bare aiohttp handler. `python -m bench.peer FILE`."""

import asyncio
import sys
from pathlib import Path

import uvloop
from aiohttp import web


async def main(body: bytes) -> None:
    async def landing(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type="text/html", charset="utf-8")

    app = web.Application()
    app.router.add_get("/D/{code}", landing)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=4_096)
    await site.start()
    print(site.name, runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(Path(sys.argv[1]).read_bytes()))
