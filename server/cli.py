"""The command line: `nhipcau serve | demo | simulate | doctor | import`."""

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from server import log
from server.app import WEB_DIST, Server
from server.config import Config, ConfigError, load
from server.doctor import as_json as findings_json
from server.doctor import examine

app = typer.Typer(
    help="Nhịp Cầu coordinates hybrid conferences: one hall, thousands of connection points, one live wall.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
ConfigPath = Annotated[Path | None, typer.Option("--config", "-c", help="The configuration file; see config.yaml.")]


def _config(path: Path | None) -> Config:
    try:
        return load(path)
    except ConfigError as error:
        typer.echo(f"nhipcau: {error}", err=True)
        raise typer.Exit(2) from error


@app.command()
def serve(config: ConfigPath = None) -> None:
    """Run the server. On an empty database it prints a one-time link for creating the first organizer."""
    settings = _config(config)
    log.set_up(settings.log.level, settings.log.format)
    try:
        uvloop.run(_serve(settings))
    except OSError as error:
        typer.echo(f"nhipcau: cannot listen on {settings.listen.host}:{settings.listen.port}: {error}", err=True)
        raise typer.Exit(1) from error


async def _serve(config: Config) -> None:
    server = Server(config)
    await server.start()
    if token := await server.accounts.ensure_setup():
        typer.echo(f"\n  Create the first organizer (valid one day, works once):\n  {server.base_url}/setup/{token}\n")
    typer.echo(f"  Nhịp Cầu: {server.base_url}")
    await until_stopped()
    await server.stop()


@app.command()
def doctor(
    config: ConfigPath = None, as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False
) -> None:
    """Tell what is missing or unsafe. Exit status 1 when something is missing."""
    findings = asyncio.run(examine(_config(config), WEB_DIST))
    if as_json:
        typer.echo(findings_json(findings))
    else:
        for f in findings:
            typer.echo(f"{f.verdict:>8}  {f.check:<12} {f.detail}" + (f"\n{'':>23}{f.advice}" if f.advice else ""))
    if any(f.verdict == "missing" for f in findings):
        raise typer.Exit(1)


async def until_stopped() -> None:
    """Returns on SIGINT or SIGTERM."""
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await stopped.wait()


def main() -> None:
    app()


if __name__ == "__main__":
    main()
