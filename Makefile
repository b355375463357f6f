# Five verbs for people and CI alike: demo, test, check, stage, bench.
# PYTHON=python3.12 picks an interpreter; LOCAL=folder and PORT=number choose where demo and serve run, and
# CLOUD=emulators has them run on Google's emulators; MERCHANDISER=yes adds the merchandiser's page.

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
LOCAL ?= .local
PORT ?= 8080
COUNT ?= 100000
SEED ?= 0
WORKERS ?= 2
DESK = $(if $(MERCHANDISER),--merchandiser)
RUN := .venv/bin/python -m
PIP := .venv/bin/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo serve test check audit fuzz stage requirements demo-models contact-sheet sheets ranking-figures faults bench

help:  ## list these commands
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

demo: .venv/$(if $(CLOUD),dev,serve)  ## draw a wardrobe, embed it and serve everything on this machine
	@exec $(RUN) scripts.serve --demo --page $(DESK) --local "$(LOCAL)" --port $(PORT) $(if $(CLOUD),--cloud "$(CLOUD)")

serve: .venv/$(if $(CLOUD),dev,serve)  ## serve everything on this machine, on the demo models, with no items of its own
	@exec $(RUN) scripts.serve --page $(DESK) --local "$(LOCAL)" --port $(PORT) $(if $(CLOUD),--cloud "$(CLOUD)")

test: .venv/dev  ## all tests, WORKERS=2 files at a time; those of training only where torch is installed
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(RUN) pytest -n $(WORKERS) --dist loadfile $(TESTS)

check: .venv/dev  ## lint, types and what bandit finds unsafe
	@$(RUN) ruff check . && $(RUN) ruff format --check . && $(RUN) mypy
	@$(RUN) bandit -q -c pyproject.toml -r shared scripts functions training

audit: .venv/dev  ## ask the Python Packaging Advisory Database about every pinned package
	@$(RUN) scripts.audit

fuzz: .venv/dev  ## decode 100,000 damaged pictures; COUNT=number and SEED=number choose others
	@$(RUN) tests.fuzz --count $(COUNT) --seed $(SEED)

stage: .venv/serve  ## lay out each function as it is deployed, in build/
	@$(RUN) scripts.stage

faults: .venv/dev  ## try a shop under every fault at full scale, and write docs/reliability.md (some minutes)
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(RUN) tests.faults && $(RUN) tests.faults.table

bench: .venv-bench/bench$(if $(TORCH),-torch)  ## measure beside peers, and write docs/performance.md; ITEMS="10000 100000 1000000" chooses sizes
	@.venv-bench/bin/python -m benchmarks $(SECTIONS) $(if $(ITEMS),--items $(ITEMS)) \
		$(if $(PHOTOGRAPHS),--photographs "$(PHOTOGRAPHS)") $(if $(PICTURES),--pictures $(PICTURES))

requirements: .venv/dev  ## write every requirements file from pyproject.toml
	@$(RUN) scripts.requirements

demo-models: .venv/training  ## train the four demo models again, with PHOTOGRAPHS=folder (docs/training.md)
	@$(RUN) training.demo_models --photographs "$(PHOTOGRAPHS)" $(if $(SHOP),--shop "$(SHOP)")

contact-sheet: .venv/serve  ## draw the demo's wardrobe on one page, build/wardrobe.png
	@mkdir -p build && $(RUN) scripts.wardrobe --sheet build/wardrobe.png

sheets: .venv/serve  ## draw what ten shoppers are shown, build/sheets; of a shop's items: TABLE="items.csv --column group_id=product_id"
	@$(RUN) scripts.sheets $(TABLE)

ranking-figures: .venv/serve  ## write the figures of docs/ranking.md again, with TABLE for those of a shop
	@$(RUN) scripts.sheets --docs
	@test -z "$(TABLE)" || $(RUN) scripts.sheets --docs $(TABLE)

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

# environments of their own: no test runs beside what functions must not load, and Beam wants older libraries
.venv-bench/bench: requirements/bench.txt
.venv-beam/beam: requirements/beam.txt
.venv-bench/bench .venv-beam/beam:
	@echo "installing what $(@F) needs (once; hnswlib of bench needs a C++ compiler)"
	@test -x $(@D)/bin/pip || $(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# TORCH=yes: what embedding is compared with; several GB
.venv-bench/bench-torch: requirements/bench-torch.txt .venv-bench/bench
	@echo "installing torch and OpenVINO (once; several minutes)"
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@
