"""Read by Python at its start where `PYTHONPATH` leads here: a server as it would be with what `choices` compares. It
notes when its collector ran, and how long by the processor's time."""

import asyncio
import atexit
import gc
import json
import os
import time
from pathlib import Path

import uvloop

pauses: list[list[float]] = []  # monotonic seconds at the beginning, and how long


def note(phase: str, info: object) -> None:
    if phase == "start":
        pauses.append([time.monotonic(), time.thread_time()])
    else:
        pauses[-1][1] = time.thread_time() - pauses[-1][1]


def keep(folder: str) -> None:
    Path(folder, str(os.getpid())).write_text(json.dumps(pauses))


if os.environ.get("BENCH_COLLECTOR") == "default":
    gc.freeze = lambda: None
    gc.set_threshold = lambda *thresholds: None
if os.environ.get("BENCH_LOOP") == "asyncio":
    uvloop.run = asyncio.run  # type: ignore[assignment]
if folder := os.environ.get("BENCH_PAUSES"):
    gc.callbacks.append(note)
    atexit.register(keep, folder)
