# Everything is set up by the targets themselves, as far as it is missing or out of date.
VENV := .venv
PYTHON := $(VENV)/bin/python
UV := UV_PROJECT_ENVIRONMENT=$(VENV) $(VENV)/bin/uv
BUNDLE := tsne_widget/static/widget.js
# Without compiled files each worker and each kernel would compile all that it imports anew.
unexport PYTHONDONTWRITEBYTECODE

ROOT_FLAG := $(if $(filter 0,$(shell id -u)),--allow-root)

# Each worker has kernels to load and may open a JupyterLab of its own: four are enough. A file's tests stay together.
# Threads of BLAS and OpenMP in several workers would wait for each other.
PYTEST := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(PYTHON) -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

.PHONY: lab quick test all lint lint-python lint-js format bench matrix examples pictures browser clean

lab: $(VENV)/.ready  ## open JupyterLab at the example
	$(PYTHON) -m jupyterlab $(ROOT_FLAG) examples/quickstart.ipynb

quick: $(VENV)/.ready  ## the tests that take moments, in TypeScript and Python: under 2 minutes on two cores
	cd js && npm test
	$(PYTEST) -m "not browser and not slow and not release"

test: $(VENV)/.ready browser  ## what a change must pass: also slow ones, a real browser, the built wheel; about 10 minutes on two cores
	cd js && npm test
	$(PYTEST) -m "not release"

all: $(VENV)/.ready browser  ## before a release: also examples, other hosts, all of the fuzz, coverage, the matrix
	cd js && FUZZ=full npm run cover
	$(PYTEST) --hypothesis-profile=full --cov=tsne_widget --cov-report=term:skip-covered
	$(PYTHON) tests/matrix.py

lint: lint-python lint-js  ## what a change must pass; edits nothing

lint-python: $(VENV)/.ready
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy

lint-js: $(VENV)/.ready
	cd js && npm run lint && npm run check

format: $(VENV)/.ready  ## let the tools edit
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format
	cd js && npm run format

bench: $(VENV)/.ready browser  ## measure; nothing here can fail for being slow
	$(UV) sync --inexact --quiet --group bench
	$(PYTHON) tests/bench/engine.py
	$(PYTHON) tests/bench/responsiveness.py
	$(PYTHON) tests/bench/view.py
	node tests/bench/names.mjs
	$(PYTHON) tests/bench/grid.py
	$(PYTHON) tests/bench/rows.py
	$(PYTHON) tests/bench/kept.py
	$(PYTHON) tests/bench/place.py
	$(PYTHON) tests/bench/beyond_memory.py
	$(PYTHON) tests/bench/many.py
	$(PYTHON) tests/bench/executors.py
	$(PYTHON) tests/bench/sweep.py
	$(PYTHON) tests/bench/steps.py
	$(PYTHON) tests/bench/million.py
	$(PYTHON) tests/bench/parametric.py
	$(PYTHON) tests/bench/busy.py
	$(PYTHON) tests/bench/umaps.py
	$(PYTHON) tests/bench/honesty.py
	$(PYTHON) tests/bench/life.py

matrix: $(VENV)/.ready browser  ## the tests that versions decide, from the oldest to the newest; some: ROWS="oldest"
	$(PYTHON) tests/matrix.py $(ROWS)

examples: $(VENV)/.ready  ## run the examples and keep their outputs; some: NAMES="quickstart"
	$(PYTHON) docs/run_examples.py $(NAMES)

pictures: $(VENV)/.ready browser  ## make the pictures of README from the real widget; some: NAMES="tour grid"
	$(PYTHON) docs/make_pictures.py $(NAMES)

browser: $(VENV)/.ready  ## a Chromium for the tests
	$(PYTHON) tests/browser/get_chromium.py

clean:  ## forget all that was made here
	rm -rf $(VENV) .matrix js/node_modules tsne_widget/static

$(BUNDLE): js/node_modules/.package-lock.json js/tsconfig.json js/build.mjs tsne_widget/palette.json $(shell find js/src -type f)
	cd js && npm run build

js/node_modules/.package-lock.json: js/package.json js/package-lock.json
	cd js && npm install --no-save --no-audit --no-fund && touch node_modules/.package-lock.json

$(VENV)/bin/uv:
	python3 -m venv $(VENV)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check uv

# --inexact keeps uv itself, which no lock file knows.
$(VENV)/.ready: pyproject.toml $(BUNDLE) | $(VENV)/bin/uv
	$(UV) sync --inexact --quiet
	touch $@
