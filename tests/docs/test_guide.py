"""The guide names buttons as the pages do, in both languages, and its settings are ones that a bridge takes."""

import re
from pathlib import Path

import pytest
import yaml

from bridge.config import Config, load

ROOT = Path(__file__).parents[2]
GUIDES = {"vi": ROOT / "docs" / "guide.vi.md", "en": ROOT / "docs" / "guide.md"}


def named(text: str) -> list[str]:
    return re.findall(r"\*\*([^*]+)\*\*", text)


def words(language: str) -> str:
    """Everything that the pages say in a language."""
    files = [*ROOT.glob(f"web/*/texts/{language}.ts"), *ROOT.glob(f"web/*/texts/{language}/*.ts")]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def wrong(text: str, said: str) -> list[str]:
    return [name for name in named(text) if f"'{name}'" not in said]


@pytest.mark.parametrize("language", GUIDES)
def test_what_it_tells_to_press_is_on_the_pages(language: str) -> None:
    text = GUIDES[language].read_text(encoding="utf-8")
    assert wrong(text, words(language)) == []
    assert wrong(text + "**Bấm vào đây**", words(language)) == ["Bấm vào đây"]


def test_both_languages_tell_the_same() -> None:
    one, other = (guide.read_text(encoding="utf-8") for guide in GUIDES.values())
    for part in (r"^#+ (\d+)", r"`([^`\n]+)`", r"^ *([a-z_]+:)", r"^(\d+)\. "):
        assert re.findall(part, one, re.MULTILINE) == re.findall(part, other, re.MULTILINE)
    assert len(named(one)) == len(named(other))


@pytest.mark.parametrize("language", GUIDES)
def test_a_bridge_takes_its_settings(language: str, tmp_path: Path) -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```", GUIDES[language].read_text(encoding="utf-8"), re.M | re.S)
    whole = {**yaml.safe_load(blocks[0]), **yaml.safe_load(blocks[1])}
    assert len(blocks) == 2
    file = tmp_path / "bridge.yaml"
    file.write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    config = load(file, {})
    assert config != Config(key=config.key)
    assert config.media.addresses == ("203.0.113.7", "192.168.1.10")
    # Ports that it says to open, and the coturn that it says to copy.
    ports = [str(config.media.port + n) for n in range(config.workers)]
    assert all(port in GUIDES[language].read_text(encoding="utf-8") for port in ports)
    turn = (ROOT / "deploy" / "coturn" / "turnserver.conf").read_text(encoding="utf-8")
    for said in ("min-port=49152", "max-port=65535", "listening-port=3478", "tls-listening-port=443"):
        assert said in turn
        assert said.partition("=")[2] in GUIDES[language].read_text(encoding="utf-8")
