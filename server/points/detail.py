"""One point in full, as much of it as the reader may know."""

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from server.conference import view
from server.conference.record import for_guests
from server.conference.state import State
from server.http.routing import Principal
from server.protocol.events import Event, HelpAsked, HelpResolved
from server.protocol.views import DeviceView, PointInfo, PointRow, PointView

from .model import Contact, ContactView, shown


class LinkView(Struct, frozen=True):
    """The operators' secret address. Whoever has it acts for the room."""

    url: str
    generation: int
    revoked: bool


class PointDetail(Struct, frozen=True):
    """`contacts` masked, and no devices, link and codes, for who only watches; for a kiosk no contacts and none of
    the words that people wrote. `history`: the newest first.

    `link` and `code_url` are null where there is none or the reader may not have it.
    """

    view: PointView
    info: PointInfo
    row: PointRow
    lat: float | None
    lon: float | None
    contacts: list[ContactView]
    history: list[Event]
    devices: list[DeviceView]
    link: LinkView | None
    code_url: str | None


class Addresses(Struct, frozen=True):
    """How secrets become addresses: `link(conference, point, generation)` and `code(code)`."""

    link: Callable[[str, int, int], str]
    code: Callable[[str], str]


def organizes(who: Principal) -> bool:
    return who.kind in ("account", "token") and who.role in ("administrator", "organizer")


def detail_of(
    who: Principal, point: int, connected: set[int], addresses: Addresses
) -> Callable[[State], PointDetail | None]:
    """To be read at rest; contacts and history are laid in afterwards. None: no such point for this reader."""

    def read(state: State) -> PointDetail | None:
        p = state.points.get(point)
        if p is None or not state.within(p.unit, who.unit):
            return None
        whole, row = view.point(state, p), view.row(state, p)
        info = view.info(state, p, view.leading_units(state))
        if not organizes(who):
            return PointDetail(replace(whole, code=None), info, row, p.lat, p.lon, [], [], [], None, None)
        link = LinkView(addresses.link(state.id, p.id, p.link_generation), p.link_generation, p.link_revoked)
        code = addresses.code(p.code) if p.code else None
        return PointDetail(whole, info, row, p.lat, p.lon, [], [], view.devices(p, connected), link, code)

    return read


def completed(detail: PointDetail, who: Principal, people: Sequence[Contact], history: Sequence[Event]) -> PointDetail:
    if organizes(who):
        return replace(detail, contacts=[shown(c, True) for c in people], history=list(history))
    told = [e for e in history if for_guests(e.body) is not None]
    if who.kind != "kiosk":
        return replace(detail, contacts=[shown(c, False) for c in people], history=told)
    # Whoever passes by reads it: names and numbers stand in notes as well.
    help = replace(detail.view.help, note="") if detail.view.help else None
    return replace(detail, view=replace(detail.view, help=help), history=[_without_words(e) for e in told])


def _without_words(event: Event) -> Event:
    body = event.body
    return replace(event, body=replace(body, note="")) if isinstance(body, HelpAsked | HelpResolved) else event
