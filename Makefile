# `make book` builds the site, `make test` runs every test; both make .venv first if it is missing or old.
.DEFAULT_GOAL := help
.PHONY: help book pdf site-zip test test-fast test-notebooks test-oldest test-portable lab exercises normalize grade lock lint release clean

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# Built with the locked setuptools; what that warns of is not for readers.
COURSE := --no-deps --no-build-isolation -e .
export OPENBLAS_NUM_THREADS ?= 1

NOTEBOOKS := $(wildcard chapters/*.ipynb) $(wildcard solutions/*.ipynb)
CODE := $(shell find mlp_lib grader book -name '*.py' -o -name '*.mplstyle' -o -path 'book/static/*' -type f -o -path 'book/templates/*' -type f)
PAGES := $(wildcard *.md chapters/* exercises/*.ipynb solutions/*.ipynb library/*) _toc.yml references.bib
NBVAL := --nbval --nbval-cell-timeout=180 -p no:cacheprovider -q

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 18

.venv/installed: requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is missing: install it, or name it with PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed, $$($(PYTHON) --version) was found: name another with PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "Python's venv module is missing: on Debian and Ubuntu, apt install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what the course needs into .venv (once) …"
	@$(PIP) install --require-hashes -r requirements.lock && PYTHONWARNINGS=ignore $(PIP) install $(COURSE) \
	  || { echo "The packages could not be installed (see above); is there a network?"; exit 1; }
	@touch $@

_build/code: $(CODE) _config.yml .venv/installed
	@rm -rf _build/html _build/.doctrees # a page's outputs depend on code that Sphinx does not track
	@mkdir -p _build && touch $@

_build/html/built: $(PAGES) _build/code
	@# A failed build forgets its pages: else the next one would not repeat their warnings.
	$(BIN)/jupyter-book build . -W -n --keep-going --quiet || { rm -rf _build/.doctrees; exit 1; }
	@touch $@

.venv-lite/installed: book/lite/requirements.lock book/lite/wheels.lock
	@test -x .venv-lite/bin/python || $(PYTHON) -m venv .venv-lite
	@$(PIP) --python .venv-lite install --require-hashes -r book/lite/requirements.lock
	@rm -rf .venv-lite/wheels
	@$(PIP) --python .venv-lite download --require-hashes --no-deps -d .venv-lite/wheels -r book/lite/wheels.lock
	@touch $@

_build/html/lite/built: _build/html/built .venv-lite/installed
	@.venv-lite/bin/python -m book.lite _build/html $(PYODIDE)
	@touch $@

book: _build/html/built _build/html/lite/built ## Build the site
	@echo "The site is built: open _build/html/index.html"

pdf: book ## Print the whole book into _build/book.pdf
	$(BIN)/python -m book.pdf _build/html _build/book.pdf

site-zip: book ## Pack the site into one file that opens by double-click
	cd _build/html && ../../$(BIN)/python -m zipfile -c ../site.zip .
	@echo "Packed: _build/site.zip; unpack it and open index.html"

test: .venv/installed book ## Run every test
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/python -m pytest tests mlp_lib -q -rs -n 2 --dist worksteal
	$(MAKE) test-notebooks

test-fast: .venv/installed ## Run the tests that take seconds
	$(BIN)/python -m pytest tests mlp_lib -q -n 2 -m "not slow and not browser"

test-notebooks: .venv/installed ## Compare every stored output with a fresh run
	$(BIN)/python -m pytest $(NBVAL) -n 2 --dist loadfile $(NOTEBOOKS)

OLDEST := numpy==2.0.2 matplotlib==3.8.4 ipywidgets==7.7.1
_build/oldest/installed: .venv/installed
	@mkdir -p _build && $(PYTHON) -m venv _build/oldest
	@$(PIP) --python _build/oldest install --require-hashes -r requirements.lock
	@PYTHONWARNINGS=ignore $(PIP) --python _build/oldest install $(COURSE)
	@$(PIP) --python _build/oldest install $(OLDEST)
	@touch $@

test-oldest: _build/oldest/installed ## Test the library and the notebooks with the oldest NumPy, Matplotlib and ipywidgets
	_build/oldest/bin/python -m pytest tests mlp_lib -q -n 2 --dist loadfile --ignore=tests/site --ignore=tests/anywhere
	_build/oldest/bin/python -m pytest $(NBVAL) -n 2 --dist loadfile $(NOTEBOOKS)

test-portable: .venv/installed test-oldest ## Compare the notebooks on other threads, processors and NumPy versions
	for threads in 1 2; do for core in Haswell SkylakeX Prescott; do \
	  echo "== $$threads threads, $$core"; \
	  OPENBLAS_NUM_THREADS=$$threads OPENBLAS_CORETYPE=$$core \
	    $(BIN)/python -m pytest $(NBVAL) $(NOTEBOOKS) || exit 1; \
	done; done

lab: .venv/installed ## Open JupyterLab on the chapters
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/chapters

exercises: .venv/installed ## Write exercises/ from solutions/
	$(BIN)/python -m grader exercises

normalize: .venv/installed ## Run the notebooks and store their text outputs
	$(BIN)/python -m book.normalize $(NOTEBOOKS)

grade: .venv/installed ## Show your points for the whole course
	$(BIN)/python -m grader status

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-package mlp-lib \
  --no-emit-find-links --no-emit-index-url --custom-compile-command "make lock" --output-file

lock: ## Write the locks anew from what the requirements name
	$(LOCK) requirements.lock requirements.txt book/requirements.txt tests/requirements.txt
	$(LOCK) book/lite/requirements.lock book/lite/requirements.txt
	$(LOCK) book/lite/wheels.lock --no-deps book/lite/wheels.txt

lint: .venv/installed ## Format the code and check it
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

release: test ## Test everything, then leave wheel, source archive and zipped site in dist/
	rm -rf dist build && $(BIN)/python -m uv build --quiet --no-build-isolation --clear --out-dir dist
	$(MAKE) site-zip && cp _build/site.zip dist/mlp-from-scratch-$$($(BIN)/python -c 'import importlib.metadata as m; print(m.version("mlp-lib"))')-site.zip
	@ls -1 dist

clean: ## Remove the site and the environment
	rm -rf _build .venv .venv-lite
