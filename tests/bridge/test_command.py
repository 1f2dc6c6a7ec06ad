"""`nhipcau bridge` as it is typed."""

import subprocess
import sys

KEY = {"NHIPCAU_BRIDGE__KEY": "k" * 32}


def test_an_upstream_that_is_no_address_is_named_before_anything_starts() -> None:
    command = [sys.executable, "-m", "server.cli", "bridge", "--upstream", "cau1.example.vn"]
    ended = subprocess.run(command, env=KEY, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    assert "upstream.url: `cau1.example.vn` is not of the form" in ended.stderr
