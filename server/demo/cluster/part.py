"""One process of a cluster: started, stopped, killed, frozen. Everything blocks; inside an event loop use a thread."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

START_SECONDS = 60.0  # until it answers; a second on an idle machine
STOP_SECONDS = 30.0  # what a part may take to end in order, before it is killed
LOOK_SECONDS = 0.02  # between two looks
PORTS = (10_000, 32_768)
LOG_TAIL = 20  # lines told of a part that did not start

# The kernel ends a part when the thread that started it is gone. So one thread starts them all, and lives as long
# as this process: nothing is left behind, however this process ends.
_STARTER = ThreadPoolExecutor(1, "starter")


class DidNotStart(Exception):
    """The message says which part, and what it said last."""


class Part:
    """`name` is unique in a cluster; what it prints goes to `name`.log in `folder`.

    A part that was stopped or killed starts again as it was: same port, same data.
    """

    end = signal.SIGTERM  # what asks it to end in order
    privileges: tuple[str, ...] = ()  # options of setpriv: as whom it runs

    def __init__(self, name: str, folder: Path, port: int | None = None) -> None:
        self.name, self.folder = name, folder
        self.port = free_port() if port is None else port
        self.log = folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    # --- what each kind of part says

    def command(self) -> list[str]:
        raise NotImplementedError

    def environment(self) -> Mapping[str, str]:
        return os.environ

    def ready(self) -> bool:
        """One look whether it does its work."""
        return answers(self.port)

    # --- the life of the process

    @property
    def pid(self) -> int:
        assert self._process is not None, f"{self.name} was never started"
        return self._process.pid

    @property
    def running(self) -> bool:
        """Frozen counts as running."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Returns when it is ready. Raises `DidNotStart`."""
        self.launch()
        self.await_ready()

    def launch(self) -> None:
        """Starts it and does not wait."""
        assert not self.running, f"{self.name} runs already"
        # A session of its own: Ctrl-C at the terminal is for whoever shows the cluster, and he ends it in order.
        death = self.end.name.removeprefix("SIG")
        # Who started it may have died before the kernel was asked to tell of that.
        still = ["sh", "-c", '[ "$PPID" = "$0" ] && exec "$@"', str(os.getpid())]
        command = ["setpriv", "--pdeathsig", death, *self.privileges, "--", *still, *self.command()]
        with self.log.open("ab") as log:
            self._process = _STARTER.submit(
                subprocess.Popen,
                command, env=self.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            ).result()  # fmt: skip

    def await_ready(self, seconds: float = START_SECONDS) -> None:
        try:
            await_that(lambda: self.ready() or not self.running, seconds)
        except TimeoutError:
            raise DidNotStart(f"{self.name} is not ready:\n{self.tail()}") from None
        if not self.running:
            raise DidNotStart(f"{self.name} ended:\n{self.tail()}")

    def stop(self) -> int:
        """In order; gives the exit status. One that was frozen goes on first. None running: nothing to do."""
        self.resume()
        return self.ask(self.end)

    def ask(self, which: signal.Signals) -> int:
        """Ends it with that signal, or by force when it takes too long; gives the exit status."""
        if self._process is None:
            return 0
        self._process.send_signal(which)  # nothing, if it has ended
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return self._process.wait()

    def kill(self) -> None:
        """As when the power fails: no goodbye, and no child is left."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()

    def pause(self) -> None:
        """Freezes it: its lines stay open and nothing answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def tail(self) -> str:
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_TAIL:])

    def _signal(self, which: signal.Signals) -> None:
        """To the process first, so that it makes no new children, then to those it has."""
        if not self.running:
            return
        children = _children(self.pid)
        for pid in (self.pid, *children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, which)


def _children(parent: int) -> list[int]:
    """Of PostgreSQL, for which every connection is a process of its own."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name in parentheses may hold anything; the parent is the second word after it.
            if int(path.read_text().rsplit(")", 1)[1].split()[1]) == parent:
                found.append(int(path.parent.name))
    return found


def await_that(condition: Callable[[], bool], seconds: float = START_SECONDS) -> None:
    """Returns when it holds. Raises `TimeoutError`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(LOOK_SECONDS)


def free_port() -> int:
    """Below those that the kernel gives to connections: one of them could take it before the part is there."""
    while True:
        port = random.randrange(*PORTS)  # noqa: S311 - any will do
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
