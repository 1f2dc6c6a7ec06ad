"""The load's own WebSocket against a real server."""

import asyncio

from aiohttp import WSMsgType, web

from bench.rooms import BINARY, Peer, open_peer


async def test_a_peer_answers_pings_and_speaks_text_and_binary_on_any_address() -> None:
    seen: list[tuple[WSMsgType, object]] = []
    over = asyncio.Event()

    async def talk(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        seen.append((WSMsgType.TEXT, request.query_string))
        await socket.ping(b"there?")
        await socket.send_bytes(b"\0\1")
        while len(seen) < 4:
            message = await socket.receive()
            seen.append((message.type, bytes(message.data) if message.type != WSMsgType.TEXT else message.data))
        over.set()
        return socket

    app = web.Application()
    app.router.add_get("/talk", talk)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    got: list[bytes] = []

    def take(peer: Peer, payload: bytes) -> None:
        got.append(payload)
        peer.send(b"\2" * 200, BINARY)

    peer = await open_peer(f"http://127.0.0.1:{runner.addresses[0][1]}/talk?EIO=4", b"xin ch\xc3\xa0o", take)
    async with asyncio.timeout(5):
        await over.wait()
    assert peer.transport is not None
    peer.transport.abort()
    await runner.cleanup()

    assert got == [b"\0\1"]
    assert seen[0] == (WSMsgType.TEXT, "EIO=4")
    assert sorted(seen[1:], key=str) == sorted(
        [(WSMsgType.PONG, b"there?"), (WSMsgType.TEXT, "xin chào"), (WSMsgType.BINARY, b"\2" * 200)], key=str
    )
