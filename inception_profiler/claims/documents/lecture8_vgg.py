"""Document 001 on VGG: its rules, its stages, its cost."""

from __future__ import annotations

from collections.abc import Callable

from inception_profiler.claims.bibliography import LECTURE8_NOTES
from inception_profiler.claims.derive import (
    counted,
    fact,
    how_many,
    ratio,
    total,
    whole,
)
from inception_profiler.claims.layers import (
    attribute,
    channels,
    macs,
    of_kind,
    params,
    side,
    stages,
    under,
)
from inception_profiler.claims.ledger import enter
from inception_profiler.records.claim import MORE, Quantity, Reading


def _every(kind: str, name: str) -> tuple[Reading, ...]:
    """Return the attribute that every convolution or pooling of VGG-16 has."""
    layers = of_kind(counted("vgg16").layers, kind)
    values = [attribute(layer, name) for layer in layers]
    most, least = max(values), min(values)
    if most != least:  # then the largest is the reading, and the smallest explains it
        return (fact(most, "pixels", f"largest {name}", ", ".join(map(str, values))),)
    return (fact(most, "pixels", f"{name} of all {len(layers)} {kind}s", ", ".join(map(str, values))),)


def _growth(*positions: int) -> Reading:
    """Return the smallest growth of channels over some poolings of VGG-16."""
    widths = [channels(stage[-1]) for stage in stages(counted("vgg16"))]
    pairs = [(widths[at], widths[at - 1]) for at in positions]
    numbers = ", ".join(f"{after}/{before}" for after, before in pairs)
    smallest = min(after / before for after, before in pairs)
    return fact(smallest, "×", "smallest growth over these poolings", numbers, formula="C after / C before")


def _growths() -> tuple[Reading, ...]:
    first = _growth(1, 2, 3)
    named = Reading(
        first.value, first.unit, "the growth over the first three poolings", first.steps, explains=True
    )
    return (_growth(1, 2, 3, 4), named)


def _learned() -> tuple[Reading, ...]:
    conv = under(counted("vgg16"), "conv2_1")[0]
    return (
        total(counted("vgg16"), (conv,), params, "params", title=f"params of {conv.name}, which doubles"),
    )


enter(
    "vgg-rules",
    LECTURE8_NOTES,
    "所有卷积层都是3x3 步长1 pad 1的结构所有最大池均为2x2 步长 2在池层之后,将通道的数据通过复制扩展为2倍",
    "All convolutions are 3×3 at stride 1 with pad 1; all max poolings are 2×2 at stride 2; after a pooling the channels "
    "are widened to twice as many by copying",
    (Quantity("kernel", "3x3", "kernel of VGG-16's convolutions"), lambda: _every("convolution", "kernel")),
    (Quantity("stride", "步长1", "their stride"), lambda: _every("convolution", "stride")),
    (Quantity("padding", "pad 1", "their padding"), lambda: _every("convolution", "padding")),
    (Quantity("pooling", "2x2", "window of VGG-16's poolings"), lambda: _every("pooling", "kernel")),
    (Quantity("pooling stride", "步长 2", "their stride"), lambda: _every("pooling", "stride")),
    (Quantity("doubling", "2倍", "channels after / before every pooling of VGG-16"), _growths),
    (
        Quantity(
            "copying",
            "通过复制扩展",
            "parameters that doubling the channels takes, were it copying",
            bound="0",
        ),
        _learned,
    ),
)


def _stages(model: str, *numbers: int) -> tuple[Reading, ...]:
    """Count the convolutions of some stages of a VGG network, each of which has as many."""
    members = [stage for at, stage in enumerate(stages(counted(model)), start=1) if at in numbers]
    counts = [len(stage) for stage in members]
    many = max(counts) if len(set(counts)) == 1 else min(counts)
    return (
        fact(
            many, "convolutions", f"convolutions in stage {numbers} of {model}", ", ".join(map(str, counts))
        ),
    )


def _other(model: str, number: int) -> Reading:
    (found,) = _stages(model, number)
    return Reading(found.value, found.unit, f"that of {model}", found.steps, explains=True)


enter(
    "vgg-five-stages",
    LECTURE8_NOTES,
    "在VGG中,卷积层有5个阶段",
    "In VGG the convolutions form 5 stages",
    (
        Quantity("stages", "5个阶段", "stages of VGG-16, each ended by a pooling"),
        lambda: (how_many(counted("vgg16"), of_kind(counted("vgg16").layers, "pooling"), "stages"),),
    ),
)

