"""What organizers do with documents over HTTP, and what they may not."""

import asyncio
import hashlib

import pytest

from server.conference.documents import MAX_DOCUMENTS
from server.protocol.commands import AddDocument, CountScans, ScanRow, Scope, WithdrawDocument
from tests.conference.given import T0

from . import files
from .site import CONFERENCE, MAX_BYTES, PATH, Site, facts, ok, refused

PDF = files.pdf(3)


async def test_an_upload_becomes_a_document(site: Site) -> None:
    made = await ok(await site.upload(PDF, "Nghị quyết số 18.pdf", release_at=T0 + 60_000, unit="271"), 201)
    assert made["title"] == "Nghị quyết số 18"
    assert made["state"] == "waiting"
    assert (made["kind"], made["pages"], made["size"]) == ("application/pdf", 3, len(PDF))
    assert made["scope"] == {"unit": "271"}
    assert made["hash"] == hashlib.sha256(PDF).hexdigest()
    (version,) = made["versions"]
    assert (version["version"], version["at"], version["by"]) == (1, T0, "Trần Thu Hà")

    listed = await ok(await site.get(PATH))
    assert listed["documents"] == [made]


async def test_nothing_is_in_the_journal_before_the_file_is_kept(site: Site) -> None:
    """The store is asked at the very moment the event is published."""
    kept: list[bool] = []
    live = await site.live()
    place = site.folder / "files" / (h := hashlib.sha256(PDF).hexdigest())[:2] / h[2:4] / h
    live.listeners.append(lambda state, events: kept.append(place.exists()))
    await ok(await site.upload(PDF), 201)
    assert kept == [True]


async def test_a_new_version_replaces_what_is_given_out(site: Site) -> None:
    made = await ok(await site.upload(PDF), 201)
    site.clock.now += 5_000
    second = await ok(await site.upload(files.docx(), "Bản 2.docx", to=f"{PATH}/{made['id']}/versions"), 201)
    assert second["version"] == 2
    assert second["name"] == "Bản 2.docx"
    assert [(v["version"], v["at"]) for v in second["versions"]] == [(1, T0), (2, T0 + 5_000)]


async def test_organizers_may_fetch_what_is_not_released(site: Site) -> None:
    made = await ok(await site.upload(PDF, "Nghị quyết.pdf", release_at=T0 + 60_000), 201)
    second = files.pdf(1)
    await ok(await site.upload(second, "Bản hai.pdf", to=f"{PATH}/{made['id']}/versions"), 201)
    path = f"{PATH}/{made['id']}/file"
    assert await (await site.get(path)).read() == second
    answer = await site.get(path + "?version=1")
    assert await answer.read() == PDF
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert await refused(await site.get(path + "?version=3")) == (404, "version_missing", "version")
    assert await refused(await site.get(f"{PATH}/9/file")) == (404, "document_unknown", "document")
    assert await refused(await site.get(f"{PATH}/x/file")) == (404, "document_unknown", "document")
    assert await refused(await site.get(path, who="viewer")) == (403, "forbidden", None)


@pytest.mark.parametrize("who", ["viewer", "kiosk", "nobody"])
async def test_only_organizers_upload(site: Site, who: str) -> None:
    answer = await site.upload(PDF, who=who)
    assert answer.status == (401 if who == "nobody" else 403)
    assert site.left_behind() == []


async def test_an_organizer_of_a_part_is_refused_before_the_upload(site: Site) -> None:
    """The rules speak before a byte is read: the body would be of no kind."""
    assert await refused(await site.upload(b"\0" * 1000, who="baVi")) == (403, "forbidden_scope", None)


async def test_the_rules_speak_before_a_byte_is_read(site: Site) -> None:
    nothing = b"\0"
    assert await refused(await site.upload(nothing, unit="999")) == (404, "unit_unknown", "scope")
    assert await refused(await site.upload(nothing, point=77)) == (404, "point_unknown", "scope")
    assert await refused(await site.upload(nothing, point=1, unit="271")) == (400, "scope_twice", "point")
    assert await refused(await site.upload(nothing, release_at="soon")) == (400, "bad_value", ".release_at".strip("."))
    assert await refused(await site.upload(nothing, to=f"{PATH}/3/versions")) == (404, "document_unknown", "document")
    assert await refused(await site.upload(nothing, name=" ")) == (400, "file_name_missing", "X-File-Name")
    assert await refused(await site.upload(nothing, to="/api/conferences/x/documents")) == (
        404,
        "conference_unknown",
        None,
    )


