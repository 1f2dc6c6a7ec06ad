"""Each house rule is broken on purpose and must be seen; the allowed neighbour of each must not."""

import pytest

from scripts.house_rules import LARGEST_FILE, breaches_of

UNFINISHED = "# " + "TO" + "DO: later\n"
REGISTRY = "index-url = https://py" + "pi.org/simple"
ELSEWHERE = "/" + "work/data/units.csv"


@pytest.mark.parametrize(
    ("path", "code", "reason"),
    [
        ("server/live/hub.py", "asyncio.create_task(run())", "bare task"),
        ("server/live/hub.py", "asyncio.get_running_loop().create_task(run())", "bare task"),
        ("server/live/hub.py", "asyncio.ensure_future(run())", "bare task"),
        ("tests/live/test_hub.py", "time.sleep(0.1)", "wait for the condition"),
        ("tests/live/test_hub.py", "await asyncio.sleep(1)", "wait for the condition"),
        ("server/live/hub.py", "try:\n    run()\nexcept Exception:\n    pass", "swallows"),
        ("server/live/hub.py", "try:\n    run()\nexcept:\n    pass", "swallows"),
        ("server/conference/points.py", "now = datetime.now(UTC)", "no clock"),
        ("server/conference/points.py", "now = datetime.datetime.now()", "no clock"),
        ("server/conference/points.py", "import time", "time and chance"),
        ("server/protocol/base.py", "from random import choice", "time and chance"),
        ("server/protocol/base.py", "from uuid import uuid4", "time and chance"),
        ("docs/guide.md", UNFINISHED, "unfinished"),
        ("requirements/dev.txt", REGISTRY, "registry's address"),
        ("server/cli.py", f"open('{ELSEWHERE}')", "one machine"),
    ],
)
def test_a_breach_is_seen(path: str, code: str, reason: str) -> None:
    found = list(breaches_of(path, code.encode()))

    assert len(found) == 1
    assert reason in found[0].reason
    assert found[0].path == path


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("server/tasks.py", "asyncio.create_task(run(), name=name)"),
        ("server/live/hub.py", "async with TaskGroup() as group:\n    group.create_task(run())"),
        ("tests/live/test_hub.py", "await asyncio.sleep(0)"),
        ("server/live/hub.py", "await asyncio.sleep(interval)"),
        ("server/live/hub.py", "try:\n    run()\nexcept OSError:\n    pass"),
        ("server/live/hub.py", "import time\nnow = time.monotonic()"),
        ("server/conference/points.py", "from datetime import datetime, timedelta"),
        ("server/http/static.py", "prefix = '/works/of/art'"),
        ("web/shared/logo.bin", "\udcff"),
    ],
)
def test_its_allowed_neighbour_is_not(path: str, code: str) -> None:
    assert list(breaches_of(path, code.encode("utf-8", "surrogateescape"))) == []


def test_a_large_file_is_seen_before_it_is_read() -> None:
    found = list(breaches_of("docs/film.mp4", b"\0" * (LARGEST_FILE + 1)))

    assert [breach.line for breach in found] == [1]
    assert "over 1 MB" in found[0].reason
