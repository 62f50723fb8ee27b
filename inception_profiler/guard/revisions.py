"""Two git revisions of a repository: each is checked out, counted in a process of its own, and removed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType

from inception_profiler.errors import InputError, Terminated
from inception_profiler.guard import worker
from inception_profiler.guard.configuration import Budget
from inception_profiler.guard.differences import between
from inception_profiler.guard.lockfile import parse_lock
from inception_profiler.records.difference import Difference, Lone
from inception_profiler.records.frozen import record
from inception_profiler.records.lock import Lock

HERE = "the working tree"
_SUBMODULE = "160000"
"""What git calls the mode of a commit of another repository in a folder."""


@record
class Revision:
    """A revision of the repository: its name as it was given and its commit; empty for the working tree."""

    name: str
    commit: str

    @property
    def title(self) -> str:
        """Its name for people: ``main (1a2b3c4)``."""
        short = self.commit[:7]
        return self.name if not short or self.name.startswith(short) else f"{self.name} ({short})"


def revised(root: Path, old: str, new: str | None, budgets: Sequence[Budget]) -> Difference:
    """Count models at two revisions and hold the counts against each other.

    Each revision is checked out into a temporary worktree, without touching branch, index or files of the
    repository, and counted by a Python process that is started there; both run at the same time. What is
    counted is the same question twice: that of the configuration as it stands now.

    Args:
        root: folder of the configuration, in the repository.
        old: a revision, as git names them.
        new: the other one; None for the working tree as it stands, with what is not committed.
        budgets: the models.

    Raises:
        InputError: no git repository, no such revision, or one that cannot be counted at all.
    """
    top = _top(root)
    revisions = [_revision(top, name) if name is not None else Revision(HERE, "") for name in (old, new)]
    asked = worker.question(budgets, top)
    with ExitStack() as stack:
        stack.enter_context(_ended_in_order())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="inception-profiler-diff-")))
        children = []
        for number, revision in enumerate(revisions):
            tree = top
            if revision.commit:
                tree = folder / f"tree{number}"
                _check_out(stack, top, revision.commit, tree)
            place = tree / root.resolve().relative_to(top)
            if not place.is_dir():
                raise InputError(f"{revision.title} has no folder {root.resolve().relative_to(top)}")
            children.append(
                stack.enter_context(_started(place, top, tree, asked, folder / f"answer{number}"))
            )
        sides = [_finished(*entry) for entry in zip(children, revisions, strict=True)]
    failed = [lone for _, lones in sides for lone in lones]
    return between(sides[0][0], sides[1][0], (revisions[0].title, revisions[1].title), failed)


@record
class _Child:
    """A process that counts, and the files that it writes."""

    process: subprocess.Popen[bytes]
    tree: Path
    answer: Path
    errors: Path


def _top(root: Path) -> Path:
    """Return the folder of the repository that ``root`` is in.

    Raises:
        InputError: it is in none, or git does not trust it; git's own line says which.
    """
    try:
        return Path(_git(root, "rev-parse", "--show-toplevel").strip()).resolve()
    except InputError as error:
        if "not a git repository" not in str(error):
            raise
        raise InputError(
            f"{root.resolve()} is in no git repository, and revisions need one: compare two files instead"
        ) from error


def _revision(top: Path, name: str) -> Revision:
    try:
        commit = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except InputError as error:
        shallow = _git(top, "rev-parse", "--is-shallow-repository").strip() == "true"
        how = "this clone is shallow, git fetch --unshallow" if shallow else "fetch it, or name another one"
        raise InputError(f"git knows no revision {name!r} here: {how}") from error
    return Revision(name, commit.strip())


def _check_out(stack: ExitStack, top: Path, commit: str, folder: Path) -> None:
    """Check a commit out until the stack ends, with those submodules that are there in the repository."""
    stack.enter_context(_checked_out(top, commit, folder))
    for line in _git(top, "ls-tree", "-r", "-z", commit).split("\0"):
        mode, _, rest = line.partition(" ")
        if mode == _SUBMODULE:
            inner, path = rest.removeprefix("commit ").split("\t", 1)
            if (top / path / ".git").exists():
                _check_out(stack, top / path, inner, folder / path)


@contextmanager
def _checked_out(top: Path, commit: str, folder: Path) -> Iterator[Path]:
    """Check a commit out into a worktree of its own, and take that away again, whatever happens."""
    try:
        _git(top, "worktree", "add", "--detach", "--quiet", str(folder), commit)
        yield folder
    finally:
        with suppress(InputError):
            _git(top, "worktree", "remove", "--force", "--force", str(folder))


@contextmanager
def _started(place: Path, top: Path, tree: Path, asked: str, answer: Path) -> Iterator[_Child]:
    errors = answer.with_suffix(".errors")
    with errors.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", worker.START, str(answer)],
            cwd=place,
            env=_environment(place, top, tree),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
    try:
        assert process.stdin is not None
        with suppress(BrokenPipeError):  # it ended at once, and says why in its errors
            process.stdin.write(asked.encode())
            process.stdin.close()
        yield _Child(process, tree, answer, errors)
    finally:
        process.kill()
        process.wait()


def _finished(child: _Child, revision: Revision) -> tuple[Lock, list[Lone]]:
    """Wait for a count, and read it.

    Raises:
        InputError: the process ended without one.
    """
    child.process.wait()
    if not child.answer.is_file():
        lines = child.errors.read_text(errors="replace").strip().splitlines()
        reason = lines[-1] if lines else f"the process ended with status {child.process.returncode}"
        raise InputError(f"{revision.title} could not be counted: {reason}")
    data = json.loads(child.answer.read_text(encoding="utf-8"))
    if "error" in data:
        raise InputError(f"{revision.title} could not be counted: {data['error']}")
    lock = parse_lock(data["lock"], revision.title, any_rules=True)
    # The folder is gone by the time that anybody reads the reason.
    folders = re.compile(
        "|".join(re.escape(f"{tree}{os.sep}") for tree in (child.tree, child.tree.resolve()))
    )
    return lock, [Lone(name, revision.title, (), folders.sub("", reason)) for name, reason in data["failed"]]


def _environment(place: Path, top: Path, tree: Path) -> dict[str, str]:
    """Let Python import from the worktree what it imports from the repository; leave no files there."""
    inside = [Path(entry).resolve() for entry in sys.path if entry]
    mapped = [
        str(tree / entry.relative_to(top))
        for entry in inside
        if entry.is_relative_to(top) and "site-packages" not in entry.parts
    ]
    given = os.environ.get("PYTHONPATH", "")
    entries = dict.fromkeys([str(place), *mapped, *given.split(os.pathsep)])
    return _without_git() | {
        "PYTHONPATH": os.pathsep.join(entry for entry in entries if entry),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _git(folder: Path, *words: str) -> str:
    """Run git without the hooks of the repository.

    Raises:
        InputError: git is not there, or it fails; its own line says why.
    """
    command = ["git", "-c", f"core.hooksPath={os.devnull}", *words]
    try:
        done = subprocess.run(
            command, cwd=folder, env=_without_git(), check=True, capture_output=True, text=True
        )
    except FileNotFoundError as error:
        raise InputError("git is not installed, and revisions need it: compare two files instead") from error
    except subprocess.CalledProcessError as error:
        lines = [line.strip() for line in error.stderr.strip().splitlines()] or [f"status {error.returncode}"]
        fatal = [line for line in lines if line.startswith("fatal:")] or lines
        raise InputError(f"git {words[0]}: {' '.join(dict.fromkeys([fatal[0], lines[-1]]))}") from error
    return done.stdout


def _without_git() -> dict[str, str]:
    """Return the environment without what a hook is given: another git's index must not be written to."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let a request to terminate run the clean-up first, as an interrupt does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _: FrameType | None) -> None:
        raise Terminated(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
