# Everything a checkout needs. Each target builds .venv first if it is not there or if what it is made from has changed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: profile test coverage lint types speed memory layers guard measurements report clean

profile: $(VENV)/installed
	$(BIN)/profile inception_v1 --vs vgg16

test: $(VENV)/tested
	$(BIN)/python -m pytest -n auto

coverage: $(VENV)/tested
	$(BIN)/python -m pytest -n auto --cov --cov-report=term

lint: $(VENV)/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/tested
	$(BIN)/mypy

speed: $(VENV)/measured
	$(BIN)/python benchmarks/speed.py

memory: $(VENV)/tested
	$(BIN)/python benchmarks/memory.py

layers: $(VENV)/tested
	$(BIN)/python benchmarks/layers.py

guard: $(VENV)/tested
	$(BIN)/python benchmarks/guard.py

# Counted anew; what was measured is read from its files.
report: $(VENV)/tested
	$(BIN)/inception-profiler report

# Interrupted, it goes on where it was; once it is done, the next run begins anew.
measurements: $(VENV)/tested
	$(BIN)/inception-profiler bench --sweep reports/measurements/sweep.toml --results reports/measurements
	rm -f reports/measurements/sweep.jsonl

clean:
	rm -rf $(VENV) build dist *.egg-info .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(VENV)/installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install -c constraints.txt -e .
	touch $@

$(VENV)/tested: $(VENV)/installed
	$(PIP) install -c constraints.txt -e '.[test]'
	$(PIP) install -c constraints.txt --no-deps facenet-pytorch
	touch $@

$(VENV)/measured: $(VENV)/tested
	$(PIP) install -c constraints.txt -e '.[test,speed]'
	touch $@
