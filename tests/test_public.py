"""The public names, and what importing them costs."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

import inception_profiler as ip

CALLED = """
from contextlib import suppress
from inception_profiler.cli.main import main, profile_command
with suppress(SystemExit): """
HEAVY = ("torch", "pandas", "matplotlib", "rich", "fvcore", "numpy", "timm", "torchvision")


def modules_after(code: str) -> set[str]:
    listed = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(' '.join(sys.modules))"],
        check=True,
        capture_output=True,
        text=True,
    )
    return set(listed.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "code",
    [
        "import inception_profiler",
        "import inception_profiler as ip; ip.METRICS, ip.load, ip.ProfilerError",
        "import inception_profiler.cli.main",
        f"{CALLED}main(['--help'])",
        f"{CALLED}profile_command(['--help'])",
        f"{CALLED}main(['profile', '--version'])",
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(code: str) -> None:
    assert not modules_after(code) & set(HEAVY)


def test_profiling_imports_torch_but_no_table_or_plot_library() -> None:
    loaded = modules_after("import inception_profiler as ip; ip.profile('inception_v1')")
    assert "torch" in loaded
    assert not loaded & {"pandas", "matplotlib", "rich", "fvcore", "torchvision", "timm"}


@pytest.mark.parametrize("name", ip.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    value = getattr(ip, name)
    assert name in dir(ip)
    if callable(value):
        assert value.__doc__


def test_public_names_are_still_there_when_everything_is_imported() -> None:
    for module in ("zoo.card", "analysis.profile", "analysis.compare", "records.archive"):
        importlib.import_module(f"inception_profiler.{module}")
    assert ip.models()
    assert callable(ip.profile)
    assert callable(ip.compare)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = ip.nothing
