"""A NATS server of our own on a free port, which can be stopped and started again."""

import shutil
import tempfile
from pathlib import Path

from server.demo.cluster import nats
from server.demo.cluster.nats import binary

__all__ = ["Nats", "binary"]


class Nats(nats.Nats):
    """Runs when it is made; `remove` ends it for good."""

    def __init__(self) -> None:
        super().__init__(Path(tempfile.mkdtemp(prefix="nhipcau-nats-")))
        self.start()

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
