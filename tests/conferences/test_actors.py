"""The audit trail names whoever did a thing, in the reader's language."""

from pathlib import Path

import pytest

from server.conferences.actors import actor_name
from tests.servers.whole import whole


@pytest.mark.parametrize(
    ("by", "vi", "en"),
    [
        ("account:8", "Tài khoản 8", "Account 8"),
        ("token:4", "Mã truy cập 4", "API token 4"),
        ("device:119.2", "Thiết bị 2 của điểm cầu", "Device 2 of the room"),
        ("attendance", "Người dự quét mã", "People scanning"),
        ("system", "Hệ thống", "System"),
        ("robot:9", "robot:9", "robot:9"),
    ],
)
def test_an_actor_without_a_name_is_told_by_what_it_is(by: str, vi: str, en: str) -> None:
    assert (actor_name(by, "vi"), actor_name(by, "en")) == (vi, en)


async def test_the_journal_names_accounts_and_devices(tmp_path: Path) -> None:
    async with whole(tmp_path) as house:
        async with house.operator(await house.device(1)) as room:
            await room.done("check_in", point=1)

        page = await house.admin.call("GET", f"{house.one}/journal?point=1", dict)
        who = {entry["event"]["body"]["type"]: entry["who"] for entry in page["entries"]}

        assert who["checked_in"] == "Thiết bị 1 của điểm cầu"
        created = await house.admin.call("GET", f"{house.one}/journal?type=conference_created", dict)
        assert created["entries"][0]["who"] == (await house.admin.call("GET", "/api/session", dict))["account"]["name"]
