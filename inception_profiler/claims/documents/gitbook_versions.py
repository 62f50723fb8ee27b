"""Document 002 on Inception-v2 and v3: kernels taken apart."""

from __future__ import annotations

from dataclasses import replace

from inception_profiler.claims.bibliography import GITBOOK_GOOGLENET
from inception_profiler.claims.derive import counted, fact, how_many, ratio, sketched, total
from inception_profiler.claims.documents.cnblogs_related import CHANNELS, _against, _field, _lines, _square
from inception_profiler.claims.documents.inception_v4 import (
    V3,
)
from inception_profiler.claims.layers import channels, inside, macs, of_kind, params, weight_shape
from inception_profiler.claims.ledger import Speed, enter
from inception_profiler.claims.networks import distinct, with_kernel
from inception_profiler.records.claim import FASTER, LESS, MORE, Quantity, Reading
from inception_profiler.records.layer import LayerCost
from inception_profiler.records.profile import Profile

BN, DRAWN = "bn_inception", "inception_v2_rethinking"
STACKS = (
    ("sketch:64x28x28/3x3/3x3", "sketch:64x28x28/5x5"),
    ("sketch:64x28x28/3x3-96/3x3-96", "sketch:64x28x28/5x5-96"),
)
"""Two 3×3 and the 5×5 in their place: those of `_stack`, and those inside BN-Inception's 3a."""
REAL = "inside BN-Inception's 3a, where the first 3×3 widens"


def _stack() -> Profile:
    return sketched(CHANNELS, (CHANNELS, 3), (CHANNELS, 3), size=28)


def _real_stack(unit: str) -> Reading:
    """Hold the two 3×3 of BN-Inception's first module against one 5×5 between the same channels."""
    layers = with_kernel(counted(BN), 3, 3, under="inception_3a.")[-2:]
    of = macs if unit == "MACs" else params
    shapes = [weight_shape(layer) for layer in layers]
    size = layers[0].call.outputs[0].shape[-1]
    large = sketched(shapes[0][1], (shapes[1][0], 5), size=size)
    sides = (
        total(counted(BN), layers, of, unit, title="two 3×3 of inception_3a"),
        total(large, of_kind(large.layers, "convolution"), of, unit, title="one 5×5 in their place"),
    )
    return replace(ratio(*sides, title="two 3×3 / one 5×5"), convention=REAL)


def _two_for_one(unit: str) -> tuple[Reading, ...]:
    return (_against(_stack(), _square(5), unit), _real_stack(unit))


enter(
    "two-3x3-for-5x5",
    GITBOOK_GOOGLENET,
    r"用两个3\*3的卷积代替了5\*5的卷积，不仅降低了训练参数，而且提升了速度。",
    "Two 3×3 convolutions take the place of a 5×5, which not only lowers the parameters but also raises the speed",
    (
        Quantity("sees as much", r"代替了5\*5的卷积", "receptive field of two 3×3", bound="5"),
        lambda: (_field(_stack()),),
    ),
    (
        Quantity("parameters", "降低了训练参数", "parameters of two 3×3 / one 5×5", LESS, bound="1"),
        lambda: _two_for_one("params"),
    ),
    (
        Quantity(
            "speed", "提升了速度", "time of two 3×3 / one 5×5; the count shown is that of the MACs", FASTER
        ),
        Speed(*STACKS[0], lambda: _two_for_one("MACs"), also=STACKS[1:]),
    ),
)

enter(
    "5x5-costs-2.78",
    GITBOOK_GOOGLENET,
    r"一个5\*5的卷积在计算成本上是一个3\*3卷积的 2.78 倍。",
    "A 5×5 convolution costs 2.78 times as much to compute as a 3×3",
    (
        Quantity("ratio", "2.78 倍", "MACs of a 5×5 / a 3×3 of as many channels"),
        lambda: (_against(_square(5), _square(3)),),
    ),
)

enter(
    "two-3x3-faster",
    GITBOOK_GOOGLENET,
    r"所以叠加两个3\*3卷积实际上在性能上会有所提升",
    "So two 3×3 one upon the other in fact improve performance",
    (
        Quantity(
            "performance",
            "在性能上会有所提升",
            "time of two 3×3 / one 5×5; the count shown is that of the MACs",
            FASTER,
        ),
        Speed(*STACKS[0], lambda: _two_for_one("MACs"), also=STACKS[1:]),
    ),
)


def _pieces() -> tuple[Reading, ...]:
    layers = of_kind(_lines(7).layers, "convolution")
    return (how_many(_lines(7), layers, "convolutions"),)


