"""All the paper of a conference over HTTP: posters, operators' cards and sheets, each code read back from its page."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from statistics import median

import aiohttp
import psutil
import pypdfium2
import zxingcpp
from msgspec import Struct

from server.client.http import Api
from server.printing.rooms import capital_host
from server.tasks import Tasks

from . import ground as grounds
from .result import Limit, Result

ROOMS = 766
ROUNDS, ROUNDS_SHORT = 3, 1  # of each kind; the median counts
PROMISED_S = 60
DOTS = {"posters": 45, "cards": 120, "sheets": 90}  # an inch: below any printer, so what is read here is read on paper
LOOK_SECONDS = 0.1  # between two looks at the memory of who prints
TOGETHER = 32  # requests at once while asking for the addresses
QR_ONLY = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
HOUR = aiohttp.ClientTimeout(total=3_600)


class Printed(Struct):
    """Seconds from the request to the last byte, and the most that the process that prints had in memory."""

    seconds: float
    peak: int
    pdf: bytes


async def run(short: bool) -> list[Result]:
    ground = await grounds.make(ROOMS, enrol=False)
    try:
        async with Api(ground.server.base) as api:
            await ground.server.sign_in(api)
            token = (await api.call("POST", "/api/tokens", dict, {"name": "bench"}))["token"]
            wanted = await _addresses(api, ground)
        grounds.pin_load()
        figures: dict[str, float] = {}
        for kind in DOTS:
            rounds = [await _print(ground, token, kind) for _ in range(ROUNDS_SHORT if short else ROUNDS)]
            right, wrong = await asyncio.to_thread(read_back, rounds[-1].pdf, DOTS[kind], wanted[kind])
            figures |= {
                f"{kind}_s": median(printed.seconds for printed in rounds),
                f"{kind}_peak_mib": max(printed.peak for printed in rounds) / 2**20,
                f"{kind}_mib": len(rounds[-1].pdf) / 2**20,
                f"{kind}_read": right,
                f"{kind}_wrong": wrong,
            }
        return [Result("posters", {"rooms": ROOMS, "dots_an_inch": DOTS}, figures, _limits())]
    finally:
        await ground.server.stop()
        ground.server.remove()


def _limits() -> dict[str, Limit]:
    limits: dict[str, Limit] = {}
    for kind in DOTS:
        limits |= {f"{kind}_s": Limit(most=PROMISED_S), f"{kind}_read": Limit(least=ROOMS)}
        limits[f"{kind}_wrong"] = Limit(most=0)
    return limits


async def _addresses(api: Api, ground: grounds.Ground) -> dict[str, list[str]]:
    """What must stand on the paper of each kind, room after room, as the interface tells it."""
    gate = asyncio.Semaphore(TOGETHER)

    async def one(point: int) -> tuple[str, str]:
        async with gate:
            detail = await api.call("GET", f"/api/conferences/{ground.conference}/points/{point}", dict)
            return capital_host(detail["code_url"]), capital_host(detail["link"]["url"])

    codes, links = zip(*await asyncio.gather(*(one(point) for point in range(1, ROOMS + 1))), strict=True)
    return {"posters": list(codes), "cards": list(links), "sheets": list(links)}


async def _print(ground: grounds.Ground, token: str, kind: str) -> Printed:
    url = f"{ground.server.base}/api/conferences/{ground.conference}/print/{kind}.pdf"
    headers = {"Authorization": f"Bearer {token}"}
    watching, peaks, began = Tasks(), [0], time.perf_counter()
    watching.start("memory of who prints", _watch(ground.server.pid, peaks))
    try:
        async with aiohttp.request("GET", url, headers=headers, timeout=HOUR) as answer:
            answer.raise_for_status()
            pdf = await answer.read()
    finally:
        await watching.stop()
    return Printed(time.perf_counter() - began, max(peaks), pdf)


async def _watch(server: int, peaks: list[int]) -> None:
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        peaks.append(_memory(server))


def _memory(server: int) -> int:
    """Resident bytes of the processes that the server started."""
    found = 0
    for child in psutil.Process(server).children(recursive=True):
        try:
            found += int(child.memory_info().rss)
        except psutil.NoSuchProcess:
            continue
    return found


def read_back(pdf: bytes, dots: int, wanted: list[str]) -> tuple[int, int]:
    """Of the rendered paper: how many of the wanted codes stand there once, and how many others stand there."""
    found = Counter(_codes(pdf, dots))
    right = sum(found[address] == 1 for address in wanted)
    return right, found.total() - right


def _codes(pdf: bytes, dots: int) -> Iterator[str]:
    document = pypdfium2.PdfDocument(pdf)
    for number in range(len(document)):
        page = document[number]
        picture = page.render(scale=dots / 72, grayscale=True).to_pil()
        yield from (code.text for code in zxingcpp.read_barcodes(picture, formats=QR_ONLY))
        page.close()
    document.close()
