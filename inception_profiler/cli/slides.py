"""``slides``: the lecture on what Inception networks cost, as a file."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from inception_profiler.cli.options import Version


def slides(
    out: Annotated[
        list[str],
        typer.Option(
            metavar="FILE",
            help="Where to write the lecture; the suffix tells the format (.pptx .pdf .md). May be repeated.",
        ),
    ],
    topic: Annotated[
        str,
        typer.Option(
            help="Only these topics, with commas between: bottleneck,stem. --topic list lists them."
        ),
    ] = "",
    lang: Annotated[str, typer.Option(help="Language: en or zh.")] = "en",
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Version = False,
) -> None:
    """Write a lecture on what Inception networks cost: slides with native tables and charts, and notes."""
    from inception_profiler.files import check_writable, write_whole
    from inception_profiler.render.slides.formats import deck_format

    renderers = {path: deck_format(path) for path in out}
    for path in out:
        check_writable(path)

    from inception_profiler.claims.evidence import Evidence
    from inception_profiler.document.lecture.topics import lecture

    chosen = tuple(filter(None, (name.strip() for name in topic.split(","))))
    deck = lecture(Evidence(), lang, chosen)
    for path, render in renderers.items():
        write_whole(path, render(deck))
        print(f"wrote {path}", file=sys.stderr)
