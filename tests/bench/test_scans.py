"""A scan counts as answered only when the whole page came."""

from aiohttp import web
from aiohttp.typedefs import Handler

from bench.scans import scan

PAGE = b"<!doctype html>" + b"x" * 5_000


async def listening(handler: Handler) -> tuple[web.AppRunner, str]:
    app = web.Application()
    app.router.add_get("/D/{code}", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


async def test_every_scan_is_a_new_connection_without_a_cookie_and_codes_come_in_turn() -> None:
    seen: list[tuple[str, bool, object]] = []

    async def page(request: web.Request) -> web.Response:
        seen.append((request.path, "Cookie" in request.headers, request.transport))
        return web.Response(body=PAGE, headers={"Set-Cookie": "nc_seen=x"})

    runner, base = await listening(page)
    done = await scan(base, ["/D/A", "/D/B"], 200)
    await runner.cleanup()

    assert (done.asked, done.answered) == (200, 200)
    assert sorted(path for path, _, _ in seen) == ["/D/A"] * 100 + ["/D/B"] * 100
    assert not any(cookie for _, cookie, _ in seen)
    assert len({id(transport) for _, _, transport in seen}) == 200


async def test_an_error_or_half_a_page_is_no_answer() -> None:
    async def page(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("A"):
            return web.Response(status=503, body=PAGE)
        half = web.StreamResponse(headers={"Content-Length": str(len(PAGE))})
        await half.prepare(request)
        await half.write(PAGE[:100])
        assert request.transport is not None
        request.transport.close()
        return half

    runner, base = await listening(page)
    done = await scan(base, ["/D/A", "/D/B"], 20)
    await runner.cleanup()

    assert (done.asked, done.answered) == (20, 0)


async def test_nobody_listening_ends_the_load_instead_of_hanging_it() -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response()

    runner, base = await listening(page)
    await runner.cleanup()

    done = await scan(base, ["/D/A"], 20)

    assert (done.asked, done.answered) == (20, 0)
