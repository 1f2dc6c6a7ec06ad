"""What is deployed is read by the tools that will read it, and says only what the server understands."""

import os
import re
import shutil
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
from server.doctor import FILES_WANTED
from tests.deploy.places import DEPLOY, OPERATIONS, ROOT
from tests.deploy.tools import haproxy_says, run

UNITS = [DEPLOY / "systemd" / name for name in ("nhipcau.service", "nhipcau@.service")]
BACKUP = [DEPLOY / "systemd" / f"nhipcau-backup.{kind}" for kind in ("service", "timer")]
ADMIN = DEPLOY / "systemd" / "nhipcau-admin"
STORE = ("User", "Group", "EnvironmentFile", "Environment", "WorkingDirectory")  # what decides which store it is
MANIFESTS = sorted(DEPLOY.glob("kubernetes/*.yaml"))
KUBERNETES = ["1.28", kubernetes_validate.latest_version()]  # the oldest that is still about, and the newest known
NGINX = "nginx.ingress.kubernetes.io"
EXPOSURE = 20  # tenths, as systemd-analyze counts: "OK" ends at 50


def understood(environment: dict[str, str], file: Path | None = None) -> None:
    """The server takes these settings. What is filled in at the place stands for itself, long enough for a key."""
    load(file, {name: value or "x" * 32 for name, value in environment.items() if name.startswith(PREFIX)})


# --- HAProxy


@pytest.mark.parametrize("server", ["10.0.0.11:8080", "a.invalid:8080"])
def test_haproxy_takes_its_configuration_with_tls(tmp_path: Path, server: str) -> None:
    said = haproxy_says(tmp_path, NHIPCAU_USER="haproxy", NHIPCAU_MAXCONN="1000", NHIPCAU_1=server)
    assert "Configuration file is valid" in said
    warned = set(re.findall(r"WARNING.*'server \w+/(\w+)'", said))
    # A name that is not known yet is no reason not to start.
    assert warned == ({"s1"} if "invalid" in server else set())


def test_haproxy_has_nothing_to_warn_of_with_the_example_s_settings(tmp_path: Path) -> None:
    said = haproxy_says(tmp_path, **example_of_haproxy())
    assert said.splitlines() == ["Configuration file is valid"]


def example_of_haproxy() -> dict[str, str]:
    text = (DEPLOY / "haproxy" / "haproxy.env.example").read_text()
    return dict(re.findall(r"^(NHIPCAU_\w+)=(.*)$", text, re.MULTILINE))


def test_prometheus_asks_haproxy_where_it_answers_and_tells_somebody() -> None:
    prometheus = yaml.safe_load((DEPLOY / "monitoring" / "prometheus.yml").read_text())
    targets = {job["job_name"]: job["static_configs"][0]["targets"] for job in prometheus["scrape_configs"]}
    assert targets["haproxy"] == [example_of_haproxy()["NHIPCAU_STATS"]]
    assert targets["nhipcau"] == [example_of_haproxy()[f"NHIPCAU_{n}"] for n in (1, 2, 3)]
    assert prometheus["alerting"]["alertmanagers"]
    if promtool := shutil.which("promtool"):
        run(promtool, "check", "config", "--syntax-only", DEPLOY / "monitoring" / "prometheus.yml")


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
    assert int(re.findall(r"^LimitNOFILE=(\d+)$", text, re.MULTILINE)[0]) == FILES_WANTED
    understood(dict(re.findall(r"^Environment=(\w+)=(.*)$", text.replace("%i", "8081"), re.MULTILINE)))


def test_the_two_units_are_one_but_for_the_port() -> None:
    alone, one_of_many = (
        {line for line in unit.read_text().splitlines() if line and not line.startswith(("#", "Description"))}
        for unit in reversed(UNITS)
    )
    assert one_of_many ^ alone == {"Environment=NHIPCAU_LISTEN__PORT=%i"}


