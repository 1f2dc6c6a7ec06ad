"""A small store that speaks enough of S3's language to prove that ours does: objects in memory, uploads in parts."""

import datetime
import hashlib
import secrets
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from aiohttp import web
from aiohttp.test_utils import TestServer


class FakeS3:
    """`parts` remembers the sizes of parts of every upload; `signed` whether every request carried a signature."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, datetime.datetime]] = {}
        self.parts: list[list[int]] = []
        self.signed = True
        self._uploads: dict[str, dict[int, bytes]] = {}
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_route("*", "/{bucket}/{key:.+}", self._serve)
        app.router.add_route("GET", "/{bucket}", self._list)
        app.router.add_route("POST", "/{bucket}", self._delete)
        self._server = TestServer(app)

    async def start(self) -> str:
        await self._server.start_server()
        return str(self._server.make_url("")).rstrip("/")

    async def stop(self) -> None:
        await self._server.close()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.signed &= request.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256")
        key, query = request.match_info["key"], request.query
        if request.method == "POST":
            return self._begin(key) if "uploads" in query else await self._complete(request, key)
        if request.method == "PUT":
            return await self._put(request, key)
        return self._get(request, key)

    async def _delete(self, request: web.Request) -> web.Response:
        named = [e.text or "" for e in ElementTree.fromstring(await request.text()).iter() if e.tag.endswith("Key")]
        for key in named:
            del self.objects[key]
        rows = "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in named)
        return web.Response(text=f"<DeleteResult>{rows}</DeleteResult>", content_type="application/xml")

    def _begin(self, key: str) -> web.Response:
        upload = secrets.token_hex(8)
        self._uploads[upload] = {}
        xml = f"<InitiateMultipartUploadResult><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
        return web.Response(text=xml, content_type="application/xml")

    async def _put(self, request: web.Request, key: str) -> web.Response:
        data = await request.read()
        if upload := request.query.get("uploadId"):
            self._uploads[upload][int(request.query["partNumber"])] = data
        else:
            self._store(key, data)
        return web.Response(headers={"ETag": f'"{hashlib.md5(data).hexdigest()}"'})

    async def _complete(self, request: web.Request, key: str) -> web.Response:
        parts = self._uploads.pop(request.query["uploadId"])
        listed = ElementTree.fromstring(await request.text()).iter()
        numbers = [int(e.text or 0) for e in listed if e.tag.endswith("PartNumber")]
        self.parts.append([len(parts[n]) for n in numbers])
        self._store(key, b"".join(parts[n] for n in numbers))
        xml = '<CompleteMultipartUploadResult><ETag>"x"</ETag></CompleteMultipartUploadResult>'
        return web.Response(text=xml, content_type="application/xml")

    def _store(self, key: str, data: bytes) -> None:
        self.objects[key] = (data, datetime.datetime.now(datetime.UTC).replace(microsecond=0))

    def _get(self, request: web.Request, key: str) -> web.Response:
        if key not in self.objects:
            return web.Response(status=404, text="<Error><Code>NoSuchKey</Code></Error>")
        data, at = self.objects[key]
        headers = {"Last-Modified": at.strftime("%a, %d %b %Y %H:%M:%S GMT"), "ETag": '"x"'}
        wanted = request.http_range
        if request.method == "GET" and wanted.start is not None:
            piece = data[wanted]
            headers["Content-Range"] = f"bytes {wanted.start}-{wanted.start + len(piece) - 1}/{len(data)}"
            return web.Response(body=piece, status=206, headers=headers)
        return web.Response(body=data, headers=headers)

    async def _list(self, request: web.Request) -> web.Response:
        prefix = request.query.get("prefix", "")
        rows = "".join(
            f"<Contents><Key>{escape(k)}</Key><LastModified>{at.isoformat()}</LastModified><ETag>x</ETag>"
            f"<Size>{len(data)}</Size></Contents>"
            for k, (data, at) in sorted(self.objects.items())
            if k.startswith(prefix)
        )
        return web.Response(text=f"<ListBucketResult>{rows}</ListBucketResult>", content_type="application/xml")

    def keys(self) -> list[str]:
        return sorted(self.objects)
