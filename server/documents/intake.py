"""From a body to a file that may be a document: received, recognised, kept. Nothing is left of what is refused."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from server.http.problems import Problem
from server.live.conductor import Clock
from server.protocol.commands import FileFacts

from . import names
from .claims import Claims
from .detect import Found, detect
from .storage import Storage, StorageAway
from .uploads import Spooled, Uploads

UNNAMED = "Tài liệu"  # what is left of a name that was all dots and slashes


class Intake:
    """`types`: names of the kinds that this server accepts."""

    def __init__(
        self, uploads: Uploads, storage: Storage, claims: Claims, types: tuple[str, ...], clock: Clock
    ) -> None:
        self._uploads, self._storage, self._types = uploads, storage, types
        self._claims, self._clock = claims, clock

    @asynccontextmanager
    async def take(self, request: web.Request, name: str) -> AsyncIterator[FileFacts]:
        """The facts of the request's body, when it is durable. Problem 415, 503 `storage_away`, and `Uploads`'."""
        async with self._uploads.receive(request) as spooled:
            found = await asyncio.to_thread(detect, spooled.path)
            facts = self._facts(spooled, found, names.clean(name) or UNNAMED)
            await self._claims.claim(spooled.hash, self._clock())
            try:
                await self._storage.keep(spooled.hash, spooled.path)
            except StorageAway as error:
                raise Problem(503, "storage_away") from error
            yield facts

    def _facts(self, spooled: Spooled, found: Found | None, name: str) -> FileFacts:
        accepted = ", ".join(self._types)
        if found is None:
            raise Problem(415, "type_unknown", types=accepted)
        kind = found.kind
        if kind.name not in self._types:
            raise Problem(415, "type_not_allowed", type=kind.name, types=accepted)
        ending = names.ending_of(name)
        if ending is not None and ending not in kind.endings:
            raise Problem(415, "type_mismatch", ending=ending, type=kind.name)
        return FileFacts(spooled.hash, spooled.size, kind.media, names.with_ending(name, kind), found.pages)
