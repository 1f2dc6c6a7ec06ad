"""What standard clients do otherwise than our own pages: restart as the examples of the RFC do, say goodbye twice."""

import re

from bridge.door.limits import Limits
from tests.bridge.door.house import FRAGMENT, a_pass, opened

RENEWED = "a=ice-ufrag:fresh\r\na=ice-pwd:0123456789abcdefghijkl\r\n"


async def test_a_restart_needs_no_line_of_media_and_its_match_may_be_quoted() -> None:
    async with opened() as house:
        opening = await house.publish()

        answer = await house.ask("PATCH", opening.session, a_pass(), RENEWED, FRAGMENT, If_Match='"*"')

        assert answer.status == 200
        assert re.match("a=ice-lite\r\na=ice-ufrag:[^\r]+\r\na=ice-pwd:[^\r]+\r\na=candidate:", answer.text)
        again = await house.ask("PATCH", opening.session, a_pass(), RENEWED, FRAGMENT, If_Match=answer.headers["ETag"])
        assert again.status == 204


async def test_players_that_close_their_lines_before_they_say_so_are_no_flood() -> None:
    """Given a house of rooms behind one address, when all end sessions that are over by then, a publisher from there
    still comes in."""
    async with opened(Limits(requests_at_once=100)) as house:
        gone = [await house.ask("DELETE", f"/session/{n:024}", a_pass(), Accept_Language="en") for n in range(50)]

        assert {(one.status, one.code) for one in gone} == {(404, "session_unknown")}
        assert (await house.publish()).status == 201
