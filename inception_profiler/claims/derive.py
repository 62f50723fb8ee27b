"""Measuring a quantity from profiles, step by step, so that the derivation can be shown."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache

from inception_profiler.analysis.conventions.translate import translate
from inception_profiler.analysis.profile import counted as price
from inception_profiler.analysis.profile import profile
from inception_profiler.analysis.subject import subject
from inception_profiler.claims.layers import macs, of_kind, weight_shape
from inception_profiler.claims.stated import stated
from inception_profiler.records.claim import DEFAULT, SHARE, Reading, Step, Used
from inception_profiler.records.layer import LayerCost
from inception_profiler.records.naming import Naming
from inception_profiler.records.profile import Profile
from inception_profiler.records.sketch import Convolution, Sketch
from inception_profiler.units import Unit, scale_for
from inception_profiler.zoo.sketch import draw

CONTRACTIONS = ("convolution", "linear")
SHOWN_TERMS = 12
"""How many terms of a sum are written out; a longer sum says how many there are."""

text = scale_for((), Unit.EXACT).text
"""Prints a number with every digit where it is whole, with five significant ones where it is not."""


@cache
def counted(model: str) -> Profile:
    """Profile a registered model at its own input, once."""
    return profile(model)


@cache
def trained(model: str) -> Profile:
    """Profile a registered model in training, auxiliary heads and all, once.

    The batch is of two images: batch normalization on a map of one pixel takes no fewer.
    """
    return profile(model, train=True, batch=2)


@cache
def sketched(
    in_channels: int,
    *convolutions: tuple[int, int | tuple[int, int]],
    size: int | tuple[int, int] = 1,
    bias: bool = False,
) -> Profile:
    """Profile a chain of convolutions at stride 1, each ``(filters, kernel)``, on maps of one size."""
    height, width = (size, size) if isinstance(size, int) else size
    steps = tuple(
        Convolution(filters, (kernel, kernel) if isinstance(kernel, int) else kernel)
        for filters, kernel in convolutions
    )
    sketch = Sketch(in_channels, (height, width), steps, bias)
    title = " → ".join((str(in_channels), *(step.title for step in steps)))
    drawn = subject(draw(sketch), (1, in_channels, height, width), train=False)
    return price(drawn._replace(name=title, naming=Naming("/", (("conv", ""),))))


def multiplied(layer: LayerCost, name: str = "") -> Step:
    """Show the multiply-accumulates of one convolution or linear layer as the product that they are."""
    weight = weight_shape(layer)
    out = layer.call.outputs[0].shape
    title = f"MACs of {name or layer.name}"
    if layer.call.kind == "linear":
        return Step(title, "C_in · C_out", f"{weight[1]} · {weight[0]}", layer.macs, "MACs")
    taps = " · ".join(map(str, weight[2:]))
    size = " · ".join(map(str, out[2:]))
    return Step(
        title,
        "C_in/G · C_out · K_h · K_w · H · W",
        f"{weight[1]} · {weight[0]} · {taps} · {size}",
        layer.macs,
        "MACs",
    )


def total(
    model: Profile,
    layers: Sequence[LayerCost],
    of: Callable[[LayerCost], int],
    unit: str,
    *,
    title: str = "",
    formula: str = "sum over the layers",
    convention: str = DEFAULT,
    explains: bool = False,
) -> Reading:
    """Add up one count over some layers of a model."""
    used = tuple(
        Used(model.model, layer.call.index, layer.name, _shape(layer), of(layer))
        for layer in layers
        if of(layer)
    )
    value = sum(entry.value for entry in used)
    step = Step(title or f"{unit} of {model.model}", formula, _terms(used), value, unit)
    factors = of_kind(layers, *CONTRACTIONS) if of is macs and len(used) <= SHOWN_TERMS else ()
    products = tuple(map(multiplied, factors))
    steps = products if len(used) == len(products) == 1 else (*products, step)
    return Reading(value, unit, convention, steps, used, explains)


def whole(
    model: Profile, key: str, unit: str, *, convention: str = DEFAULT, explains: bool = False
) -> Reading:
    """Take a total of a profile: ``params``, ``macs``."""
    value = getattr(model, key)
    step = Step(f"{unit} of {model.model}", f"profile.{key}", model.model, value, unit)
    return Reading(value, unit, convention, (step,), (), explains)


def ratio(
    over: Reading,
    under: Reading,
    *,
    unit: str = "×",
    title: str = "ratio",
    convention: str = "",
    explains: bool = False,
) -> Reading:
    """Divide one reading by another; the steps of both come first."""
    value = over.value / under.value
    step = Step(title, "a / b", f"{text(over.value)} / {text(under.value)}", value, unit)
    under_which = convention or " · ".join(dict.fromkeys(filter(None, (over.convention, under.convention))))
    return Reading(
        value, unit, under_which, (*over.steps, *under.steps, step), (*over.layers, *under.layers), explains
    )


def added(title: str, parts: Sequence[Reading], *, unit: str = "", convention: str = DEFAULT) -> Reading:
    """Add up readings; the steps of all come first."""
    value = sum(part.value for part in parts)
    numbers = " + ".join(text(part.value) for part in parts)
    step = Step(title, "a + b + …", numbers, value, unit or parts[0].unit)
    steps = tuple(step for part in parts for step in part.steps)
    layers = tuple(layer for part in parts for layer in part.layers)
    return Reading(value, unit or parts[0].unit, convention, (*steps, step), layers)


def printed_quotient(over: str, under: str, convention: str, *, unit: str = "×") -> Reading:
    """Divide two numbers as printed, which explains a figure that was worked out from rounded ones."""
    top, bottom = (stated(each)[0].value for each in (over, under))
    value = float(top / bottom)
    step = Step("quotient of the printed figures", "a / b", f"{over} / {under}", value, unit)
    return Reading(value, unit, convention, (step,), (), explains=True)


def printed_sum(terms: Sequence[str], convention: str) -> Reading:
    """Add up numbers as printed, which explains a total that was worked out from rounded figures."""
    value = int(sum(stated(each)[0].value for each in terms))
    step = Step("sum of the printed figures", "a + b + …", " + ".join(terms), value, "MACs")
    return Reading(value, "MACs", convention, (step,), (), explains=True)


def nearest(readings: Iterable[Reading], printed: str, scale: str) -> Reading:
    """Return the one of many readings that comes nearest to a printed number; it says how many there were."""
    wanted = stated(printed, scale)[0].value
    tried = list(readings)
    best = min(tried, key=lambda reading: abs(float(reading.value - wanted)))
    told = f"the nearest of {len(tried)} other combinations that were tried: {best.convention}"
    return replace(best, convention=told, explains=True)


def fact(
    value: float,
    unit: str,
    title: str,
    numbers: str,
    *,
    formula: str = "read off the layer",
    convention: str = DEFAULT,
    explains: bool = False,
    layers: Sequence[Used] = (),
) -> Reading:
    """Take one number that stands in a profile: a kernel, a stride, a number of layers."""
    return Reading(
        value, unit, convention, (Step(title, formula, numbers, value, unit),), tuple(layers), explains
    )


def how_many(
    model: Profile,
    layers: Sequence[LayerCost],
    what: str,
    *,
    convention: str = DEFAULT,
    explains: bool = False,
) -> Reading:
    """Count layers; many are told module by module."""
    used = tuple(Used(model.model, layer.call.index, layer.name, _shape(layer), 1) for layer in layers)
    if len(used) > SHOWN_TERMS:
        used = _by_module(model, layers)
    return fact(
        len(layers), what, f"{what} of {model.model}", _ones(len(layers)),
        formula="one each", convention=convention, explains=explains, layers=used,
    )  # fmt: skip


def _by_module(model: Profile, layers: Sequence[LayerCost]) -> tuple[Used, ...]:
    """Count layers by the module that they stand in, each with the last map that they put out there."""
    modules: dict[str, list[LayerCost]] = {}
    for layer in layers:
        modules.setdefault(model.naming.name(layer.path.split(".")[0]), []).append(layer)
    return tuple(
        Used(model.model, members[0].call.index, name, _shape(members[-1]), len(members))
        for name, members in modules.items()
    )


def share(model: Profile, layers: Sequence[LayerCost], of: Callable[[LayerCost], int], unit: str) -> Reading:
    """Divide the count of some layers by that of the whole model."""
    part = total(model, layers, of, unit, title=f"{unit} of these layers")
    whole_of = total(model, model.layers, of, unit)
    return ratio(
        part, replace(whole_of, layers=()), unit=SHARE, title=f"share of the {unit} of {model.model}"
    )


def divided(reading: Reading, title: str, formula: str, factors: Sequence[int], unit: str) -> Reading:
    """Divide a reading by a product, which leaves the coefficient of a formula: that of ``25C²``."""
    value = reading.value / math.prod(factors)
    numbers = f"{text(reading.value)} / ({' · '.join(map(str, factors))})"
    step = Step(title, formula, numbers, value, unit)
    return replace(reading, value=value, unit=unit, steps=(*reading.steps, step))


def times(reading: Reading, title: str, formula: str, factor: int, unit: str) -> Reading:
    """Multiply a reading by a number of the derivation, such as the taps of a kernel."""
    value = reading.value * factor
    step = Step(title, formula, f"{text(reading.value)} · {factor}", value, unit)
    return replace(reading, value=value, unit=unit, steps=(*reading.steps, step))


def read_as(
    model: Profile, layers: Sequence[LayerCost], convention: str, unit: str, *, title: str = ""
) -> Reading:
    """Add up what a registered counting convention charges for some layers: ``paper``, ``lecture``."""
    found = translate(model, convention)
    charged = found.by_call()
    kept = [layer for layer in layers if charged.get(layer.call.index)]
    named = f"{found.convention} convention"
    return total(
        model,
        kept,
        lambda layer: charged[layer.call.index],
        unit,
        title=title,
        formula=found.scope,
        convention=named,
    )


def _ones(count: int) -> str:
    """Write out as many ones; a longer sum says how many there are."""
    return f"{count} layers" if count > SHOWN_TERMS else " + ".join("1" * count) or "0"


def _terms(used: Sequence[Used]) -> str:
    if len(used) > SHOWN_TERMS:
        return f"{len(used)} layers"
    return " + ".join(text(entry.value) for entry in used) or "0"


def _shape(layer: LayerCost) -> str:
    return "×".join(map(str, layer.call.outputs[0].shape[1:])) if layer.call.outputs else ""
