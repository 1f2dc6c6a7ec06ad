"""`nhipcau doctor --bridge`: what stands between this bridge and its rooms, before the morning. Changes nothing."""

import asyncio
import os
import secrets
import socket
import time
from ipaddress import ip_address
from pathlib import Path

import aiohttp
import msgspec
from aiohttp import ClientSession, ClientTimeout

from bridge.config import Config, Janus
from bridge.door.front import SDP
from bridge.door.ice import addresses, bindable, hindrance
from bridge.janus.api import JanusError, JanusGone, connected
from bridge.janus.plugins import PLUGINS
from bridge.relay.port import RECEIVE_BYTES, SEND_BYTES
from bridge.service import PASS_SECONDS
from server.protocol.bridges import BRIDGE_STREAM, PROGRAMME, BridgeReport
from server.protocol.errors import ErrorBody
from server.protocol.findings import Finding, ahead, clock
from server.protocol.passes import Pass, write_pass

ANSWER_SECONDS = 3.0
NOBODY = "x" * 41  # longer than a bridge's name may be: the service looks at the pass, and writes nothing down
_BUFFERS = {"wmem_max": SEND_BYTES, "rmem_max": RECEIVE_BYTES}
_KERNEL = Path("/proc/sys/net/core")
_BINDING = bytes.fromhex("00010000 2112a442")  # a STUN request without anything in it (RFC 8489, 5)


async def examine(config: Config, service_key: str | None = None) -> list[Finding]:
    """`service_key`: the `media.key` of the service's own configuration, where that is at hand."""
    timeout = ClientTimeout(total=ANSWER_SECONDS)
    async with ClientSession(timeout=timeout) as http:
        runs = await _is_bridge(http, f"http://{_near(config.listen.host)}:{config.listen.port}")
        found = [_key(config, service_key), *await _carriers(config, http, runs)]
        found += await asyncio.gather(*(_helper(url) for url in config.ice.servers))
        return [*found, *await _company(config, http, runs)]


def _key(config: Config, service_key: str | None) -> Finding:
    if service_key is not None and service_key != config.key:
        return Finding(
            "key", "missing", "another one than the service's", "the same `media.key` and `key` in both files"
        )
    return Finding("key", "ok", f"{len(config.key)} characters")


async def _carriers(config: Config, http: ClientSession, runs: bool) -> list[Finding]:
    if config.janus.url:
        return [await _janus(config.janus, http)]
    return [_addresses(config), *_ports(config, runs), *map(_buffer, _BUFFERS)]


async def _janus(janus: Janus, http: ClientSession) -> Finding:
    try:
        async with connected(http, janus.url, janus.secret) as api:
            for plugin in PLUGINS:
                await api.attach(plugin)
    except JanusGone as error:
        advice = "start Janus there with its WebSocket transport, or correct `janus.url`"
        return Finding("janus", "missing", f"{janus.url}: {error}", advice)
    except JanusError as error:
        advice = "`janus.secret` must be its `api_secret`, and its plugins VideoRoom and Streaming be loaded"
        return Finding("janus", "missing", f"{janus.url} refuses: {error}", advice)
    return Finding("janus", "ok", f"{janus.url} has what carries media")


def _addresses(config: Config) -> Finding:
    found = addresses(config.media)
    told = ", ".join(found)
    if all(ip_address(one).is_loopback for one in found):
        return Finding(
            "addresses", "missing", f"only {told}: this machine's own", "connect it, or set `media.addresses`"
        )
    if not any(ip_address(one).is_global for one in found):
        advice = "right for one building; else name the router's public address in `media.addresses`, forward the ports"
        return Finding("addresses", "warning", f"{told}: no public one", advice)
    return Finding("addresses", "ok", told)


def _ports(config: Config, runs: bool) -> list[Finding]:
    first, workers = config.media.port, config.workers or os.cpu_count() or 1
    if not first:
        return [Finding("udp_ports", "warning", "others at each start", "set `media.port`: a firewall must know them")]
    wanted = range(first, first + workers)
    told = f"UDP {wanted[0]}" if workers == 1 else f"UDP {wanted[0]} to {wanted[-1]}"
    if runs:
        return [Finding("udp_ports", "ok", f"{told}: held by the bridge that runs; open them in every firewall")]
    if why := next(filter(None, (hindrance(bindable(config.media.bind), port) for port in wanted)), ""):
        key, _, detail = why.partition(": ")
        advice = "name one of its addresses, or `::`" if key == "media.bind" else "stop it, or choose another port"
        return [Finding("udp_ports", "missing", detail, f"{advice}: `{key}`")]
    return [Finding("udp_ports", "ok", f"{told}: free; open them in every firewall")]


