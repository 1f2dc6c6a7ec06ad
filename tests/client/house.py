"""A whole server, as it is run, with a small conference: what a client of the public interface meets."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec import Struct

from server.app import Server
from server.client.http import Api
from server.client.line import Line
from server.config import Config, Listen, LiveConfig
from server.demo.operators import Enrolled
from server.demo.simulate import PointLink, socket_url
from server.protocol.views import ConferenceView

LOGIN, PASSWORD = "lan.anh", "sáng nay trời đẹp quá"
UNITS = "Mã,Tên,Loại,Mã cha\nHN,Thành phố Hà Nội,thành phố,\n271,Huyện Ba Vì,huyện,HN\n" + "".join(
    f"U{n},Xã Số {n},xã,271\n" for n in range(12)
)
ROOMS = "Mã đơn vị,Số chỗ,Triệu tập\n" + "".join(f"U{n},80,{60 + n}\n" for n in range(12))


class House(Struct):
    """`api` is signed in as an administrator."""

    server: Server
    api: Api
    conference: str

    async def command(self, **command: object) -> None:
        body = {"id": f"{time.time_ns():026d}", "command": command}
        await self.api.call("POST", f"/api/conferences/{self.conference}/commands", object, body)

    async def links(self) -> list[PointLink]:
        return await self.api.call("GET", f"/api/conferences/{self.conference}/links", list[PointLink])

    async def enrol(self, link: PointLink) -> str:
        """The token of a new device."""
        body = {"link": link.url.rsplit("/", 1)[-1], "label": "Điện thoại"}
        return (await self.api.call("POST", "/api/enrol", Enrolled, body)).token

    def line(self, token: str | None, **options: object) -> Line:
        return Line(socket_url(self.server.base_url), self.conference, token, proxy=None, **options)  # type: ignore[arg-type]


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[House]:
    """A rehearsal of twelve rooms. Lines are lost after a second."""
    server = Server(Config(Listen(port=0), data_dir=str(folder), live=LiveConfig(grace_ms=1_000)))
    await server.start()
    try:
        await server.create_account(LOGIN, "Lan Anh", PASSWORD)
        async with Api(server.base_url) as api:
            await api.sign_in(LOGIN, PASSWORD)
            await _file(api, "/api/units/import", UNITS)
            new = {"title": "Hội nghị", "starts_at": time.time_ns() // 1_000_000}
            id = (await api.call("POST", "/api/conferences", ConferenceView, new)).id
            await _file(api, f"/api/conferences/{id}/points/import", ROOMS)
            house = House(server, api, id)
            await house.command(type="set_phase", phase="rehearsal")
            yield house
    finally:
        await server.stop()


async def _file(api: Api, path: str, text: str) -> None:
    await api.call("POST", f"{path}?dry_run=false", object, data=text.encode(), **{"X-File-Name": "file.csv"})
