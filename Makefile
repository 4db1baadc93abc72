# The commands of Alongside. `make run` and `make test` each need nothing but this checkout.

SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv/bin
export PORT

.PHONY: help environment run test test-tables test-long check bench lock messages

help:
	@echo "make run        everything, on http://127.0.0.1:8000 (PORT=8001 for another port)"
	@echo "make test       the whole suite (ARGS='-k words' for a part)"
	@echo "make test-tables the closed tables whole, of which make test fills a part"
	@echo "make test-long  the long runs"
	@echo "make check      formatting, lint, types, import contracts, migrations, deploy checks"
	@echo "make bench      benchmarks, results in benchmarks/results/"
	@echo "make messages   bring the catalogues of translations up to date with the source"
	@echo "make lock       choose versions anew and write the lock files"

environment:
	@$(PYTHON) -m config.environment

run: environment
	@$(VENV)/python -m config.run

test: environment
	@$(VENV)/python -m pytest -n auto --dist loadgroup -m "not long" $(ARGS)

test-tables: environment
	@ALONGSIDE_WHOLE_TABLES=1 $(VENV)/python -m pytest -n auto --dist loadgroup -m "tables and not long" $(ARGS)

test-long: environment
	@ALONGSIDE_LONG=1 $(VENV)/python -m pytest -m long $(ARGS)

check: environment
	$(VENV)/ruff format --check .
	$(VENV)/ruff check .
	$(VENV)/mypy .
	$(VENV)/lint-imports --no-logo
	$(VENV)/python -m config.catalogues check
	$(VENV)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(VENV)/python manage.py makemigrations --check --dry-run
	$(VENV)/python manage.py check --fail-level WARNING
	$(VENV)/python -m tests.production check --deploy --fail-level WARNING

bench: environment
	@$(VENV)/python -m benchmarks

messages: environment
	@$(VENV)/python -m config.catalogues gather

lock:
	@$(VENV)/python -m config.lock
