"""A NATS server of our own on a free port, which can be stopped, frozen and started again."""

import shutil
import signal
import subprocess
import time

from .postgres import free_port


def binary() -> str | None:
    """Debian's program; None when it is not installed."""
    return shutil.which("nats-server")


class Nats:
    def __init__(self) -> None:
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None, "it was started"
        return self._process.pid

    def start(self) -> None:
        """Returns when it takes connections."""
        program = binary()
        assert program is not None, "nats-server is not installed"
        self._process = subprocess.Popen(
            [program, "-a", "127.0.0.1", "-p", str(self.port)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        assert self._process.stderr is not None
        deadline = time.monotonic() + 10
        for line in self._process.stderr:
            if b"Server is ready" in line:
                return
            assert time.monotonic() < deadline, "nats-server did not start"
        raise AssertionError("nats-server ended at its start")

    def stop(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait()
            if self._process.stderr:
                self._process.stderr.close()
            self._process = None
