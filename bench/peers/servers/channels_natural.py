"""Django Channels as its tutorial shows it: a consumer that decodes JSON, a form that validates, `group_send` for every
update. Run by daphne. The layer is the one in memory: with one process it costs less than Redis would."""

# What this is written with is installed for the comparison alone.
# mypy: disable-error-code="import-not-found,import-untyped,misc"

import django
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django import forms
from django.conf import settings
from django.urls import path

settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    USE_I18N=False,
    CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
)
django.setup()

WEAK_RTT = 1_500
latest: dict[int, dict[str, object]] = {}


class Status(forms.Form):
    point = forms.IntegerField(min_value=1)
    rtt = forms.IntegerField(min_value=0, max_value=3_600_000)


class Room(AsyncJsonWebsocketConsumer):
    async def receive_json(self, content: dict[str, object]) -> None:
        form = Status(content)
        if not form.is_valid():
            await self.send_json({"error": form.errors})
            return
        point, rtt = form.cleaned_data["point"], form.cleaned_data["rtt"]
        latest[point] = {"point": point, "quality": "weak" if rtt > WEAK_RTT else "good", "rtt": rtt}
        await self.channel_layer.group_send("walls", {"type": "row", "row": latest[point]})


class Wall(AsyncJsonWebsocketConsumer):
    groups = ["walls"]  # noqa: RUF012 - as Channels wants it

    async def row(self, event: dict[str, object]) -> None:
        await self.send_json(event["row"])


application = ProtocolTypeRouter({"websocket": URLRouter([path("room", Room.as_asgi()), path("wall", Wall.as_asgi())])})
