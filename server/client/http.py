"""A small client of the HTTP interface: a base address, a session or a token, the one error shape."""

from types import TracebackType
from typing import Any, TypeVar

import aiohttp
import msgspec
from yarl import URL

from server.protocol.errors import Error, ErrorBody

T = TypeVar("T")


class ApiError(Exception):
    """The server's answer was an error."""

    def __init__(self, status: int, error: Error) -> None:
        where = "".join(
            f" ({name} {value})" for name in ("field", "row") if (value := getattr(error, name)) is not None
        )
        super().__init__(f"{error.code}: {error.message}{where}")
        self.status, self.error = status, error


class Api:
    """`async with Api(base, token) as api`. Raises `ApiError`, or `aiohttp.ClientError` when nobody answers."""

    def __init__(self, base: str, token: str | None = None) -> None:
        self.base = base.rstrip("/")
        self._headers = {"X-Requested-With": "nhipcau"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Api":
        # Cookies are kept also for plain addresses such as 127.0.0.1.
        self._session = aiohttp.ClientSession(headers=self._headers, cookie_jar=aiohttp.CookieJar(unsafe=True))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    async def call(
        self, method: str, path: str, answer: type[T], body: object = None, data: Any = None, **headers: str
    ) -> T:
        """One request; `body` goes as JSON, `data` as it is. `path` may hold a query, percent-encoded."""
        if body is not None:
            data = msgspec.json.encode(body)
            headers["Content-Type"] = "application/json"
        async with self._open.request(method, self.base + path, data=data, headers=headers) as response:
            raw = await response.read()
            if response.status >= 400:
                raise ApiError(response.status, _error(raw, response.status))
            return msgspec.json.decode(raw or b"null", type=answer)

    async def sign_in(self, login: str, password: str) -> None:
        """From now on every call is that person's."""
        await self.call("POST", "/api/session", object, {"login": login, "password": password})

    def identity(self) -> dict[str, str]:
        """The headers that say who is asking, for another connection to the same server."""
        cookies = self._open.cookie_jar.filter_cookies(URL(self.base))
        found = {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())} if cookies else {}
        return found | {k: v for k, v in self._headers.items() if k == "Authorization"}

    @property
    def _open(self) -> aiohttp.ClientSession:
        assert self._session is not None, "use `async with`"
        return self._session


def _error(raw: bytes, status: int) -> Error:
    try:
        return msgspec.json.decode(raw, type=ErrorBody).error
    except msgspec.DecodeError:
        return Error("unreadable", f"HTTP {status}")
