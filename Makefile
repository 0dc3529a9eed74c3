# Everything a contributor does; `make help` lists it. Needs make and Python 3.11 or newer with venv, nothing else.

BIN := .venv/bin
# Twice quiet: errors alone.
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input
ARGS ?=
PYTHON ?=
# Processes that test at once must not each take all cores for each sum; four keep two cores busy, since they wait a lot.
export OPENBLAS_NUM_THREADS ?= 1
.DEFAULT_GOAL := help

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## */\1\t/' | awk -F'\t' '{ printf "  make %-10s %s\n", $$1, $$2 }'

.PHONY: demo
demo: .venv/.program ## the whole job on this machine, nothing configured
	@$(BIN)/askaround demo $(ARGS)

.PHONY: install
install: .venv/.program ## the program in .venv, from pinned and hashed packages
	@echo "Installed: $(BIN)/askaround (after \". .venv/bin/activate\" it is found by its name)"

.PHONY: test
test: .venv/.tools ## all tests (ARGS="-k bounce" for some)
	@$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: check
check: .venv/.tools ## format, lint, types, the order of the rooms, what a commit may name
	@$(BIN)/ruff format --check --output-format concise
	@$(BIN)/ruff check --output-format concise
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest tests/test_purity.py tests/test_repository.py

.PHONY: format
format: .venv/.tools ## format the code and sort its imports
	@$(BIN)/ruff check --fix --exit-zero --quiet
	@$(BIN)/ruff format

.PHONY: lock
lock: ## pin all packages anew, for every platform (needs uv)
	uv pip compile $(LOCK) --group build pyproject.toml -o deploy/requirements.txt
	uv pip compile $(LOCK) --group dev -c deploy/requirements.txt pyproject.toml -o .ci/requirements.txt

LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	--no-annotate --extra demo --extra google --extra microsoft --extra postgresql

.PHONY: proof
proof: .venv/.tools ## try to break the promises, for an hour, and write what was counted into docs/reliability.md
	@rm -rf build/proof
	@ASKAROUND_PROOF=build/proof ASKAROUND_SCHEDULES=$(SCHEDULES) ASKAROUND_ZONES=all ASKAROUND_KILL_STRIDE=1 ASKAROUND_SOAK=$(SOAK) ASKAROUND_SOAK_DAYS=30 ASKAROUND_CUTS=$(CUTS) \
		ASKAROUND_HISTORIES=$(HISTORIES) ASKAROUND_LIVES=$(LIVES) ASKAROUND_CELLS=all ASKAROUND_OTHER_SERVERS=$(OTHERS) ASKAROUND_INJECTIONS=$(INJECTIONS) ASKAROUND_ROWS=0 \
		$(BIN)/python -m pytest -n 3 --dist worksteal tests/proof $(ARGS)
	@$(BIN)/python -m tests.proof.report build/proof

.PHONY: pictures
pictures: .venv/.tools ## the pictures of the summary in docs/, as Chromium shows them
	@$(BIN)/python -m tests.writing.pictures docs

.PHONY: docs
docs: .venv/.tools ## write the documents that are printed from the program
	@$(BIN)/python -m worker.conversation.table > docs/conversation.md
	@$(BIN)/python -m worker.cli.manual > docs/commands.md

SCHEDULES ?= 2000
# Histories of courtesy: on the pure core, and on the worker's own jobs.
HISTORIES ?= 100800
LIVES ?= 2400
SOAK ?= 5000
INJECTIONS ?= 1000000
# Cyrus and Courier need Debian's mmdebstrap, root and the network; their roots are kept (ASKAROUND_ROOTS).
OTHERS ?= $(shell [ "$$(id -u)" = 0 ] && command -v mmdebstrap >/dev/null && echo required || echo try)
# Places of each dialogue, for each direction and each harm.
CUTS ?= 20

.PHONY: bench-reading
bench-reading: .venv/.tools ## how right replies are read: tables, and the pictures of docs/reading.md
	@$(BIN)/python -m tests.benchmarks.reading

.PHONY: bench-start
bench-start: .venv/.tools ## what it costs to start a command, beside the libraries that it loads
	@$(BIN)/python -m tests.benchmarks.starting

.PHONY: fuzz
fuzz: .venv-fuzz/.ready ## mutated mail against the reader, for SECONDS; finds stay in tests/fuzz/crashes
	@.venv-fuzz/bin/python -m tests.fuzz.reading -max_total_time=$(SECONDS)

SECONDS ?= 120

.venv-fuzz/.ready: .ci/fuzz.txt .ci/requirements.txt
	@PYTHON="$(PYTHON)" sh deploy/venv.sh .venv-fuzz
	@.venv-fuzz/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r .ci/requirements.txt
	@.venv-fuzz/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r $<
	@touch $@

.PHONY: mutants
mutants: .venv-mutants/.ready ## change the code in every small way and list what no test notices (a quarter of an hour)
	@.venv-mutants/bin/python -m tests.proof.mutants build/mutants

.venv-mutants/.ready: .ci/mutants.txt .ci/requirements.txt
	@PYTHON="$(PYTHON)" sh deploy/venv.sh .venv-mutants
	@.venv-mutants/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r .ci/requirements.txt
	@.venv-mutants/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r $<
	@touch $@

TRAIN := .venv-model/bin/python -m worker.reading.model.training
ANSWERS := $(wildcard tests/corpus/*.jsonl)

.PHONY: model
model: .venv-model/.ready ## train the model that reads replies, from tests/corpus (an hour or two)
	@$(TRAIN) model $(ANSWERS)
	@$(TRAIN).calibrate $(ANSWERS)

# An environment of its own: nothing of it is needed to read.
.venv-model/.ready: worker/reading/model/training/requirements.txt deploy/requirements.txt
	@PYTHON="$(PYTHON)" sh deploy/venv.sh .venv-model
	@.venv-model/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r deploy/requirements.txt
	@.venv-model/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r $<
	@touch $@

.PHONY: package
package: .venv/.tools ## wheel and sdist in dist/
	@$(BIN)/python -m hatchling build

.PHONY: clean
clean: ## remove what was built here, .venv too
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# The stamps are renewed when the lock or the project's own description changes. pyproject.toml gives the version
# of the package and its commands, so the editable install follows it.

.venv/.program: deploy/requirements.txt pyproject.toml | .venv/.made
	@echo "Installing pinned packages into .venv"
	@$(PIP) --require-hashes -r deploy/requirements.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q worker
	@touch $@

.venv/.tools: .ci/requirements.txt .venv/.program
	@echo "Installing the tools of development into .venv"
	@$(PIP) --require-hashes -r .ci/requirements.txt
	@touch $@

.venv/.made:
	@$(BIN)/python -c '' 2>/dev/null || rm -rf .venv
	@PYTHON="$(PYTHON)" sh deploy/venv.sh .venv
	@touch $@
