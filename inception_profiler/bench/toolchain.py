"""What ``torch.compile`` needs besides PyTorch, and whether it is there."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sysconfig
from pathlib import Path

from inception_profiler.bench.device import Device


def missing_compiler(device: Device) -> str:
    """Name what ``torch.compile`` would lack on this device; nothing where it has all.

    On a CPU the backend writes C++, so it needs a compiler and Python's headers; on others it writes Triton.
    """
    if device.kind != "cpu":
        return "" if importlib.util.find_spec("triton") else "Triton, which is not installed"
    compiler = os.environ.get("CXX") or "g++"
    if not any(shutil.which(name) for name in (compiler, "clang++")):
        return f"a C++ compiler, and there is no {compiler}"
    header = Path(sysconfig.get_paths()["include"]) / "Python.h"
    return "" if header.exists() else f"Python's headers, and there is no {header.name} beside this Python"
