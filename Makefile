# Campanella: every command sets up what it needs. `make` lists them.
PYTHON ?= python3
BIN    := .venv/bin
RUN    := .venv/run-$(shell cat requirements/run.txt Makefile | cksum | cut -d' ' -f1)
DEV    := .venv/dev-$(shell cat requirements/dev.txt Makefile | cksum | cut -d' ' -f1)

# Every command starts many processes: what Python has compiled once, the next one finds.
unexport PYTHONDONTWRITEBYTECODE

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

demo: $(RUN) ## five towns, web, worker and simulators in the foreground
	@$(BIN)/python -m campanella demo

demo-reset: $(RUN) ## the demo anew, from an empty database
	@$(BIN)/python -m campanella demo --fresh

test: $(DEV) ## all tests
	@$(BIN)/python -m pytest $(ARGS)

check: $(DEV) ## format, lint, types, import map, migrations, translations
	@$(BIN)/python -m tests.check

health: $(DEV) ## numbers about the code that we watch, not chase
	@$(BIN)/python -m tests.health

fix: $(DEV) ## format the code and the templates
	@$(BIN)/ruff check -q --fix . ; $(BIN)/ruff format -q .
	@git ls-files '*.html' | grep -v simulators | xargs $(BIN)/djade --target-version 5.2 || true

bench: $(DEV) ## measure against the floor and write var/bench.json
	@$(BIN)/python -m benchmarks $(ARGS)

pictures: $(DEV) ## take the pictures of the README and the manuals again (needs a chromium)
	@$(BIN)/python -m tests.browser.pictures

lock: ## pin the dependencies again (needs uv)
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra demo pyproject.toml -o requirements/run.txt
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra demo --extra dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt

theme: ## remake the stylesheet, signs and fonts (needs Node; only after a change in frontend/)
	@cd frontend && npm install --silent --no-package-lock --no-audit --no-fund && node build.mjs

setup: $(DEV) ## only set up the environment

# The environment comes from uv when it is there, else from venv and pip. The stamp's name carries the
# checksum of what is wanted, so a changed lock file rebuilds and an unchanged one costs nothing.
$(RUN): ; @$(call environment,requirements/run.txt)
$(DEV): ; @$(call environment,requirements/dev.txt)

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

.PHONY: help demo demo-reset test check health fix bench pictures lock theme setup
