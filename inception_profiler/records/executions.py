"""How often a module ran, in the whole forward pass or in a part of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from inception_profiler.records.layer import LayerCost
from inception_profiler.records.trace import ModuleSpec


class Executions:
    """The executions of every module, by its path; each of them is taken to make the same calls."""

    def __init__(self, modules: Iterable[ModuleSpec], layers: Sequence[LayerCost]) -> None:
        self._times = {module.path: module.executions for module in modules if module.executions > 1}
        self._calls: Counter[tuple[str, str]] = Counter()
        for (path, op), calls in Counter((layer.path, layer.op) for layer in layers if self._times).items():
            self._calls[path, op] += calls
            for prefix in _prefixes(path):
                self._calls[prefix, ""] += calls

    def of(self, path: str, inside: Sequence[LayerCost], op: str = "") -> int:
        """Return how many executions of the module at ``path`` the calls ``inside`` come from.

        They are some of the calls that the module and those in it made or, where ``op`` is given, some of the
        calls of that operation that it made itself. 1 for a module that ran once, and where the calls are no
        whole number of executions.
        """
        times = self._times.get(path)
        if times is None:
            return 1
        executions, rest = divmod(times * len(inside), self._calls[path, op])
        return 1 if rest else executions


def _prefixes(path: str) -> Iterator[str]:
    segments = path.split(".") if path else []
    return (".".join(segments[:count]) for count in range(len(segments) + 1))
