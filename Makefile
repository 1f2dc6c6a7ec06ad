# `make demo` and `make test` need Python 3.11, make and git; everything else is built here once, and again only when
# its inputs changed (the stamps under .make/ remember).

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
PYTEST_ARGS ?=
MINUTES ?= 30
FULL ?=

WEB_SOURCES := $(shell find web -mindepth 1 \( -name node_modules -o -name dist \) -prune -o -print)

.PHONY: help demo cluster test bench faults soak lint fmt generated openapi web venv system lock screenshots clean

help: ## what can be made
	@sed -n 's/^\([a-z]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r name what; do printf '  make %-12s %s\n' "$$name" "$$what"; done

demo: venv web ## 766 rooms check in on one wall and watch a test programme, on this machine
	$(BIN)/nhipcau demo

cluster: venv web system ## the same on three servers over PostgreSQL and NATS behind HAProxy; kill what you like
	$(BIN)/python -m server.demo.cluster

test: venv web system lint generated ## everything that must hold; under ten minutes on two cores
	cd web && npm run --silent check
	cd web && npm run --silent test
	$(BIN)/python -m pytest -q -n 2 -p tests.plugins.no_skips $(PYTEST_ARGS)

bench: venv web system ## every figure the README claims, measured short; FULL=1: minutes instead of seconds each
	$(BIN)/python -m bench all $(if $(FULL),,--short)

faults: venv web system ## what may fail on the morning of a conference, rehearsed short: nothing lost, nothing doubled, walls right
	$(BIN)/python -m faults all --short

soak: venv system ## a morning with random faults for MINUTES (30; 3 at least): nothing lost, nothing doubled, nothing grows
	$(BIN)/python -m faults.soak --minutes $(MINUTES)

lint: venv ## style, types, import directions, house rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(wildcard server bridge bench faults tests scripts)
	$(BIN)/lint-imports
	$(BIN)/python -m scripts.house_rules

fmt: venv ## mend style where it can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

generated: venv .make/node_modules
	$(BIN)/python -m scripts.generated --check

openapi: venv .make/node_modules ## write the generated files again: OpenAPI, TypeScript types
	$(BIN)/python -m scripts.generated

web: venv .make/web ## the pages, into web/dist

venv: .make/venv .make/project ## .venv from the locked requirements

system: .make/system ## Chromium, PostgreSQL, NATS, HAProxy, nginx, Prometheus for the tests (as root)

screenshots: venv web system ## the pictures of the README
	$(BIN)/python -m scripts.screenshots

lock: venv ## renew every locked version (reads the registries)
	scripts/lock.sh --upgrade

clean: ## forget everything that was built
	rm -rf .venv .make web/dist web/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.make/venv: requirements/dev.txt scripts/venv.sh scripts/link_node.py
	@mkdir -p .make
	scripts/venv.sh
	@touch $@

# The project itself is installed as a link to this folder: only its name and commands are read from pyproject.toml.
# The build backend is in the locked list, so nothing is fetched here.
.make/project: pyproject.toml .make/venv
	$(BIN)/python -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation --editable .
	@touch $@

.make/node_modules: web/package.json web/package-lock.json web/.npmrc .make/venv
	cd web && npm ci --no-progress --loglevel=error
	@touch $@

.make/web: .make/node_modules $(WEB_SOURCES)
	cd web && npm run --silent build -- --logLevel warn
	@touch $@

# Not a stamp for users who may not install: they are told again each time what is left out.
.make/system: scripts/system.sh scripts/apt.sh
	scripts/system.sh
	@if [ "$$(id -u)" -eq 0 ]; then mkdir -p .make && touch $@; fi
