"""The tools that read what is deployed, and what they want to be given."""

import os
import subprocess
from pathlib import Path

import pytest

from server.demo.cluster.haproxy import binary as haproxy
from tests.deploy.places import DEPLOY


def run(*command: str | Path, **environment: str) -> str:
    """What it printed; its exit status must be 0."""
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def certificate(folder: Path) -> None:
    names = ["-subj", "/CN=nhipcau.example", "-addext", "subjectAltName=IP:127.0.0.1"]
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{folder}/key.pem"]
    command = ["openssl", "req", "-x509", "-days", "1", *names, *key, "-out", f"{folder}/fullchain.pem"]
    subprocess.run(command, check=True, capture_output=True)


def haproxy_says(folder: Path, **environment: str) -> str:
    """Of the deployed configuration, with these settings and a certificate."""
    program = haproxy()
    if program is None:
        pytest.skip("HAProxy is not installed: as root, `make system` installs it")
    certificate(folder)
    whole = folder / "nhipcau.pem"
    whole.write_bytes((folder / "fullchain.pem").read_bytes() + (folder / "key.pem").read_bytes())
    given = environment | {"NHIPCAU_CERTIFICATE": str(whole)}
    return run(program, "-c", "-f", DEPLOY / "haproxy" / "haproxy.cfg", **given)
