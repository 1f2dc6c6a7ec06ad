"""Which rooms are printed, and what is printed of them."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from server.conference import names, view
from server.conference.state import State

from .model import CardPoint, PosterPoint

LinkUrl = Callable[[str, int, int], str]
CodeUrl = Callable[[str], str]


class Room(Struct, frozen=True):
    """`link` and `code` are addresses, None where they were taken back."""

    id: int
    title: str
    group: str
    address: str
    link: str | None
    code: str | None
    code_url: str


def read_rooms(
    state: State, root: str | None, unit: str | None, points: frozenset[int], link: LinkUrl, code: CodeUrl
) -> list[Room]:
    """Open rooms of the subtree, all or those named, in the tree's order."""
    order = {u.code: n for n, u in enumerate(view.units(state))}
    chosen = [
        p
        for p in state.points.values()
        if not p.closed and (not points or p.id in points) and state.within(p.unit, root) and state.within(p.unit, unit)
    ]
    return [
        Room(
            p.id,
            names.title(state.units[p.unit], p),
            names.group(state, p),
            p.address,
            None if p.link_revoked else capital_host(link(state.id, p.id, p.link_generation)),
            p.code,
            capital_host(code(p.code)) if p.code else "",
        )
        for p in sorted(chosen, key=lambda p: (order[p.unit], p.id))
    ]


def poster_points(rooms: Sequence[Room]) -> list[PosterPoint]:
    return [PosterPoint(r.title, r.group, r.address, r.code, r.code_url) for r in rooms if r.code]


def card_points(rooms: Sequence[Room]) -> list[CardPoint]:
    return [CardPoint(r.title, r.group, r.link, r.address) for r in rooms if r.link]


def lots(rooms: Sequence[Room], limit: int) -> Iterator[list[Room]]:
    """Groups together as long as they fit one PDF; a group that does not fit alone is cut."""
    lot: list[Room] = []
    for _, members in groupby(rooms, key=lambda r: r.group):
        group = list(members)
        if lot and len(lot) + len(group) > limit:
            yield lot
            lot = []
        lot += group
        while len(lot) > limit:
            yield lot[:limit]
            lot = lot[limit:]
    if lot:
        yield lot


def lot_name(number: int, lot: Sequence[Room]) -> str:
    """`02 Huyện Ba Vì - Huyện Thạch Thất`: whom to give the pile to."""
    ends = dict.fromkeys(filter(None, (lot[0].group, lot[-1].group)))
    return " ".join([f"{number:02d}", " - ".join(ends)]).strip()


def capital_host(url: str) -> str:
    """Scheme and host in capitals, which mean the same and let a QR code spend less on each character."""
    scheme, mark, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.upper()}{mark}{host.upper()}{slash}{path}" if host.isascii() else url
