"""nginx before real servers, as it is deployed: only names, ports and folders are this machine's."""

import asyncio
import io
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest
from websockets.asyncio.client import connect

from server.demo.cluster.part import Part, free_port
from server.demo.cluster.whole import Cluster
from tests.bridge.door.house import PUBLISHING, SDP, a_pass, opened
from tests.deploy.places import DEPLOY
from tests.deploy.tools import certificate
from tests.documents.files import noise
from tests.servers.cluster import Door, Furnished, door, enrolled
from tests.servers.whole import LOGIN, PASSWORD, Socket
from tests.waiting import until_async

DEPLOYED = DEPLOY / "nginx" / "nginx.conf"
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36"}
MIB = 1024 * 1024
CACHE = "/var/lib/nginx/nhipcau"  # as it is deployed
FILM = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42" + noise(3 * MIB)


def binary() -> str | None:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class Nginx(Part):
    """`port` speaks TLS, `plain` does not; a bridge is at `bridge`, when there is one."""

    def __init__(self, folder: Path, servers: list[int]) -> None:
        super().__init__("nginx", folder)
        self.plain, self.bridge = free_port(), free_port()
        certificate(folder)
        (folder / "nginx.conf").write_text(self._of_here(DEPLOYED.read_text(), servers))

    def command(self) -> list[str]:
        return [binary() or "nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-g", "daemon off;"]

    def _of_here(self, text: str, servers: list[int]) -> str:
        """Every change must find its place: what is tested is what is deployed."""
        upstream = "".join(f"        server 127.0.0.1:{port} max_fails=2 fail_timeout=5s;\n" for port in servers)
        for pattern, here in (
            (r"user www-data;", "user root;" if os.geteuid() == 0 else ""),
            (r"worker_rlimit_nofile \d+;", ""),
            (r"worker_connections \d+;", "worker_connections 1024;"),
            (r"pid /run/nginx.pid;", f"pid {self.folder}/nginx.pid;"),
            (r"( *server 10\.0\.0\.1\d:8080 max_fails=2 fail_timeout=5s;\n){3}", upstream),
            (r"server 10\.0\.0\.21:8090;", f"server 127.0.0.1:{self.bridge};"),
            (CACHE, f"{self.folder}/cache"),
            (r"/etc/nhipcau/tls", str(self.folder)),
            (r"listen 80;\n *listen \[::\]:80;", f"listen 127.0.0.1:{self.plain};"),
            (r"listen 443 (.*);\n *listen \[::\]:443 .*;", rf"listen 127.0.0.1:{self.port} \1;"),
        ):
            text, times = re.subn(pattern, here, text)
            assert times, f"{DEPLOYED.name} has no {pattern}"
        return text


@pytest.fixture(scope="module")
def nginx(cluster: Cluster) -> Iterator[Nginx]:
    if binary() is None:
        pytest.skip("nginx is not installed: as root, `make system` installs it")
    running = Nginx(cluster.folder, [server.port for server in cluster.servers])
    running.start()
    yield running
    running.stop()


@pytest.fixture
def trust(nginx: Nginx) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(nginx.folder / "fullchain.pem"))


@pytest.fixture
async def browser(nginx: Nginx, trust: ssl.SSLContext) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(
        f"https://127.0.0.1:{nginx.port}", connector=aiohttp.TCPConnector(ssl=trust), headers=PHONE
    ) as browser:
        yield browser


@pytest.fixture
async def first(cluster: Cluster, house: Furnished) -> AsyncIterator[Door]:
    async with door(cluster.servers[0].port, house) as first:
        yield first


