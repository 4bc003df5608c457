# Liasse. `make run` and `make test` do all the set-up; `make help` lists the rest.
.DEFAULT_GOAL := help
export OMP_THREAD_LIMIT := 1
PYTHON := .venv/bin/python

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: setup-run ## start everything, feed the demo lot, serve http://127.0.0.1:8000
	@./liasse run

demo: setup-run ## play the station and an agent over a new home; exit 0 if each document ends as its truth says
	@./liasse demo

test: setup-test ## every test
	$(PYTHON) -m pytest -n auto --maxprocesses 4 --dist loadfile

lint: setup-test ## format, rules, types, imports, generated pages
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	$(PYTHON) .venv/bin/lint-imports
	$(PYTHON) -m scripts.docs --check

check: lint test ## what CI runs

docs: setup-test ## write the generated pages of docs/
	$(PYTHON) -m scripts.docs

bench: setup-test ## speed and accuracy, into bench/results.md
	$(PYTHON) -m bench

promises: setup-test ## the long forms of docs/promises.md, printed beside what the short ones counted
	$(PYTHON) -m pytest tests/promises --long --record --timeout=7200

requirements: ## pin the libraries anew, with hashes (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q pyproject.toml -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q --group dev pyproject.toml -c requirements.txt -o requirements-dev.txt

clean: ## forget the demos and every cache, not your data (LIASSE_HOME)
	rm -rf var/demo-* var/tmp .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

setup-run:
	@scripts/setup run

setup-test:
	@scripts/setup test

.PHONY: help run demo test lint check docs bench promises requirements clean setup-run setup-test
