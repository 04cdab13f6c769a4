# Everyday commands, the same in CI. All that is needed beforehand is Python 3.10, 3.11 or 3.12.

VENV  := .venv
BIN   := $(VENV)/bin
STAMP := $(VENV)/.posecoach-set-up
CLUSTER := $(VENV)/.posecoach-cluster-set-up
BROWSER := web/node_modules/.posecoach-set-up
OUT   ?= posecoach-out
UV    ?= uv
ARGS  ?=
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 2)
FUZZ  ?= 5000
LANDMARKS ?= $(OUT)-landmarks
CLIPS ?= ../shared/data/clips ../devclips ../devclips30
GOLDEN_CLIPS ?= ../devclips
# What is imported is compiled once, as for whoever has posecoach installed, whatever the environment says: tests start hundreds of processes.
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help setup demo test walk fuzz check cov screenshots bench bench-live bench-browser bench-hands bench-soak bench-hall bench-lineup bench-records bench-robustness accuracy golden wheel smoke lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-16s  %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) $(BROWSER) ## an environment in .venv from requirements.lock; PYTHON=... chooses the interpreter

demo: $(STAMP) ## grade sample_videos/ and say where the report lies
	$(BIN)/posecoach grade sample_videos --roster sample_videos/roster.csv --out $(OUT)

