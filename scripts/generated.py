"""Writes the files that are generated and committed; with --check only says which of them are stale.

Run as `python -m scripts.generated`. The files are committed so that a reader finds them, and checked so that
nobody forgets them.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from scripts import http_types, wire_types

ROOT = Path(__file__).resolve().parent.parent

GENERATED: dict[str, Callable[[], str]] = {
    "web/wire/protocol.ts": wire_types.render,
    "docs/openapi.json": http_types.document,
    "web/wire/http.ts": http_types.types,
}


def main() -> int:
    """Exits 1 when --check found a stale file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 when a file is stale")
    check = parser.parse_args().check
    stale = [path for path, render in GENERATED.items() if differs(ROOT / path, render(), write=not check)]
    for path in stale:
        print(f"{path}: {'stale: run `make openapi` and commit it' if check else 'written'}")
    return 1 if check and stale else 0


def differs(path: Path, fresh: str, *, write: bool) -> bool:
    if path.exists() and path.read_text(encoding="utf-8") == fresh:
        return False
    if write:
        path.write_text(fresh, encoding="utf-8")
    return True


if __name__ == "__main__":
    sys.exit(main())
