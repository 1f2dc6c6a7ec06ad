"""Alerts and the dashboard ask for what a running cluster and a bridge tell: every name and every label exists."""

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any

import aiohttp
import promql_parser
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from server.demo.cluster.whole import Cluster
from tests.bridge.door.house import come, opened
from tests.deploy.places import DEPLOY, OPERATIONS
from tests.servers.cluster import Furnished, door, enrolled
from tests.waiting import until

MONITORING = DEPLOY / "monitoring"
RULES = yaml.safe_load((MONITORING / "nhipcau.rules.yml").read_text())["groups"][0]["rules"]
DASHBOARD = json.loads((MONITORING / "nhipcau.dashboard.json").read_text())
SCRAPED = {"job", "instance"}  # labels that Prometheus itself adds
ITS_OWN = "up"  # and the one series that it makes


def shown() -> Iterator[tuple[str, str]]:
    """Title and expression of everything on the dashboard."""
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"].replace("$server", ".*")


EXPRESSIONS = [(rule["alert"], rule["expr"]) for rule in RULES] + list(shown())


def selectors(part: Any) -> Iterator[Any]:
    """Every series that an expression asks for."""
    if isinstance(part, promql_parser.VectorSelector):
        yield part
        return
    for name in ("lhs", "rhs", "expr", "param", "vector_selector", "args"):
        inner = getattr(part, name, None)
        for one in inner if isinstance(inner, list) else [inner]:
            if one is not None:
                yield from selectors(one)


async def exercised(cluster: Cluster, house: Furnished) -> list[str]:
    """What servers and proxy tell after a little of everything."""
    async with (
        door(cluster.haproxy.port, house) as proxy,
        proxy.wall(proxy.key) as wall,
        proxy.operator(await enrolled(cluster, proxy, 1)) as operator,
    ):
        await wall.next("snapshot")
        await operator.done("check_in", point=1)
        await wall.say(t="hello")
        await wall.next("refused")
        texts = [server.look("/metrics")[1].decode() for server in cluster.servers]
    statistics = f"http://127.0.0.1:{cluster.haproxy.statistics}/metrics"
    async with aiohttp.ClientSession() as browser, browser.get(statistics) as answer:
        return [*texts, await answer.text()]


async def carried() -> str:
    """What a bridge tells that somebody publishes at."""
    async with opened() as bridge, come(bridge, "main", "publish"), asyncio.timeout(20):
        worker = bridge.door.workers[0]
        await until(lambda: worker.report and worker.report.publishers, "a report")
        return (await bridge.ask("GET", "/metrics")).text


@pytest.fixture(scope="module")
def told(cluster: Cluster, house: Furnished) -> dict[str, set[str]]:
    """Every series with its labels."""
    found: dict[str, set[str]] = {ITS_OWN: set()}
    for text in (*asyncio.run(exercised(cluster, house)), asyncio.run(carried())):
        for family in text_string_to_metric_families(text):
            found.setdefault(family.name + ("_total" if family.type == "counter" else ""), set())
            for sample in family.samples:
                found.setdefault(sample.name, set()).update(sample.labels)
    return found


@pytest.mark.parametrize(("title", "expression"), EXPRESSIONS)
def test_what_is_asked_for_is_told(title: str, expression: str, told: dict[str, set[str]]) -> None:
    asked = list(selectors(promql_parser.parse(expression)))
    assert asked
    for selector in asked:
        assert selector.name in told, f"{title}: {selector.name}"
        labels = {matcher.name for matcher in selector.matchers.matchers} - SCRAPED
        # What nothing has happened to yet (a slow line) has told no labels.
        assert labels <= told[selector.name] or not told[selector.name], f"{title}: {labels}"


def test_a_name_that_nobody_tells_would_be_found(told: dict[str, set[str]]) -> None:
    (selector,) = selectors(promql_parser.parse('sum(rate(nhipcau_socket_total{audience="wall"}[1m])) > 0'))
    assert selector.name not in told


def test_every_alert_leads_to_what_to_do() -> None:
    written = OPERATIONS.read_text(encoding="utf-8")
    titles = re.findall(r"^#+ (.+)$", written, re.MULTILINE)
    headings = {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in titles}
    assert {rule["annotations"]["fault"] for rule in RULES} <= headings


def test_prometheus_finds_the_rules_and_asks_servers_bridges_and_proxy() -> None:
    config = yaml.safe_load((MONITORING / "prometheus.yml").read_text())
    assert all((MONITORING / name).exists() for name in config["rule_files"])
    jobs = {job["job_name"] for job in config["scrape_configs"]}
    used = {job for _, e in EXPRESSIONS for job in re.findall(r'job="(\w+)"', e)}
    assert used == jobs


def test_panels_lie_beside_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
