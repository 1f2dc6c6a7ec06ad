"""python-socketio as its documentation shows it: aiohttp, an event handler, `emit` to a room for every update.
Run as `socketio_natural.py PORT`."""

# What this is written with is installed for the comparison alone.
# mypy: disable-error-code="import-not-found,untyped-decorator"

import sys

import socketio
from aiohttp import web

WEAK_RTT = 1_500
MAX_RTT = 3_600_000
latest: dict[int, dict[str, object]] = {}
sio = socketio.AsyncServer(async_mode="aiohttp")


@sio.event
async def watch(sid: str) -> None:
    await sio.enter_room(sid, "walls")


@sio.event
async def status(sid: str, data: dict[str, object]) -> None:
    point, rtt = data.get("point"), data.get("rtt")
    if not isinstance(point, int) or not isinstance(rtt, int) or point < 1 or not 0 <= rtt <= MAX_RTT:
        await sio.emit("refused", {"error": "invalid"}, to=sid)
        return
    latest[point] = {"point": point, "quality": "weak" if rtt > WEAK_RTT else "good", "rtt": rtt}
    await sio.emit("row", latest[point], room="walls")


if __name__ == "__main__":
    app = web.Application()
    sio.attach(app)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
