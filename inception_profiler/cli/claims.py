"""``claims``: what the documents claim, recomputed."""

from __future__ import annotations

from typing import Annotated

import typer

from inception_profiler.cli.options import Version
from inception_profiler.cli.profile import Out


def claims(
    name: Annotated[
        str | None, typer.Argument(help="Show this one, with its derivation.", metavar="NAME")
    ] = None,
    document: Annotated[
        str, typer.Option(help="List only this document's: its name or number, lecture8-notes or 001.")
    ] = "",
    verdict: Annotated[
        str, typer.Option(help="List only these: exact, rounded, convention, refuted, reported, …")
    ] = "",
    out: Out = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Version = False,
) -> None:
    """List the documents' claims with what the counters find, or show the derivation of one."""
    from inception_profiler.cli.output import checked_paths, deliver
    from inception_profiler.document.claims import claim_document, ledger_document
    from inception_profiler.errors import InputError

    paths = checked_paths(out or [])
    if name is not None and (document or verdict):
        raise InputError("--document and --verdict belong to the list: leave out NAME")

    from inception_profiler.claims.ledger import ledger, verify

    if name is None:
        deliver(ledger_document(ledger(document, verdict)), paths)
    else:
        deliver(claim_document(verify(name)), paths)
