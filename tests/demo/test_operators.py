"""A simulated operator against a real server."""

import asyncio

from server.demo.figures import Figures
from server.demo.operators import Operator
from server.demo.simulate import socket_url
from server.protocol.commands import CheckIn, Ready, ReportHeadcount
from server.tasks import Tasks
from tests.client.house import House

SECONDS = 30.0


async def test_taps_arrive_in_their_order_whenever_they_fall(house: House, tasks: Tasks) -> None:
    """One waits for the enrolment, one comes in the very moment it is done, one before the line is open."""
    link, figures = (await house.links())[0], Figures()
    operator = Operator(socket_url(house.server.base_url), house.api, link.url, figures)
    taps = [tasks.start("first", operator.tap(CheckIn(link.point)))]
    await asyncio.sleep(0)  # the first waits now
    line = await operator.enrol()
    assert line is not None
    taps.append(tasks.start("second", operator.tap(ReportHeadcount(link.point, 61))))
    await asyncio.sleep(0)
    taps.append(tasks.start("third", operator.tap(Ready(link.point))))
    tasks.start("line", operator.keep(line))
    await asyncio.wait_for(asyncio.gather(*taps), SECONDS)
    assert figures.refusals == {}
    assert figures.done == 3


async def test_a_refused_enrolment_is_counted_and_its_taps_are_dropped(house: House) -> None:
    link, figures = (await house.links())[0], Figures()
    await house.command(type="revoke_links", points=[link.point])
    operator = Operator(socket_url(house.server.base_url), house.api, link.url, figures)
    assert await operator.enrol() is None
    await asyncio.wait_for(operator.tap(CheckIn(link.point)), SECONDS)
    assert figures.refusals == {"link_revoked": 1}
    assert figures.sent == 0
    assert not operator.connected()
