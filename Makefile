# The table of contents of the work. `make help` lists it.

PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
NPM := $(shell command -v npm)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links $(UPGRADE)
UV ?= $(if $(wildcard $(BIN)/uv*),$(BIN)/uv,uv)
UPGRADE ?=
CHECK_PYTHON := import sys; \
	sys.exit(None if (3, 11) <= sys.version_info[:2] < (3, 14) else \
	"endplate needs Python 3.11, 3.12 or 3.13; this one is %d.%d. Name another: make setup PYTHON=/path/to/python3.12" \
	% sys.version_info[:2])

.DEFAULT_GOAL := help
.PHONY: setup demo web serve test test-slow lint types bench docs lock figures clean help

setup: $(VENV)/.dev ## make .venv from the hashed locks (does nothing when it is up to date)

demo: setup ## simulate a glabellar treatment; the result is in out/frown
	$(BIN)/endplate simulate examples/frown.toml -o out/frown

web: setup ## build the page from frontend/ (needs npm; does nothing when it is up to date)
	$(BIN)/python hatch_build.py

serve: setup ## the page and the API on this machine; builds the page first where npm is there
	-@$(BIN)/python hatch_build.py
	$(BIN)/endplate serve --open

test: setup ## all tests that take seconds; those of the page where npm and chromium are there
	$(if $(NPM),($(BIN)/python hatch_build.py && cd frontend && npm test) || [ -z "$$ENDPLATE_NEEDS_PAGE" ])
	$(BIN)/python -m pytest -n 2 --dist=loadfile -m "not slow"

test-slow: $(VENV)/.bench ## all tests, those that take minutes and the peers of the bench too
	HYPOTHESIS_PROFILE=slow $(BIN)/python -m pytest

lint: setup ## style, format and the import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

types: setup ## static types
	$(BIN)/basedpyright

bench: $(VENV)/.bench ## speed beside other simulators, in one run
	$(BIN)/python bench
	$(BIN)/python bench/spread.py

docs: $(VENV)/.docs ## the documentation, its examples executed, in docs/_build/html
	$(BIN)/python -m sphinx -E -W --keep-going -b html docs docs/_build/html

figures: setup ## draw again the figures that stand in the repository
	set -e; for script in docs/figures/*.py; do $(BIN)/python "$$script"; done

lock: ## compile requirements/*.txt from pyproject.toml (newest versions: make lock UPGRADE=--upgrade)
	$(COMPILE) pyproject.toml -o requirements/core.txt
	$(COMPILE) pyproject.toml --group dev -c requirements/core.txt -o requirements/dev.txt
	$(COMPILE) pyproject.toml --group bench -c requirements/dev.txt -o requirements/bench.txt
	$(COMPILE) pyproject.toml --group docs -c requirements/dev.txt -o requirements/docs.txt

clean: ## remove what can be made again
	rm -rf $(VENV) .cache .hypothesis .pytest_cache .ruff_cache .import_linter_cache build dist out docs/_build docs/gallery_built \
		src/endplate/web/static frontend/node_modules

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

$(VENV)/.python:
	@$(PYTHON) -c '$(CHECK_PYTHON)'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/.python
	$(INSTALL) --require-hashes -r requirements/dev.txt
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.bench $(VENV)/.docs: $(VENV)/.%: requirements/%.txt $(VENV)/.dev
	$(INSTALL) --require-hashes -r $<
	@touch $@
