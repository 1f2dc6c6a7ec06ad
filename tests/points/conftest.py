"""A conference with its routes, and codes that are counted."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.live.conferences import Live
from server.points.detail import Addresses
from server.points.importing import PointImports
from server.points.routes import PointRoutes
from server.points.store import ContactStore
from server.units.files import FileDesk
from tests.servers.web import CATALOG, Client, House, serving


class Codes:
    """The index of codes: what was reserved, in order."""

    def __init__(self) -> None:
        self.reserved: list[str] = []

    async def new(self, conference: str, count: int) -> list[str]:
        made = [f"C{len(self.reserved) + n:010d}" for n in range(count)]
        self.reserved += made
        return made


@pytest.fixture
def codes() -> Codes:
    return Codes()


@pytest.fixture
def contacts(engine: AsyncEngine) -> ContactStore:
    return ContactStore(engine)


@pytest.fixture
async def house(engine: AsyncEngine) -> AsyncIterator[House]:
    house = House(engine)
    yield house
    await house.conferences.stop()


@pytest.fixture
async def live(house: House) -> Live:
    return await house.begin()


@pytest.fixture
async def client(house: House, live: Live, contacts: ContactStore, codes: Codes) -> AsyncIterator[Client]:
    async with serving(points_of(house, contacts, codes)) as client:
        yield client


def points_of(house: House, contacts: ContactStore, codes: Codes) -> PointRoutes:
    """The routes of one server."""
    addresses = Addresses(lambda c, p, g: f"https://a.vn/O/{c}.{p}.{g}", lambda code: f"https://a.vn/D/{code}")
    imports = PointImports(house.units, contacts, codes.new)
    return PointRoutes(house.conferences, house.journal, imports, contacts, FileDesk(), CATALOG, addresses)
