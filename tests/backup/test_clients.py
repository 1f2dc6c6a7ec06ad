"""What people see of a restore: the same links and codes, and a picture that is true again."""

from pathlib import Path

import pytest

from server.lock import InUse
from server.secret_key import load_key
from tests.servers.whole import whole

from .house import back_up, bring_back, config_of


async def test_a_wall_that_saw_more_is_shown_what_there_is_now(tmp_path: Path) -> None:
    """It comes back with the place of an event that the restored journal has again, as another one."""
    config = config_of(tmp_path / "data")
    async with whole(tmp_path / "data") as house:
        kiosk, device = await house.kiosk(), await house.device(1)
        await house.command("check_in", point=1)
        await back_up(config, tmp_path / "kept.tar")
        await house.command("report_headcount", point=1, in_room=66)
        async with house.wall(kiosk) as wall:
            seen = await wall.message()
            assert seen["t"] == "snapshot"

    await bring_back(config, tmp_path / "kept.tar")

    async with whole(tmp_path / "data", again=house) as restored:
        await restored.command("report_headcount", point=1, in_room=50)
        resume = {"epoch": seen["epoch"], "seq": seen["seq"]}
        async with restored.wall(kiosk, resume=resume) as wall:
            now = await wall.message()
        assert now["t"] == "snapshot", "not the frames after an event that never happened here"
        assert now["epoch"] != seen["epoch"]
        assert now["seq"] == seen["seq"]
        async with restored.operator(device) as phone:
            assert (await phone.done("report_headcount", point=1, in_room=51))["t"] == "done"
        assert [e["body"]["in_room"] for e in await restored.journal("headcount_reported")] == [50, 51]


async def test_links_live_on_with_the_key_on_another_machine(tmp_path: Path) -> None:
    first, second = config_of(tmp_path / "first"), config_of(tmp_path / "second")
    async with whole(tmp_path / "first") as house:
        link, device = await house.link(1), await house.device(1)
        await back_up(first, tmp_path / "kept.tar", with_key=True)
    await bring_back(second, tmp_path / "kept.tar")
    assert load_key("", tmp_path / "first") == load_key("", tmp_path / "second")

    async with whole(tmp_path / "second", again=house) as moved:
        assert await moved.link(1) == link
        async with moved.operator(device) as phone:
            assert (await phone.done("check_in", point=1))["t"] == "done"


async def test_without_the_key_links_are_dead(tmp_path: Path) -> None:
    """Which is why every command says so."""
    first, second = config_of(tmp_path / "first"), config_of(tmp_path / "second")
    async with whole(tmp_path / "first") as house:
        link = await house.link(1)
        await back_up(first, tmp_path / "kept.tar")
    await bring_back(second, tmp_path / "kept.tar")
    async with whole(tmp_path / "second", again=house) as moved:
        assert await moved.link(1) != link


async def test_a_server_over_a_named_sqlite_file_is_noticed_too(tmp_path: Path) -> None:
    named = f"sqlite+aiosqlite:///{tmp_path / 'named.db'}"
    config = config_of(tmp_path / "data", named)
    async with whole(tmp_path / "data", database=named):
        await back_up(config, tmp_path / "kept.tar")
        with pytest.raises(InUse):
            await bring_back(config, tmp_path / "kept.tar")
    await bring_back(config, tmp_path / "kept.tar")
