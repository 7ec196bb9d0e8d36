# Kutip from a checkout. `make help` lists the targets.

# A question is data: make never expands it and no shell line holds it. These two lines stay
# above everything that could expand $(Q); recipes read it as "$$Q" from the environment.
override Q := $(value Q)
export Q

# HOST, PORT   where `make ui` serves the page, when they are given to make itself: some shells
#              keep a HOST of their own in the environment
override HOST := $(if $(filter command line,$(origin HOST)),$(value HOST))
override PORT := $(if $(filter command line,$(origin PORT)),$(value PORT))
export HOST PORT

# PYTHON       the Python to use; else the first of python3.13, 3.12, 3.11 and python3 that is there
# TORCH_INDEX  a package index to take torch from, such as one that holds CPU builds only
export PYTHON TORCH_INDEX

.DEFAULT_GOAL := help
.PHONY: setup ask question ui eval browser test lint clean help

BIN := .venv/bin
PIP := $(BIN)/python -m pip
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))

setup: .venv/.setup ## make .venv with Kutip in it (.venv/bin/kutip)

# Standard output is for answers, so what pip says goes to standard error.
# torch comes first and alone: nothing after it can then choose another build. From an index of
# its own it comes without its dependencies, which such an index holds in other versions.
.venv/.setup: pyproject.toml constraints.txt
	@if ! $(BIN)/python -c 'import pip; $(NEW_ENOUGH)' >/dev/null 2>&1; then \
	  found=; \
	  for python in $${PYTHON:-python3.13 python3.12 python3.11 python3}; do \
	    if "$$python" -c '$(NEW_ENOUGH)' >/dev/null 2>&1; then found=$$python; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "Kutip needs Python 3.11 or newer; $${PYTHON:-python3} is older or missing." >&2; \
	    echo "Install one (Debian 12 and newer: apt-get install python3 python3-venv)," >&2; \
	    echo "or name it: make setup PYTHON=/path/to/python3.11" >&2; \
	    exit 2; \
	  fi; \
	  if ! "$$found" -c 'import venv, ensurepip' >/dev/null 2>&1; then \
	    echo "$$found cannot make virtual environments: its venv or ensurepip is missing." >&2; \
	    echo "Install it (Debian and Ubuntu: apt-get install python3-venv), then try again." >&2; \
	    exit 2; \
	  fi; \
	  echo "Making .venv with $$found" >&2; \
	  "$$found" -m venv --clear .venv >&2; \
	fi
	@echo "Installing Kutip into .venv: several hundred MB, some minutes the first time" >&2
	@if [ -n "$$TORCH_INDEX" ]; then \
	  $(PIP) install -c constraints.txt --no-deps --index-url "$$TORCH_INDEX" torch >&2; \
	else \
	  $(PIP) install -c constraints.txt torch >&2; \
	fi
	@$(PIP) install -c constraints.txt hatchling editables >&2
	@$(PIP) install -c constraints.txt --no-build-isolation -e . >&2
	@touch $@

.venv/.setup-dev: .venv/.setup
	@echo "Installing the tools that check Kutip" >&2
	@$(PIP) install -c constraints.txt --no-build-isolation -e '.[dev,tune]' >&2
	@touch $@

# The library is in this folder, unless KUTIP_DATA_DIR names one; each gets the seeds once. The mark
# is in the data folder, so that an article removed later stays removed.
define WITH_SEEDS
data=$${KUTIP_DATA_DIR:-$$PWD/.kutip}; \
case $$data in "~/"*) data=$$HOME/$${data#"~/"};; esac; \
export KUTIP_DATA_DIR="$$data"; \
if [ ! -e "$$data/.seeds-added" ]; then \
  echo "Reading the articles in seeds/ into $$data (once)" >&2; \
  $(BIN)/kutip add --quiet seeds >&2 && : > "$$data/.seeds-added" || exit 2; \
fi
endef

# A refusal (exit status 1) is an answer; an error (2) is an error of make too.
ask: question .venv/.setup ## answer a question: make ask Q="Siapa penulis artikel itu?"
	@$(WITH_SEEDS); \
	$(BIN)/kutip ask -- "$$Q" || [ $$? -eq 1 ]

question: # before set-up, which takes minutes
	@if [ -z "$$Q" ]; then echo 'Say what to ask: make ask Q="..."' >&2; exit 2; fi

ui: .venv/.setup ## open the page: make ui, or make ui PORT=8000
	@$(WITH_SEEDS); \
	exec $(BIN)/kutip ui $${HOST:+--host "$$HOST"} $${PORT:+--port "$$PORT"}

# It has a library of its own: the user's data folder only gets the results.
eval: .venv/.setup ## measure how well Kutip answers, on the questions in eval/questions/
	@export KUTIP_DATA_DIR="$${KUTIP_DATA_DIR:-$$PWD/.kutip}"; \
	exec $(BIN)/kutip eval

browser: ## install Debian's Chromium, for tests of the page
	@if command -v chromium >/dev/null && command -v chromedriver >/dev/null; then exit 0; fi; \
	if ! command -v apt-get >/dev/null; then \
	  echo "Install Chromium and its chromedriver: without apt-get, make cannot." >&2; exit 2; \
	fi; \
	if [ "$$(id -u)" -eq 0 ]; then sudo=; else sudo=sudo; fi; \
	$$sudo apt-get update && $$sudo env DEBIAN_FRONTEND=noninteractive \
	  apt-get install -y --no-install-recommends chromium chromium-driver

lint: .venv/.setup-dev ## check format, style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

test: lint ## check everything: lint, then all tests and the examples in the docstrings
	$(BIN)/python -m pytest --verbosity=0 -rfER --numprocesses=2 --dist=loadfile

clean: ## remove .venv and caches; articles in .kutip stay
	rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile
