"""Every printed QR says what the interface says: read back from the rendered paper by an independent reader."""

from typing import Any

import pypdfium2 as pdfium
import pytest
import zxingcpp

from tests.servers.whole import Whole


def codes(paper: bytes) -> list[str]:
    """What a camera reads from every page, in order of the pages."""
    found: list[str] = []
    document = pdfium.PdfDocument(paper)
    for page in document:
        picture = page.render(scale=3).to_pil().convert("L")
        found += [code.text for code in zxingcpp.read_barcodes(picture)]
        page.close()
    document.close()
    return found


async def paper(house: Whole, path: str) -> bytes:
    async with house.admin._open.get(f"{house.base}{house.one}/print/{path}") as answer:
        assert answer.status == 200, await answer.text()
        assert answer.content_type == "application/pdf"
        return await answer.read()


async def told(house: Whole, field: str) -> set[str]:
    """The addresses of all four rooms, as the interface tells them."""
    details: list[Any] = [await house.admin.call("GET", f"{house.one}/points/{p}", dict) for p in (1, 2, 3, 4)]
    return {(d["link"]["url"] if field == "link" else d["code_url"]).upper() for d in details}


@pytest.mark.parametrize("kind", ["cards.pdf", "sheets.pdf"])
async def test_operators_papers_carry_each_rooms_link(house: Whole, kind: str) -> None:
    found = [code.upper() for code in codes(await paper(house, kind))]
    links = [code for code in found if "/O/" in code]
    assert len(links) == 4, "each room once"
    assert set(links) == await told(house, "link")


async def test_posters_carry_each_rooms_code(house: Whole) -> None:
    found = [code.upper() for code in codes(await paper(house, "posters.pdf"))]
    assert len(found) == 4
    assert set(found) == await told(house, "code")
