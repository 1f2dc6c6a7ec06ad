"""HAProxy before the servers, with the very configuration that is deployed."""

import os
import shutil
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

from .part import Part, answers, free_port

CONFIGURATION = Path(__file__).resolve().parents[3] / "deploy" / "haproxy" / "haproxy.cfg"
PLACES = 3  # servers that the configuration names
NOBODY = "127.0.0.1:1"  # where a place points that no server takes
LINES = 9_000  # held at once: each takes two open files, of which the usual limit is 20,000


def binary() -> str | None:
    """Debian keeps it where only root's search path looks."""
    return shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class HAProxy(Part):
    """`servers`: the ports behind it."""

    def __init__(self, folder: Path, servers: Sequence[int], port: int | None = None) -> None:
        super().__init__("haproxy", folder, port)
        assert len(servers) <= PLACES, f"{CONFIGURATION.name} names {PLACES} servers"
        self._servers = servers
        self.statistics = free_port()

    def command(self) -> list[str]:
        return [binary() or "haproxy", "-db", "-f", str(CONFIGURATION)]

    def environment(self) -> Mapping[str, str]:
        places = [f"127.0.0.1:{port}" for port in self._servers] + [NOBODY] * PLACES
        return {
            **os.environ,
            **{f"NHIPCAU_{n}": place for n, place in enumerate(places[:PLACES], 1)},
            "NHIPCAU_PLAIN": f"127.0.0.1:{self.port}",
            "NHIPCAU_STATS": f"127.0.0.1:{self.statistics}",
            "NHIPCAU_ADMIN": str(self._socket),
            "NHIPCAU_MAXCONN": str(LINES),
            "NHIPCAU_CACHE_MB": "64",
        }

    def ready(self) -> bool:
        return answers(self.port)

    @property
    def _socket(self) -> Path:
        return self.folder / "haproxy.sock"

    def admin(self, command: str) -> str:
        """The answer of its runtime interface, e.g. to `set server ready/s1 state drain`."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self._socket))
            line.sendall(command.encode() + b"\n")
            line.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: line.recv(65_536), b"")).decode()

    def state(self, place: int) -> str:
        """How it thinks of a server (0 the first): UP, NOLB (not now), DOWN, DRAIN, MAINT."""
        rows = [row.split(",") for row in self.admin("show stat").splitlines()]
        return next(row[17].split()[0] for row in rows if row[:2] == ["ready", f"s{place + 1}"])
