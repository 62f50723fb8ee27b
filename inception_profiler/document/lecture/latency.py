"""Latency and roofline: what bounds the time, and what was measured, where anything was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from inception_profiler.document.blocks import Column, Formula, Row
from inception_profiler.document.chart import POINTS, Axis, Chart, Point, Series
from inception_profiler.document.charts.roofline import roofline_chart
from inception_profiler.document.deck import Slide
from inception_profiler.document.lecture.shared import MODEL, command, counted, rows_of_bars, text_column
from inception_profiler.document.lecture.shared import name as named
from inception_profiler.document.lecture.topics import Author, topic
from inception_profiler.document.lecture.wording import Text, count, seconds, share, times
from inception_profiler.records.latency import Measurement, Ratio, Setting
from inception_profiler.records.layer import Group
from inception_profiler.units import Unit

if TYPE_CHECKING:
    from inception_profiler.claims.evidence import Evidence
    from inception_profiler.records.roofline import Roofline
    from inception_profiler.records.sweep import Measurements

MOST = 8
"""How many rows of a table stand on a slide at most."""
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
MEASURE = Text(
    "Nothing has been measured where these slides were built.",
    "生成本幻灯片的环境中还没有任何测量结果。",
)


@topic("latency", 90, Text("Latency and roofline", "延迟与屋顶线"))
def slides(author: Author, evidence: Evidence) -> Iterator[Slide]:
    """Write the slides on latency, one of each kind for every device that was measured."""
    yield _bound(author)
    yield _intensity(author, evidence)
    found = [(one, rows) for one in evidence.measurements() if (rows := usual(one))]
    for device, rows in found:
        yield _measured(author, evidence, device, rows)
    for device in evidence.measurements():
        pairs = tuple(_pairs(device))
        if pairs:
            yield _ratios(author, evidence, device, pairs)
    rooflines = evidence.rooflines()
    for one in rooflines:
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


def _bound(author: Author) -> Slide:
    return author.slide(
        "bound",
        author.write(Text("Two roofs bound the time of a layer", "一层的时间有两个下限")),
        (
            Formula("time ≥ max(FLOPs / rate, bytes / bandwidth)"),
            author.say(
                Text(
                    "Intensity = FLOPs / bytes says which of the two counts.",
                    "强度 = FLOPs / 字节数，决定由哪一个起作用。",
                )
            ),
            author.say(
                Text(
                    "High intensity: the arithmetic is the limit. Low: the memory is.",
                    "强度高：受算力限制；强度低：受内存带宽限制。",
                )
            ),
            author.say(
                Text(
                    "A layer far above both is bound by overhead: starting it takes longer.",
                    "远高于两者的层受开销限制：启动比计算更久。",
                )
            ),
            author.keep(
                Text(
                    "MACs are counted. Time is measured: it belongs to a device.",
                    "MACs 可以数出来；时间只能测，并且属于某个设备。",
                )
            ),
        ),
        [
            author.write(
                Text(
                    "Rate and bandwidth are what the device reaches with a large matrix product and a large copy, "
                    "measured in the same session, not what its data sheet says.",
                    "算力与带宽取该设备在同一次测量中做大矩阵乘法和大块复制实际达到的值，而不是规格书上的数字。",
                )
            ),
        ],
        "Williams, Waterman, Patterson: Roofline, CACM 2009; "
        + command(author, "inception-profiler roofline MODEL"),
    )


def _intensity(author: Author, evidence: Evidence) -> Slide:
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
    title = author.write(
        Text("Only convolutions do much with what they read", "只有卷积对读入的数据做了大量计算")
    )
    names = {
        "convolution": Text("convolution", "卷积"),
        "linear": Text("linear", "全连接"),
        "normalization": Text("normalisation", "归一化"),
        "activation": Text("activation", "激活函数"),
        "pooling": Text("pooling", "池化"),
        "elementwise": Text("elementwise", "逐元素运算"),
    }
    rows = [
        (author.write(names[kind]) if kind in names else kind, kind, group.intensity) for kind, group in shown
    ]
    axis = Axis(author.write(Text("intensity", "强度")), Unit.RATE, "FLOP/byte")
    return author.slide(
        "intensity",
        title,
        (
            rows_of_bars("latency-intensity", title, axis, author.write(Text("kind", "种类")), rows),
            author.keep(
                Text(
                    "{share} of the FLOPs of {name} are not convolutions, and they are bound by memory.",
                    "{name} 有 {share} 的 FLOPs 不是卷积，它们受内存带宽限制。",
                ),
                share=share(others / profile.flops),
                name=named(evidence, ASKED),
            ),
        ),
        [
            author.write(
                Text(
                    "Counted, not measured: FLOPs over bytes read and written, batch of one. Fusing a "
                    "normalisation and an activation into the convolution before them removes their traffic.",
                    "这是计数而非测量：FLOPs 除以读写字节数，批大小为一。把归一化和激活融合进前面的卷积，可消除它们的访存。",
                )
            ),
            *(
                f"{kind}: {count(group.flops)} FLOPs, {group.intensity:.2f} FLOP/byte"
                for kind, group in shown
            ),
        ],
        counted(profile),
    )


def _measured(author: Author, evidence: Evidence, device: Measurements, rows: Sequence[Measurement]) -> Slide:
    titles = _titles(evidence, [one.model for one in rows])
    chart = Chart(
        "latency-measured",
        author.write(Text("Median latency of one image", "单张图片的延迟中位数")),
        Axis(author.write(Text("latency", "延迟")), Unit.SECONDS),
        Axis(author.write(MODEL), Unit.TEXT, categories=tuple(titles)),
        tuple(
            Series(title, POINTS, (Point(one.median or 0.0, at, low=low, high=high),), one.model)
            for at, (title, one) in enumerate(zip(titles, rows, strict=True))
            for low, high in [one.interval or (None, None)]
        ),
    )
    environment = rows[0].environment
    return author.slide(
        f"measured-{_slug(device.device)}",
        author.write(
            Text("Measured: one image on {device}", "实测：{device} 上处理一张图片"), device=device.device
        ),
        (
            chart,
            author.keep(
                Text(
                    "Bars: median. Whiskers: what holds it with {confidence} confidence.",
                    "条：中位数；须：以 {confidence} 的置信度包含它的区间。",
                ),
                confidence=share(0.95),
            ),
        ),
        [
            author.write(
                Text(
                    "From the fewest MACs to the most, from top to bottom: where the order of the times is another, "
                    "MACs do not tell the time.",
                    "自上而下 MACs 由少到多；时间的顺序若不同，就说明 MACs 不能代表时间。",
                )
            ),
            *(
                f"{title}: {seconds(one.median or 0.0)}, {count(one.macs)} MACs, {len(one.seconds)} calls"
                for title, one in zip(titles, rows, strict=True)
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
    titles = dict(zip(models, _titles(evidence, models), strict=True))
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
            author.keep(Text("Measured on {device}.", "测量设备：{device}。"), device=device.device),
        ),
        [
            author.write(
                Text(
                    "Both were run in the same rounds, in random order; the interval holds the true ratio with "
                    "{confidence} confidence.",
                    "两者在同样的轮次中以随机顺序运行；区间以 {confidence} 的置信度包含真实比值。",
                ),
                confidence=share(0.95),
            ),
            *(
                f"{subject.model} / {reference.model}, batch {subject.batch}: {len(ratio.ratios)} rounds"
                for subject, reference, ratio in pairs
            ),
        ],
        command(author, "inception-profiler bench MODEL --vs MODEL"),
    )


def _roofline(author: Author, evidence: Evidence, one: Roofline) -> Slide:
    return author.slide(
        f"roofline-{_slug(one.model)}-{_slug(one.ceilings.device)}",
        author.write(
            Text("{name} under the roofs of {device}", "{device} 屋顶线下的 {name}"),
            name=named(evidence, one.model),
            device=one.ceilings.device,
        ),
        (
            replace(roofline_chart(one), caption="", source=""),
            author.keep(
                Text(
                    "The farther under its roof, the more time a layer loses.", "离屋顶越远，损失的时间越多。"
                )
            ),
        ),
        [
            author.write(
                Text(
                    "The calls add up to {share} of the time of the whole network.",
                    "各次调用的时间之和是整个网络时间的 {share}。",
                ),
                share=share(one.explained),
            )
        ],
        command(author, f"inception-profiler roofline {one.model}"),
    )


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


def _titles(evidence: Evidence, models: Sequence[str]) -> list[str]:
    """Name models shortly; where two would have one name, by the names that they are registered under."""
    titles = [
        " → ".join(model.split("/")[1:]).replace("x", "×")
        if model.startswith("sketch:")
        else named(evidence, model)
        for model in models
    ]
    return [title if titles.count(title) == 1 else model for title, model in zip(titles, models, strict=True)]


def _slug(text: str) -> str:
    return "-".join("".join(sign if sign.isalnum() else " " for sign in text.lower()).split())
