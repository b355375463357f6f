# Five verbs for people and CI alike: demo, test, check, stage, bench (when there are benchmarks).
# PYTHON=python3.12 picks an interpreter; LOCAL=folder and PORT=number choose where demo and serve run.

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
LOCAL ?= .local
PORT ?= 8080
RUN := .venv/bin/python -m
PIP := .venv/bin/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo serve test check stage faults requirements demo-models contact-sheet

help:  ## list these commands
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

demo: .venv/serve  ## draw a wardrobe, embed it and serve everything on this machine
	@exec $(RUN) scripts.serve --demo --local "$(LOCAL)" --port $(PORT)

serve: .venv/serve  ## serve everything on this machine, on the demo models, with no items of its own
	@exec $(RUN) scripts.serve --local "$(LOCAL)" --port $(PORT)

test: .venv/dev  ## all tests; those of training only where torch is installed
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(RUN) pytest $(TESTS)

check: .venv/dev  ## lint and types
	@$(RUN) ruff check . && $(RUN) ruff format --check . && $(RUN) mypy

stage: .venv/serve  ## lay out each function as it is deployed, in build/
	@$(RUN) scripts.stage

faults: .venv/dev  ## try a shop under every fault at full scale, and write docs/reliability.md (some minutes)
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(RUN) tests.faults && $(RUN) tests.faults.table

requirements: .venv/dev  ## write every requirements file from pyproject.toml
	@$(RUN) scripts.requirements

demo-models: .venv/training  ## train the four demo models again, with PHOTOGRAPHS=folder (docs/training.md)
	@$(RUN) training.demo_models --photographs "$(PHOTOGRAPHS)"

contact-sheet: .venv/serve  ## draw the demo's wardrobe on one page, build/wardrobe.png
	@mkdir -p build && $(RUN) scripts.wardrobe --sheet build/wardrobe.png

.venv/bin/pip:
	@test -n "$(PYTHON)" || { echo "Stylekin needs Python 3.11 or newer; install it, or name it: make PYTHON=…" >&2; exit 1; }
	@echo "making a virtual environment with $(PYTHON)"
	@$(PYTHON) -m venv .venv

.venv/%: requirements/%.txt | .venv/bin/pip
	@echo "installing what $* needs (once)"
	@$(PIP) -r $<
	@touch $@

.venv/training: requirements/training.txt .venv/dev
	@echo "installing torch and what training needs (once; several minutes)"
	@$(PIP) -r $<
	@touch $@
