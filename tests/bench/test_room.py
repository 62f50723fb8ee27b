"""The room is its own verb, in whatever order it is imported."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

from inception_profiler.bench import Options, Room

CHECK = """
import types
assert isinstance(ip.bench, types.ModuleType)
assert callable(ip.bench)
from inception_profiler.bench import device
assert device.find_device("cpu").kind == "cpu"
assert ip.bench("lenet5", time_limit=0.01, memory=False, device="cpu").median
import inspect
assert "fuse_bn" in inspect.signature(ip.bench).parameters
assert "Measure" in type(ip.bench).__call__.__doc__
"""


@pytest.mark.parametrize(
    "first",
    [
        "import inception_profiler as ip; ip.bench; import inception_profiler.bench.device",
        "import inception_profiler.bench.device; import inception_profiler as ip",
        "from inception_profiler.bench.latency import timed; import inception_profiler as ip; ip.bench",
        "from inception_profiler import bench; import inception_profiler as ip",
    ],
)
def test_it_can_be_called_and_looked_into(first: str) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", first + CHECK], check=True)


def test_what_type_checkers_let_through_is_what_the_call_takes() -> None:
    taken = inspect.signature(Room.__call__).parameters
    assert list(Options.__annotations__) == [
        name for name in taken if name not in {"self", "model", "input_shape", "vs"}
    ]
