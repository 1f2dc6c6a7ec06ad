"""What is read of the browser: what the page itself did, and what its process holds."""

import json
import os

import pytest

from bench.browser import longest_cpu, of_rollup, resident
from bench.ground import PROVINCES, country_rows


def trace(*events: tuple[str, int, float, str]) -> bytes:
    listed = [{"name": n, "pid": 1, "tid": t, "tdur": d, "args": {"name": a}, "ph": "X"} for n, t, d, a in events]
    return json.dumps({"traceEvents": listed, "metadata": {}}).encode()


def test_the_longest_task_of_a_page_counts_and_not_that_of_another_thread() -> None:
    page, worker = ("thread_name", 1, 0, "CrRendererMain"), ("thread_name", 2, 0, "Compositor")
    task = "ThreadControllerImpl::RunTask"

    assert longest_cpu(trace(page, worker, (task, 1, 12_500, ""), (task, 1, 900, ""), (task, 2, 99_000, ""))) == 12.5


def test_a_trace_without_a_page_is_no_zero() -> None:
    with pytest.raises(LookupError):
        longest_cpu(trace(("thread_name", 2, 0, "Compositor"), ("RunTask", 2, 99_000, "")))


def test_memory_that_is_shared_counts_in_full_and_by_its_share() -> None:
    rollup = "5590-7ffd ---p 00000000 00:00 0    [rollup]\nRss:    362000 kB\nPss:    254000 kB\nPss_Dirty:  1 kB\n"

    assert (of_rollup(rollup, "Rss"), of_rollup(rollup, "Pss")) == (362_000 * 1024, 254_000 * 1024)
    with pytest.raises(LookupError):
        of_rollup(rollup, "Swap")


def test_the_memory_of_a_process_is_its_own() -> None:
    rss, pss = resident(os.getpid())

    assert 0 < pss <= rss
    assert resident(2**22 + 1) == (0, 0)  # above the highest number of a process


def test_a_country_has_every_room_under_a_group_of_a_province() -> None:
    parents = {code: parent for code, _, _, parent in country_rows(5_000)}

    above = [parents[parents[f"U{n}"]] for n in range(5_000)]
    assert len(set(above)) == PROVINCES
    assert {parents[province] for province in above} == {"ROOT"}
