# jupyspike: `make demo` installs everything into .venv and shows it at work. `make` lists the targets.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Editable installs see changes of Python files at once; these ones need a new installation.
BUILT_FROM := pyproject.toml $(wildcard engine/jupyspike_engine/native/*.pyx engine/jupyspike_engine/native/*.pxd \
              engine/jupyspike_engine/native/*.h)
# Editable installs leave out what wheels put elsewhere, JupyterLab's extension: a link to its sources serves as well.
LABEXTENSIONS  := $(VENV)/share/jupyter/labextensions
LINK_EXTENSION := mkdir -p $(LABEXTENSIONS) && ln -sfn "$(CURDIR)/jupyspike/labextension" $(LABEXTENSIONS)/jupyspike

.DEFAULT_GOAL := help
.PHONY: help demo lab test table words three bench matrix check wheel clean

help:
	@echo "make demo    install into $(VENV) and run notebooks/quickstart.ipynb without a browser"
	@echo "make lab     open the same notebook in JupyterLab"
	@echo "make test    run ruff, mypy and all tests"
	@echo "make table   write notebooks/compatibility.md: what works of Brian 2's interface"
	@echo "make words   write jupyspike/labextension/static/words.js: what JupyterLab highlights"
	@echo "make three   write jupyspike/widgets/three.bundle.js, the part of three.js that draws cells; needs npm"
	@echo "make bench   run the benchmarks"
	@echo "make matrix  test with the oldest and the newest versions of Python, numpy, Jupyter, Bokeh and all others"
	@echo "make check   run ruff and mypy only"
	@echo "make wheel   build dist/*.whl"
	@echo "make clean   remove all that make made, $(VENV) too"
	@echo "PYTHON=...   the Python to make $(VENV) with, 3.11 or newer (now: $(PYTHON))"

demo: $(VENV)/.lab
	@echo "==> Running notebooks/quickstart.ipynb"
	@$(BIN)/jupyspike execute notebooks/quickstart.ipynb --html notebooks/quickstart.html
	@echo "==> Next: open notebooks/quickstart.html, or play with it: make lab"

lab: $(VENV)/.lab
	@echo "==> Opening JupyterLab; stop it with Ctrl-C"
	@$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) notebooks/quickstart.ipynb

test: check
	@echo "==> Tests"
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

table: $(VENV)/.test
	@echo "==> Trying every line of notebooks/compatibility.md"
	@$(BIN)/python tests/contract --write

words: $(VENV)/.test
	@$(BIN)/python tests/jupyspike/labextension/words_file.py

THREE := 0.187.0
BUNDLE := build/three
three:
	@mkdir -p $(BUNDLE) && cp jupyspike/widgets/three.entry.js $(BUNDLE)/entry.js
	@cd $(BUNDLE) && npm install --silent --no-save --prefix . three@$(THREE) esbuild@0.28.2
	@cd $(BUNDLE) && npx esbuild entry.js --bundle --minify --format=iife --global-name=jupyspikeThree \
	    --banner:js="/*! three.js $(THREE), minified. $$(cat node_modules/three/LICENSE) */" \
	    --outfile="$(CURDIR)/jupyspike/widgets/three.bundle.js"

bench: $(VENV)/.test
	@echo "==> Benchmarks"
	@$(BIN)/python tests/benchmarks
	@$(BIN)/python tests/benchmarks/engines.py
	@$(BIN)/python tests/benchmarks/cables.py
	@$(BIN)/python tests/benchmarks/page.py

matrix: $(VENV)/.python
	@$(BIN)/python tests/versions

check: $(VENV)/.test
	@echo "==> ruff"
	@$(BIN)/ruff check .
	@echo "==> mypy"
	@$(BIN)/mypy

wheel: $(VENV)/.python
	@echo "==> Building dist/*.whl"
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .
	@ls dist/*.whl

clean:
	@echo "==> Removing what make made"
	@rm -rf $(VENV) .venv-bench .venv-cables build dist *.egg-info engine/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@rm -f engine/jupyspike_engine/native/bridge.cpp engine/jupyspike_engine/native/bridge*.so notebooks/*.html
	@find jupyspike engine tests -name __pycache__ -prune -exec rm -rf {} +

# Stamp files: what is installed is not installed again until its sources change.

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "jupyspike needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ..."; exit 1; }
	@echo "==> Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "Python cannot make environments here; on Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.lab: $(VENV)/.python $(BUILT_FROM)
	@echo "==> Installing jupyspike and what its notebooks need (a minute or two, once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[lab]'
	@$(LINK_EXTENSION)
	@touch $@

$(VENV)/.test: $(VENV)/.python $(BUILT_FROM)
	@echo "==> Installing jupyspike and what its tests need (a minute or two, once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@$(LINK_EXTENSION)
	@touch $@ $(VENV)/.lab
