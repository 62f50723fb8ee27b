"""Document 001 on AlexNet and ZFNet: where memory, parameters and operations sit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from inception_profiler.claims.bibliography import LECTURE8_NOTES
from inception_profiler.claims.derive import counted, fact, ratio, read_as, share, sketched, total, whole
from inception_profiler.claims.layers import (
    attribute,
    channels,
    macs,
    of_kind,
    output_bytes,
    params,
    side,
    under,
    weight_shape,
)
from inception_profiler.claims.ledger import enter
from inception_profiler.records.claim import DEFAULT, MORE, Quantity, Reading
from inception_profiler.records.layer import LayerCost

TOWER = "alexnet_torchvision"
"""The single tower of the lecture's table; the registered network differs in the padding of its first layer."""
HALF = "0.5"


def _share(of: Callable[[LayerCost], int], unit: str, *names: str) -> tuple[Reading, ...]:
    """Return the share of some layers, by name, in one count of the tower."""
    layers = [layer for name in names for layer in under(counted(TOWER), name)]
    return (share(counted(TOWER), layers, of, unit),)


def _kind(of: Callable[[LayerCost], int], unit: str, kind: str) -> tuple[Reading, ...]:
    """Return the share of one kind of layer in one count of the tower."""
    return (share(counted(TOWER), of_kind(counted(TOWER).layers, kind), of, unit),)


def _doubled(of: Callable[[LayerCost], int], unit: str) -> tuple[Reading, ...]:
    """Double the filters of the tower's second convolution and see what grows."""
    conv = under(counted(TOWER), "conv2")[0]
    filters, width, kernel, _ = weight_shape(conv)
    once, twice = (sketched(width, (many, kernel), size=side(conv)) for many in (filters, 2 * filters))
    kept = [total(each, of_kind(each.layers, "convolution"), of, unit) for each in (twice, once)]
    return (ratio(*kept, title="twice the filters / the filters"),)


def _weights_are_a_product() -> tuple[Reading, ...]:
    """Divide the weights of fc6 by inputs times outputs."""
    layer = under(counted(TOWER), "fc6")[0]
    inputs, outputs = layer.call.inputs[0].shape[-1], layer.call.outputs[0].shape[-1]
    weights = read_as(counted(TOWER), (layer,), "lecture-params", "weights")
    product = fact(inputs * outputs, "pairs", "pairs", f"{inputs} · {outputs}", formula="inputs · outputs")
    return (replace(ratio(weights, product, title="weights / pairs"), convention=DEFAULT),)


enter(
    "before-2012",
    LECTURE8_NOTES,
    "在2012年以前,ImageNet Classification Challenge的获胜者都是人工进行特征提取的线性分类模型。在2012年,AlexNet成功登顶。",
    "Before 2012 the winners of the ImageNet classification challenge were linear classifiers on features made by hand; in "
    "2012 AlexNet came first",
    Quantity("year", "2012年,AlexNet成功登顶", "when AlexNet won", reported="ILSVRC 2012 results"),
)

enter(
    "alexnet-trends",
    LECTURE8_NOTES,
    "内存都集中在前几个卷积层,因为卷积层是输入和输出都非常大,而且filter的个数越多,输出也越大因为全连接层的连接方式是类似"
    "笛卡尔乘积的,所以W的个数非常大,从而产生了更多的可训练参数filter个数对计算次数影响很大,这因为是卷积,每一次卷积都会"
    "产生大量的计算。",
    "Memory is concentrated in the first convolutions, because their inputs and outputs are very large, and the more "
    "filters, the larger the output; a fully connected layer connects like a Cartesian product, so W is very large "
    "and makes for more trainable parameters; the number of filters has much influence on the number of operations, "
    "since each convolution takes a great amount of computation",
    (
        Quantity(
            "memory early",
            "内存都集中在前几个卷积层",
            "share of the first two of five convolutions in AlexNet's feature maps",
            MORE,
            bound=HALF,
        ),
        lambda: _share(output_bytes, "bytes", "conv1", "conv2"),
    ),
    (
        Quantity(
            "convolutions' outputs",
            "输出都非常大",
            "share of all convolutions in AlexNet's feature maps",
            MORE,
            bound=HALF,
        ),
        lambda: _kind(output_bytes, "bytes", "convolution"),
    ),
    (
        Quantity(
            "filters and output",
            "filter的个数越多,输出也越大",
            "output of conv2 with twice the filters / its output",
            MORE,
            bound="1",
        ),
        lambda: _doubled(output_bytes, "bytes"),
    ),
    (
        Quantity(
            "a product", "类似笛卡尔乘积", "weights of fc6 / pairs of one input and one output", bound="1"
        ),
        _weights_are_a_product,
    ),
    (
        Quantity(
            "parameters in FC",
            "产生了更多的可训练参数",
            "share of the fully connected layers in AlexNet's parameters",
            MORE,
            bound=HALF,
        ),
        lambda: _kind(params, "params", "linear"),
    ),
    (
        Quantity(
            "filters and operations",
            "filter个数对计算次数影响很大",
            "MACs of conv2 with twice the filters / its MACs",
            MORE,
            bound="1",
        ),
        lambda: _doubled(macs, "MACs"),
    ),
    (
        Quantity(
            "operations in conv",
            "每一次卷积都会产生大量的计算",
            "share of the convolutions in AlexNet's MACs",
            MORE,
            bound=HALF,
        ),
        lambda: _kind(macs, "MACs", "convolution"),
    ),
)

