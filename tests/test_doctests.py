"""Every example in a docstring is true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import inception_profiler

MODULES = [
    module.name
    for module in pkgutil.walk_packages(inception_profiler.__path__, "inception_profiler.")
    if not module.name.endswith("__main__")
]


@pytest.mark.parametrize("name", ["inception_profiler", *MODULES])
def test_examples(name: str) -> None:
    results = doctest.testmod(importlib.import_module(name), optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert results.failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder()
    modules = [importlib.import_module(name) for name in MODULES]
    assert sum(len(example.examples) for module in modules for example in finder.find(module)) > 10
