#!/usr/bin/env bash
# Installs what the tests need beside Python: Chromium for the browser suites, PostgreSQL for the second journal.
# As root it installs; otherwise it names the suites that will be skipped. Exits 0 either way.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
suites=()
command -v chromium >/dev/null || { missing+=(chromium); suites+=("tests/e2e: the story in a browser"); }
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || {
    missing+=(postgresql)
    suites+=("tests/contract on PostgreSQL" "tests/e2e on PostgreSQL")
}
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "Not installed: ${missing[*]}. These suites will be skipped:"
    printf '  %s\n' "${suites[@]}"
    echo "To run them, once, as root: make system"
    exit 0
fi

if [[ " ${missing[*]} " == *" postgresql "* ]]; then
    # The tests start their own server on a free port, so Debian's default cluster need not be made or started.
    scripts/apt.sh postgresql-common
    mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/no-main-cluster.conf
fi
scripts/apt.sh "${missing[@]}"
