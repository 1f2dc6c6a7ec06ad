#!/usr/bin/env bash
# Writes requirements/*.txt (exact versions, hashes for every platform) from requirements/*.in, and web/package-lock.json.
# Usage: scripts/lock.sh UV   (a `uv` executable). Without --upgrade versions that still satisfy the .in files stay as they are.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=$1
shift
for name in runtime dev lock; do
    # --no-emit-index-url and --no-header: a lock file names versions and hashes, never the registry they were read from.
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
        --no-emit-find-links --no-annotate "$@" --output-file "requirements/$name.txt" "requirements/$name.in"
done
