"""``profile``: what a network costs, and against another."""

from __future__ import annotations

from typing import Annotated

import typer

from inception_profiler.cli.options import Version

FORMATS = ".json .csv .md .html .tex .png .svg .pdf"
"""What ``--out`` writes; a test holds it to what is there, which help does not import."""

Vs = Annotated[
    list[str] | None, typer.Option(help="Compare with this model; may be repeated.", metavar="MODEL")
]
Out = Annotated[
    list[str] | None,
    typer.Option(
        help=f"Also write the result; the suffix tells the format ({FORMATS}). May be repeated.",
        metavar="FILE",
    ),
]


def profile(
    model: Annotated[
        str,
        typer.Argument(
            help="inception_v1 or another registered name, timm:NAME, torchvision:NAME, "
            "sketch:64x28x28/3x3/3x3, package.module:NAME or file.py:NAME."
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
        list[str] | None,
        typer.Option(
            help="Size of an input, like 3x299x299, int64:1x128 or mask=bool:1x128; N stands for the batch. "
            "May be repeated.",
            metavar="[NAME=][TYPE:]SIZES",
        ),
    ] = None,
    batch: Annotated[int | None, typer.Option(help="Images in a batch.")] = None,
    dtype: Annotated[
        str, typer.Option(help="Type of the weights and of inputs that do not say theirs: fp16, bf16, …")
    ] = "",
    train: Annotated[
        bool,
        typer.Option(
            "--train", help="Count training: auxiliary heads are executed, and gradients cost MACs."
        ),
    ] = False,
    audit: Annotated[
        bool,
        typer.Option(
            "--audit", help="Count again by independent engines; exit with 4 where one counts otherwise."
        ),
    ] = False,
    memory: Annotated[
        bool,
        typer.Option("--memory", help="Show what is alive when: peaks, who is there, what autograd saves."),
    ] = False,
    optimizer: Annotated[
        str,
        typer.Option(help="With --memory --train: sgd, momentum, rmsprop, adam or adamw.", metavar="NAME"),
    ] = "",
    foreach: Annotated[
        bool,
        typer.Option("--foreach", help="The optimizer updates all parameters at once, as it does on GPUs."),
    ] = False,
    measure: Annotated[
        bool, typer.Option("--measure", help="Also run on the CPU, and show what the allocator gave.")
    ] = False,
    largest_batch: Annotated[
        str, typer.Option(help="Show which batch fits into this memory, like 16GiB.", metavar="BYTES")
    ] = "",
    latency: Annotated[
        bool,
        typer.Option(
            "--latency", help="Measure how long it takes here; `inception-profiler bench` has more options."
        ),
    ] = False,
    scale: Annotated[
        list[str] | None,
        typer.Option(
            help="Count at many sizes and find the law: input=128..512:32 or batch=1,2,4. May be repeated.",
            metavar="AXIS=POINTS",
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 3 if the cost of any operation is unknown.")
    ] = False,
    as_: Annotated[
        str,
        typer.Option(
            "--as",
            help="Count as this tool does: fvcore, thop, paper, …; several with commas.",
            metavar="TOOL",
        ),
    ] = "",
    out: Out = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Version = False,
) -> int:
    """Show what a network costs: totals, by feature-map size, and layer by layer."""
    from inception_profiler.cli.output import checked_paths
    from inception_profiler.cli.request import Request, chosen_lens, refuse_unheeded
    from inception_profiler.document.view import View
    from inception_profiler.errors import InputError
    from inception_profiler.records.metrics import COLUMNS, SCALED, TRAINING_COLUMNS

    # A lens option replaces the whole answer by its own: name it here, in HEEDED, and give it its case below.
    lens = chosen_lens(
        {
            "--as": as_,
            "--audit": audit,
            "--latency": latency,
            "--memory": memory or measure or largest_batch,
            "--scale": scale,
        }
    )

    refuse_unheeded(
        lens,
        {
            "--by": by != View().by,
            "--depth": depth,
            "--columns": columns,
            "--sort": sort,
            "--top": top,
            "--strict": strict,
        },
    )
    if (optimizer or foreach) and lens != "--memory":
        raise InputError("an optimizer has a part in the memory of training only: add --memory")

    usual = SCALED if scale else TRAINING_COLUMNS if train else COLUMNS
    chosen = usual if columns is None else tuple(key.strip() for key in columns.split(",") if key.strip())
    view = View(by=by, depth=depth, columns=chosen, sort=sort, top=top).checked()
    request = Request(
        models=(model, *(vs or ())),
        inputs=tuple(input or ()),
        batch=batch,
        dtype=dtype,
        train=train,
        strict=strict,
        paths=checked_paths(out or ()),
        view=view,
    )
    match lens:
        case "--audit":
            from inception_profiler.cli.audit import audit as audited

            return audited(request)
        case "--latency":
            from inception_profiler.cli.bench import Wanted
            from inception_profiler.cli.bench import measure as time_models

            return time_models(
                Wanted(
                    request.models,
                    request.inputs,
                    batch="" if batch is None else str(batch),
                    dtype=dtype,
                    train=train,
                    paths=request.paths,
                )
            )
        case "--memory":
            from inception_profiler.cli.memory import memory as remember

            return remember(
                request, optimizer=optimizer, foreach=foreach, budget=largest_batch, measure=measure
            )
        case "--as":
            from inception_profiler.cli.conventions import counted_as

            return counted_as(request, as_)
        case "--scale":
            from inception_profiler.cli.scale import scale as show_curves

            return show_curves(request, scale or ())
        case _:
            from inception_profiler.cli.totals import totals

            return totals(request)
