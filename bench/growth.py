"""A picture of how cost grows with the number of rooms."""

from collections.abc import Sequence

from .result import Result

WIDTH, HEIGHT, LEFT, TOP, BELOW = 720, 300, 56, 34, 46
SERIES = (
    ("server_cpu_percent", "% of a core, servers", "#2b6cb0"),
    ("last_wall_p99_ms", "ms, tap to last wall, p99", "#b45309"),
    ("memory_mb", "MB, servers", "#2f855a"),
)


def picture(results: Sequence[Result]) -> str:
    """One panel a figure, rooms to the right, both scales beginning at nothing: a straight line is a cost per room."""
    panel = (WIDTH - 16) / len(SERIES)
    parts = [_panel(results, *one, x=8 + n * panel, width=panel) for n, one in enumerate(SERIES)]
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
    return "\n".join([head, f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>', *parts, "</svg>\n"])


def _panel(results: Sequence[Result], name: str, label: str, colour: str, *, x: float, width: float) -> str:
    rooms = [float(str(r.params["points"])) for r in results]
    values = [r.figures[name] for r in results]
    left, right, bottom = x + LEFT, x + width - 16, HEIGHT - BELOW
    most, highest = max(rooms), max(*values, 1e-9)
    spots = [
        (left + (right - left) * n / most, bottom - (bottom - TOP) * v / highest)
        for n, v in zip(rooms, values, strict=True)
    ]
    line = " ".join(f"{a:.1f},{b:.1f}" for a, b in spots)
    marks = [
        f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.5" fill="{colour}"/>'
        f'<text x="{a - 6 if n % 2 else a + 4:.1f}" y="{b - 8 if n % 2 else b + 18:.1f}"'
        f' text-anchor="{"end" if n % 2 else "start"}" fill="#1a202c">{v:,.1f}</text>'  # in turn: small sizes are close
        for n, ((a, b), v) in enumerate(zip(spots, values, strict=True))
    ]
    return "\n".join(
        [
            f'<text x="{left:.1f}" y="18" fill="#1a202c">{label}</text>',
            f'<path d="M{left:.1f},{TOP} V{bottom} H{right:.1f}" fill="none" stroke="#a0aec0"/>',
            f'<text x="{right:.1f}" y="{bottom + 18}" text-anchor="end" fill="#4a5568">{most:,.0f} rooms</text>',
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>',
            *marks,
        ]
    )
