"""A process of its own for the tests that need the virtual device; see `plugin.py`."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

import pytest
from _pytest.runner import runtestprotocol

INSIDE = "INCEPTION_PROFILER_VIRTUAL_DEVICE"
PATIENCE = 300  # seconds; the first test may have to compile

OPTIONS = (
    *("-p", "no:cacheprovider"),
    *("-p", "no:xdist"),
    "--runxfail",  # the parent knows what it expects
)


class Outcome(NamedTuple):
    """What became of a test, in pytest's word, and the text to show for it."""

    word: str
    text: str


class Child:
    """The process as its parent sees it: begun with its first test, and again where a test has killed it.

    Attributes:
        root: where it runs.
        nodes: the tests that it may be asked for.
    """

    def __init__(self, root: Path, nodes: Sequence[str]) -> None:
        self.root = root
        self.nodes = nodes
        self._process: subprocess.Popen[str] | None = None

    def run(self, node: str) -> Outcome:
        """Run the test with that node id."""
        process = self._process = self._process or self._start()
        _tell(process.stdin, node)
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
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.virtual_device.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": path, INSIDE: str(os.getpid())},
        )
        _tell(process.stdin, self.nodes)
        return process


class Loop:
    """A pytest session that runs the test it is asked for, until nobody asks."""

    def __init__(self, requests: TextIO, answers: TextIO) -> None:
        self.requests = requests
        self.answers = answers

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        for line in self.requests:
            reports = runtestprotocol(items[json.loads(line)], nextitem=None)
            _tell(self.answers, _outcome(reports))
        return True


def _outcome(reports: Sequence[pytest.TestReport]) -> Outcome:
    failed = [report for report in reports if report.failed]
    if failed:
        captured = (f"--- {title} ---\n{content}" for title, content in failed[-1].sections)
        return Outcome("failed", "\n".join((*(report.longreprtext for report in failed), *captured)))
    for report in reports:
        if report.skipped:
            _, _, reason = (
                report.longrepr if isinstance(report.longrepr, tuple) else ("", 0, "expected to fail")
            )
            return Outcome("skipped", reason.removeprefix("Skipped: "))
    return Outcome("passed", "")


def _tell(stream: TextIO, value: object) -> None:
    stream.write(json.dumps(value) + "\n")
    stream.flush()


def main() -> None:
    """Answer each line, the node id of a test, with its outcome; the first line lists them all."""
    requests, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")  # pytest captures the two themselves
    with tempfile.TemporaryFile("w+") as said:
        os.dup2(said.fileno(), 1)
        code = pytest.main([*OPTIONS, *json.loads(requests.readline())], plugins=[Loop(requests, answers)])
        sys.stdout.flush()
        for _ in requests:  # the session has not come to its tests
            said.seek(0)
            _tell(answers, Outcome("failed", f"{code!r}\n{said.read()}"))


if __name__ == "__main__":
    main()
