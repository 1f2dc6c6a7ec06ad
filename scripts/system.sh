#!/usr/bin/env bash
# Installs what the tests and `make cluster` need beside Python: Chromium for the browser suites, PostgreSQL for the
# second journal, NATS and HAProxy for the cluster; nginx, systemd and Prometheus for what is deployed; coturn and Janus
# for what stands beside a bridge.
# As root it installs; otherwise it names the suites that will be skipped. Exits 0 either way.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
suites=()
need() { # package, suite, then the test whether it is there
    local package=$1 suite=$2
    shift 2
    "$@" >/dev/null && return
    missing+=("$package")
    suites+=("$suite")
}
PATH=$PATH:/usr/sbin # where Debian keeps servers
need chromium "tests/e2e: the story in a browser" command -v chromium
need postgresql "tests/contract, tests/e2e and the cluster on PostgreSQL" compgen -G '/usr/lib/postgresql/*/bin/initdb'
need nats-server "the cluster's bus" command -v nats-server
need haproxy "tests/deploy: the cluster behind HAProxy" command -v haproxy
need nginx-light "tests/deploy: nginx" command -v nginx
need openssl "tests/deploy: certificates" command -v openssl
need systemd "tests/deploy: the service's units" command -v systemd-analyze
need prometheus "tests/deploy: the alerts" command -v promtool
need coturn "the bridge for rooms that only a TURN server reaches" command -v turnserver
need janus "another media server, in the tests and beside the relay" command -v janus
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "Not installed: ${missing[*]}. These suites will be skipped:"
    printf '  %s\n' "${suites[@]}"
    echo "To run them, once, as root: make system"
    exit 0
fi

# The tests start their own servers on free ports. So Debian's default cluster of PostgreSQL need not be made, and no
# service that is installed here starts, now or with the machine: nobody asked for a web server on port 80.
if [[ " ${missing[*]} " == *" postgresql "* ]]; then
    scripts/apt.sh postgresql-common
    mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/no-main-cluster.conf
fi
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod +x "$policy"
fi
scripts/apt.sh "${missing[@]}"
for name in nats-server haproxy nginx-light prometheus coturn janus; do
    if [[ " ${missing[*]} " == *" $name "* ]] && command -v systemctl >/dev/null; then
        systemctl --quiet disable "${name%-light}" || true
    fi
done
