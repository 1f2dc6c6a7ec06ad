"""What another bridge sends us, as if it were published here."""

from collections.abc import Callable

from bridge.orders import Fetch, Incoming, Publish
from bridge.wire import rtp
from bridge.wire.srtp import Receiver, Sender

from .publisher import Publisher
from .source import Source


class Fetched(Publisher):
    """Its programme goes over from one source to another, and so from one codec to another, on the same line: then
    the picture is another track, and `turned` is told of the source that has it."""

    def __init__(
        self,
        session: int,
        role: Fetch,
        sender: Sender,
        receiver: Receiver,
        send: Callable[[bytes], None],
        turned: Callable[[Source], None],
    ) -> None:
        self._turned = turned
        self._pictures = {line.payload_type: line for line in role.lines if line.kind == "video"}
        first = {line.kind: line for line in reversed(role.lines)}
        super().__init__(session, Publish(role.source, tuple(first.values())), sender, receiver, send)

    def sort(self, packet: rtp.Rtp, now: float) -> None:
        line = self._pictures.get(packet.payload_type)
        if line is not None and line not in self.role.lines:
            self._turn(line)
        super().sort(packet, now)

    def _turn(self, line: Incoming) -> None:
        others = tuple(each for each in self.role.lines if each.kind != "video")
        self.role = Publish(self.role.source, (*others, line))
        self.source = Source(self.role.source, self.source.audio, [self._track(line, 0)])
        self._known.clear()
        self._turned(self.source)
