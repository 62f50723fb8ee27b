"""Where roofs are kept while tests run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from inception_profiler.bench.ceilings_cache import place
from inception_profiler.bench.cpu import Cpu
from inception_profiler.records.latency import Setting


def test_no_test_writes_into_the_folder_of_the_user(caches: Path) -> None:
    here = place(Cpu(), Setting(threads=1))
    assert here.is_relative_to(caches)
    assert not here.is_relative_to(Path.home())
    code = "import os; print(os.environ['XDG_CACHE_HOME'])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert Path(said.strip()) == caches
