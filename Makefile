# One entry for everything; needs make and Python 3.11 or newer, nothing else. Each target does its own set-up.

DEMO ?= demo-workspace
PY := .venv/bin/python
UV = UV_SYSTEM_CERTS=true $(firstword $(wildcard .venv/bin/uv) uv)
FIND_PYTHON = $$(for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
SET_UP = python=$(FIND_PYTHON); \
	if [ -z "$$python" ]; then echo "Python 3.11 or newer is needed" >&2; exit 1; fi; $$python scripts/set_up.py
LOCKED := pyproject.toml uv.lock hatch_build.py scripts/set_up.py

.DEFAULT_GOAL := help
.PHONY: help demo test quick e2e check lint format bench screenshots release messages assets lock

help: ## Show this list
	@grep -E '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: .venv/.runtime ## Make the demo company and open it in a browser (DEMO=folder, ARGS="--port 8001")
	@.venv/bin/salesloop demo $(DEMO) --open $(ARGS)

test: .venv/.dev assets ## Run all tests (ARGS="-k text" and the like); what the machine lacks is skipped with a reason
	@$(PY) -m scripts.run_tests $(ARGS)

quick: .venv/.dev assets ## Run the tests that need neither a browser nor more than ten seconds
	@$(PY) -m pytest -m "not slow and not browser" $(ARGS)

e2e: .venv/.dev assets ## Run the journeys through a real browser
	@$(PY) -m pytest -m browser $(ARGS)

check: lint quick ## What must hold before a commit: lint, then the quick tests

lint: .venv/.dev assets ## Style, types (Python and TypeScript), import rules, lock file
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo
	@$(PY) hatch_build.py types
	@$(UV) lock --check --quiet

format: .venv/.dev ## Format the Python sources and mend what can be mended
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .

bench: .venv/.bench assets ## Run a benchmark: make bench NAME=page [ROWS=n]; without NAME, list them
	@$(PY) -m benchmarks $(NAME) $(if $(ROWS),--rows $(ROWS))

screenshots: .venv/.dev assets ## Take the pictures of docs/images from the demo company
	@$(PY) -m scripts.screenshots

release: .venv/.dev assets ## Build sdist and wheel into dist/ and try the wheel in an empty environment
	@rm -rf dist && $(UV) build --quiet --python $(PY) && $(PY) scripts/try_wheel.py dist/*.whl && ls -l dist

messages: .venv/.dev ## Bring the catalogues of the app's texts up to date and list what lacks English
	@$(PY) -m scripts.messages

assets: .venv/.dev ## Bundle the front end and compile translations, if their sources changed
	@$(PY) hatch_build.py

lock: .venv/.dev ## Update the locked versions
	@$(UV) lock --upgrade

.venv/.runtime: $(LOCKED)
	@$(SET_UP) runtime

.venv/.dev: $(LOCKED)
	@$(SET_UP) dev

.venv/.bench: $(LOCKED)
	@$(SET_UP) bench
