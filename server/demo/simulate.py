"""Plays a morning over the public protocol: one line a room, the organizers' part, phones that scan."""

import asyncio
import contextlib
import difflib
import time
from collections.abc import Callable

import aiohttp
from msgspec import Struct

from server import open_files
from server.client.http import Api, ApiError
from server.client.line import Ended, Line, new_id
from server.protocol.commands import PublicCommand, SetPhase
from server.protocol.messages import ServerMessage, SnapshotMessage
from server.protocol.terms import Phase
from server.tables.text import fold
from server.tasks import Tasks

from .acts import Act, Arrive, Cut, Organize, Quality, Tap, Visit
from .arrivals import Room
from .figures import Figures, Summary
from .morning import morning
from .operators import Operator
from .phones import Phones

SEED = 2003  # a morning in which something of everything happens early
STARTS_A_SECOND = 150.0  # enrolments and handshakes; more would measure those and nothing else
STARTS_TOGETHER = 32
BEAT_ROUND = 15  # seconds in which every line is beaten once, a share of them each second
PROGRESS_SECONDS = 10.0
DRAIN_SECONDS = 3.0  # what answers under way may still take at the end
SNAPSHOT_SECONDS = 30.0
SPARE_FILES = 200  # descriptors beside one a room: phones, the program itself
RETRY_SECONDS = 1.0
SOON = 50  # acts that are due at once are done in lots, so that answers are read between them

Say = Callable[[str], None]
_BEFORE: dict[Phase, tuple[Phase, ...]] = {"rehearsal": ("draft",), "live": ("draft", "rehearsal")}


class CannotSimulate(Exception):
    """The message says what stands in the way."""


class PointLink(Struct):
    """`url` is the secret address of the room's operators."""

    point: int
    title: str
    url: str
    revoked: bool


async def simulate(
    url: str,
    login: str = "",
    password: str = "",
    *,
    token: str | None = None,
    conference: str,
    speed: float = 1.0,
    seconds: float | None = None,
    leave_free: str = "",
    seed: int = SEED,
    say: Say = lambda line: None,
    stop: asyncio.Event | None = None,
) -> Summary:
    """Until `seconds` have passed or `stop` is set. Signs in with login and password unless there is a `token`.

    `leave_free` names a room that nobody plays; its link is said. `speed` 2 plays everything in half the time.
    Raises `CannotSimulate`, `ApiError`, or `aiohttp.ClientError` when nobody answers.
    """
    async with Api(url, token) as api:
        if token is None:
            await api.sign_in(login, password)
        board = await _board(api, conference, token)
        if board.conference.phase == "closed":
            raise CannotSimulate(f"the conference {conference} is closed")
        links = await api.call("GET", f"/api/conferences/{conference}/links", list[PointLink])
        free = find_room(links, leave_free) if leave_free else None
        if free:
            say(f"free: {free.title}  {free.url}")
        played = {link.point: link.url for link in links if not link.revoked and link is not free}
        if not played:
            raise CannotSimulate("there is no room with a link to play")
        allow_files(len(played) + SPARE_FILES)
        rooms = [Room(i.id, i.expected, i.seats) for i in board.infos if i.id in played]
        async with Phones(api.base, figures := Figures()) as phones:
            play = Play(api, board, played, phones, figures, speed, say)
            return await play.run(rooms, seed, seconds, stop or asyncio.Event())


def find_room(links: list[PointLink], name: str) -> PointLink:
    """The room of that title, spelled with or without accents; else the first that holds the name."""
    wanted = fold(name)
    folded = {fold(link.title): link for link in reversed(links)}
    if exact := folded.get(wanted):
        return exact
    if held := next((link for link in links if wanted in fold(link.title)), None):
        return held
    near = difflib.get_close_matches(wanted, folded, n=1, cutoff=0.5)
    hint = f"; did you mean {folded[near[0]].title!r}?" if near else ""
    raise CannotSimulate(f"no room is called {name!r}{hint}")


def allow_files(needed: int) -> None:
    """Raises the process's limit of open files as far as it may go. `CannotSimulate` when that is too little."""
    allowed = open_files.raise_limit()
    if needed > allowed:
        raise CannotSimulate(f"{needed} open files are needed and the system allows {allowed} (ulimit -n)")


async def _board(api: Api, conference: str, token: str | None) -> SnapshotMessage:
    """What a wall sees when it opens."""
    found: asyncio.Future[SnapshotMessage] = asyncio.get_running_loop().create_future()

    def hear(message: ServerMessage) -> None:
        if isinstance(message, SnapshotMessage) and not found.done():
            found.set_result(message)

    tasks = Tasks()
    wall = Line(socket_url(api.base), conference, token, hear, additional_headers=api.identity(), proxy=None)

    async def watch() -> None:
        with contextlib.suppress(Ended):
            await wall.run()

    watching = tasks.start("board", watch())
    try:
        done, _ = await asyncio.wait((watching, found), timeout=SNAPSHOT_SECONDS, return_when="FIRST_COMPLETED")
        if found not in done:
            raise CannotSimulate(f"the conference {conference} does not show its board")
        return found.result()
    finally:
        await tasks.stop()


