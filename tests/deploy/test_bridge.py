"""The bridge as it is deployed: each file is read by the tool that will read it, and says only what a bridge knows."""

import re
import shutil
import subprocess
from pathlib import Path

import compose_spec
import kubernetes_validate
import pytest
import yaml

from bridge.config import PREFIX, Config, load
from tests.deploy.places import DEPLOY
from tests.deploy.test_files import EXPOSURE, KUBERNETES
from tests.deploy.tools import haproxy_says, run

SECRET = "x" * 32


def understood(environment: dict[str, str], file: Path | None = None) -> Config:
    """A bridge takes these settings; what is filled in at the place stands for itself."""
    given = {name: value or SECRET for name, value in environment.items() if name.startswith(PREFIX)}
    relay = {"ICE__SERVERS": "['turn:turn.example.vn:3478']", "ICE__TURN_SECRET": SECRET}
    usual = {f"{PREFIX}{name}": value for name, value in {"KEY": SECRET, **relay}.items()}
    return load(file, usual | given)


def test_systemd_reads_the_unit_and_finds_little_to_fear(tmp_path: Path) -> None:
    text = (DEPLOY / "systemd" / "nhipcau-bridge.service").read_text()
    path = tmp_path / "nhipcau-bridge.service"
    path.write_text(text.replace("/opt/nhipcau/.venv/bin/nhipcau bridge", "/bin/true"))
    assert run("systemd-analyze", "verify", "--man=no", path) == ""
    run("systemd-analyze", "security", "--offline=yes", "--no-pager", f"--threshold={EXPOSURE}", path)


def test_compose_takes_the_bridge_beside_the_servers() -> None:
    text = (DEPLOY / "compose.bridge.yaml").read_text()
    compose_spec.PyCompose.from_yaml(text).validate()
    whole = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    added = yaml.safe_load(text)["services"]
    assert set(added) - set(whole) == {"bridge"}
    given = {"NHIPCAU_MEDIA_KEY": SECRET, "NHIPCAU_MEDIA_ADDRESS": "203.0.113.7", "NHIPCAU_PUBLIC_URL": "https://a.vn"}
    filled = re.sub(r"\$\{(\w+):\?\}", lambda found: given[found[1]], text)
    config = understood(yaml.safe_load(filled)["services"]["bridge"]["environment"])
    ports = {f"{config.media.port}-{config.media.port + config.workers - 1}"}
    assert {port.split(":")[0] for port in added["bridge"]["ports"]} == ports
    assert config.media.addresses == ("203.0.113.7",)
    assert set(added["proxy"]["environment"]) <= set(re.findall(r"\w+", (DEPLOY / "haproxy/haproxy.cfg").read_text()))


def test_kubernetes_takes_the_bridge_and_the_bridge_its_settings(tmp_path: Path) -> None:
    folder = DEPLOY / "kubernetes" / "bridge"
    found = [
        one
        for name in ("bridge", "secret.example")
        for one in yaml.safe_load_all((folder / f"{name}.yaml").read_text())
    ]
    for version in KUBERNETES:
        for one in found:
            kubernetes_validate.validate(one, version, strict=True)
    by_kind = {one["kind"]: one for one in found}
    file = tmp_path / "bridge.yaml"
    file.write_text(by_kind["ConfigMap"]["data"]["bridge.yaml"])
    config = understood(by_kind["Secret"]["stringData"], file)
    pod = by_kind["Deployment"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    udp = {port["hostPort"] for port in container["ports"] if port.get("protocol") == "UDP"}
    assert udp == {config.media.port + worker for worker in range(config.workers)}
    assert config.service.own_url == f"https://{by_kind['Ingress']['spec']['rules'][0]['host']}"


def test_haproxy_leads_to_the_bridge_where_there_is_one(tmp_path: Path) -> None:
    said = haproxy_says(tmp_path, NHIPCAU_USER="haproxy", NHIPCAU_MAXCONN="1000", NHIPCAU_BRIDGE="10.0.0.21:8090")
    assert "Configuration file is valid" in said


def test_coturn_knows_every_word_of_its_file() -> None:
    """Each word is an option that its manual names."""
    program = shutil.which("turnserver")
    if program is None:
        pytest.skip("coturn is not installed: as root, `make system` installs it")
    told = subprocess.run([program, "-h"], capture_output=True, text=True, check=False)  # its status is 255
    known = set(re.findall(r"--([a-z0-9-]+)", told.stdout + told.stderr))
    words = re.findall(r"^([a-z0-9-]+)", (DEPLOY / "coturn/turnserver.conf").read_text(), re.MULTILINE)
    assert words
    assert set(words) - known == set()
