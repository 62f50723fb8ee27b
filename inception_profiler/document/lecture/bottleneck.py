"""The bottleneck: a 1×1 that reduces the channels before a larger kernel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from inception_profiler.document.blocks import Column, Formula, Row
from inception_profiler.document.chart import LINE, Axis, Chart, Point, Series
from inception_profiler.document.deck import Slide
from inception_profiler.document.lecture.shared import LAYER, command, derived, macs_axis, text_column
from inception_profiler.document.lecture.topics import Author, topic
from inception_profiler.document.lecture.wording import Text, exact, share, times
from inception_profiler.units import Unit

if TYPE_CHECKING:
    from inception_profiler.claims.evidence import Evidence

DIRECT = Text("direct", "直接卷积")
REDUCED = Text("bottleneck", "瓶颈")


@topic("bottleneck", 30, Text("The bottleneck", "瓶颈"))
def slides(author: Author, evidence: Evidence) -> Iterator[Slide]:
    """Write the slides on the bottleneck."""
    yield _idea(author, evidence)
    yield _worked(author, evidence)
    yield _curve(author, evidence)


def _idea(author: Author, evidence: Evidence) -> Slide:
    argument = evidence.argue("bottleneck")
    step = argument.steps[0]
    return author.slide(
        "idea",
        author.write(
            Text(
                "A 1×1 makes the expensive kernel meet fewer channels",
                "先用 1×1 让昂贵的卷积核少面对一些通道",
            )
        ),
        (
            author.say(Text("1×1: from C_in channels down to R.", "1×1：通道数从 C_in 降到 R。")),
            author.say(Text("K×K: works on R channels only.", "K×K：只在 R 个通道上计算。")),
            author.say(Text("1×1: from R up to C_out.", "1×1：通道数从 R 升到 C_out。")),
            Formula(step.formula),
            author.say(
                Text(
                    "direct / bottleneck, the same for MACs and for weights: H·W cancels.",
                    "直接卷积 / 瓶颈；乘加次数与权重的比值相同，H·W 约掉了。",
                )
            ),
            author.keep(
                Text(
                    "The dearest term has R² in the place of C_in·C_out.",
                    "最贵的一项里，C_in·C_out 变成了 R²。",
                )
            ),
        ),
        [
            author.write(
                Text(
                    "Derive it from the formula of a convolution, three times. The biases are left out on both "
                    "sides; ReLU behind each convolution makes two more non-linearities.",
                    "把卷积公式用三遍即可推出。两边都不计偏置；每个卷积后都有 ReLU，因此多了两次非线性。",
                )
            ),
            derived(step),
        ],
        command(author, "inception-profiler argue bottleneck"),
    )


def _worked(author: Author, evidence: Evidence) -> Slide:
    argument = evidence.argue("bottleneck", size=(1, 1))
    direct, reduced = argument.sides
    rows: list[Row] = []
    for title, side in ((DIRECT, direct), (REDUCED, reduced)):
        steps = [step for step in side.derivation("macs") if step.name != "sum"]
        if len(steps) > 1:
            rows += [
                Row((step.name.partition(" ")[2], step.numbers, int(step.value)), level=1) for step in steps
            ]
        numbers = steps[0].numbers if len(steps) == 1 else ""
        rows.append(Row((author.write(title), numbers, side.profile.macs), strong=True))
    ratio = argument.ratio()
    return author.slide(
        "worked",
        author.write(
            Text(
                "{channels} channels through {reduce}: {ratio} fewer multiply-accumulates",
                "{channels} 通道经过 {reduce} 通道：乘加次数减少到 1/{plain}",
            ),
            channels=dict(argument.given)["in_channels"].__str__(),
            reduce=dict(argument.given)["reduce"].__str__(),
            ratio=times(ratio),
            plain=f"{ratio:.2f}",
        ),
        (
            author.table(
                Text("MACs at one position of the map", "特征图上每个位置的乘加次数"),
                (
                    text_column(author, "layer", LAYER),
                    text_column(author, "numbers", Text("at one position", "每个位置")),
                    Column("macs", "MACs", Unit.EXACT),
                ),
                rows,
            ),
            Formula(f"{exact(direct.profile.macs)} / {exact(reduced.profile.macs)} = {ratio:.2f}"),
            author.keep(
                Text(
                    "{saved} of the work is saved; the map has the same shape.",
                    "节省了 {saved} 的计算，输出形状不变。",
                ),
                saved=share(argument.saved()),
            ),
        ),
        [
            author.write(
                Text(
                    "This is the example that is told on many pages, often as “almost ten times”. Counted without "
                    "rounding on the way it is {ratio}.",
                    "这是许多网页都讲的例子，常被说成“几乎十倍”。中途不四舍五入，准确地数是 {ratio}。",
                ),
                ratio=times(ratio),
            ),
            *(derived(step) for side in argument.sides for step in side.derivation("macs")),
            *map(derived, argument.steps),
        ],
        command(author, "inception-profiler argue bottleneck --size 1x1"),
    )


def _curve(author: Author, evidence: Evidence) -> Slide:
    argument = evidence.argue("bottleneck")
    curve = argument.curve
    even = max(point.at for point in curve.points if point.ratio >= 1)
    chart = Chart(
        "bottleneck-curve",
        author.write(Text("MACs over the channels that the 1×1 leaves", "乘加次数与 1×1 保留的通道数")),
        Axis(
            author.write(Text("channels that the 1×1 leaves", "1×1 保留的通道数")),
            Unit.EXACT,
            author.write(Text("channels", "通道")),
        ),
        macs_axis(author),
        tuple(
            Series(
                author.write(title),
                LINE,
                tuple(Point(point.at, point.values[n]) for point in curve.points),
                of,
            )
            for n, (title, of) in enumerate(((DIRECT, "first side"), (REDUCED, "second side")))
        ),
    )
    return author.slide(
        "curve",
        author.write(
            Text(
                "Reduce hard, or not at all: above {even} channels nothing is saved",
                "要降就降得够：保留超过 {even} 个通道就不再节省",
            ),
            even=exact(even),
        ),
        (
            chart,
            author.keep(
                Text(
                    "Cost falls with the square of what is left, and the two 1×1 are the price.",
                    "代价随保留通道数的平方下降，两个 1×1 是要付的价钱。",
                )
            ),
        ),
        [
            author.write(
                Text(
                    "Every point is a network of its own that was built and counted. The last point of the curve "
                    "at or above the line of the direct convolution stands in the title.",
                    "曲线上每个点都是一个实际搭建并计数的网络。标题中的数字是仍不比直接卷积贵的最后一点。",
                )
            ),
            *(
                f"R = {exact(point.at)}: {exact(point.values[1])} MACs, {times(point.ratio)}"
                for point in curve.points
            ),
        ],
        command(author, "inception-profiler argue bottleneck"),
    )
