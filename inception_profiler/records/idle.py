"""Modules whose parameters no call used, such as auxiliary heads in inference."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from inception_profiler.records.frozen import record
from inception_profiler.records.trace import ModuleSpec, ParameterSpec


@record
class Idle:
    """A module none of whose parameters were used, or one of which some were not.

    Attributes:
        path: the outermost module in which no parameter was used; where there is none, the module that holds
            the unused ones itself.
        whole: whether none of its parameters was used.
        kind: its class.
        parameters: paths of the unused parameters.
        params: their elements, tied ones once.
        weight_bytes: their bytes.
    """

    path: str
    whole: bool
    kind: str
    parameters: tuple[str, ...]
    params: int
    weight_bytes: int


def idle_modules(
    parameters: Iterable[ParameterSpec], modules: Iterable[ModuleSpec], unused: Collection[str]
) -> tuple[Idle, ...]:
    """Gather the ``unused`` parameters by the outermost modules that none but them belong to."""
    specs = tuple(parameters)
    used = {prefix for spec in specs if spec.path not in unused for prefix in _holders(spec.path)}
    kinds = {module.path: module.kind for module in modules}
    members: dict[str, list[ParameterSpec]] = {}
    for spec in specs:
        if spec.path in unused:
            holders = list(_holders(spec.path))
            place = next((path for path in holders if path and path not in used), holders[-1])
            members.setdefault(place, []).append(spec)
    first: dict[int, str] = {}
    for spec in specs:
        if spec.path in unused:
            first.setdefault(spec.identity, spec.path)
    found = []
    for path, inside in members.items():
        tensors = [spec.tensor for spec in inside if first[spec.identity] == spec.path]
        found.append(
            Idle(
                path,
                bool(path) and path not in used,
                kinds.get(path, ""),
                tuple(spec.path for spec in inside),
                sum(tensor.numel for tensor in tensors),
                sum(tensor.nbytes for tensor in tensors),
            )
        )
    return tuple(found)


def _holders(path: str) -> Iterator[str]:
    """Yield the paths of the modules that hold a parameter, the model itself first."""
    segments = path.split(".")
    return (".".join(segments[:count]) for count in range(len(segments)))
