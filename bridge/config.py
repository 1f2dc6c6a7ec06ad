"""The bridge's configuration: a YAML file, overridden by environment variables, checked whole before anything starts.

`bridge.yaml` in the repository explains every key and states its default; a test keeps the two equal.
"""

import difflib
import os
import re
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import msgspec
import yaml
from msgspec import Meta, Struct

PREFIX = "NHIPCAU_BRIDGE__"  # NHIPCAU_BRIDGE__LISTEN__PORT=9000 overrides listen.port
MIN_KEY = 32  # characters
_RELAYS = ("turn:", "turns:")
_HELPER = re.compile(
    r"(?:stuns?|turns?):(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?(?:\?transport=(?:udp|tcp))?"
)
_URL = re.compile(r"https?://[^/?#\s]{1,200}(?:/[^?#\s]{0,90})?")
_JANUS = re.compile(r"wss?://[^/?#\s]{1,200}(?:/[^?#\s]{0,90})?")
_NAME = re.compile(r"[0-9A-Za-z-]{1,40}")


class ConfigError(Exception):
    """`path` names the key and `reason` says what is wrong with it."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping of the file."""


Port = Annotated[int, Meta(ge=0, le=65_535)]


class Listen(Section, frozen=True):
    host: str = "127.0.0.1"
    port: Port = 8090


class Media(Section, frozen=True):
    addresses: tuple[str, ...] = ()
    bind: str = "::"
    port: Port = 50_000


class Ice(Section, frozen=True):
    servers: tuple[str, ...] = ()
    turn_secret: str = ""
    turn_hours: Annotated[int, Meta(ge=1, le=168)] = 12


class Service(Section, frozen=True):
    url: str = ""
    name: str = ""
    own_url: str = ""
    unit: str = ""
    capacity: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class Upstream(Section, frozen=True):
    url: str = ""


class Janus(Section, frozen=True):
    url: str = ""
    secret: str = ""
    admin_key: str = ""
    rtp_address: str = "127.0.0.1"
    codec: Literal["H264", "VP8"] = "H264"


class LogConfig(Section, frozen=True):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class Config(Section, frozen=True):
    """Everything a bridge can be told. Empty values stand for "decide for me", but for the key."""

    key: str = ""
    listen: Listen = Listen()
    media: Media = Media()
    ice: Ice = Ice()
    service: Service = Service()
    upstream: Upstream = Upstream()
    janus: Janus = Janus()
    workers: Annotated[int, Meta(ge=0, le=256)] = 0
    trusted_proxies: tuple[str, ...] = ()
    metrics_token: str = ""
    log: LogConfig = LogConfig()


def load(path: Path | None, environment: Mapping[str, str] = os.environ) -> Config:
    """Reads the file (none: the defaults), lays the environment over it. Raises `ConfigError`."""
    raw = _read(path) if path else {}
    for name, value in environment.items():
        if name.startswith(PREFIX):
            _lay(raw, name, value)
    _known(raw, Config, "")
    try:
        config = msgspec.convert(raw, Config, strict=False)
    except msgspec.ValidationError as error:
        reason, _, where = str(error).partition(" - at `$")
        key = where.strip("`.")
        raise ConfigError(key or "config", _words(key) or reason) from error
    check(config)
    return config


