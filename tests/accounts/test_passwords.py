"""Hashing is slow on purpose; the server goes on meanwhile."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from server.accounts.passwords import AT_ONCE, MAX_WAITING, Passwords, strong
from server.protocol.errors import Busy

from .house import OTHER_PASSWORD, PASSWORD

TURNS = 100  # of the event loop during one hash; a loop that waits for it makes one or two


class Gate(PasswordHasher):
    """Holds every hash until it is opened, and counts how many are at work."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.open, self.working, self.most = threading.Event(), 0, 0
        self._lock = threading.Lock()
        self.full = threading.Event()
        self.closed = False

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        if self.closed:
            with self._lock:
                self.working += 1
                self.most = max(self.most, self.working)
                if self.working == AT_ONCE:
                    self.full.set()
            self.open.wait()
            with self._lock:
                self.working -= 1
        return super().hash(password, salt=salt)


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open.set()


async def test_a_password_is_known_again_and_no_other() -> None:
    passwords = Passwords(strong())
    made = await passwords.hash(PASSWORD)

    assert await passwords.verify(made, PASSWORD)
    assert not await passwords.verify(made, OTHER_PASSWORD)
    assert not await passwords.verify(None, PASSWORD)
    assert not await passwords.verify("not a hash", PASSWORD)
    assert not passwords.outdated(made)
    assert made != await passwords.hash(PASSWORD), "each has a salt of its own"
    passwords.close()


async def test_the_loop_turns_while_a_password_is_hashed() -> None:
    passwords, turns = Passwords(strong()), 0

    async with asyncio.TaskGroup() as group:
        hashing = group.create_task(passwords.hash(PASSWORD))
        while not hashing.done():
            await asyncio.sleep(0)
            turns += 1

    assert turns > TURNS
    passwords.close()


async def test_few_are_hashed_at_once_and_too_many_are_sent_away(gate: Gate) -> None:
    passwords = Passwords(gate)
    gate.closed = True

    async with asyncio.TaskGroup() as group:
        hashes = [group.create_task(passwords.hash(PASSWORD)) for _ in range(MAX_WAITING)]
        await asyncio.to_thread(gate.full.wait)
        with pytest.raises(Busy):
            await passwords.hash(PASSWORD)
        assert gate.working == AT_ONCE
        gate.open.set()

    assert len({h.result() for h in hashes}) == MAX_WAITING
    assert gate.most == AT_ONCE
    assert await passwords.hash(PASSWORD)
    passwords.close()
