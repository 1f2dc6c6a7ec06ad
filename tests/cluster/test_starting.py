"""Servers that start together on an empty database: one schema, one first organizer, one key."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from server.app import CannotStart, Server
from server.client.http import Api, ApiError
from server.config import Config, Listen
from server.doctor import examine
from server.secret_key import load_key
from tests.servers.whole import PASSWORD

SERVERS = 3


def server(folder: Path, settings: dict[str, Any]) -> Server:
    return Server(Config(listen=Listen(port=0), data_dir=str(folder), **settings))


async def test_three_at_once_make_one_schema_and_one_first_organizer(tmp_path: Path, settings: dict[str, Any]) -> None:
    servers = [server(tmp_path, settings) for _ in range(SERVERS)]
    failed = await asyncio.gather(*(s.start() for s in servers), return_exceptions=True)
    servers = [s for s, error in zip(servers, failed, strict=True) if error is None]
    try:
        assert failed == [None] * SERVERS
        links = await asyncio.gather(*(s.accounts.ensure_setup() for s in servers))
        assert all(links)

        async def first(n: int) -> str:
            body = {"token": links[n], "login": f"nguoi.{n}", "name": "Trần Thu Hà", "password": PASSWORD}
            async with Api(servers[n].base_url) as api:
                try:
                    await api.call("POST", "/api/setup", object, body)
                except ApiError as error:
                    return error.error.code
            return "made"

        assert sorted(await asyncio.gather(*map(first, range(SERVERS)))) == ["made", "setup_over", "setup_over"]
        assert [await s.accounts.ensure_setup() for s in servers] == [None] * SERVERS
    finally:
        await asyncio.gather(*(s.stop() for s in servers))


async def test_one_with_another_key_does_not_start_beside_them(tmp_path: Path, settings: dict[str, Any]) -> None:
    one = server(tmp_path / "one", settings)
    await one.start()
    try:
        other = server(tmp_path / "two", {**settings, "secret_key": "một khoá khác mà không máy chủ nào có"})
        with pytest.raises(CannotStart) as why:
            await other.start()
        assert why.value.key == "secret_key"
        same = server(tmp_path / "one", settings)
        await same.start()
        await same.stop()
    finally:
        await one.stop()
    changed = server(tmp_path / "two", {**settings, "secret_key": "khoá mới sau khi mọi máy chủ đã dừng"})
    await changed.start()
    await changed.stop()


async def test_one_that_keeps_documents_elsewhere_does_not_start_beside_them(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    one = server(tmp_path / "one", settings)
    await one.start()
    try:
        other = server(tmp_path / "two", settings)
        found = {f.check: f for f in await examine(other.config, tmp_path)}
        assert found["documents"].verdict == "missing"
        with pytest.raises(CannotStart) as why:
            await other.start()
        assert why.value.key == "documents"
        found = {f.check: f for f in await examine(one.config, tmp_path)}
        assert found["documents"].verdict == "ok"
    finally:
        await one.stop()
    moved = server(tmp_path / "two", settings)
    await moved.start()
    await moved.stop()


async def test_a_replica_that_nobody_waits_for_is_named_before_it_has_to_take_over(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    """Given two hosts in `database`, of which the leader waits for none, the doctor warns."""
    url = make_url(settings["database"])
    host = f"{url.host}:{url.port}"
    several = url.set(host=None, port=None).update_query_dict({"host": [host, host]})
    for given, verdict in ((url, "ok"), (several, "warning")):
        config = Config(data_dir=str(tmp_path), database=given.render_as_string(hide_password=False))
        found = {f.check: f for f in await examine(config, tmp_path)}
        assert found["database"].verdict == verdict


async def test_all_that_start_on_one_folder_read_one_key(tmp_path: Path) -> None:
    keys = await asyncio.gather(*(asyncio.to_thread(load_key, "", tmp_path / "data") for _ in range(16)))
    assert len(set(keys)) == 1
    assert len(keys[0]) == 64
    assert [p.name for p in (tmp_path / "data").iterdir()] == ["secret.key"]
