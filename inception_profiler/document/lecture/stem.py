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
    params_column,
    text_column,
)
from inception_profiler.document.lecture.shared import name as named
from inception_profiler.document.lecture.topics import Author, topic
from inception_profiler.document.lecture.wording import Text, exact, times
from inception_profiler.units import Unit

if TYPE_CHECKING:
    from inception_profiler.claims.evidence import Evidence

RULES = {
    "": Text("every multiplication and addition", "每次乘法、加法都计"),
    "paper convention": Text("multiply-accumulates, as papers count", "论文的规则：乘加次数"),
    "lecture convention": Text("as the lecture counts: pooling too", "该讲义的规则：池化也算"),
}
"""The rules of counting that the notes tell."""


@topic("stem", 50, Text("The stem against VGG", "stem 与 VGG 的对比"))
def slides(author: Author, evidence: Evidence) -> Iterator[Slide]:
    """Write the slides on the stem."""
    yield _sizes(author, evidence)
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


def _number(author: Author, evidence: Evidence) -> Slide:
    finding = evidence.finding("stem-googlenet")
    judgement = finding.judgements[-1]
    explained = judgement.explanation
    stem = evidence.argue("stem").sides[1]
    params = {layer.name: layer.params for layer in stem.profile.layers}
    used = () if explained is None else explained.layers
    value = 0 if explained is None else int(explained.value)
    rows = [Row((one.layer.replace("_", " "), one.output, params[one.layer], int(one.value))) for one in used]
    together = author.write(Text("together", "合计"))
    rows.append(Row((together, "", sum(params[one.layer] for one in used), value), strong=True))
    said = author.write(Text("as it was written down", "听课笔记中的数字"))
    rows.append(Row((said, "", None, int(judgement.claimed or 0)), strong=True))
    return author.slide(
        "number",
        author.write(
            Text(
                "“{printed} MFLOP, I could not see how”: the layers add up to {value}",
                "“{printed} MFLOP，没看明白怎么算的”：各层加起来是 {value}",
            ),
            printed=judgement.quantity.printed,
            value=f"{value / 1e6:.0f}",
        ),
        (
            author.table(
                Text("GoogLeNet’s stem, as the lecture counts", "GoogLeNet 的 stem，按该讲义的规则"),
                (
                    text_column(author, "layer", LAYER),
                    text_column(author, "output", OUTPUT),
                    params_column(author),
                    Column(
                        "value", author.write(Text("as that lecture counts", "按该讲义的规则")), Unit.COUNT
                    ),
                ),
                rows,
            ),
            author.keep(
                Text(
                    "Two digits were exchanged: no rule of counting gives {printed}.",
                    "两位数字写颠倒了：任何计数规则都得不出 {printed}。",
                ),
                printed=judgement.quantity.printed,
            ),
        ),
        [
            f"{finding.claim.quote}",
            author.write(Text("In English: {words}", "英文：{words}"), words=finding.claim.translation),
            author.write(
                Text(
                    "That lecture counts a multiply-accumulate once, and the k² of each pooled output too. One "
                    "3×3 is most of the stem.",
                    "该讲义把一次乘加算一次，每个池化输出的 k² 次比较也计入。stem 的代价主要在一个 3×3 上。",
                )
            ),
            *(
                f"{author.write(RULES[reading.convention])}: {exact(reading.value)}"
                for reading in judgement.readings
                if reading.convention in RULES
            ),
            judgement.verdict.how,
            judgement.verdict.reason,
            *(
                f"{step.title}: {step.formula} = {step.numbers} = {exact(step.value)}"
                for step in (explained.steps if explained else ())
            ),
            *map(derived, stem.derivation("macs")),
        ],
        f"{finding.claim.source.number} {finding.claim.source.title}; "
        + command(author, "inception-profiler claims stem-googlenet"),
    )
