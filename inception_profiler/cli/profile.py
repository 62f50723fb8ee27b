"""``profile``: what a network costs, and against another."""

from __future__ import annotations

from typing import Annotated

import typer

from inception_profiler.cli.options import Version

Vs = Annotated[
    list[str] | None, typer.Option(help="Compare with this model; may be repeated.", metavar="MODEL")
]
Out = Annotated[
    list[str] | None,
    typer.Option(
        help="Also write the result; the suffix tells the format (.json .csv .md). May be repeated.",
        metavar="FILE",
    ),
]


def profile(
    model: Annotated[
        str,
        typer.Argument(
            help="inception_v1 or another registered name, timm:NAME, torchvision:NAME, "
            "package.module:NAME or file.py:NAME."
        ),
    ],
    vs: Vs = None,
    by: Annotated[str, typer.Option(help="Rows: stage, module, layer, op or resolution.")] = "layer",
    depth: Annotated[int | None, typer.Option(help="How deep into the modules the rows go.")] = None,
    columns: Annotated[
        str | None, typer.Option(help="Metrics to show, separated by commas: params,macs,flops,…")
    ] = None,
    sort: Annotated[str, typer.Option(help="Sort the rows by this metric, largest first.")] = "",
    top: Annotated[int, typer.Option(help="Show only this many rows.")] = 0,
    input: Annotated[
        str | None, typer.Option(help="Size of one input, like 3x299x299.", metavar="CxHxW")
    ] = None,
    batch: Annotated[int | None, typer.Option(help="Images in a batch.")] = None,
    train: Annotated[
        bool, typer.Option("--train", help="Count training: auxiliary heads are executed.")
    ] = False,
    out: Out = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Version = False,
) -> None:
    """Show what a network costs: totals, by feature-map size, and layer by layer."""
    from inception_profiler.cli.output import checked_paths, deliver
    from inception_profiler.document.view import View
    from inception_profiler.records.metrics import COLUMNS
    from inception_profiler.units import parse_shape

    chosen = COLUMNS if columns is None else tuple(key.strip() for key in columns.split(",") if key.strip())
    view = View(by=by, depth=depth, columns=chosen, sort=sort, top=top).checked()
    shape = None if input is None else parse_shape(input)
    paths = checked_paths(out or [])

    from inception_profiler.analysis.compare import compare
    from inception_profiler.analysis.profile import profile as count
    from inception_profiler.document.profile import comparison_document, profile_document

    subject, *references = [count(name, shape, batch=batch, train=train) for name in (model, *(vs or []))]
    if references:
        deliver(comparison_document(compare(subject, *references), view), paths)
    else:
        deliver(profile_document(subject, view), paths)
