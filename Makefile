# `make run` serves the portal, `make test` proves it. `make help` lists the rest.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
CATALOGUE := s2group/translations/zh_Hans_CN/LC_MESSAGES/messages
SOURCES := app.py config.py s2group migrations tests bench deploy
# The lock is complete, so pip resolves nothing, and what is released later changes nothing. -qq hides its warnings.
INSTALL := $(BIN)/pip install -qq --disable-pip-version-check --require-hashes --no-deps --no-build-isolation
LOCK := $(BIN)/uv pip compile -q --universal --generate-hashes --no-header
export PORT

define install
	@echo "Installing the packages of $<"
	@$(INSTALL) -r requirements-build.txt
	@$(INSTALL) -r $<
	@$(BIN)/pip --disable-pip-version-check check || { echo "Remove .venv and try again: it holds packages of an older lock" >&2; exit 1; }
endef

.PHONY: help install run demo cluster bench test test-full test-faults check format lock catalogue debian
.DEFAULT_GOAL := help

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: .venv/run.stamp $(CATALOGUE).mo ## Serve the portal on http://127.0.0.1:8000 (PORT=... changes it)
	@$(BIN)/flask --app app prepare
	@exec $(BIN)/gunicorn app:app

install: .venv/run.stamp $(CATALOGUE).mo ## Make ready to be served by systemd (docs/operations.md), and start nothing

demo: .venv/dev.stamp $(CATALOGUE).mo ## Add 60 fictional applicants, a season of them, and staff accounts, and print their passwords
	@$(BIN)/flask --app app prepare >/dev/null
	@$(BIN)/flask --app app demo

cluster: .venv/dev.stamp $(CATALOGUE).mo debian ## Start a whole cluster for trial on http://127.0.0.1:8000: 3 PostgreSQL, 3 nodes, Redis, S3, HAProxy
	@exec $(BIN)/python -m deploy.cluster.trial --port $(PORT)

test: .venv/dev.stamp $(CATALOGUE).mo debian ## Prove it: unit, integration on SQLite, on PostgreSQL what can differ there, browser
	$(BIN)/pytest -n auto --dist worksteal -m "not long"

test-full: .venv/dev.stamp $(CATALOGUE).mo debian ## The same, and every integration test on PostgreSQL too
	$(BIN)/pytest -n auto --dist worksteal

test-faults: .venv/dev.stamp $(CATALOGUE).mo debian ## The tests of faults in their long form: kills, full disks, bad weather for mail, hostile files, a cluster (45 minutes)
	FAULTS=long $(BIN)/pytest tests/faults

bench: .venv/dev.stamp $(CATALOGUE).mo debian ## Measure the ratios that the portal is held to (docs/performance.md), side by side, in five minutes
	@$(BIN)/python -m bench.figures

check: .venv/dev.stamp ## Format, lint, types, import contracts, templates
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint templates

format: .venv/dev.stamp ## Format the code
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

catalogue: .venv/dev.stamp ## Bring the Chinese catalogue up to date with the texts in code and templates
	@mkdir -p build
	$(BIN)/pybabel -q extract -F babel.cfg --no-location --no-wrap --sort-output --omit-header -k lazy_gettext -o build/messages.pot .
	$(BIN)/pybabel -q update -i build/messages.pot -d s2group/translations --no-wrap --no-fuzzy-matching --ignore-obsolete --omit-header
	@printf '%s\n' 'msgid ""' 'msgstr ""' '"Language: zh_Hans_CN\n"' '"Content-Type: text/plain; charset=utf-8\n"' \
	  '"Plural-Forms: nplurals=1; plural=0;\n"' '' | cat - $(CATALOGUE).po >build/messages.po && mv build/messages.po $(CATALOGUE).po

lock: .venv/dev.stamp ## Lock the dependencies anew, with hashes
	$(LOCK) --group build -o requirements-build.txt
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) pyproject.toml --extra scale -o requirements-scale.txt
	$(LOCK) pyproject.toml --extra scale --group dev -o requirements-dev.txt

debian: ## Install what the tests need from Debian, when allowed to
	@sh tests/support/debian.sh

.venv/bin/python:
	@$(PYTHON) -m venv .venv 2>/dev/null || (sh tests/support/debian.sh python3-venv && $(PYTHON) -m venv --clear .venv)

.venv/run.stamp: requirements.txt requirements-build.txt | .venv/bin/python
	$(install)
	@touch $@

.venv/dev.stamp: requirements-dev.txt requirements-build.txt | .venv/bin/python
	$(install)
	@touch $@ .venv/run.stamp

$(CATALOGUE).mo: $(CATALOGUE).po | .venv/bin/python
	@$(BIN)/pybabel -q compile -d s2group/translations
