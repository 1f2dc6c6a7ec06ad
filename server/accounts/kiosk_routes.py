"""Kiosks of a conference: screens in a corridor that show the wall to whoever stands before them."""

from msgspec import UNSET, Struct, UnsetType

from server.conference.state import State
from server.http.problems import Problem
from server.http.routing import Allow, Call, Route
from server.live.access import conference_of
from server.live.conductor import Clock
from server.live.conferences import Conferences
from server.protocol.base import Label, Millis

from . import keys
from .authenticator import Authenticator
from .calls import Unit, by
from .kiosks import KioskStore
from .model import Kiosk
from .rules import check_expiry

ALL = "/api/conferences/{conference}/kiosks"


class KioskRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """`unit` narrows the wall to a subtree of what the organizer may see; left out it shows all of that.
    `expires_at` null: until it is revoked. `programme`: it plays what all rooms see, for whoever has the link."""

    name: Label
    unit: Unit | None = None
    expires_at: Millis | None = None
    programme: bool = False


class KioskView(Struct, frozen=True):
    """`url` is there in the answer to its making alone: it is shown this once."""

    id: str
    name: str
    unit: str | None
    created_at: int
    expires_at: int | None
    programme: bool
    url: str | UnsetType = UNSET


class KioskList(Struct, frozen=True):
    """The newest first."""

    kiosks: list[KioskView]


class KioskRoutes:
    """`base_url`: what the server's addresses begin with, without a slash at the end."""

    def __init__(
        self,
        kiosks: KioskStore,
        conferences: Conferences,
        authenticator: Authenticator,
        base_url: str,
        clock: Clock,
    ) -> None:
        self._kiosks, self._conferences, self._authenticator = kiosks, conferences, authenticator
        self._base_url, self._clock = base_url, clock

    def routes(self) -> list[Route]:
        return [
            Route("GET", ALL, self.list_all, Allow.ORGANIZER, "The kiosks of a conference", answer=KioskList),
            Route(
                "POST", ALL, self.create, Allow.ORGANIZER, "Make a kiosk's link",
                body=KioskRequest, answer=KioskView, status=201,
                errors=("unit_unknown", "forbidden_scope", "expiry_past", "too_many_kiosks"),
            ),
            Route(
                "DELETE", ALL + "/{kiosk}", self.revoke, Allow.ORGANIZER, "Revoke a kiosk; its screens go dark",
                status=204, errors=("kiosk_unknown",),
            ),
        ]  # fmt: skip

    async def list_all(self, call: Call) -> KioskList:
        live, root = await conference_of(call, self._conferences)
        found = await self._kiosks.of(live.id)
        shown = await live.conductor.at_rest(lambda state: [k for k in found if state.within(k.unit, root)])
        return KioskList([_view(k) for k in shown])

    async def create(self, call: Call) -> KioskView:
        body: KioskRequest = call.body
        live, _ = await conference_of(call, self._conferences)
        who, now = call.principal, self._clock()
        unit = body.unit or who.unit
        await live.conductor.at_rest(lambda state: _check(state, unit, who.unit))
        check_expiry(body.expires_at, now)
        key = keys.new(keys.KIOSK)
        kiosk = Kiosk(keys.new_id(), live.id, unit, body.name, now, body.expires_at, body.programme)
        await self._kiosks.create(kiosk, key.digest, by(who))
        return _view(kiosk, f"{self._base_url}/k/{key.secret}")

    async def revoke(self, call: Call) -> None:
        live, _ = await conference_of(call, self._conferences)
        who, id = call.principal, call.path("kiosk")
        kiosk = await self._kiosks.get(live.id, id) if id.isascii() and id.isalnum() else None
        if kiosk is None or not await live.conductor.at_rest(lambda s: s.within(kiosk.unit, who.unit)):
            raise Problem(404, "kiosk_unknown")
        await self._kiosks.revoke(kiosk, by(who), self._clock())
        self._authenticator.revoke(lambda p: p.by == f"kiosk:{id}")


def _check(state: State, unit: str | None, root: str | None) -> None:
    """The unit is one of this conference, and within the organizer's."""
    if unit is None or unit == root:
        return
    if unit not in state.units:
        raise Problem(400, "unit_unknown", "unit", unit=unit)
    if not state.within(unit, root):
        raise Problem(403, "forbidden_scope", "unit")


def _view(kiosk: Kiosk, url: str | UnsetType = UNSET) -> KioskView:
    return KioskView(kiosk.id, kiosk.name, kiosk.unit, kiosk.created_at, kiosk.expires_at, kiosk.programme, url)
