"""``flopcounter``: PyTorch's own FlopCounterMode; and ``torchvision``: the ``_ops`` of its weights."""

from __future__ import annotations

from collections.abc import Iterable

from inception_profiler.analysis.conventions import recurrent
from inception_profiler.analysis.conventions.convention import Share, convention
from inception_profiler.analysis.conventions.survey import Survey, read
from inception_profiler.records.convention import MACS
from inception_profiler.records.trace import Call

_VECTORS = frozenset({"mv", "dot", "addmv", "aten.mv", "aten.dot", "aten.addmv", "aten.vdot", "bilinear"})
_FAST = frozenset({
    "torch.nn.modules.activation.MultiheadAttention", "torch.nn.modules.transformer.TransformerEncoderLayer",
})  # fmt: skip
_UNSEEN = "has no formula for a product with a vector or a bilinear form"


@convention(
    "flopcounter",
    tool="torch.utils.flop_counter.FlopCounterMode",
    version="2.14.1",
    title="FLOPs",
    scope="two for each MAC of convolutions and matrix products; no bias, no other operation. On the CPU it "
    "does not see fused attention, which it counts on other devices and here, and on no device a fused LSTM",
    per_mac=2,
)
def flopcounter(call: Call, survey: Survey) -> Iterable[Share]:
    """Charge two operations for each MAC, except in products with a vector."""
    if not call.cost.macs:
        return []
    vector = call.op == "matmul" and len(read(call, 1).shape) == 1
    if vector or call.op in _VECTORS:
        return [Share(MACS, 0, _UNSEEN)]
    if recurrent.fused(call):
        return [Share(MACS, 0, recurrent.FUSED)]
    return [Share(MACS, 2 * call.cost.macs, limit=_elsewhere(call, survey))]


def _elsewhere(call: Call, survey: Survey) -> str:
    """Say on which device, or in which mode, PyTorch runs an operator that has no formula."""
    if call.op in recurrent.LAYERS:
        return recurrent.CUDNN
    if survey.profile.mode == "inference" and survey.inside(call.path, _FAST):
        return (
            "under torch.no_grad() PyTorch runs the whole module as one operator, for which it counts nothing"
        )
    fused = call.op == "scaled_dot_product_attention"
    return "on the CPU it counts nothing for fused attention" if fused else ""


@convention(
    "torchvision",
    tool="the _ops of torchvision.models weights, in units of 10⁹ and rounded to three decimals",
    version="0.29.1",
    title="GFLOPS · 10⁹",
    scope="one for each MAC of convolutions, linear layers and attention; nothing else",
)
def torchvision(call: Call, survey: Survey) -> Iterable[Share]:
    """Charge one operation for each MAC."""
    return [Share(MACS, call.cost.macs)] if call.cost.macs else []
