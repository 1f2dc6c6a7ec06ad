"""Django Channels and daphne by somebody who measures: uvloop, one decoder that validates, the collector tuned, and
what changed in 100 ms encoded once and sent to the group as one text. Run as `channels_batched.py PORT`."""

# What this is written with is installed for the comparison alone.
# mypy: disable-error-code="import-not-found,import-untyped,misc"

import asyncio
import gc
import sys
from typing import Annotated

import django
import msgspec
import uvloop
from django.conf import settings
from msgspec import Meta, Struct

settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    USE_I18N=False,
    CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
)
django.setup()
asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402 - after the settings
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from daphne.cli import CommandLineInterface  # noqa: E402
from django.urls import path  # noqa: E402

from server.tasks import Tasks  # noqa: E402

INTERVAL = 0.1
WEAK_RTT = 1_500


class Status(Struct):
    point: Annotated[int, Meta(ge=1)]
    rtt: Annotated[int, Meta(ge=0, le=3_600_000)]


decode = msgspec.json.Decoder(Status).decode
latest: dict[int, tuple[int, str, int]] = {}
changed: set[int] = set()
tasks = Tasks()


class Room(AsyncWebsocketConsumer):
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            status = decode(text_data or "")
        except msgspec.DecodeError as error:
            await self.send(text_data=msgspec.json.encode({"error": str(error)}).decode())
            return
        latest[status.point] = (status.point, "weak" if status.rtt > WEAK_RTT else "good", status.rtt)
        changed.add(status.point)


class Wall(AsyncWebsocketConsumer):
    groups = ["walls"]  # noqa: RUF012 - as Channels wants it
    ticking = False

    async def connect(self) -> None:
        if not Wall.ticking:
            Wall.ticking = True
            tasks.start("rows", self.tick())
        await self.accept()

    async def tick(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            if changed:
                text = msgspec.json.encode([latest[point] for point in changed]).decode()
                changed.clear()
                await self.channel_layer.group_send("walls", {"type": "rows", "text": text})

    async def rows(self, event: dict[str, str]) -> None:
        await self.send(text_data=event["text"])


application = ProtocolTypeRouter({"websocket": URLRouter([path("room", Room.as_asgi()), path("wall", Wall.as_asgi())])})

if __name__ == "__main__":
    sys.modules["channels_batched"] = sys.modules["__main__"]  # what daphne is told to import is this very module
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 1_000)
    CommandLineInterface().run(["-b", "127.0.0.1", "-p", sys.argv[1], "-v", "0", "channels_batched:application"])
