"""The GitHub Action, its steps executed by their own shell with what GitHub sets."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from tests.guard.repository import UNCACHED, Repository, script
from tests.render.test_workflow import obeyed

ROOT = Path(__file__).parents[1]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]


class Runner:
    """What of GitHub's runner a composite action with shell steps needs.

    ``python`` is one that writes down what it is asked for: what is installed is there already, and a
    download of PyTorch tests nothing of ours. The step that sets up Python is GitHub's own and is left out.
    """

    def __init__(self, workspace: Path, folder: Path) -> None:
        self.workspace = workspace
        self.summary = folder / "summary.md"
        self.asked = folder / "asked"
        self.path = folder / "bin"
        self.path.mkdir()
        python = self.path / "python"
        python.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >> {self.asked}\n')
        python.chmod(0o755)

    def run(self, **inputs: str) -> subprocess.CompletedProcess[bytes]:
        """Run the steps one after another until one fails."""
        values = {name: entry["default"] for name, entry in ACTION["inputs"].items()}
        assert set(inputs) <= set(values)
        values |= inputs
        done = None
        for step in STEPS:
            if "uses" in step or not self._wanted(step.get("if", ""), values):
                continue
            done = self._step(step, values)
            if done.returncode:
                break
        assert done is not None
        return done

    def _step(self, step: dict[str, Any], values: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
        assert step["shell"] == "bash"
        given = {name: self._filled(text, values) for name, text in step.get("env", {}).items()}
        file = self.path / "step.sh"
        file.write_text(step["run"])
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(file)],
            cwd=self.workspace / self._filled(step.get("working-directory", "."), values),
            env=os.environ
            | UNCACHED
            | {
                "PATH": f"{self.path}:{Path(script()).parent}:{os.environ['PATH']}",
                "GITHUB_ACTIONS": "true",
                "GITHUB_WORKSPACE": str(self.workspace),
                "GITHUB_STEP_SUMMARY": str(self.summary),
                "GITHUB_ACTION_PATH": str(ROOT),
            }
            | given,
            capture_output=True,
            check=False,
        )

    def _filled(self, text: str, values: dict[str, str]) -> str:
        known = {f"inputs.{name}": value for name, value in values.items()} | {
            "github.action_path": str(ROOT)
        }
        return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: known[found[1]], text)

    def _wanted(self, condition: str, values: dict[str, str]) -> bool:
        if not condition:
            return True
        match = re.fullmatch(r"inputs\.([\w-]+) != ''", condition)
        assert match is not None, condition
        return values[match[1]] != ""


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A project in a folder of its repository, with its lock file."""
    (tmp_path / "work" / "project").mkdir(parents=True)
    made = Repository(tmp_path / "work" / "project")
    made.change('"tiny"', '"tiny::error::\\n::error::x"', "pyproject.toml")
    done = made.run("check", "--update")
    assert done.returncode == 0, done.stdout + done.stderr
    return made


def test_the_steps_check_annotate_and_summarize(repository: Repository, tmp_path: Path) -> None:
    runner = Runner(repository.folder.parent, tmp_path)
    runner.summary.write_text("of a step before\n")
    done = runner.run(**{"working-directory": "project"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert obeyed(done.stdout) == []
    assert "all cost the same, layer by layer" in runner.summary.read_text()
    (asked,) = runner.asked.read_text().splitlines()
    assert re.fullmatch(rf"-m pip install .*{ROOT}", asked)

    repository.change("nn.Linear(16, 10)", "nn.Linear(16, 11)")
    repository.change("nn.Linear(4, 2)", "nn.Linear(4, 3)")
    done = runner.run(
        install='python -m pip install "my needs"\npython second',
        models="net\n  ::error::x",
        junit="cost report.xml",
        **{"working-directory": "project"},
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert runner.asked.read_text().splitlines()[1:3] == ["-m pip install my needs", "second"]
    found = obeyed(done.stdout)
    assert [name for name, _, _ in found] == ["error", "error"]
    assert found[1][1]["title"] == "cost of ::error::x"
    place = {"file": "project/nets.py", "line": "4", "title": "cost of net"}
    assert found[0][:2] == ("error", place)
    # one class more of 16 inputs, with its bias
    assert "fc · linear grew: +17 params, +16 MACs" in found[0][2]
    text = runner.summary.read_text()
    assert text.startswith("of a step before\n# Cost check\n")
    assert "| fc · linear | grew | 1×10 → 1×11 | 17 | 16 |" in text
    root = ElementTree.parse(repository.folder / "cost report.xml").getroot()
    assert root.attrib["failures"] == "1"


def test_no_input_is_pasted_into_a_script() -> None:
    """An input that is put into the text of a script is executed: all of them are handed over by name."""
    for step in STEPS:
        assert "${{" not in step.get("run", "")
    for entry in ACTION["inputs"].values():
        assert set(entry) == {"description", "default"}


def test_what_it_is_made_of_exists() -> None:
    assert ACTION["runs"]["using"] == "composite"
    handed = " ".join(str(step) for step in STEPS)
    for name in ACTION["inputs"]:
        assert f"inputs.{name}" in handed, name
    assert sys.version_info[:2] >= tuple(map(int, ACTION["inputs"]["python-version"]["default"].split(".")))
