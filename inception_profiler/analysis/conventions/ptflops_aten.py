"""``ptflops-aten``: get_model_complexity_info by its ``aten`` backend, which sees PyTorch's operators."""

from __future__ import annotations

from collections.abc import Iterable

from inception_profiler.analysis.conventions import recurrent
from inception_profiler.analysis.conventions.convention import BIAS, Share, convention
from inception_profiler.analysis.conventions.survey import Survey, attribute, biased, produced, read
from inception_profiler.records.convention import MACS
from inception_profiler.records.trace import Call

_UNSEEN = frozenset({
    "scaled_dot_product_attention", "baddbmm", "mv", "dot", "addmv", "bilinear", "aten.baddbmm", "aten.mv",
    "aten.dot", "aten.addmv", "aten.vdot",
})  # fmt: skip

_LAYOUT = (
    "one of the first layer's two biases is charged or not as its input lies in memory, and on a GPU cuDNN "
    "runs the layer as one operator, for which it counts nothing"
)


@convention(
    "ptflops-aten",
    tool='ptflops.get_model_complexity_info, backend="aten"',
    version="0.7.5",
    title="MACs",
    scope="one for each MAC of convolutions and matrix products, and their bias where it is added in the "
    "same operator; nothing else, and no fused attention or LSTM",
    evaluates=True,
)
def ptflops_aten(call: Call, survey: Survey) -> Iterable[Share]:
    """Charge the operators that a convolution or product becomes."""
    if not call.cost.macs:
        return []
    vector = call.op == "matmul" and len(read(call, 1).shape) == 1
    if vector or call.op in _UNSEEN:
        return [Share(MACS, 0, f"has no rule for {'a product with a vector' if vector else call.op}")]
    if recurrent.fused(call):
        return [Share(MACS, 0, recurrent.FUSED)]
    return [Share(MACS, call.cost.macs, limit=_limit(call)), Share(BIAS, _bias(call, survey))]


def _limit(call: Call) -> str:
    if call.op not in recurrent.LAYERS:
        return ""
    return _LAYOUT if recurrent.biased_gates(call) else recurrent.CUDNN


def _bias(call: Call, survey: Survey) -> int:
    """Charge a bias that is added in the same operator as the products."""
    if call.op in recurrent.LAYERS | recurrent.CELLS:
        steps = read(call).numel // read(call).shape[-1]
        return 2 * recurrent.rows(call) * steps * recurrent.biased_gates(call)
    if call.op in {"addmm", "aten.addmm"}:
        return produced(call)
    apart = call.op == "linear" and len(read(call).shape) > 2 and not attribute(call, "contiguous")
    return 0 if apart else biased(call)
