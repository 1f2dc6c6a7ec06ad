"""Offers as their makers send them."""

from pathlib import Path

from hypothesis import strategies as st

_HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in _HERE.glob("*.sdp"))


def offer(name: str) -> str:
    """With the line ends of the wire; in the repository they are those of all its texts."""
    return (_HERE / f"{name}.sdp").read_text("ascii").replace("\n", "\r\n")


_words = st.one_of(
    st.text(max_size=12), st.integers(-9, 1 << 40).map(str), st.sampled_from(["*", "send", "0", "/", ";", "recvonly"])
)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A real offer in which some words are others."""
    lines = offer(draw(st.sampled_from(NAMES))).split("\r\n")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        head, colon, tail = lines[at].partition(":")
        parts = (tail or head).split(" ")
        parts[draw(st.integers(0, len(parts) - 1))] = draw(_words)
        lines[at] = f"{head}{colon}{' '.join(parts)}" if colon else " ".join(parts)
    return "\r\n".join(lines)