enter(
    "vgg-stage-layout",
    LECTURE8_NOTES,
    "Stage 1: conv-conv-poolStage 2: conv-conv-poolStage 3: conv-conv-poolStage 4: conv-conv-conv-[conv]-poolStage 5: "
    "conv-conv-conv-[conv]-pool (VGG-19 has 4 conv in stages 4 and 5)",
    "Stages 1, 2 and 3: conv-conv-pool; stages 4 and 5: conv-conv-conv-[conv]-pool (VGG-19 has 4 conv in stages 4 and 5)",
    (
        Quantity("stage 1", "Stage 1: conv-conv-pool", "convolutions in stage 1 of VGG-16", bound="2"),
        lambda: _stages("vgg16", 1),
    ),
    (
        Quantity("stage 2", "Stage 2: conv-conv-pool", "convolutions in stage 2 of VGG-16", bound="2"),
        lambda: _stages("vgg16", 2),
    ),
    (
        Quantity("stage 3", "Stage 3: conv-conv-pool", "convolutions in stage 3 of VGG-16", bound="2"),
        lambda: (*_stages("vgg16", 3), _other("vgg13", 3)),
    ),
    (
        Quantity(
            "stage 4", "Stage 4: conv-conv-conv-[conv]-pool", "convolutions in stage 4 of VGG-16", bound="3"
        ),
        lambda: _stages("vgg16", 4),
    ),
    (
        Quantity(
            "stage 5", "Stage 5: conv-conv-conv-[conv]-pool", "convolutions in stage 5 of VGG-16", bound="3"
        ),
        lambda: _stages("vgg16", 5),
    ),
    (
        Quantity("VGG-19", "4 conv", "convolutions in stages 4 and 5 of VGG-19"),
        lambda: _stages("vgg19", 4, 5),
    ),
)


def _spread(last_stage: int, *, first_too: bool) -> Reading:
    """Return the largest over the smallest MACs among the convolutions of VGG-16's stages."""
    members = [
        layer
        for stage in list(stages(counted("vgg16")))[:last_stage]
        for layer in (stage if first_too else stage[1:])
    ]
    most, least = (pick(members, key=macs) for pick in (max, min))
    return ratio(
        *(
            total(counted("vgg16"), (each,), macs, "MACs", title=f"MACs of {each.name}")
            for each in (most, least)
        ),
        title="dearest / cheapest",
    )


def _equal() -> tuple[Reading, ...]:
    inner = _spread(4, first_too=False)
    named = "that of the second and third convolutions of stages 1 to 4"
    return (
        _spread(5, first_too=True),
        Reading(inner.value, "×", named, inner.steps, inner.layers, explains=True),
    )


enter(
    "vgg-equal-cost",
    LECTURE8_NOTES,
    "因为我们希望每个卷积层都需要有相同的计算量!",
    "Because we want every convolution to need the same amount of computation",
    (
        Quantity(
            "in VGG-16",
            "相同的计算量",
            "MACs of the dearest / the cheapest of VGG-16's 13 convolutions",
            bound="1",
        ),
        _equal,
    ),
)


def _pooled(of: Callable[..., int], unit: str) -> tuple[Reading, ...]:
    """Return what a 2×2 pooling at stride 2 does: VGG-16's first, against the map that it is given."""
    model = counted("vgg16")
    pool = under(model, "pool1")[0]
    conv = under(model, "conv1_2")[0]
    before, after = (fact(of(each), unit, f"after {each.name}", str(of(each))) for each in (conv, pool))
    return (ratio(before, after, title="before / after"),)


enter(
    "pooling-halves",
    LECTURE8_NOTES,
    "经过2x2 步长为2的max pooling之后,输出则变成了CxHxW",
    "After a 2×2 max pooling at stride 2 the output becomes C×H×W (from C×2H×2W)",
    (Quantity("side", "HxW", "side of the map before / after", bound="2"), lambda: _pooled(side, "pixels")),
    (
        Quantity("channels", "CxHxW", "channels before / after", bound="1"),
        lambda: _pooled(channels, "channels"),
    ),
)


def _vgg_over_alexnet(key: str, unit: str) -> tuple[Reading, ...]:
    pair = (whole(counted(model), key, unit) for model in ("vgg16", "alexnet"))
    return (ratio(*pair, title="VGG-16 / AlexNet"),)


enter(
    "vgg-larger-than-alexnet",
    LECTURE8_NOTES,
    "VGG是一个比AlexNet大得多的网络,这得益于GPU技术的快速发展。",
    "VGG is a much larger network than AlexNet, thanks to the fast progress of GPUs",
    (
        Quantity("params", "比AlexNet大得多", "parameters of VGG-16 / AlexNet", MORE, bound="1"),
        lambda: _vgg_over_alexnet("params", "params"),
    ),
    (
        Quantity("MACs", "大得多", "MACs of VGG-16 / AlexNet", MORE, bound="1"),
        lambda: _vgg_over_alexnet("macs", "MACs"),
    ),
)
