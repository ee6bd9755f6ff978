# The commands that the pages name. `make demo` and `make test` each install everything.
PYTHON ?= python3
UV := .venv/bin/uv

.PHONY: demo picture examples texts test thorough browser lint lint-client client mission bench-setup bench bench-service campaign fuzz-api check-environment clean

.venv/.installed: pyproject.toml service/client/pyproject.toml uv.lock | check-environment
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.9"
	$(UV) sync --frozen --inexact
	touch $@

check-environment:
	@command -v $(PYTHON) > /dev/null \
	  || { echo "There is no $(PYTHON): install Python 3.11 or newer, or set PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Strongroom needs Python 3.11 or newer; $(PYTHON) is older. Set PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2> /dev/null \
	  || { echo "Python's venv module is missing: sudo apt-get install python3-venv"; exit 1; }

demo: .venv/.installed
	.venv/bin/strongroom solve magnets --output plan.json
	.venv/bin/strongroom show plan.json
	@echo
	@echo "Next: .venv/bin/strongroom serve                     (then look at http://127.0.0.1:8000)"
	@echo "      .venv/bin/strongroom solve project_vault --output vault.json"

# The picture in README: the stock under the plan of `make demo`.
picture: demo
	.venv/bin/strongroom pictures magnets plan.json --directory .venv/pictures
	cp .venv/pictures/stock.svg service/pictures/magnets_stock.svg

# The examples in the description of the HTTP interface: requests and answers to them.
examples: .venv/.installed
	.venv/bin/python -m tests.service.api.write_examples

# The texts of the console, to be translated in service/console/locale.
texts: .venv/.installed
	.venv/bin/python -m tests.service.console.catalogue

test: .venv/.installed browser
	.venv/bin/pytest -n 4 --dist worksteal

# More random examples of the laws than the suite has time for.
thorough: .venv/.installed
	.venv/bin/pytest -n 4 --dist worksteal -m thorough

# Chromium, for the tests of the console: the one that is there, else that of Debian.
BROWSERS := $(STRONGROOM_TEST_BROWSER) chromium chromium-browser google-chrome
browser:
	@for name in $(BROWSERS); do command -v "$$name" > /dev/null && exit 0; done; \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo="sudo -n"; \
	  { $$sudo apt-get update && $$sudo apt-get install --yes --no-install-recommends chromium; } > /dev/null \
	  || { echo "The tests drive Chromium, and it could not be installed. Try: sudo apt-get install chromium"; exit 1; }

lint: .venv/.installed
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/pyright
	.venv/bin/lint-imports
	$(MAKE) --no-print-directory lint-client
	.venv/bin/codespell README.md CHANGELOG.md deploy models optimizer service tests

lint-client: .venv/.installed
	cd service/client && ../../.venv/bin/lint-imports

# After a change of the HTTP API: the answers that the client knows.
client: .venv/.installed
	.venv/bin/python -m tests.service.client.answers

# Minutes: what each feature of the mission moves; MISSION="--scenarios 200" takes more scenarios.
mission: .venv/.installed
	.venv/bin/python -m tests.mission --output mission.md $(MISSION)

bench-setup: .venv/.installed
	$(UV) sync --frozen --inexact --group bench

# Hours on two cores; BENCH="--quick" tests it, BENCH="--only gap memory" runs a part of it.
bench: bench-setup
	.venv/bin/python -m tests.benchmark --output benchmark.md $(BENCH)

# An hour on two otherwise idle cores; BENCH="--quick" tests it.
bench-service: .venv/.installed
	.venv/bin/python -m tests.service_benchmark --output benchmark_service.md $(BENCH)

# Half an hour: workers and servers are killed at random, on SQLite and on PostgreSQL.
campaign: .venv/.installed
	.venv/bin/python -m tests.campaign $(CAMPAIGN)

# Minutes: requests made from the description of the interface; FUZZ="--max-examples 500".
fuzz-api: .venv/.installed
	$(UV) sync --frozen --inexact --group fuzz
	.venv/bin/python -m tests.fuzz_api $(FUZZ)

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis dist \
	  .import_linter_cache service/client/.import_linter_cache