# Tests that drive a browser with a server and its models behind it come last, two files at a time: they mostly wait for what is to happen.
# Several processes with several threads of linear algebra each only stand in each other's way. Two processes more than there are cores:
# at any time some of them wait for a server or a worker of their own.
test: export OPENBLAS_NUM_THREADS = 1
test: $(CLUSTER) ## all tests; ARGS="-k smile" for some of them, one after the other
ifeq ($(ARGS),)
	$(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4 --dist loadfile --no-loadscope-reorder -m "not (browser and model) and not fit"
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "browser and model and not walk" tests/webapp
else
	$(BIN)/python -m pytest $(ARGS)
endif

walk: $(STAMP) ## two drills before a fake camera in Chromium, from stepping in to the card; needs a quiet machine
	$(BIN)/python -m pytest -m walk

fuzz: $(STAMP) ## every door tried on 5,000 damaged files or odd requests; make test does a twentieth; FUZZ=... for another number
	POSECOACH_FUZZ=$(FUZZ) $(BIN)/python -m pytest -n 2 tests/fuzz tests/sources/test_posted.py

check: $(STAMP) ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	DENO_NO_UPDATE_CHECK=1 $(BIN)/deno lint --quiet

cov: $(CLUSTER) ## tests with branch coverage
	$(BIN)/python -m pytest --cov=posecoach --cov-branch --cov-report=term-missing:skip-covered $(ARGS)

screenshots: $(STAMP) ## docs/img/*.webp, the pictures of the READMEs; needs Chromium; ARGS="docs/img meeting" for one part
	$(BIN)/python -m tests.screenshots $(ARGS)

bench: $(STAMP) ## frames/s of grading beside a bare loop and the usual script; ARGS="--write" writes docs/benchmarks.md
	$(BIN)/python -m tests.bench.bench_grade $(ARGS)

bench-live: $(STAMP) ## the live coach beside a bare loop: frames/s, latency, 30 viewers, time to start
	$(BIN)/python -m tests.bench.bench_live $(ARGS)

bench-browser: $(STAMP) $(BROWSER) ## landmarks recognised in Chromium beside Python's, both judged; ARGS="CLIP..." for other clips than the samples
	$(BIN)/python -m tests.bench.bench_browser $(ARGS)

bench-hands: $(STAMP) ## judged frames a second of a topic that asks for hands, beside one that does not; ARGS=CLIP for another clip
	$(BIN)/python -m tests.bench.bench_hands $(ARGS)

bench-soak: $(STAMP) ## memory, threads and files of a server whose viewers and visitors come and go; ARGS="--minutes 60"
	$(BIN)/python -m tests.bench.bench_soak $(ARGS)

bench-hall: $(STAMP) ## how many people are judged by landmarks that their browsers post; ARGS="--browsers 100 400 --write"
	$(BIN)/python -m tests.bench.bench_hall $(ARGS)

bench-lineup: $(STAMP) ## what a person in a row costs beside a single one, and how often each is updated live
	$(BIN)/python -m tests.bench.bench_lineup $(ARGS)

bench-records: $(STAMP) ## a person's record and a group beside the bare SQL, among 10,000 people with 250 checks each
	$(BIN)/python -m tests.bench.bench_records $(ARGS)

bench-robustness: $(STAMP) ## verdicts on small, dark, rolled ... copies of rendered clips; CLIPS="FOLDER...", ARGS="--every 8" for some
	$(BIN)/python -m tests.bench.bench_robustness $(ARGS) --out docs/robustness.json $(CLIPS)

accuracy: $(STAMP) ## docs/accuracy.md anew from the label sets in docs/accuracy.yaml; LANDMARKS=FOLDER keeps landmarks
	$(BIN)/posecoach evaluate docs/accuracy.yaml --out $(OUT) --landmarks $(LANDMARKS) --docs docs/accuracy.md
	$(BIN)/python -m posecoach.evaluation.coverage $(OUT)/evaluation.json docs/coverage.md
	$(BIN)/python -m pytest -m fit

golden: $(STAMP) ## tests/golden anew from the rendered clips in GOLDEN_CLIPS; look at what changes in expected.json
	$(BIN)/python -m tests.golden.make $(GOLDEN_CLIPS) $(LANDMARKS)

wheel: $(STAMP) ## dist/posecoach-*.whl
	rm -rf dist
	$(BIN)/python -m hatchling build -t wheel -d dist

smoke: wheel ## the wheel in a new environment elsewhere: doctor, rules, one clip
	@set -e; dir=$$(mktemp -d); trap 'rm -rf "$$dir"' EXIT; root=$$PWD; \
	$(BIN)/python -m venv "$$dir/venv"; \
	"$$dir/venv/bin/pip" install -q --no-deps --require-hashes -r requirements.lock; \
	"$$dir/venv/bin/pip" install -q --no-deps dist/posecoach-*.whl; \
	cd "$$dir"; set -x; \
	venv/bin/posecoach doctor; \
	venv/bin/posecoach rules check; \
	venv/bin/posecoach grade "$$root/sample_videos/stand_ok_hands_front_f5_front.mp4" --drill standing --profile female --out out; \
	test -s out/results.json

lock: ## requirements.lock and requirements-cluster.lock anew from pyproject.toml and overrides.txt; needs uv (pip install uv)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pip install uv, or make lock UV=/path/to/uv" >&2; exit 1; }
	$(UV) pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.10 --extra dev --extra postgres --override overrides.txt \
		--custom-compile-command "make lock" -o requirements.lock pyproject.toml
	$(UV) pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.10 --extra cluster --override overrides.txt \
		--constraint requirements.lock --custom-compile-command "make lock" -o requirements-cluster.lock pyproject.toml

clean: ## remove what the commands above made, but no results
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

# The first interpreter in range that can make environments wins.
$(STAMP): requirements.lock pyproject.toml
	@found=; bare=; \
	for python in $(or $(PYTHON),python3.12 python3.11 python3.10 python3 python); do \
		"$$python" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null || continue; \
		if "$$python" -c 'import ensurepip, venv' 2>/dev/null; then found=$$python; break; fi; \
		bare=$${bare:-$$python}; \
	done; \
	if [ -z "$$found" ] && [ -n "$$bare" ]; then \
		echo "$$bare cannot make environments: install its venv module (Debian, Ubuntu: apt install python3-venv), then run make again." >&2; exit 1; \
	elif [ -z "$$found" ]; then \
		echo "posecoach needs Python 3.10, 3.11 or 3.12 and found $(or $(PYTHON),$$(python3 --version 2>/dev/null || echo none)): install one and run make PYTHON=/path/to/python3.12" >&2; exit 1; \
	fi; \
	echo "Setting up $(VENV) with $$found; the first time downloads about 300 MB." && \
	"$$found" -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# What browsers need to recognise people themselves, fetched by the locked Deno, so neither node nor npm is needed. Without it all else works.
$(BROWSER): web/package.json web/deno.lock | $(STAMP)
	@limit=$$(command -v timeout || command -v gtimeout); \
		cd web && DENO_NO_UPDATE_CHECK=1 DENO_TLS_CA_STORE=system,mozilla $${limit:+$$limit 300} ../$(BIN)/deno install --quiet --frozen --lock=deno.lock --node-modules-linker hoisted \
		&& touch ../$@ || echo "Not fetched: the npm packages for recognition in the browser. Browsers will send pictures instead; make setup tries again." >&2

# What the tests of --cluster need and nobody else.
$(CLUSTER): $(STAMP) requirements-cluster.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-cluster.lock
	@touch $@
