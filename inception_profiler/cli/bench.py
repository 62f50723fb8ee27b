"""``bench`` and ``profile --latency``: how long models take on the device that is here."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from inception_profiler.cli.measuring import Ceilings, ChannelsLast, Device, FuseBn, Inputs, Threads
from inception_profiler.cli.options import Version
from inception_profiler.cli.profile import Out, Vs
from inception_profiler.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from inception_profiler.bench.latency import Step

INTERRUPTED = 130
"""Exit status where the user ended it; what was measured is shown and written."""

NOTHING_MEASURED = 5
"""Exit status where not one row could be measured."""


LOCAL = "local"
"""The engine that measures here."""


class Wanted(NamedTuple):
    """What is asked of a benchmark, as it was typed."""

    models: tuple[str, ...]
    inputs: tuple[str, ...] = ()
    batch: str = ""
    dtype: str = ""
    mode: str = "eager"
    channels_last: bool = False
    fuse_bn: bool = False
    train: bool = False
    threads: int = 0
    cold: bool = False
    cudnn_benchmark: bool | None = None
    time_limit: float | None = None
    device: str = ""
    ceilings: str = ""
    paths: Sequence[str] = ()


def bench(
    model: Annotated[
        str | None, typer.Argument(help="What `profile` takes: inception_v1, timm:NAME, file.py:NAME, …")
    ] = None,
    vs: Vs = None,
    batch: Annotated[
        str, typer.Option(help="Images in a batch; several with commas.", metavar="1,8,32")
    ] = "",
    dtype: Annotated[
        str,
        typer.Option(
            help="fp32, tf32, fp16, bf16, amp-fp16 or amp-bf16; several with commas.", metavar="fp32,bf16"
        ),
    ] = "",
    mode: Annotated[
        str, typer.Option(help="eager, cuda-graph or compile; several with commas.", metavar="eager,compile")
    ] = "eager",
    channels_last: ChannelsLast = False,
    fuse_bn: FuseBn = False,
    train: Annotated[
        bool, typer.Option("--train", help="A step of training: forward, backward, SGD.")
    ] = False,
    threads: Threads = 0,
    cold: Annotated[
        bool, typer.Option("--cold", help="Overwrite the last cache before each call, outside of the time.")
    ] = False,
    cudnn_benchmark: Annotated[
        bool | None,
        typer.Option(
            "--cudnn-benchmark/--no-cudnn-benchmark", help="Whether cuDNN tries its algorithms first."
        ),
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option(help="Seconds for each row at most, warm-up included.", metavar="SECONDS")
    ] = None,
    input: Inputs = None,
    device: Device = "",
    ceilings: Ceilings = "",
    layers: Annotated[
        bool, typer.Option("--layers", help="Show the time of every layer, as `roofline` does.")
    ] = False,
    top: Annotated[
        int,
        typer.Option(help="With --layers: show only those that lose most; 0 shows all.", metavar="N", min=0),
    ] = 0,
    sweep: Annotated[
        str,
        typer.Option(
            help="Measure all points of this TOML file, each in a process of its own.", metavar="FILE"
        ),
    ] = "",
    all_inception: Annotated[
        bool, typer.Option("--all-inception", help="Sweep over the Inception family without a file.")
    ] = False,
    engine: Annotated[
        str,
        typer.Option(help="Where a sweep runs: local, dask://HOST:PORT, ray or ray://HOST:PORT."),
    ] = LOCAL,
    journal: Annotated[
        str,
        typer.Option(help="Where a sweep keeps what it has measured; beside its file if left out."),
    ] = "",
    results: Annotated[
        str, typer.Option(help="Also write a file for each device of a sweep here.", metavar="FOLDER")
    ] = "",
    retry: Annotated[
        bool, typer.Option("--retry", help="Measure points of a sweep again that were not measured.")
    ] = False,
    out: Out = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Version = False,
) -> int:
    """Measure how long a model takes here, alone or side by side with others in the same rounds."""
    from inception_profiler.cli.output import checked_paths

    if sweep or all_inception:
        from inception_profiler.cli.sweep import Sweeping, axes
        from inception_profiler.cli.sweep import sweep as measure_all

        typed = {
            "MODEL": model,
            "--vs": vs,
            "--batch": batch,
            "--dtype": dtype,
            "--mode": mode if mode != "eager" else "",
            "--channels-last": channels_last,
            "--fuse-bn": fuse_bn,
            "--train": train,
            "--threads": threads,
            "--cold": cold,
            "--cudnn-benchmark": cudnn_benchmark is not None,
            "--time-limit": time_limit,
            "--input": input,
            "--device": device,
            "--ceilings": ceilings,
            "--layers": layers,
            "--top": top,
        }
        return measure_all(
            Sweeping(
                file=sweep,
                axes=axes(sweep, all_inception, typed),
                engine=engine,
                journal=journal,
                results=results,
                retry=retry,
                paths=checked_paths(out or ()),
            )
        )
    idle = {"--engine": engine != LOCAL, "--journal": journal, "--results": results, "--retry": retry}
    refuse_idle(idle, "belongs to a sweep: name its file with --sweep, or add --all-inception")
    if model is None:
        raise InputError("name what to measure: a model, --sweep FILE or --all-inception")
    refuse_idle({"--top": top and not layers}, "belongs to the layers: add --layers")
    from inception_profiler.cli.roofline import layers as time_layers

    return (partial(time_layers, top=top) if layers else measure)(
        Wanted(
            models=(model, *(vs or ())),
            inputs=tuple(input or ()),
            batch=batch,
            dtype=dtype,
            mode=mode,
            channels_last=channels_last,
            fuse_bn=fuse_bn,
            train=train,
            threads=threads,
            cold=cold,
            cudnn_benchmark=cudnn_benchmark,
            time_limit=time_limit,
            device=device,
            ceilings=ceilings,
            paths=checked_paths(out or ()),
        )
    )


def refuse_idle(options: Mapping[str, object], why: str) -> None:
    """Refuse options that were given and would change nothing.

    Raises:
        InputError: the first of them is named, with ``why``.
    """
    for option, value in options.items():
        if value:
            raise InputError(f"{option} {why}")


def measure(wanted: Wanted) -> int:
    """Measure, show, and return the exit status.

    Raises:
        InputError: what cannot be read, or what this device cannot do.
    """
    from inception_profiler.units import parse_points

    if wanted.ceilings not in {"", "again"}:
        raise InputError(f"--ceilings takes the word again, not {wanted.ceilings!r}")
    batches: tuple[int | None, ...] = parse_points(wanted.batch, "--batch") if wanted.batch else (None,)

    from inception_profiler.bench.contest import Wishes
    from inception_profiler.bench.device import find_device
    from inception_profiler.bench.latency import timed
    from inception_profiler.bench.rules import RULES, limited
    from inception_profiler.bench.settings import combinations, own_dtype
    from inception_profiler.cli.output import deliver
    from inception_profiler.cli.request import Request
    from inception_profiler.document.latency import benchmark_document

    rules = limited(RULES, wanted.time_limit)
    device = find_device(wanted.device)
    subjects = Request(wanted.models, inputs=wanted.inputs, train=wanted.train).subjects()
    settings = combinations(
        dtypes=_words(wanted.dtype) if wanted.dtype else (own_dtype(subjects[0].network),),
        modes=_words(wanted.mode),
        channels_last=wanted.channels_last,
        fused=wanted.fuse_bn,
        train=wanted.train,
        cold=wanted.cold,
        threads=wanted.threads,
        cudnn_benchmark=wanted.cudnn_benchmark,
    )
    with shown() as progress:
        result = timed(
            subjects,
            batches=batches,
            settings=settings,
            device=device,
            wishes=Wishes(rules, ceilings=True, again=wanted.ceilings == "again"),
            progress=progress,
        )
    deliver(benchmark_document(result), wanted.paths)
    if result.interrupted:
        return INTERRUPTED
    return 0 if any(row.seconds for row in result.measurements) else NOTHING_MEASURED


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


@contextmanager
def shown() -> Iterator[Callable[[Step], None] | None]:
    """Show how far it is, on a terminal only, and on stderr so that what is printed stays clean."""
    if not sys.stderr.isatty():
        yield None
        return
    from inception_profiler.cli.progress import live

    with live() as update:
        yield update
