"""Takes the README's pictures: starts the demonstration, waits until it is under way, photographs every face.

Run as `make screenshots`. The pictures are of the real program; nothing is drawn.
"""

import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--hide-scrollbars"),
]
SPEED = "3"
UNDER_WAY_MS = 240_000
COLOURS = 256  # a palette keeps a picture of flat colours small without a visible loss


class Demo:
    """The addresses that the demonstration printed."""

    def __init__(self, printed: str) -> None:
        self.wall = _find(r"(http://\S+/wall/\S+)", printed)
        self.kiosk = _find(r"(http://\S+/k/\S+)", printed)
        self.operator = _find(r"(http://\S+/O/\S+)", printed)
        self.attendee = _find(r"(http://\S+/D/\S+)", printed)
        self.base = self.wall.split("/wall/")[0]
        self.conference = self.wall.rsplit("/", 1)[1]
        self.login, self.password = _find(r"(\w+) / \S+", printed), _find(r"\w+ / (\S+)", printed)


def _find(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise SystemExit(f"the demonstration did not print {pattern}:\n{text}")
    return found[1]


@contextmanager
def demonstration() -> Iterator[Demo]:
    command = [sys.executable, "-m", "server.cli", "demo", "--port", "0", "--speed", SPEED]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        printed = ""
        for line in process.stdout:
            printed += line
            if "Ctrl-C" in line and "Stop" in line:
                break
        try:
            yield Demo(printed)
        finally:
            process.terminate()
            process.stdout.read()  # its last words; a closed pipe would be an error to it


def context(browser: Browser, width: int, height: int, scale: float = 1, dark: bool = False) -> BrowserContext:
    return browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        color_scheme="dark" if dark else "light",
    )


def keep(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready.then(() => true)")
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)
    print(f"docs/images/{name}.png")


def walls(browser: Browser, demo: Demo) -> None:
    page = context(browser, 1920, 1080).new_page()
    page.goto(demo.kiosk)
    page.get_by_text("ĐANG DIỄN RA").wait_for(timeout=UNDER_WAY_MS)
    # The room left to whoever watches comes last; the others are there when the conference has begun.
    page.wait_for_timeout(20_000)
    keep(page, "wall-1080p")
    page.keyboard.press("2")
    page.wait_for_timeout(500)
    keep(page, "wall-groups-1080p")
    page.keyboard.press("3")
    page.wait_for_timeout(500)
    keep(page, "wall-table-1080p")
    large = context(browser, 3840, 2160).new_page()
    large.goto(demo.kiosk)
    large.wait_for_timeout(3_000)
    keep(large, "wall-4k")


def signed_in(browser: Browser, demo: Demo, width: int, height: int) -> BrowserContext:
    made = context(browser, width, height)
    body = {"login": demo.login, "password": demo.password}
    answer = made.request.post(f"{demo.base}/api/session", data=body, headers={"X-Requested-With": "nhipcau"})
    assert answer.ok, answer.text()
    return made


def organizer(browser: Browser, demo: Demo) -> None:
    page = signed_in(browser, demo, 1440, 900).new_page()
    for name, path in (("console", ""), ("console-points", "/points"), ("console-documents", "/documents")):
        page.goto(f"{demo.base}/console/c/{demo.conference}{path}")
        page.wait_for_timeout(1_500)
        keep(page, name)
    wall = signed_in(browser, demo, 1920, 1080).new_page()
    wall.goto(f"{demo.wall}?point=1")
    wall.wait_for_timeout(2_500)
    keep(wall, "wall-drawer-1080p")


def phones(browser: Browser, demo: Demo) -> None:
    room = context(browser, 390, 844, 2)
    page = room.new_page()
    page.goto(demo.operator)
    page.get_by_role("button", name="Vào phòng").click()
    page.wait_for_timeout(1_000)  # a tap that follows at once is taken for the second half of a double one
    page.get_by_role("button", name="Phòng sẵn sàng").click()
    page.wait_for_timeout(1_000)
    keep(page, "operator-390")
    room.set_offline(True)
    page.get_by_role("button", name=re.compile(r"^Báo \d+ người")).click()
    page.wait_for_timeout(3_000)
    keep(page, "operator-offline-390")
    attendee = context(browser, 390, 844, 2).new_page()
    attendee.goto(demo.attendee)
    keep(attendee, "attendee-390")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demonstration() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        faces: list[Callable[[Browser, Demo], None]] = [walls, organizer, phones]
        for face in faces:
            face(browser, demo)
        browser.close()


if __name__ == "__main__":
    main()
