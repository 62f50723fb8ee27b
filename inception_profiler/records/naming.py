"""How attribute paths are shown: the paper's own layer names where a model's card gives them."""

from __future__ import annotations

from inception_profiler.records.frozen import record


@record
class Naming:
    """The names that a paper gives to the segments of a path.

    ``segments`` maps an attribute name to the paper's; an empty name drops the segment. Without segments a
    path is shown as it is.

    >>> Naming("/", (("reduce_5x5", "5x5_reduce"), ("conv", ""))).name("inception_3a.reduce_5x5.conv")
    'inception_3a/5x5_reduce'
    """

    separator: str = "."
    segments: tuple[tuple[str, str], ...] = ()

    def name(self, path: str) -> str:
        """Return the name under which ``path`` is shown; empty for the model itself."""
        if not self.segments:
            return path.replace(".", self.separator)
        given = dict(self.segments)
        shown = [given.get(segment, segment) for segment in path.split(".")]
        return self.separator.join(segment for segment in shown if segment)
