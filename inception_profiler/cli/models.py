"""``models``: the list of registered models, and the card of one."""

from __future__ import annotations

from typing import Annotated

import typer

from inception_profiler.cli.options import Version
from inception_profiler.cli.profile import Out


def models(
    name: Annotated[
        str | None, typer.Argument(help="Show the card of this one; a name or an alias.", metavar="NAME")
    ] = None,
    family: Annotated[str, typer.Option(help="List only this family: inception, resnet, vgg, …")] = "",
    sort: Annotated[
        str, typer.Option(help="Sort by year, params, params_with_auxiliary, macs, top1 or top5.")
    ] = "",
    out: Out = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Version = False,
) -> None:
    """List the models that have a name here, or show the card of one: its source, numbers and deviations."""
    from inception_profiler.cli.output import checked_paths, deliver
    from inception_profiler.document.models import Listing, card_document, models_document
    from inception_profiler.errors import InputError

    paths = checked_paths(out or [])
    if name is not None and (family or sort):
        raise InputError("--family and --sort belong to the list: leave out NAME")

    from inception_profiler.zoo.card import canonical, load

    if name is None:
        deliver(models_document((card for card, _ in load().values()), Listing(family, sort)), paths)
    else:
        deliver(card_document(load().get(canonical(name)).card, name), paths)
