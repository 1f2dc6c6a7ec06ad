"""`nhipcau bridge` as it is typed."""

from typer.testing import CliRunner

from server.cli import app


def test_an_upstream_that_is_no_address_is_named_before_anything_starts() -> None:
    typed = ["bridge", "--upstream", "cau1.example.vn"]
    ended = CliRunner().invoke(app, typed, env={"NHIPCAU_BRIDGE__KEY": "k" * 32})
    assert ended.exit_code == 2
    assert "upstream.url: `cau1.example.vn` is not of the form" in ended.output
