#!/usr/bin/env bash
# Writes requirements/*.txt from requirements/*.in and web/package-lock.json from web/package.json, and the same for what
# the benches compare with (bench/peers): exact versions, and a hash for every platform's file. Pass --upgrade to move to
# the newest versions that fit; without it nothing moves that still fits.
set -euo pipefail
cd "$(dirname "$0")/.."

# The locking tool has an environment of its own: what is locked must not depend on what locks.
[ -x .make/lock/bin/uv ] || python3 -m venv .make/lock
.make/lock/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/lock.txt

for name in requirements/{runtime,dev,lock} bench/peers/requirements; do
    # A lock file names versions and hashes, never the registry they were read from: hence no header and no addresses.
    .make/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links "$@" --output-file "$name.txt" "$name.in"
done

# The pages' own packages are pinned in web/package.json and moved there by hand; what they bring along is moved here.
for folder in web bench/peers; do
    (
        cd "$folder"
        if [[ " $* " == *" --upgrade "* ]]; then npm update --save --package-lock-only; else npm install --package-lock-only; fi
    )
    .venv/bin/python scripts/trim_lock.py "$folder/package-lock.json"
done
