"""``explain``: why the numbers of other tools differ."""

from __future__ import annotations

from typing import Annotated

import typer

from inception_profiler.cli.options import Version
from inception_profiler.cli.profile import Out


def explain(
    model: Annotated[
        str, typer.Argument(help="What `profile` takes: inception_v1, timm:NAME, file.py:NAME, …")
    ],
    tools: Annotated[
        str,
        typer.Option(
            help="Conventions, separated by commas; the tools people use if left out.", metavar="NAMES"
        ),
    ] = "",
    input: Annotated[
        list[str] | None,
        typer.Option(help="Size of an input, as in `profile`.", metavar="[NAME=][TYPE:]SIZES"),
    ] = None,
    batch: Annotated[int | None, typer.Option(help="Images in a batch.")] = None,
    depth: Annotated[int | None, typer.Option(help="How deep into the modules the rows go.")] = None,
    top: Annotated[int, typer.Option(help="Show only this many modules.")] = 0,
    train: Annotated[bool, typer.Option("--train", help="Count training.")] = False,
    out: Out = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Version = False,
) -> int:
    """Show why tools disagree: the MACs all agree on, and what each adds, leaves out or counts wrongly."""
    from inception_profiler.analysis.conventions.translate import TOOLS
    from inception_profiler.cli.conventions import counted_as
    from inception_profiler.cli.output import checked_paths
    from inception_profiler.cli.request import Request
    from inception_profiler.document.view import View

    request = Request(
        models=(model,),
        inputs=tuple(input or ()),
        batch=batch,
        train=train,
        paths=checked_paths(out or ()),
        view=View(depth=depth, top=top).checked(),
    )
    return counted_as(request, tools or ",".join(TOOLS))
