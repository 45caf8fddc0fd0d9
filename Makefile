# Campanella: every command sets up what it needs. `make` lists them.
PYTHON ?= python3
BIN    := .venv/bin
SELF   := $(BIN)/campanella
TO_RUN := .venv/run-$(shell cat requirements/run.txt Makefile | cksum | cut -d' ' -f1)
TO_DEV := .venv/dev-$(shell cat requirements/dev.txt Makefile | cksum | cut -d' ' -f1)
RUN    := $(TO_RUN) $(SELF)
DEV    := $(TO_DEV) $(SELF)

# What is started is the code that lies here, though the environment be shared with another checkout.
export PYTHONPATH := $(CURDIR)
# Every command starts many processes: what Python has compiled once, the next one finds.
unexport PYTHONDONTWRITEBYTECODE

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

demo: $(RUN) ## five towns, web, worker and simulators in the foreground
	@$(BIN)/campanella demo

demo-reset: $(RUN) ## the demo anew, from an empty database
	@$(BIN)/campanella demo --fresh

# One worker more than two cores: a third of the tests wait for processes that they have started or killed.
test: $(DEV) ## all tests, or a part: make test ARGS="tests/stories -k month"
	@$(BIN)/python -m pytest -n 3 $(ARGS)

quick: $(DEV) ## the tests that need no browser, no kill, no second process and no patience
	@$(BIN)/python -m pytest -m "not browser and not process and not slow" $(ARGS)

check: $(DEV) ## format, lint, types, import map, migrations, translations, health
	@$(BIN)/python -m tests.tools.check

health: $(DEV) ## numbers about the code; fails where one becomes worse, ARGS=--keep writes the better ones down
	@$(BIN)/python -m tests.tools.health $(ARGS)

fix: $(DEV) ## format the code and the templates
	@$(BIN)/ruff check -q --fix . ; $(BIN)/ruff format -q .
	@git ls-files '*.html' | grep -v simulators | xargs $(BIN)/djade --target-version 5.2 || true

bench: $(DEV) ## measure against the floor and write var/bench.json
	@$(BIN)/python -m benchmarks $(ARGS)

drill: $(DEV) ## eight clients at work while everything is killed, and the account of it: ARGS="--seconds 300 --seeds 1 2 3 4 5"
	@$(BIN)/python -m tests.drill $(ARGS)

mutants: $(DEV) ## change the rules of money one thing at a time and see whether the tests notice: ARGS=rules
	@$(BIN)/python -m tests.tools.mutants $(ARGS)

pictures: $(DEV) ## take the pictures of the README and the manuals again (needs a chromium), or some: ARGS="school kitchen"
	@$(BIN)/python -m tests.browser.pictures $(ARGS)

wheel: $(DEV) ## build the package into dist/
	@$(BIN)/python -m tests.tools.wheel dist

lock: ## pin the dependencies again (needs uv)
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --group build --extra demo pyproject.toml -o requirements/run.txt
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --group build --extra demo --extra dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt

theme: ## remake the stylesheet, signs and fonts (needs Node; only after a change in frontend/)
	@cd frontend && npm install --silent --no-package-lock --no-audit --no-fund && node build.mjs

setup: $(DEV) ## only set up the environment

# The environment comes from uv when it is there, else from venv and pip. The stamp's name carries the
# checksum of what is wanted, so a changed lock file rebuilds and an unchanged one costs nothing. The checkout itself is
# installed too, as it lies here, so that `campanella` is a command; an environment that is only linked here is another's.
$(TO_RUN): ; @$(call environment,requirements/run.txt)
$(TO_DEV): ; @$(call environment,requirements/dev.txt)
$(SELF): ; @test -L .venv || $(call itself,--no-deps --no-build-isolation -e .)

define environment
$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)' && \
if command -v uv >/dev/null; then \
  { test -x $(BIN)/python || uv venv -q --clear --python $(PYTHON) .venv; } && \
  uv pip install -q --python $(BIN)/python --require-hashes -r $(1); \
elif test -x $(BIN)/pip || $(PYTHON) -m ensurepip --version >/dev/null 2>&1; then \
  { test -x $(BIN)/pip || $(PYTHON) -m venv --clear .venv; } && \
  $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1); \
else echo "Python lacks venv: install the package python3-venv, or uv." >&2; exit 1; fi && \
touch $@
endef

define itself
if command -v uv >/dev/null; then uv pip install -q --python $(BIN)/python $(1); \
else $(BIN)/python -m pip install -q --disable-pip-version-check $(1); fi
endef

.PHONY: help demo demo-reset test quick check health fix bench drill mutants pictures wheel lock theme setup
