"""The limit is raised for a process, and a doctor tells when the system's is low."""

import resource
import subprocess
import sys

from server import doctor, open_files
from server.config import Config

RAISE = "from server import open_files; before = open_files.limit(); print(before, open_files.raise_limit())"


def raised(soft: int, hard: int) -> list[int]:
    """What a process with these limits has before and after."""
    done = subprocess.run(
        [sys.executable, "-c", RAISE],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard)),
        capture_output=True,
        check=True,
    )
    return [int(word) for word in done.stdout.split()]


def test_a_process_may_hold_as_many_as_the_system_lets_it() -> None:
    assert raised(256, 1_024) == [256, 1_024]
    assert raised(1_024, 1_024) == [1_024, 1_024]


def test_the_doctor_looks_at_what_can_be_reached() -> None:
    finding = doctor._files(Config())
    assert finding.verdict == ("ok" if open_files.highest() >= doctor.FILES_WANTED else "warning")
    assert str(open_files.highest()) in finding.detail
