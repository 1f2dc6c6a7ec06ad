"""Passwords, hashed away from the event loop."""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.protocol.errors import Busy

AT_ONCE = 2  # threads: each takes 64 MiB and a core for 0.1 s, and taps must go on meanwhile
MAX_WAITING = 40  # hashes that wait or run: two seconds of them; who comes later is told to come back

T = TypeVar("T")


def strong() -> PasswordHasher:
    """RFC 9106's memory for a server that does other work, in one lane so that a hash takes one core and not all."""
    return PasswordHasher(time_cost=2, memory_cost=65_536, parallelism=1)


class Passwords:
    """argon2id, at most `AT_ONCE` at a time. Raises `Busy` when too many wait."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or strong()
        # Its own threads: others' work in the shared pool cannot hold up a sign-in, nor it theirs.
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password")
        self._waiting = 0
        self._nobody = self._hasher.hash(secrets.token_urlsafe())

    async def hash(self, password: str) -> str:
        return await self._run(self._hasher.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """False as well when there is no hash, after the same work: time does not tell who has an account."""
        matches = await self._run(self._matches, password_hash or self._nobody, password)
        return matches and password_hash is not None

    def outdated(self, password_hash: str) -> bool:
        """Whether it was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(password_hash)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[..., T], *arguments: str) -> T:
        if self._waiting >= MAX_WAITING:
            raise Busy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        finally:
            self._waiting -= 1
