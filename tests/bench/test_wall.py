"""The browser's trace is read for what the page itself did."""

import json

import pytest

from bench.wall import longest_cpu


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
