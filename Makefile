# Two commands matter: `make demo` shows Althea, `make test` proves it.
# Needs python3 (3.11 or newer, with venv), make and a Python package index.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test test-quick check faults bench shots lock clean

PY   ?= python3
PORT ?= 8000
UV   := .tools/bin/uv
BIN  := .venv/bin

INSTALL := $(UV) pip install --quiet --python $(BIN)/python --only-binary :all: --require-hashes
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --only-binary :all: \
           --no-emit-index-url --no-header --upgrade

help: ## Say what there is to run
	@echo "Althea. What you can run:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|'

demo: .venv/.run ## Serve Althea on this machine only, at http://localhost:8000 (PORT=8001 for another)
	@mkdir -p .demo
	@$(DEMO) $(BIN)/python manage.py demo_clinic
	@echo "Althea is at http://localhost:$(PORT)  (this machine only; Ctrl-C stops it)"
	@echo "Be one of the people of the demo: http://localhost:$(PORT)/demo"
	@$(DEMO) $(BIN)/python manage.py work & trap "kill $$!" EXIT; $(DEMO) $(BIN)/granian --interface wsgi --host 127.0.0.1 --port $(PORT) --workers 1 \
		--blocking-threads 8 --backpressure 32 --log-level error althea.site.wsgi:application

DEMO := ALTHEA_DEMO=1 DJANGO_SETTINGS_MODULE=althea.site.settings.demo

test: check .venv/.chromium .venv/.postgresql ## Everything: the checks, every test, the browser's too, on both databases
	@echo "Two runs side by side: on SQLite; and what keeps something on PostgreSQL, then more pages, shown at the end."
	@{ $(BIN)/python tools/with_postgres.py -- $(BIN)/python -m pytest -q -p no:cacheprovider $(WITH_A_DATABASE); \
		pg=$$?; echo "More pages:"; $(BIN)/python -m pytest -q -p no:cacheprovider $(MORE_PAGES); exit $$((pg | $$?)); } \
		>.venv/beside.log 2>&1 & \
	other=$$!; trap "kill $$other" INT TERM; $(BIN)/python -m pytest -q $(MORE_PAGES:%=--ignore=%); one=$$?; \
	wait $$other; two=$$?; echo "On PostgreSQL:"; cat .venv/beside.log; exit $$((one | two))

# The demo that the other pages' tests open is a process with a file of its own, the same on both.
WITH_A_DATABASE := tests/api tests/care tests/clinic tests/portal tests/site tests/faults/test_steps.py \
	tests/faults/test_steps_of_deeds.py tests/pages/test_the_story.py tests/pages/test_the_other_ending.py
# So that both runs take about as long.
MORE_PAGES := $(addprefix tests/pages/test_,choosing_in_a_browser.py demo_in_a_browser.py in_a_browser.py \
	layout_in_a_browser.py opens_at_today_in_a_browser.py signing_in_a_browser.py)

test-quick: .venv/.dev ## The fast inner loop; not the whole
	$(BIN)/python -m pytest -q --ignore=tests/pages
	@echo "This is not the whole: no browser tests, no PostgreSQL, no checks. Run 'make test' before you hand over."

check: .venv/.dev ## Lint, format, types, import contracts, knowledge; under a minute
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/althea knowledge check

faults: .venv/.dev .venv/.postgresql ## Kill the server 200 times under load on each database; is anything lost?
	$(BIN)/python -m tests.faults.kill --cycles 200

bench: .venv/.dev ## Measure
	@test -d bench || { echo "There is nothing to measure yet: no bench/ here."; exit 1; }
	$(BIN)/python -m bench

shots: .venv/.chromium ## Take the pictures of the README anew
	$(BIN)/python tools/shots.py

lock: .tools/.ok ## Choose versions again and write their hashes
	$(COMPILE) requirements/uv.in -o requirements/uv.txt
	$(COMPILE) requirements/run.in -o requirements/run.txt
	$(COMPILE) requirements/dev.in -o requirements/dev.txt
	@! grep -n '://' requirements/*.txt || { echo "A requirements file names an address."; exit 1; }

clean: ## Remove what these commands installed; the demo's records too
	rm -rf .venv .tools .demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# ---- what the targets above stand on -------------------------------------------------------------

.tools/.ok: requirements/uv.txt
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Althea needs Python 3.11 or newer: make PY=python3.11 ..."; exit 1; }
	$(PY) -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/uv.txt
	@touch $@

.venv/.run: .tools/.ok requirements/run.txt pyproject.toml
	test -x $(BIN)/python || $(PY) -m venv --without-pip .venv
	$(INSTALL) -r requirements/run.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.run requirements/dev.txt
	$(INSTALL) -r requirements/dev.txt
	@touch $@

# PostgreSQL: the one that is installed, else Debian's.
.venv/.postgresql: .venv/.dev
	@if command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql >/dev/null; \
	elif command -v apt-get >/dev/null && sudo -n true 2>/dev/null; then \
		sudo apt-get update -qq && sudo apt-get install -y -qq --no-install-recommends postgresql >/dev/null; \
	else echo "The storage tests need PostgreSQL: install it, for example with 'sudo apt-get install postgresql'."; exit 1; fi
	@touch $@

# Chromium: the one that is installed, else Debian's.
.venv/.chromium: .venv/.dev
	@if command -v chromium chromium-browser google-chrome >/dev/null; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	elif command -v apt-get >/dev/null && sudo -n true 2>/dev/null; then \
		sudo apt-get update -qq && sudo apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else echo "The browser tests need Chromium: install it, for example with 'sudo apt-get install chromium'."; exit 1; fi
	@touch $@
