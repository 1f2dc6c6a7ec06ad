"""What every command of the command line shares: the configuration, how a failure is said, and how one ends that
another one started."""

import os
import signal
import time
from pathlib import Path
from threading import Thread
from typing import Annotated, NoReturn

import typer

from server.config import Config, ConfigError, load

ConfigPath = Annotated[Path | None, typer.Option("--config", "-c", help="The configuration file; see config.yaml.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]

PARENT = "NC_PARENT"  # the environment variable with the number of the process that a command is to end with
PARENT_SECONDS = 1.0


def configuration(path: Path | None) -> Config:
    """Ends the command with status 2 when the file is wrong."""
    try:
        return load(path)
    except ConfigError as error:
        typer.echo(f"nhipcau: {error}", err=True)
        raise typer.Exit(2) from error


def fail(error: Exception) -> NoReturn:
    """One line that says why; status 1."""
    typer.echo(f"nhipcau: {error}", err=True)
    raise typer.Exit(1) from error


def end_with_parent() -> None:
    """A command with `PARENT` in its environment gets SIGTERM when that process is gone, however it went."""
    if parent := os.environ.get(PARENT):
        Thread(target=_watch, args=(int(parent),), daemon=True).start()


def _watch(parent: int) -> None:
    """Whoever lost its parent belongs to another process from then on; the system tells nobody."""
    while os.getppid() == parent:
        time.sleep(PARENT_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
