# Quadrige: `make demo` to see it, `make test` to prove it. Needs Python 3.11 and make, nothing else.

PYTHON ?= python3.11
BIN := .venv/bin
STAMP := .venv/.installed
.DEFAULT_GOAL := help
.PHONY: help setup demo play check test bench drill messages db db-stop forget lock programs

# Whatever the shell has set: these commands never touch a production database by mistake.
export ENVIRONMENT := demo

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: $(STAMP) ## Create .venv with everything, at the locked versions, and compile the translations
	@$(BIN)/python -m config.translations compile

$(STAMP): requirements/base.txt requirements/dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the locked packages (about a minute the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

demo: setup ## Run the product with its demonstration Region (PORT=8000)
	@exec $(BIN)/python manage.py demo

play: setup ## Play the whole path without a browser
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && VAR_DIR="$$folder" $(BIN)/python manage.py play

check: setup ## Lint, types, floors, templates, migrations, translations
	@failed=; \
	step() { echo "→ $$*"; "$$@" || failed="$$failed; $$*"; }; \
	step $(BIN)/ruff format --check --output-format concise .; \
	step $(BIN)/ruff check --output-format concise .; \
	step $(BIN)/lint-imports --no-cache; \
	step $(BIN)/mypy; \
	step $(BIN)/djlint templates --lint --quiet; \
	step $(BIN)/python manage.py check --fail-level WARNING; \
	step $(BIN)/pytest -q tests/test_migrations.py; \
	step $(BIN)/python -m config.translations check; \
	test -z "$$failed" || { echo "Failed$$failed"; exit 1; }

test: setup programs ## Everything that proves it, the browser tests included
	$(BIN)/pytest -n 2 --dist loadgroup

bench: setup ## Measure it on an idle machine beside the bare work (ONLY=B1,B4), and write docs/benchmarks.md
	@$(BIN)/python -m tests.load.bench $(if $(ONLY),--only $(ONLY))

drill: setup ## Kill, race, walk and restore at length (KILLS=20 of the database, WALKS=20 of each kind)
	DRILL=long KILLS=$(or $(KILLS),20) WALKS=$(or $(WALKS),20) $(BIN)/pytest -q -s \
		$(foreach part,kills deaths jobs broker races scarce time versions walk evidence completeness restore identity,tests/guarantees/test_$(part).py)

# Debian's programs that the tests meet; where they cannot be had, the tests that need them are skipped and say so.
# RUNLEVEL=1: installing a server does not start it.
PROGRAMS := openssl chromium-headless-shell redis-server rabbitmq-server clamav-daemon libreoffice-calc-nogui
programs:
	@test "$$(id -u)" = 0 && command -v apt-get >/dev/null || exit 0; \
	for program in $(PROGRAMS); do \
		dpkg -s $$program >/dev/null 2>&1 || missing="$$missing $$program"; \
	done; \
	test -z "$$missing" || { echo "Installing$$missing for the tests" && apt-get update -qq && \
		RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends $$missing >/dev/null; } || \
		echo "Not installed:$$missing. The tests that need them are skipped."

messages: setup ## Bring the French catalogue up to date (MERGE="a.json b.json" fills it)
	@$(BIN)/python -m config.translations update $(if $(MERGE),--merge $(MERGE))

db: setup ## Start the embedded PostgreSQL and leave it running
	@$(BIN)/python -m config.embedded start

db-stop: setup ## Stop the embedded PostgreSQL
	@$(BIN)/python -m config.embedded stop

forget: db-stop ## Forget the demonstration's data, for a fresh one next time
	@rm -rf var/postgres var/bench var/broker var/cache var/documents var/files var/mail var/metrics var/seals var/beat-schedule* var/scenario-unfinished

lock: setup ## Lock requirements/*.in anew
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@for name in base dev; do \
		$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
			--custom-compile-command "make lock" requirements/$$name.in -o requirements/$$name.txt || exit 1; \
	done
