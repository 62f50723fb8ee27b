"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from inception_profiler.version import __version__


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"inception-profiler {__version__}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
]
