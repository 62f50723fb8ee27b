"""Where in its modules a model spends what: trees of profiles and of what was timed layer by layer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from inception_profiler.document.profiled import setting
from inception_profiler.document.tree import Anatomy, Measure, Node, Tree
from inception_profiler.records.metrics import METRICS, Metric
from inception_profiler.records.naming import Naming
from inception_profiler.records.profile import Profile
from inception_profiler.records.roofline import Roofline
from inception_profiler.units import Unit

_USUAL = ("macs", "params", "activation_bytes", "weight_bytes")
_CAPTION = (
    "The area of a module is its part of the whole; its colour is the kind of operation. What costs nothing "
    "by the chosen measure has no area. Parameters are booked where they are used first."
)
_TIMED = "The area of a module is its part of the whole; its colour is what limits the operation."
_TIMES = (
    Measure("seconds", "time", Unit.SECONDS, "median time of every call, in an instrumented run"),
    Measure("macs", "MACs", Unit.COUNT, METRICS.get("macs").explained),
    Measure("bytes", "bytes moved", Unit.BYTES, "inputs, outputs and parameters of every call, each once"),
)


class _Leaf(NamedTuple):
    """A call: the module that did it, what it did, and what each measure spends on it."""

    path: str
    op: str
    kind: str
    values: tuple[float, ...]


def profile_anatomy(profiles: Sequence[Profile], metrics: Sequence[Metric]) -> Anatomy:
    """Show in which modules profiles spend what: the usual measures, and those of ``metrics`` that add up."""
    return Anatomy("Module by module", profile_trees, (tuple(profiles), tuple(metrics)), _CAPTION)


def roofline_anatomy(roofline: Roofline) -> Anatomy:
    """Show in which modules the measured time goes, beside what they compute and move."""
    return Anatomy("Module by module", roofline_trees, (roofline,), _TIMED)


def profile_trees(profiles: Sequence[Profile], metrics: Sequence[Metric]) -> Iterator[Tree]:
    """Yield a tree for each profile; a measure that none of them has anything of is left out."""
    keys = dict.fromkeys((*_USUAL, *(metric.key for metric in metrics if metric.additive)))
    chosen = [METRICS.get(key) for key in keys]
    chosen = [metric for metric in chosen if any(metric.of(profile) for profile in profiles)]
    measures = tuple(Measure(each.key, each.title, each.unit, each.explained) for each in chosen)
    for profile in profiles if measures else ():
        leaves = (
            _Leaf(layer.path, layer.op, layer.call.kind, tuple(metric.of(layer) for metric in chosen))
            for layer in profile.layers
        )
        nodes = _nodes(profile.model, profile.naming, leaves)
        yield Tree(profile.model, measures, nodes, setting(profile))


def roofline_trees(roofline: Roofline) -> Iterator[Tree]:
    """Yield the tree of a model whose calls were timed."""
    leaves = (
        _Leaf(layer.path, layer.op, roofline.verdict(layer), (layer.seconds, layer.macs, layer.bytes))
        for layer in roofline.layers
    )
    source = (
        f"Timed on {roofline.environment.device}, {roofline.rounds} rounds; {roofline.ceilings.taken}. "
        f"The calls add up to {roofline.explained:.0%} of the time of the whole model."
    )
    names = {layer.path: layer.name for layer in roofline.layers}
    yield Tree(roofline.model, _TIMES, _nodes(roofline.model, Naming(), leaves, names), source)


class _Branch:
    """A module while its tree grows: the modules in it by name, and what it does itself by operation."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.parts: dict[tuple[str, str], _Branch] = {}
        self.values: tuple[float, ...] = ()
        self.op = ""
        self.kind = ""

    def part(self, path: str, op: str = "") -> _Branch:
        return self.parts.setdefault((path, op), _Branch(path))

    def grown(self) -> tuple[float, ...]:
        """Add up the parts, each of which adds up its own first."""
        if self.parts:
            self.values = tuple(map(sum, zip(*(part.grown() for part in self.parts.values()), strict=True)))
        return self.values


def _nodes(
    model: str, naming: Naming, leaves: Iterable[_Leaf], names: Mapping[str, str] | None = None
) -> tuple[Node, ...]:
    """Put calls into the tree of the modules that did them; a module of one part is shown as that part."""
    root = _Branch("")
    for leaf in leaves:
        if not any(leaf.values):
            continue
        branch, segments = root, leaf.path.split(".") if leaf.path else []
        for count in range(1, len(segments) + 1):
            branch = branch.part(".".join(segments[:count]))
        own = branch.part(leaf.path, leaf.op)
        own.op, own.kind = leaf.op, leaf.kind
        own.values = tuple(map(sum, zip(own.values or (0,) * len(leaf.values), leaf.values, strict=True)))
    root.grown()
    found = [Node(model, model, None, root.values)]
    _spread(root, 0, found, naming, names or {})
    return tuple(found)


def _spread(
    branch: _Branch, parent: int, found: list[Node], naming: Naming, names: Mapping[str, str]
) -> None:
    within = naming.name(branch.path)
    for part in branch.parts.values():
        shown = part
        while len(shown.parts) == 1:
            (shown,) = shown.parts.values()
        alone = shown is not part or shown.op == ""
        title = names.get(shown.path) or naming.name(shown.path) or found[0].title
        inside = title.removeprefix(within).lstrip("/.") if within else title
        label = inside if alone else shown.op
        if shown.op:
            title = f"{title} · {shown.op}"
        found.append(Node(label or title, title, parent, shown.values, shown.kind))
        _spread(shown, len(found) - 1, found, naming, names)
