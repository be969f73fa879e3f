# Every command of the project. Needs make and Python 3.11 or newer; the rest sets itself up in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ELEMENT := tests/standins/matrix_js
LOCK := uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --custom-compile-command 'make lock' --annotation-style line
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode

# The benchmark data is no part of the repository; where it lies beside it, it is used.
ifneq ($(wildcard ../shared/bench),)
BRIEFBOT_BENCH ?= $(abspath ../shared)
endif
ifdef BRIEFBOT_BENCH
export BRIEFBOT_BENCH
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo demo-model console check test coverage thorough lint element bench chaos isolation capture docs pictures format lock clean

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

demo: $(VENV)/.runtime  ## Brief two sample pages, show a proof, ask two questions
	@$(BIN)/briefbot demo

demo-model: $(VENV)/.runtime  ## Brief and answer with a stand-in for a model, then with one that lies
	@PYTHONPATH=. $(BIN)/python docs/demo_model.py

console: $(VENV)/.runtime  ## Talk to the bot in this terminal
	@$(BIN)/briefbot console

check: lint  ## Format, lint, types, import rules and the unit tests (under a minute)
	$(BIN)/pytest -q -n 2 --ignore=tests/e2e -m "not (bench or postgres or synapse or browser or chaos)"

test: lint  ## Everything: the checks and all tests
	$(BIN)/pytest -n 4 -m "not (bench or element)"
	$(BIN)/pytest -q -n 2 -m bench

# Apart, since it makes half of the tests take twice as long and more.
coverage: $(VENV)/.test  ## All tests but the floors, with what of the program they run
	$(BIN)/pytest -n 4 -m "not (bench or element)" --cov --cov-report=term

lint: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

thorough: export THOROUGH = 1
thorough: test  ## The same with what repeats itself in full: 5,000 events, 10,000 requests, 50 kills

element: $(VENV)/.test $(ELEMENT)/node_modules/.done  ## Talk to Element's own SDK (needs Node 20 or newer, and npm)
	$(BIN)/pytest -q -m element

bench: $(VENV)/.bench  ## Measure quality and speed beside other programs (ARGS="--sample 50 --only reading")
	@$(BIN)/python -m compileall -q bot
	$(BIN)/python -m benchmarks $(ARGS)

chaos: $(VENV)/.test  ## Kill the bot 1,000 times and count what is lost or posted twice
	$(BIN)/python -m tests.chaos $(ARGS)
	$(BIN)/python -m tests.chaos --postgres --kills 300 --longest-life 3 $(ARGS)
	$(BIN)/python -m tests.chaos --slack --kills 300 --longest-life 2 $(ARGS)
	$(BIN)/python -m tests.chaos --matrix --kills 100 --longest-life 2 $(ARGS)

isolation: $(VENV)/.test  ## Let chance do 1,000 x 50 things in 12 channels and look whether any word leaks
	$(BIN)/python -m tests.isolation $(ARGS)

capture: $(VENV)/.runtime  ## Make the README's pictures of a terminal anew
	@PYTHONPATH=. $(BIN)/python docs/capture.py

docs: $(VENV)/.runtime  ## Write docs/commands.md and the README's commands anew from the program's table
	@PYTHONPATH=. $(BIN)/python docs/commands.py

pictures: $(VENV)/.runtime  ## Make the pictures of Slack and Matrix anew (needs Chromium)
	@PYTHONPATH=. $(BIN)/python docs/slack_pictures.py
	@PYTHONPATH=. $(BIN)/python docs/matrix_pictures.py

format: $(VENV)/.test  ## Put the code into the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(VENV)/.setup  ## Make requirements/*.txt anew (ARGS=--upgrade for newer versions)
	cd requirements && ../$(BIN)/$(LOCK) $(ARGS) setup.in --output-file setup.txt
	cd requirements && ../$(BIN)/$(LOCK) $(ARGS) --constraints setup.txt ../pyproject.toml --output-file runtime.txt
	cd requirements && ../$(BIN)/$(LOCK) $(ARGS) test.in --output-file test.txt
	cd requirements && ../$(BIN)/$(LOCK) $(ARGS) --override peers.in bench.in --output-file bench.txt

clean:  ## Remove .venv and everything that was built or cached
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage* build dist
	rm -rf benchmarks/results $(ELEMENT)/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- what is installed; each stamp is as new as what it was installed from --------------------

$(VENV)/.setup: requirements/setup.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Briefbot needs Python 3.11 or newer, and '$(PYTHON)' is not. Name another one: make PYTHON=python3.13 ..." >&2; exit 1; }
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/setup.txt
	@touch $@

$(VENV)/.runtime: $(VENV)/.setup requirements/runtime.txt pyproject.toml
	@$(INSTALL) -r requirements/runtime.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.runtime requirements/test.txt
	@$(INSTALL) -r requirements/test.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.test requirements/bench.txt
	@$(INSTALL) --no-deps -r requirements/bench.txt
	@touch $@

# No lock file, which would name where its packages come from; versions are pinned where they are asked for.
$(ELEMENT)/node_modules/.done: $(ELEMENT)/package.json
	@npm install --prefix $(ELEMENT) --silent --no-audit --no-fund --no-package-lock
	@touch $@
