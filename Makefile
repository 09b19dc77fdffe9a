# `make help` lists the targets. Everything runs from .venv, at the versions of the locks.
SHELL := /bin/sh
.DEFAULT_GOAL := help
VENV ?= .venv
PYTHON ?=
export VENV
ifneq ($(PYTHON),)
export PYTHON
endif
BIN := $(VENV)/bin
RUN := $(VENV)/.requirements.stamp
DEV := $(VENV)/.requirements-dev.stamp
DEMO_OUT ?= demo-out
TEST_PROCESSES ?= 2

.PHONY: help demo install dev lint types test test-system bench-small bench-full bench-targets bench-ablations bench-rules docs lock upgrade clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(RUN) ## Plan the packaged county for five years into demo-out/
	$(BIN)/rotation-planner demo

install: $(RUN) ## Make .venv with what running needs
dev: $(DEV) ## Make .venv with what developing needs

# The stamps hold the checksum of the lock, so an unchanged lock never touches .venv again.
$(DEV): requirements-dev.lock pyproject.toml
	@sum=$$(cksum < requirements-dev.lock; cksum < pyproject.toml); \
	if [ "$$(cat $(DEV) 2>/dev/null)" != "$$sum" ]; then scripts/venv requirements-dev.lock || exit 1; fi; \
	echo "$$sum" > $(DEV)

# The developers' lock contains the users' lock.
$(RUN): requirements.lock requirements-dev.lock pyproject.toml
	@sum=$$(cksum < requirements.lock; cksum < pyproject.toml); \
	if [ -f $(DEV) ] && [ "$$(cat $(DEV))" = "$$(cksum < requirements-dev.lock; cksum < pyproject.toml)" ]; then :; \
	elif [ "$$(cat $(RUN) 2>/dev/null)" != "$$sum" ]; then scripts/venv requirements.lock || exit 1; fi; \
	echo "$$sum" > $(RUN)

lint: $(DEV) ## Style and docstrings
	$(BIN)/ruff check .

types: $(DEV) ## Types
	$(BIN)/mypy

test: lint types ## Lint, types and the whole test suite with coverage (pip only)
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadgroup --cov --cov-report=term

test-system: $(DEV) ## What needs more than Python: LibreOffice, Ray, a built wheel, a copy without .git
	scripts/system-needs
	$(BIN)/python -m pytest -m system --timeout=600

bench-small: $(DEV) ## Benchmarks at 300 and 1,000 cadres
	-scripts/bench-needs
	$(BIN)/python -m benchmarks.run small
	$(BIN)/python -m benchmarks.table
	$(BIN)/python -m benchmarks.curves

bench-full: $(DEV) ## Benchmarks at 300 to 15,252 cadres, three seeds (an hour or two; goes on where it was stopped)
	-scripts/bench-needs
	$(BIN)/python -m benchmarks.run full
	$(BIN)/python -m benchmarks.table
	$(BIN)/python -m benchmarks.curves

bench-targets: $(DEV) ## The published instances with the limits of their targets (ten hours; goes on where it was stopped)
	$(BIN)/python -m benchmarks.run targets --best-known
	$(BIN)/python -m benchmarks.table
	$(BIN)/python -m benchmarks.curves

bench-ablations: $(DEV) ## What each part of the engines is worth: ours without it (three hours; goes on where it was stopped)
	$(BIN)/python -m benchmarks.ablations

bench-rules: $(DEV) ## What each rule costs at county size: rows and seconds, and solves of 30 s with and without it (40 min)
	$(BIN)/python -m benchmarks.rules build
	$(BIN)/python -m benchmarks.rules solve

docs: $(DEV) ## Write the generated pages of docs/
	$(BIN)/python docs/build.py

lock: ## Bring the locks up to pyproject.toml (needs uv)
	scripts/lock

upgrade: ## Renew every version in the locks (needs uv)
	scripts/lock --upgrade

clean: ## Remove what can be made again, .venv excepted
	rm -rf build dist out demo-out htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis
