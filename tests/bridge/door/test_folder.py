"""What a bridge leaves in the place of temporary files: nothing for long, and nothing of anybody else's."""

import signal
import sys
from pathlib import Path
from subprocess import PIPE, Popen

from bridge.door.folder import own_folder

_HOLDS = "import sys; from pathlib import Path; from bridge.door.folder import own_folder\n"
_HOLDS += "with own_folder(Path(sys.argv[1])) as f: print(f, flush=True); sys.stdin.read()"


def test_what_a_killed_bridge_left_goes_with_the_next_and_all_else_stays(tmp_path: Path) -> None:
    """Given one that lives, one that was killed, one without a lock and somebody's file, when another begins."""
    for name in ("nhipcau-bridge-strange", "nhipcau-other-1"):
        (tmp_path / name).mkdir()
    (tmp_path / "nhipcau-bridge-file").touch()
    command = [sys.executable, "-c", _HOLDS, str(tmp_path)]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as killed:
        assert killed.stdout is not None
        left = Path(killed.stdout.readline().strip())
        (left / "worker-0").touch()
        with own_folder(tmp_path) as mine:
            assert left.exists(), "it lives"
            killed.send_signal(signal.SIGKILL)
            killed.wait()
            with own_folder(tmp_path) as other:
                assert not left.exists()
                assert mine.exists()
                assert other.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "nhipcau-bridge-file", "nhipcau-bridge-strange", "nhipcau-other-1",
    ]  # fmt: skip