def _read(path: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(str(path), f"cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), f"is not YAML: {_line(error)}") from error
    if found is not None and not isinstance(found, dict):
        raise ConfigError(str(path), "must hold keys and values")
    return found or {}


def _lay(raw: dict[str, Any], name: str, value: str) -> None:
    *sections, key = name.removeprefix(PREFIX).lower().split("__")
    at = raw
    for section in sections:
        at = at.setdefault(section, {})
        if not isinstance(at, dict):
            raise ConfigError(name, f"`{section}` has no keys below it")
    try:
        at[key] = yaml.safe_load(value) if value.startswith("[") else value
    except yaml.YAMLError as error:
        raise ConfigError(name, "begins as a list and is none: [a, b]") from error


def _line(error: Exception) -> str:
    """What is wrong and where, in one line."""
    mark = getattr(error, "problem_mark", None)
    return f"{getattr(error, 'problem', '')}, line {mark.line + 1}" if mark else str(error).splitlines()[0]


def _words(path: str) -> str:
    """Those that a key has the choice of; empty: it takes others as well."""
    kind: Any = Config
    for step in path.split("."):
        kind = {field.name: field.type for field in msgspec.structs.fields(kind)}.get(step)
        if not (isinstance(kind, type) and issubclass(kind, Section)):
            break
    words = [word for word in get_args(kind) if isinstance(word, str)]
    return f"must be one of: {', '.join(words)}" if words else ""


def _known(raw: dict[str, Any], kind: type[Struct], path: str) -> None:
    """Unknown keys first, with the nearest valid one: a typing error must not look like a default."""
    fields = {field.name: field.type for field in msgspec.structs.fields(kind)}
    for key, value in raw.items():
        if key not in fields:
            near = difflib.get_close_matches(str(key), fields, n=1, cutoff=0.5)
            raise ConfigError(f"{path}{key}", "is no known key" + (f" (did you mean `{near[0]}`?)" if near else ""))
        inner = fields[key]
        if isinstance(inner, type) and issubclass(inner, Section):
            if not isinstance(value, dict):
                raise ConfigError(f"{path}{key}", "must hold keys and values")
            _known(value, inner, f"{path}{key}.")


def check(config: Config) -> None:
    """Whether it makes sense as a whole. Raises `ConfigError`."""
    if len(config.key) < MIN_KEY:
        raise ConfigError("key", f"must have at least {MIN_KEY} characters, the same as the service's `media.key`")
    for where, addresses in (("addresses", config.media.addresses), ("bind", (config.media.bind,))):
        for address in addresses:
            _checked(f"media.{where}", address, "is no address; a name is not enough", ip_address)
    for address in config.media.addresses:
        if (found := ip_address(address)).is_unspecified or found.is_multicast:
            raise ConfigError("media.addresses", f"`{address}` is no address that rooms can reach")
    for proxy in config.trusted_proxies:
        _checked("trusted_proxies", proxy, "is neither an address nor a network", ip_network)
    _check_helpers(config.ice)
    if config.media.port and config.media.port + max(config.workers, 1) > 65_536:
        raise ConfigError("media.port", "leaves no ports for all workers")
    _check_janus(config)
    _check_company(config)


def _check_helpers(ice: Ice) -> None:
    """Who helps on the way."""
    for server in ice.servers:
        found = _HELPER.fullmatch(server)
        if found is None or not 0 < int(found[1] or 1) < 65_536:
            raise ConfigError("ice.servers", f"`{server}` is not of the form stun:host:port or turn:host:port")
    relays = any(server.startswith(_RELAYS) for server in ice.servers)
    if relays and not ice.turn_secret:
        raise ConfigError("ice.turn_secret", "a TURN server is used with a secret: its `static-auth-secret`")
    if ice.turn_secret and not relays:
        raise ConfigError("ice.turn_secret", "is of no use without a `turn:` server in `ice.servers`")


def _check_company(config: Config) -> None:
    """Who it works with."""
    service = config.service
    urls = {"service.url": service.url, "service.own_url": service.own_url, "upstream.url": config.upstream.url}
    for path, url in urls.items():
        if url and not _URL.fullmatch(url):
            raise ConfigError(path, f"`{url}` is not of the form https://host or https://host:port/path")
    if service.url and not service.own_url:
        raise ConfigError("service.own_url", "the service must know where rooms reach this bridge: https://host")
    for path, value in (("service.own_url", service.own_url), ("service.unit", service.unit)):
        if value and not service.url:
            raise ConfigError(path, "is of no use without `service.url`")
    if service.name and not _NAME.fullmatch(service.name):
        raise ConfigError("service.name", f"`{service.name}` has more than letters, digits and `-`, or more than 40")


def _check_janus(config: Config) -> None:
    janus = config.janus
    if janus.url and not _JANUS.fullmatch(janus.url):
        raise ConfigError("janus.url", f"`{janus.url}` is not of the form ws://host:8188 or wss://host/path")
    _checked("janus.rtp_address", janus.rtp_address, "is no address; a name is not enough", ip_address)
    for path, value in (("upstream.url", config.upstream.url), ("service.unit", config.service.unit)):
        if janus.url and value:
            raise ConfigError(path, "a bridge with `janus.url` takes no programme from another one: leave it empty")


def _checked(path: str, text: str, reason: str, read: Any) -> None:
    try:
        read(text, strict=False) if read is ip_network else read(text)
    except ValueError as error:
        raise ConfigError(path, f"`{text}` {reason}") from error


def paths(kind: type[Struct] = Config, prefix: str = "") -> list[str]:
    """Every key of the configuration as a dotted path; the documentation's test walks it."""
    found: list[str] = []
    for field in msgspec.structs.fields(kind):
        if isinstance(field.type, type) and issubclass(field.type, Section):
            found += paths(field.type, f"{prefix}{field.name}.")
        else:
            found.append(prefix + field.name)
    return found
