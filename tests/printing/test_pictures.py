"""QR pictures over HTTP, read back by another library: exactly the address that the interface tells, at every size at
which people meet them, and with enough spare modules to survive a scratch."""

import io
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from functools import lru_cache

import aiohttp
import pypdfium2
import pytest
import pytest_asyncio
import typst
import zxingcpp
from PIL import Image

from server.printing.rooms import capital_host
from tests.servers.whole import Whole, whole

pytestmark = pytest.mark.asyncio(loop_scope="module")

LEVELS = ("M", "Q", "H")  # strong enough: a seventh of it may be dirty, or more
SIZES = (90, 132, 400, 1_024)  # pixels: a corner of a slide, the console, a hand's width on a screen, a letter
BASE = "https://cau.hanoi.example:8443"  # longer than most, so that the symbol is as large as they come


class Pictures:
    """Every picture's path, and the address that it must hold."""

    def __init__(self, house: Whole, http: aiohttp.ClientSession, wanted: dict[str, str], device: str) -> None:
        self.house, self.http, self.wanted, self.device = house, http, wanted, device

    async def get(self, path: str) -> bytes:
        key = {"Authorization": f"Bearer {self.device}"} if path.startswith("/api/my/") else self.house.admin.identity()
        async with self.http.get(self.house.base + path, headers=key) as answer:
            assert answer.status == 200, await answer.text()
            assert answer.content_type == ("image/png" if path.endswith("png") else "image/svg+xml")
            return await answer.read()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pictures(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pictures]:
    folder = tmp_path_factory.mktemp("pictures")
    async with whole(folder, public_url=BASE) as house, aiohttp.ClientSession() as http:
        wanted = {}
        for point in (1, 2, 3, 4):
            detail = await house.admin.call("GET", f"{house.one}/points/{point}", dict)
            wanted[f"{house.one}/points/{point}/link"] = capital_host(detail["link"]["url"])
            wanted[f"{house.one}/codes/{point}"] = capital_host(detail["code_url"])
        whole_code = (await house.admin.call("GET", house.one, dict))["conference"]["code"]
        wanted[f"{house.one}/codes/all"] = capital_host(f"{BASE}/D/{whole_code}")
        wanted["/api/my/code"] = wanted[f"{house.one}/codes/1"]
        yield Pictures(house, http, wanted, await house.device(1))


def read(picture: Image.Image) -> zxingcpp.Barcode:
    [found] = zxingcpp.read_barcodes(picture)
    return found


@lru_cache
def paper(svg: bytes) -> bytes:
    """The picture on a page of its own, an inch wide, set by a program that is not ours."""
    page = b'#set page(width: 72pt, height: 72pt, margin: 0pt)\n#image(bytes("' + escaped(svg) + b'"), width: 72pt)'
    return bytes(typst.compile(page))


def drawn(svg: bytes, pixels: int) -> Image.Image:
    """`pixels` wide."""
    document = pypdfium2.PdfDocument(paper(svg))
    picture: Image.Image = document[0].render(scale=pixels / 72, grayscale=True).to_pil()
    document.close()
    return picture


def escaped(text: bytes) -> bytes:
    return text.replace(b"\\", b"\\\\").replace(b'"', b'\\"')


@pytest.mark.parametrize("pixels", SIZES)
async def test_every_svg_holds_exactly_its_address_at_any_size(pictures: Pictures, pixels: int) -> None:
    for path, address in pictures.wanted.items():
        code = read(drawn(await pictures.get(f"{path}.svg"), pixels))
        assert code.text == address, path
        assert code.ec_level in LEVELS


@pytest.mark.parametrize("pixels", [*SIZES, None], ids=[*map(str, SIZES), "as it is"])
async def test_every_png_holds_exactly_its_address_at_any_size(pictures: Pictures, pixels: int | None) -> None:
    for path, address in pictures.wanted.items():
        if path.startswith("/api/my/"):
            continue
        picture = Image.open(io.BytesIO(await pictures.get(f"{path}.png")))
        assert picture.width == picture.height > 900, "large enough for a letter"
        code = read(picture.convert("L").resize((pixels, pixels)) if pixels else picture)
        assert code.text == address, path
        assert code.ec_level in LEVELS


async def test_a_scratched_picture_is_still_read(pictures: Pictures) -> None:
    """Level M gives back what is lost: a stroke over the picture, away from the corners that find it."""
    for path, address in pictures.wanted.items():
        picture = drawn(await pictures.get(f"{path}.svg"), 600)
        picture.paste(255, (270, 330, 330, 360))
        assert read(picture).text == address, path


async def test_an_svg_is_a_picture_and_no_program(pictures: Pictures) -> None:
    svg = await pictures.get(f"{pictures.house.one}/codes/all.svg")
    assert {element.tag.rpartition("}")[2] for element in ET.fromstring(svg).iter()} <= {"svg", "path", "rect"}
    assert len(svg) < 4_000
