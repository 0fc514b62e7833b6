# One way to run things, the same for people and for CI. `make` lists what there is.

PYTHON ?= python3
PORT ?=
SIZE ?=
FILE ?=
JOBS ?= 2
TESTS ?=
UPGRADE ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	$(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo serve check test browser lint format bench requirements clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.runtime ## make a demo caseload and serve it [PORT=8000] [SIZE=1500]
	$(BIN)/routekaart demo $(if $(PORT),--port $(PORT)) $(if $(SIZE),--size $(SIZE))

serve: $(VENV)/.runtime ## serve the application on your own database [PORT=8000]
	$(BIN)/routekaart serve $(if $(PORT),--port $(PORT))

check: $(VENV)/.runtime ## check the map [FILE=routekaart.yaml]
	$(BIN)/routekaart check $(FILE)

test: $(VENV)/.dev browser ## run all tests, browser tests included [TESTS=tests/...] [JOBS=2]
	$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile $(TESTS)

lint: $(VENV)/.dev ## check style and types
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

format: $(VENV)/.dev ## put the source in the house's layout
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

bench: $(VENV)/.dev ## measure speed, printed as ratios
	$(BIN)/python -m bench

requirements: $(VENV)/.dev ## write requirements*.txt anew from pyproject.toml [UPGRADE=1]
	$(COMPILE) --group dev --extra postgres --output-file requirements-dev.txt pyproject.toml
	$(COMPILE) --constraint requirements-dev.txt --output-file requirements.txt pyproject.toml
	$(COMPILE) --constraint requirements-dev.txt --group build --output-file requirements-build.txt

clean: ## remove the environment and caches (instance/ with its data stays)
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The development packages contain the runtime ones at the same versions, so either stamp may come first.
$(VENV)/.runtime: requirements.txt requirements-build.txt pyproject.toml | $(BIN)/python
	@echo "Installing the packages of requirements.txt (about half a minute) ..."
	@$(PIP) install --require-hashes -r requirements.txt -r requirements-build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt pyproject.toml | $(BIN)/python
	@echo "Installing the packages of requirements-dev.txt (about a minute) ..."
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.runtime

$(BIN)/python:
	@command -v $(PYTHON) > /dev/null || { \
		echo "There is no $(PYTHON). Install python3 (3.11 or newer) and python3-venv, or name another: make PYTHON=..." >&2; \
		exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Routekaart needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another: make PYTHON=..." >&2; \
		exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2> /dev/null || { \
		echo "$(PYTHON) cannot make an environment. Install python3-venv (Debian: apt-get install python3-venv)." >&2; \
		exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)

# Chromium, and the library that the driver of Playwright asks of the system. Without them the tests themselves decide:
# a failure where CI=true, elsewhere a skip.
browser:
	@if [ -n "$${CHROMIUM:-}" ] && [ ! -x "$$CHROMIUM" ]; then echo "CHROMIUM names no program: $$CHROMIUM" >&2; exit 1; fi; \
	missing=; \
	[ -x "$${CHROMIUM:-/usr/bin/chromium}" ] || missing=chromium; \
	/sbin/ldconfig -p | grep -q 'libatomic\.so\.1' || missing="$$missing libatomic1"; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then \
		echo "The browser tests need these Debian packages, which may not be installed from here:" $$missing >&2; exit 0; fi; \
	echo "Installing for the browser tests (about a minute):" $$missing; \
	export DEBIAN_FRONTEND=noninteractive; \
	{ apt-get update -qq && apt-get install -qq --yes --no-install-recommends $$missing; } > /dev/null \
		|| echo "apt-get could not install:" $$missing "- going on without." >&2
