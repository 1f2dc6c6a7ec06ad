"""Files from outside as tables, a few at a time."""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from aiohttp import web

from server.http.problems import Problem
from server.http.uploads import read_upload
from server.protocol.errors import Busy
from server.tables.errors import TableError
from server.tables.model import MAX_FILE_BYTES, Column, Table
from server.tables.reader import read_table

MAX_AT_ONCE = 4  # files held and read at once in this process: each may take a gigabyte in its child


class FileDesk:
    """Takes files of rows in. One for the process, shared by all imports; whoever finds it full gets `Busy`."""

    def __init__(self) -> None:
        self._taken = 0

    async def table(self, request: web.Request, columns: Sequence[Column]) -> Table:
        """The rows of the request's body. Raises `Problem` with the row and column that cannot be used."""
        with self._place():
            data = await read_upload(request, MAX_FILE_BYTES)
            try:
                return await asyncio.to_thread(read_table, data, columns)
            except TableError as error:
                raise problem_of_table(error) from error

    @contextlib.contextmanager
    def _place(self) -> Iterator[None]:
        if self._taken >= MAX_AT_ONCE:
            raise Busy
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1


def problem_of_table(error: TableError) -> Problem:
    status = 413 if error.code == "file_too_large" else 400
    params: dict[str, Any] = dict(error.params)
    return Problem(status, error.code, error.field, error.row, **params)
