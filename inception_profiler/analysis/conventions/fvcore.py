"""``fvcore``: FlopCountAnalysis, which reads what ``torch.jit`` traces; mmengine counts the same."""

from __future__ import annotations

from collections.abc import Iterable

from inception_profiler.analysis.conventions import recurrent
from inception_profiler.analysis.conventions.convention import Share, convention
from inception_profiler.analysis.conventions.einstein import ROUNDED, canonical, reported
from inception_profiler.analysis.conventions.survey import Survey, attribute, produced, read
from inception_profiler.records.convention import MACS
from inception_profiler.records.trace import Call

_SCOPE = (
    "one for each MAC; 2 for each element of a batch norm in inference, 5 where statistics are measured "
    "(1 and 4 without scale); adaptive average pooling by its input; resampling by its output; no bias, no "
    "activation, no other pooling, no recurrent layer, nothing that is not returned"
)
_EXACT = frozenset({"abc,abd->acd", "abc,adc->adb"})
_MEASURED = frozenset({"layer_norm", "group_norm", "instance_norm"})
_UNSEEN = frozenset({
    "scaled_dot_product_attention", "baddbmm", "addmv", "mv", "dot", "bilinear", "aten.baddbmm",
    "aten.addmv", "aten.mv", "aten.dot", "aten.vdot",
}) | recurrent.LAYERS  # fmt: skip
_RESAMPLED = {("nearest", 4): 1, ("bilinear", 4): 4}


@convention(
    "fvcore",
    tool="fvcore.nn.FlopCountAnalysis",
    version="0.1.5.post20221221",
    title="flops",
    scope=_SCOPE,
    prunes=True,
    named=True,
)
def fvcore(call: Call, survey: Survey) -> Iterable[Share]:
    """Charge an operator of the traced graph by its input and output shapes."""
    if call.op == "matmul" and len(read(call, 1).shape) == 1:
        yield Share(call.op, 0, failure="a product with a vector stops it with an IndexError")
    yield from mmengine(call, survey)


@convention(
    "mmengine",
    tool="mmengine.analysis.FlopAnalyzer",
    version="0.10.7",
    title="flops",
    scope=_SCOPE,
    prunes=True,
    named=True,
)
def mmengine(call: Call, survey: Survey) -> Iterable[Share]:
    """Charge an operator of the traced graph by its input and output shapes."""
    if call.op == "einsum" and canonical(call) not in _EXACT:
        return [Share(MACS if call.cost.macs else call.op, reported(call) // 2, ROUNDED)]
    if call.cost.macs:
        return [_contraction(call)]
    numel = read(call).numel if call.inputs else 0
    affine = bool(attribute(call, "affine"))
    if call.op == "batch_norm":
        each = 4 if attribute(call, "measured") else 1
        return [Share(call.op, numel * (each + affine))]
    if call.op in _MEASURED:
        return [Share(call.op, numel * (4 + affine))]
    if call.op == "adaptive_avg_pool2d":
        return [Share(call.op, numel)]
    if call.op == "interpolate":
        mode = str(attribute(call, "mode"))
        if mode == "area" and len(read(call).shape) == 4:
            return [Share(call.op, numel)]
        return [Share(call.op, _RESAMPLED.get((mode, len(read(call).shape)), 0) * produced(call))]
    if call.op == "aten.grid_sampler_2d":
        return [Share(call.op, 4 * produced(call))]
    return []


def _contraction(call: Call) -> Share:
    if call.op in _UNSEEN:
        return Share(MACS, 0, f"has no rule for {call.op}")
    if isinstance(attribute(call, "padding"), str):
        return Share(MACS, 0, "has no rule for a convolution whose padding is a word")
    if call.op == "matmul":
        left, right = read(call).shape, read(call, 1).shape
        if len(right) == 1:
            return Share(MACS, call.cost.macs)
        return Share(MACS, read(call).numel * right[-1], _broadcast(left, right))
    return Share(MACS, call.cost.macs)


def _broadcast(left: tuple[int, ...], right: tuple[int, ...]) -> str:
    return "leaves out the batch of a right factor" if left[:-2] != right[:-2] else ""
