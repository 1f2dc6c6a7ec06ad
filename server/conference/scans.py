"""What attendees' phones do, counted in lots by point, document and minute. No names."""

from server.protocol.commands import CountScans
from server.protocol.events import Event, EventBody, ScansCounted

from .rules import SYSTEM, Actor, Moment, applies, rule, whole
from .state import State


@rule(CountScans, allow=SYSTEM, reach=whole)
def count(state: State, c: CountScans, actor: Actor, moment: Moment) -> list[EventBody]:
    rows = [r for r in c.rows if r.point == 0 or r.point in state.points]
    return [ScansCounted(c.minute, rows)] if rows else []


@applies(ScansCounted)
def counted(state: State, event: Event, body: ScansCounted) -> None:
    for row in body.rows:
        holder = state.points.get(row.point, state)
        if row.kind == "scan":
            holder.scans += row.count
        else:
            holder.opens += row.count
            if document := state.documents.get(row.document):
                document.opens += row.count
