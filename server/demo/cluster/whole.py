"""The cluster whole: what belongs together is started in order, and ended in order."""

import secrets
import shutil
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

from . import haproxy, nats, postgres
from .haproxy import HAProxy
from .nats import Nats
from .node import Node
from .part import Part, await_that
from .postgres import Postgres

DATABASE = "nhipcau"


def missing() -> list[str]:
    """Debian's packages that are not installed."""
    here = {"postgresql": postgres.binaries(), "nats-server": nats.binary(), "haproxy": haproxy.binary()}
    return [package for package, found in here.items() if found is None]


class Cluster:
    """Servers over one PostgreSQL and one NATS behind HAProxy, on free ports of this machine.

    `settings`: further environment variables of every server's configuration. `port`: HAProxy's. `replicated`: with a
    second PostgreSQL that has all the first one acknowledged, and can take its place.
    Used as a context: started whole, and whatever is left at the end is stopped and forgotten.
    """

    def __init__(
        self,
        servers: int = 3,
        settings: Mapping[str, str] | None = None,
        port: int | None = None,
        replicated: bool = False,
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="nhipcau-cluster-"))
        self.postgres = Postgres()
        self.replicas = [self.postgres.replica()] if replicated else []
        self.nats = Nats(self.folder)
        self.servers = [Node(f"server{n}", self.folder, {}) for n in range(1, servers + 1)]
        self.haproxy = HAProxy(self.folder, [server.port for server in self.servers], port)
        common = {
            "NHIPCAU_DATABASE": self.postgres.url(DATABASE, *self.replicas),
            "NHIPCAU_BUS__URLS": f"[{self.nats.url}]",
            "NHIPCAU_SECRET_KEY": secrets.token_hex(32),
            "NHIPCAU_DATA_DIR": str(self.folder / "shared"),
            "NHIPCAU_PUBLIC_URL": self.base,
            "NHIPCAU_TRUSTED_PROXIES": "[127.0.0.1]",
        }
        for server in self.servers:
            server.settings |= {**common, **(settings or {})}

    @property
    def base(self) -> str:
        """Where clients come in: HAProxy."""
        return f"http://127.0.0.1:{self.haproxy.port}"

    @property
    def parts(self) -> list[Part]:
        """In the order of their start."""
        return [self.postgres, *self.replicas, self.nats, *self.servers, self.haproxy]

    def start(self) -> None:
        """Returns when every server may be sent work. Raises `DidNotStart`."""
        self.postgres.start()
        for replica in self.replicas:
            replica.start()
            self.postgres.wait_for_replicas()
        self.nats.start()
        self.postgres.sql(f"CREATE DATABASE {DATABASE}")
        before: list[Part] = [*self.servers, self.haproxy]
        for part in before:
            part.launch()
        for part in before:
            part.await_ready()
        # HAProxy may have looked before the servers were there: it takes two looks to believe that they are.
        self.await_places()

    def await_places(self) -> None:
        """Returns when HAProxy sends work to every server that is ready."""
        await_that(lambda: all(self.haproxy.state(n) == "UP" for n, s in enumerate(self.servers) if s.ready()))

    def remove(self) -> None:
        """Ends what runs, the servers together, and forgets all data."""
        self.haproxy.stop()
        with ThreadPoolExecutor(len(self.servers)) as together:
            list(together.map(Part.stop, self.servers))
        self.nats.stop()
        for database in (*self.replicas, self.postgres):
            database.remove()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> "Cluster":
        try:
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()