def settings(text: str, mark: str = "^") -> dict[str, list[str]]:
    """The lines of a unit, or what a command hands to systemd, by their names."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(rf"{mark}(\w+)=(.*?)$", text, re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


def test_systemd_reads_the_backup_s_timer_and_unit(tmp_path: Path) -> None:
    for file in BACKUP:
        text = file.read_text().replace("/opt/nhipcau/.venv/bin/nhipcau", "/bin/true")
        (tmp_path / file.name).write_text(text)
    assert run("systemd-analyze", "verify", "--man=no", *(tmp_path / file.name for file in BACKUP)) == ""
    run(
        "systemd-analyze",
        "security",
        "--offline=yes",
        "--no-pager",
        f"--threshold={EXPOSURE}",
        tmp_path / BACKUP[0].name,
    )
    server, ours = settings(UNITS[0].read_text()), settings(BACKUP[0].read_text())
    assert {name: ours[name] for name in STORE} == {name: server[name] for name in STORE}
    assert ours["ExecStart"] == [
        "/opt/nhipcau/.venv/bin/nhipcau backup /var/backups/nhipcau --config /etc/nhipcau/config.yaml"
    ]


SYSTEMD_RUN = r"""#!/bin/sh
for last; do case "$last" in -*) echo "$last" ;; esac; done >"$SEEN"
while [ "${1#--}" != "$1" ]; do shift; done
echo "$@"
"""


@pytest.mark.parametrize("arguments", [("doctor",), ("backup", "/var/backups/nhipcau"), ("verify", "--json")])
def test_the_command_of_administrators_acts_as_the_unit_does(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Given what stands for systemd-run and tells what it was asked for."""
    (tmp_path / "systemd-run").write_text(SYSTEMD_RUN)
    (tmp_path / "systemd-run").chmod(0o755)
    seen = tmp_path / "seen"
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "SEEN": str(seen)}
    started = run(ADMIN, *arguments, **path).strip()
    assert started == f"/opt/nhipcau/.venv/bin/nhipcau {' '.join(arguments)} --config /etc/nhipcau/config.yaml"
    server, asked = settings(UNITS[0].read_text()), settings(seen.read_text(), "^--property=")
    assert set(asked) >= {*STORE, "LimitNOFILE", "UMask"}
    assert asked == {name: server[name] for name in asked}
    assert {"--pipe", "--wait"} <= set(seen.read_text().split())


def test_the_command_of_administrators_knows_nothing_else() -> None:
    ended = subprocess.run([ADMIN, "serve"], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr[:6]) == (2, "usage:")


def test_the_operations_name_every_unit_and_no_command_that_has_no_environment() -> None:
    text = OPERATIONS.read_text()
    assert all(file.name in text for file in (ADMIN, *UNITS, *BACKUP))
    for command in ("backup", "restore", "verify", "doctor"):
        bare = re.findall(rf"^ +nhipcau {command}\b.*$", text, re.MULTILINE)
        assert all(" -c " in line for line in bare), bare


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


def test_the_container_has_the_command_itself() -> None:
    """Backups ask for the version of what is installed, which a copied folder does not tell."""
    text = (DEPLOY / "Containerfile").read_text()
    assert 'ENTRYPOINT ["nhipcau"]' in text
    assert re.search(r"install \\\n +--no-deps --no-build-isolation --editable /opt/nhipcau", text)


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


def test_the_namespace_is_there_before_the_secret() -> None:
    text = (DEPLOY / "kubernetes" / "kustomization.yaml").read_text()
    steps = re.findall(r"^#   kubectl apply -[fk] (\S+)$", text, re.MULTILINE)
    assert steps == ["deploy/kubernetes/namespace.yaml", "secret.yaml", "deploy/kubernetes"]


def test_kubernetes_takes_the_place_for_commands_and_leads_nobody_to_it() -> None:
    pod = yaml.safe_load((DEPLOY / "kubernetes" / "admin" / "pod.yaml").read_text())
    for version in KUBERNETES:
        kubernetes_validate.validate(pod, version, strict=True)
    (server,) = [found["spec"]["template"] for found in objects() if found["kind"] == "Deployment"]
    assert pod["metadata"]["labels"] != server["metadata"]["labels"]
    ours, theirs = pod["spec"]["containers"][0], server["spec"]["containers"][0]
    assert (ours["image"], ours["envFrom"]) == (theirs["image"], theirs["envFrom"])
    assert {"name": "config", "mountPath": "/etc/nhipcau", "readOnly": True} in ours["volumeMounts"]


def test_when_nobody_is_ready_the_ingress_leads_to_whoever_is_alive() -> None:
    found = list(objects())
    alive = {o["metadata"]["name"] for o in found if o.get("spec", {}).get("publishNotReadyAddresses")}
    led = {o["metadata"]["annotations"][f"{NGINX}/default-backend"] for o in found if o["kind"] == "Ingress"}
    assert led == alive == {"nhipcau-alive"}


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
