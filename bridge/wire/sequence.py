"""Numbers that wrap around: sequence numbers of 16 bits, timestamps of 32 (RFC 3550 section 5.1, RFC 1982)."""


def ahead16(number: int, than: int) -> int:
    """How far `number` is ahead of `than` on the ring of 65,536: -32,768 to 32,767, below 0 when it is behind."""
    return ((number - than + 0x8000) & 0xFFFF) - 0x8000


def ahead32(number: int, than: int) -> int:
    """The same on the ring of 2^32; for timestamps in units of their clock rate."""
    return ((number - than + 0x8000_0000) & 0xFFFF_FFFF) - 0x8000_0000


class Unwrapper:
    """Gives numbers that wrap around their place on a line that does not (RFC 3550 appendix A.1).

    The first number stands for itself. Every other one lies within half the ring of the newest so far; what came
    before the first may be below 0.
    """

    __slots__ = ("_half", "_mask", "_newest")

    def __init__(self, bits: int = 16) -> None:
        self._half = 1 << (bits - 1)
        self._mask = (1 << bits) - 1
        self._newest: int | None = None

    def unwrap(self, number: int) -> int:
        """The place of `number`; remembers it when it is the newest."""
        newest = self._newest
        if newest is None:
            self._newest = number
            return number
        place = newest + ((number - newest + self._half) & self._mask) - self._half
        if place > newest:
            self._newest = place
        return place