def test_the_deployed_file_is_a_configuration(nginx: Nginx) -> None:
    command = [*nginx.command()[:-2], "-t", "-q"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stderr == ""


def test_the_folder_for_files_can_be_made_where_debian_has_one(tmp_path: Path) -> None:
    if binary() is None or os.geteuid() != 0:
        pytest.skip("nginx is not installed, or the tests are not root's")
    proxy = Nginx(tmp_path, [9])
    file, folder = tmp_path / "nginx.conf", Path(CACHE)
    file.write_text(file.read_text().replace(f"{tmp_path}/cache", CACHE))
    was_there = folder.exists()
    try:
        command = [*proxy.command()[:-2], "-t", "-q"]
        assert subprocess.run(command, capture_output=True, text=True, check=False).stderr == ""
        assert folder.is_dir()
    finally:
        if not was_there and folder.exists():
            folder.rmdir()


async def test_who_comes_without_tls_is_led_to_it(nginx: Nginx, browser: aiohttp.ClientSession) -> None:
    address = f"http://127.0.0.1:{nginx.plain}/D/x?lang=vi"
    async with aiohttp.ClientSession() as plain, plain.get(address, allow_redirects=False) as answer:
        assert answer.status == 301
        assert answer.headers["Location"] == "https://127.0.0.1/D/x?lang=vi"
    async with browser.get("/") as page:
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert page.headers.getall("X-Frame-Options") == ["DENY"]


async def test_a_socket_passes_and_both_sides_are_heard(
    cluster: Cluster, nginx: Nginx, trust: ssl.SSLContext, first: Door
) -> None:
    async with connect(f"wss://127.0.0.1:{nginx.port}/ws", ssl=trust, proxy=None) as raw:
        socket = Socket(raw)
        await socket.hello(conference=first.conference, token=await enrolled(cluster, first, 1))
        assert (await socket.next("point"))["point"]["id"] == 1
        assert (await socket.done("check_in", point=1))["t"] == "done"


async def test_a_film_is_asked_of_the_servers_once_and_can_be_wound_forward(
    cluster: Cluster, browser: aiohttp.ClientSession, first: Door
) -> None:
    code = (await first.admin.call("GET", f"{first.one}/points/3", dict))["code_url"].rsplit("/", 1)[1]
    upload = {"Authorization": f"Bearer {first.key}", "X-Requested-With": "nhipcau", "X-File-Name": quote("Phim.mp4")}
    async with browser.post(f"{first.one}/documents?title=Phim", data=io.BytesIO(FILM), headers=upload) as answer:
        document = (await answer.json())["id"]

    async def address() -> str:
        async with browser.get(f"/D/{code}/{document}", allow_redirects=False) as answer:
            return answer.headers.get("Location", "") if answer.status == 302 else ""

    film = await until_async(address, "the document is open at whichever server")

    async def part(start: int, stop: int) -> bytes:
        async with browser.get(film, headers={"Range": f"bytes={start}-{stop - 1}"}) as answer:
            assert answer.status == 206
            assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(FILM)}"
            return await answer.read()

    async def whole() -> bytes:
        async with browser.get(film) as answer:
            assert answer.status == 200
            assert answer.headers["Content-Type"] == "video/mp4"
            return await answer.read()

    # Once wound forward before anybody has seen the rest, then the whole hall at once.
    assert await part(2 * MIB + 5, 2 * MIB + 25) == FILM[2 * MIB + 5 : 2 * MIB + 25]
    assert await asyncio.gather(*(whole() for _ in range(8))) == [FILM] * 8
    assert await part(MIB - 3, MIB + 3) == FILM[MIB - 3 : MIB + 3]
    slices = -(-len(FILM) // MIB)
    asked = b"".join(server.look("/metrics")[1] for server in cluster.servers).decode()
    counts = re.findall(r'http_requests_total\{method="GET",route="/F/[^"]*",status="206"\} (\S+)', asked)
    assert sum(map(float, counts)) == slices


async def test_nothing_of_the_inside_is_shown_and_nobody_chooses_his_address(
    browser: aiohttp.ClientSession, first: Door
) -> None:
    for path in ("/metrics", "/%6detrics"):
        async with browser.get(path) as answer:
            assert answer.status == 404
    forged = {"X-Forwarded-For": "203.0.113.66", "X-Requested-With": "nhipcau"}
    async with browser.post("/api/session", json={"login": LOGIN, "password": PASSWORD}, headers=forged) as answer:
        assert answer.cookies["nc_session"]["secure"]
        session = {"Cookie": f"nc_session={answer.cookies['nc_session'].value}"}
    async with browser.get("/api/sessions", headers=forged | session) as answer:
        assert {s["address"] for s in (await answer.json())["sessions"]} == {"127.0.0.1"}


async def test_an_encoder_reaches_the_bridge_behind_the_name(nginx: Nginx, browser: aiohttp.ClientSession) -> None:
    """It publishes and goes; what the bridge tells of itself stays inside."""
    sent = {"Authorization": f"Bearer {a_pass()}", "Content-Type": SDP}
    async with opened(listen_port=nginx.bridge, trusted_proxies=("127.0.0.1",)) as house:
        async with browser.post("/whip/c1/main", data=PUBLISHING, headers=sent) as answer:
            assert answer.status == 201
            session = answer.headers["Location"]
        assert len(house.door.reception.sessions) == 1
        async with browser.delete(session, headers=sent) as answer:
            assert answer.status == 200
        assert not house.door.reception.sessions
        async with browser.options("/whep/c1/programme") as answer:
            assert answer.headers["Accept-Post"] == SDP


async def test_an_event_stream_is_heard_while_it_lasts(nginx: Nginx, trust: ssl.SSLContext, first: Door) -> None:
    code = (await first.admin.call("GET", f"{first.one}/points/3", dict))["code_url"].rsplit("/", 1)[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", nginx.port, ssl=trust)
    try:
        agent = PHONE["User-Agent"]
        writer.write(f"GET /D/{code}/live HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {agent}\r\n\r\n".encode())
        head = await asyncio.wait_for(reader.readuntil(b"retry:"), 10)
        assert b"Content-Type: text/event-stream" in head
        await first.command("post_notice", text="Giải lao đến 9 giờ 30", to="attendees")
        await asyncio.wait_for(reader.readuntil("Giải lao đến 9 giờ 30".encode()), 10)
    finally:
        writer.transport.abort()
