"""The stem: how GoogLeNet and VGG-16 get from the image to a small map, and the number 418."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from inception_profiler.document.blocks import Column, Row
from inception_profiler.document.chart import BARS, Axis, Chart, Point, Series
from inception_profiler.document.deck import Slide
from inception_profiler.document.lecture.shared import (
    LAYER,
    OUTPUT,
    SIZE,
    command,
    derived,
    macs_axis,
    macs_column,
    params_column,
    text_column,
)
from inception_profiler.document.lecture.shared import name as named
from inception_profiler.document.lecture.topics import Author, topic
from inception_profiler.document.lecture.wording import Text, count, exact, times
from inception_profiler.records.layer import Group
from inception_profiler.units import Unit

if TYPE_CHECKING:
    from inception_profiler.claims.evidence import Evidence

RULES = {
    "": Text("every multiplication and addition", "每次乘法、加法都计"),
    "paper convention": Text("multiply-accumulates, as papers count", "论文的规则：乘加次数"),
    "lecture convention": Text("as the lecture counts: pooling too", "该讲义的规则：池化也算"),
}
"""The rules of counting that the slide shows."""
LISTED = frozenset({"convolution", "pooling"})


@topic("stem", 50, Text("The stem against VGG", "stem 与 VGG 的对比"))
def slides(author: Author, evidence: Evidence) -> Iterator[Slide]:
    """Write the slides on the stem."""
    yield _sizes(author, evidence)
    yield _layers(author, evidence)
    yield _number(author, evidence)


def _sizes(author: Author, evidence: Evidence) -> Slide:
    argument = evidence.argue("stem")
    last = argument.parts[-1].title
    parts = [part for part in argument.parts if any(group.macs for group in part.groups)]
    given = dict(argument.given)
    names = str(given["vs"]), str(given["model"])
    chart = Chart(
        "stem-sizes",
        author.write(
            Text(
                "MACs on the way to the small map, by feature-map size",
                "到达小特征图之前的乘加次数，按特征图大小",
            )
        ),
        Axis(
            author.write(SIZE),
            Unit.TEXT,
            author.write(Text("pixels", "像素")),
            categories=tuple(f"{part.title}×{part.title}" for part in parts),
        ),
        macs_axis(author),
        tuple(
            Series(
                named(evidence, name),
                BARS,
                tuple(Point(place, part.groups[n].macs) for place, part in enumerate(parts)),
                name,
            )
            for n, name in enumerate(names)
        ),
    )
    return author.slide(
        "sizes",
        author.write(
            Text(
                "To a {last}×{last} map VGG-16 spends {ratio} what GoogLeNet spends",
                "到 {last}×{last} 为止，VGG-16 的计算量是 GoogLeNet 的 {ratio}",
            ),
            last=last,
            ratio=times(argument.ratio()),
        ),
        (
            chart,
            author.keep(
                Text(
                    "Shrink the map first, widen it afterwards: H·W is the largest factor there.",
                    "先缩小特征图，再增加通道：此处 H·W 是最大的因子。",
                )
            ),
        ),
        [
            author.write(
                Text(
                    "A convolution at full resolution pays for every pixel. GoogLeNet halves the map in its first "
                    "layer and again in the pooling behind it, before it takes many channels.",
                    "在全分辨率上做卷积，每个像素都要付费。GoogLeNet 第一层就把特征图减半，池化再减半，然后才增加通道。",
                )
            ),
            *(
                f"{part.title}×{part.title}: {exact(part.groups[0].macs)} / {exact(part.groups[1].macs)} MACs"
                for part in argument.parts
            ),
            *map(derived, argument.steps),
        ],
        command(author, "inception-profiler argue stem inception_v1 --vs vgg16"),
    )


def _layers(author: Author, evidence: Evidence) -> Slide:
    argument = evidence.argue("stem")
    stem = argument.sides[1].profile
    layers = [layer for layer in stem.layers if layer.call.kind in LISTED]
    rows = [
        Row(
            (
                layer.name.replace("_", " "),
                "×".join(map(str, layer.call.outputs[0].shape[1:])),
                layer.activation_bytes,
                layer.params,
                layer.macs,
            )
        )
        for layer in layers
    ]
    total = Group.of("", layers)
    rows.append(
        Row(
            (author.write(Text("together", "合计")), "", total.activation_bytes, total.params, total.macs),
            strong=True,
        )
    )
    dearest = max(layers, key=lambda layer: layer.macs)
    return author.slide(
        "layers",
        author.write(
            Text(
                "Layer by layer: one 3×3 is most of GoogLeNet’s stem",
                "逐层来看：GoogLeNet 的 stem 主要花在一个 3×3 上",
            )
        ),
        (
            author.table(
                Text("GoogLeNet to its first module", "GoogLeNet 第一个模块之前"),
                (
                    text_column(author, "layer", LAYER),
                    text_column(author, "output", OUTPUT),
                    Column("memory", author.write(Text("output bytes", "输出字节")), Unit.BYTES),
                    params_column(author),
                    macs_column(author),
                ),
                rows,
            ),
            author.keep(
                Text(
                    "{macs} MACs bring the image from {first} to {last} pixels a side.",
                    "用 {macs} 次乘加，把边长从 {first} 降到 {last}。",
                ),
                macs=count(total.macs),
                first=str(stem.inputs[0].shape[-1]),
                last=argument.parts[-1].title,
            ),
        ),
        [
            author.write(
                Text(
                    "Convolutions and poolings are listed; ReLU and normalisation make no MACs. The dearest is {name}.",
                    "表中列出卷积与池化；ReLU 与归一化不产生 MACs。最贵的一层是 {name}。",
                ),
                name=dearest.name,
            ),
            *map(derived, argument.sides[1].derivation("macs")),
        ],
        command(author, "inception-profiler argue stem"),
    )


def _number(author: Author, evidence: Evidence) -> Slide:
    finding = evidence.finding("stem-googlenet")
    judgement = finding.judgements[-1]
    explained = judgement.explanation
    rows: list[Row] = [
        Row(
            (
                author.write(Text("as the lecture notes have it", "听课笔记中的数字")),
                int(judgement.claimed or 0),
            ),
            strong=True,
        )
    ]
    rows += [
        Row((author.write(RULES[reading.convention]), int(reading.value)))
        for reading in judgement.readings
        if reading.convention in RULES
    ]
    return author.slide(
        "number",
        author.write(
            Text(
                "“{printed} MFLOP, I could not see how”: no rule gives it",
                "“{printed} MFLOP，没看明白怎么算的”：任何规则都算不出",
            ),
            printed=judgement.quantity.printed,
        ),
        (
            author.table(
                Text("The stem by every rule of counting", "按各种计数规则计算 stem"),
                (
                    text_column(author, "rule", Text("rule", "规则")),
                    Column("value", author.write(Text("value", "数值")), Unit.COUNT),
                ),
                rows,
            ),
            author.keep(
                Text(
                    "Counted as the slides count, it is {value} M: two digits were exchanged.",
                    "按讲义自己的规则应是 {value} M：两位数字写颠倒了。",
                ),
                value=f"{(explained.value if explained else 0) / 1e6:.0f}",
            ),
        ),
        [
            f"{finding.claim.quote}",
            author.write(Text("In English: {words}", "英文：{words}"), words=finding.claim.translation),
            judgement.verdict.how,
            judgement.verdict.reason,
            *(
                f"{step.title}: {step.formula} = {step.numbers} = {exact(step.value)}"
                for step in (explained.steps if explained else ())
            ),
        ],
        f"{finding.claim.source.number} {finding.claim.source.title}; "
        + command(author, "inception-profiler claims stem-googlenet"),
    )
