"""What every command of the command line shares: the configuration, and how a failure is said."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from server.config import Config, ConfigError, load

ConfigPath = Annotated[Path | None, typer.Option("--config", "-c", help="The configuration file; see config.yaml.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


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
