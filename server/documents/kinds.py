"""The kinds of files that can be documents. What a file is, its content says; its name only has to agree."""

from msgspec import Struct


class Kind(Struct, frozen=True):
    """`name` as the configuration lists it; `endings` of file names, the usual one first.

    `inline`: browsers show it themselves, and nothing in it can run as a page of this site.
    """

    name: str
    media: str
    endings: tuple[str, ...]
    inline: bool = False

    @property
    def content_type(self) -> str:
        return f"{self.media}; charset=utf-8" if self.media == "text/plain" else self.media


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("pdf", "application/pdf", ("pdf",), inline=True),
        Kind("docx", f"{_OOXML}.wordprocessingml.document", ("docx",)),
        Kind("xlsx", f"{_OOXML}.spreadsheetml.sheet", ("xlsx",)),
        Kind("pptx", f"{_OOXML}.presentationml.presentation", ("pptx",)),
        Kind("odt", f"{_ODF}.text", ("odt",)),
        Kind("ods", f"{_ODF}.spreadsheet", ("ods",)),
        Kind("odp", f"{_ODF}.presentation", ("odp",)),
        Kind("doc", "application/msword", ("doc",)),
        Kind("xls", "application/vnd.ms-excel", ("xls",)),
        Kind("ppt", "application/vnd.ms-powerpoint", ("ppt", "pps")),
        Kind("png", "image/png", ("png",), inline=True),
        Kind("jpeg", "image/jpeg", ("jpg", "jpeg"), inline=True),
        Kind("webp", "image/webp", ("webp",), inline=True),
        Kind("mp4", "video/mp4", ("mp4", "m4v")),
        Kind("mp3", "audio/mpeg", ("mp3",)),
        Kind("txt", "text/plain", ("txt",)),
    )
}
BY_ENDING: dict[str, Kind] = {ending: kind for kind in KINDS.values() for ending in kind.endings}
