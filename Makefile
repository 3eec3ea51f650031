# Needs nothing but Python 3.11 or newer: all else is installed into $(VENV), at first use.

PYTHON ?= python3
VENV ?= .venv
ARGS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
READY := $(VENV)/.ready
LOCK := requirements-dev.txt
BUNDLED := src/dmcalc/guideline/_bundled.py
BUNDLED_FROM := $(wildcard data/*.yaml) $(filter-out %/_bundled.py,$(wildcard $(addprefix \
	src/dmcalc/,compile.py quantities/*.py sources/*.py table/*.py table/*/*.py guideline/*.py \
	patient/not_entered.py)))

# As many processes as there are processors, which take tests from each other at the end.
TEST := $(BIN)/python -m pytest --numprocesses auto --dist worksteal

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Where the environment forbids bytecode, each process of the tests would compile dmcalc anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test agree oracle columns-proof postgres spark coverage soak fuzz mutants lint bench bench-columns house table lock audit pythons wheel clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' $(firstword $(MAKEFILE_LIST))

# Its recipe is silent, and what comes before it goes to stderr: stdout is dmcalc's own.
run: $(BUNDLED) ## Run dmcalc: make run ARGS="dose --weight 70"
	@$(BIN)/dmcalc $(ARGS)

test: $(BUNDLED) ## Run the tests; of a part: make test ARGS='-k taper'
	$(TEST) $(ARGS)

# Its seed is printed: make agree ARGS="--seed 7" asks the same patients again.
agree: $(BUNDLED) ## Ask all commands about 200 random patients, and list where they disagree
	@$(BIN)/python -m tests.properties.agreement $(ARGS)

# Its seed is printed. A part: make oracle ARGS="--seed 7 --part 2/8"; on from a row: --from 120000.
oracle: $(BUNDLED) ## Hold 1,000,000 random answers against an oracle that reads the YAML itself
	@$(BIN)/python -m tests.oracle $(ARGS)

# A part of it: make columns-proof ARGS="--rows 1000000 --parts 100 --part 7"; its seed is printed.
columns-proof: $(BUNDLED) ## Answer random rows by rows and by columns, and count where they differ
	@$(BIN)/python -m tests.columns.proof $(ARGS)

postgres: $(BUNDLED) ## Run what dmcalc sql prints on a PostgreSQL from Debian, against the row path
	@$(BIN)/python -m tests.columns.warehouse postgres $(ARGS)

# An environment of its own: pyspark is large. Java is that of Debian: apt-get install openjdk-17-jre-headless
SPARK ?= .venv-spark
spark: $(BUNDLED) ## Run dmcalc sql and batch --engine spark on a local Spark, against the row path
	@test -x $(SPARK)/bin/python || $(PYTHON) -m venv $(SPARK)
	@$(SPARK)/bin/python -c 'import dmcalc, duckdb, pyspark' 2>/dev/null || \
	  $(SPARK)/bin/python -m pip --disable-pip-version-check --quiet install -e '.[columns,spark]'
	@$(BIN)/python -m tests.columns.warehouse spark --python $(SPARK)/bin/python $(ARGS)
	@$(SPARK)/bin/python -m tests.columns.proof --engine spark --rows 20000 --master 'local[2]' $(ARGS)

coverage: $(BUNDLED) ## Run the tests and measure the branches that they reach
	$(TEST) --cov $(ARGS)

soak: $(BUNDLED) ## Try 20 rounds of two runs with one output; make soak ARGS="--seed 7"
	$(BIN)/python -m tests.soak $(ARGS)

# Its seed is printed. A part: make fuzz ARGS="--seed 7 --part 2/8"; on from an input: --from 50000.
fuzz: $(BUNDLED) ## Give dmcalc 100,000 spoiled inputs, and list what must never come of them
	@$(BIN)/python -m tests.fuzz $(ARGS)

# cosmic-ray brings much with it, and stands in an environment of its own.
mutants: $(BUNDLED) ## Plant faults and count those that the tests notice: ARGS="--sample 40 --seed 7"
	@test -d $(VENV)/mutants || $(PYTHON) -m venv $(VENV)/mutants
	@$(VENV)/mutants/bin/python -m pip --disable-pip-version-check -q install 'cosmic-ray>=8.4,<9' 'coverage>=7.10,<8'
	@$(VENV)/mutants/bin/python tests/mutants.py $(ARGS)

lint: $(BUNDLED) ## Check style, format, types and the floors of the packages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Both run, also where the first misses a target.
bench: $(BUNDLED) ## Measure dmcalc's start and its batch against their targets
	$(BIN)/python benchmarks/startup.py $(ARGS); started=$$?; \
	$(BIN)/python benchmarks/throughput.py && exit $$started

bench-columns: $(BUNDLED) ## Measure batches by columns, as multiples of the engine's own copy
	@$(BIN)/python benchmarks/columns.py $(ARGS)

house: $(READY) ## Count lines, parameters, imports in functions, circles; make house ARGS=--list
	@$(BIN)/python benchmarks/house.py $(ARGS)

table: $(READY) ## Build anew what is made from the drug table, the guide and their models
	$(BIN)/python -m dmcalc.compile
	$(BIN)/dmcalc table schema > $(VENV)/schema.json
	mv $(VENV)/schema.json data/drugs.schema.json
	$(BIN)/dmcalc table schema --guide > $(VENV)/schema.json
	mv $(VENV)/schema.json data/guide.schema.json

# Versions stay where they can: make lock ARGS=--upgrade takes the newest.
lock: $(READY) ## Write the lock anew from pyproject.toml: versions and hashes for each Python
	UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile pyproject.toml --extra dev --universal \
	--python-version 3.11 --generate-hashes --quiet --output-file $(LOCK) $(ARGS)

audit: $(READY) ## Ask whether a package of the lock has a known vulnerability
	@$(BIN)/python benchmarks/audit.py

# Each has its own environment in $(VENV); make pythons ARGS=--wheel leaves the tests out.
pythons: $(BUNDLED) ## Install the wheel, and run the tests, with each Python of the machine
	@$(BIN)/python benchmarks/pythons.py $(ARGS)

wheel: $(READY) ## Build the sdist and the wheel into dist/
	$(BIN)/python -m build --no-isolation

clean: ## Remove all that was built here, .venv too
	rm -rf .venv dist .coverage .coverage.* .hypothesis .*_cache src/dmcalc/*/_bundled.py
	find . -name __pycache__ -prune -exec rm -rf {} +

$(BUNDLED): $(BUNDLED_FROM) | $(READY)
	@$(BIN)/python -m dmcalc.compile >&2

# All that is installed has its version and its hashes in the lock, the build tools too: the build is not isolated.
$(READY): pyproject.toml $(LOCK)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "dmcalc needs \
	Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)" >&2; exit 1; }
	@echo 'Installing into $(VENV) ...' >&2
	@$(PYTHON) -m venv $(VENV) >&2
	@$(PIP) install --require-hashes --no-deps -r $(LOCK) >&2
	@$(PIP) install --no-deps --no-build-isolation -e . >&2
	@$(PIP) check >&2
	@touch $@
