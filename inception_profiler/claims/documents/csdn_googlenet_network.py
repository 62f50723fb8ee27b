"""Document 000 on the network as such: its depth, its modules, its losses, and the Keras code it prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inception_profiler.claims.bibliography import CSDN_GOOGLENET
from inception_profiler.claims.derive import counted, fact, how_many, ratio, trained, whole
from inception_profiler.claims.documents.lecture8_googlenet import auxiliary_heads, modules
from inception_profiler.claims.layers import attribute, channels, of_kind, side, under
from inception_profiler.claims.ledger import enter
from inception_profiler.claims.modules import pair, places
from inception_profiler.claims.padding import instead, map_against_zero_padding, rule, zeros_on_a_side
from inception_profiler.records.claim import LESS, Quantity, Reading, Step, Used
from inception_profiler.records.layer import LayerCost

MODEL, BLOG, NAIVE = "inception_v1", "inception_v1_blog", "inception_v1_naive"


def _depth() -> Sequence[Reading]:
    model = counted(MODEL)
    numbers = f"{model.calls} operations"
    formula = "convolutions and linear layers on the longest path"
    return (fact(model.depth, "layers", f"depth of {MODEL}", numbers, formula=formula),)


enter(
    "googlenet-depth",
    CSDN_GOOGLENET,
    "在加深网络的同时(22层)",
    "While making the network deeper (22 layers)",
    (Quantity("depth", "22层", "layers with parameters on GoogLeNet's longest path"), _depth),
)

enter(
    "googlenet-won",
    CSDN_GOOGLENET,
    "GoogLeNet在2014的ImageNet分类任务上击败了VGG-Nets夺得冠军",
    "GoogLeNet beat the VGG nets and won the ImageNet classification task of 2014",
    Quantity("rank", "击败了VGG-Nets夺得冠军", "first in classification", reported="ILSVRC 2014 results"),
)


def _in_modules(kind: str) -> tuple[LayerCost, ...]:
    return tuple(
        layer for layer in of_kind(counted(MODEL).layers, kind) if layer.name.startswith("inception_")
    )


def _same(kind: str, name: str) -> Sequence[Reading]:
    """Return an attribute that all layers of a kind have in GoogLeNet's modules, or the largest."""
    values = [attribute(layer, name) for layer in _in_modules(kind)]
    numbers = ", ".join(f"{value} ({values.count(value)}×)" for value in sorted(set(values)))
    return (fact(max(values), "pixels", f"{name} of the {len(values)} layers", numbers),)


def _kernels() -> Sequence[Reading]:
    sides = sorted({attribute(layer, "kernel") for layer in _in_modules("convolution")})
    return (
        fact(len(sides), "kernels", "kernels of the convolutions in the modules", ", ".join(map(str, sides))),
    )


def _branches() -> Sequence[Reading]:
    counts = [len(layer.call.inputs) for layer in modules()]
    return (fact(max(counts), "maps", "maps joined at the end of each module", ", ".join(map(str, counts))),)


def _sizes() -> Sequence[Reading]:
    sides = [(side(layer), layer.call.inputs[0].shape[-1]) for layer in _in_modules("convolution")]
    after, before = max(sides, key=lambda pair: abs(pair[0] / pair[1] - 1))
    return (
        fact(
            after / before,
            "×",
            "side after / before, the largest change",
            f"{after} / {before}",
            formula="a / b",
        ),
    )


def _followed() -> Sequence[Reading]:
    model = counted(MODEL)
    relus = how_many(model, _in_modules("activation"), "ReLUs in the modules")
    return (ratio(relus, how_many(model, _in_modules("convolution"), "convolutions in the modules")),)


enter(
    "module-anatomy",
    CSDN_GOOGLENET,
    "结构里的卷积stride都是1,另外为了保持特征响应图大小一致,都用了零填充。最后每个卷积层后面都立刻接了个ReLU层。在输出前有个叫concatenate的层,直译的意思是“并置”,即把4组不同类型但大小相同的特征响应图一张张并排叠起来,形成新的特征响应图。",
    "Its convolutions all have stride 1; to keep the maps of one size all are padded with zeros; every convolution has "
    "a ReLU right after it; before the output there is a layer called concatenate, which stacks 4 groups of maps of "
    "different kinds and one size",
    (
        Quantity("stride", "stride都是1", "stride of the convolutions in GoogLeNet's modules"),
        lambda: _same("convolution", "stride"),
    ),
    (Quantity("size", "大小一致", "side after / before them", bound="1"), _sizes),
    (Quantity("ReLU", "每个卷积层后面都立刻接了个ReLU层", "ReLUs / convolutions", bound="1"), _followed),
    (Quantity("groups", "4组", "maps that a module joins"), _branches),
)

enter(
    "module-kernels",
    CSDN_GOOGLENET,
    "通过3×3的池化、以及1×1、3×3和5×5这三种不同尺度的卷积核,一共4种方式对输入的特征响应图做了特征提取。",
    "By 3×3 pooling and by kernels of three sizes, 1×1, 3×3 and 5×5: in 4 ways in all features are taken from the input",
    (
        Quantity("pooling", "3×3的池化", "window of the poolings in the modules"),
        lambda: _same("pooling", "kernel"),
    ),
    (Quantity("largest", "5×5", "largest kernel in the modules"), lambda: _same("convolution", "kernel")),
    (Quantity("kernels", "三种", "kernel sizes in the modules"), _kernels),
    (Quantity("ways", "4种", "branches of a module"), _branches),
)


