"""How rooms' players fare: the latest word alone, told only when there is something new to see."""

import pytest

from server.live.audience import Sight
from server.live.hub import Hub
from server.live.players import Played, Seen, played, seen, together
from server.live.presence import Elsewhere, Presence
from server.protocol.messages import MediaFigures
from tests.conference.given import fold
from tests.conference.samples import whole_story
from tests.servers.whole import Whole

GOOD = MediaFigures(playing=True, loss=0.004, freezes=1, decoded=500, level=100, frames=25)
NONE = Played(0, 0, 0, 0, False)


# --- one player, one room


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        (GOOD, None, Played(1, 0, 1, 7, False, 25)),
        (MediaFigures(playing=True, loss=0.126, decoded=525), GOOD, Played(1, 13, 0, 0, False)),
        (MediaFigures(playing=True, decoded=500), GOOD, NONE),  # it says so, but nothing new is seen
        (MediaFigures(playing=True), MediaFigures(playing=True), Played(1, 0, 0, 0, False)),  # sound alone
        (MediaFigures(decoded=525), GOOD, NONE),
        (MediaFigures(level=1, pictures=True), None, Played(0, 0, 0, 1, True)),
        (MediaFigures(level=127, loss=1), None, Played(0, 100, 0, 8, False)),
        (MediaFigures(voice=True), None, Played(0, 0, 0, 0, False, 0, True)),
        (MediaFigures(playing=True, decoded=500, frames=25), GOOD, NONE),
    ],
)
def test_what_is_told_of_one_player(now: MediaFigures, before: MediaFigures | None, told: Played) -> None:
    assert played(now, before) == told


def test_the_best_player_that_plays_speaks_for_the_room() -> None:
    assert together([]) is None
    assert together([None, None]) is None
    idle, poor, fine = Played(0, 0, 0, 0, True), Played(1, 20, 9, 2, False), Played(1, 1, 12, 5, False)
    assert together([None, poor]) == poor
    assert together([idle, poor, fine]) == Played(2, 1, 9, 5, True)
    assert together([Played(1, 0, 0, 0, False, 12), Played(1, 0, 0, 0, False, 25, True)]) == Played(
        2, 0, 0, 0, False, 25, True
    )
    assert together([idle, NONE]) == idle


def test_a_picture_is_seen_only_while_the_room_lets_it() -> None:
    assert seen(None, 7) is None
    assert seen(NONE, 7) is None
    assert seen(Played(0, 0, 0, 0, True), 0) is None
    assert seen(Played(0, 0, 0, 0, True), 7) == Seen(0, 0, 0, 0, 7)
    assert seen(Played(1, 2, 3, 4, False, 25, True), 7) == Seen(1, 2, 3, 4, 0, 25, True)


# --- presence


def test_figures_that_show_nothing_new_change_nothing() -> None:
    presence = Presence(0)
    presence.connect(1, 1, 1)
    assert presence.seen(1)[2] is None
    assert presence.play(1, 1, GOOD)
    assert presence.seen(1)[2] == Seen(1, 0, 1, 7, 0, 25)
    presence.take_changed()
    for decoded, frames in ((512, 29), (530, 21), (545, 27)):
        steady = MediaFigures(playing=True, loss=0.001, freezes=1, decoded=decoded, level=98, frames=frames)
        assert not presence.play(1, 1, steady)
    assert presence.take_changed() == set()
    assert presence.play(1, 1, MediaFigures(playing=True, loss=0.05, freezes=1, decoded=560, level=98, frames=25))
    assert presence.take_changed() == {1}
    assert presence.play(1, 1, MediaFigures(playing=True, loss=0.05, freezes=1, decoded=570, level=98, frames=12))
    assert presence.seen(1)[2] == Seen(1, 5, 1, 7, 0, 12)


def test_who_is_gone_plays_no_more() -> None:
    presence = Presence(0)
    for connection in (1, 2):
        presence.connect(1, connection, connection)
        presence.play(1, connection, GOOD)
    presence.disconnect(1, 1, 5)
    assert presence.seen(1) == (1, "unknown", Seen(1, 0, 1, 7, 0, 25))
    presence.disconnect(1, 2, 5)
    assert presence.seen(1) == (0, "unknown", None)
    assert not presence.play(1, 2, GOOD), "what was under way when it went"


