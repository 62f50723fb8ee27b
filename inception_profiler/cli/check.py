"""``check``: the cost budget of a project, in a terminal and in continuous integration."""

from __future__ import annotations

from typing import Annotated

import typer

from inception_profiler.cli.options import Version
from inception_profiler.cli.profile import Out

FAILS = 1
"""Exit status where a model changed, is over a limit, or could not be counted."""

Config = Annotated[
    str | None,
    typer.Option(
        help="Read [tool.inception-profiler] of this file; by default of the nearest pyproject.toml.",
        metavar="FILE",
    ),
]
Input = Annotated[
    list[str] | None,
    typer.Option(
        help="Size of an input of a MODEL that is not configured, like 3x32x32; may be repeated.",
        metavar="[NAME=][TYPE:]SIZES",
    ),
]
Top = Annotated[
    int, typer.Option(help="Show only this many of the layers that differ, the largest differences.")
]


def check(
    models: Annotated[
        list[str] | None,
        typer.Argument(
            help="Check only these: names of the configuration or of the lock file, or spellings of models.",
            metavar="[MODEL]...",
        ),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Write what is counted to the lock file: it is agreed to.")
    ] = False,
    config: Config = None,
    lock: Annotated[
        str | None, typer.Option(help="Use this lock file instead of profile.lock.json.", metavar="FILE")
    ] = None,
    input: Input = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="Exit with 3 for unknown operations also where the lock file lists them."
        ),
    ] = False,
    latency: Annotated[
        bool,
        typer.Option("--latency/--no-latency", help="Measure where latency is limited, or leave it out."),
    ] = True,
    top: Top = 40,
    out: Out = None,
    report: Annotated[
        list[str] | None,
        typer.Option(
            help="Also write a report for another tool: junit, github-action-benchmark or bencher. May be "
            "repeated.",
            metavar="NAME=FILE",
        ),
    ] = None,
    github: Annotated[
        bool,
        typer.Option(
            "--github",
            help="In a step of GitHub Actions: annotate the lines that define models, write the job summary.",
        ),
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Version = False,
) -> int:
    """Recount models and hold them against a lock file and against limits.

    Exit status: 0 same, 1 changed or over a limit, 2 usage, 3 the cost of some operations is unknown.
    """
    from inception_profiler.cli.github import announce, in_step
    from inception_profiler.cli.output import checked_paths, deliver, put
    from inception_profiler.cli.request import UNKNOWN_OPERATIONS
    from inception_profiler.document.check import check_document
    from inception_profiler.files import check_writable
    from inception_profiler.guard.checking import checked
    from inception_profiler.guard.configuration import configured
    from inception_profiler.render.report.kinds import asked

    with in_step(github):
        paths = checked_paths(out or ())
        reports = {path: write for write, path in map(asked, report or ())}
        configuration = configured(config, lock)
        for path in (*reports, *([configuration.lock] if update else ())):
            check_writable(path)
        result = checked(
            configuration, models or (), inputs=input or (), update=update, strict=strict, latency=latency
        )
        document = check_document(result, top=top)
        deliver(document, paths)
        for path, write in reports.items():
            put(path, write(result))
    if github:
        announce(result, document, configuration.root)
    if result.failing:
        return FAILS
    return UNKNOWN_OPERATIONS if result.unknown else 0
