"""A user's repository in a temporary folder, and the installed command run in it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

NETS = """
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.body = nn.Sequential(nn.ReLU(), nn.Conv2d(8, 16, 3), nn.BatchNorm2d(16))
        self.fc = nn.Linear(16, 10)

    def forward(self, x):
        return self.fc(self.body(self.stem(x)).mean((2, 3)))

def tiny():
    return nn.Sequential(nn.Linear(4, 2))
"""
CONFIGURATION = """
[tool.inception-profiler]
models = [
    { name = "net", model = "nets.py:Net", input = "3x8x8" },
    { name = "tiny", model = "nets:tiny", input = "1x4" },
]
"""


UNCACHED = {"PYTHONDONTWRITEBYTECODE": "1"}
"""Bytecode is taken for current where a file of equal size was changed within a second, as tests do."""


class Repository:
    """A git repository with a network, and commands run in it as a user runs them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = folder / "profile.lock.json"
        self.write("nets.py", NETS)
        self.write("pyproject.toml", CONFIGURATION)
        self.git("init", "-q", "-b", "main")
        self.commit("first")

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def change(self, old: str, new: str, name: str = "nets.py") -> None:
        """Edit a file; what is replaced must be there."""
        text = (self.folder / name).read_text()
        assert old in text
        self.write(name, text.replace(old, new))

    def git(self, *words: str) -> str:
        identity = ["-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", *identity, *words], cwd=self.folder, check=True, capture_output=True, text=True
        )
        return done.stdout

    def commit(self, message: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the installed console script in the repository."""
        return subprocess.run(
            [script(), *words],
            cwd=self.folder,
            env=os.environ | UNCACHED | {"COLUMNS": "160"} | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start the installed console script and do not wait for it."""
        return subprocess.Popen(
            [script(), *words],
            cwd=self.folder,
            env=os.environ | UNCACHED,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def script() -> str:
    return str(Path(sys.executable).with_name("inception-profiler"))