def _buffer(name: str) -> Finding:
    """A key frame to all rooms of a worker is handed to the kernel at once."""
    wanted = _BUFFERS[name]
    try:
        most = int((_KERNEL / name).read_text())
    except OSError:  # a container does not see it; its host has it
        return Finding(name, "warning", "not to be seen here", f"net.core.{name}={wanted} on the host")
    if most < wanted:
        return Finding(name, "warning", f"{most} bytes", f"sysctl net.core.{name}={wanted}, else packets are lost")
    return Finding(name, "ok", f"{most} bytes")


# --- who helps on the way


async def _helper(url: str) -> Finding:
    """A TURN or STUN server: whether it answers at all."""
    scheme, _, rest = url.partition(":")
    place, _, options = rest.partition("?")
    host, _, port = place.rpartition(":") if ":" in place.rsplit("]", 1)[-1] else (place, "", "")
    at = host.strip("[]"), int(port or (5349 if scheme in ("turns", "stuns") else 3478))
    overs = "TCP" if scheme in ("turns", "stuns") or "transport=tcp" in options else "UDP"
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await (_connected(*at) if overs == "TCP" else _bound(*at))
    except OSError as error:
        advice = "start coturn there, and open the port: rooms without UDP come by it alone"
        return Finding("turn", "missing", f"{url}: {_why(error)}", advice)
    return Finding("turn", "ok", f"{url} answers")


async def _connected(host: str, port: int) -> None:
    _, writer = await asyncio.open_connection(host, port)
    writer.close()


async def _bound(host: str, port: int) -> None:
    loop, asked = asyncio.get_running_loop(), secrets.token_bytes(12)
    (family, kind, proto, _, address), *_ = await loop.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    with socket.socket(family, kind, proto) as line:
        line.setblocking(False)
        await loop.sock_connect(line, address)
        await loop.sock_sendall(line, _BINDING + asked)
        while (await loop.sock_recv(line, 2_048))[8:20] != asked:
            pass


# --- whom it works with


async def _company(config: Config, http: ClientSession, runs: bool) -> list[Finding]:
    service = config.service
    if not service.url:
        detail = "none: nobody is sent here or elsewhere, and no room is put on air"
        return [Finding("service", "warning", detail, "set `service.url`, `service.name` and `service.own_url`")]
    return [*await _service(config, http), await _own(service.own_url.rstrip("/"), http, runs)]


async def _service(config: Config, http: ClientSession) -> list[Finding]:
    url = config.service.url.rstrip("/")
    try:
        async with http.get(f"{url}/healthz") as answer:
            apart = ahead(answer.headers.get("Date"), time.time())
        code = await _judged(config, http, f"{url}/api/bridges/{NOBODY}", int(time.time() + apart))
    except (aiohttp.ClientError, OSError, msgspec.DecodeError) as error:
        return [Finding("service", "missing", f"{url}: {_why(error)}", "check `service.url` and the way there")]
    return [_accepted(url, code), clock(url, apart)]


async def _judged(config: Config, http: ClientSession, url: str, now: int) -> str:
    """The code that the service refuses a bridge with whose name is none."""
    mine = write_pass(Pass("", BRIDGE_STREAM, "publish", "doctor", now + PASS_SECONDS), config.key.encode())
    body = msgspec.json.encode(BridgeReport(config.service.own_url, 1))
    headers = {"Authorization": f"Bearer {mine}", "Content-Type": "application/json"}
    async with http.post(url, data=body, headers=headers) as answer:
        return msgspec.json.decode(await answer.read(), type=ErrorBody).error.code


def _accepted(url: str, code: str) -> Finding:
    match code:
        case "bridge_unknown":
            return Finding("service", "ok", f"{url} takes this key")
        case "bad_pass":
            return Finding("service", "missing", f"{url} has another key", "`key` must be its `media.key`")
        case "media_off":
            return Finding("service", "missing", f"{url} has no `media.key`", "give it this bridge's `key`")
    return Finding("service", "missing", f"{url} answers `{code}`", "is it the coordination service, and ready?")


async def _own(url: str, http: ClientSession, runs: bool) -> Finding:
    if not url.startswith("https://"):
        return Finding(
            "own_url", "warning", f"{url} is not encrypted", "pages need https: put a proxy with TLS before it"
        )
    if await _is_bridge(http, url):
        return Finding("own_url", "ok", f"{url} leads to a bridge")
    if runs:
        advice = "let the proxy of that name pass on /whip, /whep and /session"
        return Finding("own_url", "missing", f"{url} does not lead to a bridge", advice)
    return Finding("own_url", "ok", f"{url}: to be seen once the bridge runs")


# --- small


async def _is_bridge(http: ClientSession, url: str) -> bool:
    """Behind a shared name everything but a bridge's own paths is the service's."""
    try:
        async with http.options(f"{url}/whep/x/{PROGRAMME}") as answer:
            return answer.headers.get("Accept-Post") == SDP
    except (aiohttp.ClientError, OSError):
        return False


def _near(host: str) -> str:
    """Where a program on this machine reaches who listens at `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - said of a configuration


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or "no answer"
