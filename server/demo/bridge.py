"""A bridge and a moving test programme beside the demonstration, as two programs of their own. Nothing else needs them:
they come up after it, and may end before."""

import secrets
import sys
import time
from collections.abc import Mapping

from server.config import MediaConfig
from server.protocol.bridges import MAIN
from server.protocol.passes import Pass, write_pass

from .child import Companion, environment

PORT = 8090
NAME = "minh-hoa"  # what organizers see
PASS = "NC_PASS"  # noqa: S105 - the variable's name
PASS_SECONDS = 7 * 24 * 3_600  # nobody shows the same conference for longer
FIRST_GENERATION = 1  # of a conference's keys: nobody has renewed them yet
_NO_BRIDGE = (
    "Cầu truyền hình minh họa không chạy; mọi thứ khác vẫn chạy.",
    "No bridge carries the programme; everything else goes on.",
)
_NO_PROGRAMME = (
    "Chương trình thử đã dừng: điểm cầu thấy màn chờ; mọi thứ khác vẫn chạy.",
    "The test programme ended, rooms see the slate; everything else goes on.",
)


def new_media() -> MediaConfig:
    """What the service has to know of the bridge."""
    return MediaConfig(secrets.token_urlsafe(32))


def bridge_and_programme(key: str, service: str, host: str, port: int, conference: str) -> list[Companion]:
    """`service`: the address that people reach the service at; the bridge listens beside it, at `port`."""
    until = int(time.time()) + PASS_SECONDS
    programme = Pass(conference, MAIN, "publish", "testcard", until, FIRST_GENERATION)
    sender = publisher_settings(write_pass(programme, key.encode()))
    return [
        _companion("bridge", bridge_settings(NAME, key, service, host, port), _NO_BRIDGE, "bridge"),
        _companion(
            "testcard", sender, _NO_PROGRAMME, "testcard", "--to", f"{_beside(service, port)}/whip/{conference}/{MAIN}"
        ),
    ]


def bridge_settings(name: str, key: str, service: str, host: str, port: int) -> dict[str, str]:
    """The environment of a bridge beside the service, at `port`."""
    settings = {
        "KEY": key,
        "LISTEN__HOST": host,
        "LISTEN__PORT": str(port),
        "MEDIA__PORT": "0",
        "SERVICE__URL": service,
        "SERVICE__OWN_URL": _beside(service, port),
        "SERVICE__NAME": name,
        "WORKERS": "1",
        "LOG__LEVEL": "warning",
    }
    return {f"NHIPCAU_BRIDGE__{option}": value for option, value in settings.items()}


def publisher_settings(token: str) -> dict[str, str]:
    """The environment of `nhipcau testcard`."""
    return {PASS: token}


def _beside(service: str, port: int) -> str:
    return f"{service.rpartition(':')[0]}:{port}"


def _companion(name: str, given: Mapping[str, str], ended: tuple[str, str], *arguments: str) -> Companion:
    return Companion(name, [sys.executable, "-m", "server.cli", *arguments], environment(given), ended)
