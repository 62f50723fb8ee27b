"""Document 002 on Inception modules: what width costs, and what reductions save."""

from __future__ import annotations

from collections.abc import Callable

from inception_profiler.claims.bibliography import GITBOOK_GOOGLENET
from inception_profiler.claims.derive import (
    counted,
    fact,
    ratio,
    sketched,
    total,
)
from inception_profiler.claims.documents.gitbook_googlenet import MODULES
from inception_profiler.claims.layers import (
    attribute,
    channels,
    inside,
    macs,
    of_kind,
    side,
    weight_shape,
)
from inception_profiler.claims.ledger import Speed, enter
from inception_profiler.claims.networks import NOTABLY, distinct, times
from inception_profiler.records.claim import BETWEEN, FASTER, LESS, MORE, Quantity, Reading, Used
from inception_profiler.records.layer import LayerCost

MODEL, NAIVE = "inception_v1", "inception_v1_naive"
SPEED_UP = "Szegedy et al., arXiv:1409.4842, section 4; transcribed from memory"
WIDTH = 64


def _widened() -> tuple[Reading, ...]:
    """Double the filters of two convolutions one after the other: the second, whose input widens too; both."""
    once, twice = (sketched(WIDTH, (many, 3), (many, 3), size=28) for many in (WIDTH, 2 * WIDTH))
    seconds, both = (
        [total(each, of_kind(each.layers, "convolution")[skip:], macs, "MACs") for each in (twice, once)]
        for skip in (1, 0)
    )
    return (
        ratio(*seconds, title="twice the filters / the filters, second convolution"),
        ratio(
            *both,
            title="twice the filters / the filters, both",
            convention="both, the input of the first unchanged",
        ),
    )


enter(
    "square-of-the-filters",
    GITBOOK_GOOGLENET,
    "两个卷积层级联，如果统一增加卷积核数量，那么计算量的增大将与卷积核数的增加成平方关系。",
    "If the filters of two convolutions one after the other are increased alike, the computation grows with the square "
    "of the filters",
    (
        Quantity(
            "growth",
            "成平方关系",
            "MACs of the second convolution with twice the filters / with the filters",
            bound="4",
        ),
        _widened,
    ),
)


def _one_by_one() -> tuple[Reading, ...]:
    sides = (
        total(each, of_kind(each.layers, "convolution"), macs, "MACs")
        for each in (sketched(WIDTH, (WIDTH, kernel), size=28) for kernel in (5, 1))
    )
    return (ratio(*sides, title="5×5 / 1×1"),)


enter(
    "1x1-cheaper-than-5x5",
    GITBOOK_GOOGLENET,
    r"1\*1 卷积比 5\*5 卷积要廉价很多，而且输入信道数量减少也有利于降低算力成本",
    "A 1×1 convolution is far cheaper than a 5×5, and fewer input channels help to lower the cost too",
    (Quantity("5×5 / 1×1", r"1\*1 卷积比 5\*5 卷积要廉价很多", "MACs of a 5×5 / a 1×1 of as many channels", MORE, bound=NOTABLY),
     _one_by_one),
    (Quantity("reduced", "有利于降低算力成本", "MACs of GoogLeNet / of naive modules without the reductions", LESS, bound="1"),
     lambda: (times(MODEL, NAIVE, "macs", "MACs"),)),
)  # fmt: skip


def _kernels() -> tuple[Reading, ...]:
    sides = {
        attribute(layer, "kernel")
        for layer in of_kind(counted(MODEL).layers, "convolution")
        if layer.path.startswith("inception_")
    }
    return (distinct(MODEL, sides, "sides of the kernels in the modules", "sizes"),)


enter(
    "three-filter-sizes",
    GITBOOK_GOOGLENET,
    r"它使用 3 个不同大小的滤波器（1\*1、3\*3、5\*5）对输入执行卷积操作",
    "It convolves its input with filters of 3 different sizes (1×1, 3×3, 5×5)",
    (Quantity("sizes", "3 个不同大小的滤波器", "different kernels in GoogLeNet's modules"), _kernels),
)


