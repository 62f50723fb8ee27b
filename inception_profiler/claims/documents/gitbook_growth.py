"""Document 002 on what more units cost: the next stage of GoogLeNet when its input widens."""

from __future__ import annotations

from dataclasses import replace

from inception_profiler.claims.bibliography import GITBOOK_GOOGLENET
from inception_profiler.claims.derive import counted, fact, ratio, sketched
from inception_profiler.claims.layers import attribute, channels, inside, of_kind, side, weight_shape
from inception_profiler.claims.ledger import enter
from inception_profiler.claims.networks import NOTABLY
from inception_profiler.records.claim import LESS, Quantity, Reading

MODEL, NEXT = "inception_v1", "inception_4b"
FACTOR = 2


def _widened(naive: bool) -> Reading:
    """Double the channels that a module is given, and see what its MACs come to."""
    layers = of_kind(inside(counted(MODEL), NEXT), "convolution")
    if naive:
        layers = tuple(layer for layer in layers if not layer.name.endswith(("_reduce", "pool_proj")))
    width = max(weight_shape(layer)[1] for layer in layers if attribute(layer, "kernel") == 1)
    costs = []
    for factor in (FACTOR, 1):
        parts = [
            sketched(
                factor * width if naive or weight_shape(layer)[1] == width else weight_shape(layer)[1],
                (channels(layer), attribute(layer, "kernel")),
                size=side(layer),
            ).macs
            for layer in layers
        ]
        costs.append(fact(sum(parts), "MACs", f"{NEXT} on {factor * width} channels", " + ".join(map(str, parts)),
                          formula="sum over its convolutions"))  # fmt: skip
    found = ratio(*costs, title=f"on {FACTOR} times the channels / as it is")
    return replace(found, convention="without its reductions") if naive else found


enter(
    "more-units-next-stage",
    GITBOOK_GOOGLENET,
    "对于这样的框架，一个有用的特征是：增加神经元数量，不会导致下一阶段计算复杂度显著增加。",
    "A useful feature of such a framework: more units do not make the computation of the next stage notably larger",
    (
        Quantity("growth", "不会导致下一阶段计算复杂度显著增加", "MACs of GoogLeNet's 4b with twice the channels of 4a / as it is",
                 LESS, bound=NOTABLY),
        lambda: (_widened(False), _widened(True)),
    ),
)  # fmt: skip

enter(
    "winner-of-2014",
    GITBOOK_GOOGLENET,
    "GoogLeNet是2014年ILSVRC图像分类和定位两个任务的挑战赛冠军",
    "GoogLeNet won the ILSVRC challenge of 2014",
    Quantity(
        "year", "2014年", "year of the challenge", reported="ILSVRC-2014 results; transcribed from memory"
    ),
)
