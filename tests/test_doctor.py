"""What the doctor and the configuration say before anything starts."""

from pathlib import Path

import pytest

from server.config import Config, ConfigError, load
from server.doctor import examine


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
