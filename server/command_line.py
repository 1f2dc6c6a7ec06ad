"""What every command of the command line shares: the configuration, the store it stands for, how a failure is said,
and how one ends that another one started."""

import errno
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Annotated, NoReturn

import typer
from sqlalchemy.engine import make_url

from server.config import Config, ConfigError, load

ConfigPath = Annotated[Path | None, typer.Option("--config", "-c", help="The configuration file; see config.yaml.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]

PARENT = "NC_PARENT"  # the environment variable with the number of the process that a command is to end with
PARENT_SECONDS = 1.0

# What people can do something about, instead of the system's own words and numbers.
WORDS = {
    errno.ENOSPC: "no space is left on the disk",
    errno.EDQUOT: "no space is left for this user on the disk",
    errno.EEXIST: "something of that name is there already",
    errno.EACCES: "this user may not read or write there",
    errno.EPERM: "this user may not do that there",
    errno.EROFS: "the disk takes no writes",
    errno.ECONNREFUSED: "nothing answers there",
    errno.EADDRINUSE: "another program has this port",
}


def configuration(path: Path | None) -> Config:
    """Ends the command with status 2 when the file is wrong."""
    try:
        return load(path)
    except ConfigError as error:
        typer.echo(f"nhipcau: {error}", err=True)
        raise typer.Exit(2) from error


def fail(error: Exception) -> NoReturn:
    """One line that says why; status 1."""
    typer.echo(f"nhipcau: {words(error) if isinstance(error, OSError) else error}", err=True)
    raise typer.Exit(1) from error


def words(error: OSError) -> str:
    """Where, and what stands in the way."""
    what = WORDS.get(error.errno or 0) or error.strerror or str(error) or repr(error)
    return f"{error.filename}: {what}" if error.filename else what


def store(config: Config) -> str:
    """The database, without its password, and the place of the documents."""
    url = make_url(config.database_url())
    if url.drivername.startswith("sqlite"):
        database = str(Path(url.database or "").resolve())
    else:
        database = url.render_as_string(hide_password=True)
    documents = config.documents.s3.url or str((Path(config.data_dir) / "documents").resolve())
    return f"database {database}, documents {documents}"


@contextmanager
def acting_on(config: Config) -> Iterator[None]:
    """Tells the store before and after, whatever came of it: who meant another one sees it at once. On the error
    output, since the answer alone is what a program reads."""
    typer.echo(f"Store: {store(config)}", err=True)
    try:
        yield
    finally:
        typer.echo(f"This was the store: {store(config)}", err=True)


def end_with_parent() -> None:
    """A command with `PARENT` in its environment gets SIGTERM when that process is gone, however it went."""
    if parent := os.environ.get(PARENT):
        Thread(target=_watch, args=(int(parent),), daemon=True).start()


def _watch(parent: int) -> None:
    """Whoever lost its parent belongs to another process from then on; the system tells nobody."""
    while os.getppid() == parent:
        time.sleep(PARENT_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
