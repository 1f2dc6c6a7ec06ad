"""The demonstration: a server with a conference of 766 rooms in this process, the rooms' people in another, and a
bridge that carries a test programme beside them."""

import asyncio
import secrets
import shutil
import signal
import socket
import tempfile
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from server.app import Server
from server.client.http import Api
from server.config import Config, Listen, LiveConfig, MediaConfig
from server.printing.sheets import FONTS
from server.printing.text import grouped
from server.tasks import Tasks

from .arrivals import BEGIN
from .bridge import PORT, bridge_and_programme, new_media
from .child import PASSWORD, Companion, command, environment
from .conference import Made, make_conference
from .simulate import PointLink, find_room

LOGIN, NAME = "bantochuc", "Ban tổ chức"
FREE = "Xã Tản Lĩnh"  # the room that is left to whoever watches
GRACE_MS = 8_000  # a lost line is shown sooner than in earnest: whoever watches has minutes, not a morning
MINUTE = 60_000
_SIMULATOR_ENDED = ("Mô phỏng đã dừng; máy chủ vẫn chạy.", "The simulator ended; the server goes on.")
_PROGRAMME = (
    "  Một cầu truyền hình đưa chương trình thử (hình, đồng hồ, tiếng) tới màn hình điều hành và các điểm cầu.",
    "  A bridge carries a test programme (picture, clock, tone) to the wall and to the rooms.",
    "",
)
ANYWHERE = "0.0.0.0"  # noqa: S104 - only when the user asks for it
_WORDS = (
    "bien", "cau", "cay", "dong", "duong", "gio", "hoa", "lang", "lua", "may", "nang", "nha", "nui", "que", "rung",
    "sen", "song", "suoi", "thuyen", "tre",
)  # fmt: skip

Say = Callable[[str], None]


class CannotDemonstrate(Exception):
    """The message says what stands in the way."""


class Addresses(Struct, frozen=True):
    """Everything a newcomer opens."""

    wall: str
    kiosk: str
    console: str
    password: str
    room: PointLink
    code: str
    points: int


class _Detail(Struct):
    code_url: str | None


async def demo(
    port: int = 8080,
    speed: float = 1.0,
    open_browser: bool = False,
    keep: Path | None = None,
    host: str = "127.0.0.1",
    say: Say = lambda line: None,
    bridge: bool = True,
) -> None:
    """Until SIGINT or SIGTERM. Data lie in a folder that is removed at the end, or in `keep`, empty before.

    A taken port is replaced by a free one, and that is said. `host` 0.0.0.0 lets phones of the network in.
    Raises `CannotDemonstrate`, `ApiError`, `NotMade`, `OSError`.
    """
    began = time.monotonic()
    if not FONTS.is_dir():
        raise CannotDemonstrate("the pages are not built yet: run `make web`")
    stop, tasks = asyncio.Event(), Tasks()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    with _folder(keep) as folder:
        config = _config(host, port, folder, bridge, say)
        show = tasks.start("demonstration", _show(config, folder, speed, open_browser, began, say))
        stopped = tasks.start("stop", stop.wait())
        try:
            await asyncio.wait((show, stopped), return_when="FIRST_COMPLETED")
            if show.done():
                show.result()
            say("\n  Đang dừng. Stopping.")
        finally:
            await tasks.stop()


async def _show(config: Config, folder: Path, speed: float, open_browser: bool, began: float, say: Say) -> None:
    """Until cancelled. What runs beside the server goes before it, so that no line breaks unasked."""
    server, tasks = Server(config), Tasks()
    await server.start()
    try:
        password = new_password()
        await server.create_account(LOGIN, NAME, password)
        made, addresses = await build(server.base_url, password, round(BEGIN / speed * 1000))
        simulator = command(server.base_url, made.id, LOGIN, speed, addresses.room.title)
        beside = [Companion("simulator", simulator, environment({PASSWORD: password}), _SIMULATOR_ENDED)]
        if key := config.media.key:
            host = config.listen.host
            beside += bridge_and_programme(key, server.base_url, host, free_port(host, PORT), made.id)
        for one in beside:
            tasks.start(one.name, one.run(folder, say))
        say(text(addresses, time.monotonic() - began, BEGIN / speed, config.media.on()))
        if open_browser:
            await asyncio.to_thread(webbrowser.open, addresses.kiosk)
        await asyncio.Event().wait()
    finally:
        await tasks.stop()
        await server.stop()


