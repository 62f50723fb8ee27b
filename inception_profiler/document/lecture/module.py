"""The Inception module, and what it would cost without reductions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from inception_profiler.document.chart import BARS, Axis, Chart, Point, Series
from inception_profiler.document.deck import Slide
from inception_profiler.document.lecture.shared import (
    LAYER,
    OUTPUT,
    command,
    counted,
    derived,
    macs_axis,
    macs_column,
    params_column,
    text_column,
)
from inception_profiler.document.lecture.topics import Author, topic
from inception_profiler.document.lecture.wording import Text, exact, share, times
from inception_profiler.units import Unit

if TYPE_CHECKING:
    from inception_profiler.claims.evidence import Evidence

MODULE = "inception_3a"


@topic("module", 20, Text("The module", "Inception 模块"))
def slides(author: Author, evidence: Evidence) -> Iterator[Slide]:
    """Write the slides on the module."""
    yield _idea(author, evidence)
    yield _branches(author, evidence)
    yield _naive(author, evidence)


def _idea(author: Author, evidence: Evidence) -> Slide:
    one = evidence.profile("inception_v1")
    modules = sorted(
        {layer.path.split(".")[0] for layer in one.layers if layer.path.startswith("inception_")}
    )
    return author.slide(
        "idea",
        author.write(Text("Do not choose the kernel: take them all", "不必选卷积核：全都要")),
        (
            author.say(
                Text(
                    "1×1, 3×3 and 5×5 convolutions and a pooling stand side by side.",
                    "1×1、3×3、5×5 卷积和池化并排。",
                )
            ),
            author.say(
                Text(
                    "All keep height and width, so that their maps can be concatenated.",
                    "都保持高和宽不变，因此输出可以按通道拼接。",
                )
            ),
            author.say(
                Text(
                    "A 1×1 stands before the 3×3 and the 5×5, and behind the pooling.",
                    "3×3 和 5×5 之前、池化之后，各有一个 1×1。",
                )
            ),
            author.say(
                Text("GoogLeNet stacks {count} of these modules.", "GoogLeNet 堆叠了 {count} 个这样的模块。"),
                count=len(modules),
            ),
            author.keep(
                Text("The network learns which kernel matters where.", "哪里用哪种卷积核，由网络自己学习。")
            ),
        ),
        [
            author.write(
                Text(
                    "Draw the four branches on the board. Ask: which of them costs most? The next slide answers.",
                    "在黑板上画出四个分支，提问：哪个分支最贵？下一页给出答案。",
                )
            ),
            ", ".join(modules),
        ],
        f"arXiv:1409.4842, Figure 2; {counted(one)}",
    )


def _branches(author: Author, evidence: Evidence) -> Slide:
    one = evidence.profile("inception_v1")
    layers = [
        layer
        for layer in one.layers
        if layer.path.startswith(f"{MODULE}.") and layer.call.kind == "convolution"
    ]
    heaviest = max(layers, key=lambda layer: layer.macs)
    rows = [
        (
            layer.name.split("/")[-1].replace("_", " ").replace("x", "×"),
            str(layer.call.inputs[0].shape[1]),
            "×".join(map(str, layer.call.outputs[0].shape[1:])),
            layer.params,
            layer.macs,
        )
        for layer in layers
    ]
    return author.slide(
        "branches",
        author.write(
            Text(
                "In module 3a the {name} alone does {share} of the work",
                "模块 3a 中，仅 {name} 就承担了 {share} 的计算",
            ),
            name=heaviest.name.split("/")[-1].replace("x", "×"),
            share=share(heaviest.macs / sum(layer.macs for layer in layers)),
        ),
        (
            author.table(
                Text("The convolutions of inception 3a", "inception 3a 的卷积层"),
                (
                    text_column(author, "layer", LAYER),
                    text_column(author, "in", Text("channels in", "输入通道")),
                    text_column(author, "out", OUTPUT),
                    params_column(author),
                    macs_column(author),
                ),
                rows,
            ),
            author.keep(
                Text(
                    "Large kernels cost most, even on the few channels that the 1×1 leaves.",
                    "即使 1×1 已把通道减少，大卷积核仍然最贵。",
                )
            ),
        ),
        [f"{layer.name}: {exact(layer.params)} params, {exact(layer.macs)} MACs" for layer in layers],
        f"arXiv:1409.4842, Table 1; {counted(one)}",
    )


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
                argument.sides[n].profile.model,
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
