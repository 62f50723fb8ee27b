"""Document 000 on the end of the network: fully connected layers against global pooling, and speed."""

from __future__ import annotations

from collections.abc import Sequence

from inception_profiler.claims.bibliography import CSDN_GOOGLENET
from inception_profiler.claims.derive import counted, fact, ratio, total
from inception_profiler.claims.fully_connected import share_in_alexnet
from inception_profiler.claims.layers import flops, of_kind, params
from inception_profiler.claims.ledger import Speed, enter
from inception_profiler.records.claim import ABOUT, FASTER, LESS, Quantity, Reading

enter(
    "alexnet-fc-share",
    CSDN_GOOGLENET,
    "而在AlexNet中最后3层的全连接层参数差不多占总参数的90%",
    "In AlexNet the last 3 layers, fully connected, have about 90% of all parameters",
    (
        Quantity("layers", "3层", "fully connected layers of AlexNet"),
        lambda: (
            fact(
                len(of_kind(counted("alexnet").layers, "linear")),
                "layers",
                "linear layers of alexnet",
                ", ".join(layer.name for layer in of_kind(counted("alexnet").layers, "linear")),
            ),
        ),
    ),
    (
        Quantity("share", "差不多占总参数的90%", "their share of AlexNet's parameters", ABOUT, bound="90%"),
        share_in_alexnet,
    ),
)


def _head(model: str) -> Reading:
    return total(counted(model), of_kind(counted(model).layers, "linear"), params, "params")


enter(
    "pooling-head",
    CSDN_GOOGLENET,
    "那就是将后面的全连接层全部替换为简单的全局平均pooling,在最后参数会变的更少。",
    "That is, all fully connected layers at the end are replaced by a plain global average pooling, which makes for "
    "fewer parameters in the end",
    (
        Quantity("all", "全部替换", "fully connected layers left in GoogLeNet", bound="0"),
        lambda: (
            fact(
                len(of_kind(counted("inception_v1").layers, "linear")),
                "layers",
                "linear layers of inception_v1",
                ", ".join(layer.name for layer in of_kind(counted("inception_v1").layers, "linear")),
            ),
        ),
    ),
    (
        Quantity(
            "fewer", "参数会变的更少", "parameters of the linear layers, GoogLeNet / AlexNet", LESS, bound="1"
        ),
        lambda: (ratio(_head("inception_v1"), _head("alexnet"), title="GoogLeNet / AlexNet"),),
    ),
)


def _counts() -> Sequence[Reading]:
    pair = (total(counted(each), counted(each).layers, flops, "FLOPs") for each in ("inception_v1", "vgg16"))
    return (ratio(*pair, title="GoogLeNet / VGG-16"),)


enter(
    "googlenet-accuracy-and-speed",
    CSDN_GOOGLENET,
    "使用大网络在宽度和深度允许GoogleNet移除全连接层,但并不会影响到结果的精度,在ImageNet中实现93.3%的精度,而且要比VGG还要快。",
    "A network large in width and depth allows GoogLeNet to do without fully connected layers, which does not harm its "
    "accuracy; it reaches 93.3% on ImageNet, and is faster than VGG too",
    Quantity(
        "without loss",
        "并不会影响到结果的精度",
        "accuracy without them",
        reported="Szegedy et al. 2015, section 5: top-1 rose by 0.6%",
    ),
    Quantity(
        "accuracy", "93.3%", "top-5 accuracy", reported="ILSVRC 2014: 6.67% top-5 error, Szegedy et al. 2015"
    ),
    (
        Quantity("speed", "要比VGG还要快", "time of GoogLeNet / VGG-16; the FLOPs meanwhile", FASTER),
        Speed("inception_v1", "vgg16", _counts),
    ),
)
