"""A conference to measure on, made over the public interface only."""

import asyncio
import csv
import io
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from server.client.http import Api

from .process import ServerProcess

SERVER_CORE, LOAD_CORE = 0, 1
TOGETHER = 64  # requests at once while preparing
PROVINCES = 34

Tree = Callable[[int], list[list[str]]]  # units for so many rooms, room `n` in the unit `U{n}`


@dataclass
class House:
    """A live conference. `devices`: a token a point, in order of the points' ids. `watcher`: a kiosk's token."""

    conference: str
    points: list[int] = field(default_factory=list)
    devices: list[str] = field(default_factory=list)
    watcher: str = ""
    code: str = ""


@dataclass
class Ground(House):
    """A house and the one server that carries it."""

    server: ServerProcess = field(kw_only=True)

    @property
    def socket(self) -> str:
        return self.server.base.replace("http", "ws", 1) + "/ws"


def pin_load() -> None:
    """The load takes the core that the server does not."""
    if (os.cpu_count() or 1) > LOAD_CORE:
        os.sched_setaffinity(0, {LOAD_CORE})


def unit_rows(points: int) -> list[list[str]]:
    """Groups of about 26 rooms below one root: the shape of a city."""
    groups = max(1, points // 26)
    rows = [["ROOT", "Thành phố", "thành phố", ""]]
    rows += [[f"G{g}", f"Quận {g}", "quận", "ROOT"] for g in range(groups)]
    rows += [[f"U{n}", f"Phường số {n}", "phường", f"G{n % groups}"] for n in range(points)]
    return rows


def country_rows(points: int) -> list[list[str]]:
    """Provinces below one root, groups of about 26 rooms below them: the shape of a country."""
    groups = max(PROVINCES, points // 26)
    rows = [["ROOT", "Cả nước", "nước", ""]]
    rows += [[f"P{p}", f"Tỉnh {p}", "tỉnh", "ROOT"] for p in range(PROVINCES)]
    rows += [[f"G{g}", f"Quận {g}", "quận", f"P{g * PROVINCES // groups}"] for g in range(groups)]
    rows += [[f"U{n}", f"Phường số {n}", "phường", f"G{n * groups // points}"] for n in range(points)]
    return rows


def as_csv(heading: list[str], rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([heading, *rows])
    return out.getvalue().encode("utf-8-sig")


async def make(
    points: int, settings: dict[str, str] | None = None, *, enrol: bool = True, tree: Tree = unit_rows
) -> Ground:
    """A running server with a live conference of `points` rooms, each with one enrolled device."""
    server = ServerProcess(SERVER_CORE, settings)
    await server.start()
    try:
        async with Api(server.base) as api:
            await server.sign_in(api)
            return Ground(**vars(await furnish(api, points, enrol=enrol, tree=tree)), server=server)
    except BaseException:
        await server.stop()
        server.remove()
        raise


async def furnish(api: Api, points: int, *, enrol: bool = True, tree: Tree = unit_rows) -> House:
    """The conference, made by a signed-in administrator."""
    house = House(await _conference(api, points, tree))
    one = f"/api/conferences/{house.conference}"
    await command(api, house, {"type": "set_phase", "phase": "live"})
    url = (await api.call("POST", f"{one}/kiosks", dict, {"name": "bench"}))["url"]
    house.watcher = url.rsplit("/", 1)[1]
    house.code = (await api.call("GET", one, dict))["conference"]["code"]
    if enrol:
        await enrol_rooms(api, house)
    return house


async def _conference(api: Api, points: int, tree: Tree) -> str:
    """Its id; one room a unit."""
    name = {"X-File-Name": "units.csv"}
    units = as_csv(["Mã", "Tên", "Loại", "Mã cha"], tree(points))
    await api.call("POST", "/api/units/import?dry_run=false", dict, data=units, **name)
    new = {"title": "Hội nghị đo tải", "starts_at": int(time.time() * 1000)}
    id = str((await api.call("POST", "/api/conferences", dict, new))["id"])
    rooms = as_csv(
        ["Mã đơn vị", "Tên phòng", "Chỗ ngồi", "Triệu tập"], [[f"U{n}", "", "90", "70"] for n in range(points)]
    )
    await api.call("POST", f"/api/conferences/{id}/points/import?dry_run=false", dict, data=rooms, **name)
    return id


async def command(api: Api, house: House, body: dict[str, object]) -> None:
    id = f"{time.time_ns():026d}"
    await api.call("POST", f"/api/conferences/{house.conference}/commands", dict, {"id": id, "command": body})


async def codes(api: Api, ground: Ground, rooms: int) -> list[str]:
    """What the pictures of the first rooms hold."""
    gate = asyncio.Semaphore(TOGETHER)

    async def one(point: int) -> str:
        async with gate:
            detail = await api.call("GET", f"/api/conferences/{ground.conference}/points/{point}", dict)
            return str(detail["code_url"]).rsplit("/", 1)[1]

    return list(await asyncio.gather(*(one(point) for point in range(1, rooms + 1))))


async def enrol_rooms(api: Api, house: House) -> None:
    """A device in each."""
    links = await api.call("GET", f"/api/conferences/{house.conference}/links", list)
    gate = asyncio.Semaphore(TOGETHER)

    async def one(url: str) -> str:
        async with gate:
            body = {"link": url.rsplit("/", 1)[1], "label": "bench"}
            return str((await api.call("POST", "/api/enrol", dict, body))["token"])

    house.points = [link["point"] for link in links]
    house.devices = await asyncio.gather(*(one(link["url"]) for link in links))