async def build(base: str, password: str, ahead: int) -> tuple[Made, Addresses]:
    """`ahead`: ms from now to the beginning, announced for a whole minute as people do."""
    async with Api(base) as api:
        await api.sign_in(LOGIN, password)
        now = time.time_ns() // 1_000_000
        made = await make_conference(api, round((now + ahead) / MINUTE) * MINUTE)
        one = f"/api/conferences/{made.id}"
        room = find_room(await api.call("GET", f"{one}/links", list[PointLink]), FREE)
        code = (await api.call("GET", f"{one}/points/{room.point}", _Detail)).code_url or ""
        return made, Addresses(f"{base}/wall/{made.id}", made.kiosk, base, password, room, code, made.points)


def text(a: Addresses, seconds: float, begin: float, bridge: bool = False) -> str:
    """What is printed, in both languages: what it is, and where."""
    rows = [
        ("Màn hình điều hành", "Wall", a.wall),
        ("Không cần đăng nhập", "Kiosk, no sign-in", a.kiosk),
        ("Trang ban tổ chức", "Console", a.console),
        ("Đăng nhập", "Sign-in", f"{LOGIN} / {a.password}"),
        (f"Điểm cầu {a.room.title}", "A free operator's link", a.room.url),
        ("Đại biểu quét mã", "An attendee's code", f"{a.code}   ({grouped(a.code.rsplit('/', 1)[-1])})"),
    ]
    left, middle = (max(len(row[i]) for row in rows) for i in (0, 1))
    lines = [f"  {vi:<{left}}   {en:<{middle}}   {value}" for vi, en, value in rows]
    return "\n".join(
        [
            "",
            f"  Nhịp Cầu: hội nghị minh họa với {a.points} điểm cầu đã sẵn sàng sau {seconds:.1f} giây.",
            f"  The demonstration with {a.points} points is ready after {seconds:.1f} seconds.",
            "",
            *lines,
            "",
            *(_PROGRAMME if bridge else ()),
            f"  Các điểm cầu vào dần, hội nghị bắt đầu sau khoảng {begin:.0f} giây. Dừng: Ctrl-C.",
            f"  Rooms come in now; the conference begins in about {begin:.0f} seconds. Stop: Ctrl-C.",
            "",
        ]
    )


def new_password() -> str:
    """Easy to read out, one of ten thousand millions: the log-in's limits make that enough for an afternoon."""
    return "-".join([*(secrets.choice(_WORDS) for _ in range(4)), f"{secrets.randbelow(10**5):05d}"])


def _config(host: str, port: int, folder: Path, bridge: bool, say: Say) -> Config:
    chosen = free_port(host, port)
    if port not in (0, chosen):
        say(f"  Cổng {port} đang bận, dùng cổng {chosen}. Port {port} is taken, using {chosen}.")
    public = f"http://{_own_address()}:{chosen}" if host == ANYWHERE else ""
    live = msgspec.structs.replace(LiveConfig(), grace_ms=GRACE_MS)
    media = new_media() if bridge else MediaConfig()
    return Config(Listen(host, chosen), public_url=public, data_dir=str(folder), live=live, media=media)


def free_port(host: str, port: int) -> int:
    """`port` if nobody listens there, else one that the system chooses."""
    for wanted in (port, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, wanted))
                return int(probe.getsockname()[1])
            except OSError:
                continue
    raise CannotDemonstrate(f"no port is free on {host}")


def _own_address() -> str:
    """The address other devices of the network reach this one by; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        if any(keep.iterdir()):
            raise CannotDemonstrate(f"{keep} is not empty: a demonstration begins in an empty folder")
        yield keep
        return
    folder = Path(tempfile.mkdtemp(prefix="nhipcau-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
