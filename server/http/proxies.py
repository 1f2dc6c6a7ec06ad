"""Who really asks, behind proxies. Only configured proxies are believed; everybody else could write anything."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from .routing import ADDRESS, HTTPS

MAX_KNOWN = 4_096  # addresses of which is remembered whether they are proxies: every request asks


def trust(proxies: tuple[str, ...]) -> Middleware:
    """Sets `ADDRESS` and `HTTPS` of a request. `proxies`: addresses and networks, as `10.0.0.0/24`. ValueError."""
    networks = [ip_network(proxy, strict=False) for proxy in proxies]

    @lru_cache(MAX_KNOWN)
    def trusted(text: str) -> bool:
        try:
            address = ip_address(text)
        except ValueError:
            return False
        # One that listens for both kinds sees the old addresses in the clothes of the new ones.
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in network for network in networks)

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        request[ADDRESS], request[HTTPS] = request.remote or "", request.secure
        if networks and trusted(request.remote or ""):
            # The last entry that a trusted proxy did not write is the client; what stands before may be forged.
            # A proxy may add its own line below the client's, so all of them are one list.
            told = ",".join(request.headers.getall("X-Forwarded-For", ()))
            chain = [a.strip() for a in told.split(",") if a.strip()]
            while chain and trusted(chain[-1]):
                chain.pop()
            if chain:
                request[ADDRESS] = chain[-1]
            request[HTTPS] = request.headers.get("X-Forwarded-Proto") == "https"
        return await handler(request)

    return middleware
