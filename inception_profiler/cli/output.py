"""Where a document goes: the terminal, and the files of ``--out``."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from inception_profiler.document.blocks import Document
from inception_profiler.files import check_writable, write_whole
from inception_profiler.render.formats import for_path


def checked_paths(paths: Sequence[str]) -> Sequence[str]:
    """Return ``paths`` themselves.

    Raises:
        InputError: the suffix of one names no format.
        WriteError: one cannot be written to.
    """
    for path in paths:
        for_path(path)
        check_writable(path)
    return paths


def deliver(document: Document, paths: Sequence[str]) -> None:
    """Print a document to the terminal, and write it to every path in the format of its suffix."""
    from rich.console import Console

    from inception_profiler.render.terminal import render

    console = Console()
    terminal = console.is_terminal
    width = console.width if terminal or "COLUMNS" in os.environ else None
    sys.stdout.buffer.write(render(document, width=width, color=console.color_system if terminal else None))
    sys.stdout.flush()
    for path in paths:
        put(path, for_path(path)(document))


def put(path: str, data: bytes) -> None:
    """Write a file, and say so."""
    write_whole(path, data)
    print(f"wrote {path}", file=sys.stderr)
