"""A command in a step of GitHub Actions: what it says to the runner, by its standard output and its files."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inception_profiler.document.annotations import ERROR, Annotation, remarks
from inception_profiler.document.blocks import Document
from inception_profiler.errors import ProfilerError, WriteError
from inception_profiler.records.check import Check
from inception_profiler.render.workflow import commands, resumed, stopped, summary


@contextmanager
def in_step(wanted: bool) -> Iterator[None]:
    """Let nothing that is printed meanwhile be obeyed as a command; annotate an error that ends it."""
    if not wanted:
        yield
        return
    token = secrets.token_hex(16)
    _say(stopped(token))
    try:
        yield
    except ProfilerError as error:
        _say(resumed(token) + commands([Annotation(ERROR, "cost check", str(error))]))
        raise
    except BaseException:
        _say(resumed(token))
        raise
    _say(resumed(token))


def announce(check: Check, document: Document, root: Path) -> None:
    """Annotate the lines that define what fails, and add the whole check to the summary of the job.

    Raises:
        WriteError: the file of the summary cannot be written.
    """
    workspace = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
    folder = root.resolve()
    within = folder.relative_to(workspace).as_posix() if folder.is_relative_to(workspace) else ""
    _say(commands(remarks(check, within)))
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        try:
            with Path(path).open("ab") as file:  # the runner hands the file over, and others may write to it
                file.write(summary(document))
        except OSError as error:
            raise WriteError(f"cannot write the job summary {path}: {error.strerror}") from error


def _say(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
