"""One cluster for all rehearsals of this folder; each has a conference of its own on it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from faults.stage import Wires, ground
from server.demo.cluster.whole import Cluster, missing

Ground = tuple[Cluster, list[Wires]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running() -> AsyncIterator[Ground]:
    if packages := missing():
        pytest.skip(f"not installed: {', '.join(packages)}. As root, `make system` installs them")
    async with ground({"NHIPCAU_LIVE__BEAT_MS": "2000"}, wired=True) as whole:
        yield whole
