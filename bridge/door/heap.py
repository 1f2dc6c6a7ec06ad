"""What handshakes leave behind: holes between what lives, all over the heap, which would stay ours. The machine gets
them back, so that the rooms of a morning may come and go as often as they like."""

import asyncio
import contextlib
import ctypes
import gc

TIDY_SECONDS = 10.0  # between two times: it takes some milliseconds, and media are carried elsewhere


async def keep_tidy() -> None:
    """Until cancelled. Where the C library cannot do it, nothing is done."""
    trim = None
    with contextlib.suppress(OSError, AttributeError):
        trim = ctypes.CDLL(None).malloc_trim
    while trim is not None:
        await asyncio.sleep(TIDY_SECONDS)
        gc.collect()
        trim(0)
