"""The test programme as tracks that aiortc sends as they are."""

import asyncio
import time
from fractions import Fraction

from aiortc.mediastreams import MediaStreamTrack
from av import Packet, VideoStream
from av.stream import Stream

from . import picture, sound

MAX_LATE = 0.5  # seconds; what is later than that is left out, so that the clock is right again


class Beat:
    """Sound and picture begin together, at a whole second of the wall clock."""

    def __init__(self) -> None:
        now = time.time()
        self.second = int(now)
        self._origin = time.monotonic() - (now - self.second)

    async def wait(self, number: int, rate: int) -> int:
        """Until it is time for what has this number, `rate` a second; a later one when that is long past."""
        late = time.monotonic() - self._origin - number / rate
        if late > MAX_LATE:
            return number + int(late * rate)
        if late < 0:
            await asyncio.sleep(-late)
        return number


class PictureTrack(MediaStreamTrack):
    kind = "video"

    def __init__(self, beat: Beat) -> None:
        super().__init__()
        self._beat, self._next = beat, 0
        self.picture = picture.Picture(beat.second)

    async def recv(self) -> "Packet[VideoStream]":
        number = await self._beat.wait(self._next, picture.RATE)
        self._next = number + 1
        return self.picture.encoded(number)


class SoundTrack(MediaStreamTrack):
    kind = "audio"

    def __init__(self, beat: Beat) -> None:
        super().__init__()
        self._beat, self._next = beat, 0
        self._second = sound.second()

    async def recv(self) -> "Packet[Stream]":
        number = await self._beat.wait(self._next, sound.RATE)
        self._next = number + 1
        packet = Packet(self._second[number % sound.RATE])
        packet.pts, packet.time_base = number * sound.SAMPLES // sound.RATE, Fraction(1, sound.SAMPLES)
        return packet
