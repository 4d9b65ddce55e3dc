# Quadrige: `make demo` to see it, `make test` to prove it. Needs Python 3.11 and make, nothing else.

PYTHON ?= python3.11
BIN := .venv/bin
STAMP := .venv/.installed
.DEFAULT_GOAL := help
.PHONY: help setup demo play db db-stop check test lock messages clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: $(STAMP) ## Create .venv with everything, at the locked versions

$(STAMP): requirements/base.txt requirements/dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the locked packages (about a minute the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

db: setup ## Start the embedded PostgreSQL and leave it running
	@$(BIN)/python -m config.embedded start

db-stop: setup ## Stop the embedded PostgreSQL
	@$(BIN)/python -m config.embedded stop

lock: setup ## Lock requirements/*.in anew
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@for name in base dev; do \
		$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
			--custom-compile-command "make lock" requirements/$$name.in -o requirements/$$name.txt || exit 1; \
	done
