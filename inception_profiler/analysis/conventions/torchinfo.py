"""``torchinfo``: summary, which multiplies the parameters of modules without children by their output."""

from __future__ import annotations

import math
from collections.abc import Iterable

from inception_profiler.analysis.conventions import recurrent
from inception_profiler.analysis.conventions.convention import BIAS, Share, convention
from inception_profiler.analysis.conventions.survey import Survey
from inception_profiler.records.convention import MACS
from inception_profiler.records.trace import Call

_SIZES = "counts all parameters, biases too, the first two sizes of the output"
_POSITIONS = "counts a module once for each example, not at each position"


@convention(
    "torchinfo",
    tool="torchinfo.summary",
    version="1.8.0",
    title="mult-adds",
    scope="weight and bias of a module without children, times its output positions if its class is named "
    "Conv…, else times the batch; so a norm counts its parameters; nothing without parameters of that name",
    evaluates=True,
)
def torchinfo(call: Call, survey: Survey) -> Iterable[Share]:
    """Charge the parameters of a leaf module, at its contraction or else at its last call."""
    if not survey.is_leaf(call.path):
        return [Share(MACS, 0, "sees only modules without children")] if call.cost.macs else []
    if recurrent.known(call, survey):
        return [_recurrent(call, survey)]
    execution = survey.execution(call)
    main = next((other for other in execution if other.cost.macs), execution[-1])
    if call is not main:
        return []
    output = execution[-1].outputs[0].shape if execution[-1].outputs else ()
    weight = bias = 0
    for spec in survey.parameters(call.path):
        name = spec.path.rpartition(".")[2]
        amount = _charge(survey.kind(call.path), name, spec.tensor.numel, output)
        if "weight" in name:
            weight += amount
        else:
            bias += amount
    if call.cost.macs:
        return [Share(MACS, weight, _fault(call, weight)), Share(BIAS, bias)]
    return [Share(call.op, weight + bias)]


def _recurrent(call: Call, survey: Survey) -> Share:
    """Charge all parameters of a recurrent module the first two sizes of its output."""
    names = [(spec.path.rpartition(".")[2], spec.tensor.numel) for spec in survey.parameters(call.path)]
    numel = sum(numel for name, numel in names if "weight" in name or "bias" in name)
    return Share(MACS, numel * recurrent.outputs(call, survey), _SIZES)


def _charge(kind: str, name: str, numel: int, output: tuple[int, ...]) -> int:
    """Charge one parameter: at each position, for each example, or as those of recurrent modules."""
    if name in {"weight", "bias"}:
        if "Conv" in kind.rpartition(".")[2]:
            return numel * math.prod(output[:1] + output[2:])
        return numel * (output[0] if output else 1)
    return numel * math.prod(output[:2]) if "weight" in name or "bias" in name else 0


def _fault(call: Call, weight: int) -> str:
    if call.op.startswith("conv_transpose"):
        return "counts a transposed convolution at its output size"
    return _POSITIONS if weight else "sees only parameters that are called weight"
