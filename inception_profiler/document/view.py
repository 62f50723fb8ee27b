"""What a reader wants to see of a result."""

from __future__ import annotations

from inception_profiler.errors import InputError
from inception_profiler.records.frozen import record
from inception_profiler.records.metrics import COLUMNS, METRICS, Metric

DEEP = ("module", "layer")
"""The groupings whose rows are modules, and so can be cut at a depth."""

GROUPINGS = ("stage", "module", "layer", "op", "resolution")


@record
class View:
    """The choices of a reader.

    Attributes:
        by: how the subject's rows are grouped: one of `GROUPINGS`; ``layer`` is the tree of stages, modules
            and layers.
        depth: how many segments of a module path make a row; None takes what suits the grouping.
        columns: keys of the metrics shown.
        sort: key of the metric by which rows are sorted, largest first; empty keeps the order of execution.
        top: how many rows are shown; 0 shows all.
    """

    by: str = "layer"
    depth: int | None = None
    columns: tuple[str, ...] = COLUMNS
    sort: str = ""
    top: int = 0

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics shown."""
        return tuple(METRICS.get(key) for key in dict.fromkeys(self.columns))

    def checked(self) -> View:
        """Return the view itself.

        Raises:
            InputError: an unknown grouping, or a depth or number of rows out of range.
            UnknownNameError: a metric that does not exist; the nearest are suggested.
        """
        if self.by not in GROUPINGS:
            raise InputError(f"cannot group by {self.by!r}: choose {', '.join(GROUPINGS)}")
        if self.depth is not None and self.by not in DEEP:
            raise InputError(f"a depth has no part in rows by {self.by}: it goes with {' and '.join(DEEP)}")
        if self.depth is not None and self.depth < 1:
            raise InputError(f"a depth is at least 1, not {self.depth}")
        if self.top < 0:
            raise InputError(f"the number of rows cannot be negative: {self.top}")
        if not self.columns:
            raise InputError(f"no columns: choose some of {', '.join(METRICS)}")
        for key in (*self.columns, *([self.sort] if self.sort else [])):
            METRICS.get(key)
        return self
