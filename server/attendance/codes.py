"""Document codes: 55 random bits that people can type, and the index that finds their conference."""

import secrets
from collections import OrderedDict

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from .tables import codes

LENGTH = 11  # characters of 5 bits: with 100,000 codes out, a guess hits once in 3 * 10^11
MAX_CACHED = 200_000  # codes found: several of the largest conferences, some 30 MB
LOT = 4_000  # rows handed to the driver at once; between lots the other requests have their turn

_ALPHABET = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U to mistake
_DRAW = bytes(_ALPHABET[byte & 31] for byte in range(256))  # every letter for exactly eight bytes
_LIKE = str.maketrans("OIL", "011", " -\t\u00a0\u2010\u2011\u2012\u2013\u2014")
_LETTERS = frozenset(_ALPHABET.decode())
MAX_TYPED = 64  # characters of what may be a code: more is none, however it is written


def new_code() -> str:
    """Eleven characters, upper case: they fit the small alphanumeric mode of a QR picture."""
    return secrets.token_bytes(LENGTH).translate(_DRAW).decode()


def normal(text: str) -> str | None:
    """The one spelling of what was typed or scanned; None when it cannot be a code."""
    if len(text) > MAX_TYPED:
        return None
    code = text.upper().translate(_LIKE)
    return code if len(code) == LENGTH and _LETTERS.issuperset(code) else None


class CodeStore:
    """A code is in the index before it is in any journal, so that what is printed is always found."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._found: OrderedDict[str, str] = OrderedDict()

    async def reserve(self, conference: str, n: int) -> list[str]:
        """`n` new codes, durable when it returns; all or none."""
        made = [new_code() for _ in range(n)]
        async with self._engine.begin() as db:
            for i in range(0, n, LOT):
                await db.execute(insert(codes), [{"code": c, "conference": conference} for c in made[i : i + LOT]])
        return made

    async def find(self, code: str) -> str | None:
        """The conference of a code in its normal spelling. Only what was found is remembered: codes are never
        taken back from the index, and guesses must not fill the memory."""
        if known := self._found.get(code):
            self._found.move_to_end(code)
            return known
        async with self._engine.connect() as db:
            conference = await db.scalar(select(codes.c.conference).where(codes.c.code == code))
        if conference is None:
            return None
        self._found[code] = conference
        if len(self._found) > MAX_CACHED:
            self._found.popitem(last=False)
        return str(conference)
