#!/usr/bin/env bash
# Makes or renews .venv from the locked requirements: exact versions, checked against their hashes.
# PYTHON names the interpreter; without it the first of the usual names that is 3.11 or newer is taken.
set -euo pipefail
cd "$(dirname "$0")/.."

suits() { command -v "$1" >/dev/null && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

python=${PYTHON:-}
if [ -n "$python" ]; then
    suits "$python" || { echo "PYTHON=$python is not Python 3.11 or newer." >&2; exit 1; }
else
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if suits "$name"; then python=$name; break; fi
    done
    [ -n "$python" ] || { echo "Python 3.11 or newer is needed. On Debian 12: apt-get install python3 python3-venv" >&2; exit 1; }
fi

# An environment whose interpreter has gone (moved folder, upgraded system) cannot be mended, only made again.
if ! suits .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
            scripts/apt.sh python3-venv
        else
            echo "This Python cannot make virtual environments. Install them once, as root: apt-get install python3-venv" >&2
            exit 1
        fi
    fi
    "$python" -m venv --clear .venv
fi

.venv/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/dev.txt
.venv/bin/python scripts/link_node.py