def _wide(module: str) -> tuple[Used, float]:
    """Return the share of the filters of 3×3 and 5×5 in a module's output."""
    layers = inside(counted(MODEL), f"inception_{module}")
    cat = next(layer for layer in layers if layer.op == "cat")
    filters = [channels(layer) for layer in of_kind(layers, "convolution") if attribute(layer, "kernel") > 1]
    value = sum(filters) / channels(cat)
    return Used(
        MODEL,
        cat.call.index,
        f"inception_{module}",
        f"{' + '.join(map(str, filters))} of {channels(cat)}",
        value,
    ), value


def _higher() -> tuple[Reading, ...]:
    """Hold the share of 3×3 and 5×5 in the last module against that in the first."""
    shares = [_wide(module) for module in MODULES]
    first, last = shares[0][1], shares[-1][1]
    return (
        fact(last / first, "×", "share of 3×3 and 5×5 in 5b / in 3a", f"{last:g} / {first:g}", formula="a / b",
             layers=[used for used, _ in shares]),
    )  # fmt: skip


enter(
    "more-3x3-higher-up",
    GITBOOK_GOOGLENET,
    r"更高的层3\*3和5\*5的卷积核比例就应该更高",
    "In higher layers the proportion of 3×3 and 5×5 filters should be higher",
    (
        Quantity("proportion", "比例就应该更高", "share of 3×3 and 5×5 filters in GoogLeNet's last module / in its first",
                 MORE, bound="1"),
        _higher,
    ),
)  # fmt: skip


def _last_width() -> tuple[Reading, ...]:
    naive, reduced = (
        next(layer for layer in inside(counted(model), "inception_5b") if layer.op == "cat")
        for model in (NAIVE, MODEL)
    )
    sides = (
        fact(
            channels(layer),
            "channels",
            f"output of inception_5b, {name}",
            "×".join(map(str, layer.call.outputs[0].shape)),
        )
        for layer, name in ((naive, "naive"), (reduced, "with reductions"))
    )
    return (ratio(*sides, title="naive / with reductions"),)


enter(
    "naive-modules-blow-up",
    GITBOOK_GOOGLENET,
    r"上面模块存在的一个显著问题是（至少在这种朴素模式下），即使5\*5的卷积核数增加不明显，也会导致最高层的卷积核数激增。如果再加上池化单元，问题会更加严重。",
    "A marked problem of the module above, in its naive form at least, is that even a modest number of 5×5 filters makes the "
    "filters of the highest layers soar; with the pooling unit the problem grows worse",
    (Quantity("channels", "激增", "channels after the last module, naive / with reductions", MORE, bound=NOTABLY), _last_width),
    (
        Quantity("computation", "卷积核数激增", "MACs of GoogLeNet of naive modules / of GoogLeNet", MORE, bound=NOTABLY),
        lambda: (times(NAIVE, MODEL, "macs", "MACs"),),
    ),
    (
        Quantity("parameters", "问题会更加严重", "parameters of GoogLeNet of naive modules / of GoogLeNet", MORE, bound=NOTABLY),
        lambda: (times(NAIVE, MODEL),),
    ),
)  # fmt: skip


def _module_ratio(module: str) -> tuple[float, str]:
    """Return the MACs of one module without its reductions, on its own input, against those with them."""
    layers = of_kind(inside(counted(MODEL), f"inception_{module}"), "convolution")
    kept = [layer for layer in layers if not layer.name.endswith(("_reduce", "pool_proj"))]
    into = max(weight_shape(layer)[1] for layer in layers)
    naive = sum(
        sketched(into, (channels(layer), attribute(layer, "kernel")), size=side(layer)).macs for layer in kept
    )
    reduced = sum(layer.macs for layer in layers)
    return naive / reduced, f"{naive} / {reduced}"


