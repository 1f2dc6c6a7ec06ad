"""The body of a PATCH (RFC 8840), and what answers one that restarts ICE. Pure."""

import re

from msgspec import Struct

from bridge.wire.answers import candidate_lines
from bridge.wire.sdp import MAX_LINE

_SHAPES = {"ice-ufrag": re.compile(r"[A-Za-z0-9+/]{4,256}"), "ice-pwd": re.compile(r"[A-Za-z0-9+/]{22,256}")}


class Fragment(Struct, frozen=True):
    """Credentials are both there or none. Candidates are passed over: who proves himself is answered, from wherever he
    does. `media`: the m-line and its a=mid, which the answer to a restart repeats; none are needed, as all media have
    one transport."""

    ufrag: str | None
    pwd: str | None
    media: tuple[str, ...]

    def answer(self, ufrag: str, pwd: str, candidates: tuple[tuple[str, int], ...]) -> str:
        """Our side of a restart."""
        lines = ["a=ice-lite", *self.media, f"a=ice-ufrag:{ufrag}", f"a=ice-pwd:{pwd}"]
        lines += candidate_lines(candidates)
        return "".join(f"{line}\r\n" for line in [*lines, "a=end-of-candidates"])


def parse(body: bytes) -> Fragment | None:
    """None unless it is lines of the form x=value, with whole and well-formed credentials."""
    try:
        lines = body.decode("ascii").replace("\r\n", "\n").removesuffix("\n").split("\n")
    except UnicodeDecodeError:
        return None
    if any(len(line) < 2 or line[1] != "=" or len(line) > MAX_LINE or not line.isprintable() for line in lines):
        return None
    found = dict(line[2:].split(":", 1) for line in reversed(lines) if line.startswith("a=") and ":" in line)
    if any(name in found and not shape.fullmatch(found[name]) for name, shape in _SHAPES.items()):
        return None
    if ("ice-ufrag" in found) != ("ice-pwd" in found):
        return None
    media = [next((line for line in lines if line.startswith(start)), "") for start in ("m=", "a=mid:")]
    return Fragment(found.get("ice-ufrag"), found.get("ice-pwd"), tuple(filter(None, media)))
