"""What players are told of the network: our addresses, helpers on the way, credentials."""

import errno
import hmac
import secrets
import time
from base64 import b64encode
from hashlib import sha1
from socket import AF_INET, AF_INET6, IPPROTO_IPV6, IPV6_V6ONLY, SOCK_DGRAM, socket

from aioice.ice import get_host_addresses
from msgspec import Struct

from bridge.config import Ice, Media

_HOUR = 3_600
_NOT_HERE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EINVAL)
_ANYWHERE = {"::": (True, True), "0.0.0.0": (True, False)}  # noqa: S104 - said of a configuration, not bound here


class Credentials(Struct, frozen=True):
    """Of one ICE session, in ICE's letters. `etag` names it over HTTP."""

    ufrag: str
    pwd: str
    etag: str


def credentials() -> Credentials:
    return Credentials(secrets.token_hex(4), secrets.token_hex(16), f'"{secrets.token_hex(8)}"')


def bindable(address: str) -> str:
    """`::` on a machine that has no IPv6 is all its cards as well: those with IPv4."""
    if address == "::":
        try:
            with socket(AF_INET6, SOCK_DGRAM) as tried:
                tried.bind((address, 0))
        except OSError:
            return "0.0.0.0"  # noqa: S104 - what the configuration asks for
    return address


def hindrance(host: str, port: int) -> str:
    """What keeps a worker from this address: the key of the configuration that says so, and why; empty when nothing
    does. Port 0: whichever."""
    family = AF_INET6 if ":" in host else AF_INET
    try:
        with socket(family, SOCK_DGRAM) as tried:
            if family == AF_INET6:
                tried.setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, 0)  # as workers do
            tried.bind((host, port))
    except OSError as error:
        if error.errno in _NOT_HERE:
            return f"media.bind: {host} is no address of this machine"
        why = "taken by another program" if error.errno == errno.EADDRINUSE else error.strerror or error
        return f"media.port: UDP {port}: {why}"
    return ""


def addresses(media: Media) -> tuple[str, ...]:
    """Where players reach the workers, best first; at least one."""
    if media.addresses:
        return media.addresses
    bind = bindable(media.bind)
    if bind not in _ANYWHERE:
        return (bind,)
    return tuple(get_host_addresses(*_ANYWHERE[bind])) or ("127.0.0.1",)


def links(ice: Ice, name: str) -> list[str]:
    """Values of `Link` headers (RFC 9725, 4.6). A TURN server gets a user name that holds the time it ends at, and the
    password that coturn computes of it in the same way (`use-auth-secret`)."""
    user = f"{int(time.time()) + ice.turn_hours * _HOUR}:{name}"
    word = b64encode(hmac.digest(ice.turn_secret.encode(), user.encode(), sha1)).decode()
    login = f'; username="{user}"; credential="{word}"; credential-type="password"'
    return [f'<{url}>; rel="ice-server"{login if url.startswith("turn") else ""}' for url in ice.servers]
