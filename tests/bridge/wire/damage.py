"""Damaged packets: what a line, a bug or an enemy makes of good ones."""

from hypothesis import strategies as st


def damaged(*good: bytes) -> st.SearchStrategy[bytes]:
    """One of `good` with a few bytes changed, cut short or with something behind it; or no packet at all."""

    @st.composite
    def draw(pick: st.DrawFn) -> bytes:
        data = bytearray(pick(st.sampled_from(good)))
        for _ in range(pick(st.integers(0, 3))):
            data[pick(st.integers(0, min(len(data), 80) - 1))] = pick(st.integers(0, 255))
        return bytes(data[: pick(st.integers(0, len(data)))]) if pick(st.booleans()) else bytes(data)

    return draw() | st.binary(max_size=120) | st.builds(lambda one, more: one + more, draw(), st.binary(max_size=40))