def socket_url(base: str) -> str:
    return f"ws{base.removeprefix('http')}/ws"


class Play:
    """One run. A single task walks through the plan; a tap or a visit is a short task of its own."""

    def __init__(
        self,
        api: Api,
        board: SnapshotMessage,
        links: dict[int, str],
        phones: Phones,
        figures: Figures,
        speed: float,
        say: Say,
    ) -> None:
        self._api, self._board, self._links = api, board, links
        self._phones, self._figures, self._speed, self._say = phones, figures, speed, say
        self._rooms: dict[int, Operator] = {}
        self._lines, self._short = Tasks(), Tasks()
        self._starting = asyncio.Semaphore(STARTS_TOGETHER)
        self._next_start = 0.0
        self._began = time.monotonic()

    async def run(self, rooms: list[Room], seed: int, seconds: float | None, stop: asyncio.Event) -> Summary:
        main = Tasks()
        walking = main.start("plan", self._walk(rooms, seed))
        main.start("beats", self._beats())
        main.start("progress", self._progress())
        stopped = main.start("stop", stop.wait())
        try:
            await asyncio.wait((walking, stopped), timeout=seconds, return_when="FIRST_COMPLETED")
            if walking.done():
                walking.result()
            await main.stop()
            await self._short.drain(DRAIN_SECONDS)
            return self._summary()
        finally:
            for tasks in (main, self._short, self._lines):
                await tasks.stop()

    async def _walk(self, rooms: list[Room], seed: int) -> None:
        self._began = time.monotonic()
        for n, act in enumerate(morning(rooms, seed)):
            wait = self._began + act.at / self._speed - time.monotonic()
            if wait > 0 or n % SOON == 0:
                await asyncio.sleep(max(0.0, wait))
            self._do(act)

    def _do(self, act: Act) -> None:
        match act:
            case Arrive(point=point):
                operator = Operator(socket_url(self._api.base), self._api, self._links[point], self._figures)
                self._rooms[point] = operator
                self._lines.start(f"room {point}", self._arrive(operator))
            case Tap(point=point, command=command):
                self._short.start("tap", self._rooms[point].tap(command))
            case Cut(point=point, seconds=seconds):
                self._rooms[point].cut(seconds / self._speed)
            case Quality(point=point, weak=weak):
                self._short.start("quality", self._rooms[point].get_weak(weak))
            case Organize(command=command):
                self._short.start("organize", self._organize(command))
            case Visit(point=point, phone=phone, opens=opens):
                if code := self._rooms[point].code:
                    self._short.start("visit", self._phones.visit(code, phone, opens))

    async def _arrive(self, operator: Operator) -> None:
        """Starts are spread: a whole country must not knock in one second."""
        now = time.monotonic()
        self._next_start = max(self._next_start, now) + 1 / STARTS_A_SECOND
        await asyncio.sleep(self._next_start - now)
        async with self._starting:
            while True:
                try:
                    line = await operator.enrol()
                    break
                except (aiohttp.ClientError, TimeoutError):
                    await asyncio.sleep(RETRY_SECONDS)
        if line:
            await operator.keep(line)

    async def _organize(self, command: PublicCommand) -> None:
        """As often as it takes: the same id has one effect. A phase is set only where the conference is before it."""
        if isinstance(command, SetPhase) and self._board.conference.phase not in _BEFORE[command.phase]:
            return
        body = {"id": new_id(), "command": command}
        while True:
            try:
                path = f"/api/conferences/{self._board.conference.id}/commands"
                await self._api.call("POST", path, object, body)
                return
            except ApiError as error:
                self._figures.refusals[error.error.code] += 1
                return
            except (aiohttp.ClientError, TimeoutError):
                await asyncio.sleep(RETRY_SECONDS)

    async def _beats(self) -> None:
        """One task for all lines: each second the next share of them."""
        second = 0
        while True:
            await asyncio.sleep(1)
            second += 1
            for number, operator in enumerate(tuple(self._rooms.values())):
                if number % BEAT_ROUND == second % BEAT_ROUND:
                    await operator.beat()

    async def _progress(self) -> None:
        while True:
            await asyncio.sleep(PROGRESS_SECONDS)
            s = self._summary()
            self._say(
                f"{s.seconds:6.0f} s  {s.connected}/{s.rooms} lines  {s.done}/{s.sent} taps done  {s.refused} refused"
                f"  {s.cut} cut  {s.lost_lines} lost  {s.scans} scans  p50 {s.ack_p50_ms} ms  p99 {s.ack_p99_ms} ms"
            )

    def _summary(self) -> Summary:
        connected = sum(operator.connected() for operator in self._rooms.values())
        return self._figures.summary(len(self._links), connected, time.monotonic() - self._began)
