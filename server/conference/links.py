"""Operators' secret links and the devices that came by them.

The secret itself is never stored: it is computed from the server's key and the generation kept here
(see `server.operators.secrets`), so a stolen database opens no room. Renewing counts the generation up.
"""

from collections.abc import Iterable
from typing import Literal

from server.protocol.commands import EnrolDevice, RemoveDevice, RenewLinks, RevokeLinks
from server.protocol.events import DeviceEnrolled, DeviceRemoved, Event, EventBody, LinksRenewed, LinksRevoked

from .rules import (
    ORGANIZERS,
    SYSTEM,
    Actor,
    Moment,
    Refusal,
    applies,
    find,
    named_points,
    one_point,
    open_point,
    rule,
)
from .state import Device, Point, State

MAX_DEVICES = 8  # a room has one or two operators; more means that the link went round


@rule(RenewLinks, allow=ORGANIZERS, reach=named_points)
def renew(state: State, c: RenewLinks, actor: Actor, moment: Moment) -> list[EventBody]:
    return [LinksRenewed(c.points)]


@applies(LinksRenewed)
def renewed(state: State, event: Event, body: LinksRenewed) -> None:
    for point in _meant(state, body.points):
        point.link_generation += 1
        point.link_revoked = False
        point.devices.clear()


@rule(RevokeLinks, allow=ORGANIZERS, reach=named_points)
def revoke(state: State, c: RevokeLinks, actor: Actor, moment: Moment) -> list[EventBody]:
    return [] if all(p.link_revoked for p in _meant(state, c.points)) else [LinksRevoked(c.points)]


@applies(LinksRevoked)
def revoked(state: State, event: Event, body: LinksRevoked) -> None:
    for point in _meant(state, body.points):
        point.link_revoked = True
        point.devices.clear()


@rule(EnrolDevice, allow=SYSTEM, reach=one_point)
def enrol(state: State, c: EnrolDevice, actor: Actor, moment: Moment) -> list[EventBody]:
    point = open_point(state, c.point)
    if point.link_revoked:
        raise Refusal("link_revoked")
    if len(point.devices) >= MAX_DEVICES:
        raise Refusal("too_many_devices", limit=MAX_DEVICES)
    return [DeviceEnrolled(point.id, point.next_device, c.label)]


@applies(DeviceEnrolled)
def enrolled(state: State, event: Event, body: DeviceEnrolled) -> None:
    point = state.points[body.point]
    point.devices[body.device] = Device(body.label, event.at, point.link_generation)
    point.next_device = body.device + 1


@rule(RemoveDevice, allow=ORGANIZERS, reach=one_point)
def remove(state: State, c: RemoveDevice, actor: Actor, moment: Moment) -> list[EventBody]:
    if c.device not in find(state, c.point).devices:
        raise Refusal("device_unknown", "device")
    return [DeviceRemoved(c.point, c.device)]


@applies(DeviceRemoved)
def removed(state: State, event: Event, body: DeviceRemoved) -> None:
    state.points[body.point].devices.pop(body.device, None)


def on_file(state: State, point: int, device: int) -> bool:
    """Whether a device may still act: enrolled by the present link, not removed, the point not closed."""
    found = state.points.get(point)
    if found is None or found.closed or found.link_revoked:
        return False
    known = found.devices.get(device)
    return known is not None and known.generation == found.link_generation


def standing_of(state: State, point: int, device: int) -> Literal["on_file", "removed", "unknown"]:
    """`unknown`: enrolled by a history that is not this one, as after an older backup."""
    if on_file(state, point, device):
        return "on_file"
    found = state.points.get(point)
    return "removed" if found is not None and device < found.next_device else "unknown"


def _meant(state: State, points: list[int] | None) -> Iterable[Point]:
    return state.points.values() if points is None else (state.points[p] for p in points)
