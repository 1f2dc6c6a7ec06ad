"""The configuration: a YAML file, overridden by environment variables, checked whole before anything starts.

`config.yaml` in the repository explains every key and states its default; a test keeps the two equal.
"""

import difflib
import os
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, get_args
from urllib.parse import urlsplit

import msgspec
import yaml
from msgspec import Meta, Struct, field
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "NHIPCAU_"  # NHIPCAU_LISTEN__PORT=9000 overrides listen.port
EXAMPLE = "https://nhipcau.example"
MIN_MEDIA_KEY = 32  # characters, as bridges ask for


class ConfigError(Exception):
    """`path` names the key, `reason` says what is wrong, `nearest` is a valid key that was perhaps meant."""

    def __init__(self, path: str, reason: str, nearest: str | None = None) -> None:
        hint = f" (did you mean `{nearest}`?)" if nearest else ""
        super().__init__(f"{path}: {reason}{hint}")
        self.path, self.reason, self.nearest = path, reason, nearest


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping of the file."""


Port = Annotated[int, Meta(ge=0, le=65_535)]


class Listen(Section, frozen=True):
    host: str = "127.0.0.1"
    port: Port = 8080


class LiveConfig(Section, frozen=True):
    interval_ms: Annotated[int, Meta(ge=20, le=5_000)] = 100
    grace_ms: Annotated[int, Meta(ge=1_000, le=600_000)] = 20_000
    pace_ms: Annotated[int, Meta(ge=0, le=1_000)] = 12
    beat_ms: Annotated[int, Meta(ge=1_000, le=120_000)] = 15_000


class S3(Section, frozen=True):
    url: str = ""
    endpoint: str = ""
    region: str = ""
    access_key: str = ""
    secret_key: str = ""


class DocumentsConfig(Section, frozen=True):
    max_mb: Annotated[int, Meta(ge=1, le=10_000)] = 200
    types: tuple[str, ...] = (
        "pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "doc", "xls", "ppt",
        "png", "jpeg", "webp", "mp4", "mp3", "txt",
    )  # fmt: skip
    s3: S3 = S3()


class BusConfig(Section, frozen=True):
    urls: tuple[str, ...] = ()


class MediaConfig(Section, frozen=True):
    key: str = ""
    publish_url: str = ""
    watch_url: str = ""

    def on(self) -> bool:
        return bool(self.key or self.publish_url or self.watch_url)


class LogConfig(Section, frozen=True):
    level: Annotated[str, Meta(pattern="^(debug|info|warning|error)$")] = "info"
    format: Annotated[str, Meta(pattern="^(text|json)$")] = "text"


class Config(Section, frozen=True):
    """Everything a server can be told. Empty strings stand for "decide for me"."""

    listen: Listen = Listen()
    public_url: str = ""
    data_dir: Annotated[str, Meta(min_length=1)] = "data"
    database: str = ""
    secret_key: str = ""
    trusted_proxies: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    contacts_keep_days: Annotated[int, Meta(ge=1, le=3_650)] = 90
    live: LiveConfig = LiveConfig()
    documents: DocumentsConfig = DocumentsConfig()
    bus: BusConfig = BusConfig()
    media: MediaConfig = MediaConfig()
    log: LogConfig = LogConfig()
    metrics_token: str = field(default="")

    def base_url(self) -> str:
        """What links and QR codes begin with, without a slash at the end."""
        return (self.public_url or f"http://{self.listen.host}:{self.listen.port}").rstrip("/")

    def database_url(self) -> str:
        return self.database or f"sqlite+aiosqlite:///{Path(self.data_dir) / 'nhipcau.db'}"

    def timeline(self) -> Path:
        """Where a server remembers which PostgreSQL leads (`server.leader`)."""
        return Path(self.data_dir) / "timeline"


def load(path: Path | None, environment: Mapping[str, str] = os.environ) -> Config:
    """Reads the file (none: the defaults), lays the environment over it. Raises `ConfigError`."""
    raw: dict[str, Any] = {}
    if path is not None:
        try:
            found = yaml.load(path.read_text(encoding="utf-8"), Loader=_Once)  # noqa: S506 - a safe loader
        except OSError as e:
            raise ConfigError(str(path), f"cannot be read: {e.strerror}") from e
        except (yaml.YAMLError, UnicodeDecodeError) as e:
            raise ConfigError(str(path), f"is not YAML: {e}") from e
        if found is not None and not isinstance(found, dict):
            raise ConfigError(str(path), "must hold keys and values")
        raw = found or {}
    named = _overlay(raw, environment)
    try:
        return _checked(raw)
    except ConfigError as e:
        if variable := named.get(e.path):
            raise ConfigError(e.path, f"{e.reason} (given as {variable})", e.nearest) from e
        raise


def _checked(raw: dict[str, Any]) -> Config:
    _known(raw, Config, "")
    try:
        config = msgspec.convert(raw, Config, strict=False)
    except msgspec.ValidationError as e:
        reason, _, where = str(e).partition(" - at `$")
        raise ConfigError(where.strip("`.") or "config", reason) from e
    _sensible(config)
    return config


class _Once(yaml.SafeLoader):
    """A key that stands there twice is a mistake: which of them was meant, nobody knows."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise ConfigError(key.value, f"stands there twice, again in line {key.start_mark.line + 1}")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _overlay(raw: dict[str, Any], environment: Mapping[str, str]) -> dict[str, str]:
    """Gives the variable that each key came from."""
    named: dict[str, str] = {}
    for name, value in environment.items():
        if not name.startswith(PREFIX):
            continue
        *sections, key = name.removeprefix(PREFIX).lower().split("__")
        at = raw
        for section in sections:
            at = at.setdefault(section, {})
            if not isinstance(at, dict):
                raise ConfigError(name, f"`{section}` has no keys below it")
        try:
            at[key] = yaml.safe_load(value) if value.startswith(("[", "{")) else value
        except yaml.YAMLError as e:
            where = ".".join([*sections, key])
            raise ConfigError(where, f"is not YAML, as [ or {{ at its begin says (given as {name})") from e
        named[".".join([*sections, key])] = name
    return named


