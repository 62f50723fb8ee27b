"""Document 002 on Inception-v4 and the Inception-ResNets."""

from __future__ import annotations

from inception_profiler.claims.bibliography import GITBOOK_GOOGLENET
from inception_profiler.claims.derive import counted, fact, how_many, ratio, total
from inception_profiler.claims.documents.inception_v4 import (
    AFTER_STEM,
    V3,
    V4,
    _over_1000,
    _reduction_a,
    cost,
    same_structure,
    scale,
)
from inception_profiler.claims.layers import inside, macs, numbers, of_kind, weight_shape
from inception_profiler.claims.ledger import enter
from inception_profiler.claims.networks import RELEASED, children
from inception_profiler.claims.residual import (
    RELEASED_V2,
    V1,
    V2,
    blocks,
    expansions,
    grid,
    merges,
    weakest_expansion,
)
from inception_profiler.records.claim import ABOUT, BETWEEN, MORE, Quantity, Reading

BN, DRAWN = "bn_inception", "inception_v2_rethinking"


def _three_groups(model: str, groups: tuple[str, ...]) -> tuple[Reading, ...]:
    used = [group for group in groups if children(counted(model), group)]
    return (
        fact(
            len(used), "kinds", f"lists of modules of {model}", ", ".join(used), formula="one for each kind"
        ),
    )


enter(
    "three-kinds-in-v4",
    GITBOOK_GOOGLENET,
    "它们有三个主要的Inception模块（即上图右面三个，或看下图），称为 A、B 和 C",
    "They have three main inception modules, called A, B and C",
    (
        Quantity("kinds", "三个", "kinds of modules in Inception-v4"),
        lambda: _three_groups(V4, ("inception_a", "inception_b", "inception_c")),
    ),
)

enter(
    "reduction-grids",
    GITBOOK_GOOGLENET,
    r"35\*35 &#x5230; 17\*17 &#x7684;&#x5C3A;&#x5BF8;&#x7F29;&#x51CF;&#xFF09;&#x548C;&#x7F29;&#x51CF;&#x5757; B&#xFF08;&#x4ECE; 17\*17 &#x5230; 8\*8",
    "(Reduction block A reduces the grid from) 35×35 to 17×17, and reduction block B from 17×17 to 8×8",
    (
        Quantity("before A", r"35\*35", "grid of Inception-v4 before Reduction-A", bound="35"),
        lambda: (grid(V4, "inception_a"),),
    ),
    (
        Quantity("after A", r"17\*17", "grid after Reduction-A", bound="17"),
        lambda: (grid(V4, "reduction_a"),),
    ),
    (Quantity("after B", r"8\*8", "grid after Reduction-B", bound="8"), lambda: (grid(V4, "reduction_b"),)),
)

enter(
    "v1-costs-v3",
    GITBOOK_GOOGLENET,
    "Inception-ResNet v1 的计算成本和 Inception v3 的接近。",
    "Inception-ResNet-v1 costs about as much to compute as Inception-v3",
    (
        Quantity("cost", "接近", "MACs of Inception-ResNet-v1 / Inception-v3", ABOUT, bound="1"),
        lambda: cost(V1, V3, "inception_resnet_v1_facenet"),
    ),
)

enter(
    "v2-costs-v4",
    GITBOOK_GOOGLENET,
    "Inception-ResNet v2 的计算成本和 Inception v4 的接近。",
    "Inception-ResNet-v2 costs about as much to compute as Inception-v4",
    (
        Quantity("cost", "接近", "MACs of Inception-ResNet-v2 / Inception-v4", ABOUT, bound="1"),
        lambda: cost(V2, V4, RELEASED_V2),
    ),
)


def _differing() -> tuple[Reading, ...]:
    """Count the convolutions after the stem whose kernel or stride v1 and v2 do not share, in their order."""
    first, second = (
        [
            (numbers(layer, "kernel"), numbers(layer, "stride"))
            for layer in of_kind(counted(model).layers, "convolution")
            if layer.path.split(".")[0] in AFTER_STEM
        ]
        for model in (V1, V2)
    )
    differ = sum(one != other for one, other in zip(first, second, strict=True))
    return (
        fact(
            differ,
            "convolutions",
            "differ in kernel or stride",
            f"{differ} of {len(first)}",
            formula="one each",
        ),
    )


enter(
    "v1-v2-same-modules",
    GITBOOK_GOOGLENET,
    "两个子版本都有相同的模块 A、B、C 和缩减块结构。唯一的不同在于超参数设置。",
    "Both versions have the same structure of the modules A, B and C and of the reductions; only hyperparameters differ",
    (Quantity("structure", "相同的模块 A、B、C 和缩减块结构", "convolutions of v1 / v2 in them", bound="1"), same_structure),
    (
        Quantity("only difference", "唯一的不同在于超参数设置",
                 "convolutions in A, B, C and the reductions that differ in kernel or stride between v1 and v2", bound="0"),
        _differing,
    ),
)  # fmt: skip


