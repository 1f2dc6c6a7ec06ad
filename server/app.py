"""The composition root: the only place that knows every part. To add a capability, add its line here."""

import asyncio
import contextlib
import gc
import socket
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from pathlib import Path
from typing import IO, Literal
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from server import open_files
from server.accounts.capability import Accounts
from server.accounts.messages import MESSAGES as ACCOUNTS
from server.accounts.model import AccountRole
from server.attendance.capability import Attendance
from server.attendance.channel import MAX_STREAMS
from server.attendance.codes import CodeStore
from server.attendance.messages import MESSAGES as ATTENDANCE
from server.conference.messages import MESSAGES as CONFERENCE
from server.conferences.routes import ConferenceRoutes
from server.config import Config
from server.db import leader_of, make_engine, migrate
from server.documents.capability import Documents
from server.documents.mark import mark_of
from server.documents.messages import MESSAGES as DOCUMENTS
from server.documents.objects import Objects, s3
from server.documents.storage import Folder
from server.http.assembly import Assembly, add_headers
from server.http.connections import Runner
from server.http.health import Health, Question
from server.http.messages import MESSAGES as HTTP
from server.http.metrics import Metrics
from server.http.openapi import OpenApi
from server.http.pages import Pages
from server.http.proxies import trust
from server.http.routing import Capability
from server.http.tries import Tries
from server.journal import Journal
from server.live.bus import Alone, NatsBus
from server.live.conductor import Clock, now_ms
from server.live.conferences import Conferences, LiveSettings
from server.live.register import sign, sign_off, strangers
from server.live.sockets import Sockets
from server.lock import InUse, hold
from server.media.capability import Media
from server.media.messages import MESSAGES as MEDIA
from server.messages import Catalog
from server.operators.messages import MESSAGES as OPERATORS
from server.operators.routes import Addresses, Operators
from server.operators.secrets import Secrets, conference_id
from server.points.detail import Addresses as PointAddresses
from server.points.importing import PointImports
from server.points.messages import MESSAGES as POINTS
from server.points.purge import ContactPurge
from server.points.routes import PointRoutes
from server.points.store import ContactStore
from server.printing import qr
from server.printing.problems import MESSAGES as PRINTING
from server.printing.rooms import capital_host
from server.printing.routes import PrintingRoutes
from server.secret_key import load_key
from server.tables.messages import MESSAGES as TABLES
from server.tasks import Tasks
from server.units.files import FileDesk
from server.units.messages import MESSAGES as UNITS
from server.units.routes import UnitRoutes
from server.units.store import UnitStore

log = structlog.get_logger()
WEB_DIST = Path(__file__).resolve().parent.parent / "web" / "dist"
BACKLOG = 4_096  # connections the kernel holds while a whole hall scans at once
# A connection without a whole request in this time is closed: silent, idle, or sending its headers byte by byte.
IDLE_SECONDS = 75  # above the 60 s that proxies keep theirs, so that they close first
RESERVED_FILES = 2_000  # for a conference's walls and operators, and the documents that are read meanwhile
LEADER_SECONDS = 2  # between two looks at all databases that are named: in between one may have taken another's place
RECHECK_SECONDS = 3  # what was revoked at another server is closed here within five
SWEEP_SECONDS = 300  # after a start, so that a server that is restarted daily sweeps too; not in the rush of a return
GRACE_SECONDS = 10  # what a stop waits for requests under way


