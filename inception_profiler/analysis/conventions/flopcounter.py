"""``flopcounter``: PyTorch's own FlopCounterMode; and ``torchvision``: the ``_ops`` of its weights."""

from __future__ import annotations

from collections.abc import Iterable

from inception_profiler.analysis.conventions.convention import Share, convention
from inception_profiler.analysis.conventions.survey import Survey, read
from inception_profiler.records.convention import MACS
from inception_profiler.records.trace import Call

_VECTORS = frozenset({"mv", "dot", "addmv", "aten.mv", "aten.dot", "aten.addmv", "aten.vdot", "bilinear"})
_UNSEEN = "has no formula for a product with a vector or a bilinear form"


@convention(
    "flopcounter",
    tool="torch.utils.flop_counter.FlopCounterMode",
    version="2.14.1",
    title="FLOPs",
    scope="two for each MAC of convolutions and matrix products; no bias, no other operation. On the CPU it "
    "does not see fused attention, which it counts on other devices and here",
    per_mac=2,
)
def flopcounter(call: Call, survey: Survey) -> Iterable[Share]:
    """Charge two operations for each MAC, except in products with a vector."""
    if not call.cost.macs:
        return []
    vector = call.op == "matmul" and len(read(call, 1).shape) == 1
    if vector or call.op in _VECTORS:
        return [Share(MACS, 0, _UNSEEN)]
    return [Share(MACS, 2 * call.cost.macs)]


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
