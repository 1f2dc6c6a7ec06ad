"""Whoever reads the database's files or the server's log finds no secret that opens anything."""

from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

from .house import CONFERENCE, OTHER_PASSWORD, PASSWORD, House, cookie, me, ok


async def _a_whole_day(house: House) -> list[str]:
    """Everything that makes, uses or mistakes a secret; gives the secrets."""
    setup = await house.accounts.ensure_setup()
    first = house.browser()
    body = {"token": setup, "login": "ha", "name": "Hà", "password": PASSWORD}
    await ok(await first.post("/api/setup", json=body))
    used = cookie(first)
    await first.post("/api/session/password", json={"current": PASSWORD, "password": OTHER_PASSWORD})
    token = (await ok(await first.post("/api/tokens", json={"name": "Bảng"}), 201))["token"]
    kiosks = f"/api/conferences/{CONFERENCE}/kiosks"
    kiosk = (await ok(await first.post(kiosks, json={"name": "Ti vi"}), 201))["url"].rpartition("/")[2]
    typed = "mật khẩu gõ nhầm vào"
    await house.browser().post("/api/session", json={"login": "ha", "password": typed})
    await house.browser().post("/api/session", json={"login": typed, "password": typed})
    await me(house.bearer(token))
    await me(house.bearer(kiosk))
    await house.wall(house.browser({}), kiosk)
    assert setup is not None
    return [setup, used, cookie(first), token, kiosk, PASSWORD, OTHER_PASSWORD, typed]


async def test_no_secret_is_stored_or_logged(house: House, database_file: Path, capsys: Any, caplog: Any) -> None:
    caplog.set_level(0)
    with capture_logs() as logged:
        secrets = await _a_whole_day(house)
    assert len(set(secrets)) == 8
    written = b"".join(file.read_bytes() for file in database_file.parent.glob(f"{database_file.name}*"))
    printed = capsys.readouterr()
    said = repr(logged) + caplog.text + printed.out + printed.err

    assert b"Ti vi" in written, "the files are those the server wrote"
    assert "sign_in_failed" in said, "the log is the one the server wrote"
    for secret in secrets:
        for part in (secret, secret.removeprefix(secret[:7])):  # neither whole nor without its prefix
            assert part.encode() not in written
            assert part not in said
