"""What others have of the processors, read of a machine that the test builds and of this one."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inception_profiler.bench.busy import Busy

LINE = "cpu  {} 0 0 {} 0 0 0 0 0 0\ncpu0 1 2 3 4\n"


def test_what_this_process_did_not_use_is_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "proc").mkdir()
    second, own = os.sysconf("SC_CLK_TCK"), iter((1.0, 1.5))
    monkeypatch.setattr(time, "process_time", lambda: next(own))
    (tmp_path / "proc/stat").write_text(LINE.format(100 * second, 300 * second))
    busy = Busy(tmp_path)
    (tmp_path / "proc/stat").write_text(LINE.format(102 * second, 302 * second))
    assert busy.share() == pytest.approx((2 - 0.5) / 4)


@pytest.mark.parametrize("text", [None, "", "cpu 1 2\n", "cpu a b c d e f g h\n", LINE.format(1, 1)])
def test_what_the_system_does_not_tell_is_unknown(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "proc").mkdir()
        (tmp_path / "proc/stat").write_text(text)
    assert Busy(tmp_path).share() is None


def test_another_process_that_works_is_seen() -> None:
    busy = Busy()
    code = "import time\nwhile time.process_time() < 1: pass"
    subprocess.run([sys.executable, "-c", code], check=True)
    found = busy.share()
    assert found is None or found > 0
