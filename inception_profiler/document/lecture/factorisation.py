"""Factorisation: small kernels, or a row and a column, in the place of a large kernel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from inception_profiler.document.blocks import Column, Formula
from inception_profiler.document.chart import BARS, LINE, Axis, Chart, Note, Point, Series
from inception_profiler.document.deck import Slide
from inception_profiler.document.lecture.shared import (
    command,
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


@topic("factorisation", 40, Text("Factorisation", "卷积分解"))
def slides(author: Author, evidence: Evidence) -> Iterator[Slide]:
    """Write the slides on factorisation."""
    yield _stack(author, evidence)
    yield _rows(author, evidence)
    yield _network(author, evidence)


def _stack(author: Author, evidence: Evidence) -> Slide:
    argument = evidence.argue("factorize")
    ratio = argument.steps[-1]
    rows = [
        (
            side.title.replace("→", " → "),
            side.profile.layers[-1].receptive_field,
            side.profile.params,
            side.profile.macs,
        )
        for side in argument.sides
    ]
    return author.slide(
        "stack",
        author.write(
            Text(
                "{small} sees as much as {large}, for {saved} less",
                "{small} 与 {large} 看得一样远，却省 {saved}",
            ),
            small=argument.sides[1].title.replace("→", " → "),
            large=argument.sides[0].title,
            saved=share(argument.saved()),
        ),
        (
            author.table(
                Text("One large kernel and a stack of small ones", "一个大卷积核与一串小卷积核"),
                (
                    text_column(author, "kernels", Text("kernels", "卷积核")),
                    Column("field", author.write(Text("receptive field", "感受野")), Unit.PIXELS),
                    params_column(author),
                    macs_column(author),
                ),
                rows,
            ),
            Formula(ratio.formula),
            Formula(f"{ratio.numbers} = {ratio.value:.3g}"),
            author.keep(
                Text(
                    "And every small kernel brings a non-linearity of its own.",
                    "而且每个小卷积核后都多一次非线性。",
                )
            ),
        ),
        [
            author.write(
                Text(
                    "Receptive fields add up: each kernel sees one less than its side more than the one before. "
                    "What two small kernels cannot do is any large kernel: the stack is a product of two.",
                    "感受野可以相加：每加一个卷积核，视野增加（边长减一）。"
                    "代价是：两个小卷积核的串联只能表示一部分大卷积核。",
                )
            ),
            *map(derived, argument.steps),
            *(derived(step) for side in argument.sides for step in side.derivation("macs")),
        ],
        f"arXiv:1512.00567, section 3.1; {command(author, 'inception-profiler argue factorize')}",
    )


def _rows(author: Author, evidence: Evidence) -> Slide:
    stack, line = evidence.argue("factorize"), evidence.argue("asymmetric")
    curves = (
        (author.write(Text("small squares", "小方核串联")), stack.curve, "MACs"),
        (author.write(Text("a row and a column", "一行加一列")), line.curve, "params"),
    )
    chart = Chart(
        "factorisation-rows",
        author.write(Text("What a square kernel costs against its factors", "方形卷积核与其分解的代价之比")),
        Axis(author.write(Text("side of the kernel", "卷积核边长")), Unit.PIXELS),
        Axis(author.write(Text("square kernel / its factors", "方核 / 分解后")), Unit.RATIO),
        tuple(
            Series(title, LINE, tuple(Point(point.at, point.ratio) for point in curve.points), of)
            for title, curve, of in curves
        ),
        notes=(Note(author.write(Text("equal", "相等")), y=1),),
    )
    step = line.steps[0]
    return author.slide(
        "rows",
        author.write(
            Text(
                "A row and a column in the place of {kernel} cost {ratio} less",
                "用一行加一列代替 {kernel}，代价是原来的 1/{plain}",
            ),
            kernel=line.sides[0].title,
            ratio=times(line.ratio()),
            plain=f"{line.ratio():.3g}",
        ),
        (
            chart,
            author.keep(
                Text("The larger the kernel, the more its factors save.", "卷积核越大，分解省得越多。"),
            ),
        ),
        [
            author.write(
                Text(
                    "For a row and a column the ratio is half of the side, for small squares it grows more slowly: "
                    "read it off the formulas. In practice it pays on middle maps, and not in the first layers.",
                    "一行加一列的比值是边长的一半，小方核串联增长较慢：从公式即可看出。"
                    "实践中在中等大小的特征图上有效，最前面几层则不然。",
                )
            ),
            derived(step),
            *(
                f"K = {exact(point.at)}: {title} {times(point.ratio)}"
                for title, curve, _ in curves
                for point in curve.points
            ),
        ],
        f"arXiv:1512.00567, section 3.2; {command(author, 'inception-profiler argue asymmetric')}",
    )


def _network(author: Author, evidence: Evidence) -> Slide:
    argument = evidence.argue("chains")
    titles = (
        author.write(Text("one large kernel", "一个大卷积核")),
        author.write(Text("factorised", "分解后")),
    )
    worst = min(argument.parts, key=lambda part: part.ratio("macs"))
    chart = Chart(
        "factorisation-network",
        author.write(
            Text(
                "MACs of the chains of Inception-v3, by what they stand for",
                "Inception-v3 中各分解链的乘加次数，按所代替的卷积核",
            )
        ),
        Axis(
            author.write(Text("large kernel that is stood for", "被代替的大卷积核")),
            Unit.TEXT,
            categories=tuple(f"{point.at}×{point.at}" for point in argument.curve.points),
        ),
        macs_axis(author),
        tuple(
            Series(
                title,
                BARS,
                tuple(Point(place, point.values[n]) for place, point in enumerate(argument.curve.points)),
                ("first side", "second side")[n],
            )
            for n, title in enumerate(titles)
        ),
    )
    return author.slide(
        "network",
        author.write(
            Text(
                "In Inception-v3 factorising saves {saved} of the work that it touches",
                "在 Inception-v3 中，分解为所涉及的卷积省下 {saved} 的计算",
            ),
            saved=share(argument.saved()),
        ),
        (
            chart,
            author.keep(
                Text(
                    "Not everywhere: where the first kernel adds channels, a chain can even lose.",
                    "并非处处如此：若第一个卷积就增加通道，分解链甚至会更贵。",
                ),
            ),
        ),
        [
            author.write(
                Text(
                    "Each chain of the network against the one convolution between the same channels that sees as "
                    "much. The least saving is that of {name}: {ratio}.",
                    "把网络中每条分解链与输入输出通道相同、视野相同的单个卷积相比。节省最少的是 {name}：{ratio}。",
                ),
                name=worst.title,
                ratio=times(worst.ratio("macs")),
            ),
            *(f"{part.title}: {times(part.ratio('macs'))}" for part in argument.parts),
            *map(derived, argument.steps),
        ],
        f"arXiv:1512.00567; {command(author, 'inception-profiler argue chains inception_v3')}",
    )