enter(
    "7x7-in-two-lines",
    GITBOOK_GOOGLENET,
    r"例如7\*7的卷积可以被拆分为1\*7和7\*1两个卷积",
    "A 7×7 convolution, for example, can be taken apart into two: 1×7 and 7×1",
    (Quantity("pieces", "两个卷积", "convolutions in the place of the 7×7"), _pieces),
    (
        Quantity("sees as much", r"7\*7的卷积", "receptive field of the two", bound="7"),
        lambda: (_field(_lines(7)),),
    ),
)


def _kinds(model: str, names: tuple[str, ...]) -> tuple[Reading, ...]:
    kinds = [spec.kind.rsplit(".", 1)[-1] for spec in counted(model).modules]
    return (
        distinct(model, [kind for kind in kinds if kind in names], "kinds of inception modules", "kinds"),
    )


enter(
    "three-kinds-in-v3",
    GITBOOK_GOOGLENET,
    "我们现在就有三种不同类型的Inception模块（这里我们按引入顺序称之为模块 A、B、C",
    "We now have three different kinds of inception modules (called A, B and C here, in the order of their introduction)",
    (
        Quantity("kinds", "三种", "kinds of modules in Inception-v3, its reductions apart"),
        lambda: _kinds(V3, ("InceptionA", "InceptionB", "InceptionC")),
    ),
)


def _five_by_five() -> tuple[Reading, ...]:
    """Count the 5×5 of the figures' Inception-v2 and of the released Inception-v3."""
    return tuple(
        how_many(counted(model), with_kernel(counted(model), 5, 5), "5×5 convolutions", convention=convention)
        for model, convention in (
            (DRAWN, ""),
            (V3, "Inception-v3 as released, which keeps one in each module A"),
        )
    )


enter(
    "module-a-without-5x5",
    GITBOOK_GOOGLENET,
    r"其中A就是常规Inception，把5\*5换成了两个3\*3；B就是把n\*n换为1\*n和n\*1形式；C即在n\*n后面又分开了1\*n和n\*1。",
    "A is the usual inception module with its 5×5 replaced by two 3×3; B has n×n in the form of 1×n and n×1; C parts after an "
    "n×n into 1×n and n×1",
    (Quantity("5×5 left", r"把5\*5换成了两个3\*3", "5×5 convolutions in the network of Figures 5 to 7", bound="0"), _five_by_five),
    (
        Quantity("squares left in B", r"B就是把n\*n换为1\*n和n\*1形式", "7×7 convolutions left in Inception-v3's B", bound="0"),
        lambda: (how_many(counted(V3), with_kernel(counted(V3), 7, 7), "7×7 convolutions"),),
    ),
)  # fmt: skip


def _module(name: str) -> tuple[LayerCost, ...]:
    return inside(counted(V3), name)


def _deep(name: str) -> Reading:
    """Return the layers with weights on the longest path through one module of Inception-v3."""
    layers = _module(name)
    before = min(layer.depth for layer in of_kind(layers, "convolution")) - 1
    return fact(max(layer.depth for layer in layers) - before, "layers", f"longest path through {name}",
                f"{max(layer.depth for layer in layers)} − {before}", formula="depth after − before")  # fmt: skip


def _widest(name: str) -> Reading:
    """Return by what a module of Inception-v3 multiplies its channels: its output over its input."""
    layers = _module(name)
    cat = [layer for layer in layers if layer.op == "cat"][-1]
    into = max(
        weight_shape(layer)[1]
        for layer in of_kind(layers, "convolution")
        if weight_shape(layer)[2:] == (1, 1)
    )
    return fact(
        channels(cat) / into, "×", f"channels of {name}", f"{channels(cat)} / {into}", formula="C_out / C_in"
    )


enter(
    "c-wider-b-deeper",
    GITBOOK_GOOGLENET,
    "变得更宽而不是更深，C为更宽，B为更深",
    "become wider and not deeper: C is wider, B is deeper",
    (
        Quantity("C wider", "C为更宽", "channels out / in of Inception-v3's first C over those of its B", MORE, bound="1"),
        lambda: (ratio(_widest("mixed_7b"), _widest("mixed_6b"), title="C / B"),),
    ),
    (
        Quantity("B deeper", "B为更深", "longest path through B / through C", MORE, bound="1"),
        lambda: (ratio(_deep("mixed_6b"), _deep("mixed_7b"), title="B / C"),),
    ),
)  # fmt: skip
