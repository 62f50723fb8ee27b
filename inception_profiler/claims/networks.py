"""What claims on whole networks rest on: how deep they are, what they are made of, one against another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from inception_profiler.claims.derive import counted, fact, ratio, total, whole
from inception_profiler.claims.layers import numbers, of_kind
from inception_profiler.records.claim import CLOSE, DEFAULT, Reading, Step, Used
from inception_profiler.records.layer import LayerCost
from inception_profiler.records.profile import Profile

NOTABLY = str(float(CLOSE))
"""The bound of what a document calls notably, markedly or much more: beyond what it calls close."""

RELEASED = "the network as released"
"""The convention of a reading that takes the released network where the paper's figures are the default."""


def times(
    over: str,
    under: str,
    key: str = "params",
    unit: str = "params",
    *,
    convention: str = DEFAULT,
    explains: bool = False,
) -> Reading:
    """Divide a total of one registered model by that of another."""
    return ratio(
        whole(counted(over), key, unit),
        whole(counted(under), key, unit),
        title=f"{over} / {under}",
        convention=convention,
        explains=explains,
    )


def depth(model: str, *, pooling: bool = False, convention: str = DEFAULT) -> Reading:
    """Count the layers with weights on the longest path, poolings too if asked, module by module."""
    profile = counted(model)
    reached = 0
    parts: dict[str, Used] = {}
    for layer in profile.layers:
        here = layer.depth_with_pooling if pooling else layer.depth
        if here > reached:
            name = profile.naming.name(layer.path.split(".")[0])
            first = parts.get(name)
            index = first.index if first else layer.call.index
            output = "×".join(map(str, layer.call.outputs[0].shape[1:]))
            grown = here - reached + (int(first.value) if first else 0)
            parts[name] = Used(profile.model, index, name, output, grown)
            reached = here
    what = "layers with weights and poolings" if pooling else "layers with weights"
    step = Step(
        f"longest path through {model}",
        f"{what}, module by module",
        " + ".join(str(part.value) for part in parts.values()),
        reached,
        "layers",
    )
    return Reading(reached, "layers", convention, (step,), tuple(parts.values()))


def without(
    model: Profile, left_out: Callable[[LayerCost], bool], of: Callable[[LayerCost], int], unit: str, *,
    convention: str, explains: bool = False,
) -> Reading:  # fmt: skip
    """Add up a count over all layers but some."""
    kept = [layer for layer in model.layers if not left_out(layer)]
    return total(
        model, kept, of, unit, title=f"{unit} of {model.model}, {convention}", convention=convention,
        explains=explains,
    )  # fmt: skip


def distinct(model: str, values: Iterable[object], what: str, unit: str) -> Reading:
    """Count how many different values there are, and name them."""
    named = sorted({str(value) for value in values})
    return fact(len(named), unit, f"{what} of {model}", ", ".join(named), formula="one for each that differs")


def with_kernel(model: Profile, *kernel: int, under: str = "") -> tuple[LayerCost, ...]:
    """Return the convolutions of a kernel, given by height and width, below a path if one is given."""
    return tuple(
        layer
        for layer in of_kind(model.layers, "convolution")
        if numbers(layer, "kernel") == kernel and layer.path.startswith(under)
    )


def children(model: Profile, prefix: str) -> tuple[str, ...]:
    """Return the paths of the modules of one list: ``inception_a.0`` and so on."""
    deep = prefix.count(".") + 1
    found = (".".join(layer.path.split(".")[: deep + 1]) for layer in model.layers)
    return tuple(dict.fromkeys(path for path in found if path.startswith(f"{prefix}.")))


def side_by_side(
    values: Sequence[tuple[str, float]],
    pick: Callable[..., float],
    title: str,
    formula: str,
    unit: str,
    *,
    convention: str = DEFAULT,
) -> Reading:
    """Take the largest or smallest of several values, all of them named."""
    shown = ", ".join(f"{name}: {value:g}" for name, value in values)
    value = pick(value for _, value in values)
    return fact(value, unit, title, shown, formula=formula, convention=convention)
