"""Latency and roofline: what bounds the time, and what was measured, where anything was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING

from inception_profiler.document.blocks import Column, Formula, Row
from inception_profiler.document.chart import POINTS, Axis, Chart, Point, Series
from inception_profiler.document.charts.roofline import has_roofline, roofline_chart
from inception_profiler.document.deck import Slide
from inception_profiler.document.lecture.family import TOLD
from inception_profiler.document.lecture.shared import (
    MODEL,
    brief,
    command,
    counted,
    rows_of_bars,
    text_column,
)
from inception_profiler.document.lecture.shared import name as named
from inception_profiler.document.lecture.topics import Author, topic
from inception_profiler.document.lecture.wording import Text, count, seconds, share, times
from inception_profiler.records.latency import Measurement, Ratio, Setting
from inception_profiler.records.layer import Group
from inception_profiler.records.roofline import CACHE, COMPUTE, MEMORY, OVERHEAD
from inception_profiler.records.statistics import CONFIDENCE
from inception_profiler.units import Unit

if TYPE_CHECKING:
    from inception_profiler.claims.evidence import Evidence
    from inception_profiler.records.roofline import Roofline
    from inception_profiler.records.sweep import Measurements

MOST, DEVICES = 8, 2
"""How many rows of a table stand on a slide at most, and how many devices have a slide of their own."""
SHOWN = (
    "inception_v1",
    "bn_inception",
    "inception_v3",
    "inception_v4",
    "inception_resnet_v2",
    "vgg16",
)
"""The models whose latency is shown, where it was measured."""
ASKED = "inception_v3"
ROOFED = "inception_v1"
"""The model whose roofline is shown, where it was measured."""
NAMED = 4
"""How many layers have a name in a roofline: those that take longest, each name once."""
MEASURE = Text(
    "Nothing has been measured where these slides were built.",
    "生成本幻灯片的环境中还没有任何测量结果。",
)


@topic("latency", 90, Text("Latency and roofline", "延迟与屋顶线"))
def slides(author: Author, evidence: Evidence) -> Iterator[Slide]:
    """Write the slides on latency: what bounds it, and what was measured on the first devices that there are."""
    yield _bound(author, evidence)
    found = [(one, rows) for one in evidence.measurements() if (rows := usual(one))]
    for device, rows in found[:DEVICES]:
        yield _measured(author, evidence, device, rows)
    raced = ((one, pairs) for one in evidence.measurements() if (pairs := tuple(_pairs(one))))
    for device, pairs in islice(raced, 1):
        yield _ratios(author, evidence, device, pairs)
    rooflines = [one for one in evidence.rooflines() if has_roofline(one)]
    for one in sorted(rooflines, key=lambda one: one.model != ROOFED)[:1]:
        yield _roofline(author, evidence, one)
    if not found:
        yield _unmeasured(author)


def usual(device: Measurements) -> tuple[Measurement, ...]:
    """Return one image in fp32, eager, at the model's own input: each model once."""
    plain: dict[str, Measurement] = {}
    for outcome in device.outcomes:
        if outcome.benchmark is None or outcome.point.resolution:
            continue
        for one in outcome.benchmark.measurements:
            same = replace(one.setting, threads=1, cudnn_benchmark=None) == Setting()
            if same and one.model in SHOWN and one.batch == 1 and one.median is not None:
                plain.setdefault(one.model, one)
    return tuple(sorted(plain.values(), key=lambda one: one.macs))


KINDS = {
    "convolution": Text("convolution", "卷积"),
    "linear": Text("linear", "全连接"),
    "normalization": Text("normalisation", "归一化"),
    "activation": Text("activation", "激活函数"),
    "pooling": Text("pooling", "池化"),
    "elementwise": Text("elementwise", "逐元素运算"),
}


def _bound(author: Author, evidence: Evidence) -> Slide:
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


def _measured(author: Author, evidence: Evidence, device: Measurements, rows: Sequence[Measurement]) -> Slide:
    names = _titles(author, evidence, [one.model for one in rows])
    titles = [f"{name}, {count(one.macs)}" for name, one in zip(names, rows, strict=True)]
    crossed = any(
        later.interval and one.interval and later.interval[1] < one.interval[0]
        for place, one in enumerate(rows)
        for later in rows[place + 1 :]
    )
    heading = (
        Text("One image on {device}: time does not follow the MACs", "{device} 上一张图片：时间并不跟随 MACs")
        if crossed
        else Text("One image on {device}: time follows the MACs", "{device} 上一张图片：时间跟随 MACs")
    )
    chart = Chart(
        "latency-measured",
        author.write(Text("Median latency of one image", "单张图片的延迟中位数")),
        Axis(author.write(Text("latency", "延迟")), Unit.SECONDS),
        Axis(author.write(Text("network, MACs", "网络，MACs")), Unit.TEXT, categories=tuple(titles)),
        tuple(
            Series(title, POINTS, (Point(one.median or 0.0, at, low=low, high=high),), one.model)
            for at, (title, one) in enumerate(zip(titles, rows, strict=True))
            for low, high in [one.interval or (None, None)]
        ),
    )
    environment = rows[0].environment
    return author.slide(
        f"measured-{_slug(device.device)}",
        author.write(heading, device=brief(device.device)),
        (
            chart,
            author.keep(
                Text(
                    "Downwards ever more MACs; whiskers: {confidence} interval.",
                    "自上而下 MACs 由少到多；须：{confidence} 置信区间。",
                ),
                confidence=f"{CONFIDENCE:.0%}",
            ),
        ),
        [
            author.write(
                Text(
                    "Bars are medians, and a whisker holds the true one with the confidence that is given. Where the "
                    "order of the times is not that of the MACs, MACs do not tell the time.",
                    "条为中位数，须以所注置信度包含真实中位数。时间的顺序若与 MACs 不同，就说明 MACs 不能代表时间。",
                )
            ),
            *(
                f"{name}: {seconds(one.median or 0.0)}, {count(one.macs)} MACs, {len(one.seconds)} calls"
                for name, one in zip(names, rows, strict=True)
            ),
            f"{environment.device}, {environment.processor}, PyTorch {environment.torch}, "
            f"{rows[0].setting.threads} threads, {environment.taken}",
        ],
        command(author, "inception-profiler bench --all-inception"),
    )


