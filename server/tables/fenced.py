"""The child process a file is read in: limits itself, reads columns and file from standard input, answers in
lines of JSON: first the table without rows or the fault, then rows in lots."""

import resource
import sys

import msgspec

from .errors import TableError
from .model import Column
from .parse import parse

MAX_MEMORY = 1024 * 1024 * 1024  # bytes; the largest honest file needs about half of it
MAX_CPU_SECONDS = 60  # the largest honest file takes about five
LOT = 1_000  # rows a line: the parent decodes a lot in a few milliseconds, and other threads run between lots


class Fault(msgspec.Struct, frozen=True):
    """A `TableError` on its way to the parent."""

    code: str
    row: int | None = None
    field: str | None = None
    params: dict[str, str | int] = {}


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    columns = msgspec.json.decode(sys.stdin.buffer.readline(), type=list[Column])
    out, encode = sys.stdout.buffer, msgspec.json.encode
    try:
        table = parse(sys.stdin.buffer.read(), columns)
    except TableError as error:
        fault = Fault(error.code, error.row, error.field, error.params)
        out.write(encode((fault, None)) + b"\n")
        return
    except MemoryError:
        out.write(encode((Fault("sheet_too_large"), None)) + b"\n")
        return
    out.write(encode((None, msgspec.structs.replace(table, rows=[]))) + b"\n")
    for start in range(0, len(table.rows), LOT):
        out.write(encode(table.rows[start : start + LOT]) + b"\n")


if __name__ == "__main__":
    main()
