"""``report``: the folder of reports, written or checked."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from inception_profiler.cli.options import Version

DIFFERS = 1
"""Exit status where a page failed, or where a check found something else than what is generated."""


def report(
    out: Annotated[str, typer.Option(metavar="FOLDER", help="Where the pages stand.")] = "reports",
    only: Annotated[
        str, typer.Option(metavar="PARTS", help="Only these parts, with commas between: family,claims.")
    ] = "",
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; exit with 1 if a page is not what would be written."),
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Version = False,
) -> int:
    """Write the folder of reports: the family, every network, the claims, the measurements, with pictures."""
    from inception_profiler.cli.progress import counting
    from inception_profiler.report.folder import FAILED, SAME, WRITTEN, Fate, hold, stale, write
    from inception_profiler.report.part import chosen

    folder = Path(out)
    parts = chosen(tuple(filter(None, map(str.strip, only.split(",")))))
    pages = [page for part in parts for page in part.pages()]
    treat = hold if check else write
    fates: list[Fate] = []
    with counting(len(pages)) as begin:
        for page in pages:
            begin(page.path)
            fates += treat(folder, page)
    left = stale(folder, parts, (fate.path for fate in fates))
    wrong = [fate for fate in fates if fate.kind not in {SAME, WRITTEN}]
    for fate in wrong:
        print(f"{folder / fate.path}: {fate.kind}{f': {fate.said}' if fate.said else ''}", file=sys.stderr)
    for path in left:
        print(f"{folder / path}: left over: nothing writes it any more; delete it", file=sys.stderr)
    done = sum(fate.kind == WRITTEN for fate in fates)
    same = sum(fate.kind == SAME for fate in fates)
    if check:
        print(f"{folder}: {same} of {len(fates)} files are as they are generated", file=sys.stderr)
        if any(fate.kind != FAILED for fate in wrong):
            print("run inception-profiler report and commit what it writes", file=sys.stderr)
        return DIFFERS if wrong or left else 0
    print(f"{folder}: {done} files written, {same} unchanged", file=sys.stderr)
    return DIFFERS if wrong else 0
