"""Who really asks, behind proxies. Only configured proxies are believed; everybody else could write anything."""

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from .routing import ADDRESS, HTTPS


def trust(proxies: tuple[str, ...]) -> Middleware:
    """Sets `ADDRESS` and `HTTPS` of a request."""
    trusted = frozenset(proxies)

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        request[ADDRESS], request[HTTPS] = request.remote or "", request.secure
        if trusted and request.remote in trusted:
            # The last entry that a trusted proxy did not write is the client; what stands before may be forged.
            chain = [a.strip() for a in request.headers.get("X-Forwarded-For", "").split(",") if a.strip()]
            while chain and chain[-1] in trusted:
                chain.pop()
            if chain:
                request[ADDRESS] = chain[-1]
            request[HTTPS] = request.headers.get("X-Forwarded-Proto") == "https"
        return await handler(request)

    return middleware
