"""`bridge.yaml` is the manual of the configuration: it names every key and tells the real defaults."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from bridge.config import Config, ConfigError, Listen, Media, load, paths
from bridge.door.ice import addresses

FILE = Path(__file__).parents[3] / "bridge.yaml"
KEY = "k" * 32
WITH_KEY = {"NHIPCAU_BRIDGE__KEY": KEY}


def named(values: dict[str, Any], before: str = "") -> set[str]:
    found: set[str] = set()
    for key, value in values.items():
        found |= named(value, f"{before}{key}.") if isinstance(value, dict) else {before + key}
    return found


def test_the_manual_names_every_key_and_no_other() -> None:
    assert named(yaml.safe_load(FILE.read_text(encoding="utf-8"))) == set(paths())


def test_the_manual_tells_the_real_defaults() -> None:
    assert load(FILE, WITH_KEY) == Config(key=KEY)


@pytest.mark.parametrize("path", paths())
def test_every_key_is_explained(path: str) -> None:
    """By a remark on its line, or on the line before."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line.lstrip().startswith(f"{path.rsplit('.', 1)[-1]}:"))
    assert "#" in lines[at] or lines[at - 1].lstrip().startswith("#")


def test_every_key_can_be_an_environment_variable() -> None:
    defaults = msgspec.to_builtins(Config(key=KEY))
    environment: dict[str, str] = {"NHIPCAU_LISTEN__PORT": "1", "PATH": "/bin"}  # the service's, and anybody's
    for path in paths():
        at: Any = defaults
        for step in path.split("."):
            at = at[step]
        value = msgspec.json.encode(at).decode() if isinstance(at, list | tuple) else str(at)
        environment["NHIPCAU_BRIDGE__" + path.upper().replace(".", "__")] = value
    assert load(None, environment) == Config(key=KEY)


def test_the_environment_is_laid_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "bridge.yaml"
    file.write_text(f"key: {KEY}\nlisten: {{host: 0.0.0.0, port: 1}}\n")

    config = load(file, {"NHIPCAU_BRIDGE__LISTEN__PORT": "2", "NHIPCAU_BRIDGE__MEDIA__ADDRESSES": "[203.0.113.7]"})

    assert config.listen == Listen("0.0.0.0", 2)
    assert config.media.addresses == ("203.0.113.7",)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{}", "key: must have at least 32 characters"),
        ("key: short", "key: must have at least 32 characters"),
        ("lisen: {port: 1}", "lisen: is no known key (did you mean `listen`?)"),
        ("listen: {prt: 1}", "listen.prt: is no known key (did you mean `port`?)"),
        ("listen: 1", "listen: must hold keys and values"),
        ("[1]", "must hold keys and values"),
        ("{", "is not YAML: expected the node content, but found '<stream end>', line 1"),
        ("key: \x00", "is not YAML: "),
        ("listen: {port: 65536}", "listen.port: "),
        ("workers: many", "workers: "),
        ("media: {addresses: [bridge.example.vn]}", "media.addresses: `bridge.example.vn` is no address"),
        ("media: {bind: eth0}", "media.bind: `eth0` is no address"),
        ("media: {port: 65530}\nworkers: 16", "media.port: leaves no ports"),
        ("trusted_proxies: [proxy]", "trusted_proxies: `proxy` is neither"),
        ("ice: {servers: ['http://turn']}", "ice.servers: `http://turn` is not of the form"),
        ("ice: {servers: ['stun:a\">']}", "ice.servers: "),
        ("ice: {servers: ['turn:turn.example.vn']}", "ice.turn_secret: a TURN server is used with a secret"),
        ("service: {url: example.vn}", "service.url: `example.vn` is not of the form https://host"),
        ("service: {url: 'https://a.vn'}", "service.own_url: the service must know"),
        ("service: {name: hà nội}", "service.name: `hà nội` has more than letters"),
        ("upstream: {url: 'https://a.vn?x=1'}", "upstream.url: "),
        (
            "janus: {url: 'http://127.0.0.1:8088'}",
            "janus.url: `http://127.0.0.1:8088` is not of the form ws://host:8188",
        ),
        ("janus: {rtp_address: localhost}", "janus.rtp_address: `localhost` is no address"),
        ("janus: {codec: AV1}", "janus.codec: must be one of: H264, VP8"),
        ("janus: {url: 'ws://a'}\nupstream: {url: 'https://a.vn'}", "upstream.url: a bridge with `janus.url` takes no"),
        ("janus: {url: 'ws://a'}\nservice: {unit: '271'}", "service.unit: a bridge with `janus.url` takes no"),
        ("log: {level: loud}", "log.level: must be one of: debug, info, warning, error"),
        ("log: {format: xml}", "log.format: must be one of: text, json"),
        ("media: {addresses: [0.0.0.0]}", "media.addresses: `0.0.0.0` is no address that rooms can reach"),
        ("media: {addresses: ['203.0.113.7', '::']}", "media.addresses: `::` is no address that rooms can reach"),
        ("media: {addresses: [1]}", "media.addresses"),
        ("ice: {servers: ['turn:'], turn_secret: s}", "ice.servers: `turn:` is not of the form"),
        ("ice: {servers: ['turn:host:99999'], turn_secret: s}", "ice.servers: `turn:host:99999` is not of the form"),
        ("ice: {servers: ['turn:a:0'], turn_secret: s}", "ice.servers: "),
        ("ice: {servers: ['stun:a:1'], turn_secret: s}", "ice.turn_secret: is of no use without a `turn:` server"),
        ("service: {unit: '271'}", "service.unit: is of no use without `service.url`"),
        ("service: {own_url: 'https://a.vn'}", "service.own_url: is of no use without `service.url`"),
    ],
)
def test_what_is_wrong_is_said_with_its_key(tmp_path: Path, written: str, said: str) -> None:
    file = tmp_path / "bridge.yaml"
    file.write_text(written if "key" in written or written in ("{}", "[1]", "{") else f"{written}\nkey: {KEY}\n")

    with pytest.raises(ConfigError) as error:
        load(file, {})

    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_helpers_of_every_form_are_taken() -> None:
    servers = (
        '["stun:a.vn", "stuns:a:5349", "turn:10.0.0.1:3478?transport=udp", "turns:[2001:db8::7]:443?transport=tcp"]'
    )
    given = {**WITH_KEY, "NHIPCAU_BRIDGE__ICE__SERVERS": servers, "NHIPCAU_BRIDGE__ICE__TURN_SECRET": "s"}
    assert len(load(None, given).ice.servers) == 4


def test_a_list_in_the_environment_that_is_none_is_named() -> None:
    with pytest.raises(ConfigError, match="NHIPCAU_BRIDGE__MEDIA__ADDRESSES: begins as a list"):
        load(None, {**WITH_KEY, "NHIPCAU_BRIDGE__MEDIA__ADDRESSES": "[203.0.113.7"})


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no\.yaml: cannot be read: No such file"):
        load(tmp_path / "no.yaml", {})


def test_players_are_told_the_addresses_that_are_configured_else_the_machines_own() -> None:
    assert addresses(Media(addresses=("203.0.113.7",), bind="0.0.0.0")) == ("203.0.113.7",)
    assert addresses(Media(bind="192.0.2.9")) == ("192.0.2.9",)
    assert addresses(Media())
    assert all(":" not in address for address in addresses(Media(bind="0.0.0.0")))
