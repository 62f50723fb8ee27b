"""Document 003 on what the Inception-ResNets cost against Inception-v3 and v4: depth, merges, reductions."""

from __future__ import annotations

from inception_profiler.claims.bibliography import CSDN_INCEPTION_V4
from inception_profiler.claims.derive import counted, how_many, ratio, trained, whole
from inception_profiler.claims.layers import channels, inside, of_kind
from inception_profiler.claims.ledger import Speed, enter
from inception_profiler.claims.networks import RELEASED, depth, distinct, side_by_side, times
from inception_profiler.claims.residual import (
    GROUPS,
    RELEASED_V2,
    V1,
    V2,
    convolutions,
    expansions,
    followed_by,
    merges,
    saved_by_merges,
    scales,
    weakest_expansion,
    width,
)
from inception_profiler.records.claim import BETWEEN, FASTER, LESS, MORE, SHARE, Quantity, Reading

V3, V4 = "inception_v3", "inception_v4"
ACCURACY = "Szegedy et al., arXiv:1602.07261, Tables 2 to 5; transcribed from memory"
TRAINING = "Szegedy et al., arXiv:1602.07261, section 3.3; transcribed from memory"


def cost(subject: str, reference: str, released: str) -> tuple[Reading, ...]:
    """Hold the MACs of two networks against each other, as the paper draws the subject, then as released."""
    return (
        times(subject, reference, "macs", "MACs"),
        times(released, reference, "macs", "MACs", convention=RELEASED),
    )


def _layers(reference: str, convention: str = "") -> Reading:
    return ratio(
        convolutions(V4), convolutions(reference), title=f"{V4} / {reference}", convention=convention
    )


def _more_layers() -> tuple[Reading, ...]:
    """Hold the layers of the two against each other: convolutions, longest path, kernels started."""
    return (
        _layers(V2),
        _layers(RELEASED_V2, RELEASED),
        *(
            ratio(
                depth(V4),
                depth(each),
                title=f"{V4} / {each}",
                convention=f"layers on the longest path{which}",
            )
            for each, which in ((V2, ""), (RELEASED_V2, f", {RELEASED}"))
        ),
        times(V4, V2, "launches", "launches", convention="kernels started"),
        times(V4, RELEASED_V2, "launches", "launches", convention=f"kernels started, {RELEASED}"),
    )


enter(
    "v4-slower",
    CSDN_INCEPTION_V4,
    "Inception-ResNet-V1的结果与Inception v3相当;Inception-ResNet-V2与Inception v4结果差不多,不过实际过程中Inception v4会明显慢于Inception-ResNet-v2,这也许是因为层数太多了。",
    "The results of Inception-ResNet-v1 equal those of Inception-v3, and those of Inception-ResNet-v2 are about those of "
    "Inception-v4; in practice, however, Inception-v4 is notably slower than Inception-ResNet-v2, perhaps because it has "
    "too many layers",
    Quantity("v1 and v3", "Inception-ResNet-V1的结果与Inception v3相当", "errors of the two", reported=ACCURACY),
    Quantity("v2 and v4", "Inception-ResNet-V2与Inception v4结果差不多", "errors of the two", reported=ACCURACY),
    (
        Quantity("speed", "Inception v4会明显慢于Inception-ResNet-v2",
                 "time of Inception-ResNet-v2 / Inception-v4; the count shown is that of the MACs", FASTER),
        Speed(V2, V4, lambda: cost(V2, V4, RELEASED_V2), also=((RELEASED_V2, V4),)),
    ),
    (
        Quantity("layers", "层数太多了", "convolutions of Inception-v4 / Inception-ResNet-v2 as its figures draw it",
                 MORE, bound="1"),
        _more_layers,
    ),
)  # fmt: skip


def _normed_merges() -> Reading:
    return how_many(counted(V2), followed_by(V2, merges(V2), "normalization"), "normalized merges")


def _normed_share() -> tuple[Reading, ...]:
    """Divide the normalized convolutions by those of the traditional layers: all but the linear 1×1."""
    every = of_kind(counted(V2).layers, "convolution")
    linear = expansions(V2)
    traditional = tuple(layer for layer in every if layer not in linear)
    normed = followed_by(V2, traditional, "normalization")
    return (
        ratio(
            how_many(counted(V2), normed, "normalized convolutions"),
            how_many(counted(V2), traditional, "convolutions of traditional layers"),
            unit=SHARE,
            title="normalized / all of them",
        ),
    )


enter(
    "bn-outside-merges",
    CSDN_INCEPTION_V4,
    "在Inception-ResNet结构中,只在传统层的上面使用BN层,而不在合并层上使用BN",
    "In the Inception-ResNets batch normalization is used on the traditional layers only and not on the merging layers",
    (
        Quantity("traditional layers", "只在传统层的上面使用BN层",
                 "share of the convolutions with ReLU that are normalized", bound="1"),
        _normed_share,
    ),
    (
        Quantity("merges", "不在合并层上使用BN", "sums of Inception-ResNet-v2 that are normalized", bound="0"),
        lambda: (_normed_merges(),),
    ),
    (
        Quantity("memory", "而不在合并层上使用BN",
                 "training memory without normalized merges / with them: why the paper leaves them out", LESS, bound="1"),
        lambda: saved_by_merges(V2),
    ),
)  # fmt: skip


