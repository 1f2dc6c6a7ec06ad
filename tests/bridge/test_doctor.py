"""What the doctor says of a bridge, beside a real service and a real bridge."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from bridge.config import Config, Ice, Listen, Media, Service
from bridge.doctor import examine
from server.cli import app
from server.config import MediaConfig
from server.protocol.findings import Finding, ahead, clock
from tests.bridge.door.house import KEY, opened, settings
from tests.bridge.janus.server import janus
from tests.servers.whole import whole


def bridge(**changes: Any) -> Config:
    return settings(ice=Ice(), **changes)


async def told(config: Config, *checks: str, service_key: str | None = None) -> list[tuple[str, str]]:
    found = await examine(config, service_key)
    assert all(bool(f.advice) == (f.verdict != "ok") for f in found)
    return [(f.check, f.verdict) for f in found if f.check in checks]


async def test_a_bridge_that_runs_with_the_service_s_key_is_well(tmp_path: Path) -> None:
    async with whole(tmp_path, media=MediaConfig(KEY)) as house, opened() as running:
        at = f"http://127.0.0.1:{running.door.port}"
        media = Media(addresses=("8.8.8.8",), port=50_000)
        config = bridge(listen=Listen(port=running.door.port), media=media, service=Service(house.base, own_url=at))
        asked = ("key", "addresses", "udp_ports", "service", "clock", "own_url")
        fine = [(check, "ok") for check in asked[:-1]]
        assert await told(config, *asked, service_key=KEY) == [*fine, ("own_url", "warning")]  # not encrypted
        assert await house.admin.call("GET", "/api/bridges", list) == [], "a look registers nobody"
        away = Service(house.base, own_url="https://127.0.0.1:9")
        assert await told(bridge(listen=config.listen, service=away), "own_url") == [("own_url", "missing")]


async def test_another_key_or_no_service_is_named(tmp_path: Path, unused_tcp_port: int) -> None:
    assert await told(bridge(), "key", "service", service_key="y" * 32) == [("key", "missing"), ("service", "warning")]
    nobody = Service(f"http://127.0.0.1:{unused_tcp_port}", own_url="https://cau1.example")
    assert await told(bridge(service=nobody), "service", "clock") == [("service", "missing")]
    for key, word in (("z" * 32, "key"), ("", "media.key")):
        async with whole(tmp_path / word, media=MediaConfig(key)) as house:
            found = await examine(bridge(service=Service(house.base, own_url="https://cau1.example")))
            (said,) = [f for f in found if f.check == "service"]
            assert (said.verdict, word in said.detail) == ("missing", True)


@pytest.fixture
def taken() -> Iterator[int]:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as other:
        other.bind(("127.0.0.1", 0))
        yield other.getsockname()[1]


async def test_a_taken_port_and_an_address_that_leads_nowhere_are_named(taken: int) -> None:
    here = Media(bind="127.0.0.1", port=taken)
    assert await told(bridge(media=here), "addresses", "udp_ports") == [
        ("addresses", "missing"),
        ("udp_ports", "missing"),
    ]
    for media, said in (
        (here, f"UDP {taken}: taken by another program"),
        (Media(bind="192.0.2.9"), "192.0.2.9 is no address of this machine"),
        (Media(bind="2001:db8::9"), "2001:db8::9 is no address of this machine"),
    ):
        (found,) = [one for one in await examine(bridge(media=media)) if one.check == "udp_ports"]
        assert (found.verdict, found.detail) == ("missing", said)
    inside = Media(addresses=("10.0.0.7",), bind="127.0.0.1", port=0)
    assert await told(bridge(media=inside), "addresses", "udp_ports") == [
        ("addresses", "warning"),
        ("udp_ports", "warning"),
    ]


class Stun(asyncio.DatagramProtocol):
    """Answers whatever comes as if it were a request."""

    def connection_made(self, transport: Any) -> None:
        self.line: asyncio.DatagramTransport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.line.sendto(b"\x01\x01" + data[2:], addr)


@asynccontextmanager
async def stun() -> AsyncIterator[int]:
    line, _ = await asyncio.get_running_loop().create_datagram_endpoint(Stun, ("127.0.0.1", 0))
    with closing(line):
        yield line.get_extra_info("sockname")[1]


async def test_turn_servers_are_asked_whether_they_are_there(unused_tcp_port: int) -> None:
    async with stun() as udp, opened() as running:
        servers = (
            f"stun:127.0.0.1:{udp}", f"turn:127.0.0.1:{udp}", f"turns:127.0.0.1:{running.door.port}?transport=tcp",
            f"turn:127.0.0.1:{unused_tcp_port}?transport=tcp", f"turn:[::1]:{unused_tcp_port}",
        )  # fmt: skip
        found = await told(settings(ice=Ice(servers, "a secret")), "turn")
    assert [verdict for _, verdict in found] == ["ok", "ok", "ok", "missing", "missing"]


def test_the_command_looks_at_the_bridge_alone_and_fails_with_what_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "bridge.yaml"
    for text, status, said in (
        ("key: short\n", 2, "key: must have at least 32"),
        (f"key: {KEY}\nmedia: {{addresses: [127.0.0.1], port: 0}}\n", 1, "missing  addresses"),
    ):
        file.write_text(text)
        done = CliRunner().invoke(app, ["doctor", "--bridge", str(file)])
        assert (done.exit_code, said in done.output, "data_dir" in done.output) == (status, True, False)


def test_clocks_that_differ_are_told_with_their_side() -> None:
    date, at = "Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777.0
    assert ahead(date, at) == 0
    assert ahead(None, at) == 0
    assert clock("cau1", ahead(date, at - 10)).verdict == "ok"
    assert clock("cau1", ahead(date, at - 11)) == Finding(
        "clock", "warning", "cau1 is 11 s ahead of this machine", "run chrony on both"
    )
    assert "behind" in clock("cau1", ahead(date, at + 60)).detail


async def test_a_janus_is_looked_at_in_place_of_ports(tmp_path: Path) -> None:
    async with janus(tmp_path) as server:
        at = bridge(janus=server.settings)
        assert await told(at, "janus", "udp_ports") == [("janus", "ok")]
        wrong = msgspec.structs.replace(server.settings, secret="another")
        assert await told(bridge(janus=wrong), "janus") == [("janus", "missing")]
        await server.kill()
        assert await told(at, "janus") == [("janus", "missing")]
