"""``roofline`` and ``bench --layers``: where the time of a model goes, beside what the device can do."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from inception_profiler.cli.bench import INTERRUPTED, Wanted, shown
from inception_profiler.cli.measuring import Ceilings, ChannelsLast, Device, FuseBn, Inputs, Threads
from inception_profiler.cli.options import Version
from inception_profiler.cli.profile import Out
from inception_profiler.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from inception_profiler.bench.latency import Step

Top = Annotated[
    int, typer.Option(help="Show only the layers that lose most; 0 shows all.", metavar="N", min=0)
]


def roofline(
    model: Annotated[
        str, typer.Argument(help="What `profile` takes: inception_v1, timm:NAME, file.py:NAME, …")
    ],
    batch: Annotated[str, typer.Option(help="Images in a batch.", metavar="N")] = "",
    dtype: Annotated[
        str, typer.Option(help="fp32, tf32, fp16, bf16, amp-fp16 or amp-bf16.", metavar="DTYPE")
    ] = "",
    channels_last: ChannelsLast = False,
    fuse_bn: FuseBn = False,
    threads: Threads = 0,
    time_limit: Annotated[
        float | None,
        typer.Option(help="Seconds for the runs with and without instruments.", metavar="SECONDS"),
    ] = None,
    input: Inputs = None,
    device: Device = "",
    ceilings: Ceilings = "",
    top: Top = 0,
    out: Out = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Version = False,
) -> int:
    """Show where the time of a model goes, layer by layer, and what the device could do at most."""
    from inception_profiler.cli.output import checked_paths

    return layers(
        Wanted(
            models=(model,),
            inputs=tuple(input or ()),
            batch=batch,
            dtype=dtype,
            channels_last=channels_last,
            fuse_bn=fuse_bn,
            threads=threads,
            time_limit=time_limit,
            device=device,
            ceilings=ceilings,
            paths=checked_paths(out or ()),
        ),
        top,
    )


def layers(wanted: Wanted, top: int) -> int:
    """Time the layers of one model in one setting, show them, and return the exit status.

    Raises:
        InputError: several models or settings, what cannot be read, or what this device cannot do.
    """
    from inception_profiler.units import parse_points

    if len(wanted.models) > 1:
        raise InputError("layers are those of one model: leave out --vs")
    if wanted.train:
        raise InputError("layers are timed in inference: leave out --train")
    if wanted.ceilings not in {"", "again"}:
        raise InputError(f"--ceilings takes the word again, not {wanted.ceilings!r}")
    batches = parse_points(wanted.batch, "--batch") if wanted.batch else (None,)
    for option, several in (("--batch", batches), ("--dtype", wanted.dtype.split(","))):
        if len(several) > 1:
            raise InputError(f"layers are timed in one setting: give {option} one value")

    from inception_profiler.bench.device import find_device
    from inception_profiler.bench.latency import Step
    from inception_profiler.bench.layers import RULES, layered
    from inception_profiler.bench.rules import limited
    from inception_profiler.bench.settings import combinations, own_dtype
    from inception_profiler.cli.output import deliver
    from inception_profiler.cli.request import Request
    from inception_profiler.document.roofline import roofline_document
    from inception_profiler.records.latency import INTERRUPTED as STOPPED

    rules = limited(RULES, wanted.time_limit)
    device = find_device(wanted.device)
    (about,) = Request(wanted.models, inputs=wanted.inputs, batch=batches[0]).subjects()
    (setting,) = combinations(
        dtypes=(wanted.dtype or own_dtype(about.network),),
        modes=(wanted.mode,),
        channels_last=wanted.channels_last,
        fused=wanted.fuse_bn,
        cold=wanted.cold,
        threads=wanted.threads,
        cudnn_benchmark=wanted.cudnn_benchmark,
    )
    with shown() as progress:
        found = layered(
            about,
            setting,
            device,
            rules=rules,
            again=wanted.ceilings == "again",
            progress=progress and partial(_tell, progress, Step(1, 1, setting, batches[0])),
        )
    deliver(roofline_document(found, top=top), wanted.paths)
    return INTERRUPTED if found.stopped == STOPPED else 0


def _tell(progress: Callable[[Step], None], step: Step, rounds: int, half_width: float) -> None:
    progress(step._replace(rounds=rounds, half_width=half_width))
