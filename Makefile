# Everything a newcomer types. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help setup setup-run run smoke test soak check bench lock services

BIN := .venv/bin
PACKAGES := $(patsubst %/__init__.py,%,$(wildcard messages/__init__.py center/__init__.py sensors/__init__.py simulators/__init__.py))
TYPED := $(PACKAGES) tests $(patsubst %/__main__.py,%,$(wildcard benchmarks/__main__.py))
PYTEST_ARGS ?=

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: ## prepare this checkout for development (.venv, browser assets); done once per lock file
	@tooling/setup.sh dev

setup-run:
	@tooling/setup.sh run

run: setup-run ## the demo: a broker, a centre and a simulated car on the track; prints the address
	@$(BIN)/center demo

smoke: setup-run ## three simulated exams through the whole path, as JSON lines; at most 90 s
	@$(BIN)/center demo --headless --exams 3 --seed 1 --json

services:
	@tooling/services.sh

test: setup services ## every test, with a real Mosquitto, PostgreSQL and Chromium
	$(BIN)/pytest -n 2 --dist worksteal $(PYTEST_ARGS)

soak: setup services ## the same tests with full sweeps instead of samples
	SPECCENTER_SOAK=1 $(BIN)/pytest -n 2 --dist worksteal --timeout 3600 $(PYTEST_ARGS)

check: setup ## format, lint, types, import rules, the shape of the tree, generated files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(TYPED)
	$(BIN)/lint-imports
	$(BIN)/pytest -q -p no:xdist tests/architecture
	$(if $(wildcard messages/asyncapi.py),$(BIN)/python -m messages.asyncapi --check)

bench: setup ## the speed and memory table
	@$(BIN)/python -m benchmarks

lock: setup ## rewrite the lock files after a change of pyproject.toml or package.json
	@tooling/lock.sh
