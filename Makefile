# `make demo` and `make test` are enough to begin: Python 3.11 to 3.13 and a package index.
# .venv is made once, from requirements/*.txt; `make clean` removes it.

VENV := .venv
BIN := $(VENV)/bin
# A name given by hand wins: make PYTHON=python3.12
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null \
	&& echo "$$p" && break; done)
COMPILE := uv pip compile -q --universal --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header pyproject.toml

# uv where it is installed, else (or where it cannot reach an index) pip.
define install
	@echo "installing $(1) into $(VENV): once, a minute or two"
	@if command -v uv >/dev/null 2>&1 && \
	  uv pip install -q --compile-bytecode --python $(BIN)/python -r $(1) && \
	  uv pip install -q --compile-bytecode --python $(BIN)/python --no-deps -e .; then :; \
	else $(BIN)/python -m pip install -q --compile --require-hashes -r $(1) && \
	  $(BIN)/python -m pip install -q --compile --no-deps -e .; fi
	@touch $@
endef

.PHONY: help demo chat test check dev bench bench-gate bench-gateway peers lock clean
.DEFAULT_GOAL := help

help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 16

demo: $(VENV)/.core ## A tour in three languages that checks itself
	@$(BIN)/zantara demo

chat: $(VENV)/.core ## Talk with ZANTARA on your data folder
	@$(BIN)/zantara chat

test: $(VENV)/.dev ## Every test, on all cores
	$(BIN)/python -m pytest -n auto --dist loadfile --ignore=tests/benchmarks

check: $(VENV)/.dev ## Linters, formatter, type checker, import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

dev: $(VENV)/.dev ## The LangGraph server API on this machine (for Studio and langgraph_sdk)
	ZANTARA_DEV=1 PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/langgraph dev --no-browser

bench: $(VENV)/.dev ## The figures of BENCHMARKS.md
	$(BIN)/python -m tests.benchmarks

bench-gate: $(VENV)/.gate ## The gate on AgentDojo and on our own attacks, with floors and three users
	$(BIN)/python -m tests.benchmarks.gate
	$(BIN)/python -m tests.benchmarks.gate_cost
	ZANTARA_ALL_ATTACKS=1 $(BIN)/python -m pytest tests/attacks

bench-gateway: $(VENV)/.dev ## The model gateway against a bare client and litellm.Router
	$(BIN)/python -m tests.benchmarks.gateway

peers: $(VENV)/.dev ## Our side against foreign clients, published schemas and a real small model
	$(BIN)/python -m pytest tests/conformance
	$(BIN)/python -m tests.peers.smollm2

# dev first: what the server's packages exclude must not be in core either.
lock: $(VENV)/.dev ## Write requirements/*.txt anew from pyproject.toml
	PATH="$(CURDIR)/$(BIN):$$PATH" $(COMPILE) -o requirements/dev.txt \
	  --extra meaning --extra server --extra claude --extra postgres --extra rollout --extra bench --extra dev
	PATH="$(CURDIR)/$(BIN):$$PATH" $(COMPILE) -o requirements/core.txt -c requirements/dev.txt
	PATH="$(CURDIR)/$(BIN):$$PATH" $(COMPILE) -o requirements/gate.txt -c requirements/dev.txt \
	  --extra gate-bench

$(VENV)/.gate: requirements/gate.txt pyproject.toml | $(VENV)/.dev
	$(call install,requirements/gate.txt)

clean: ## Remove .venv and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(BIN)/python:
	@test -n "$(PYTHON)" || command -v uv >/dev/null 2>&1 || \
	  { echo "Python 3.11, 3.12 or 3.13 is needed, or uv" >&2; exit 1; }
	@if [ -n "$(PYTHON)" ] && $(PYTHON) -m venv $(VENV) 2>/dev/null; then :; \
	else uv venv -q --seed --python "$(or $(PYTHON),3.11)" $(VENV); fi

$(VENV)/.core: requirements/core.txt pyproject.toml | $(BIN)/python
	$(call install,requirements/core.txt)

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	$(call install,requirements/dev.txt)
	@touch $(VENV)/.core
