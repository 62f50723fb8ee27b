"""A process of its own for the tests that need the virtual device; see `plugin.py`."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple, TextIO

import pytest

INSIDE = "INCEPTION_PROFILER_VIRTUAL_DEVICE"
PATIENCE = 300  # seconds; the first test may have to compile
OPTIONS = (
    *("-p", "no:cacheprovider"),
    *("-p", "no:xdist"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # the second session finds what the first imported
)


class Outcome(NamedTuple):
    """What became of a test, in pytest's word, and the text to show for it."""

    word: str
    text: str


class Child:
    """The process as its parent sees it: begun with its first test, and again where a test has killed it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._process: subprocess.Popen[str] | None = None

    def run(self, node: str) -> Outcome:
        """Run the test with that node id."""
        process = self._process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(node) + "\n")
        process.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            answered = selector.select(PATIENCE)
        line = process.stdout.readline() if answered else ""
        if line:
            return Outcome(*json.loads(line))
        self.stop()
        if answered:
            return Outcome("failed", f"the process with the virtual device died, with {process.returncode}")
        return Outcome("failed", f"no end after {PATIENCE} s: does it wait for a clock that nothing moves?")

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _start(self) -> subprocess.Popen[str]:
        path = os.pathsep.join(filter(None, (str(self.root), os.environ.get("PYTHONPATH"))))
        return subprocess.Popen(
            [sys.executable, "-m", "tests.virtual_device.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": path, INSIDE: str(os.getpid())},
        )


class _Reports:
    """Collects what pytest has to say of a test."""

    def __init__(self) -> None:
        self.word = ""
        self.text = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            captured = (f"--- {title} ---\n{content}" for title, content in report.sections)
            self.word, self.text = "failed", "\n".join((report.longreprtext, *captured))
        elif report.skipped and isinstance(report.longrepr, tuple):
            self.word, self.text = "skipped", report.longrepr[2].removeprefix("Skipped: ")
        else:
            self.word = self.word or report.outcome


def answer(node: str) -> Outcome:
    """Run one test in this process, with nothing of it on the standard output."""
    reports = _Reports()
    with tempfile.TemporaryFile("w+") as said:
        kept = os.dup(1)
        os.dup2(said.fileno(), 1)
        try:
            code = pytest.main([*OPTIONS, node], plugins=[reports])
        finally:
            sys.stdout.flush()
            os.dup2(kept, 1)
            os.close(kept)
        said.seek(0)
        return (
            Outcome(reports.word, reports.text)
            if reports.word
            else Outcome("failed", f"{code!r}\n{said.read()}")
        )


def serve(requests: TextIO, answers: TextIO) -> None:
    """Answer each line, the node id of a test, with a line."""
    for line in requests:
        answers.write(json.dumps(answer(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
