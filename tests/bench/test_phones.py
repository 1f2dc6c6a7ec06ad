"""A scan counts as answered only when the whole page came."""

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler

from bench.phones import arrivals, arrive, scan

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


def test_people_come_in_their_time_and_not_in_step() -> None:
    times = list(arrivals(10_000, 10.0, seed=1))
    assert len(times) == 10_000
    assert times == sorted(times)
    assert 0 <= times[0] < times[-1] < 10
    assert max(sum(int(t) == second for t in times) for second in range(10)) < 1_200


async def test_who_arrives_waits_from_when_he_came_however_long_those_before_take() -> None:
    begun = asyncio.Event()

    async def page(request: web.Request) -> web.Response:
        if len(seen) < 50:
            seen.append(request.transport)
            if len(seen) == 50:
                begun.set()
            await begun.wait()  # nobody is answered before fifty have come
        return web.Response(body=PAGE)

    seen: list[object] = []
    runner, base = await listening(page)
    done = await arrive(base, ["/D/A"], 100, 0.2)
    await runner.cleanup()

    assert (done.asked, done.answered, len(done.waits)) == (100, 100, 100)
    assert max(done.waits) > 0.02, "the first waited for the fiftieth"


async def test_who_is_not_answered_has_no_wait() -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(status=503)

    runner, base = await listening(page)
    done = await arrive(base, ["/D/A"], 20, 0.01)
    await runner.cleanup()

    assert (done.asked, done.answered, done.waits) == (20, 0, [])
