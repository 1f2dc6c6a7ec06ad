"""The command line: `nhipcau serve | bridge | testcard | demo | simulate | doctor | import` and those of backup."""

import asyncio
import os
import signal
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import aiohttp
import msgspec
import typer
import uvloop

from server import log
from server.app import WEB_DIST, CannotStart, Server
from server.backup.commands import backup
from server.client.http import Api, ApiError
from server.command_line import AsJson, ConfigPath, acting_on, configuration, end_with_parent, fail
from server.config import Config
from server.demo.bridge import PASS
from server.demo.child import simulate_until_stopped
from server.demo.conference import NotMade
from server.demo.demo import CannotDemonstrate, demo
from server.demo.simulate import CannotSimulate
from server.doctor import as_json as findings_json
from server.doctor import examine
from server.protocol.findings import Finding

app = typer.Typer(
    help="Nhịp Cầu coordinates hybrid conferences: one hall, thousands of connection points, one live wall.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(backup)


@app.command()
def serve(config: ConfigPath = None) -> None:
    """Run the server. On an empty database it prints a one-time link for creating the first organizer."""
    settings = configuration(config)
    log.set_up(settings.log.level, settings.log.format)
    try:
        uvloop.run(_serve(settings))
    except CannotStart as error:
        fail(error)


async def _serve(config: Config) -> None:
    server = Server(config)
    await server.start()
    if token := await server.accounts.ensure_setup():
        typer.echo(f"\n  Create the first organizer (valid one day, works once):\n  {server.base_url}/setup/{token}\n")
    typer.echo(f"  Nhịp Cầu: {server.base_url}")
    await until_stopped()
    await server.stop()


@app.command()
def bridge(
    config: Annotated[Path | None, typer.Option("--config", "-c", help="Its own file; see bridge.yaml.")] = None,
    upstream: Annotated[str, typer.Option(help="Take the programme from this bridge, once, for the rooms here.")] = "",
) -> None:
    """Run a bridge: takes the hall's picture and sound and carries them to the rooms, and back."""
    end_with_parent()
    # Only here: nothing else of the service loads, or needs, what media need.
    from bridge.command import CannotOpen, ConfigError, run

    try:
        run(config, upstream)
    except ConfigError as error:
        typer.echo(f"nhipcau: {error}", err=True)
        raise typer.Exit(2) from error
    except CannotOpen as error:
        fail(error)


@app.command()
def testcard(
    to: Annotated[str, typer.Option(help="The WHIP address, e.g. http://127.0.0.1:8090/whip/CONFERENCE/main")],
    token: Annotated[str, typer.Option("--pass", envvar=PASS, help="The pass for it.")],
) -> None:
    """Publish a moving test programme: a clock, and each second a flash with a tone. For trials of a bridge."""
    end_with_parent()
    from bridge.testcard.command import run

    run(to, token)


@app.command()
def doctor(
    config: ConfigPath = None,
    bridge: Annotated[Path | None, typer.Option(help="A bridge's bridge.yaml, looked at on its own machine.")] = None,
    as_json: AsJson = False,
) -> None:
    """Tell what is missing or unsafe. Exit status 1 when something is missing.

    With --bridge the bridge alone is looked at, with --config besides the service too, and whether their keys agree.
    """
    settings = None if bridge and not config else configuration(config)
    with acting_on(settings) if settings else nullcontext():
        findings = asyncio.run(examine(settings, WEB_DIST)) if settings else []
        if bridge:
            findings += _of_bridge(bridge, settings.media.key if settings else None)
        _tell(findings, as_json)
    if any(f.verdict == "missing" for f in findings):
        raise typer.Exit(1)


def _tell(findings: list[Finding], as_json: bool) -> None:
    if as_json:
        typer.echo(findings_json(findings))
    else:
        for f in findings:
            typer.echo(f"{f.verdict:>8}  {f.check:<12} {f.detail}" + (f"\n{'':>23}{f.advice}" if f.advice else ""))


def _of_bridge(file: Path, service_key: str | None) -> list[Finding]:
    from bridge.config import ConfigError, load
    from bridge.doctor import examine

    try:
        return asyncio.run(examine(load(file), service_key))
    except ConfigError as error:
        typer.echo(f"nhipcau: {error}", err=True)
        raise typer.Exit(2) from error


@app.command("demo")
def demonstrate(
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Where to listen; another one when it is taken.")] = 8080,
    speed: Annotated[float, typer.Option(help="2 plays the morning in half the time.")] = 1.0,
    host: Annotated[str, typer.Option(help="0.0.0.0 lets phones of this network in.")] = "127.0.0.1",
    keep: Annotated[Path | None, typer.Option(help="Keep the data in this empty folder.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the wall.")] = False,
    bridge: Annotated[bool, typer.Option(help="Carry a test programme, with picture and sound.")] = True,
) -> None:
    """Show a conference of 766 rooms under way, on this machine, with invented people."""
    log.set_up("warning", "text")
    try:
        uvloop.run(demo(port, speed, browser, keep, host, typer.echo, bridge))
    except (CannotDemonstrate, CannotStart, ApiError, NotMade, OSError) as error:
        fail(error)


@app.command("simulate")
def play(
    url: Annotated[str, typer.Argument(help="The server, e.g. http://127.0.0.1:8080")],
    conference: Annotated[str, typer.Option(help="Its id.")],
    login: Annotated[str, typer.Option(help="The password is read from SIMULATE_PASSWORD.")] = "",
    token: Annotated[str | None, typer.Option(envvar="NC_TOKEN", help="An API token instead.")] = None,
    speed: Annotated[float, typer.Option()] = 1.0,
    seconds: Annotated[float | None, typer.Option(help="End by itself.")] = None,
    free: Annotated[str, typer.Option(help="A room to leave alone.")] = "",
) -> None:
    """Play a morning's operators over the public protocol. Prints what was sent and answered as JSON."""
    end_with_parent()
    log.set_up("warning", "text")
    work = simulate_until_stopped(
        url, login, token=token, conference=conference, speed=speed, seconds=seconds, leave_free=free, say=_note
    )
    try:
        summary = uvloop.run(work)
    except (CannotSimulate, ApiError, aiohttp.ClientError, OSError) as error:
        fail(error)
    typer.echo(msgspec.json.encode(summary).decode())


@app.command("import")
def import_file(
    what: Annotated[str, typer.Argument(help="`units`, or the id of the conference that gets the points.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    url: Annotated[str, typer.Option(help="The server.")] = "http://127.0.0.1:8080",
    token: Annotated[str, typer.Option(envvar="NC_TOKEN", help="An API token of an organizer.")] = "",
    apply: Annotated[bool, typer.Option("--apply", help="Write it; without, only tell what would happen.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The whole report, for programs.")] = False,
) -> None:
    """Import units or points from .csv, .xlsx or .ods: all rows or none. Exit status 1 when a row is refused."""
    path = "/api/units/import" if what == "units" else f"/api/conferences/{what}/points/import"
    try:
        report = asyncio.run(_import(url, token, f"{path}?dry_run={'false' if apply else 'true'}", file))
    except (ApiError, aiohttp.ClientError) as error:
        fail(error)
    if as_json:
        typer.echo(msgspec.json.encode(report).decode())
    else:
        typer.echo("  ".join(f"{n}: {report[n]}" for n in ("added", "changed", "unchanged", "refused")))
        for row in report["rows"]:
            if row.get("error"):
                typer.echo(f"  row {row['row']}: {row['error']['message']}")
    if report["refused"]:
        raise typer.Exit(1)


async def _import(url: str, token: str, path: str, file: Path) -> dict[str, Any]:
    async with Api(url, token) as api:
        data = await asyncio.to_thread(file.read_bytes)
        return await api.call("POST", path, dict[str, Any], data=data, **{"X-File-Name": quote(file.name)})


def _note(line: str) -> None:
    """Progress goes to the error output: the answer alone is what a program reads."""
    typer.echo(line, err=True)


async def until_stopped() -> None:
    """Returns on SIGINT or SIGTERM."""
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await stopped.wait()


def main() -> None:
    # Passwords' digests, keys and telephone numbers are in what any command may write: it is its user's alone.
    os.umask(0o077)
    app()


if __name__ == "__main__":
    main()
