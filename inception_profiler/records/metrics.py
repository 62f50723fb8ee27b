"""Every quantity that can be a column, a sort key, a ratio or an axis: one row each."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from inception_profiler.records.frozen import record
from inception_profiler.registry import Registry
from inception_profiler.units import Unit


@record
class Metric:
    """A quantity of a profile, of a group of layers, or of one layer.

    Attributes:
        key: its name on the command line and in machine-readable headers.
        title: its name for people.
        unit: what it counts.
        better: ``lower``, ``higher``, or None where neither is better.
        of: reads it from a `Profile`, `Group` or `LayerCost`; None where there is none, as a receptive field
            of tokens, or where it is unknown.
        additive: whether parts add up to the whole, so that a share of the whole means something.
        explained: what it is, in one line.
    """

    key: str
    title: str
    unit: Unit
    better: str | None
    of: Callable[[Any], Any]
    additive: bool
    explained: str


METRICS: Registry[str, Metric] = Registry("metric")


def _add(
    key: str,
    title: str,
    unit: Unit,
    explained: str,
    *,
    better: str | None = "lower",
    additive: bool = True,
    path: str = "",
) -> None:
    METRICS.add(key, Metric(key, title, unit, better, attrgetter(path or key), additive, explained))


_add("params", "params", Unit.COUNT, "elements of all parameters, tied ones once")
_add("trainable_params", "trainable params", Unit.COUNT, "elements of the parameters that are trained")
_add("macs", "MACs", Unit.COUNT, "multiply-accumulates of convolutions, linear layers and matrix products")
_add(
    "backward_macs",
    "backward MACs",
    Unit.COUNT,
    "multiply-accumulates of the gradients; only where training is counted",
)
_add("step_macs", "step MACs", Unit.COUNT, "multiply-accumulates of a training step: forward and backward")
_add(
    "backward_ratio",
    "backward / forward",
    Unit.RATIO,
    "backward MACs for each forward MAC",
    better=None,
    additive=False,
)
_add("flops", "FLOPs", Unit.COUNT, "2 · MACs + all scalar operations")
_add("ops", "ops", Unit.COUNT, "scalar operations that are not MACs: bias, ReLU, pooling, normalization, …")
for _kind, _what in (
    ("adds", "additions and subtractions: bias, BatchNorm, average pooling, residual sums, …"),
    ("comparisons", "comparisons: ReLU, max pooling, …"),
    ("multiplications", "multiplications that are not part of a MAC: BatchNorm, scaling, …"),
    ("divisions", "divisions: average pooling, softmax, …"),
    ("exponentials", "exponentials, logarithms, powers and roots: softmax, sigmoid, LRN, …"),
):
    _add(_kind, _kind, Unit.COUNT, f"scalar operations by kind, {_what}", path=f"cost.{_kind}")
_add("activations", "activations", Unit.COUNT, "elements of all tensors newly produced")
_add(
    "contraction_activations",
    "contraction activations",
    Unit.COUNT,
    "elements produced by convolutions and linear layers only (fvcore's and timm's activations)",
)
_add("weight_bytes", "weight bytes", Unit.BYTES, "bytes of all parameters")
_add("activation_bytes", "activation bytes", Unit.BYTES, "bytes of all tensors newly produced, added up")
_add(
    "peak_activation_bytes",
    "live peak",
    Unit.BYTES,
    "most bytes made by the forward pass and alive at once; weights and input apart",
    additive=False,
)
_add("bytes_read", "bytes read", Unit.BYTES, "inputs and parameters of every call, each once a call")
_add("bytes_written", "bytes written", Unit.BYTES, "outputs of every call")
_add("intensity", "FLOPs per byte", Unit.RATE, "FLOPs for each byte moved", better=None, additive=False)
_add("calls", "calls", Unit.COUNT, "operations executed", better=None)
_add(
    "launches",
    "launches",
    Unit.COUNT,
    "kernels started in eager mode: PyTorch's operators that are no view and no mere allocation",
    better=None,
)
_add(
    "receptive_field",
    "receptive field",
    Unit.PIXELS,
    "input pixels that one output sees, along the longer side of what it sees; all branches together",
    better=None,
    additive=False,
)
_add(
    "narrowest_field",
    "narrowest field",
    Unit.PIXELS,
    "input pixels that one output sees along the narrowest path, along the longer side",
    better=None,
    additive=False,
)
_add(
    "stride",
    "stride",
    Unit.PIXELS,
    "input pixels between two neighbouring outputs, all strides so far; none behind a global pooling",
    better=None,
    additive=False,
)
_add(
    "depth",
    "depth",
    Unit.COUNT,
    "layers with weights (convolution, linear) on the longest path",
    better=None,
    additive=False,
)
_add(
    "depth_with_pooling",
    "depth with pooling",
    Unit.COUNT,
    "layers with weights and poolings on the longest path",
    better=None,
    additive=False,
)

TOTALS = (
    "params",
    "macs",
    "flops",
    "activations",
    "weight_bytes",
    "activation_bytes",
    "peak_activation_bytes",
)
"""What the totals of a model show."""

TRAINING_TOTALS = (*TOTALS[:2], "backward_macs", "step_macs", "backward_ratio", *TOTALS[2:])
"""The same where training is counted."""

COLUMNS = ("params", "macs", "activation_bytes")
"""What a table of layers or of feature-map sizes shows unless asked otherwise."""

TRAINING_COLUMNS = (*COLUMNS[:-1], "backward_macs", COLUMNS[-1])
"""The same where training is counted."""

SCALED = ("macs", "flops", "activation_bytes", "peak_activation_bytes")
"""What a curve of costs shows unless asked otherwise."""
