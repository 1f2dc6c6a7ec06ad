"""What the comparison needs beside the product, installed once under .make/peers from locked lists."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
PLACE = ROOT / ".make" / "peers"
PYTHON = PLACE / "venv" / "bin" / "python"
NODE_FOLDER = PLACE / "node"
NODE_SCRIPT = NODE_FOLDER / "socketio.mjs"
NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error")


class Missing(Exception):
    """A peer that cannot be had here; the text says why."""


def python_peers() -> None:
    """Raises `Missing`."""
    locked = HERE / "requirements.txt"
    stamp = PLACE / f"venv-{_digest(locked)}"
    if not stamp.exists():
        _run(sys.executable, "-m", "venv", "--clear", str(PLACE / "venv"))
        _run(str(PYTHON), "-m", "pip", "--quiet", "install", "--require-hashes", "-r", str(locked))
        stamp.touch()


def node_peers() -> None:
    """Raises `Missing`. The script is laid beside the packages: there Node looks for them."""
    lists = [HERE / "package.json", HERE / "package-lock.json"]
    stamp = PLACE / f"node-{_digest(*lists)}"
    NODE_FOLDER.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "servers" / "socketio.mjs", NODE_SCRIPT)
    if not stamp.exists():
        for file in lists:
            shutil.copy(file, NODE_FOLDER)
        _run(_beside_python("npm"), *NPM_CI, folder=NODE_FOLDER)
        stamp.touch()


def node() -> str:
    return _beside_python("node")


def nats() -> str:
    """Debian's nats-server. As root it is installed; else `Missing`."""
    if (found := _nats()) is None:
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            raise Missing("nats-server is not installed; once, as root: scripts/apt.sh nats-server")
        _run(str(ROOT / "scripts" / "apt.sh"), "nats-server")
        found = _nats()
    if found is None:
        raise Missing("nats-server was installed and cannot be found")
    return found


def _nats() -> str | None:
    return shutil.which("nats-server") or shutil.which("nats-server", path="/usr/sbin:/usr/local/sbin")


def _beside_python(name: str) -> str:
    """The project's own Node, before one of the machine."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        raise Missing(f"{name} is not installed")
    return found


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _run(*command: str, folder: Path = ROOT) -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Missing(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()[-500:]}")
