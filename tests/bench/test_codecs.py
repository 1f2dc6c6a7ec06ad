"""What rooms and walls say to the servers that ours is measured beside."""

import pytest

from bench.peers.codecs import NatsStream, nats_publish, nats_subscribe, sio_argument, sio_event


def test_an_event_of_socket_io_carries_its_argument() -> None:
    assert sio_event("status", b'{"point":7}') == b'42["status",{"point":7}]'
    assert sio_event("watch") == b'42["watch"]'
    assert sio_argument(b'42["rows",[[1,"good"],[2,"weak"]]]') == b'[[1,"good"],[2,"weak"]]'


@pytest.mark.parametrize("payload", [b"2", b'40{"sid":"x"}', b'42["watch"]', b'42["row",{"point":1}'])
def test_what_is_no_event_with_an_argument_is_not_taken_for_one(payload: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - which bytes is all there is to say
        sio_argument(payload)


def test_a_publication_states_the_size_of_its_bytes() -> None:
    assert nats_publish("status.7", "điểm".encode()) == b"PUB status.7 7\r\n\xc4\x91i\xe1\xbb\x83m\r\n"
    assert nats_subscribe("status.*") == b"SUB status.* 1\r\n"


WIRE = b'INFO {"a":1}\r\nPING\r\nMSG status.7 1 5\r\na\r\nbc\r\nPONG\r\nMSG status.8 1 0\r\n\r\n'
READ = [(b"INFO", b""), (b"PING", b""), (b"MSG", b"a\r\nbc"), (b"PONG", b""), (b"MSG", b"")]


@pytest.mark.parametrize("size", [1, 2, 3, 7, len(WIRE)])
def test_a_stream_of_nats_reads_the_same_however_it_was_cut(size: int) -> None:
    stream = NatsStream()

    read = [op for at in range(0, len(WIRE), size) for op in stream.feed(WIRE[at : at + size])]

    assert read == READ


def test_an_error_of_nats_is_an_error() -> None:
    with pytest.raises(ConnectionError, match="Authorization"):
        list(NatsStream().feed(b"-ERR 'Authorization Violation'\r\n"))
