"""The hook for pre-commit, as its manifest says it."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())


def test_the_hook_calls_an_installed_command_with_options_that_it_has() -> None:
    import typer

    from inception_profiler.cli.check import check

    (hook,) = HOOKS
    assert {"id", "name", "entry", "language"} <= set(hook)
    assert hook["language"] == "python"
    assert hook["pass_filenames"] is False
    command, *words = shlex.split(hook["entry"])
    assert command in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert words.pop(0) == "check"
    app = typer.Typer()
    app.command()(check)
    typer.main.get_command(app).make_context("check", words)


def test_the_hook_runs_for_what_a_cost_depends_on() -> None:
    files = re.compile(HOOKS[0]["files"])
    for path in ("nets.py", "a/b/nets.py", "pyproject.toml", "sub/pyproject.toml", "profile.lock.json"):
        assert files.search(path), path
    for path in ("README.md", "a.pyc", "my_pyproject.toml.bak", "data.json"):
        assert not files.search(path), path