def _module_by_module() -> tuple[Reading, ...]:
    """Return the least that the reductions save in any module."""
    found = {module: _module_ratio(module) for module in MODULES}
    used = []
    for module, (value, numbers) in found.items():
        layer = inside(counted(MODEL), f"inception_{module}")[-1]
        used.append(Used(MODEL, layer.call.index, f"inception_{module}", numbers, value))
    least = min(found, key=lambda module: found[module][0])
    return (
        fact(found[least][0], "×", f"least of nine modules: {least}", found[least][1], formula="without / with reductions",
             layers=used),
    )  # fmt: skip


enter(
    "reductions-before-3x3-and-5x5",
    GITBOOK_GOOGLENET,
    r"1\*1卷积放在计算昂贵的3\*3和5\*5卷积层前，用于减少计算量。",
    "1×1 convolutions stand before the costly 3×3 and 5×5 ones to cut the computation",
    (
        Quantity("computation", "减少计算量", "MACs of a module without its reductions / with them, the least of nine", MORE,
                 bound="1"),
        _module_by_module,
    ),
)  # fmt: skip


def _halves(key: Callable[[LayerCost], float], title: str, unit: str) -> tuple[Reading, ...]:
    pools = [
        layer
        for layer in counted(MODEL).layers
        if layer.op == "max_pool2d" and attribute(layer, "stride") > 1
    ]
    used = [
        Used(MODEL, layer.call.index, layer.name, str(layer.call.outputs[0].shape), key(layer))
        for layer in pools
    ]
    values = {key(layer) for layer in pools}
    (value,) = values
    return (fact(value, unit, title, f"the same in {len(pools)} poolings", layers=used),)


enter(
    "poolings-halve",
    GITBOOK_GOOGLENET,
    "其中一些最大池化层的步长设为2，减半网络的分辨率。",
    "Some of the max poolings have a stride of 2 and halve the resolution",
    (
        Quantity("stride", "步长设为2", "stride of the max poolings between modules"),
        lambda: _halves(lambda layer: attribute(layer, "stride"), "stride", "pixels"),
    ),
    (
        Quantity("resolution", "减半网络的分辨率", "width after / before", bound="0.5"),
        lambda: _halves(
            lambda layer: side(layer) / layer.call.inputs[0].shape[-1], "width after / before", "×"
        ),
    ),
)


def _without_inception() -> tuple[Reading, ...]:
    return (
        times("vgg16", MODEL, "macs", "MACs"),
        times(NAIVE, MODEL, "macs", "MACs", convention="against GoogLeNet of naive modules"),
        times("vgg19", MODEL, "macs", "MACs", convention="against VGG-19"),
    )


enter(
    "inception-3-to-10-times-faster",
    GITBOOK_GOOGLENET,
    "使用精心设计的Inception结构网络比相似的非Inception结构网络提速3~10倍。",
    "A well designed network of inception modules is 3 to 10 times faster than a similar one without",
    (
        Quantity("speed", "提速", "time of GoogLeNet / VGG-16; the count shown is that of the MACs", FASTER),
        Speed(MODEL, "vgg16", lambda: (times(MODEL, "vgg16", "macs", "MACs"),)),
    ),
    (
        Quantity(
            "how much faster",
            "3~10倍",
            "how many times the time of GoogLeNet VGG-16 takes; the count shown is VGG-16 / GoogLeNet in MACs",
            BETWEEN,
        ),
        Speed(MODEL, "vgg16", lambda: (times("vgg16", MODEL, "macs", "MACs"),)),
    ),
    (
        Quantity(
            "computation",
            "3~10倍",
            "how many times fewer MACs, which is not a speed: VGG-16 / GoogLeNet",
            BETWEEN,
        ),
        _without_inception,
    ),
    Quantity("in the paper", "提速3~10倍", "the paper's own estimate", reported=SPEED_UP),
)
