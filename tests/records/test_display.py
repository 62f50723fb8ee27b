"""A result in one line, and who shows it in full."""

from __future__ import annotations

import subprocess
import sys

import pytest

import inception_profiler as ip
from inception_profiler.records import archive
from inception_profiler.records.display import Shown
from tests.fixed import small

STANDARD = """
import sys
from inception_profiler.records.archive import load
from inception_profiler.records.profile import Profile
third = {name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names
print(*sorted(third - {'inception_profiler', '__main__'}))
above = ('inception_profiler.render', 'inception_profiler.document')
print(*sorted(name for name in sys.modules if name.startswith(above)))
"""


@pytest.mark.parametrize("kind", archive._RECORDS.values(), ids=archive._RECORDS)
def test_every_result_of_the_archive_can_be_shown(kind: type) -> None:
    assert issubclass(kind, Shown)


def test_a_result_in_one_line_says_what_it_is_and_what_it_costs() -> None:
    text = repr(small())
    assert text.startswith("<Profile model='small' mode='inference'")
    assert "layers=<4 LayerCost>" in text
    assert f"params={small().params} macs={small().macs}>" in text
    assert "\n" not in text


def test_the_line_stays_short_however_large_the_model() -> None:
    profile = ip.profile("inception_v1")
    assert len(repr(profile)) < 400
    assert len(repr(ip.compare(profile, profile))) < 1_000


def test_records_know_no_printer() -> None:
    """What is loaded to read a result is the standard library and the records, before one is shown."""
    found = subprocess.run([sys.executable, "-c", STANDARD], capture_output=True, check=True, text=True)
    packages, ours = found.stdout.split("\n")[:2]
    assert not set(packages.split()) & {"rich", "torch", "pandas", "numpy", "matplotlib", "plotly"}
    assert ours == ""
