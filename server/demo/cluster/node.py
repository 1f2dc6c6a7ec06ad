"""One server of the cluster, reached by itself."""

import http.client
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from .part import Part

LOOK = 2.0  # seconds that one look may take
_SETUP = re.compile(r"/setup/(\S+)")


class Node(Part):
    """`nhipcau serve`. `settings`: environment variables of its configuration."""

    def __init__(self, name: str, folder: Path, settings: Mapping[str, str]) -> None:
        super().__init__(name, folder)
        self.settings = dict(settings)

    @property
    def base(self) -> str:
        """Its own address, past the proxy."""
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        return [sys.executable, "-m", "server.cli", "serve"]

    def environment(self) -> Mapping[str, str]:
        own = {"NHIPCAU_LISTEN__PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        return {**os.environ, **self.settings, **own}

    def ready(self) -> bool:
        return self.look("/readyz")[0] == 200

    def look(self, path: str) -> tuple[int, bytes]:
        """Status and body of a GET; status 0 when nobody answers."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LOOK)
        try:
            line.request("GET", path)
            answer = line.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            line.close()

    def setup_token(self) -> str:
        """Of the one-time link that it printed on an empty database."""
        found = _SETUP.findall(self.log.read_text(encoding="utf-8"))
        assert found, f"{self.name} printed no link: its database was not empty"
        return str(found[-1])
