"""The entry points: ``profile``, ``inception-profiler`` and ``python -m inception_profiler``."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

import typer

from inception_profiler.cli.argue import argue_app
from inception_profiler.cli.bench import bench
from inception_profiler.cli.check import check
from inception_profiler.cli.claims import claims
from inception_profiler.cli.diff import diff
from inception_profiler.cli.explain import explain
from inception_profiler.cli.models import models
from inception_profiler.cli.options import Version
from inception_profiler.cli.profile import profile
from inception_profiler.cli.report import report
from inception_profiler.cli.roofline import roofline
from inception_profiler.cli.slides import slides
from inception_profiler.errors import ProfilerError, Terminated

USAGE = 2
UNEXPECTED = 70
INTERRUPTED = 130

_UsageError: type[Exception] = typer.BadParameter.__mro__[1]


def _all(version: Version = False) -> None:
    """Show what a convolutional network costs: parameters, MACs, FLOPs, activations and memory."""


def profile_command(arguments: Sequence[str] | None = None) -> None:
    """Run ``profile`` and exit with its status."""
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.command()(profile)
    _run(app, "profile", arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``inception-profiler`` and exit with its status."""
    words = sys.argv[1:] if arguments is None else arguments
    app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
    app.callback()(_all)
    app.command()(profile)
    app.command()(models)
    app.command()(explain)
    app.command()(bench)
    app.command()(roofline)
    app.add_typer(argue_app(filled="argue" in words), name="argue")
    app.command()(claims)
    app.command()(slides)
    app.command()(check)
    app.command()(diff)
    app.command()(report)
    _run(app, "inception-profiler", words)


def _run(app: typer.Typer, name: str, arguments: Sequence[str] | None) -> None:
    """Run a command; every error a user can meet becomes one line, and a traceback only with ``--debug``."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    interrupts: list[int] = []
    try:
        command = typer.main.get_command(app)
        # Its own main() would keep an interrupt to itself.
        with _remembering(interrupts), command.make_context(name, [*words]) as context:
            status = command.invoke(context)
    except typer.Exit as asked:  # --help, --version
        status = asked.exit_code
    except (ProfilerError, _UsageError) as error:
        if "--debug" in words:
            raise
        if type(error).__name__ == "NoArgsIsHelpError":  # the command alone: its help as it is
            print(error)
            sys.exit(USAGE)
        message = error.format_message() if hasattr(error, "format_message") else str(error)
        _fail(message, USAGE)
    except (KeyboardInterrupt, typer.Abort):
        _fail("interrupted", INTERRUPTED)
    except BrokenPipeError:  # the reader of a pipe, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Terminated:
        raise
    except SystemExit as error:  # no command ends so: this is code that was imported or run
        if "--debug" in words:
            raise
        _fail(f"the code of a model ended the program, with exit status {error.code}", USAGE)
    except Exception as error:
        if interrupts:  # some code, such as that of an import, makes another error of it
            _fail("interrupted", INTERRUPTED)
        if "--debug" in words:
            raise
        _fail(f"{type(error).__name__}: {error}; run again with --debug to see where", UNEXPECTED)
    sys.exit(status or 0)


@contextmanager
def _remembering(seen: list[int]) -> Iterator[None]:
    """Let Ctrl-C raise ``KeyboardInterrupt`` as Python does by itself, and note in ``seen`` that it did."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        seen.append(number)
        signal.default_int_handler(number, frame)

    if (
        signal.getsignal(signal.SIGINT) is not signal.default_int_handler
        or current_thread() is not main_thread()
    ):
        yield  # whoever runs this has a way of their own
        return
    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _fail(message: str, status: int) -> None:
    print(f"error: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(status)
