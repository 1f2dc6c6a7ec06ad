"""What counts as somebody's first look, and what a device keeps of it."""

import pytest

from server.attendance.visits import MARK, MAX_MARKS, Visits, is_machine
from server.protocol.commands import AddVersion, WithdrawDocument
from tests.attendance.place import HOUR, Browser, Place, file
from tests.conference.given import T0

# Browsers inside chat applications: people.
PEOPLE = [
    "Mozilla/5.0 (Linux; Android 13; SM-A145F) AppleWebKit/537.36 Chrome/120.0 Mobile Zalo android/12080668",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;FBAV/439.0]",
    "Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) AppleWebKit/537.36 Chrome/112.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Viber/20.1",
    "",
]
MACHINES = [
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.23.20.0",
    "TelegramBot (like TwitterBot)",
    "Viber/13.0",
    "Mozilla/5.0 (compatible; ZaloBot/1.0)",
    "Twitterbot/1.0",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0)",
    "curl/8.5.0",
    "Python/3.11 aiohttp/3.14.0",
]


def seen(phone: Browser) -> str:
    cookies = phone.session.cookie_jar.filter_cookies(phone.make_url("/"))
    return cookies["nc_seen"].value if "nc_seen" in cookies else ""


async def test_a_device_counts_once_a_code(place: Place) -> None:
    one, other = place.phone(), place.phone()
    for _ in range(3):
        await one.get(f"/D/{place.rooms[0]}")
    await one.get(f"/d/{place.rooms[0].lower()}?lang=en")
    await other.get(f"/D/{place.rooms[0]}")
    assert await place.counted() == {(1, "scan"): 2}
    await one.get(f"/D/{place.rooms[1]}")
    await one.get(f"/D/{place.own}")
    await one.get(f"/D/{place.rooms[0]}")
    assert await place.counted() == {(1, "scan"): 2, (2, "scan"): 1, (0, "scan"): 1}


async def test_what_is_not_a_page_is_not_counted(place: Place) -> None:
    phone = place.phone()
    await phone.get("/D")
    await phone.get("/D/00000000000")
    assert await place.counted() == {}
    assert seen(phone) == ""


async def test_head_and_parts_are_not_counted(place: Place) -> None:
    phone, path = place.phone(), f"/D/{place.rooms[0]}"
    head = await phone.head(path)
    assert (head.status, await head.read()) == (200, b"")
    await phone.get(path, headers={"Range": "bytes=0-99"})
    assert await place.counted() == {}
    assert seen(phone) == ""


@pytest.mark.parametrize("agent", MACHINES)
async def test_previews_in_chats_are_served_and_not_counted(place: Place, agent: str) -> None:
    phone = place.phone(agent)
    answer = await phone.get(f"/D/{place.rooms[0]}")
    assert answer.status == 200
    assert "Set-Cookie" not in answer.headers
    assert await place.counted() == {}


@pytest.mark.parametrize("agent", PEOPLE)
def test_people_in_chat_applications_are_people(agent: str) -> None:
    assert not is_machine(agent)


@pytest.mark.parametrize(
    ("header", "value"),
    [("Purpose", "prefetch"), ("Sec-Purpose", "prefetch;prerender"), ("X-Moz", "Prefetch"), ("X-Purpose", "preview")],
)
async def test_loading_ahead_is_not_counted_the_look_after_it_is(place: Place, header: str, value: str) -> None:
    phone, path = place.phone(), f"/D/{place.rooms[0]}"
    await phone.get(path, headers={header: value})
    assert await place.counted() == {}
    await phone.get(path)
    assert await place.counted() == {(1, "scan"): 1}


async def test_the_cookie_names_nobody_and_nothing(place: Place) -> None:
    answers = [await place.phone().get(f"/D/{place.rooms[0]}") for _ in range(2)]
    first, second = (answer.headers["Set-Cookie"] for answer in answers)
    assert first == second, "what is the same for everybody tells nobody apart"
    assert place.rooms[0] not in first
    assert first.endswith("; Max-Age=43200; Path=/; HttpOnly; SameSite=Lax")
    behind_tls = await place.phone(X_Forwarded_Proto="https").get(f"/D/{place.rooms[0]}")
    assert behind_tls.headers["Set-Cookie"] == first + "; Secure"


async def test_a_forged_or_foreign_cookie_is_none(place: Place) -> None:
    mark = Visits(b"k" * 32).mark(place.rooms[0])
    for value in (f"{mark}.aaaaaaaaaaaa", mark, "x", Visits(b"other" * 8).first(mark), f'"{mark}"'):
        await place.phone(cookies=False, Cookie=f"a=1; nc_seen={value}; b=2").get(f"/D/{place.rooms[0]}")
    assert await place.counted() == {(1, "scan"): 5}
    real = Visits(b"k" * 32).first(mark)
    await place.phone(cookies=False, Cookie=f"a=1; nc_seen={real}; b=2").get(f"/D/{place.rooms[0]}")
    assert await place.counted() == {(1, "scan"): 5}


async def test_the_cookie_stays_short_and_the_oldest_give_way(place: Place) -> None:
    for n in range(MAX_MARKS + 5):
        await place.add(f"Tài liệu {n}")
    phone, code = place.phone(), place.rooms[0]
    await phone.get(f"/D/{code}")
    for n in range(MAX_MARKS - 1):
        await phone.get(f"/D/{code}/{n + 1}", allow_redirects=False)
    await phone.get(f"/D/{code}")
    assert await place.counted() == {(1, "scan"): 1, (1, "open"): MAX_MARKS - 1}
    full = len(seen(phone))
    assert full == MAX_MARKS * MARK + 1 + 12
    await phone.get(f"/D/{code}/{MAX_MARKS}", allow_redirects=False)
    assert len(seen(phone)) == full
    await phone.get(f"/D/{code}/{MAX_MARKS}", allow_redirects=False)
    assert await place.counted() == {(1, "scan"): 1, (1, "open"): MAX_MARKS}


async def test_an_opening_counts_once_a_version_and_leads_to_the_file(place: Place) -> None:
    await place.add("Toàn văn", hash="a" * 64)
    phone, path = place.phone(), f"/D/{place.rooms[0]}/1"
    for _ in range(2):
        answer = await phone.get(path, allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (302, "/F/aaaaaaaa/nghi-quyet.pdf")
        assert answer.headers["Cache-Control"] == "no-store"
    assert await place.counted() == {(1, "open"): 1}
    await place.do(AddVersion(1, file("b" * 64)))
    answer = await phone.get(path, allow_redirects=False)
    assert answer.headers["Location"] == "/F/bbbbbbbb/nghi-quyet.pdf"
    assert (await phone.head(path, allow_redirects=False)).status == 302
    assert await place.counted() == {(1, "open"): 2}
    opens = await place.live.conductor.at_rest(lambda state: state.documents[1].opens)
    assert opens == 2


async def test_what_is_not_open_leads_back_to_what_is(place: Place) -> None:
    await place.add("Đã rút")
    await place.add("Chưa tới giờ", release_at=T0 + HOUR)
    await place.do(WithdrawDocument(1))
    phone, code = place.phone(), place.rooms[0]
    for number in ("1", "2", "3", "0", "x", "9" * 30, "١"):
        answer = await phone.get(f"/D/{code}/{number}", allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, f"/D/{code}")
    assert (await phone.get("/D/00000000000/1", allow_redirects=False)).status == 404
    assert await place.counted() == {}
    place.clock.now = T0 + HOUR
    assert (await phone.get(f"/D/{code}/2", allow_redirects=False)).status == 302
