"""NATS as the cluster's bus: one server, nothing kept."""

import shutil
import socket
from pathlib import Path

from .part import Part


def binary() -> str | None:
    return shutil.which("nats-server")


class Nats(Part):
    def __init__(self, folder: Path, name: str = "nats") -> None:
        super().__init__(name, folder)

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        return ["nats-server", "-a", "127.0.0.1", "-p", str(self.port)]

    def ready(self) -> bool:
        """It greets first."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as line:
                return line.recv(5) == b"INFO "
        except OSError:
            return False
