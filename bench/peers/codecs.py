"""The least of two foreign protocols that rooms and walls must speak: Socket.IO over Engine.IO 4 on a WebSocket, and
NATS. Pure: bytes in, bytes out."""

from collections.abc import Iterator

# --- Socket.IO: an Engine.IO digit (0 open, 2 ping, 3 pong, 4 message), then a Socket.IO digit (0 connect, 2 event)

SIO_PATH = "/socket.io/?EIO=4&transport=websocket"
SIO_OPENED, SIO_PING, SIO_PONG = b"0{", b"2", b"3"
SIO_CONNECT, SIO_CONNECTED, SIO_EVENT = b"40", b"40{", b"42["


def sio_event(name: str, body: bytes = b"") -> bytes:
    """An event with one argument of JSON, or none."""
    return b'42["%b",%b]' % (name.encode(), body) if body else b'42["%b"]' % name.encode()


def sio_argument(payload: bytes) -> bytes:
    """The one argument of an event. Raises `ValueError` where there is none."""
    if not payload.startswith(SIO_EVENT) or not payload.endswith(b"]"):
        raise ValueError(payload[:40])
    return payload[payload.index(b",") + 1 : -1]


# --- NATS: lines that end with CR LF; PUB and MSG carry a payload of a stated size

NATS_PING, NATS_PONG = b"PING\r\n", b"PONG\r\n"
NATS_CONNECT = b'CONNECT {"verbose":false,"pedantic":false,"echo":false,"lang":"bench","version":"1","protocol":0}\r\n'


def nats_publish(subject: str, body: bytes) -> bytes:
    return b"PUB %b %d\r\n%b\r\n" % (subject.encode(), len(body), body)


def nats_subscribe(subject: str) -> bytes:
    return b"SUB %b 1\r\n" % subject.encode()


class NatsStream:
    """Cuts what arrives into operations, which do not end where WebSocket messages end."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """`(operation, payload)`: the payload is empty for all but MSG. Raises `ConnectionError` for -ERR."""
        data, at = self._rest + data, 0
        self._rest = data
        while (end := data.find(b"\r\n", at)) >= 0:
            line, payload, after = data[at:end], b"", end + 2
            if line.startswith(b"-ERR"):
                raise ConnectionError(line.decode())
            if line.startswith(b"MSG "):
                after += int(line[line.rindex(b" ") :]) + 2
                if after > len(data):
                    break
                payload = data[end + 2 : after - 2]
            at = after
            self._rest = data[at:]
            yield line.partition(b" ")[0], payload