def _pairs(device: Measurements) -> Iterator[tuple[Measurement, Measurement, Ratio]]:
    for outcome in device.outcomes:
        if outcome.benchmark is None:
            continue
        rows = outcome.benchmark.measurements
        for ratio in outcome.benchmark.ratios:
            alone = rows[ratio.subject].batch == 1 and not rows[ratio.subject].setting.train
            if ratio.interval is not None and alone:
                yield rows[ratio.subject], rows[ratio.reference], ratio


def _ratios(
    author: Author,
    evidence: Evidence,
    device: Measurements,
    pairs: Sequence[tuple[Measurement, Measurement, Ratio]],
) -> Slide:
    rows = []
    models = list(dict.fromkeys(one.model for pair in pairs for one in pair[:2]))
    titles = dict(zip(models, _titles(author, evidence, models), strict=True))
    for subject, reference, ratio in pairs[:MOST]:
        low, high = ratio.interval or (ratio.median, ratio.median)
        rows.append(
            Row(
                (
                    titles[subject.model],
                    titles[reference.model],
                    subject.macs / reference.macs,
                    ratio.median,
                    f"{times(low)[:-1]}–{times(high)}",
                )
            )
        )
    return author.slide(
        f"ratios-{_slug(device.device)}",
        author.write(Text("A ratio of MACs is no ratio of times", "MACs 之比不是时间之比")),
        (
            author.table(
                Text("Side by side, in one process", "同一进程中并排测量"),
                (
                    text_column(author, "subject", MODEL),
                    text_column(author, "reference", Text("against", "对照")),
                    Column("macs", "MACs", Unit.RATIO),
                    Column("time", author.write(Text("time", "时间")), Unit.RATIO),
                    text_column(author, "interval", Text("interval", "区间")),
                ),
                rows,
            ),
            author.keep(
                Text(
                    "Measured on {device}, side by side, with the {confidence} interval.",
                    "在 {device} 上并排测量，附 {confidence} 置信区间。",
                ),
                device=brief(device.device),
                confidence=f"{CONFIDENCE:.0%}",
            ),
        ),
        [
            author.write(
                Text(
                    "Both were run in the same rounds, in random order; the interval holds the true ratio with "
                    "{confidence} confidence.",
                    "两者在同样的轮次中以随机顺序运行；区间以 {confidence} 的置信度包含真实比值。",
                ),
                confidence=f"{CONFIDENCE:.0%}",
            ),
            *(
                f"{subject.model} / {reference.model}, batch {subject.batch}: {len(ratio.ratios)} rounds"
                for subject, reference, ratio in pairs
            ),
        ],
        command(author, "inception-profiler bench MODEL --vs MODEL"),
    )


def _roofline(author: Author, evidence: Evidence, one: Roofline) -> Slide:
    rest = [layer for layer in one.layers if layer.op not in CONVOLUTIONS]
    spent, flops = (
        sum(of(layer) for layer in rest) / (sum(of(layer) for layer in one.layers) or 1)
        for of in (attrgetter("seconds"), attrgetter("flops"))
    )
    slowest = sorted(one.layers, key=lambda layer: -layer.seconds)[:MOST]
    name = named(evidence, one.model)
    return author.slide(
        f"roofline-{_slug(one.model)}-{_slug(one.ceilings.device)}",
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


def _unmeasured(author: Author) -> Slide:
    return author.slide(
        "unmeasured",
        author.write(Text("Times are missing here, and are not invented", "这里没有时间数据，也不编造")),
        (
            author.say(MEASURE),
            author.say(
                Text("Measure it: {command}", "请自行测量：{command}"),
                command="inception-profiler bench inception_v1 --vs vgg16",
            ),
            author.say(
                Text("Roofs and layers: {command}", "屋顶线与各层：{command}"),
                command="inception-profiler roofline inception_v3",
            ),
            author.say(Text("Then build the slides again.", "然后重新生成幻灯片。")),
            author.keep(Text("A latency without a device is no latency.", "不注明设备的延迟不是延迟。")),
        ),
        [
            author.write(
                Text(
                    "What is measured is looked for in the folder reports/measurements, a file for each device.",
                    "测量结果从 reports/measurements 文件夹读取，每个设备一个文件。",
                )
            )
        ],
        command(author, "inception-profiler bench"),
    )


def _titles(author: Author, evidence: Evidence, models: Sequence[str]) -> list[str]:
    """Name models shortly; where two would have one name, with what tells them apart."""
    titles = [
        brief(" → ".join(model.split("/")[1:]).replace("x", "×"))
        if model.startswith("sketch:")
        else named(evidence, model)
        for model in models
    ]
    return [
        title if titles.count(title) == 1 else author.write(TOLD[model]) if model in TOLD else brief(model)
        for title, model in zip(titles, models, strict=True)
    ]


def _slug(text: str) -> str:
    return "-".join("".join(sign if sign.isalnum() else " " for sign in text.lower()).split())