def _known(raw: dict[str, Any], kind: type[Struct], path: str) -> None:
    """Unknown keys first, with the nearest valid one: a typing error must not look like a default."""
    fields = {f.name: f.type for f in msgspec.structs.fields(kind)}
    for key, value in raw.items():
        here = f"{path}{key}"
        if key not in fields:
            near = difflib.get_close_matches(str(key), fields, n=1, cutoff=0.5)
            raise ConfigError(here, "is no known key", f"{path}{near[0]}" if near else None)
        inner = fields[key]
        if isinstance(inner, type) and issubclass(inner, Section):
            if not isinstance(value, dict):
                raise ConfigError(here, "must hold keys and values")
            _known(value, inner, f"{here}.")


def _sensible(config: Config) -> None:
    _sensible_addresses(config)
    if config.database and not config.database.startswith(("sqlite+aiosqlite://", "postgresql+asyncpg://")):
        raise ConfigError("database", "must begin with sqlite+aiosqlite:// or postgresql+asyncpg://")
    try:
        make_url(config.database_url())
    except (ArgumentError, ValueError) as e:  # its words may hold the password
        raise ConfigError("database", "is no address, as postgresql+asyncpg://user:password@host:5432/name is") from e
    for n, proxy in enumerate(config.trusted_proxies):
        try:
            ip_network(proxy, strict=False)
        except ValueError as e:
            raise ConfigError(f"trusted_proxies[{n}]", f"`{proxy}` is neither an address nor a network") from e
    for n, url in enumerate(config.bus.urls):
        if not url.startswith(("nats://", "tls://")):
            raise ConfigError(f"bus.urls[{n}]", "must begin with nats:// or tls://")
    if config.bus.urls and not config.database.startswith("postgresql"):
        raise ConfigError("bus.urls", "only servers over one PostgreSQL have news for each other: set `database`")
    if config.bus.urls and not config.secret_key:
        raise ConfigError("bus.urls", "servers that work together need the same `secret_key`")
    _sensible_media(config.media)
    allowed = set(DocumentsConfig().types)
    for n, name in enumerate(config.documents.types):
        if name not in allowed:
            near = difflib.get_close_matches(name, allowed, n=1)
            raise ConfigError(f"documents.types[{n}]", f"`{name}` is no known type", near[0] if near else None)
    if config.secret_key and len(config.secret_key) < 32:
        raise ConfigError("secret_key", "must have at least 32 characters")


def _sensible_addresses(config: Config) -> None:
    if config.public_url and not _is_site(config.public_url.rstrip("/")):
        raise ConfigError(
            "public_url", f"must be http:// or https:// and a name, as in {EXAMPLE}, and nothing behind it"
        )
    for n, origin in enumerate(config.allowed_origins):
        if not _is_site(origin):
            raise ConfigError(f"allowed_origins[{n}]", f"must be http:// or https:// and a name, as in {EXAMPLE}")
    if (s3 := config.documents.s3.url) and not (s3.startswith("s3://") and urlsplit(s3).netloc):
        raise ConfigError("documents.s3.url", "must be s3://, a bucket and perhaps a folder, as in s3://bucket/folder")


def _is_site(url: str) -> bool:
    """Scheme, name, perhaps a port: what a browser calls an origin."""
    try:
        parts = urlsplit(url)
        return (
            bool(parts.hostname)
            and "@" not in url
            and parts.port != 0
            and url in {f"{s}://{parts.netloc}" for s in ("http", "https")}
        )
    except ValueError:  # no port, no address
        return False


def _sensible_media(media: MediaConfig) -> None:
    if media.key and len(media.key) < MIN_MEDIA_KEY:
        raise ConfigError("media.key", f"must have at least {MIN_MEDIA_KEY} characters, the same as at every bridge")
    for name in ("publish_url", "watch_url"):
        url = getattr(media, name)
        if url and not url.startswith(("http://", "https://")):
            raise ConfigError(f"media.{name}", "must begin with http:// or https://")
        if url and ("{conference}" not in url or "{stream}" not in url):
            raise ConfigError(f"media.{name}", "must name {conference} and {stream}")


def paths(kind: type[Struct] = Config, prefix: str = "") -> list[str]:
    """Every key of the configuration as a dotted path; the documentation's test walks it."""
    found: list[str] = []
    for f in msgspec.structs.fields(kind):
        inner = f.type if isinstance(f.type, type) else next(iter(get_args(f.type)), None)
        if isinstance(inner, type) and issubclass(inner, Section):
            found += paths(inner, f"{prefix}{f.name}.")
        else:
            found.append(prefix + f.name)
    return found
