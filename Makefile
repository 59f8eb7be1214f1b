# `make demo` shows a diagnosis, `make test` runs the tests, `make check` runs everything that CI runs.
# PYTHON=python3.12 chooses the interpreter of a new .venv; without it, the newest that runs is taken.

VENV := .venv
BIN := $(VENV)/bin
DEMO := tests/cases/001-seed-persistent-pair/input
UV ?= uv
# The locks name no registry: pip and uv take packages from wherever they are set up to.
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

.PHONY: help demo test check lint format types imports knowledge bench corpus soak explore lock clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

demo: $(VENV)/.stamp ## diagnose a small case
	@$(BIN)/ipsecdx diagnose $(DEMO)

test: $(VENV)/.stamp-dev ## run the tests (PYTEST_ARGS adds options)
	$(BIN)/python -m pytest -n auto $(PYTEST_ARGS)

check: lint format types imports knowledge test ## run everything that CI runs

lint: $(VENV)/.stamp-dev ## ruff's rules
	$(BIN)/ruff check

format: $(VENV)/.stamp-dev ## whether ruff would write it the same way
	$(BIN)/ruff format --check

types: $(VENV)/.stamp-dev ## mypy, strict
	$(BIN)/mypy

imports: $(VENV)/.stamp-dev ## the arrows between the rooms
	$(BIN)/lint-imports

knowledge: $(VENV)/.stamp-dev ## the knowledge base: faults, doubts, and the cases beside the rules
	$(BIN)/ipsecdx kb lint
	$(BIN)/ipsecdx kb test

bench: $(VENV)/.stamp-dev ## time a start, large inputs and hostile ones (minutes, 1.5 GB; BENCH_ARGS adds options)
	$(BIN)/python benchmarks/startup.py $(DEMO)
	$(BIN)/python -m benchmarks.run $(BENCH_ARGS)
	$(BIN)/python -m benchmarks.hostile
	$(BIN)/python -m benchmarks.bugs
	$(BIN)/python -m benchmarks.app_start

corpus: $(VENV)/.stamp-dev ## the labelled captures and the other parsers (IPSECDX_CORPUS names the folder)
	@test -n "$$IPSECDX_CORPUS" || { echo "make corpus needs IPSECDX_CORPUS=FOLDER" >&2; exit 1; }
	$(BIN)/python -m pytest -n auto tests/corpus tests/oracles $(PYTEST_ARGS)

soak: $(VENV)/.stamp-dev ## the tests that take minutes
	$(BIN)/python -m pytest -n auto -m slow $(PYTEST_ARGS)

explore: $(VENV)/.stamp-dev ## property tests with new examples, and more of them (minutes)
	$(BIN)/python -m pytest -n auto --hypothesis-profile=explore $(PYTEST_ARGS)

lock: ## pin the dependencies again, with hashes (UPGRADE=1 takes the newest; needs uv)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pipx install uv" >&2; exit 1; }
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) --group build -c requirements.lock -o requirements-build.lock
	$(COMPILE) pyproject.toml --group dev -c requirements.lock -c requirements-build.lock -o requirements-dev.lock

clean: ## remove the virtual environment and every cache
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find kb engine tui tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# Set-up is repeated only after the locks, the project's metadata or the set-up itself changed.
SETUP := requirements-build.lock pyproject.toml .ci/setup

$(VENV)/.stamp: requirements.lock $(SETUP)
	@.ci/setup $(VENV)
	@touch $@

$(VENV)/.stamp-dev: requirements-dev.lock $(SETUP)
	@.ci/setup $(VENV) dev
	@touch $(VENV)/.stamp $@
