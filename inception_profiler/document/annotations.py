"""What a review shows beside the line that defines a model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from inception_profiler.document.told import reasons
from inception_profiler.records.check import UNCLEAR, Check, ModelCheck
from inception_profiler.records.frozen import record

ERROR = "error"
WARNING = "warning"


@record
class Annotation:
    """A remark on a line of a file.

    Attributes:
        level: ``error`` or ``warning``.
        title: what it is about.
        text: lines that say what is wrong.
        file: where it belongs, relative to the repository; empty where that is not known.
        line: the line there, from 1; 0 where that is not known.
    """

    level: str
    title: str
    text: str
    file: str = ""
    line: int = 0


def remarks(check: Check, folder: str = "") -> Iterator[Annotation]:
    """Remark on every model that fails, and on every limit that could be neither met nor broken.

    Args:
        check: what was found.
        folder: of the configuration, relative to the repository.
    """
    for model in check.models:
        file = (PurePosixPath(folder) / model.file).as_posix() if model.file else ""
        lines = reasons(check, model)
        if lines:
            text = "\n".join(lines)
            yield Annotation(ERROR, f"cost of {model.name}", text, file, model.line)
        unclear = list(_unclear(model))
        if unclear:
            yield Annotation(WARNING, f"cost of {model.name}", "\n".join(unclear), file, model.line)


def _unclear(model: ModelCheck) -> Iterator[str]:
    for entry in model.judgements:
        if entry.verdict == UNCLEAR:
            yield f"{entry.title} {entry.limit} is unclear: {entry.note}"
