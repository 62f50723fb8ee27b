"""``lecture``: the three columns of the AlexNet table in the lecture behind document 001.

Lecture 8 of a 2019 university course on deep learning for vision prints, for each convolution, pooling and
fully connected layer, its memory in KiB, its parameters and its FLOPs.
"""

from __future__ import annotations

from collections.abc import Iterable

from inception_profiler.analysis.conventions.convention import Share, convention
from inception_profiler.analysis.conventions.survey import Survey, attribute, kernel_elements, produced, read
from inception_profiler.records.convention import MACS
from inception_profiler.records.trace import Call

_SOURCE = "Lecture 8, the source of document 001,"
_CONTRACTIONS = frozenset({"convolution", "linear"})
_FP32 = 4  # bytes, whatever the type that was traced


@convention(
    "lecture",
    tool=_SOURCE,
    version="2019",
    title="FLOPs",
    scope="one for each MAC of convolutions and linear layers, k² for each pooled output; nothing else",
    companions=("lecture-memory", "lecture-params"),
)
def lecture(call: Call, survey: Survey) -> Iterable[Share]:
    """Charge the MACs, and for a pooling the elements of all its windows."""
    if _is_pooling(call):
        return [Share(call.op, _windows(call))]
    return [Share(MACS, call.cost.macs)] if call.cost.macs else []


@convention(
    "lecture-memory",
    tool=_SOURCE,
    version="2019",
    title="memory",
    scope="outputs of convolutions, poolings and linear layers at 4 bytes; 1 KB is 1024 bytes",
    per_mac=0,
    unit="bytes",
)
def lecture_memory(call: Call, survey: Survey) -> Iterable[Share]:
    """Charge the output of a layer."""
    layer = call.kind in _CONTRACTIONS or _is_pooling(call)
    return [Share(call.op, produced(call) * _FP32)] if layer else []


@convention(
    "lecture-params",
    tool=_SOURCE,
    version="2019",
    title="params",
    scope="weights of convolutions and linear layers, without their biases",
    per_mac=0,
)
def lecture_params(call: Call, survey: Survey) -> Iterable[Share]:
    """Charge the weights, to the first call that uses them."""
    if call.kind not in _CONTRACTIONS:
        return []
    weights = [spec.tensor for spec in survey.first_used(call) if len(spec.tensor.shape) > 1]
    return [Share(call.op, sum(weight.numel for weight in weights))]


def _is_pooling(call: Call) -> bool:
    """Tell a pooling layer: a mean over a feature map is one, a window of a single element is none."""
    pools = call.kind == "pooling" or (call.op == "mean" and len(read(call).shape) == 4)
    return pools and _windows(call) > produced(call)


def _windows(call: Call) -> int:
    """Return the elements that all windows of a pooling read together: k² for each output."""
    if attribute(call, "kernel") is not None:
        return produced(call) * kernel_elements(call)
    if call.op == "mean":
        return read(call).numel
    compared = produced(call) if call.cost.comparisons else 0  # a maximum of k² takes k² − 1 comparisons
    return call.cost.adds + call.cost.divisions + call.cost.comparisons + compared