def _one_each() -> tuple[Reading, ...]:
    return (
        ratio(
            how_many(counted(V2), expansions(V2), "1×1 before the sum"),
            how_many(counted(V2), merges(V2), "sums"),
            title="1×1 for each block",
        ),
    )


enter(
    "linear-expansion",
    CSDN_INCEPTION_V4,
    "每一个inception模块中都有一个1×1带有线性激活的卷积层,用来扩展通道数,从而补偿因为inception模块导致的维度相减。",
    "Every inception block has a 1×1 convolution with linear activation, which widens the channels to make up for what "
    "the inception block takes away",
    (Quantity("one in each", "都有一个1×1", "linear 1×1 for each block of Inception-ResNet-v2", bound="1"), _one_each),
    (
        Quantity("linear", "线性激活", "linear 1×1 that a ReLU follows before the sum", bound="0"),
        lambda: (how_many(counted(V2), followed_by(V2, expansions(V2), "activation"), "1×1 with ReLU"),),
    ),
    (
        Quantity("widens", "扩展通道数", "channels after / before, the weakest of them", MORE, bound="1"),
        lambda: (weakest_expansion(V2),),
    ),
)  # fmt: skip


def _reduction_a(subject: str, reference: str) -> tuple[Reading, ...]:
    return (
        ratio(convolutions(subject, "reduction_a"), convolutions(reference, "reduction_a"),
              title=f"{subject} / {reference}"),
    )  # fmt: skip


def filters(model: str) -> tuple[int, ...]:
    """Return k, l, m and n of a network's Reduction-A, in the order of the paper's Table 1."""
    layers = of_kind(inside(counted(model), "reduction_a"), "convolution")
    last = [layer for layer in layers if ".branch_3x3." in layer.path]
    return tuple(channels(layer) for layer in (*(layer for layer in layers if layer not in last), *last))


def _different_filters() -> tuple[Reading, ...]:
    return (
        distinct(
            "the three networks",
            [" ".join(map(str, filters(model))) for model in (V4, V1, V2)],
            "k, l, m and n of Reduction-A",
            "choices",
        ),
    )


enter(
    "same-reduction-a",
    CSDN_INCEPTION_V4,
    "Inception v4、Inception-ResNet v1、v2采用相同的Reduction A结构,只是参数不同,如表1。",
    "Inception-v4, Inception-ResNet-v1 and v2 have the same structure of Reduction-A, with other numbers only, as in Table 1",
    (
        Quantity("v1", "v1", "convolutions of Reduction-A, Inception-ResNet-v1 / Inception-v4", bound="1"),
        lambda: _reduction_a(V1, V4),
    ),
    (
        Quantity("v2", "v2", "convolutions of Reduction-A, Inception-ResNet-v2 / Inception-v4", bound="1"),
        lambda: _reduction_a(V2, V4),
    ),
    (
        Quantity("numbers differ", "只是参数不同", "different choices of k, l, m and n in three networks", bound="3"),
        _different_filters,
    ),
)  # fmt: skip


AFTER_STEM = (*GROUPS, "reduction_a", "reduction_b")
"""The modules A, B and C of the Inception-ResNets, and the reductions between them."""


def same_structure() -> tuple[Reading, ...]:
    """Hold the convolutions of v1 and v2 against each other: outside the stem, then with it."""
    return (
        ratio(convolutions(V1, *AFTER_STEM), convolutions(V2, *AFTER_STEM), title="v1 / v2, after the stem"),
        ratio(convolutions(V1), convolutions(V2), title="v1 / v2", convention="stems included"),
    )


enter(
    "v1-v2-same-structure",
    CSDN_INCEPTION_V4,
    "Inception-ResNet v1和v2网络的结构都是相同的,只是在滤波器个数上有差别。",
    "Inception-ResNet-v1 and v2 have the same structure and differ in the number of filters only",
    (
        Quantity("convolutions", "结构都是相同的", "convolutions of v1 / v2, the stems apart, which differ", bound="1"),
        same_structure,
    ),
    (
        Quantity("filters", "滤波器个数上有差别", "parameters of v2 / v1", MORE, bound="1"),
        lambda: (times(V2, V1),),
    ),
)  # fmt: skip


def _over_1000(model: str, convention: str = "") -> Reading:
    """Return the narrowest map above 1000 channels to which blocks add, of all three groups."""
    widths = [(group, float(width(model, group).value)) for group in GROUPS]
    return side_by_side(
        widths, max, f"channels of the maps of {model}", "the widest", "channels", convention=convention
    )


def scale(pick: str) -> tuple[Reading, ...]:
    """Return the smallest or the largest factor of the released Inception-ResNet-v2."""
    title = f"{pick}imum of the released scales"
    return (side_by_side(scales(), min if pick == "min" else max, title, "one for each kind of block", "×"),)


