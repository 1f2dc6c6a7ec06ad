"""Whom ours is measured beside, each as its documentation shows it and as somebody who measures would write it."""

import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from . import install
from .dialects import Channels, Dialect, Nats, SocketIo
from .process import PeerProcess

SERVERS = install.HERE / "servers"
NATS_CONFIG = 'listen: "127.0.0.1:-1"\nwebsocket {{ host: "127.0.0.1", port: {port}, no_tls: true }}\n'


@dataclass(frozen=True)
class Contestant:
    """`prepare` installs what it needs, or raises `install.Missing`. `start` gives a server of its own that listens."""

    name: str
    prepare: Callable[[], object]
    start: Callable[[], PeerProcess]
    dialect: Callable[[int, int], Dialect]

    @contextlib.asynccontextmanager
    async def running(self, points: int) -> AsyncIterator[tuple[Dialect, int]]:
        """How to speak to it, and its process."""
        server = self.start()
        await server.start()
        try:
            yield self.dialect(server.port, points), server.pid
        finally:
            await server.stop()


def _python(script: str) -> Callable[[], PeerProcess]:
    return lambda: PeerProcess([str(install.PYTHON), str(SERVERS / script), "{port}"])


def _daphne() -> PeerProcess:
    command = [str(install.PYTHON), "-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", "{port}"]
    return PeerProcess([*command, "channels_natural:application"], {"PYTHONPATH": str(SERVERS)})


def _node(version: str) -> PeerProcess:
    # What a plain installation has: the native helper is left to the tuned version.
    plain = {"WS_NO_BUFFER_UTIL": "1"} if version == "natural" else {}
    return PeerProcess([install.node(), str(install.NODE_SCRIPT), version, "{port}"], plain)


def _nats() -> PeerProcess:
    folder = Path(tempfile.mkdtemp(prefix="nhipcau-bench-nats-"))
    server = PeerProcess([install.nats(), "-c", str(folder / "nats.conf")], folder=folder)
    (folder / "nats.conf").write_text(NATS_CONFIG.format(port=server.port))
    return server


CONTESTANTS = (
    Contestant("channels_natural", install.python_peers, _daphne, Channels),
    Contestant("channels_batched", install.python_peers, _python("channels_batched.py"), Channels),
    Contestant("python_socketio_natural", install.python_peers, _python("socketio_natural.py"), SocketIo),
    Contestant("python_socketio_batched", install.python_peers, _python("socketio_batched.py"), SocketIo),
    Contestant("node_socketio_natural", install.node_peers, lambda: _node("natural"), SocketIo),
    Contestant("node_socketio_batched", install.node_peers, lambda: _node("batched"), SocketIo),
    Contestant("nats", install.nats, _nats, Nats),
)
