# Each target installs what it needs. Python 3.11 or newer is all that must be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Packages of R that tests compare with.
R_NEEDS := "metafor", "metadat", "clubSandwich", "lme4", "BiasedUrn"
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: review screen test chromium metafor bench bench-screening bench-dedup bench-order bench-synthesis lint lock clean
.DEFAULT_GOAL := review

## run the bundled review
review: $(VENV)/review.stamp
	@$(BIN)/snakemake && echo "The report is at results/report/index.html"

## screen in the browser: make screen AS=reviewer_1
screen: $(VENV)/review.stamp
	@test -n "$(AS)" || { echo "say who screens: make screen AS=reviewer_1"; exit 1; }
	@$(BIN)/snakemake screening && $(BIN)/reviewflow screen --as $(AS)

## everything that CI runs
test: $(VENV)/dev.stamp lint chromium metafor
	$(BIN)/pytest -n auto

## a browser for the tests of the screening page; installed where root has apt-get, else named as missing
chromium:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing Debian's chromium for tests/browser"; \
	  { apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null; } || \
	    echo "chromium could not be installed: tests/browser is skipped, unless CI is set"; \
	else echo "there is no chromium: tests/browser is skipped, unless CI is set"; fi

## R metafor and what it calls, for tests; installed where root has apt-get, else named as missing
metafor:
	@command -v Rscript >/dev/null && Rscript -e 'for (p in c($(R_NEEDS))) loadNamespace(p)' >/dev/null 2>&1 && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing Debian's R, metafor and what it calls, for tests that compare with them"; \
	  { apt-get update -qq && apt-get install -qq -y --no-install-recommends \
	    r-base-core r-cran-metafor r-cran-metadat r-cran-clubsandwich r-cran-lme4 r-cran-biasedurn >/dev/null; } || \
	    echo "metafor could not be installed: its data sets are skipped, unless CI is set"; \
	else echo "there is no R metafor: its data sets are skipped, unless CI is set"; fi

## style and types
lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/mypy

## measure; results belong in benchmarks/README.md
bench: $(VENV)/dev.stamp
	$(BIN)/python benchmarks/workflow.py

## measure the screening page
bench-screening: $(VENV)/dev.stamp
	$(BIN)/python benchmarks/screening.py

## measure deduplication, also against bib-dedupe, which is downloaded for it
bench-dedup: $(VENV)/dev.stamp
	$(BIN)/python benchmarks/dedup.py

## measure what an order of relevance saves and costs; some twenty minutes
bench-order: $(VENV)/dev.stamp
	$(BIN)/python benchmarks/order.py

## measure pooling, also against R metafor where Rscript has it
bench-synthesis: $(VENV)/dev.stamp
	$(BIN)/python benchmarks/synthesis.py

## resolve the dependencies anew
lock: $(VENV)/dev.stamp
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --extra build --extra dev pyproject.toml -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf results .snakemake

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed"'
	$(PYTHON) -m venv $(VENV)

$(VENV)/review.stamp: $(VENV)/bin/python requirements.lock pyproject.toml
	$(BIN)/pip install -q --require-hashes -r requirements.lock
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/dev.stamp: $(VENV)/bin/python requirements-dev.lock pyproject.toml
	$(BIN)/pip install -q --require-hashes -r requirements-dev.lock
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	touch $@ $(VENV)/review.stamp
