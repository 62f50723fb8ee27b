"""Compile the virtual device: once for a version of its source and of torch, however many processes ask."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sys
from pathlib import Path
from types import ModuleType

SOURCE = Path(__file__).parent
FOLDER = SOURCE.parents[1] / "build" / "virtual_device"


class NoCompilerError(Exception):
    """What the virtual device is built with is not here."""


def build() -> ModuleType:
    """Return the compiled backend, which PyTorch knows of from now on: a process cannot lose it again.

    Raises:
        NoCompilerError: there is no C++ compiler, or no ninja.
    """
    import torch
    from torch.utils import cpp_extension

    _ninja_in_path()
    compiler = cpp_extension.get_cxx_compiler()
    if shutil.which(compiler) is None:
        raise NoCompilerError(f"the virtual device is built with a C++ compiler, and {compiler} is not here")
    if not cpp_extension.is_ninja_available():
        raise NoCompilerError("the virtual device is built with ninja: pip install ninja")
    source = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(SOURCE.glob("*.[hc]*"))))
    folder = FOLDER / f"{torch.__version__}-{sys.implementation.cache_tag}-{source.hexdigest()[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "turn").open("w") as turn:
        fcntl.flock(
            turn, fcntl.LOCK_EX
        )  # unlike torch's own lock file, it goes with the process that holds it
        (folder / "lock").unlink(missing_ok=True)
        return cpp_extension.load(
            name="virtual_device_backend",
            sources=[str(SOURCE / "device.cpp")],
            extra_cflags=["-O1"],
            build_directory=str(folder),
        )


def _ninja_in_path() -> None:
    """Find the ninja of this environment also where the environment was not activated."""
    try:
        import ninja
    except ImportError:
        return
    path = os.environ.get("PATH", "")
    if ninja.BIN_DIR not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join((ninja.BIN_DIR, path))
