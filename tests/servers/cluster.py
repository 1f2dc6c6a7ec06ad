"""A cluster of processes for tests, and the house seen through each of its doors."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from msgspec import Struct

from server.client.http import Api, ApiError
from server.demo.cluster.whole import Cluster, missing
from tests.waiting import until_async

from .whole import LOGIN, PASSWORD, Whole

SERVERS = 2
# The same rules with shorter patience: no test waits as long as a real morning would.
QUICK = {"NHIPCAU_LIVE__INTERVAL_MS": "20", "NHIPCAU_LIVE__GRACE_MS": "2000", "NHIPCAU_LIVE__PACE_MS": "0"}


@pytest.fixture(scope="session")
def installed() -> None:
    """Everything that a cluster is made of."""
    if packages := missing():
        pytest.skip(f"not installed: {', '.join(packages)}. As root, `make system` installs them")


@pytest.fixture(scope="module")
def cluster(installed: None) -> Iterator[Cluster]:
    """Running whole. Whoever stops a part starts it again before his test ends."""
    with Cluster(SERVERS, QUICK) as cluster:
        yield cluster


class Furnished(Struct, frozen=True):
    """`token`: an administrator's, good at every server."""

    conference: str
    token: str


class Door(Whole):
    """The house through one port: a server's own, or HAProxy's. `key`: the administrator's token."""

    def __init__(self, port: int, admin: Api, house: Furnished | None = None) -> None:
        self._port, self.admin = port, admin
        self.conference, self.key = (house.conference, house.token) if house else ("", "")

    @property
    def port(self) -> int:
        return self._port


@asynccontextmanager
async def door(port: int, house: Furnished) -> AsyncIterator[Door]:
    async with Api(f"http://127.0.0.1:{port}", house.token) as admin:
        yield Door(port, admin, house)


async def furnish(cluster: Cluster) -> Furnished:
    """The first organizer and a small conference, through the first server."""
    first = cluster.servers[0]
    async with Api(first.base) as admin:
        body = {"token": first.setup_token(), "login": LOGIN, "name": "Trần Thu Hà", "password": PASSWORD}
        await admin.call("POST", "/api/setup", object, body)
        house = Door(first.port, admin)
        await house.furnish()
        return Furnished(house.conference, await house.token())


async def enrolled(cluster: Cluster, at: Door, point: int) -> str:
    """A device's token, once every server has heard of it."""
    token = await at.device(point)
    for server in cluster.servers:
        async with Api(server.base, token) as device:

            async def known(device: Api = device) -> bool:
                with contextlib.suppress(ApiError):
                    await device.call("GET", "/api/my/point", object)
                    return True
                return False

            await until_async(known, "the server has heard of the device")
    return token
