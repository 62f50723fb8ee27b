"""A page of the folder: a document under a path, with the pictures that it shows beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from inception_profiler.document.blocks import Block, Document
from inception_profiler.document.chart import Chart, Illustration
from inception_profiler.records.frozen import record
from inception_profiler.render.formats import for_path

PICTURES = ".svg"
"""Pictures are drawings whose text is text: small, sharp at every size, and compared line by line."""


@record
class Page:
    """A page that can be written.

    Attributes:
        path: within the folder, ``models/inception_v3.md``; the suffix tells the format.
        title: what a link to it says.
        about: what a reader finds on it, in one line.
        build: works its document out, or the bytes of what is none; only when it is written.
    """

    path: str
    title: str
    about: str
    build: Callable[[], Document | bytes]

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the page and its pictures, each by its path within the folder."""
        document = self.build()
        if isinstance(document, bytes):
            yield self.path, document
            return
        yield self.path, for_path(self.path)(document)
        if PurePosixPath(self.path).suffix == ".md":
            for block in document.blocks:
                if isinstance(block, Illustration) and block.file:
                    beside = PurePosixPath(self.path).with_name(block.file)
                    yield str(beside), for_path(block.file)(Document(document.title, (block,)))


def illustrated(
    document: Document, file: str, draw: Callable[..., Iterator[Chart]], *of: object, after: int = 1
) -> Document:
    """Return a document whose pictures are one, in a file beside its page, behind its first blocks."""
    rest = [block for block in document.blocks if not isinstance(block, Illustration)]
    return Document(document.title, (*rest[:after], pictured(file, draw, *of), *rest[after:]))


def pictured(file: str, draw: Callable[..., Iterator[Chart]], *of: object) -> Block:
    """Return charts as a picture in a file beside the page."""
    return Illustration(draw, of, file)
