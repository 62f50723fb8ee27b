"""``inception-profiler diff``: two files, and two revisions of a user's repository."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

import inception_profiler as ip
from inception_profiler.cli.main import main
from inception_profiler.errors import InputError
from inception_profiler.guard.lockfile import empty, lock_text, write_lock
from inception_profiler.guard.worker import _refuse_code_of
from inception_profiler.records.difference import Difference
from tests.guard.repository import Repository
from tests.guard.rows import model, row


def called(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run the command in this process."""
    with pytest.raises(SystemExit) as caught:
        main(("diff", *words))
    out, err = capsys.readouterr()
    return int(caught.value.code or 0), out, err


def test_two_lock_files_are_held_against_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    both = (model(row("a"), name="one"), model(row("b"), name="two"))
    write_lock(empty().with_models(both), Path("old.json"))
    write_lock(empty().with_models((both[0], model(row("b"), row("c", 3), name="two"))), Path("new.json"))
    status, out, _ = called(capsys, "old.json", "new.json", "--out", "d.json", "--out", "d.md")
    assert status == 1
    assert "2 models: 1 changed, 1 same." in out
    assert "c · conv2d  appeared" in out
    result = ip.load("d.json")
    assert isinstance(result, Difference)
    assert [entry.same for entry in result.models] == [True, False]
    assert "| c · conv2d | appeared | 1×3×4×4 | 30 | 300 |" in Path("d.md").read_text()
    status, out, _ = called(capsys, "old.json", "old.json")
    assert status == 0
    assert "all cost the same, layer by layer" in out


