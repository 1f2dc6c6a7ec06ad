"""What is shown: built only from durable events, encoded once per audience, sent once per interval."""

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

import msgspec
from msgspec import UNSET

from server.conference import view
from server.conference.lines import on_record
from server.conference.links import on_file
from server.conference.state import State
from server.conference.tally import Tallies
from server.conference.touch import Touch, touch
from server.protocol.base import MAX_BATCH
from server.protocol.commands import Scope
from server.protocol.errors import Close
from server.protocol.events import Event, PointsAdded, PointsEdited
from server.protocol.messages import FrameMessage, SnapshotMessage
from server.protocol.views import ConferenceView, DocumentView, NoticeView, PointInfo, PointRow, Tally

from .audience import Audience, Sight
from .outlet import SLOW_SECONDS, Behind, Outlet, text_frame
from .presence import Presence
from .tree import Tree
from .wire import encode


class Trouble(NamedTuple):
    """`degraded`: news from other servers may come a second late. `held`: nothing can be written now."""

    degraded: bool = False
    held: bool = False


NO_TROUBLE = Trouble()
TAKE_LOT = 500  # points taken in at once of a change larger than one command's: some milliseconds


class Hub:
    """The published picture of one conference and the audiences that look at it.

    `publish` is called by the conductor right after a commit and never awaits; `tick` is called
    every interval and sends what changed. Rows carry full values, so a skipped frame does no harm.
    """

    def __init__(self, presence: Presence) -> None:
        self.epoch = ""
        self.seq = 0
        self.presence = presence
        self.rows: dict[int, PointRow] = {}  # durable part
        self.infos: dict[int, PointInfo] = {}
        self.arrived: set[int] = set()
        self.line_expected: set[int] = set()  # the record says "up": losing it becomes an event
        self.line_missing: set[int] = set()  # somebody is there without a line: a device coming is an event
        self.devices: dict[int, dict[int, set[Outlet]]] = {}  # point -> device -> sockets
        self.views: dict[int, msgspec.Raw] = {}  # connected points as their operators see them, encoded
        self.stale_points: set[int] = set()  # points whose devices must be told
        self.conference = ConferenceView("", "", 0, "draft", 0)
        self.tree = Tree()
        self._documents: list[DocumentView] = []
        self._notices: list[NoticeView] = []
        self._marks: dict[int, int] = {}  # point -> seq of its last durable change
        self._presence_marks: dict[int, int] = {}  # point -> the server's clock at its last change of presence
        self._info_marks: dict[int, int] = {}
        self._list_mark = 0
        self._told: dict[int, int] = {}  # connected point -> seq of the last change its operators should know
        self._told_mark = 0  # the last change that every operator is told of
        self._seen: dict[int, PointRow] = {}  # rows with presence, as of the last settling
        self._unsettled: set[int] = set()  # points whose row is no longer what `_seen` and the sums say
        self._moved: set[int] = set()  # the same, of points where only presence changed
        self._ordered: list[int] | None = None  # points as the snapshot lists them
        self._snapshots: dict[Sight, bytes] = {}  # as sent; who came and went since then is in the next frame
        self._trouble, self._told_trouble = NO_TROUBLE, True
        self._dirty: set[int] = set()
        self._dirty_infos: set[int] = set()
        # Points of a large change that the picture does not hold yet, in order; whether their operators see it too.
        self.behind: dict[int, bool] = {}
        self._touched = Touch()
        self._looked_at = 0
        self._sent = (0, 0)  # seq and clock of the last tick: who misses a frame has everything until then
        self._audiences: dict[str | None, Audience] = {None: self._audience(None)}

    def expected(self, point: int) -> int:
        return self.infos[point].expected

    # --- what the conductor says

    def begin(self, state: State, epoch: str, now: int = 0) -> None:
        """The picture of a state at rest, before anybody looks."""
        self.epoch, self.seq = epoch, state.seq
        points = set(state.points)
        everything = Touch(points, infos=points, every=True, units=True, conference=True, documents=True, links=True)
        everything.notices = True
        self._rebuild(state, everything)
        self._presence_marks = dict.fromkeys(self.rows, now)
        self._looked_at = now
        self._snapshots.clear()
        self._settle()
        for audience in self._audiences.values():
            audience.tallies.changed.clear()
        self._touched, self._dirty, self._dirty_infos = Touch(), set(), set()
        self.behind.clear()
        self.stale_points.clear()

    def publish(self, state: State, events: list[Event]) -> None:
        """Takes in durable events. Never awaits: between a commit and its answers nothing else runs.

        What an import brings stays `behind`, for `take_behind`.
        """
        touched, listed = Touch(), Touch()
        for event in events:
            touch(listed if isinstance(event.body, PointsAdded | PointsEdited) else touched, event)
        self.seq = state.seq
        self._snapshots.clear()
        if touched.units:
            # A unit that got others below it becomes a group: names and sums of rooms placed before may change.
            listed.infos.update(state.points)
        if len(listed.infos) > MAX_BATCH:
            self.behind |= {id: id in listed.rows or self.behind.get(id, False) for id in sorted(listed.infos)}
        else:
            touched.rows |= listed.rows
            touched.infos |= listed.infos
        self._rebuild(state, touched)

    def take_behind(self, state: State) -> None:
        """A lot of what a large change left. To be called at rest, until nothing is behind."""
        for id in list(islice(self.behind, TAKE_LOT)):
            self._take_info(state, id)
            self._take_row(state, id)
            if self.behind.pop(id):
                self._tell(state, id)
            # Not an event, but news to whoever saw all events: he asks for what comes after the last one.
            self._info_marks[id] = self._marks[id] = self.seq + 1

    def _rebuild(self, state: State, t: Touch) -> None:
        if state.on_air != self.conference.on_air:  # whatever did it: a room that leaves is off the air as well
            t.conference = True
            t.rows.update(p for p in (state.on_air, self.conference.on_air) if p is not None)
        if t.conference:
            self.conference = view.conference(state)
        if t.units:
            self.tree.take(state)
            self._list_mark = state.seq
            self._ordered = None
        if t.documents or t.counts:
            self._documents = view.documents(state, 0)
        if t.notices:
            self._take_notices(state)
        for id in t.infos:
            self._take_info(state, id)
        rows = state.points.keys() if t.every else t.rows
        for id in rows:
            self._take_row(state, id)
            self._tell(state, id)
        for id in t.scanned - rows:
            self._take_row(state, id)
        if t.links:
            self._send_away(state)
        self._touched.conference |= t.conference
        self._touched.units |= t.units
        self._touched.documents |= t.documents or t.counts
        self._touched.notices |= t.notices
        if t.conference or t.documents:
            self._told_mark = state.seq
            self.stale_points.update(self.devices)

    def _take_info(self, state: State, id: int) -> None:
        point = state.points[id]
        self._info_marks[id] = state.seq
        self._dirty_infos.add(id)
        self._unsettled.add(id)
        self._ordered = None
        self._touched.conference |= id == self.conference.on_air  # others may see it now
        if point.closed:
            self.infos.pop(id, None)
        else:
            self.infos[id] = view.info(state, point, self.tree.leads)

    def _take_row(self, state: State, id: int) -> None:
        point = state.points[id]
        self._marks[id] = state.seq
        self._dirty.add(id)
        self._unsettled.add(id)
        _member(self.arrived, id, point.arrived)
        _member(self.line_expected, id, on_record(point) and point.line == "up")
        _member(self.line_missing, id, on_record(point) and point.line != "up")
        if point.closed:
            self.rows.pop(id, None)
        else:
            self.rows[id] = view.row(state, point)

    def _take_notices(self, state: State) -> None:
        """Operators are told where they are meant, and no others: a notice to one room must not write to all."""
        before, self._notices = self._notices, view.notices(state)
        scopes = {n.scope for n in {*before} ^ {*self._notices} if n.to != "attendees"}
        for id in self.devices:
            if any(state.covers(scope, id) for scope in scopes):
                self._told[id] = state.seq
                self.stale_points.add(id)

    def _tell(self, state: State, id: int) -> None:
        """What the operators of a connected point see has changed."""
        if id in self.devices:
            self._told[id] = state.seq
            self.views[id] = msgspec.Raw(encode(view.point(state, state.points[id])))
            self.stale_points.add(id)

    def _send_away(self, state: State) -> None:
        """Closes sockets of devices that were removed, or whose link was renewed or revoked."""
        for id, by_device in self.devices.items():
            for device, outlets in by_device.items():
                if not on_file(state, id, device):
                    for outlet in outlets:
                        outlet.end(Close.REVOKED)

    def send_all_away(self) -> None:
        """To come back to a picture that nothing here leads to."""
        watching = (o for a in self._audiences.values() for members in a.members.values() for o in members)
        for outlet in [*watching, *self.acting()]:
            outlet.end(Close.RESTART)

    def acting(self) -> Iterator[Outlet]:
        """The sockets of all operators."""
        return (o for by_device in self.devices.values() for outlets in by_device.values() for o in outlets)

    def told(self, point: int) -> int:
        """The last change that the operators of this point should know of."""
        return max(self._told.get(point, 0), self._told_mark)

    def is_news(self, point: int) -> bool:
        """Whether some device of this point was not told of the last change: most know it from their own answer."""
        told = self.told(point)
        return any(o.seen < told for outlets in self.devices.get(point, {}).values() for o in outlets)

    # --- presence

    def presence_changed(self, point: int) -> None:
        self._presence_marks[point] = self._looked_at
        self._dirty.add(point)
        self._moved.add(point)

    def set_trouble(self, trouble: Trouble) -> bool:
        """Whether that changes what operators are told."""
        changed = trouble.held != self.held
        self._told_trouble &= trouble == self._trouble
        self._trouble = trouble
        return changed

    @property
    def held(self) -> bool:
        """Whether nothing can be written now."""
        return self._trouble.held

    # --- who looks

    def _audience(self, root: str | None) -> Audience:
        return Audience(root, Tallies(lambda p: self.tree.path(self.infos[p].unit, root), self.expected))

    def _counted(self, root: str | None) -> Audience:
        audience = self._audience(root)
        self._settle()
        for row in self._shown(root, self._seen):
            audience.tallies.put(row, row.id in self.arrived)
        audience.tallies.changed.clear()
        return audience

    def join(self, outlet: Outlet, sight: Sight) -> None:
        root = sight.root
        audience = self._audiences.get(root)
        if audience is None:
            audience = self._audiences[root] = self._counted(root)
        audience.members[sight].add(outlet)

    def leave(self, outlet: Outlet, sight: Sight) -> None:
        audience = self._audiences.get(sight.root)
        if audience:
            audience.members[sight].discard(outlet)
            if sight.root is not None and audience.empty():
                del self._audiences[sight.root]

    def enter(self, outlet: Outlet, point: int, device: int) -> None:
        self.devices.setdefault(point, {}).setdefault(device, set()).add(outlet)

    def exit(self, outlet: Outlet, point: int, device: int) -> None:
        by_device = self.devices.get(point, {})
        outlets = by_device.get(device, set())
        outlets.discard(outlet)
        if not outlets:
            by_device.pop(device, None)
        if not by_device:
            self.devices.pop(point, None)
            self.views.pop(point, None)

    # --- what they get

    def first_frame(self, sight: Sight, now: int) -> bytes:
        """The snapshot as it is sent, made once however many walls come back at once."""
        frame = self._snapshots.get(sight)
        if frame is None:
            frame = self._snapshots[sight] = text_frame(encode(self.snapshot(sight, now)))
        return frame

    def snapshot(self, sight: Sight, now: int) -> SnapshotMessage:
        """Everything this audience may see, as published."""
        root = sight.root
        if self._ordered is None:
            order = {u.code: n for n, u in enumerate(self.tree.units)}
            self._ordered = sorted(self.infos, key=lambda id: (order[self.infos[id].unit], id))
        shown = [id for id in self._ordered if self._visible(id, root)]
        tallies = self.tallies(root).all()
        return SnapshotMessage(
            self.epoch,
            self.seq,
            now,
            self.conference_for(sight),
            self.tree.below(root),
            [self.infos[id] for id in shown],
            [self._seen[id] for id in shown],
            tallies,
            self.documents(now, sight),
            self.notices(sight),
            *self._trouble,
        )

    def resume(self, sight: Sight, seq: int, at: int, now: int) -> FrameMessage:
        """What changed after event `seq`, and who came and went since `at`, ms of this server's clock: full values,
        so that some may be known already."""
        root = sight.root
        changed = [p for p, m in self._marks.items() if m > seq or self._presence_marks.get(p, at - 1) >= at]
        infos = [p for p, m in self._info_marks.items() if m > seq]
        tallies = self.tallies(root).all()
        return FrameMessage(
            self.seq,
            now,
            self.conference_for(sight),
            self.tree.below(root) if self._list_mark > seq else UNSET,
            [self.infos[p] for p in infos if self._visible(p, root)],
            self._shown(root, changed),
            tallies,
            self.documents(now, sight),
            [p for p in infos if p not in self.infos],
            self.notices(sight),
            *self._trouble,
        )

    def tallies(self, root: str | None) -> Tallies:
        self._settle()
        if root in self._audiences:
            return self._audiences[root].tallies
        return self._counted(root).tallies

    def conference_for(self, sight: Sight) -> ConferenceView:
        """Which room is on air is told to those who may see the room."""
        shown = self.conference
        if shown.on_air is not None and not self._visible(shown.on_air, sight.root):
            shown = msgspec.structs.replace(shown, on_air=None)
        if sight.public:
            shown = msgspec.structs.replace(shown, code=None, code_expires_at=None)
        return shown

    def documents(self, now: int, sight: Sight) -> list[DocumentView]:
        """Those meant for somebody inside the root: the others' titles are none of this audience's business.
        The public sees what everybody who passes by may have now."""
        shown = [_released(d, now) for d in self._documents if self._concerns(d.scope, sight.root)]
        if not sight.public:
            return shown
        return [d for d in shown if d.state == "released" and self._covers(d.scope, sight.root)]

    def offers(self, hash: str, now: int) -> bool | None:
        """Whether a file is released here; None when no document of this conference is that file."""
        found = [_released(d, now).state for d in self._documents if d.hash == hash]
        return "released" in found if found else None

    def notices(self, sight: Sight) -> list[NoticeView]:
        """Those meant for somebody inside the root; the public sees what all attendees there read."""
        if not sight.public:
            return [n for n in self._notices if self._concerns(n.scope, sight.root)]
        return [n for n in self._notices if n.to != "operators" and self._covers(n.scope, sight.root)]

    def _covers(self, scope: Scope, root: str | None) -> bool:
        """Whether all of `root` is meant, and not only a part of it."""
        if scope.point is not None:
            return False
        return scope.unit is None or (root is not None and self.tree.within(root, scope.unit))

    def _concerns(self, scope: Scope, root: str | None) -> bool:
        if root is None:
            return True
        if scope.point is not None:
            return self._visible(scope.point, root)
        return scope.unit is None or self.tree.within(scope.unit, root) or self.tree.within(root, scope.unit)

    def row(self, point: int) -> PointRow | None:
        """A point's row with presence as it is now, None when it is closed or unknown."""
        durable = self.rows.get(point)
        if durable is None:
            return None
        return view.with_presence(durable, *self.presence.seen(point))

    def all_rows(self) -> dict[int, PointRow]:
        """The rows of all open points, with presence as it is now."""
        self._settle()
        return dict(self._seen)

    def tick(self, now: int) -> int:
        """Sends every audience one frame of what changed since the last tick. Gives the number of frames."""
        if self._due(now):
            self._touched.documents = True
            self._told_mark = self.seq + 1  # not an event, but news all the same
            self.stale_points.update(self.devices)
        t, sent = self._touched, 0
        said = t.conference or t.units or t.documents or t.notices or not self._told_trouble
        self._catch_up(now)
        if not (self._dirty or self._dirty_infos or said):
            self._sent = (self.seq, now)
            return 0
        self._settle()
        self._snapshots.clear()
        for audience in self._audiences.values():
            tallies = audience.tallies.take_changed()
            for sight, members in audience.parts(t.documents or t.conference or t.notices):
                frame = self._frame(sight, now, tallies)
                if members and frame != FrameMessage(self.seq, now):
                    sent += self._send(members, text_frame(encode(frame)))
        self._touched, self._told_trouble = Touch(), True
        self._sent = (self.seq, now)
        self._dirty.clear()
        self._dirty_infos.clear()
        return sent

    def _send(self, members: set[Outlet], frame: bytes) -> int:
        """A wall that has not taken what is there is left out: a later frame brings it up to date."""
        sent = 0
        for outlet in tuple(members):
            if outlet.behind is None and outlet.is_full():
                outlet.behind = Behind(*self._sent, time.monotonic())
            if outlet.behind is None:
                sent += outlet.send(frame)
        return sent

    def _catch_up(self, now: int) -> None:
        """Slow walls that have taken what was there get what they missed; those that take nothing are closed."""
        for audience in self._audiences.values():
            for sight, members in audience.members.items():
                for outlet in [o for o in members if o.behind]:
                    assert outlet.behind is not None
                    seq, at, since = outlet.behind
                    if outlet.is_drained():
                        outlet.behind = None
                        outlet.send(text_frame(encode(self.resume(sight, seq, at, now))))
                    elif time.monotonic() - since > SLOW_SECONDS:
                        outlet.abort(Close.TOO_SLOW)

    def _frame(self, sight: Sight, now: int, tallies: list[Tally]) -> FrameMessage:
        t, root = self._touched, sight.root
        infos = [self.infos[p] for p in self._dirty_infos if self._visible(p, root)]
        removed = [p for p in self._dirty_infos if p not in self.infos]
        rows = self._shown(root, self._dirty)
        return FrameMessage(
            self.seq,
            now,
            conference=self.conference_for(sight) if t.conference else UNSET,
            units=self.tree.below(root) if t.units else UNSET,
            infos=infos or UNSET,
            rows=rows or UNSET,
            tallies=tallies or UNSET,
            documents=self.documents(now, sight) if t.documents else UNSET,
            removed=removed or UNSET,
            notices=self.notices(sight) if t.notices else UNSET,
            degraded=UNSET if self._told_trouble else self._trouble.degraded,
            held=UNSET if self._told_trouble else self._trouble.held,
        )

    def _settle(self) -> None:
        """Brings the rows as they are seen, and every audience's sums, up to what is known."""
        for id in self._moved - self._unsettled:
            self._move(id)
        self._moved.clear()
        for id in self._unsettled:
            row = self.row(id)
            if row:
                self._seen[id] = row
            else:
                self._seen.pop(id, None)
            for root, audience in self._audiences.items():
                if row and self._visible(id, root):
                    audience.tallies.put(row, id in self.arrived)
                else:
                    audience.tallies.drop(id)
        self._unsettled.clear()

    def _move(self, id: int) -> None:
        """A point came, went, or has another line: by far the most frequent change, and it touches few sums."""
        before, row = self._seen.get(id), self.row(id)
        if before is None or row is None:
            return
        self._seen[id] = row
        if before.status != row.status or before.devices != row.devices or before.media is not row.media:
            for root, audience in self._audiences.items():
                if root is None or self._visible(id, root):
                    audience.tallies.move(before, row)

    def _visible(self, point: int, root: str | None) -> bool:
        info = self.infos.get(point)
        return info is not None and (root is None or self.tree.within(info.unit, root))

    def _shown(self, root: str | None, points: Iterable[int]) -> list[PointRow]:
        shown = [row for p in points if (row := self._seen.get(p))]
        return shown if root is None else [row for row in shown if self._visible(row.id, root)]

    def _due(self, now: int) -> bool:
        """Whether the release time of a document has come since the last tick."""
        before, self._looked_at = self._looked_at or now, now
        return any(d.release_at is not None and before < d.release_at <= now for d in self._documents)


def _member(of: set[int], id: int, belongs: bool) -> None:
    if belongs:
        of.add(id)
    else:
        of.discard(id)


def _released(d: DocumentView, now: int) -> DocumentView:
    due = d.state == "waiting" and (d.release_at is None or now >= d.release_at)
    return msgspec.structs.replace(d, state="released") if due else d
