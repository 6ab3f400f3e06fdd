# `make demo` starts everything on this machine; `make test` runs all tests. Both first build what they need.
PYTHON ?= python3
VENV := .venv/bin
TESTS ?= -n 2 --dist loadgroup tests

.PHONY: help demo test faults races check fix bench lock ready ready-for-tests

help:
	@echo "make demo            start everything here; Ctrl-C stops it (RESET=1 begins with empty data)"
	@echo "make test            all tests, the browser's too (TESTS=tests/dev for some)"
	@echo "make faults          senders killed, servers struck, wires cut, brokers away: the long forms, some 40 minutes"
	@echo "make races           200 rounds of many clients at once for the same hours, and 5,000 random weeks"
	@echo "make check           formatting, lint, types, import directions, migrations, generated docs; writes nothing"
	@echo "make fix             formats, and mends what can be mended by machine"
	@echo "make bench NAME=link one of benchmarks/"
	@echo "make lock            new lock files from pyproject.toml and package.json"

ready:
	@$(PYTHON) navmeet/dev/bootstrap.py

ready-for-tests:
	@$(PYTHON) navmeet/dev/bootstrap.py --browser

demo: ready
	@RESET="$(RESET)" exec $(VENV)/python -m navmeet.dev.demo

test: ready-for-tests
	@$(VENV)/python -m pytest $(TESTS)

FAULT_TESTS := tests/faults tests/outbox/test_killed.py tests/invitations/messages/test_many_senders.py
faults: ready
	@rm -f .build/fault-figures .build/fault-doubles
	@FAULTS=long RACES=$${RACES:-1000} $(VENV)/python -m pytest -n 2 --dist loadgroup $(FAULT_TESTS); ended=$$?; cat .build/fault-figures; exit $$ended

races: ready
	@rm -f .build/race-figures
	@RACING=long CODE_ROUNDS=$${CODE_ROUNDS:-50} $(VENV)/python -m pytest -n0 tests/races; ended=$$?; cat .build/race-figures; exit $$ended

check: ready
	@$(VENV)/python -m navmeet.dev.check

fix: ready
	@$(VENV)/python -m navmeet.dev.check --fix

bench: ready
	@test -n "$(NAME)" || { echo "Which one? make bench NAME=link (there are: $$(cd benchmarks && ls *.py | sed 's/\.py$$//' | tr '\n' ' '))"; exit 1; }
	@$(VENV)/python -m benchmarks.$(subst -,_,$(NAME))

lock: ready
	@$(VENV)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.txt
	@$(VENV)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	@npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --no-audit --no-fund
