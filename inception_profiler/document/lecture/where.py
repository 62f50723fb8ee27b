"""Where the cost of a network sits, and what its classifier takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from inception_profiler.document.blocks import Formula, Row
from inception_profiler.document.chart import Chart
from inception_profiler.document.charts.profile import sits_by_size
from inception_profiler.document.deck import Slide
from inception_profiler.document.lecture.shared import (
    LAYER,
    MACS,
    PARAMS,
    command,
    counted,
    derived,
    macs_column,
    params_column,
    text_column,
)
from inception_profiler.document.lecture.shared import name as named
from inception_profiler.document.lecture.topics import Author, topic
from inception_profiler.document.lecture.wording import Text, share, times
from inception_profiler.records.layer import HEAD, Group
from inception_profiler.records.metrics import METRICS
from inception_profiler.records.profile import Profile

if TYPE_CHECKING:
    from inception_profiler.claims.evidence import Evidence

BYTES = Text("activation bytes", "激活字节")


@topic("where", 60, Text("Where the cost sits", "代价在哪里"))
def slides(author: Author, evidence: Evidence) -> Iterator[Slide]:
    """Write the slides on where cost sits."""
    yield _sits(author, evidence)
    yield _head(author, evidence)


def _sits(author: Author, evidence: Evidence) -> Slide:
    profile = evidence.profile("inception_v1")
    return author.slide(
        "sizes",
        author.write(
            Text(
                "GoogLeNet: memory in front, parameters behind, work in the middle",
                "GoogLeNet：内存在前，参数在后，计算在中间",
            )
        ),
        (
            _chart(author, evidence, profile),
            author.keep(
                Text(
                    "Three costs, three places: no layer is dear in all of them.",
                    "三种代价，三个位置：没有哪一层样样都贵。",
                )
            ),
        ),
        [
            author.write(
                Text(
                    "Each operation is booked at the size of the map that it works at; the head is what comes "
                    "behind the last map. Activation bytes are those of all tensors newly made.",
                    "每个运算计入它所处理的特征图大小；分类头是最后一张特征图之后的部分。激活字节指所有新产生的张量。",
                )
            ),
            *(_shares(profile, group) for group in profile.by_resolution()),
        ],
        counted(profile),
    )


def _shares(profile: Profile, group: Group) -> str:
    parts = (
        f"{METRICS.get(key).title} {share(METRICS.get(key).of(group) / METRICS.get(key).of(profile))}"
        for key in ("params", "macs", "activation_bytes")
    )
    return f"{group.title}: {', '.join(parts)}"


def _chart(author: Author, evidence: Evidence, profile: Profile) -> Chart:
    chart = sits_by_size(profile, [METRICS.get(key) for key in ("params", "macs", "activation_bytes")])
    metrics = tuple(map(author.write, (PARAMS, MACS, BYTES)))
    return replace(
        chart,
        title=author.write(
            Text("{name}: shares of each feature-map size", "{name}：各特征图大小所占份额"),
            name=named(evidence, profile.model),
        ),
        x=replace(chart.x, title=author.write(Text("share of the whole", "占总量的份额"))),
        y=replace(chart.y, title="", categories=metrics),
        series=tuple(
            replace(series, title=author.write(Text("head", "分类头"))) if series.title == HEAD else series
            for series in chart.series
        ),
    )


def _head(author: Author, evidence: Evidence) -> Slide:
    argument = evidence.argue("head", "vgg16")
    full, pooled = argument.sides
    whole = evidence.profile("vgg16")
    step = next(step for step in argument.steps if step.metric == "macs")
    rows = [Row((part.title, part.groups[0].params, part.groups[0].macs), level=1) for part in argument.parts]
    rows += [
        Row((author.write(title), side.profile.params, side.profile.macs), strong=True)
        for title, side in (
            (Text("VGG-16: fully connected", "VGG-16：全连接"), full),
            (Text("average pooling and one layer", "平均池化加一层"), pooled),
        )
    ]
    return author.slide(
        "head",
        author.write(
            Text(
                "{share} of VGG-16 is its classifier; averaging the map makes it {ratio} smaller",
                "VGG-16 有 {share} 的参数在分类头；先取平均可缩小到 1/{plain}",
            ),
            share=share(full.profile.params / whole.params),
            ratio=times(argument.ratio("params")),
            plain=f"{argument.ratio('params'):.0f}",
        ),
        (
            author.table(
                Text("Two classifiers on the same map", "同一特征图上的两种分类头"),
                (text_column(author, "layer", LAYER), params_column(author), macs_column(author)),
                rows,
            ),
            Formula(step.formula),
            author.keep(
                Text(
                    "GoogLeNet ends like this. It loses the place, and keeps what is there.",
                    "GoogLeNet 正是这样结尾：丢掉位置，留下内容。",
                )
            ),
        ),
        [
            *argument.notes,
            author.write(
                Text(
                    "A fully connected layer on a flattened map has a weight for each channel at each position.",
                    "展平后的全连接层，对每个位置的每个通道都有一个权重。",
                )
            ),
            *map(derived, argument.steps),
        ],
        command(author, "inception-profiler argue head vgg16"),
    )
