"""A server whose clock is wrong: `nhipcau serve` with so many milliseconds added. Started by `clocks`."""

import sys

import uvloop

from server import config, log
from server.app import Server
from server.cli import until_stopped
from server.demo.cluster.node import Node
from server.live.conductor import now_ms


class Late(Node):
    """`ahead`: milliseconds, also below zero. It takes the place of a server that has not been started."""

    def __init__(self, node: Node, ahead: int) -> None:
        super().__init__(node.name, node.folder, node.settings)
        self.port, self._ahead = node.port, ahead

    def command(self) -> list[str]:
        return [sys.executable, "-m", "faults.late", str(self._ahead)]


async def serve(ahead: int) -> None:
    settings = config.load(None)  # all of it comes by the environment
    log.set_up(settings.log.level, settings.log.format)
    server = Server(settings, lambda: now_ms() + ahead)
    await server.start()
    await until_stopped()
    await server.stop()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
