"""A whole server on a free port with a small conference in it, everything made over its public face."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
from argon2 import PasswordHasher
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from server.accounts import passwords
from server.app import Server
from server.client.http import Api
from server.client.line import new_id
from server.config import Config, Listen, LiveConfig
from server.live.conductor import Clock, now_ms
from server.protocol.messages import ServerMessage

LOGIN, PASSWORD = "thu.ha", "sáng nay trời đẹp quá"
QUICK = LiveConfig(interval_ms=20, grace_ms=200, pace_ms=0, beat_ms=60_000)
UNITS_CSV = (
    "Mã;Tên;Loại;Mã cha\n"
    "HN;Thành phố Hà Nội;thành phố;\n"
    "271;Huyện Ba Vì;huyện;HN\n"
    "09619;Xã Tản Lĩnh;xã;271\n"
    "09622;Xã Minh Quang;xã;271\n"
    "001;Quận Ba Đình;quận;HN\n"
    "00001;Phường Phúc Xá;phường;001\n"
)
# The ids of the rooms are 1 to 4, in this order; 1 to 3 lie in Ba Vì.
POINTS_CSV = (
    "Mã đơn vị;Tên phòng;Chỗ ngồi;Triệu tập;Cán bộ;Điện thoại\n"
    "09619;;90;72;Nguyễn Văn An;0912345678\n"
    "09619;Phòng 2;40;30;;\n"
    "09622;;60;50;;\n"
    "00001;;80;60;Lê Thị Bình;0987654321\n"
)
Body = dict[str, Any]


class Socket:
    """A client's socket that was opened; `next` gives decoded messages, `closed` the code of the end."""

    def __init__(self, raw: ClientConnection) -> None:
        self.raw = raw

    async def say(self, **message: Any) -> None:
        await self.raw.send(msgspec.json.encode(message).decode())

    async def hello(self, **fields: Any) -> None:
        await self.say(**{"t": "hello", "v": 1, "conference": "", **fields})

    async def message(self) -> Body:
        """The next one, whatever it is. It must be what the protocol's types say."""
        raw = await asyncio.wait_for(self.raw.recv(), 10)
        msgspec.json.decode(raw, type=ServerMessage)
        found: Body = msgspec.json.decode(raw)
        return found

    async def next(self, kind: str) -> Body:
        """The next message of that kind; others before it are passed over."""
        while (found := await self.message())["t"] != kind:
            pass
        return found

    async def do(self, type: str, *, id: str | None = None, **fields: Any) -> str:
        id, more = id or new_id(), {k: fields.pop(k) for k in ("tapped_at", "sent_at", "retry") if k in fields}
        await self.say(t="do", id=id, command={"type": type, **fields}, **more)
        return id

    async def done(self, type: str, **fields: Any) -> Body:
        id = await self.do(type, **fields)
        return await self.answer(id)

    async def answer(self, id: str) -> Body:
        while (found := await self.message()).get("id") != id:
            pass
        return found

    async def refused(self) -> str:
        return str((await self.next("refused"))["error"]["code"])

    async def closed(self) -> tuple[int | None, Body | None]:
        """The close code and the goodbye before it."""
        bye = None
        try:
            while True:
                message = await self.message()
                bye = message if message["t"] == "bye" else bye
        except ConnectionClosed:
            return self.raw.close_code, bye


class Whole:
    """`admin` is signed in by a cookie. `conference` is live and has four rooms."""

    def __init__(self, server: Server, admin: Api) -> None:
        self.server, self.admin = server, admin
        self.conference = ""

    @property
    def port(self) -> int:
        return self.server.port

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def one(self) -> str:
        return f"/api/conferences/{self.conference}"

    async def furnish(self) -> None:
        name = {"X-File-Name": "units.csv"}
        await self.admin.call("POST", "/api/units/import?dry_run=false", dict, data=UNITS_CSV.encode(), **name)
        self.conference = await self.new_conference("Hội nghị trực tuyến")
        points = POINTS_CSV.encode()
        await self.admin.call("POST", f"{self.one}/points/import?dry_run=false", dict, data=points, **name)
        await self.command("set_phase", phase="live")

    async def new_conference(self, title: str) -> str:
        new = {"title": title, "starts_at": int(time.time() * 1000)}
        return str((await self.admin.call("POST", "/api/conferences", dict, new))["id"])

    async def command(self, type: str, **fields: Any) -> Body:
        body = {"id": new_id(), "command": {"type": type, **fields}}
        return await self.admin.call("POST", f"{self.one}/commands", dict, body)

    async def token(self, role: str = "administrator", unit: str | None = None) -> str:
        body = {"name": f"{role} {unit}", "role": role, "unit": unit}
        return str((await self.admin.call("POST", "/api/tokens", dict, body))["token"])

    async def kiosk(self, unit: str | None = None) -> str:
        answer = await self.admin.call("POST", f"{self.one}/kiosks", dict, {"name": "Hành lang", "unit": unit})
        return str(answer["url"]).rsplit("/", 1)[1]

    async def link(self, point: int) -> str:
        links = await self.admin.call("GET", f"{self.one}/links", list)
        return next(str(found["url"]).rsplit("/", 1)[1] for found in links if found["point"] == point)

    async def device(self, point: int) -> str:
        body = {"link": await self.link(point), "label": "Điện thoại"}
        async with Api(self.base) as api:
            return str((await api.call("POST", "/api/enrol", dict, body))["token"])

    async def journal(self, type: str = "") -> list[Body]:
        """The events of that kind, oldest first."""
        page = await self.admin.call("GET", f"{self.one}/journal?limit=1000&type={type}", dict)
        return [entry["event"] for entry in reversed(page["entries"])]

    @asynccontextmanager
    async def socket(self, **options: Any) -> AsyncIterator[Socket]:
        url = f"ws://127.0.0.1:{self.port}/ws"
        options = {"compression": None, "ping_interval": None, "proxy": None, "max_size": None, **options}
        async with connect(url, **options) as raw:
            yield Socket(raw)

    @asynccontextmanager
    async def wall(self, token: str, **hello: Any) -> AsyncIterator[Socket]:
        """A wall after its welcome; the first picture comes next."""
        async with self.socket() as socket:
            await socket.hello(conference=self.conference, token=token, **hello)
            assert (await socket.message())["t"] == "welcome"
            yield socket

    @asynccontextmanager
    async def operator(self, token: str, **hello: Any) -> AsyncIterator[Socket]:
        """A room's device after it was told the room's state."""
        async with self.wall(token, **hello) as socket:
            await socket.next("point")  # after a word that nothing can be written, when that is so
            yield socket


def _quick() -> PasswordHasher:
    """argon2id as it is, so weak that a start is fast."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@asynccontextmanager
async def whole(
    folder: Path,
    live: LiveConfig = QUICK,
    clock: Clock = now_ms,
    again: Whole | None = None,
    **settings: Any,
) -> AsyncIterator[Whole]:
    """`again`: the house that stood on this folder before; its conference is found as it was left.
    `settings`: further keys of the configuration."""
    server = Server(Config(listen=Listen(port=0), data_dir=str(folder), live=live, **settings), clock)
    with patch.object(passwords, "strong", _quick):
        await server.start()
    try:
        async with Api(f"http://127.0.0.1:{server.port}") as admin:
            if again is None:
                await server.create_account(LOGIN, "Trần Thu Hà", PASSWORD)
            await admin.sign_in(LOGIN, PASSWORD)
            house = Whole(server, admin)
            if again is None:
                await house.furnish()
            else:
                house.conference = again.conference
            yield house
    finally:
        await server.stop()
