"""The registry of output formats, by the suffix of the file they are written to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from inception_profiler.document.blocks import Document
from inception_profiler.errors import InputError
from inception_profiler.registry import Registry, discover

Renderer = Callable[[Document], bytes]

RENDERERS: Registry[str, Renderer] = Registry("output format")


def renderer(suffix: str) -> Callable[[Renderer], Renderer]:
    """Register the decorated function as what writes files of ``suffix``."""

    def register(render: Renderer) -> Renderer:
        RENDERERS.add(suffix, render)
        return render

    return register


def load() -> Registry[str, Renderer]:
    """Import every format and return the filled registry."""
    discover(__package__)
    return RENDERERS


def for_path(path: str) -> Renderer:
    """Return the renderer that the suffix of ``path`` selects.

    Raises:
        InputError: no format has that suffix.
    """
    render = load().find(Path(path).suffix.lower())
    if render is None:
        raise InputError(f"cannot tell the format of {path!r}: end it in {', '.join(sorted(RENDERERS))}")
    return render
