"""One cluster for the whole module, and one conference in it."""

import asyncio

import pytest

from server.demo.cluster.whole import Cluster
from tests.servers.cluster import Furnished, cluster, furnish, installed

__all__ = ["cluster", "installed"]


@pytest.fixture(scope="module")
def house(cluster: Cluster) -> Furnished:
    return asyncio.run(furnish(cluster))