async def test_there_is_an_end_to_documents(site: Site) -> None:
    await asyncio.gather(*(site.do(AddDocument(f"Tài liệu {n}", facts())) for n in range(MAX_DOCUMENTS)))
    assert await refused(await site.upload(b"\0")) == (409, "too_many_documents", None)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.pdf", "empty_file"),
        (b"<html><script>alert(1)</script>", "a.pdf", "type_unknown"),
        (b"<svg onload='alert(1)'/>", "a.txt", "type_unknown"),
        (files.zipped({"a": b"b"}), "a.docx", "type_unknown"),
        (PDF, "a.docx", "type_mismatch"),
        (files.TEXT, "a.html", "type_mismatch"),
        (files.TEXT, "a.js", "type_mismatch"),
    ],
)
async def test_what_is_no_document_leaves_nothing(site: Site, content: bytes, name: str, code: str) -> None:
    answer = await site.upload(content, name)
    assert (await refused(answer))[:2] == (400 if code == "empty_file" else 415, code)
    assert site.left_behind() == []
    assert (await ok(await site.get(PATH)))["documents"] == []


async def test_a_name_without_an_ending_gets_one(site: Site) -> None:
    made = await ok(await site.upload(files.JPEG, "../Ảnh số 1. Toàn cảnh"), 201)
    assert (made["name"], made["title"]) == ("Ảnh số 1. Toàn cảnh.jpg", "Ảnh số 1. Toàn cảnh")


async def test_too_large_by_one_byte(site: Site) -> None:
    """The length is counted: here nobody announced it."""
    largest = files.TEXT.ljust(MAX_BYTES, b"a")
    assert (await site.upload(largest, "a.txt")).status == 201

    async def unannounced() -> object:
        yield largest
        yield b"a"

    assert await refused(await site.upload(unannounced(), "b.txt")) == (413, "too_large", None)
    assert len(site.left_behind()) == 1


async def test_people_of_a_part_see_their_part(site: Site) -> None:
    scopes = [Scope(), Scope(unit="271"), Scope(unit="001"), Scope(unit="HN"), Scope(point=1), Scope(point=4)]
    for n, scope in enumerate(scopes):
        await site.do(AddDocument(f"Tài liệu {n}", facts(), scope))
    listed = await ok(await site.get(PATH, who="baVi"))
    assert [d["title"][-1] for d in listed["documents"]] == ["0", "1", "3", "4"]
    assert await refused(await site.get(f"{PATH}/6/file", who="baVi")) == (404, "document_unknown", "document")
    assert len((await ok(await site.get(PATH, who="viewer")))["documents"]) == 6


async def test_counts_by_document_point_and_minute(site: Site) -> None:
    await site.do(AddDocument("Một", facts()))
    await site.do(AddDocument("Hai", facts()))
    await site.do(WithdrawDocument(2))
    minute = T0 // 60_000 * 60_000
    before = [ScanRow(1, 0, "scan", 3), ScanRow(1, 1, "open", 2), ScanRow(4, 2, "open", 1), ScanRow(0, 0, "scan", 5)]
    await site.do(CountScans(minute, before))
    counts = await ok(await site.get(f"{PATH}/counts"))
    assert counts == {
        "documents": [{"document": 1, "opens": 2}, {"document": 2, "opens": 1}],
        "points": [
            {"point": 0, "scans": 5, "opens": 0},
            {"point": 1, "scans": 3, "opens": 2},
            {"point": 4, "scans": 0, "opens": 1},
        ],
        "minutes": [[minute, 8, 3]],
    }

    await site.do(CountScans(minute + 60_000, [ScanRow(4, 0, "scan", 7), ScanRow(2, 1, "open", 1)]))
    assert (await ok(await site.get(f"{PATH}/counts")))["minutes"] == [[minute, 8, 3], [minute + 60_000, 7, 1]]
    part = await ok(await site.get(f"{PATH}/counts", who="baVi"))
    assert part["minutes"] == [[minute, 3, 2], [minute + 60_000, 0, 1]]
    assert part["documents"] == [{"document": 1, "opens": 3}, {"document": 2, "opens": 0}]
    assert [p["point"] for p in part["points"]] == [1, 2]

    await site.do(CountScans(minute + 60_000, [ScanRow(1, 0, "scan", 1)]))
    assert (await ok(await site.get(f"{PATH}/counts", who="baVi")))["minutes"][1] == [minute + 60_000, 1, 1]
    assert (await ok(await site.get(f"{PATH}/counts")))["minutes"][1] == [minute + 60_000, 8, 1]


async def test_another_conference_is_another_folder(site: Site) -> None:
    assert await refused(await site.get("/api/conferences/other/documents")) == (404, "conference_unknown", None)
    assert CONFERENCE != "other"