class CannotStart(Exception):
    """`key` names the part of the configuration that stands in the way."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key = key


class Server:
    """One process of the coordination service. `start` returns when it listens, `stop` when nothing is left open."""

    def __init__(self, config: Config, clock: Clock = now_ms) -> None:
        self.config, self._clock = config, clock
        self._tasks = Tasks()
        self._stopping = False
        self._runner: Runner | None = None
        self.port = config.listen.port
        self._data = Path(config.data_dir)
        self._lock: IO[str] | None = None
        self._secrets = Secrets(b"")
        self._store: str | None = None  # the mark of where its documents lie, among servers
        url = config.database_url()
        self._leader = None if url.startswith("sqlite") else leader_of(url, config.timeline())
        self.engine = make_engine(url, self._leader)
        self.journal = Journal(self.engine)
        self._question = Question(self.engine, self._tasks)

    @property
    def base_url(self) -> str:
        """What links and QR codes begin with."""
        return self.config.public_url.rstrip("/") or f"http://{self.config.listen.host}:{self.port}"

    async def start(self) -> None:
        """Migrates, composes, listens. Raises `CannotStart`, which names the key of the configuration."""
        try:
            await self._start()
        except CannotStart:
            await self._release()
            raise

    async def _release(self) -> None:
        await self.engine.dispose()
        if self._lock:
            self._lock.close()

    async def _start(self) -> None:
        open_files.raise_limit()
        await self._prepare()
        # Listening comes first where the port is free to choose: addresses are part of what is composed.
        listen = self.config.listen
        try:
            socket = _listen(listen.host, listen.port)
        except OSError as e:
            raise CannotStart("listen", f"{listen.host}:{listen.port}: {e.strerror or e}") from e
        self.port = socket.getsockname()[1]
        app = await self._compose()
        await self.conferences.start()
        self._runner = Runner(app, self.assembly.apologise, IDLE_SECONDS, GRACE_SECONDS)
        await self._runner.setup()
        await web.SockSite(self._runner, socket, backlog=BACKLOG).start()
        # What exists now lives as long as the process: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 50, 1_000)
        log.info("listening", address=self.base_url)

    async def _prepare(self) -> None:
        """The folder and the database, or one sentence that says which of them is wrong."""
        try:
            await asyncio.to_thread(self._data.mkdir, parents=True, exist_ok=True)
            if self.engine.dialect.name == "sqlite":
                self._lock = hold(self._data)
            self._secrets = Secrets(load_key(self.config.secret_key, self._data))
        except InUse as e:
            raise CannotStart("data_dir", f"{e} is in use by another server; SQLite serves one server") from e
        except OSError as e:
            raise CannotStart("data_dir", f"{self._data} cannot be used: {e.strerror or e}") from e
        try:
            await migrate(self.engine)
        except Exception as e:
            raise CannotStart("database", str(e).splitlines()[0]) from e
        self.conferences = self._conferences()
        await self._agree()

    async def _agree(self) -> None:
        """Links, phones and documents that one server knows must be known to all. Signs on first: of two that start at
        once and differ, one at least sees the other."""
        if not self.journal.shared:
            return
        self._store = await mark_of(self.engine, storage_of(self.config, self._data))
        await self._sign()
        await self._same("key", self._secrets.mark(), "secret_key", "another key; all need the same `secret_key`")
        if self._store:
            why = "another store of documents; all need one `data_dir` that they share, or the same `documents.s3`"
            await self._same("store", self._store, "documents", why)

    async def _same(self, what: Literal["key", "store"], own: str, key: str, why: str) -> None:
        if others := await strangers(self.engine, what, own):
            await sign_off(self.engine, self.conferences.bus.name)
            raise CannotStart(key, f"{len(others)} server(s) of this database have {why}")

    async def _sign(self) -> set[str]:
        return await sign(self.engine, self.conferences.bus.name, self._secrets.mark(), self._store)

    async def stop(self) -> None:
        """Tells every socket to come back, finishes what is queued, closes the database."""
        self._stopping = True
        self.sockets.stop()
        self.attendance.send_away(for_good=True)
        self.media.close()
        await self._tasks.stop()
        if self._runner:
            await self._runner.cleanup()
        await self.attendance.close()
        await self.conferences.stop()
        if self.journal.shared:
            with contextlib.suppress(SQLAlchemyError, OSError):  # without the database the others find out by silence
                await sign_off(self.engine, self.conferences.bus.name)
        await self.accounts.close()
        await self._release()

    async def create_account(
        self, login: str, name: str, password: str, role: AccountRole = "administrator", unit: str | None = None
    ) -> None:
        await self.accounts.create_account(login, name, password, role, unit)

    # --- composition

    async def _compose(self) -> web.Application:
        config, clock = self.config, self._clock
        addresses, metrics = Addresses(self.base_url), Metrics()
        secrets, conferences, tries = self._secrets, self.conferences, Tries(self.engine)
        units = UnitStore(self.engine)
        operators = Operators(conferences, secrets, lambda url: qr.svg(capital_host(url)), addresses, tries)
        self.accounts = accounts = Accounts(
            self.engine,
            conferences,
            _within(units),
            operators.device,
            lambda test: self.sockets.close_where(test),
            self.base_url,
            tries,
            clock=clock,
        )
        people = (ACCOUNTS, POINTS, OPERATORS, ATTENDANCE)
        catalog = Catalog(HTTP, CONFERENCE, TABLES, UNITS, *people, PRINTING, DOCUMENTS, MEDIA)
        authenticate = accounts.authenticator.authenticate
        self.assembly = assembly = Assembly(catalog, authenticate, metrics, frozenset(config.allowed_origins))
        self.sockets = Sockets(conferences, authenticate, assembly, metrics)
        desk, contacts, codes = FileDesk(), ContactStore(self.engine), CodeStore(self.engine)
        documents = Documents(
            self.engine,
            conferences,
            self.journal,
            storage_of(config, self._data),
            self._data / "incoming",
            key=secrets.key_for("grants"),
            types=config.documents.types,
            max_bytes=config.documents.max_mb * 1024 * 1024,
            name_of=accounts.name_of,
            expired_page=lambda lang: self.attendance.expired_page(lang),
            clock=clock,
        )
        self.attendance = Attendance(
            conferences,
            codes,
            key=secrets.key_for("seen"),
            code_url=addresses.code,
            address=documents.address,
            metrics=metrics,
            tries=tries,
            streams=_streams(open_files.limit()),
            clock=clock,
        )
        self.media = media = Media(self.engine, conferences, config.media, metrics.registry, clock=clock)
        imports = PointImports(units, contacts, codes.reserve)
        capabilities: list[Capability] = [
            accounts,
            ConferenceRoutes(conferences, self.journal, conference_id, codes.reserve, accounts.name_of),
            operators,
            UnitRoutes(units, desk, catalog, _today),
            PointRoutes(
                conferences,
                self.journal,
                imports,
                contacts,
                desk,
                catalog,
                PointAddresses(operators.link_url, addresses.code),
            ),
            documents,
            self.attendance,
            media,
            PrintingRoutes(conferences, operators.link_url, addresses.code, self.base_url),
            self.sockets,
            Health(metrics, config.metrics_token, self._reasons, self._degraded),
            Pages(WEB_DIST, config.media.on()),
            OpenApi(assembly.routes, self.base_url),
        ]
        app = web.Application(middlewares=[trust(config.trusted_proxies), assembly.middleware])
        for capability in capabilities:
            assembly.mount(app, capability.routes())
        app.on_response_prepare.append(add_headers)
        purge = ContactPurge(contacts, self.journal, config.contacts_keep_days)
        metrics.degraded.set_function(lambda: not self.conferences.steady())
        self._tasks.start("cut off", _every(1, self._send_away_when_cut_off))
        if self._leader and not self._leader.alone:
            self._tasks.start("database leader", _every(LEADER_SECONDS, self._leader.look))
        self._tasks.start("silent lines", _every(5, self.sockets.sweep))
        self._tasks.start("keys", _every(RECHECK_SECONDS, lambda: accounts.recheck(self.sockets.held())))
        self._tasks.start("accounts sweep", _every(60, accounts.sweep))
        self._tasks.start("media sweep", _every(5, media.sweep))
        self._tasks.start("tries sweep", _every(60, tries.purge))
        self._tasks.start("documents sweep", _every(24 * 3_600, documents.sweep, first=SWEEP_SECONDS))
        self._tasks.start("contacts purge", _every(3_600, lambda: purge.purge(clock())))
        return app

    def _conferences(self) -> Conferences:
        live, urls = self.config.live, self.config.bus.urls
        settings = LiveSettings(live.interval_ms, live.grace_ms, live.pace_ms, live.beat_ms, self.config.media.on())
        bus = NatsBus(urls, cluster=self._secrets.key_for("bus").hex()[:16]) if urls else Alone()
        return Conferences(self.journal, settings, self._clock, bus, self._sign)

    async def _send_away_when_cut_off(self) -> None:
        """A server that cannot write, while another can, keeps nobody: who comes back is led elsewhere."""
        if self.conferences.cut_off():
            log.warning("cut_off", sockets=self.sockets.count())
            self.sockets.close_all()
            self.attendance.send_away()

    def _degraded(self) -> list[str]:
        found = {"bus": not self.conferences.steady(), "journal_gap": self.conferences.broken()}
        return [name for name, wrong in found.items() if wrong]

    async def _reasons(self) -> list[str]:
        """Why this server should not be sent work now."""
        if self._stopping:
            return ["stopping"]
        if not await self._question.answered():
            return ["database"]
        return [] if self.conferences.fit() else ["journal"]


async def _every(seconds: float, work: Callable[[], Awaitable[object]], first: float | None = None) -> None:
    """Housekeeping that failed once is tried again the next time. `first`: seconds until then, if others."""
    pause = seconds if first is None else first
    while True:
        await asyncio.sleep(pause)
        pause = seconds
        try:
            await work()
        except Exception as error:
            log.error("housekeeping_failed", exc_info=error)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


def _streams(files: int) -> int:
    """How many phones may listen: they must not take the places of the walls and the operators."""
    return min(MAX_STREAMS, max(files // 2, files - RESERVED_FILES))


def _within(units: UnitStore) -> Callable[[str, str | None], Awaitable[bool]]:
    async def within(unit: str, root: str | None) -> bool:
        tree = (await units.current()).tree
        return unit in tree.units and (root is None or tree.is_within(unit, root))

    return within


def storage_of(config: Config, data: Path) -> Folder | Objects:
    """An S3-compatible store where one is configured, else a folder beside the database."""
    given = config.documents.s3
    if given.url:
        return Objects(s3(given.url, given.endpoint, given.region, given.access_key, given.secret_key))
    return Folder(data / "documents")


def _today() -> date:
    """The day where the conferences are held."""
    return datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
