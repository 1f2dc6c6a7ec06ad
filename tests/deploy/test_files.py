"""What is deployed is read by the tools that will read it, and says only what the server understands."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import compose_spec
import kubernetes_validate
import pytest
import yaml

from server.config import PREFIX, load
from server.demo.cluster.haproxy import binary as haproxy
from server.doctor import FILES_WANTED
from tests.deploy.places import DEPLOY, ROOT
from tests.deploy.test_nginx import certificate

UNITS = [DEPLOY / "systemd" / name for name in ("nhipcau.service", "nhipcau@.service")]
MANIFESTS = sorted(DEPLOY.glob("kubernetes/*.yaml"))
KUBERNETES = ["1.28", kubernetes_validate.latest_version()]  # the oldest that is still about, and the newest known
EXPOSURE = 20  # tenths, as systemd-analyze counts: "OK" ends at 50


def run(*command: str | Path, **environment: str) -> str:
    """What it printed; its exit status must be 0."""
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def understood(environment: dict[str, str], file: Path | None = None) -> None:
    """The server takes these settings. What is filled in at the place stands for itself, long enough for a key."""
    load(file, {name: value or "x" * 32 for name, value in environment.items() if name.startswith(PREFIX)})


# --- HAProxy


@pytest.mark.parametrize("server", ["10.0.0.11:8080", "a.invalid:8080"])
def test_haproxy_takes_its_configuration_with_tls(tmp_path: Path, server: str) -> None:
    if haproxy() is None:
        pytest.skip("HAProxy is not installed: as root, `make system` installs it")
    certificate(tmp_path)
    whole = tmp_path / "nhipcau.pem"
    whole.write_bytes((tmp_path / "fullchain.pem").read_bytes() + (tmp_path / "key.pem").read_bytes())
    given = {"NHIPCAU_CERTIFICATE": str(whole), "NHIPCAU_USER": "haproxy", "NHIPCAU_MAXCONN": "1000"}
    said = run(haproxy() or "", "-c", "-f", DEPLOY / "haproxy" / "haproxy.cfg", **given, NHIPCAU_1=server)
    assert "Configuration file is valid" in said
    warned = set(re.findall(r"WARNING.*'server \w+/(\w+)'", said))
    # A name that is not known yet is no reason not to start.
    assert warned == ({"s1"} if "invalid" in server else set())


def test_every_setting_of_haproxy_is_one_that_its_file_reads() -> None:
    read = set(re.findall(r"NHIPCAU_\w+", (DEPLOY / "haproxy" / "haproxy.cfg").read_text()))
    proxy = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["proxy"]["environment"]
    example = (DEPLOY / "haproxy" / "haproxy.env.example").read_text()
    assert set(proxy) | set(re.findall(r"^(NHIPCAU_\w+)=", example, re.MULTILINE)) <= read


# --- systemd


@pytest.fixture(params=UNITS, ids=lambda unit: unit.name)
def unit(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """As it is deployed, but for the program, which is not installed here."""
    deployed: Path = request.param
    text = deployed.read_text()
    assert text.count("/opt/nhipcau/.venv/bin/nhipcau serve") == 1
    path = tmp_path / deployed.name.replace("@", "@8081")
    path.write_text(text.replace("/opt/nhipcau/.venv/bin/nhipcau serve", "/bin/true"))
    return path


def test_systemd_reads_the_unit_and_finds_little_to_fear(unit: Path) -> None:
    assert run("systemd-analyze", "verify", "--man=no", unit) == ""
    run("systemd-analyze", "security", "--offline=yes", "--no-pager", f"--threshold={EXPOSURE}", unit)


def test_the_units_give_what_the_doctor_asks_for_and_settings_that_exist(unit: Path) -> None:
    text = unit.read_text()
    assert int(re.findall(r"^LimitNOFILE=(\d+)$", text, re.MULTILINE)[0]) >= FILES_WANTED
    understood(dict(re.findall(r"^Environment=(\w+)=(.*)$", text.replace("%i", "8081"), re.MULTILINE)))


def test_the_two_units_are_one_but_for_the_port() -> None:
    alone, one_of_many = (
        {line for line in unit.read_text().splitlines() if line and not line.startswith(("#", "Description"))}
        for unit in reversed(UNITS)
    )
    assert one_of_many ^ alone == {"Environment=NHIPCAU_LISTEN__PORT=%i"}


# --- containers


def test_the_container_file_is_without_fault_and_copies_what_is_there() -> None:
    file = DEPLOY / "Containerfile"
    assert run(Path(sys.executable).parent / "hadolint", file) == ""
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", file.read_text(), re.MULTILINE)
    sources = {source for line in copied for source in line.split()}
    assert sources
    assert all((ROOT / source).exists() for source in sources)
    # What the builder is not sent it cannot copy.
    sent = (DEPLOY / "Containerfile.dockerignore").read_text().splitlines()
    assert sources == {line[1:] for line in sent if line.startswith("!")}


def test_the_container_s_settings_exist() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    found = dict(re.findall(r"(NHIPCAU_\w+)=(\S+)", text))
    assert len(found) == 3
    understood(found)


def test_compose_takes_its_file_and_the_servers_their_settings() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    compose_spec.PyCompose.from_yaml(text).validate()
    services = yaml.safe_load(text)["services"]
    example = (DEPLOY / "compose.env.example").read_text()
    asked = set(re.findall(r"\$\{(\w+)", text))
    assert asked == set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    given = services["server1"]["environment"]
    understood({name: re.sub(r"\$\{\w+:\?\}", f"https://{'x' * 32}", value) for name, value in given.items()})
    servers = {f"{name}:8080" for name in services if name.startswith("server")}
    assert servers == {services["proxy"]["environment"][f"NHIPCAU_{n}"] for n in (1, 2, 3)}


# --- Kubernetes


def objects() -> Iterator[Any]:
    for path in MANIFESTS:
        yield from (found for found in yaml.safe_load_all(path.read_text()) if found["kind"] != "Kustomization")


def test_kubernetes_takes_every_object() -> None:
    found = list(objects())
    assert {"Deployment", "Service", "Ingress", "PodDisruptionBudget", "NetworkPolicy"} <= {o["kind"] for o in found}
    for version in KUBERNETES:
        for one in found:
            kubernetes_validate.validate(one, version, strict=True)


def test_kustomize_names_every_file_but_the_example() -> None:
    kustomization = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text())
    others = {path.name for path in MANIFESTS} - {"kustomization.yaml", "secret.example.yaml"}
    assert set(kustomization["resources"]) == others


def test_the_pods_settings_exist_and_what_selects_them_does(tmp_path: Path) -> None:
    by_kind = {found["kind"]: found for found in objects()}
    file = tmp_path / "config.yaml"
    file.write_text(by_kind["ConfigMap"]["data"]["config.yaml"])
    understood(by_kind["Secret"]["stringData"], file)
    pod = by_kind["Deployment"]["spec"]["template"]
    labels = pod["metadata"]["labels"]
    assert by_kind["Service"]["spec"]["selector"] == labels
    for kind, where in (
        ("Deployment", "selector"),
        ("PodDisruptionBudget", "selector"),
        ("NetworkPolicy", "podSelector"),
    ):
        assert by_kind[kind]["spec"][where]["matchLabels"] == labels
    assert pod["spec"]["containers"][0]["envFrom"] == [{"secretRef": {"name": by_kind["Secret"]["metadata"]["name"]}}]
