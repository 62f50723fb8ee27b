"""``check --github`` and ``--report``: what the runner gets, also where no check can be made."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from inception_profiler.cli.main import main
from tests.guard.repository import Repository
from tests.render.test_workflow import obeyed

Called = Callable[..., tuple[int, str, str]]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


@pytest.fixture
def called(
    repository: Repository, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> Called:
    monkeypatch.chdir(repository.folder)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)

    def run(*words: str) -> tuple[int, bytes, bytes]:
        sys.modules.pop("nets", None)
        with pytest.raises(SystemExit) as caught:
            main(("check", *words))
        return int(caught.value.code or 0), *capsysbinary.readouterr()

    return run


def test_what_code_prints_is_not_obeyed_and_what_fails_is_annotated(
    repository: Repository, called: Called, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert called("--update")[0] == 0
    repository.change("nn.Linear(4, 2)", "print('::error::from a model') or nn.Linear(4, 3)")
    status, out, _ = called("--github")
    assert status == 1
    assert b"::error::from a model" in out
    ((name, properties, text),) = obeyed(out)
    assert (name, properties) == ("error", {"file": "nets.py", "line": "14", "title": "cost of tiny"})
    assert "0 · linear grew: +5 params, +4 MACs" in text
    # a workspace above: the path is relative to it
    monkeypatch.setenv("GITHUB_WORKSPACE", str(repository.folder.parent))
    ((_, properties, _),) = obeyed(called("--github")[1])
    assert properties["file"] == f"{repository.folder.name}/nets.py"


def test_a_check_that_cannot_be_made_is_annotated_too(repository: Repository, called: Called) -> None:
    status, out, err = called("--github")
    assert status == 2
    ((name, properties, text),) = obeyed(out)
    assert (name, properties["title"]) == ("error", "cost check")
    assert text.startswith("there is no profile.lock.json: run inception-profiler check --update")
    assert text.encode() in err
    assert called()[1] == b""


def test_a_registered_model_is_annotated_where_it_is_asked_for(
    repository: Repository, called: Called
) -> None:
    repository.write(
        "pyproject.toml", '[tool.inception-profiler]\nmodels = [\n  "lenet5",\n]\nlimits = { params = 1 }\n'
    )
    status, out, _ = called("--github")
    assert status == 1
    ((_, properties, text),) = obeyed(out)
    assert (properties["file"], properties["line"]) == ("pyproject.toml", "3")
    assert text == "params is 60,000 and the limit is 1 (1)."


def test_a_summary_that_cannot_be_written_is_one_line(
    repository: Repository, called: Called, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(repository.folder))
    status, _, err = called("--github", "--update")
    assert status == 2
    assert err.count(b"\n") == 1
    assert b"cannot write the job summary" in err


def test_reports_are_written_and_a_bad_one_is_refused_before_anything_is_counted(
    repository: Repository, called: Called
) -> None:
    assert called("--update", "--report", "junit=x.xml", "--report", "bencher=b.json")[0] == 0
    assert (repository.folder / "x.xml").read_bytes().startswith(b"<?xml")
    assert json.loads((repository.folder / "b.json").read_text())["tiny"]["params"] == {"value": 10}
    for report, says in (
        ("xunit=x", b"unknown report"),
        ("junit", b"NAME=FILE"),
        ("junit=none/x", b"none/x"),
    ):
        status, out, err = called("--report", report)
        assert (status, out) == (2, b"")
        assert says in err
