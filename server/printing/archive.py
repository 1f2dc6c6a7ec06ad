"""Many PDFs as one ZIP, sent while the next one is printed."""

import zipfile
from datetime import datetime


class _Sink:
    """A file that can only be written to: what came in is taken out as it goes to the reader."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        return len(data)

    def flush(self) -> None:
        """Nothing lies between."""

    def take(self) -> bytes:
        taken, self._held = bytes(self._held), bytearray()
        return taken


class ZipStream:
    """`add` and `end` give the next bytes of the archive. Stored, not packed: a PDF is packed already."""

    def __init__(self, made_at: datetime) -> None:
        self._sink = _Sink()
        self._zip = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_STORED)  # type: ignore[call-overload]
        year = min(max(made_at.year, 1980), 2107)  # what the format can say
        self._date = (year, made_at.month, made_at.day, made_at.hour, made_at.minute, made_at.second)

    def add(self, name: str, body: bytes) -> bytes:
        self._zip.writestr(zipfile.ZipInfo(name, self._date), body)
        return self._sink.take()

    def end(self) -> bytes:
        self._zip.close()
        return self._sink.take()
