"""The door for files from outside. A workbook of a few kilobytes can ask for gigabytes (one cell far away is
enough) and take the whole process with it, so each file is read in a child process with limits of its own."""

import os
import subprocess
import sys
from collections.abc import Sequence

import msgspec

from .errors import TableError
from .fenced import Fault
from .model import MAX_FILE_BYTES, Column, Row, Table

WAIT_SECONDS = 180  # wall clock; the child ends itself after a minute of work, this is for a starved machine

_HEAD = msgspec.json.Decoder(tuple[Fault | None, Table | None])
_ROWS = msgspec.json.Decoder(list[Row])


def read_table(data: bytes, columns: Sequence[Column]) -> Table:
    """Reads a .csv, .tsv, .txt, .xlsx or .ods file, told apart by content. Blocks: call it in a thread.

    Every text is clean (`text.clean`). Raises `TableError` with a code of `messages.MESSAGES`, nothing else.
    """
    if len(data) > MAX_FILE_BYTES:
        raise TableError("file_too_large", limit_mb=MAX_FILE_BYTES // (1024 * 1024))
    head, *lots = _answer(msgspec.json.encode(columns) + b"\n" + data)
    fault, table = _HEAD.decode(head)
    if fault is not None:
        raise TableError(fault.code, row=fault.row, field=fault.field, **fault.params)
    if table is None:
        raise TableError("file_corrupt")
    return msgspec.structs.replace(table, rows=[row for lot in lots for row in _ROWS.decode(lot)])


def _answer(request: bytes) -> list[bytes]:
    # The child gets no secrets of this process: of the environment, only where its modules are.
    environment = {"PYTHONPATH": os.pathsep.join(p or os.getcwd() for p in sys.path)}
    command = [sys.executable, "-m", "server.tables.fenced"]
    try:
        done = subprocess.run(
            command, input=request, capture_output=True, env=environment, timeout=WAIT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TableError("sheet_too_large") from error
    if done.returncode < 0:  # stopped by a limit, or by an allocation nothing could serve
        raise TableError("sheet_too_large")
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        raise TableError("file_corrupt") from RuntimeError(done.stderr.decode(errors="replace")[-2_000:])
    return lines