def _stems() -> tuple[Reading, ...]:
    """Hold the stem of Inception-ResNet-v2 against that of Inception-v4, as drawn and as released."""
    return tuple(
        ratio(
            *(total(counted(model), inside(counted(model), "stem"), macs, "MACs", title=f"stem of {model}") for model in pair),
            title="Inception-ResNet-v2 / Inception-v4",
            convention=convention,
        )
        for pair, convention in (((V2, V4), ""), ((RELEASED_V2, V4), f"{RELEASED}, with a stem after Inception-v3's"))
    )  # fmt: skip


enter(
    "v4-and-v2-share-the-stem",
    GITBOOK_GOOGLENET,
    "下图上部是Inception-ResNet-v1的stem。图下部是Inception-v4和Inception-ResNet-v2的stem。",
    "The upper part of the figure is the stem of Inception-ResNet-v1, the lower one that of Inception-v4 and "
    "Inception-ResNet-v2",
    (
        Quantity(
            "same stem",
            "Inception-v4和Inception-ResNet-v2的stem",
            "MACs of the two stems, one / the other",
            bound="1",
        ),
        _stems,
    ),
)


def _sums_agree() -> tuple[Reading, ...]:
    """Hold the channels of both tensors of every sum against each other."""
    pairs = {tuple(spec.shape[1] for spec in layer.call.inputs) for layer in merges(V2)}
    numbers = ", ".join(" + ".join(map(str, pair)) for pair in sorted(pairs))
    (value,) = {left / right for left, right in pairs}
    return (
        fact(
            value,
            "×",
            f"channels of the shortcut / of the residual, {len(merges(V2))} sums",
            numbers,
            formula="a / b",
        ),
    )


enter(
    "sums-need-equal-shapes",
    GITBOOK_GOOGLENET,
    r"为了使残差加运算可行，卷积之后的输入和输出必须有相同的维度。因此，我们在初始卷积之后使用1\*1卷积来匹配深度（深度在卷积之后会增加）。",
    "So that the residual can be added, input and output must have the same size after the convolutions; so 1×1 convolutions "
    "follow the initial ones to match the depth (the depth is increased after the convolution)",
    (Quantity("same size", "必须有相同的维度", "channels of the shortcut / of the residual", bound="1"), _sums_agree),
    (
        Quantity("kernel", r"1\*1卷积来匹配深度", "side of the kernel of the convolution before the sum", bound="1"),
        lambda: (_expansion_kernel(),),
    ),
    (
        Quantity("deeper", "深度在卷积之后会增加", "channels after / before it, the weakest of them", MORE, bound="1"),
        lambda: (weakest_expansion(V2),),
    ),
)  # fmt: skip


def _expansion_kernel() -> Reading:
    sides = {weight_shape(layer)[2:] for layer in expansions(V2)}
    ((height, width),) = sides
    return fact(
        max(height, width), "pixels", f"kernels of {len(expansions(V2))} convolutions", f"{height}×{width}"
    )


def _pools(*paths: str, each: bool) -> tuple[Reading, ...]:
    """Count the poolings in some modules of Inception-ResNet-v2, or for each of them."""
    layers = [layer for path in paths for layer in of_kind(inside(counted(V2), path), "pooling")]
    found = how_many(counted(V2), layers, "poolings")
    if not each:
        return (found,)
    return (
        ratio(
            found,
            fact(len(paths), "modules", "reductions", ", ".join(paths), formula="one each"),
            title="for each",
        ),
    )


enter(
    "poolings-in-reductions-only",
    GITBOOK_GOOGLENET,
    "主要Inception模块的池化运算由残差连接替代。然而，你仍然可以在缩减块中找到这些运算。缩减块 A 和 Inception-v4中的缩减块相同。",
    "Residual connections take the place of the poolings in the main inception modules, yet they are still found in the "
    "reductions. Reduction A is the same as in Inception-v4",
    (Quantity("in blocks", "池化运算由残差连接替代", "poolings in the blocks A, B and C of Inception-ResNet-v2", bound="0"),
     lambda: _pools(*blocks(V2), each=False)),
    (Quantity("in reductions", "仍然可以在缩减块中找到这些运算", "poolings for each reduction", bound="1"),
     lambda: _pools("reduction_a", "reduction_b", each=True)),
    (Quantity("same reduction", "缩减块 A 和 Inception-v4中的缩减块相同", "convolutions of Reduction-A, Inception-ResNet-v2 / v4", bound="1"),
     lambda: _reduction_a(V2, V4)),
)  # fmt: skip

enter(
    "scaling-above-1000-filters",
    GITBOOK_GOOGLENET,
    "如果卷积核的数量超过 1000，则网络架构更深层的残差单元将导致网络崩溃。因此，为了增加稳定性，作者通过 0.1 到 0.3 的比例缩放残差激活值。",
    "With more than 1000 filters the residual units deep in the network make it die. So, for stability, the authors scale the "
    "residual activations by 0.1 to 0.3",
    (Quantity("filters", "超过 1000", "channels of the widest map that Inception-ResNet-v2 adds to", MORE),
     lambda: (_over_1000(V2), _over_1000(RELEASED_V2, RELEASED))),
    (Quantity("least", "0.1 到 0.3", "least scale of the released network", BETWEEN), lambda: scale("min")),
    (Quantity("most", "0.1 到 0.3 的比例", "largest scale of the released network", BETWEEN), lambda: scale("max")),
)  # fmt: skip
