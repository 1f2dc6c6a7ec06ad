"""Attendees' phones: they scan a room's code and open what they find, over plain HTTP as a phone's browser does."""

import re
from collections import OrderedDict
from types import TracebackType

import aiohttp

from .figures import Figures

MAX_PHONES = 2_000  # whose cookies are kept; who comes back does so within minutes
TIMEOUT = aiohttp.ClientTimeout(total=20)  # seconds: nobody looks longer at an empty page
_ANDROID = (
    "Mozilla/5.0 (Linux; Android {}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
)
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
_AGENTS = (
    _ANDROID.format("13; SM-A145F"),
    f"{_IPHONE} Version/17.5 Mobile/15E148 Safari/604.1",
    _ANDROID.format("11; RMX3231") + " Zalo android/24061201",  # the chat application's own browser
    _ANDROID.format("12; CPH2389"),
)
_DOCUMENT = re.compile(r'href="(/[Dd]/[^"/]+/[0-9]+)"')


class Phones:
    """`async with Phones(base, figures) as phones`."""

    def __init__(self, base: str, figures: Figures) -> None:
        self._base, self._figures = base, figures
        self._cookies: OrderedDict[int, dict[str, str]] = OrderedDict()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Phones":
        # Each phone keeps its own cookies; the connections are shared, as behind a room's one address.
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), timeout=TIMEOUT)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    async def visit(self, code: str, phone: int, opens: int) -> None:
        """Scans, and opens the first `opens` documents of the page. Failures are counted, not raised."""
        try:
            page = await self._get(f"/D/{code}", phone)
            self._figures.scans += 1
            for path in list(dict.fromkeys(_DOCUMENT.findall(page.decode())))[:opens]:
                await self._get(path, phone)
                self._figures.opens += 1
        except (aiohttp.ClientError, TimeoutError):
            self._figures.scan_failures += 1

    async def _get(self, path: str, phone: int) -> bytes:
        assert self._session is not None, "use `async with`"
        cookies = self._cookies.get(phone, {})
        headers = {"User-Agent": _AGENTS[phone % len(_AGENTS)], "Accept": "text/html,*/*", "Accept-Language": "vi"}
        async with self._session.get(self._base + path, headers=headers, cookies=cookies) as response:
            response.raise_for_status()
            for answer in (*response.history, response):
                cookies = cookies | {name: morsel.value for name, morsel in answer.cookies.items()}
            self._remember(phone, cookies)
            return await response.read()

    def _remember(self, phone: int, cookies: dict[str, str]) -> None:
        self._cookies[phone] = cookies
        self._cookies.move_to_end(phone)
        if len(self._cookies) > MAX_PHONES:
            self._cookies.popitem(last=False)
