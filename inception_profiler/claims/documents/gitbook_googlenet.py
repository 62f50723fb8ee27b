"""Document 002 on GoogLeNet as a whole: parameters, depth, heads."""

from __future__ import annotations

from inception_profiler.claims.bibliography import GITBOOK_GOOGLENET
from inception_profiler.claims.derive import (
    counted,
    fact,
    how_many,
    printed_quotient,
    ratio,
    total,
    whole,
)
from inception_profiler.claims.documents.cnblogs_googlenet import (
    alexnet_against_googlenet,
    auxiliary_heads,
    loss_weight,
    parameters_of_googlenet,
)
from inception_profiler.claims.fully_connected import fully_connected_share, share_in_alexnet
from inception_profiler.claims.layers import (
    inside,
    of_kind,
    params,
)
from inception_profiler.claims.ledger import enter
from inception_profiler.claims.networks import NOTABLY, depth, times
from inception_profiler.records.claim import LESS, MORE, Quantity, Reading
from inception_profiler.records.layer import LayerCost

MODEL, NAIVE = "inception_v1", "inception_v1_naive"
MODULES = ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")
ILSVRC = "ILSVRC-2014 results; Szegedy et al., arXiv:1409.4842, section 7; transcribed from memory"


def _modules() -> tuple[LayerCost, ...]:
    """Return the concatenation that ends each module."""
    return tuple(layer for layer in counted(MODEL).layers if layer.op == "cat")


enter(
    "googlenet-22-layers",
    GITBOOK_GOOGLENET,
    "用一个22层的深度网络将图像分类Top-5的错误率降低到6.67%",
    "With a network 22 layers deep it brought the top-5 error of image classification down to 6.67 %",
    (Quantity("depth", "22层", "layers with weights on GoogLeNet's longest path"), lambda: (depth(MODEL),)),
    Quantity("top-5", "6.67%", "top-5 error of the ensemble", reported=ILSVRC),
)

enter(
    "12-times-fewer",
    GITBOOK_GOOGLENET,
    "与两年前的AlexNet相比，GoogLeNet在精度上获得了显著提升，同时模型参数减少12倍。",
    "Compared with AlexNet of two years before, GoogLeNet is markedly more accurate, with 12 times fewer parameters",
    Quantity("accuracy", "在精度上获得了显著提升", "top-5 error of the two", reported=ILSVRC),
    (
        Quantity("AlexNet / GoogLeNet", "12倍", "parameters of AlexNet / GoogLeNet"),
        lambda: (
            *alexnet_against_googlenet(),
            printed_quotient("60M", "4M", "the quotient of the 60M and 4M that the next paragraph prints"),
        ),
    ),
)

enter(
    "4m-against-60m",
    GITBOOK_GOOGLENET,
    r"dramatically reduced the number of parameters in the network \(4M, compared to AlexNet with 60M\)",
    "dramatically reduced the number of parameters in the network (4M, compared to AlexNet with 60M)",
    (Quantity("GoogLeNet", "4M", "parameters of GoogLeNet"), parameters_of_googlenet),
    (
        Quantity("AlexNet", "60M", "parameters of AlexNet"),
        lambda: (whole(counted("alexnet"), "params", "params"),),
    ),
)


def _linear(model: str) -> Reading:
    layers = of_kind(counted(model).layers, "linear")
    return total(counted(model), layers, params, "params", title=f"fully connected layers of {model}")


enter(
    "pooling-for-fc",
    GITBOOK_GOOGLENET,
    "uses Average Pooling instead of Fully Connected layers at the top of the ConvNet, eliminating a large amount of parameters",
    "uses average pooling instead of fully connected layers at the top, which eliminates a large amount of parameters",
    (
        Quantity("parameters", "eliminating a large amount of parameters",
                 "parameters of AlexNet's fully connected layers / GoogLeNet's", MORE, bound=NOTABLY),
        lambda: (ratio(_linear("alexnet"), _linear(MODEL), title="alexnet / inception_v1"),),
    ),
)  # fmt: skip

enter(
    "up-to-22-layers",
    GITBOOK_GOOGLENET,
    "GoogLeNet 扩大网络（多达 22 层），但也希望减少参数量和计算量。",
    "GoogLeNet enlarges the network (up to 22 layers), and yet means to cut parameters and computation",
    (Quantity("depth", "22 层", "layers with weights on GoogLeNet's longest path"), lambda: (depth(MODEL),)),
    (
        Quantity("parameters", "减少参数量", "parameters of GoogLeNet / VGG-16", LESS, bound="1"),
        lambda: (times(MODEL, "vgg16"),),
    ),
    (
        Quantity("computation", "计算量", "MACs of GoogLeNet / VGG-16", LESS, bound="1"),
        lambda: (
            times(MODEL, "vgg16", "macs", "MACs"),
            times(MODEL, "alexnet", "macs", "MACs", convention="GoogLeNet / AlexNet"),
        ),
    ),
)


