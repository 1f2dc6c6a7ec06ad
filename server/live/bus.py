"""What makes news fast between servers. It may lose messages and may be away: the journal alone says what is true."""

import asyncio
import contextlib
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol

import msgspec
import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg

from server.tasks import Tasks

log = structlog.get_logger()

VERSION = 1  # of what servers say to each other; others are not heard
MAX_OUT = 10_000  # messages not yet handed over: seconds of a large conference; more is dropped, the others read
MAX_PAYLOAD = 900_000  # bytes; below what a NATS server takes unless told otherwise
RETRY_SECONDS = 1.0
SETTLE_SECONDS = 3.0  # after a return: until the others have said what they hold

Handler = Callable[[str, bytes], None]  # the sender's name, the payload; must not await
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(tuple[str, bytes]).decode


class Bus(Protocol):
    """`tell` and `hear` neither wait nor fail. Nobody hears himself."""

    name: str

    def tell(self, subject: str, payload: bytes) -> None: ...
    def hear(self, subject: str, handler: Handler) -> None: ...
    def steady(self) -> bool: ...
    async def start(self, back: Callable[[], None]) -> None: ...
    async def stop(self) -> None: ...


class Alone:
    """The bus of a server that has no others beside it."""

    def __init__(self) -> None:
        self.name = secrets.token_hex(8)

    def tell(self, subject: str, payload: bytes) -> None: ...
    def hear(self, subject: str, handler: Handler) -> None: ...

    def steady(self) -> bool:
        return True

    async def start(self, back: Callable[[], None]) -> None: ...
    async def stop(self) -> None: ...


class NatsBus:
    """Over NATS. `cluster` separates installations that share one; `steady` is False while it is away and until
    the others had time to say what was missed. `back` is called whenever a connection stands anew."""

    def __init__(self, urls: Iterable[str], cluster: str) -> None:
        self.name = secrets.token_hex(8)
        self._urls, self._prefix = list(urls), f"nhipcau.{cluster}.{VERSION}."
        self._handlers: dict[str, Handler] = {}
        self._out: deque[tuple[str, bytes]] = deque(maxlen=MAX_OUT)
        self._wake = asyncio.Event()
        self._client: Client | None = None
        self._since = 0.0  # monotonic; 0: away
        self._back: Callable[[], None] = lambda: None
        self._tasks = Tasks()

    def hear(self, subject: str, handler: Handler) -> None:
        """Before `start`."""
        self._handlers[self._prefix + subject] = handler

    def tell(self, subject: str, payload: bytes) -> None:
        if self._since and len(payload) <= MAX_PAYLOAD:
            self._out.append((self._prefix + subject, _pack((self.name, payload))))
            self._wake.set()

    def steady(self) -> bool:
        return bool(self._since) and time.monotonic() - self._since > SETTLE_SECONDS

    async def start(self, back: Callable[[], None]) -> None:
        """Returns at once: a server starts without its bus as well, only slower in hearing of others."""
        self._back = back
        self._tasks.start("bus", self._run())

    async def stop(self) -> None:
        """What was said last is still handed over, if anybody listens."""
        await self._tasks.stop()
        if self._since and self._client:
            with contextlib.suppress(Exception):
                await self._hand_over(self._client)
                await self._client.flush(1)
        await self._close()

    async def _run(self) -> None:
        while True:
            try:
                self._client = client = await self._connect()
                # One subscription for all, so that what one server says is heard in the order it was said.
                await client.subscribe(self._prefix + ">", cb=self._take)
                await self._returned()
                await self._write(client)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with the bus, the service goes on
                log.warning("bus_away", error=repr(error))
            self._since = 0.0
            await self._close()
            await asyncio.sleep(RETRY_SECONDS)

    async def _connect(self) -> Client:
        """From then on the client comes back by itself; its pings find a line that died without a word."""
        return await nats.connect(
            self._urls,
            name=f"nhipcau {self.name}",
            no_echo=True,
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            connect_timeout=3,
            ping_interval=2,
            max_outstanding_pings=2,
            disconnected_cb=self._lost,
            reconnected_cb=self._returned,
            error_cb=self._failed,
        )

    async def _close(self) -> None:
        client, self._client = self._client, None
        if client:
            with contextlib.suppress(Exception):
                await client.close()

    async def _write(self, client: Client) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._hand_over(client)

    async def _hand_over(self, client: Client) -> None:
        while self._out:
            await client.publish(*self._out.popleft())

    async def _take(self, message: Msg) -> None:
        try:
            sender, payload = _unpack(message.data)
            if handler := self._handlers.get(message.subject):
                handler(sender, payload)
        except Exception as error:  # noqa: BLE001 - a server of another version, or a stranger: the journal is read
            log.warning("bus_message_failed", subject=message.subject, error=repr(error))

    async def _lost(self) -> None:
        if self._since:
            log.warning("bus_away", error="disconnected")
        self._since = 0.0
        self._out.clear()

    async def _returned(self) -> None:
        log.info("bus_back")
        self._since = time.monotonic()
        self._back()

    async def _failed(self, error: Exception) -> None:
        log.debug("bus_error", error=repr(error))
