"""Who is shown a notice over the socket, and when it is gone again."""

from tests.servers.whole import Body, Socket, Whole

BA_VI = {"unit": "271"}  # rooms 1 to 3


def texts(message: Body) -> list[str]:
    return [notice["text"] for notice in message.get("notices", [])]


async def shown(wall: Socket) -> list[str]:
    """Of the next frame that speaks of notices."""
    while "notices" not in (frame := await wall.next("frame")):
        pass
    return texts(frame)


async def test_operators_are_told_of_what_is_meant_for_their_room(house: Whole) -> None:
    async with house.operator(await house.device(1)) as room, house.operator(await house.device(4)) as elsewhere:
        await house.command("post_notice", text="Cho phòng họp", to="attendees")
        await house.command("post_notice", text="Cho cán bộ Ba Vì", to="operators", scope=BA_VI)
        assert texts(await room.next("point")) == ["Cho cán bộ Ba Vì"]
        await house.command("post_notice", text="Cho tất cả")
        assert texts(await room.next("point")) == ["Cho tất cả", "Cho cán bộ Ba Vì"]
        assert texts(await elsewhere.next("point")) == ["Cho tất cả"], "one message: of the others nothing was told"
        await house.command("withdraw_notice", notice=2)
        assert texts(await room.next("point")) == ["Cho tất cả"]
    async with house.socket() as late:
        await late.hello(conference=house.conference, token=await house.device(1))
        assert texts(await late.next("point")) == ["Cho tất cả"]


async def test_walls_are_shown_what_their_readers_may_know(house: Whole) -> None:
    whole, district = await house.token("viewer"), await house.token("viewer", "001")
    async with house.wall(whole) as hall, house.wall(district) as other, house.wall(await house.kiosk()) as corridor:
        for notice in ("Cho cán bộ", "operators", {}), ("Cho Ba Vì", "all", BA_VI), ("Cho tất cả", "attendees", {}):
            await house.command("post_notice", text=notice[0], to=notice[1], scope=notice[2])
        while len(seen := await shown(hall)) < 3:
            pass
        assert seen == ["Cho tất cả", "Cho Ba Vì", "Cho cán bộ"]
        while len(seen := await shown(other)) < 2:
            pass
        assert seen == ["Cho tất cả", "Cho cán bộ"]
        while not (seen := await shown(corridor)):
            pass
        assert seen == ["Cho tất cả"]
    async with house.wall(whole) as late:
        assert texts(await late.next("snapshot")) == ["Cho tất cả", "Cho Ba Vì", "Cho cán bộ"]
    assert texts(await house.admin.call("GET", house.one, dict)) == ["Cho tất cả", "Cho Ba Vì", "Cho cán bộ"]


async def test_the_last_notice_that_goes_leaves_none(house: Whole) -> None:
    await house.command("post_notice", text="Giải lao")
    async with house.wall(await house.token("viewer")) as wall:
        await house.command("withdraw_notice", notice=1)
        while await shown(wall):  # the frame of the one that was posted may come first
            pass
    async with house.wall(await house.token("viewer")) as late:
        assert texts(await late.next("snapshot")) == []
