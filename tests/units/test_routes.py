"""The tree over HTTP: what is listed to whom, imports whole or not at all, edits, downloads."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.tables.model import MAX_FILE_BYTES
from server.tables.parse import parse
from server.units.files import FileDesk
from server.units.model import Unit
from server.units.routes import UnitRoutes
from server.units.store import UnitStore
from server.units.unit_file import COLUMNS
from tests.servers.web import BA_VI, CATALOG, Client, csv_of, serving

HEAD = ("Mã đơn vị", "Tên đơn vị", "Mã đơn vị cấp trên")


@pytest.fixture
async def store(engine: AsyncEngine) -> UnitStore:
    store = UnitStore(engine)
    await store.apply(BA_VI, 0)
    return store


@pytest.fixture
async def client(store: UnitStore) -> AsyncIterator[Client]:
    routes = UnitRoutes(store, FileDesk(), CATALOG, lambda: date(2026, 1, 15))
    async with serving(routes) as client:
        yield client


async def codes(client: Client, query: str, who: str = "administrator") -> list[str]:
    return [u["code"] for u in (await client.get(f"/api/units?{query}", who))["units"]]


async def test_the_tree_is_read_level_by_level(client: Client) -> None:
    roots = await client.get("/api/units?parent=root")
    assert roots["total"] == 1
    assert roots["units"][0] == {
        "code": "HN", "name": "Thành phố Hà Nội", "short": "Hà Nội", "kind": "thành phố", "parent": None,
        "aliases": [], "valid_from": None, "valid_to": None, "children": 2, "path": [],
    }  # fmt: skip
    assert await codes(client, "") == ["HN"]
    assert await codes(client, "parent=271&limit=1&offset=1") == ["09622"]
    assert (await client.get("/api/units?parent=271&limit=1"))["total"] == 2


async def test_search_needs_no_accents_and_names_the_path(client: Client) -> None:
    found = await client.get("/api/units?q=tan%20linh")
    assert [(u["code"], u["path"]) for u in found["units"]] == [("09619", ["Thành phố Hà Nội", "Huyện Ba Vì"])]


async def test_who_is_bound_to_a_unit_sees_its_subtree_only(client: Client) -> None:
    bound = "organizer:271"
    assert await codes(client, "", bound) == ["271"]
    assert await codes(client, "q=phuc%20xa", bound) == []
    assert (await client.get("/api/units?parent=271", bound))["units"][0]["path"] == ["Huyện Ba Vì"]
    status, body = await client.ask("GET", "/api/units?parent=001", who=bound)
    assert (status, body["error"]["code"], body["error"]["field"]) == (404, "unit_unknown", "parent")
    assert b"001" not in (await client.ask("GET", "/api/units.csv", who=bound))[1]
    assert await codes(client, "", "viewer:gone") == []


async def test_the_tree_of_a_day(client: Client, store: UnitStore) -> None:
    await store.apply([Unit("09999", "Xã Mới", "xã", "271", valid_from="2025-07-01", order=9)], 1)
    assert "09999" in await codes(client, "parent=271&at=2025-07-01")
    assert "09999" not in await codes(client, "parent=271&at=2025-06-30")
    status, body = await client.ask("GET", "/api/units?at=yesterday")
    assert (status, body["error"]["code"], body["error"]["field"]) == (400, "date_bad", "at")


async def test_an_import_is_previewed_then_applied_then_changes_nothing(client: Client) -> None:
    file = csv_of(
        HEAD, ("09625", "Xã Ba Trại", "271"), ("09619", "Xã Tản Lĩnh Mới", "271"), ("001", "Quận Ba Đình", "HN")
    )
    status, preview = await client.ask("POST", "/api/units/import?dry_run=true", data=file)
    assert status == 200
    assert [preview[k] for k in ("added", "changed", "unchanged", "refused")] == [1, 1, 1, 0]
    assert preview["rows"][1] == {
        "row": 3, "verdict": "changed", "code": "09619", "name": "Xã Tản Lĩnh Mới",
        "changes": [["name", "Xã Tản Lĩnh", "Xã Tản Lĩnh Mới"]],
    }  # fmt: skip
    assert await codes(client, "parent=271") == ["09619", "09622"]

    await client.ask("POST", "/api/units/import?dry_run=false", data=file)
    assert await codes(client, "parent=271") == ["09619", "09622", "09625"]

    _, again = await client.ask("POST", "/api/units/import?dry_run=false", data=file)
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 3)


async def test_a_preview_names_the_headings_it_does_not_use(client: Client) -> None:
    file = csv_of((*HEAD, "Dân số", "Ghi chú riêng"), ("001", "Quận Ba Đình", "HN", "1", "x"))

    _, strange = await client.ask("POST", "/api/units/import", data=file)
    _, plain = await client.ask("POST", "/api/units/import", data=csv_of(HEAD, ("001", "Quận Ba Đình", "HN")))

    assert (strange["ignored"], plain["ignored"]) == (["Dân số", "Ghi chú riêng"], [])


async def test_one_bad_row_keeps_the_whole_file_out_and_says_why(client: Client) -> None:
    file = csv_of(HEAD, ("09625", "Xã Ba Trại", "271"), ("", "", "Huyện Không Có"))
    _, report = await client.ask("POST", "/api/units/import?dry_run=false", data=file)
    error = report["rows"][1]["error"]
    assert (report["refused"], error["code"], error["row"]) == (1, "code_empty", 3)
    assert "Thiếu mã đơn vị." in error["message"]
    assert "Thiếu tên đơn vị." in error["message"]
    assert await codes(client, "parent=271") == ["09619", "09622"]


async def test_progress_comes_in_lines_when_asked_for(client: Client) -> None:
    rows = [(f"X{n:05d}", f"Xã số {n}", "271") for n in range(3_000)]
    lines = await client.lines("/api/units/import?dry_run=false", csv_of(HEAD, *rows))
    *progress, last = lines
    assert last["report"]["added"] == 3_000
    told = [line["progress"] for line in progress]
    assert told == sorted(told)
    assert all(total == 3_000 for _, total in told)


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 400, "file_empty"),
        (b"%PDF-1.7", 400, "file_type_unknown"),
        (csv_of(("Tên đơn vị",), ("Xã A",)), 400, "heading_missing"),
    ],
)
async def test_a_file_that_cannot_be_read_is_one_error(client: Client, data: bytes, status: int, code: str) -> None:
    got, body = await client.ask("POST", "/api/units/import", data=data, headers={"Accept": "application/x-ndjson"})
    assert (got, body["error"]["code"]) == (status, code)
    assert body["error"]["message"] != code


async def test_a_file_beyond_the_limit_is_refused_before_it_is_read(client: Client) -> None:
    claimed = {"Content-Length": str(MAX_FILE_BYTES + 1)}
    status, body = await client.ask("POST", "/api/units/import", data=b"", headers=claimed)
    assert (status, body["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize(("who", "status"), [("", 401), ("viewer", 403), ("organizer:271", 403), ("device", 403)])
async def test_only_who_sees_the_whole_tree_writes_it(client: Client, who: str, status: int) -> None:
    assert (await client.ask("POST", "/api/units/import", who=who, data=b"x"))[0] == status
    assert (await client.ask("PATCH", "/api/units/271", who=who, json={"name": "Huyện Khác"}))[0] == status


async def test_a_unit_is_edited_field_by_field(client: Client) -> None:
    edit = {"name": "Phường Ba Vì", "parent": "001", "aliases": ["BV", "Huyện Ba Vì cũ"], "valid_from": "2025-07-01"}
    status, unit = await client.ask("PATCH", "/api/units/271", json=edit)
    assert status == 200
    assert {k: unit[k] for k in ("name", "parent", "aliases", "valid_from", "valid_to", "children")} == {
        **edit, "valid_to": None, "children": 2,
    }  # fmt: skip
    assert await codes(client, "q=BV") == ["271"]
    _, top = await client.ask("PATCH", "/api/units/271", json={"parent": None})
    assert top["parent"] is None
    assert top["name"] == "Phường Ba Vì"


@pytest.mark.parametrize(
    ("code", "edit", "status", "error", "field"),
    [
        ("271", {"parent": "09619"}, 409, "parent_cycle", "parent"),
        ("271", {"parent": "nowhere"}, 409, "parent_unknown", "parent"),
        ("271", {"valid_from": "32/13/2025"}, 409, "date_bad", "valid_from"),
        ("NONE", {"name": "A"}, 404, "unit_unknown", "code"),
        ("271", {"name": ""}, 400, "bad_value", "name"),
        ("271", {"colour": "red"}, 400, "bad_value", "colour"),
    ],
)
async def test_a_wrong_edit_names_the_field(
    client: Client, code: str, edit: dict[str, object], status: int, error: str, field: str | None
) -> None:
    got, body = await client.ask("PATCH", f"/api/units/{code}", json=edit)
    assert (got, body["error"]["code"], body["error"].get("field")) == (status, error, field)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
async def test_a_download_reads_back_as_unchanged(client: Client, format: str) -> None:
    _, file = await client.ask("GET", f"/api/units.{format}")
    assert [row.values["name"] for row in parse(file, COLUMNS).rows] == [u.name for u in BA_VI]
    _, report = await client.ask("POST", "/api/units/import", data=file)
    assert (report["unchanged"], report["added"] + report["changed"] + report["refused"]) == (len(BA_VI), 0)


async def test_headings_follow_the_readers_language(client: Client) -> None:
    _, file = await client.ask("GET", "/api/units.csv", headers={"Accept-Language": "en"})
    assert file.decode("utf-8-sig").splitlines()[0] == "Code,Name,Kind,Parent,Aliases,Valid from,Valid to"