def _linear_layers(model: str, convention: str = "") -> Reading:
    layers = of_kind(counted(model).layers, "linear")
    return how_many(counted(model), layers, "linear layers", convention=convention)


enter(
    "fully-convolutional",
    GITBOOK_GOOGLENET,
    "GoogLeNet 是包含 Inception 模块的全卷积结构。",
    "GoogLeNet is a fully convolutional structure of inception modules",
    (
        Quantity("linear layers", "全卷积", "fully connected layers of GoogLeNet", bound="0"),
        lambda: (
            _linear_layers(MODEL),
            _linear_layers("inception_v1_slim", "TF-slim's, whose classifier is a 1×1 convolution"),
        ),
    ),
)


def _last_pooling() -> tuple[Reading, ...]:
    layer = of_kind(inside(counted(MODEL), "pool5"), "pooling")[0]
    before, after = (spec.shape for spec in (layer.call.inputs[0], layer.call.outputs[0]))
    numbers = f"{'×'.join(map(str, before))} → {'×'.join(map(str, after))}"
    return (fact(after[-1], "pixels", "side of the map after pool5", numbers, formula="N×C×H×W"),)


enter(
    "nine-modules",
    GITBOOK_GOOGLENET,
    "GoogLeNet有9个线性堆叠的Inception模块。它有 22 层（包括池化层的话是 27 层）。该模型在最后一个 inception 模块处使用全局平均池化。",
    "GoogLeNet has 9 inception modules stacked one after the other. It has 22 layers (27 with the poolings). After the last "
    "inception module it uses global average pooling",
    (
        Quantity("modules", "9个", "inception modules"),
        lambda: (how_many(counted(MODEL), _modules(), "modules"),),
    ),
    (Quantity("layers", "22 层", "layers with weights on the longest path"), lambda: (depth(MODEL),)),
    (
        Quantity("with pooling", "27 层", "layers with weights and poolings on it"),
        lambda: (depth(MODEL, pooling=True),),
    ),
    (
        Quantity("global pooling", "全局平均池化", "side of the map that the last pooling leaves", bound="1"),
        _last_pooling,
    ),
)

enter(
    "two-auxiliary-heads",
    GITBOOK_GOOGLENET,
    "作者引入了两个辅助分类器（下图紫色框）来提高稳定性和收敛速度。",
    "The authors introduced two auxiliary classifiers (purple in the figure) for stability and faster convergence",
    (
        Quantity("heads", "两个", "auxiliary classifiers of GoogLeNet in training"),
        lambda: (auxiliary_heads(),),
    ),
)

enter(
    "auxiliary-loss-weight",
    GITBOOK_GOOGLENET,
    "该论文中对每个辅助损失使用的权重值是 0.3。",
    "The paper weighs every auxiliary loss by 0.3",
    (Quantity("weight", "0.3", "what an auxiliary loss is multiplied by"), lambda: (loss_weight(),)),
)

enter(
    "total-loss",
    GITBOOK_GOOGLENET,
    "total_loss = real_loss + 0.3 * aux_loss_1 + 0.3 * aux_loss_2",
    "the total loss is the real one and 0.3 of each auxiliary one",
    (
        Quantity("first", "0.3 * aux_loss_1", "weight of the first auxiliary loss", bound="0.3"),
        lambda: (loss_weight(),),
    ),
    (
        Quantity("second", "0.3 * aux_loss_2", "weight of the second auxiliary loss", bound="0.3"),
        lambda: (loss_weight(),),
    ),
)


def _auxiliary_in_inference() -> tuple[Reading, ...]:
    layers = [layer for layer in counted(MODEL).layers if layer.stage == "auxiliary"]
    return (how_many(counted(MODEL), layers, "calls of auxiliary heads"),)


enter(
    "auxiliary-in-training-only",
    GITBOOK_GOOGLENET,
    "辅助损失只是用于训练，在推断过程中并不使用。",
    "The auxiliary losses serve training only and are not used in inference",
    (
        Quantity("inference", "在推断过程中并不使用", "calls of auxiliary heads in inference", bound="0"),
        _auxiliary_in_inference,
    ),
)


enter(
    "fc-holds-90-percent",
    GITBOOK_GOOGLENET,
    "在AlexNet和VGGNet中，全连接层占据了90%的参数量",
    "In AlexNet and VGGNet the fully connected layers hold 90 % of the parameters",
    (Quantity("AlexNet", "90%", "their share in AlexNet's parameters"), share_in_alexnet),
    (
        Quantity("VGG-16", "90%的参数量", "their share in VGG-16's parameters"),
        lambda: (fully_connected_share(counted("vgg16")),),
    ),
)

enter(
    "nin-without-fc",
    GITBOOK_GOOGLENET,
    "NIN不再像卷积一样在分层之前采用全连接网络，而是采用全局平均池化",
    "NIN no longer puts a fully connected network before its classifier, but global average pooling",
    (Quantity("linear layers", "不再像卷积一样在分层之前采用全连接网络", "fully connected layers of NIN", bound="0"),
     lambda: (_linear_layers("nin"),)),
)  # fmt: skip
