"""Why cost matters, and the one formula that it comes from."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from inception_profiler.document.blocks import Column, Formula
from inception_profiler.document.chart import LINEAR
from inception_profiler.document.charts.accuracy import bubbles
from inception_profiler.document.deck import Slide
from inception_profiler.document.lecture.shared import (
    MODEL,
    command,
    counted,
    derived,
    macs_axis,
    rows_of_bars,
    text_column,
)
from inception_profiler.document.lecture.shared import name as named
from inception_profiler.document.lecture.topics import Author, topic
from inception_profiler.document.lecture.wording import Text, count, exact, share, times
from inception_profiler.units import Unit

if TYPE_CHECKING:
    from inception_profiler.claims.evidence import Evidence

COMPARED = ("alexnet", "inception_v1", "resnet50", "inception_v3", "inception_v4", "vgg16")
SHOWN = (
    "alexnet",
    "vgg16",
    "inception_v1",
    "bn_inception",
    "inception_v3",
    "inception_v4",
    "inception_resnet_v2",
    "resnet50",
)


@topic("why", 10, Text("Why cost", "为什么要算代价"))
def slides(author: Author, evidence: Evidence) -> Iterator[Slide]:
    """Write the slides on why cost matters."""
    yield _range(author, evidence)
    yield _accuracy(author, evidence)
    yield _formula(author, evidence)
    yield _words(author, evidence)


def _range(author: Author, evidence: Evidence) -> Slide:
    profiles = [evidence.profile(name) for name in COMPARED]
    ratio = evidence.profile("vgg16").macs / evidence.profile("inception_v1").macs
    titles = [named(evidence, one) for one in COMPARED]
    rows = [(title, one.model, float(one.macs)) for title, one in zip(titles, profiles, strict=True)]
    title = author.write(
        Text(
            "For one image VGG-16 takes {ratio} the work of GoogLeNet",
            "处理一张图片，VGG-16 的计算量是 GoogLeNet 的 {ratio}",
        ),
        ratio=times(ratio),
    )
    chart = rows_of_bars("why-range", title, macs_axis(author), author.write(MODEL), rows)
    said = [
        author.write(
            Text(
                "Both took part in the same competition, in the same year, and GoogLeNet won. Cost is a choice "
                "of the designer: this lecture shows where it comes from, and what to do about it.",
                "两者参加了同一年的同一场比赛，而获胜的是 GoogLeNet。代价是设计者的选择："
                "本讲说明代价从何而来，以及如何降低它。",
            )
        ),
        *(f"{title}: {exact(one.macs)} MACs" for title, one in zip(titles, profiles, strict=True)),
    ]
    keep = author.keep(
        Text(
            "The cost of a network is designed, not given.",
            "网络的代价是设计出来的，不是天生的。",
        )
    )
    return author.slide("range", title, (chart, keep), said, "; ".join(map(counted, profiles)))


def _accuracy(author: Author, evidence: Evidence) -> Slide:
    cards = [evidence.card(name) for name in SHOWN]
    third, sixteen = (evidence.profile(one).macs for one in ("inception_v3", "vgg16"))
    chart = bubbles(cards)
    shares = [point.y for series in chart.series for point in series.points]
    chart = replace(
        chart,
        key="why-accuracy",
        title=author.write(Text("Accuracy, MACs and params (area)", "准确率、乘加次数与参数量（面积）")),
        x=replace(
            chart.x,
            title=author.write(Text("MACs of one image", "每张图片的乘加次数")),
            noun="",
            divided=LINEAR,
            limits=(0.0, 1.15 * max(point.x for series in chart.series for point in series.points)),
        ),
        y=replace(
            chart.y,
            title=author.write(Text("top-1 accuracy, ILSVRC", "ILSVRC top-1 准确率")),
            limits=(math.floor(min(shares) * 10) / 10, math.ceil(max(shares) * 10) / 10),
        ),
        series=tuple(
            replace(
                series,
                title=named(evidence, series.of),
                points=tuple(replace(point, label=named(evidence, series.of)) for point in series.points),
            )
            for series in chart.series
        ),
    )
    said = [
        author.write(
            Text(
                "Up is better, left is cheaper. The area of a dot stands for the parameters. The accuracies are published ones, each in the "
                "setting of its own paper, and are not computed here: compare them with care.",
                "越高越好，越左越省。圆点面积表示参数量。准确率为各论文公布的数值，各自的测试设置不同，并非本软件计算：比较时须谨慎。",
            )
        ),
        *(
            f"{named(evidence, card.name)}: top-1 {share(card.accuracy.top1 / 100)}, {card.accuracy.setting}, "
            f"{card.accuracy.source}"
            for card in cards
            if card.accuracy is not None and card.accuracy.top1 is not None
        ),
    ]
    return author.slide(
        "accuracy",
        author.write(Text("Accuracy is not bought with computation alone", "准确率不是单靠计算量买来的")),
        (
            chart,
            author.keep(
                Text(
                    "Inception-v3 is above VGG-16 with {ratio} its MACs.",
                    "Inception-v3 高于 VGG-16，MACs 只有其 {ratio}。",
                ),
                ratio=times(third / sixteen),
            ),
        ),
        said,
        command(author, "inception-profiler models"),
    )


def _formula(author: Author, evidence: Evidence) -> Slide:
    first = evidence.argue("stem").sides[1].derivation("macs")[0]
    return author.slide(
        "formula",
        author.write(Text("One formula carries this lecture", "一个公式贯穿本讲")),
        (
            Formula(f"MACs = {first.formula}"),
            author.say(
                Text(
                    "K: side of the kernel. K² weights see each pair of channels.",
                    "K：卷积核边长，每对通道有 K² 个权重。",
                )
            ),
            author.say(
                Text(
                    "C_in, C_out: channels that come in and go out.",
                    "C_in、C_out：输入与输出通道数。",
                )
            ),
            author.say(
                Text(
                    "H·W: positions of the map that is made.",
                    "H·W：输出特征图的位置数。",
                )
            ),
            Formula(f"{first.numbers} = {exact(first.value)}"),
            author.keep(
                Text(
                    "A weight is stored once, and used once at every position.",
                    "权重只存一份，却在每个位置都要用一次。",
                )
            ),
        ),
        [
            author.write(
                Text(
                    "The numbers put in are those of the first convolution of GoogLeNet. Without H·W the same "
                    "formula gives the parameters. Every saving in this lecture makes one of its factors smaller: "
                    "the bottleneck C_in, factorisation K², the stem H·W.",
                    "代入的是 GoogLeNet 第一个卷积层的数字。去掉 H·W，同一公式就是参数量。"
                    "本讲的每种节省都是让某个因子变小：瓶颈减小 C_in，分解减小 K²，stem 减小 H·W。",
                )
            ),
            derived(first),
        ],
        command(author, "inception-profiler argue stem"),
    )


def _words(author: Author, evidence: Evidence) -> Slide:
    one = evidence.profile("inception_v1")
    title = named(evidence, "inception_v1")
    rows = [
        (
            "MACs",
            author.write(Text("multiply-accumulates of conv. and linear layers", "卷积与全连接层的乘加次数")),
            one.macs,
        ),
        (
            "ops",
            author.write(Text("all others: bias, ReLU, pooling, …", "其余标量运算：偏置、ReLU、池化等")),
            one.ops,
        ),
        (
            "FLOPs",
            author.write(Text("both, a MAC being two operations", "两者之和，一次乘加算两次运算")),
            one.flops,
        ),
    ]
    return author.slide(
        "words",
        author.write(Text("“FLOPs” has several meanings: say which", "“FLOPs”有多种含义：要说清楚")),
        (
            author.table(
                Text("Three counts of one network", "同一网络的三种计数"),
                (
                    text_column(author, "word", Text("word", "名称")),
                    text_column(author, "meaning", Text("what is counted", "数的是什么")),
                    Column("value", title, Unit.COUNT),
                ),
                rows,
            ),
            Formula("FLOPs = 2·MACs + ops"),
            author.keep(
                Text(
                    "Papers write FLOPs and mean MACs. Here MACs are called MACs.",
                    "论文写 FLOPs，指的往往是 MACs；本讲一律写 MACs。",
                )
            ),
        ),
        [
            author.write(
                Text(
                    "A factor of two between two papers is nearly always this. What other tools show for the same "
                    "network, and why, is told by the command explain.",
                    "两篇论文相差一倍，几乎总是这个原因。其他工具对同一网络给出什么数字、为什么，可用 explain 命令查看。",
                )
            ),
            f"{title}: {exact(one.macs)} MACs, {exact(one.ops)} ops, {exact(one.flops)} FLOPs",
            f"2·{exact(one.macs)} + {exact(one.ops)} = {exact(one.flops)} ({count(one.flops)})",
        ],
        counted(one),
    )
