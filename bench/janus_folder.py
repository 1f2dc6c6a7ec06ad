"""A folder that Debian's Janus runs from, with the parts it is given and nothing else."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

LIBRARIES = Path("/usr/lib")  # below it Debian's Janus has its parts, in a folder named after the machine
_SETTINGS = """
general: {{
  configs_folder = "{folder}"
  plugins_folder = "{folder}/plugins"
  transports_folder = "{folder}/transports"
  events_folder = "{folder}/none"
  loggers_folder = "{folder}/none"
  {general}
}}
nat: {{ ice_lite = {lite} }}
"""
_WEBSOCKETS = 'general: {{ ws = true, ws_port = {port}, ws_ip = "127.0.0.1" }}'


def installed() -> bool:
    return shutil.which("janus") is not None and _parts() is not None


def _parts() -> Path | None:
    return next(LIBRARIES.glob("*/janus"), None)


def command(folder: Path) -> list[str]:
    return [shutil.which("janus") or "janus", "-F", str(folder), "-C", str(folder / "janus.jcfg")]


def lay(folder: Path, port: int, general: Sequence[str], plugins: Mapping[str, str], *, lite: bool) -> None:
    """`port`: of its interface over WebSocket. `plugins`: the configuration of each by its short name."""
    parts = _parts()
    assert parts is not None, "not installed"
    for kind, names in (("plugins", plugins), ("transports", ("websockets",))):
        (folder / kind).mkdir()
        for name in names:
            (folder / kind / f"libjanus_{name}.so").symlink_to(parts / kind / f"libjanus_{name}.so")
    settings = {"general": "\n  ".join(general), "lite": str(lite).lower()}
    (folder / "janus.jcfg").write_text(_SETTINGS.format(folder=folder, **settings))
    (folder / "janus.transport.websockets.jcfg").write_text(_WEBSOCKETS.format(port=port))
    for name, text in plugins.items():
        (folder / f"janus.plugin.{name}.jcfg").write_text(text)
