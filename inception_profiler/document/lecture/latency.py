"""Latency and roofline: what bounds the time, and what was measured, where anything was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from inception_profiler.document.blocks import Column, Row
from inception_profiler.document.chart import POINTS, Axis, Chart, Point, Series
from inception_profiler.document.charts.roofline import has_roofline
from inception_profiler.document.deck import Slide
from inception_profiler.document.lecture.family import TOLD
from inception_profiler.document.lecture.roofline import bound_slide, roofline_slide
from inception_profiler.document.lecture.shared import (
    MODEL,
    brief,
    command,
    slug,
    text_column,
)
from inception_profiler.document.lecture.shared import name as named
from inception_profiler.document.lecture.topics import Author, topic
from inception_profiler.document.lecture.wording import Text, count, seconds, times
from inception_profiler.records.latency import Measurement, Ratio, Setting
from inception_profiler.records.statistics import CONFIDENCE
from inception_profiler.units import Unit

if TYPE_CHECKING:
    from inception_profiler.claims.evidence import Evidence
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
ROOFED = "inception_v1"
"""The model whose roofline is shown, where it was measured."""
MEASURE = Text(
    "Nothing has been measured where these slides were built.",
    "生成本幻灯片的环境中还没有任何测量结果。",
)


@topic("latency", 90, Text("Latency and roofline", "延迟与屋顶线"))
def slides(author: Author, evidence: Evidence) -> Iterator[Slide]:
    """Write the slides on latency: what bounds it, and what was measured on the first devices that there are."""
    yield bound_slide(author, evidence)
    found = [(one, rows) for one in evidence.measurements() if (rows := usual(one))]
    for device, rows in found[:DEVICES]:
        yield _measured(author, evidence, device, rows)
    raced = ((one, pairs) for one in evidence.measurements() if (pairs := tuple(_pairs(one))))
    for device, pairs in islice(raced, 1):
        yield _ratios(author, evidence, device, pairs)
    rooflines = [one for one in evidence.rooflines() if has_roofline(one)]
    for one in sorted(rooflines, key=lambda one: one.model != ROOFED)[:1]:
        yield roofline_slide(author, evidence, one)
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
        f"measured-{slug(device.device)}",
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
        f"ratios-{slug(device.device)}",
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
