"""The conference that a request's path names, and how much of it the reader may see."""

from server.http.problems import Problem
from server.http.routing import Call, Principal

from .audience import Sight
from .conferences import Conferences, Live


async def conference_of(call: Call, conferences: Conferences, look: bool = True) -> tuple[Live, str | None]:
    """The conference, and the unit whose subtree bounds the reader (None: no bound).

    Problem 403 for who is bound to another conference (a kiosk), 404 when there is none, or none that has the
    reader's unit: of the others he need not know. What any server had answered before the call is known here,
    unless nobody need `look`.
    """
    id, who = call.path("conference"), call.principal
    if who.conference not in (None, id):
        raise Problem(403, "forbidden_scope")
    live = await conferences.get(id)
    if live and look:
        await conferences.look(live)
    if live is None or not live.hub.tree.knows(who.unit):
        raise Problem(404, "conference_unknown")
    return live, who.unit


def sight_of(who: Principal, unit: str | None = None) -> Sight:
    """What a reader is shown, on the wall as over HTTP, narrowed to `unit` if he wishes. Kiosks are the public."""
    return Sight(unit or who.unit, public=who.kind == "kiosk")
