"""The HTTP interface as files: the OpenAPI document a server would serve, and TypeScript read off it."""

import asyncio
import functools
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from server.app import Server
from server.config import Config, Listen
from server.http import openapi

ROOT = Path(__file__).resolve().parent.parent
NODE = Path(sys.executable).parent / "node"  # `make venv` puts it there
WRITER = ROOT / "web/node_modules/openapi-typescript/bin/cli.js"
HEAD = "/* Generated from docs/openapi.json by `make openapi`; do not edit. */\n\n"


@functools.cache
def document() -> str:
    """What `/api/openapi.json` answers, with an address of nowhere in particular."""
    return json.dumps(asyncio.run(_document()), ensure_ascii=False, indent=1) + "\n"


async def _document() -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Config(listen=Listen(port=0), data_dir=folder))
        await server.start()
        try:
            return openapi.document(server.assembly.routes, "/")
        finally:
            await server.stop()


def types() -> str:
    """Fails with the writer's own words when it refuses the document."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as source:
        source.write(document())
        source.flush()
        # Answers leave out what is at its default, so a default does not make a field certain.
        command = [str(NODE), str(WRITER), source.name, "--default-non-nullable=false", "--alphabetize"]
        made = subprocess.run(command, check=True, capture_output=True, text=True)
    return HEAD + made.stdout[made.stdout.index("export") :]
