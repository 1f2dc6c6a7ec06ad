"""Which of several PostgreSQL servers is the one: the leader on the highest timeline that was ever seen.

A replica that is promoted begins a new timeline. The server whose place it took may come back and think itself the
leader still: what it holds is another history, so nobody may write to it or take what it says for true.
"""

import asyncio
import contextlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakSet

import asyncpg
import structlog
from msgspec import Struct

log = structlog.get_logger()

CONNECT_SECONDS = 5.0
OTHERS_SECONDS = 0.5  # once a leader answered: one that was promoted may be there too, and one that is dead is silent
# A replica has no timeline of its own: it may not be written to.
_STANDING = """
    SELECT system_identifier::text,
           CASE WHEN NOT pg_is_in_recovery() THEN left(pg_walfile_name(pg_current_wal_lsn()), 8) END
    FROM pg_control_system()
"""


class NoLeader(ConnectionError):
    """No database answers that may be written to."""


class Standing(Struct, frozen=True):
    """`system` is the same for a server and its replicas, and for nobody else."""

    system: str
    timeline: int


class Found(Struct, frozen=True):
    """`link`: a connection of asyncpg's, to who stands there."""

    standing: Standing
    link: Any


class Leader:
    """Connects to the leader among `hosts`. `memory`: a file that remembers the highest timeline over restarts; it is
    written to by who is to `keep` it."""

    def __init__(
        self, hosts: Sequence[Mapping[str, Any]], options: Mapping[str, Any], memory: Path | None, keep: bool = True
    ) -> None:
        self._hosts, self._options = hosts, options
        self._memory = memory if keep else None
        self._highest = _recall(memory)
        self._links: WeakSet[Any] = WeakSet()
        self.alone = len(hosts) < 2  # nobody can take its place unnoticed

    async def connect(self) -> Any:
        """A connection of asyncpg's. Raises `NoLeader`, also when only one answers whose place was taken."""
        found: list[Found] = []
        errors: list[Exception] = []
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CONNECT_SECONDS) as patience, asyncio.TaskGroup() as group:
                    for host in self._hosts:
                        group.create_task(self._ask(host, found, errors, patience))
            link = self._choose(found, errors)
        except BaseException:
            _leave(found, but=None)
            raise
        _leave(found, but=link)
        self._links.add(link)
        return link

    async def look(self) -> None:
        """Notices when another one became the leader: the connections to the last one end at once, so that nobody
        waits for an answer that must not be believed."""
        with contextlib.suppress(NoLeader):  # whoever needs one is told
            (await self.connect()).terminate()

    async def _ask(
        self, host: Mapping[str, Any], found: list[Found], errors: list[Exception], patience: asyncio.Timeout
    ) -> None:
        try:
            link = await asyncpg.connect(**self._options, **host, timeout=CONNECT_SECONDS)
            try:
                system, timeline = await link.fetchrow(_STANDING)
            except BaseException:
                link.terminate()
                raise
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            errors.append(error)
            return
        if timeline is None:
            link.terminate()
            return
        found.append(Found(Standing(system, int(timeline, 16)), link))
        now = asyncio.get_running_loop().time()
        patience.reschedule(min(patience.when() or now, now + OTHERS_SECONDS))

    def _choose(self, found: list[Found], errors: list[Exception]) -> Any:
        known = self._highest
        if not found:
            last = errors[-1] if errors else "no server answers that may be written to"
            why = getattr(last, "strerror", None) or str(last)  # the system's words, without its number
            raise NoLeader(why) from (errors[-1] if errors else None)
        system = known.system if known else ""
        best = max(found, key=lambda each: (each.standing.system == system, each.standing.timeline))
        if known and best.standing.system == system and best.standing.timeline < known.timeline:
            raise NoLeader("only a server answers whose place another one took")
        if best.standing != known:
            self._follow(best.standing)
        return best.link

    def _follow(self, standing: Standing) -> None:
        if self._highest:
            log.warning("database_leader_changed", timeline=standing.timeline)
        self._highest = standing
        for link in tuple(self._links):
            link.terminate()
        self._links.clear()
        if self._memory:
            try:
                _remember(self._memory, standing)
            except OSError as error:
                log.warning("timeline_not_remembered", error=repr(error))


def _leave(found: list[Found], but: Any) -> None:
    for each in found:
        if each.link is not but:
            each.link.terminate()


def _recall(memory: Path | None) -> Standing | None:
    if memory is None:
        return None
    try:
        system, timeline = memory.read_text(encoding="ascii").split()
        return Standing(system, int(timeline))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:  # damaged, or another's: the databases themselves still tell who leads
        log.warning("timeline_not_recalled", file=str(memory), error=repr(error))
        return None


def _remember(memory: Path, standing: Standing) -> None:
    """Two servers may share the folder."""
    written = memory.with_name(f"{memory.name}.{os.getpid()}")
    written.write_text(f"{standing.system} {standing.timeline}", encoding="ascii")
    written.replace(memory)
