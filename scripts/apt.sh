#!/usr/bin/env bash
# Installs Debian packages without questions. The package lists are fetched only when the present ones cannot serve.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y -q --no-install-recommends "$@"; }
install "$@" || { apt-get update -q && install "$@"; }