enter(
    "zfnet-larger",
    LECTURE8_NOTES,
    "这本质上的设计思路和AlexNet一模一样,但是这儿使用了更大的神经网络",
    "In essence the design is AlexNet's, but a larger network is used here",
    (
        Quantity("params", "更大的神经网络", "parameters of ZFNet / AlexNet", MORE, bound="1"),
        lambda: (ratio(*(whole(counted(each), "params", "params") for each in ("zfnet", "alexnet"))),),
    ),
    (
        Quantity("MACs", "更大", "MACs of ZFNet / AlexNet", MORE, bound="1"),
        lambda: (ratio(*(whole(counted(each), "macs", "MACs") for each in ("zfnet", "alexnet"))),),
    ),
)


def _attribute(model: str, layer: str, name: str) -> Sequence[Reading]:
    conv = under(counted(model), layer)[0]
    value = attribute(conv, name)
    return (fact(value, "pixels", f"{name} of {layer} in {model}", str(value)),)


def _filters(model: str, layer: str, variant: str = "") -> Sequence[Reading]:
    """Return the filters of a convolution in a network and, as another reading, in a variant of it."""
    found = []
    for each in filter(None, (model, variant)):
        many = channels(under(counted(each), layer)[0])
        named = f"the paper's enlarged model, {each}" if each == variant else ""
        found.append(fact(many, "filters", f"filters of {layer} in {each}", str(many), convention=named))
    return found


enter(
    "zfnet-filters",
    LECTURE8_NOTES,
    "Conv1:使用了 (7x7 步长 2)的filter,而AlexNet使用的是(11x11 步长 4)的filterConv3, 4, 5:使用了512, 1024, 512个filter,而AlexNet"
    "使用了384,384,256个filter。",
    "Conv1 uses filters of 7×7 at stride 2, where AlexNet uses 11×11 at stride 4; Conv3, 4 and 5 use 512, 1024 and 512 "
    "filters, where AlexNet uses 384, 384 and 256",
    (
        Quantity("ZFNet kernel", "7x7", "kernel of ZFNet's conv1"),
        lambda: _attribute("zfnet", "conv1", "kernel"),
    ),
    (Quantity("ZFNet stride", "步长 2", "its stride"), lambda: _attribute("zfnet", "conv1", "stride")),
    (
        Quantity("AlexNet kernel", "11x11", "kernel of AlexNet's conv1"),
        lambda: _attribute("alexnet", "conv1", "kernel"),
    ),
    (Quantity("AlexNet stride", "步长 4", "its stride"), lambda: _attribute("alexnet", "conv1", "stride")),
    (
        Quantity("ZFNet conv3", "512", "filters of ZFNet's conv3"),
        lambda: _filters("zfnet", "conv3", "zfnet_enlarged"),
    ),
    (
        Quantity("ZFNet conv4", "1024", "filters of ZFNet's conv4"),
        lambda: _filters("zfnet", "conv4", "zfnet_enlarged"),
    ),
    (
        Quantity("ZFNet conv5", "512个", "filters of ZFNet's conv5"),
        lambda: _filters("zfnet", "conv5", "zfnet_enlarged"),
    ),
    (Quantity("AlexNet conv3", "384", "filters of AlexNet's conv3"), lambda: _filters("alexnet", "conv3")),
    (Quantity("AlexNet conv4", ",384", "filters of AlexNet's conv4"), lambda: _filters("alexnet", "conv4")),
    (Quantity("AlexNet conv5", "256个", "filters of AlexNet's conv5"), lambda: _filters("alexnet", "conv5")),
)


def _first_maps() -> tuple[Reading, ...]:
    sides = [side(under(counted(model), "conv1")[0]) for model in ("zfnet", "alexnet")]
    maps = [fact(each, "pixels", "side of the first map", str(each)) for each in sides]
    return (ratio(*maps, title="ZFNet / AlexNet"),)


enter(
    "zfnet-downsampling",
    LECTURE8_NOTES,
    "缺点是,收敛慢,downsample慢。",
    "The drawback is that it converges slowly and downsamples slowly",
    (
        Quantity(
            "downsampling", "downsample慢", "side of the map after conv1, ZFNet / AlexNet", MORE, bound="1"
        ),
        _first_maps,
    ),
    Quantity(
        "convergence",
        "收敛慢",
        "how fast it trains",
        reported="the notes themselves; training is not counted",
    ),
)

enter(
    "larger-is-better",
    LECTURE8_NOTES,
    "一般来说,更大的网络会有更好的效果。",
    "In general, a larger network does better",
    Quantity("accuracy", "更好的效果", "accuracy", reported="the notes themselves; accuracy is not computed"),
)


def _groups() -> tuple[Reading, ...]:
    many = attribute(under(counted("alexnet"), "conv2")[0], "groups")
    return (fact(many, "groups", "groups of conv2 in alexnet", str(many)),)


enter(
    "alexnet-two-gpus",
    LECTURE8_NOTES,
    "在AlexNet时代,一个GPU的显存才3G,需要将AlexNet拆解成两部分放到两个GPU里面进行。",
    "In AlexNet's days one GPU had but 3 GB, so that AlexNet had to be split into two parts on two GPUs",
    Quantity(
        "memory of a GPU", "3G", "memory of one GPU in 2012", reported="Krizhevsky et al. 2012, section 3.2"
    ),
    (
        Quantity("towers", "两部分", "groups of AlexNet's second convolution"),
        _groups,
    ),
)
