"""The roofline in the lecture: what bounds a layer, and a network's calls under the roofs of a device."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING

from inception_profiler.document.blocks import Formula
from inception_profiler.document.chart import Axis, Chart, Point, Series
from inception_profiler.document.charts.roofline import roofline_chart
from inception_profiler.document.deck import Slide
from inception_profiler.document.lecture.shared import (
    brief,
    command,
    counted,
    rows_of_bars,
    slug,
)
from inception_profiler.document.lecture.shared import name as named
from inception_profiler.document.lecture.topics import Author
from inception_profiler.document.lecture.wording import Text, count, seconds, share
from inception_profiler.records.layer import Group
from inception_profiler.records.roofline import CACHE, COMPUTE, MEMORY, OVERHEAD
from inception_profiler.units import Unit

if TYPE_CHECKING:
    from inception_profiler.claims.evidence import Evidence
    from inception_profiler.records.roofline import Roofline

ASKED = "inception_v3"
"""The model whose operations are shown by what they do for a byte."""
NAMED = 4
"""How many layers have a name in a roofline: those that take longest, each name once."""
SLOWEST = 8
"""How many of the calls that take longest stand in the notes."""

KINDS = {
    "convolution": Text("convolution", "卷积"),
    "linear": Text("linear", "全连接"),
    "normalization": Text("normalisation", "归一化"),
    "activation": Text("activation", "激活函数"),
    "pooling": Text("pooling", "池化"),
    "elementwise": Text("elementwise", "逐元素运算"),
}


def bound_slide(author: Author, evidence: Evidence) -> Slide:
    """Write the slide on what bounds a layer, with what each kind of operation does for a byte."""
    profile = evidence.profile(ASKED)
    kinds = dict.fromkeys(layer.call.kind for layer in profile.layers)
    groups = [
        (kind, Group.of(kind, (layer for layer in profile.layers if layer.call.kind == kind)))
        for kind in kinds
    ]
    shown = sorted(
        ((kind, group) for kind, group in groups if group.flops), key=lambda pair: -pair[1].intensity
    )
    others = sum(group.flops for kind, group in shown if kind not in {"convolution", "linear"})
    rows = [
        (author.write(KINDS[kind]) if kind in KINDS else kind, kind, group.intensity) for kind, group in shown
    ]
    name = named(evidence, ASKED)
    title = author.write(
        Text("{name}: FLOPs per byte by kind of layer", "{name}：各类层每字节的 FLOPs"), name=name
    )
    axis = Axis(author.write(Text("intensity of {name}", "{name} 的强度"), name=name), Unit.RATE, "FLOP/byte")
    return author.slide(
        "bound",
        author.write(
            Text(
                "Two roofs bound a layer; its FLOPs per byte say which",
                "一层的时间有两个下限，由每字节的 FLOPs 决定是哪个",
            )
        ),
        (
            Formula("time ≥ max(FLOPs / rate, bytes / bandwidth)"),
            rows_of_bars("latency-bound", title, axis, author.write(Text("kind", "种类")), rows),
            author.keep(
                Text(
                    "Many FLOPs per byte: arithmetic is the limit. Few: memory is.",
                    "每字节 FLOPs 多，受算力限制；少，受内存带宽限制。",
                )
            ),
        ),
        [
            author.write(
                Text(
                    "Intensity = FLOPs / bytes. Rate and bandwidth are what the device reaches with a large matrix "
                    "product and a large copy, measured in the same session, not what its data sheet says. A layer "
                    "far above both bounds is bound by overhead: starting it takes longer.",
                    "强度 = FLOPs / 字节数。算力与带宽取该设备在同一次测量中做大矩阵乘法和大块复制实际达到的值，"
                    "而不是规格书上的数字。远高于两者的层受开销限制：启动比计算更久。",
                )
            ),
            author.write(
                Text(
                    "The bars are counted, not measured: FLOPs over bytes read and written, batch of one. {share} of "
                    "the FLOPs of {name} are in neither convolutions nor linear layers, and memory bounds them. Fusing "
                    "a normalisation and an activation into the convolution before them removes their traffic.",
                    "图中是计数而非测量：FLOPs 除以读写字节数，批大小为一。{name} 有 {share} 的 FLOPs 既不在卷积也不在"
                    "全连接层，它们受内存带宽限制。把归一化和激活融合进前面的卷积，可消除它们的访存。",
                ),
                share=share(others / profile.flops),
                name=name,
            ),
            *(
                f"{kind}: {count(group.flops)} FLOPs, {group.intensity:.2f} FLOP/byte"
                for kind, group in shown
            ),
        ],
        f"Williams, Waterman, Patterson: Roofline, CACM 2009; {counted(profile)}",
    )


def roofline_slide(author: Author, evidence: Evidence, one: Roofline) -> Slide:
    """Write the slide on one measured roofline, with the layers that take longest in its notes."""
    rest = [layer for layer in one.layers if layer.op not in CONVOLUTIONS]
    spent, flops = (
        sum(of(layer) for layer in rest) / (sum(of(layer) for layer in one.layers) or 1)
        for of in (attrgetter("seconds"), attrgetter("flops"))
    )
    slowest = sorted(one.layers, key=lambda layer: -layer.seconds)[:SLOWEST]
    name = named(evidence, one.model)
    return author.slide(
        f"roofline-{slug(one.model)}-{slug(one.ceilings.device)}",
        author.write(
            Text(
                "{spent} of the time of {name} goes to {flops} of its FLOPs",
                "{name} 有 {spent} 的时间花在 {flops} 的 FLOPs 上",
            ),
            name=name,
            spent=share(spent),
            flops=share(flops),
        ),
        (
            _roofs(author, one),
            author.keep(
                Text(
                    "They are all but the convolutions, on {device}.",
                    "即卷积以外的所有层（{device}）。",
                ),
                device=brief(one.ceilings.device),
            ),
        ),
        [
            author.write(
                Text(
                    "Each dot is a call; both roofs were measured on the device itself. The farther a dot is "
                    "under its roof, the more time is lost; those at the lower left do little with what they read. The calls add up to {share} of the time of the whole network. "
                    "Those that take longest:",
                    "每个点是一次调用；两个屋顶都在该设备上实测。离屋顶越远，损失的时间越多；左下方的点对读入的数据只做很少的计算。"
                    "各次调用的时间之和是整个网络时间的 {share}。耗时最长的调用：",
                ),
                share=share(one.explained),
            ),
            *(
                f"{layer.name} ({layer.op}): {seconds(layer.seconds)}, {layer.intensity:.3g} FLOP/byte, "
                f"{one.verdict(layer)}"
                for layer in slowest
            ),
        ],
        command(author, f"inception-profiler roofline {one.model}"),
    )


CONVOLUTIONS = frozenset({"conv1d", "conv2d", "conv3d"})
ROOFS = {
    COMPUTE: Text("bound by arithmetic", "受算力限制"),
    MEMORY: Text("bound by memory", "受内存限制"),
    CACHE: Text("bound by the cache", "受缓存限制"),
    OVERHEAD: Text("bound by overhead", "受开销限制"),
}
SLOPES = {"memory": Text("memory", "内存"), "cache": Text("cache", "缓存")}


def _roofs(author: Author, one: Roofline) -> Chart:
    """Return the roofline with few names, each once, and in the language of the lecture."""
    chart = roofline_chart(one)
    points = [point for series in chart.series for point in series.points if point.label]
    slowest: dict[str, Point] = {}
    for point in sorted(points, key=lambda point: -(point.size or 0.0)):
        slowest.setdefault(point.label, point)
    shown = list(slowest.values())[:NAMED]
    return replace(
        chart,
        title=author.write(Text("Calls under their roofs", "屋顶线下的各次调用")),
        x=replace(chart.x, title=author.write(Text("intensity", "强度"))),
        y=replace(chart.y, title=author.write(Text("rate", "速率"))),
        series=tuple(
            replace(
                series,
                title=_roof_title(author, series),
                points=tuple(
                    replace(point, label=brief(point.label) if point in shown else "")
                    for point in series.points
                ),
            )
            for series in chart.series
        ),
        caption="",
        source="",
    )


def _roof_title(author: Author, series: Series) -> str:
    if series.of in ROOFS:
        return author.write(ROOFS[series.of])
    name, colon, rate = series.title.partition(":")
    return f"{author.write(SLOPES[name])}{colon}{rate}" if name in SLOPES else series.title
