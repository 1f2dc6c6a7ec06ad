"""`config.yaml` is the manual of the configuration: it names every key and tells the real defaults."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from server.config import Config, load, paths

FILE = Path(__file__).parents[2] / "config.yaml"


def named(values: dict[str, Any], before: str = "") -> set[str]:
    found: set[str] = set()
    for key, value in values.items():
        found |= named(value, f"{before}{key}.") if isinstance(value, dict) else {before + key}
    return found


def test_it_names_every_key_and_no_other() -> None:
    assert named(yaml.safe_load(FILE.read_text(encoding="utf-8"))) == set(paths())


def test_it_tells_the_real_defaults() -> None:
    assert load(FILE, {}) == Config()


@pytest.mark.parametrize("path", paths())
def test_every_key_is_explained(path: str) -> None:
    """By a remark on its line, or on the line of the section that it belongs to."""
    key = path.rsplit(".", 1)[-1]
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line.lstrip().startswith(f"{key}:")]
    assert lines
    obvious = {"documents.types", "documents.s3.region", "documents.s3.access_key", "documents.s3.secret_key"}
    assert path in obvious or any("#" in line for line in lines)


def test_every_key_can_be_an_environment_variable() -> None:
    """As the file says; proven with each default's own value."""
    defaults = msgspec.to_builtins(Config())
    environment: dict[str, str] = {}
    for path in paths():
        at: Any = defaults
        for step in path.split("."):
            at = at[step]
        value = msgspec.json.encode(at).decode() if isinstance(at, list | tuple) else str(at)
        environment["NHIPCAU_" + path.upper().replace(".", "__")] = value
    assert load(None, environment) == Config()
