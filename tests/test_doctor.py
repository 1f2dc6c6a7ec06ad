"""What the doctor and the configuration say before anything starts."""

from pathlib import Path

import msgspec
import pytest

from server.config import Config, ConfigError, MediaConfig, load
from server.doctor import examine
from tests.bridge.door.house import opened
from tests.media.caller import KEY, report
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
