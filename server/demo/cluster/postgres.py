"""A PostgreSQL of our own: fresh data in a folder of its own, thrown away at the end; and a copy that follows it."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from .part import Part

USER = "nhipcau"  # its only one; this machine is trusted
CONNECTIONS = 100  # ten for each of up to ten servers


def binaries() -> Path | None:
    """Where Debian keeps the newest server's programs; None when it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]))
    return found[-1].parent if found else None


class Postgres(Part):
    """PostgreSQL refuses root, so as root it runs as the user `postgres`."""

    end = signal.SIGINT  # "fast": open connections are ended, nothing committed is lost

    def __init__(self, name: str = "postgres", leader: "Postgres | None" = None) -> None:
        found = binaries()
        assert found is not None, "PostgreSQL is not installed"
        self._bin, self._leader = found, leader
        # Not inside another folder: the user `postgres` need not be let into that.
        super().__init__(name, Path(tempfile.mkdtemp(prefix="nhipcau-pg-")))
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.privileges = ("--reuid=postgres", "--regid=postgres", "--clear-groups")

    def launch(self) -> None:
        """The first time its data are made: new ones, or those of its leader."""
        if not self._data.exists():
            into = ["-D", str(self._data), "-U", USER, "--no-sync"]
            if self._leader:
                source = ["-h", "127.0.0.1", "-p", str(self._leader.port)]
                self._run("pg_basebackup", *into, *source, "-R", "-X", "stream", "-c", "fast")
            else:
                self._run("initdb", *into, "-A", "trust", "-E", "UTF8", "--locale=C")
        super().launch()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def command(self) -> list[str]:
        return [
            *(str(self._bin / "postgres"), "-D", str(self._data), "-p", str(self.port)),
            *("-c", "listen_addresses=127.0.0.1", "-k", str(self.folder), "-c", f"max_connections={CONNECTIONS}"),
        ]

    def ready(self) -> bool:
        """The last line of its own file says so; the first one whose it is."""
        try:
            lines = (self._data / "postmaster.pid").read_text().split("\n")
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    def replica(self, name: str = "replica") -> "Postgres":
        """A copy that follows this one once it is started; it can be read, and promoted."""
        return Postgres(name, self)

    def promote(self) -> None:
        """A replica becomes the one that is written to. Returns when it is."""
        self._run("pg_ctl", "-D", str(self._data), "-w", "promote")

    def sql(self, statement: str, database: str = "postgres") -> str:
        """What it answers, without headings."""
        arguments = ["-h", "127.0.0.1", "-p", str(self.port), "-U", USER, "-d", database]
        return self._run("psql", *arguments, "-v", "ON_ERROR_STOP=1", "-q", "-A", "-t", "-c", statement)

    def url(self, name: str, *others: "Postgres") -> str:
        """Of a database, for the servers' configuration; with others, whichever of them may be written to."""
        if not others:
            return f"postgresql+asyncpg://{USER}@127.0.0.1:{self.port}/{name}"
        hosts = "&".join(f"host=127.0.0.1:{each.port}" for each in (self, *others))
        return f"postgresql+asyncpg://{USER}@/{name}?{hosts}"

    def wait_for_replicas(self) -> None:
        """From now on what is committed here is on a replica too."""
        self.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.sql("SELECT pg_reload_conf()")

    def remove(self) -> None:
        """Ends it at once, its children first, and forgets its data."""
        self.resume()
        self.ask(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> str:
        command = ["setpriv", *self.privileges, "--", str(self._bin / program), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd=self.folder).stdout.strip()
