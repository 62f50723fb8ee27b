"""The Inception module, and what it would cost without reductions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from inception_profiler.document.blocks import Column, Row
from inception_profiler.document.chart import BARS, Axis, Chart, Point, Series
from inception_profiler.document.deck import Slide
from inception_profiler.document.lecture.shared import (
    command,
    counted,
    derived,
    macs_axis,
    macs_column,
    text_column,
)
from inception_profiler.document.lecture.topics import Author, topic
from inception_profiler.document.lecture.wording import Text, exact, share, times
from inception_profiler.records.layer import Group
from inception_profiler.units import Unit

if TYPE_CHECKING:
    from inception_profiler.claims.evidence import Evidence
    from inception_profiler.records.layer import LayerCost

MODULE = "inception_3a"
BRANCHES = (
    ("1x1", Text("1×1", "1×1")),
    ("3x3", Text("3×3", "3×3")),
    ("5x5", Text("5×5", "5×5")),
    ("pool", Text("pooling", "池化")),
)
"""How the names of the layers of a branch begin, and its title."""
STEP = {
    "pooling": Text("{kernel} max pooling", "{kernel} 最大池化"),
    "convolution": Text("{kernel}", "{kernel}"),
}


@topic("module", 20, Text("The module", "Inception 模块"))
def slides(author: Author, evidence: Evidence) -> Iterator[Slide]:
    """Write the slides on the module."""
    yield _branches(author, evidence)
    yield _naive(author, evidence)


def _branches(author: Author, evidence: Evidence) -> Slide:
    one = evidence.profile("inception_v1")
    modules = sorted(
        {layer.path.split(".")[0] for layer in one.layers if layer.path.startswith("inception_")}
    )
    layers = [
        layer
        for layer in one.layers
        if layer.path.startswith(f"{MODULE}.") and layer.call.kind in {"convolution", "pooling"}
    ]
    whole = Group.of(MODULE, layers)
    heaviest = max(layers, key=lambda layer: layer.macs)
    rows, width = [], 0
    for start, title in BRANCHES:
        branch = [layer for layer in layers if layer.name.split("/")[-1].startswith(start)]
        channels = branch[-1].call.outputs[0].shape[1]
        width += channels
        cost = Group.of(start, branch)
        steps = " → ".join(_step(author, layer) for layer in branch)
        rows.append(Row((author.write(title), steps, channels, cost.macs, cost.macs / whole.macs)))
    together = author.write(Text("concatenated", "按通道拼接"))
    rows.append(Row((together, "", width, whole.macs, 1.0), strong=True))
    return author.slide(
        "branches",
        author.write(Text("Do not choose the kernel: take them all", "不必选卷积核：全都要")),
        (
            author.table(
                Text("The branches of inception 3a", "inception 3a 的各分支"),
                (
                    text_column(author, "branch", Text("branch", "分支")),
                    text_column(author, "layers", Text("its layers, with their filters", "各层与滤波器数")),
                    Column("channels", author.write(Text("channels", "通道")), Unit.EXACT),
                    macs_column(author),
                    Column("share", author.write(Text("share", "份额")), Unit.SHARE),
                ),
                rows,
            ),
            author.keep(
                Text(
                    "The {name} alone does {share} of the work, on the channels that its 1×1 leaves.",
                    "仅 {name} 就承担 {share} 的计算，而且只面对 1×1 留下的通道。",
                ),
                name=heaviest.name.split("/")[-1].replace("x", "×"),
                share=share(heaviest.macs / whole.macs),
            ),
        ),
        [
            author.write(
                Text(
                    "Draw the four branches on the board. All keep height and width, so that their maps can be "
                    "concatenated: the network learns which kernel matters where. Ask, before the table is shown: "
                    "which of them costs most? GoogLeNet stacks {count} of these modules.",
                    "在黑板上画出四个分支。它们都保持高和宽不变，因此输出可以按通道拼接：哪里用哪种卷积核，由网络自己学习。"
                    "先提问：哪个分支最贵？再看表。GoogLeNet 堆叠了 {count} 个这样的模块。",
                ),
                count=len(modules),
            ),
            *(
                f"{layer.name}: {exact(layer.params)} params, {exact(layer.macs)} MACs"
                for layer in layers
                if layer.macs
            ),
            ", ".join(modules),
        ],
        f"arXiv:1409.4842, Figure 2 and Table 1; {counted(one)}",
    )


def _step(author: Author, layer: LayerCost) -> str:
    """Name a layer of a branch by its kernel and its filters: ``1×1, 96``."""
    sides = dict(layer.call.attributes)["kernel"]
    assert isinstance(sides, tuple)
    said = author.write(STEP[layer.call.kind], kernel="×".join(map(str, sides)))
    return f"{said}, {layer.call.outputs[0].shape[1]}" if layer.call.kind == "convolution" else said


def _naive(author: Author, evidence: Evidence) -> Slide:
    argument = evidence.argue("naive")
    names = [part.title.split(",")[0].removeprefix("inception_") for part in argument.parts]
    titles = (
        author.write(Text("without reductions", "无 1×1 降维")),
        author.write(Text("as published", "原网络")),
    )
    chart = Chart(
        "module-naive",
        author.write(
            Text(
                "MACs of each module without reductions, and as published", "各模块的乘加次数：无降维与原网络"
            )
        ),
        Axis(author.write(Text("module", "模块")), Unit.TEXT, categories=tuple(names)),
        macs_axis(author),
        tuple(
            Series(
                title,
                BARS,
                tuple(Point(place, part.groups[n].macs) for place, part in enumerate(argument.parts)),
                ("first side", argument.sides[1].profile.model)[n],
            )
            for n, title in enumerate(titles)
        ),
    )
    last = argument.parts[-1]
    return author.slide(
        "naive",
        author.write(
            Text(
                "Without the 1×1 the width explodes: {ratio} in the last module",
                "没有 1×1，宽度会爆炸：最后一个模块达到 {ratio}",
            ),
            ratio=times(last.ratio("macs")),
        ),
        (
            chart,
            author.keep(
                Text(
                    "The whole network would take {macs} the MACs and {params} the parameters.",
                    "整个网络的乘加次数将是 {macs}，参数量将是 {params}。",
                ),
                macs=times(argument.ratio()),
                params=times(argument.ratio("params")),
            ),
        ),
        [
            author.write(
                Text(
                    "A naive module hands its pooled input on at full width beside its own filters, so that each "
                    "module is wider than the one before, and the next one pays for both. This is the reason for "
                    "the 1×1 behind the pooling.",
                    "朴素模块会把池化后的输入原样拼接到自己的输出旁边，因此每个模块都比前一个更宽，后一个要为两者付费。"
                    "这就是池化之后也要放 1×1 的原因。",
                )
            ),
            *(f"{part.title}: {times(part.ratio('macs'))}" for part in argument.parts),
            *map(derived, argument.steps),
        ],
        f"arXiv:1409.4842, Figure 2a; {command(author, 'inception-profiler argue naive')}",
    )