def test_two_saved_profiles_are_held_against_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from torch import nn

    for name, width in (("old.json", 4), ("new.json", 5)):
        network = nn.Sequential(nn.Linear(3, width), nn.Linear(width, 2))
        ip.profile(network, (1, 3)).save(tmp_path / name)
    status, out, _ = called(capsys, str(tmp_path / "old.json"), str(tmp_path / "new.json"))
    assert status == 1
    grown = sum(parameter.numel() for parameter in network.parameters()) - (3 * 4 + 4 + 4 * 2 + 2)
    assert [line.split()[-4:-2] for line in out.splitlines() if line.startswith(" all ")] == [
        [str(grown), "5"]
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "two files, OLD NEW, or a revision"),
        (("one.json",), "two files"),
        (("none.json", "none.json"), "No such file"),
        (("--rev", "a", "--rev", "b", "--rev", "c"), "once or twice"),
        (("a", "b", "--input", "3"), "belong to --rev"),
        (("--rev", "HEAD", "lenet5"), "is in no git repository, and revisions need one"),
    ],
)
def test_a_mistake_is_one_line(
    words: tuple[str, ...],
    says: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    status, out, err = called(capsys, *words)
    assert (status, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1


def test_a_lock_file_may_come_through_a_pipe(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lock = empty().with_models((model(row("a"), name="one"),))
    write_lock(lock, Path("new.json"))
    reading, writing = os.pipe()
    os.write(writing, lock_text(lock).encode())
    os.close(writing)
    try:
        assert called(capsys, f"/dev/fd/{reading}", "new.json")[0] == 0
    finally:
        os.close(reading)
    Path("other.toml").write_text("[tool]")
    status, _, err = called(capsys, "other.toml", "new.json")
    assert status == 2
    assert err.endswith("; give lock files or saved profiles\n")


def test_a_shallow_clone_says_how_to_get_its_history(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "whole").mkdir()
    repository = Repository(tmp_path / "whole")
    repository.change("nn.Linear(4, 2)", "nn.Linear(4, 3)")
    repository.commit("second")
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.folder}", str(tmp_path / "shallow"))
    for folder, says in ((repository.folder, "fetch it, or name another"), (tmp_path / "shallow", "shallow")):
        monkeypatch.chdir(folder)
        status, _, err = called(capsys, "--rev", "HEAD~7")
        assert status == 2
        assert says in err
    assert "git fetch --unshallow" in err


def test_a_submodule_is_checked_out_as_the_revision_has_it(tmp_path: Path) -> None:
    for name in ("inner", "outer"):
        (tmp_path / name).mkdir()
    inner, outer = Repository(tmp_path / "inner"), Repository(tmp_path / "outer")
    outer.git("-c", "protocol.file.allow=always", "submodule", "-q", "add", str(inner.folder), "sub")
    outer.change('"nets.py:Net"', '"sub/nets.py:Net"', "pyproject.toml")
    outer.change('"nets:tiny"', '"none.py:tiny"', "pyproject.toml")
    outer.commit("with a submodule")
    outer.change("nn.Linear(16, 10)", "nn.Linear(16, 12)", "sub/nets.py")
    done = outer.run("diff", "--rev", "main", "--out", str(tmp_path / "d.json"))
    assert done.returncode == 1, done.stderr
    result = ip.load(tmp_path / "d.json")
    assert isinstance(result, Difference)
    (net,) = result.models
    assert [(change.kind, change.layer.path) for change in net.layers] == [("grew", "fc")]
    assert {lone.reason for lone in result.lone} == {"there is no file none.py"}
    for folder in (outer.folder, outer.folder / "sub"):
        assert outer.git("-C", str(folder), "worktree", "list").count("\n") == 1


def test_two_revisions_are_counted_where_they_are_checked_out(tmp_path: Path) -> None:
    """A package in ``lib``, imported by an absolute path into the repository, is each revision's own."""
    (tmp_path / "repository" / "lib").mkdir(parents=True)
    (tmp_path / "temporary").mkdir()
    repository = Repository(tmp_path / "repository")
    lib = repository.folder / "lib"
    (lib / "deep.py").write_text("from torch import nn\ndef net():\n    return nn.Linear(7, 3)\n")
    repository.commit("with lib")
    repository.change(" },\n]", ' },\n    { model = "deep:net", input = "1x7" },\n]', "pyproject.toml")
    repository.change("nn.Linear(16, 10)", "nn.Linear(16, 12)")
    (lib / "deep.py").write_text("from torch import nn\ndef net():\n    return nn.Linear(7, 5)\n")
    repository.commit("grown")
    repository.change("self.stem", "self.entry")  # not committed, and no part of what is compared
    hook = repository.folder / ".git" / "hooks" / "post-checkout"
    hook.write_text("#!/bin/sh\ntouch ../hooked\n")
    hook.chmod(0o755)
    before = repository.git("status", "--porcelain")
    paths = os.pathsep.join(filter(None, [str(lib), os.environ.get("PYTHONPATH")]))
    done = repository.run(
        "diff", "--rev", "HEAD~1", "--rev", "main", "--out", "../d.json",
        PYTHONPATH=paths, TMPDIR=str(tmp_path / "temporary"),
        GIT_DIR=str(repository.folder / ".git"), GIT_INDEX_FILE=str(repository.folder / ".git" / "index"),
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    result = ip.load(tmp_path / "d.json")
    assert isinstance(result, Difference)
    models = {entry.name: entry for entry in result.models}
    assert [(change.kind, change.layer.path) for change in models["net"].layers] == [("grew", "fc")]
    totals = {amount.metric: (amount.old, amount.new) for amount in models["deep:net"].totals}
    assert totals["params"] == (7 * 3 + 3, 7 * 5 + 5)
    assert models["tiny"].same
    assert result.old.startswith("HEAD~1 (")
    assert repository.git("status", "--porcelain") == before
    assert repository.git("worktree", "list").count("\n") == 1
    assert not list((tmp_path / "temporary").iterdir())
    assert not (tmp_path / "hooked").exists()
    assert not list(repository.folder.rglob("__pycache__"))


def test_one_revision_is_held_against_the_working_tree(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.change("self.stem", "self.entry")
    repository.change("def tiny", "def small")
    done = repository.run("diff", "--rev", "main")
    assert done.returncode == 1, done.stderr
    assert "stem · conv2d → entry · conv2d" in done.stdout
    text = " ".join(done.stdout.split())
    assert "tiny could not be counted in the working tree: nets has no 'tiny'" in text
    assert repository.git("worktree", "list").count("\n") == 1


def test_what_is_terminated_leaves_no_worktree(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.write(
        "nets.py", f"import time\nopen({str(tmp_path / 'here')!r}, 'w').close()\ntime.sleep(600)\n"
    )
    repository.commit("slow")
    running = repository.start("diff", "--rev", "HEAD", "--rev", "HEAD~1")
    deadline = time.monotonic() + 120
    while not (tmp_path / "here").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert repository.git("worktree", "list").count("\n") == 3
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=60)
    assert running.returncode == 128 + signal.SIGTERM
    assert repository.git("worktree", "list").count("\n") == 1


def test_code_of_the_checkout_is_not_called_a_revision(tmp_path: Path) -> None:
    checkout = Path(ip.__file__).resolve().parents[1] / "tests"
    with pytest.raises(InputError, match="and not from the revision"):
        _refuse_code_of(checkout, tmp_path)
    _refuse_code_of(checkout, checkout)
    _refuse_code_of(tmp_path, Path("/elsewhere"))
