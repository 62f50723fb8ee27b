"""``diff``: two saved counts, or two git revisions, held against each other layer by layer."""

from __future__ import annotations

from typing import Annotated

import typer

from inception_profiler.cli.check import Config, Input, Top
from inception_profiler.cli.options import Version
from inception_profiler.cli.profile import Out

DIFFERS = 1
"""Exit status where the two sides are not the same, as that of ``diff`` itself."""


def diff(
    sides: Annotated[
        list[str] | None,
        typer.Argument(
            help="Two files: saved profiles or lock files. With --rev, the models to count; by default those "
            "of the configuration.",
            metavar="OLD NEW | [MODEL]...",
        ),
    ] = None,
    rev: Annotated[
        list[str] | None,
        typer.Option(
            help="Count this git revision; twice for two revisions, once for it against the working tree.",
            metavar="REVISION",
        ),
    ] = None,
    config: Config = None,
    input: Input = None,
    top: Top = 40,
    out: Out = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Version = False,
) -> int:
    """Show which layers grew, shrank, appeared, went or were renamed between two counts.

    Exit status: 0 same, 1 different, 2 usage.
    """
    from inception_profiler.cli.output import checked_paths, deliver
    from inception_profiler.document.difference import difference_document
    from inception_profiler.errors import InputError
    from inception_profiler.guard.differences import between
    from inception_profiler.guard.sides import read_side

    paths = checked_paths(out or ())
    names, revisions = sides or [], rev or []
    if len(revisions) > 2:
        raise InputError("--rev is given once or twice: two sides are compared")
    if revisions:
        from inception_profiler.guard.checking import asked_for
        from inception_profiler.guard.configuration import configured
        from inception_profiler.guard.revisions import revised

        configuration = configured(config)
        budgets = asked_for(configuration, names, input or ())
        new = revisions[1] if len(revisions) == 2 else None
        result = revised(configuration.root, revisions[0], new, budgets)
    else:
        if len(names) != 2:
            raise InputError("diff takes two files, OLD NEW, or a revision: --rev main")
        if config or input:
            raise InputError(
                "--config and --input belong to --rev: two files say themselves what was counted"
            )
        old, new_side = map(read_side, names)
        result = between(old, new_side, (names[0], names[1]))
    deliver(difference_document(result, top=top), paths)
    return 0 if result.same else DIFFERS