enter(
    "above-1000-channels",
    CSDN_INCEPTION_V4,
    "如果通道数超过1000,那么Inception-resnet等网络都会开始变得不稳定,并且过早的就“死掉了”,即在迭代几万次之后,平均池化的前面一层就会生成很多的0值。作者的解决办法是在将残差汇入之前,对残差进行缩小,可以让模型稳定训练,值通常选择 [0,1.0.3]",
    "Above 1000 channels networks such as Inception-ResNet become unstable and die early: after some ten thousands of "
    "steps the layer before the average pooling gives zeros. The authors scale the residuals down before they are added, "
    "which makes training stable, usually by 0.1 to 0.3",
    (
        Quantity("v1", "超过1000", "channels of the widest map that Inception-ResNet-v1 adds to", MORE),
        lambda: (_over_1000(V1), _over_1000("inception_resnet_v1_facenet", RELEASED)),
    ),
    (
        Quantity("v2", "通道数超过1000", "channels of the widest map that Inception-ResNet-v2 adds to", MORE),
        lambda: (_over_1000(V2), _over_1000(RELEASED_V2, RELEASED)),
    ),
    Quantity("instability", "迭代几万次之后", "steps until the network dies", reported=TRAINING),
    (
        Quantity("least", "[0,1.0.3]", "least scale of the released network; the post means 0.1 to 0.3", BETWEEN,
                 bound="0.1 to 0.3"),
        lambda: scale("min"),
    ),
    (
        Quantity("most", "0,1.0.3", "largest scale of the released network; the post means 0.1 to 0.3", BETWEEN,
                 bound="0.1 to 0.3"),
        lambda: scale("max"),
    ),
)  # fmt: skip

enter(
    "cifar-warm-up",
    CSDN_INCEPTION_V4,
    "在特别深的网络基础上去训cifar-10,需要先以0.01的学习率去训练,然后在以0.1的学习率训练",
    "To train a very deep network on CIFAR-10 one has to begin with a learning rate of 0.01 and go on with 0.1",
    Quantity("warm-up", "0.01", "first learning rate",
             reported="He et al., arXiv:1512.03385, section 4.2; transcribed from memory"),
    Quantity("after it", "0.1的学习率", "learning rate afterwards",
             reported="He et al., arXiv:1512.03385, section 4.2; transcribed from memory"),
)  # fmt: skip

enter(
    "low-rate-does-not-help",
    CSDN_INCEPTION_V4,
    "如果通道数特别多的话,即使以特别低的学习率(0.00001)训练也无法让模型收敛",
    "With very many channels not even a very low learning rate (0.00001) makes the model converge",
    Quantity("learning rate", "0.00001", "learning rate that did not help", reported=TRAINING),
)


def _steps(subject: str, reference: str, released: str) -> tuple[Reading, ...]:
    """Hold the MACs of a training step against each other, forward and backward."""

    def step(over: str, convention: str = "") -> Reading:
        sides = (whole(trained(name), "step_macs", "MACs of a training step") for name in (over, reference))
        return ratio(*sides, title=f"{over} / {reference}", convention=convention)

    return (step(subject), step(released, RELEASED))


enter(
    "v1-trains-faster",
    CSDN_INCEPTION_V4,
    "inception-resnet-v1虽然训练速度更快,不过最后结果有那么一丢丢的差于inception v3",
    "Inception-ResNet-v1 trains faster, yet its final result is a trifle worse than that of Inception-v3",
    (
        Quantity("speed", "训练速度更快",
                 "training time of Inception-ResNet-v1 / Inception-v3; the count shown is MACs of a step", FASTER),
        Speed(V1, V3, lambda: _steps(V1, V3, "inception_resnet_v1_facenet"), train=True),
    ),
    Quantity("result", "差于inception v3", "errors of the two", reported=ACCURACY),
)  # fmt: skip

enter(
    "v2-trains-faster",
    CSDN_INCEPTION_V4,
    "inception-resnet-v2的训练速度更块,而且结果比inception v4也更好一点",
    "Inception-ResNet-v2 trains faster, and its result is a little better than that of Inception-v4 too",
    (
        Quantity("speed", "训练速度更块",
                 "training time of Inception-ResNet-v2 / Inception-v4; the count shown is MACs of a step", FASTER),
        Speed(V2, V4, lambda: _steps(V2, V4, RELEASED_V2), train=True, also=((RELEASED_V2, V4),)),
    ),
    Quantity("result", "结果比inception v4也更好一点", "errors of the two", reported=ACCURACY),
)  # fmt: skip

enter(
    "v2-better-than-v4",
    CSDN_INCEPTION_V4,
    "Inception-ResNet v2在速度和性能上优于Inception v4,成为优选方案。",
    "Inception-ResNet-v2 beats Inception-v4 in speed and in performance, and is the one to prefer",
    (
        Quantity(
            "speed",
            "在速度",
            "time of Inception-ResNet-v2 / Inception-v4; the count shown is that of the MACs",
            FASTER,
        ),
        Speed(V2, V4, lambda: cost(V2, V4, RELEASED_V2), also=((RELEASED_V2, V4),)),
    ),
    Quantity("performance", "性能上优于Inception v4", "errors of the two", reported=ACCURACY),
)