def _modules_reduced() -> Sequence[Reading]:
    """Hold every module of GoogLeNet against its naive form on the same map; the weakest saving is the reading."""
    steps: list[Step] = []
    used: list[Used] = []
    for name, place in places().items():
        naive, reduced = (whole(each.profile, "macs", "MACs") for each in pair(place))
        step = ratio(reduced, naive).steps[-1]
        steps.append(replace(step, title=f"{name}, reduced / naive"))
        used.append(Used(MODEL, len(used), name, f"{reduced.value} / {naive.value} MACs", step.value))
    worst = max(steps, key=lambda step: step.value)
    last = replace(worst, title=f"the weakest saving: {worst.title}")
    return (Reading(worst.value, "×", steps=(*steps, last), layers=tuple(used)),)


def _network_reduced() -> Sequence[Reading]:
    pairs = (whole(counted(model), "macs", "MACs") for model in (MODEL, NAIVE))
    return (ratio(*pairs, title="GoogLeNet / GoogLeNet of naive modules"),)


enter(
    "reductions-save",
    CSDN_GOOGLENET,
    "为了降低计算量。同时让信息通过更少的连接传递以达到更加稀疏的特性,采用1×1卷积核来实现降维。",
    "To lower the computation, and to pass information on by fewer connections, which is sparser, 1×1 kernels reduce "
    "the dimension",
    (
        Quantity(
            "every module",
            "降低计算量",
            "MACs of a module / its naive form, the weakest saving of the nine",
            LESS,
            bound="1",
        ),
        _modules_reduced,
    ),
    (
        Quantity(
            "the network",
            "为了降低计算量",
            "MACs of GoogLeNet / the network of naive modules",
            LESS,
            bound="1",
        ),
        _network_reduced,
    ),
    (
        Quantity(
            "connections",
            "更少的连接",
            "parameters of GoogLeNet / the network of naive modules",
            LESS,
            bound="1",
        ),
        lambda: (ratio(*(whole(counted(model), "params", "params") for model in (MODEL, NAIVE))),),
    ),
)


def _losses() -> Sequence[Reading]:
    heads = auxiliary_heads()
    final = of_kind(trained(MODEL).layers, "linear")[-1]
    return (how_many(trained(MODEL), (*heads, final), "classifiers"),)


enter(
    "three-losses",
    CSDN_GOOGLENET,
    "GoogLeNet网络结构中有3个LOSS单元",
    "GoogLeNet has 3 loss units in its structure",
    (Quantity("losses", "3个", "classifiers of GoogLeNet in training"), _losses),
)

enter(
    "auxiliary-weight",
    CSDN_GOOGLENET,
    "这两个辅助LOSS单元的计算被乘以0.3",
    "The computation of these two auxiliary loss units is multiplied by 0.3",
    (
        Quantity("heads", "两个", "auxiliary classifiers of GoogLeNet in training"),
        lambda: (how_many(trained(MODEL), auxiliary_heads(), "auxiliary classifiers"),),
    ),
    Quantity("weight", "0.3", "weight of an auxiliary loss", reported="Szegedy et al. 2015, section 5"),
)


def _width(module: str) -> Sequence[Reading]:
    joined = next(layer for layer in under(counted(BLOG), module) if layer.op == "cat")
    widths = " + ".join(str(spec.shape[1]) for spec in joined.call.inputs)
    return (
        fact(
            channels(joined), "channels", f"channels after {module}", widths, formula="sum over the branches"
        ),
    )


for _module, _quote, _printed in (
    ("inception_3a", "x = Inception(x,64)#256", "256"),
    ("inception_3b", "x = Inception(x,120)#480", "480"),
    ("inception_4a", "x = Inception(x,128)#512", "512"),
    ("inception_4d", "x = Inception(x,132)#528", "528"),
    ("inception_4e", "x = Inception(x,208)#832", "832"),
    ("inception_5b", "x = Inception(x,256)#1024", "1024"),
):

    def _lens(module: str = _module) -> Sequence[Reading]:
        return _width(module)

    enter(
        f"keras-width-{_module.removeprefix('inception_')}",
        CSDN_GOOGLENET,
        _quote,
        f"A comment in the code: {_printed} channels after this module",
        (Quantity("width", f"#{_printed}", f"channels after {_module} of the printed code"), _lens),
    )


def _keras_input() -> Sequence[Reading]:
    shape = counted(BLOG).inputs[0].shape
    return (fact(shape[-1], "pixels", "the input", "×".join(map(str, shape))),)


enter(
    "keras-input",
    CSDN_GOOGLENET,
    "inpt = Input(shape=(224,224,3))",
    "The input of the printed code: 224×224×3",
    (Quantity("side", "(224", "side of the input"), _keras_input),
)


enter(
    "keras-same-padding",
    CSDN_GOOGLENET,
    "#padding = 'same',填充为(步长-1)/2,还可以用ZeroPadding2D((3,3))",
    "A comment in the code: padding = 'same' pads by (stride−1)/2; ZeroPadding2D((3,3)) would do too",
    (rule("(步长-1)/2"), zeros_on_a_side),
    (instead("还可以用ZeroPadding2D((3,3))"), map_against_zero_padding),
)