def test_players_at_other_servers_count_until_those_are_gone() -> None:
    here, there = Presence(0), Presence(0)
    here.connect(1, 1, 1)
    here.play(1, 1, GOOD)
    there.connect(1, 1, 2)
    there.play(1, 1, MediaFigures(playing=True, loss=0.5, pictures=True))
    assert not here.lets_be_shown(1)
    assert here.hear("b", 1, there.held(1), 9)
    assert here.seen(1)[2] == Seen(2, 0, 0, 7, 0, 25)
    assert here.lets_be_shown(1)
    assert here.show_picture(1, 77)
    assert here.seen(1)[2] == Seen(2, 0, 0, 7, 77, 25)
    here.forget("b", 10)
    assert here.seen(1)[2] == Seen(1, 0, 1, 7, 0, 25)
    assert here.hear("b", 1, Elsewhere((2,), "good"), 11)
    assert here.seen(1) == (2, "good", Seen(1, 0, 1, 7, 0, 25))


# --- on walls


def hub_of(presence: Presence) -> Hub:
    hub = Hub(presence)
    hub.begin(fold(whole_story().events[:25]), "e")
    return hub


def test_rows_and_sums_follow_the_players() -> None:
    presence = Presence(0)
    hub = hub_of(presence)
    plain = hub.snapshot(Sight(None), 0)
    assert {row.media for row in plain.rows} == {None}
    for point in (1, 4):
        presence.connect(point, point, 1)
        presence.play(point, point, GOOD)
        hub.presence_changed(point)
    hub.tick(1)
    rows = {row.id: row for row in hub.snapshot(Sight(None), 1).rows}
    assert rows[1].media is not None
    assert (rows[1].media.air, rows[1].media.playing, rows[1].media.level) == ("none", 1, 7)
    rooms = {"": 2, "HN": 2, "271": 1, "001": 1}
    assert {t.unit: t.playing for t in hub.snapshot(Sight(None), 1).tallies if t.playing} == rooms
    presence.connect(1, 9, 2)
    presence.play(1, 9, GOOD)
    hub.presence_changed(1)
    hub.tick(1)
    # A room counts once, on however many of its devices the programme plays.
    assert {t.unit: t.playing for t in hub.snapshot(Sight(None), 1).tallies if t.playing} == rooms
    presence.play(4, 4, MediaFigures())
    hub.presence_changed(4)
    hub.tick(2)
    after = hub.snapshot(Sight(None), 2)
    assert {t.unit: t.playing for t in after.tallies if t.playing} == {"": 1, "HN": 1, "271": 1}
    fresh = hub_of(presence).snapshot(Sight(None), 2)
    assert (after.rows, after.tallies) == (fresh.rows, fresh.tallies)


# --- over the line


async def test_what_a_room_says_of_its_player_is_on_the_wall_and_in_no_journal(house: Whole) -> None:
    token, wall_token = await house.device(1), await house.token()
    async with house.operator(token) as room, house.wall(wall_token) as wall:
        before = (await wall.next("snapshot"))["seq"]
        await room.say(
            t="status", rtt=40, media={"playing": True, "loss": 0.02, "freezes": 3, "decoded": 9, "level": 60}
        )
        row: list[object] = []
        while not row or row[16] is None:
            row = (await wall.next("frame")).get("rows", [row])[0]
        assert row[16] == ["none", 1, 2, 3, 4, 0, 0, False]
        await room.say(t="status", rtt=41)
        await room.say(t="beat", rtt=41)
        await room.next("pulse")
        seen = house.server.conferences.running()[0].presence.seen(1)
        assert seen[2] == (1, 2, 3, 4, 0, 0, False), "what was said of the player stays"
        detail = await house.admin.call("GET", house.one, dict)
        assert detail["seq"] == before


async def test_figures_that_cannot_be_are_refused(house: Whole) -> None:
    wrong = {"loss": 1.01, "freezes": -1, "decoded": 10**10, "level": 128, "frames": 241, "colour": 1}
    async with house.operator(await house.device(1)) as room:
        for field, value in wrong.items():
            await room.say(t="status", rtt=40, media={"playing": True, field: value})
            error = (await room.next("refused"))["error"]
            assert (error["code"], error["field"]) == ("bad_value", f"media.{field}")
        assert house.server.conferences.running()[0].presence.seen(1)[2] is None


async def test_figures_of_a_wall_are_nobody_s(house: Whole) -> None:
    async with house.wall(await house.token()) as wall:
        await wall.say(t="status", rtt=40, media={"playing": True})
        await wall.say(t="beat", rtt=40)
        await wall.next("pulse")
