"""Who is late: a line that is gone, but not while many are still coming back at once."""

from server.live.presence import Elsewhere, Presence, returning_ms

START = 1_000_000
GRACE = 20_000


def test_a_line_that_goes_is_late_from_its_going() -> None:
    presence = Presence(START)
    presence.connect(7, 1, 3)
    assert presence.gone_since(7) is None
    presence.disconnect(7, 1, START + 500)
    assert presence.gone_since(7) == START + 500
    assert not presence.overdue(START + 500, deadline=START + 499)
    assert presence.overdue(START + 500, deadline=START + 500)


def test_after_a_start_nobody_is_late_before_all_had_their_turn() -> None:
    presence = Presence(START)
    presence.await_lines(37_000, START)
    turn = returning_ms(37_000)
    assert presence.gone_since(7) == START
    assert not presence.overdue(START, deadline=START + turn)
    assert presence.overdue(START, deadline=START + 2 * turn)


def test_lines_of_a_server_that_is_gone_have_their_turn_too() -> None:
    presence = Presence(START)
    for point in range(1, 4_001):
        presence.hear("b", point, Elsewhere((1,), "good"), START)
    assert presence.forget("b", START + GRACE) == set(range(1, 4_001))
    assert not presence.overdue(START + GRACE, deadline=START + GRACE + returning_ms(4_000))
    assert presence.overdue(START + GRACE, deadline=START + GRACE + 2 * returning_ms(4_000))


def test_a_server_that_held_nobody_delays_nothing() -> None:
    presence = Presence(START)
    presence.connect(7, 1, 3)
    presence.disconnect(7, 1, START)
    presence.forget("b", START)
    assert presence.overdue(START, deadline=START)


def test_who_is_away_has_no_device_connected_anywhere() -> None:
    presence = Presence(START)
    presence.connect(1, 10, 3)
    presence.connect(2, 11, 3)
    presence.hear("b", 2, Elsewhere((4,), "good"), START)
    presence.hear("b", 3, Elsewhere((1,), "good"), START)
    assert presence.away({1, 2, 3, 4}) == {4}
    presence.disconnect(1, 10, START)
    presence.disconnect(2, 11, START)
    presence.hear("b", 3, Elsewhere((), "unknown"), START)
    assert presence.away({1, 2, 3, 4}) == {1, 3, 4}
    presence.forget("b", START)
    assert presence.away({1, 2, 3, 4}) == {1, 2, 3, 4}
