"""Takes advertisements and registry addresses out of an npm lock file: names, versions and hashes remain."""

import json
import sys
from pathlib import Path


def main() -> None:
    path = Path(sys.argv[1])
    lock = json.loads(path.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
