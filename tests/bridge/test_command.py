"""`nhipcau bridge` as it is typed."""

from contextlib import closing
from socket import AF_INET, SOCK_DGRAM, SOCK_STREAM, socket

import pytest
from typer.testing import CliRunner

from server.cli import app


def test_an_upstream_that_is_no_address_is_named_before_anything_starts() -> None:
    typed = ["bridge", "--upstream", "cau1.example.vn"]
    ended = CliRunner().invoke(app, typed, env={"NHIPCAU_BRIDGE__KEY": "k" * 32})
    assert ended.exit_code == 2
    assert "upstream.url: `cau1.example.vn` is not of the form" in ended.output


@pytest.mark.parametrize(
    ("key", "kind", "more", "said"),
    [
        ("LISTEN__PORT", SOCK_STREAM, {}, "nhipcau: listen: 127.0.0.1:{port}: "),
        ("MEDIA__PORT", SOCK_DGRAM, {}, "nhipcau: media.port: UDP {port}: taken by another program"),
        ("MEDIA__PORT", SOCK_DGRAM, {"MEDIA__BIND": "192.0.2.9"}, "nhipcau: media.bind: 192.0.2.9 is no address of"),
    ],
)
def test_what_is_not_to_be_had_is_one_line(
    key: str, kind: int, more: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.command.log.set_up", lambda *_: None)  # it would outlive this command's output
    with closing(socket(AF_INET, kind)) as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
        given = {"KEY": "k" * 32, "LISTEN__PORT": "0", key: port, "WORKERS": "1", **more}
        environment = {f"NHIPCAU_BRIDGE__{name}": value for name, value in given.items()}
        ended = CliRunner().invoke(app, ["bridge"], env=environment)
    assert ended.exit_code != 0
    assert ended.output.startswith(said.format(port=port))
    assert ended.output.count("\n") == 1
