"""What the devices of this machine are called, asked of a process of its own.

A process that asks for an accelerator holds some of its memory from then on, and the one that runs a sweep
lives as long as the sweep.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable

from inception_profiler.errors import ProfilerError

MODULE = "inception_profiler.bench.sweep.identity"


def named(spellings: Iterable[str]) -> dict[str, str]:
    """Return the name of each device by its spelling; the spelling itself where there is no such device."""
    asked = list(dict.fromkeys(spellings))
    told = subprocess.run(
        [sys.executable, "-m", MODULE, *asked], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if told.returncode:
        return {spelling: spelling for spelling in asked}
    names: dict[str, str] = json.loads(told.stdout.splitlines()[-1])
    return names


def name_of(spelling: str) -> str:
    """Return the name of a device; the spelling itself where there is no such device here."""
    from inception_profiler.bench.device import find_device

    try:
        return find_device(spelling).name
    except ProfilerError:
        return spelling


if __name__ == "__main__":
    print(json.dumps({spelling: name_of(spelling) for spelling in sys.argv[1:]}))
