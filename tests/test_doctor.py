"""What the doctor and the configuration say before anything starts."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from server.cli import app
from server.config import BusConfig, Config, ConfigError, MediaConfig, load
from server.doctor import examine
from tests.bridge.door.house import opened
from tests.media.caller import KEY, report
from tests.servers.nats import Nats
from tests.servers.whole import whole


def is_empty(folder: Path) -> bool:
    return not any(folder.iterdir())


async def test_a_look_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "yet"
    found = {f.check: f for f in await examine(Config(data_dir=str(folder)), tmp_path)}
    assert (found["data_dir"].verdict, found["database"].verdict) == ("ok", "ok")
    assert is_empty(tmp_path)


async def test_a_folder_that_cannot_be_written_is_missing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    found = {f.check: f for f in await examine(Config(data_dir=str(tmp_path / "file")), tmp_path)}
    assert found["data_dir"].verdict == "missing"


async def said_of(check: str, config: Config, tmp_path: Path) -> list[str]:
    return [f.verdict for f in await examine(config, tmp_path) if f.check == check]


async def test_the_bus_is_asked_and_its_password_not_told(nats: Nats, tmp_path: Path) -> None:
    config = Config(data_dir=str(tmp_path), bus=BusConfig((nats.url,)))
    assert await said_of("bus", config, tmp_path) == ["ok"]
    away = msgspec.structs.replace(config, bus=BusConfig((nats.url, "nats://nhipcau:geheim@127.0.0.1:9")))
    (found,) = [f for f in await examine(away, tmp_path) if f.check == "bus"]
    assert (found.verdict, "nats://127.0.0.1:9: " in found.detail, "geheim" in found.detail) == ("missing", True, False)


async def test_https_without_a_proxy_that_is_believed_is_unsafe(tmp_path: Path) -> None:
    config = Config(data_dir=str(tmp_path), public_url="https://nhipcau.example")
    assert await said_of("proxies", config, tmp_path) == ["warning"]
    named = msgspec.structs.replace(config, trusted_proxies=("10.0.0.10",))
    assert await said_of("proxies", named, tmp_path) == ["ok"]


async def test_a_database_that_others_can_read_is_unsafe(tmp_path: Path) -> None:
    config, file = Config(data_dir=str(tmp_path)), tmp_path / "nhipcau.db"
    file.touch(0o600)
    assert await said_of("database", config, tmp_path) == ["ok"]
    file.chmod(0o644)
    assert await said_of("database", config, tmp_path) == ["ok", "warning"]


@pytest.mark.parametrize("port", ["99999", "-1"])
def test_a_port_that_is_none_is_refused_in_words(port: str) -> None:
    ended = CliRunner().invoke(app, ["demo", "--port", port])
    assert (ended.exit_code, isinstance(ended.exception, SystemExit)) == (2, True)
    assert "--port" in ended.stderr
    assert "65535" in ended.stderr or "equal to 0" in ended.stderr


def test_every_command_is_in_the_help() -> None:
    told = CliRunner().invoke(app, ["--help"]).stdout
    assert all(str(command.name) in told for command in app.registered_commands if command.name)
    assert "testcard" in told


def test_what_a_command_writes_is_its_user_s_alone(tmp_path: Path) -> None:
    """Given the usual umask, when a server starts."""
    folder = tmp_path / "data"
    command = [sys.executable, "-m", "server.cli", "serve"]
    given = os.environ | {"NHIPCAU_DATA_DIR": str(folder), "NHIPCAU_LISTEN__PORT": "0"}
    with subprocess.Popen(command, env=given, stdout=subprocess.PIPE, text=True, umask=0o022) as process:
        assert process.stdout is not None
        assert any("Nhịp Cầu: " in line for line in process.stdout)
        modes = {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}
        process.terminate()
    assert {modes["data"], modes["nhipcau.db"], modes["secret.key"]} == {0o700, 0o600}


async def said_of_media(config: Config, tmp_path: Path) -> list[tuple[str, str]]:
    found = await examine(config, tmp_path)
    return [(f.check, f.verdict) for f in found if f.check in ("media", "bridge", "clock")]


async def test_bridges_are_told_one_by_one(tmp_path: Path) -> None:
    """Given none, then one that is there and one whose address leads nowhere."""
    assert await said_of_media(Config(data_dir=str(tmp_path)), tmp_path) == [("media", "ok")]
    async with whole(tmp_path / "house", media=MediaConfig(KEY)) as house, opened() as running:
        config = house.server.config
        assert await said_of_media(config, tmp_path) == [("media", "warning")]
        await report(house, "cau1", url=f"http://127.0.0.1:{running.door.port}")
        await report(house, "cau2", url="http://127.0.0.1:9")
        told = [("media", "ok"), ("bridge", "ok"), ("clock", "ok"), ("bridge", "warning")]
        assert await said_of_media(config, tmp_path) == told
        same = msgspec.structs.replace(config, secret_key=KEY * 2, media=MediaConfig(KEY * 2))
        assert await said_of_media(same, tmp_path) == [("media", "warning")]


@pytest.mark.parametrize(
    ("text", "environment", "path", "reason"),
    [
        ("listen:\n  port: 1\n  port: 2\n", {}, "port", "line 3"),
        ("", {"NHIPCAU_DATA_DIR2": "x"}, "data_dir2", "NHIPCAU_DATA_DIR2"),
        ("", {"NHIPCAU_LISTEN__PORT": "many"}, "listen.port", "NHIPCAU_LISTEN__PORT"),
        ('data_dir: ""\n', {}, "data_dir", "length"),
        ("media:\n  key: ngắn\n", {}, "media.key", "32"),
        ("", {"NHIPCAU_MEDIA__WATCH_URL": "rtmp://a/{conference}/{stream}"}, "media.watch_url", "https://"),
        ("media:\n  publish_url: https://a/{conference}\n", {}, "media.publish_url", "{stream}"),
        ("", {"NHIPCAU_METRICS_TOKEN": "[abc"}, "metrics_token", "NHIPCAU_METRICS_TOKEN"),
        ("documents:\n  s3:\n    url: http://x\n", {}, "documents.s3.url", "s3://"),
        ("public_url: https://\n", {}, "public_url", "https://nhipcau.example"),
        ("public_url: https://a.vn/x?y=1#z\n", {}, "public_url", "nothing behind it"),
        ("public_url: https://a.vn:many\n", {}, "public_url", "nothing behind it"),
        ("database: postgresql+asyncpg://u:geheim@host:x/name\n", {}, "database", "no address"),
        ("allowed_origins: [wall]\n", {}, "allowed_origins[0]", "https://nhipcau.example"),
    ],
)
def test_a_bad_configuration_says_where_it_is_wrong(
    tmp_path: Path, text: str, environment: dict[str, str], path: str, reason: str
) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError) as error:
        load(file, environment)
    assert error.value.path == path
    assert reason in error.value.reason
