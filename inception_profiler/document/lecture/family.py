"""The family from GoogLeNet to Inception-ResNet-v2, in one table and two pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from inception_profiler.document.blocks import Column, Row
from inception_profiler.document.deck import Slide
from inception_profiler.document.lecture.shared import (
    MODEL,
    counted,
    macs_column,
    params_column,
    text_column,
)
from inception_profiler.document.lecture.shared import name as named
from inception_profiler.document.lecture.topics import Author, topic
from inception_profiler.document.lecture.wording import Text, exact, times
from inception_profiler.units import Unit

if TYPE_CHECKING:
    from inception_profiler.claims.evidence import Evidence
    from inception_profiler.zoo.card import ModelCard

FAMILY = (
    "inception_v1",
    "bn_inception",
    "inception_v2_rethinking",
    "inception_v3",
    "inception_v4",
    "inception_resnet_v1",
    "inception_resnet_v2",
)
RESIDUAL = ("inception_v4", "inception_resnet_v2_paper", "inception_resnet_v2")

TOLD = {
    "inception_v4": Text("Inception-v4", "Inception-v4"),
    "inception_resnet_v2_paper": Text("Inception-ResNet-v2, as drawn", "Inception-ResNet-v2（论文插图）"),
    "inception_resnet_v2": Text("Inception-ResNet-v2, as released", "Inception-ResNet-v2（发布版）"),
}


@topic("family", 70, Text("The family", "Inception 家族"))
def slides(author: Author, evidence: Evidence) -> Iterator[Slide]:
    """Write the slides on the family."""
    yield _table(author, evidence)
    yield _residual(author, evidence)


def _top1(card: ModelCard) -> float | None:
    return None if card.accuracy is None or card.accuracy.top1 is None else card.accuracy.top1 / 100


def _table(author: Author, evidence: Evidence) -> Slide:
    rows = []
    for name in FAMILY:
        card, profile = evidence.card(name), evidence.profile(name)
        rows.append(
            Row(
                (
                    named(evidence, name),
                    str(card.year),
                    str(profile.inputs[0].shape[-1]),
                    profile.depth,
                    profile.params,
                    profile.macs,
                    _top1(card),
                )
            )
        )
    profiles = [evidence.profile(name) for name in FAMILY]
    return author.slide(
        "table",
        author.write(Text("The family in one table", "一张表看完整个家族")),
        (
            author.table(
                Text("The Inception family", "Inception 家族"),
                (
                    text_column(author, "network", MODEL),
                    text_column(author, "year", Text("year", "年份")),
                    text_column(author, "input", Text("input", "输入")),
                    Column("depth", author.write(Text("depth", "深度")), Unit.COUNT),
                    params_column(author),
                    Column("macs", "MACs", Unit.COUNT),
                    Column("top1", "top-1", Unit.SHARE),
                ),
                rows,
            ),
            author.keep(
                Text(
                    "Depth: layers with weights on the longest path; accuracy as published.",
                    "深度：最长路径上带权重的层数；准确率：论文公布值（如有）。",
                )
            ),
        ),
        [
            author.write(
                Text(
                    "Two inputs are in use: compare MACs across them with care, since cost grows with the area. The "
                    "settings of the accuracies differ too.",
                    "输入大小有两种：代价随面积增长，跨大小比较 MACs 须谨慎。准确率的测试设置也各不相同。",
                )
            ),
            *(
                f"{named(evidence, one.model)}: {evidence.card(one.model).paper}; {exact(one.params)} params, "
                f"{exact(one.macs)} MACs"
                for one in profiles
            ),
        ],
        "; ".join(map(counted, profiles)),
    )


def _residual(author: Author, evidence: Evidence) -> Slide:
    profiles = [evidence.profile(name) for name in RESIDUAL]
    reference, paper, released = profiles
    rows = [
        (author.write(TOLD[one.model]), one.params, one.macs, one.macs / reference.macs) for one in profiles
    ]
    return author.slide(
        "residual",
        author.write(
            Text("“Costs as much as Inception-v4”: which one?", "“计算代价与 Inception-v4 相近”：哪一个？")
        ),
        (
            author.table(
                Text(
                    "Inception-ResNet-v2 in the paper and as released", "论文中的与发布的 Inception-ResNet-v2"
                ),
                (
                    text_column(author, "network", MODEL),
                    params_column(author),
                    macs_column(author),
                    Column("ratio", author.write(Text("to v4", "与 v4 之比")), Unit.RATIO),
                ),
                rows,
            ),
            author.say(
                Text(
                    "The network of the paper’s figures is cheaper than v4.",
                    "按论文插图搭建的网络比 v4 便宜。",
                )
            ),
            author.say(
                Text(
                    "The network that was released has twice the blocks, and is dearer.",
                    "实际发布的网络模块数加倍，比 v4 更贵。",
                )
            ),
            author.keep(
                Text(
                    "One name, two networks: say which one you counted.",
                    "同一个名字，两个网络：要说清楚数的是哪一个。",
                ),
            ),
        ),
        [
            author.write(
                Text(
                    "The two differ in their stem, in the number and the width of their blocks. The statement about "
                    "cost is judged in the ledger of claims.",
                    "两者的 stem、模块的数量与宽度都不同。关于代价的说法在 claims 账本中有判定。",
                )
            ),
            f"{exact(paper.macs)} / {exact(reference.macs)} = {times(paper.macs / reference.macs)}",
            f"{exact(released.macs)} / {exact(reference.macs)} = {times(released.macs / reference.macs)}",
            *(line for one in profiles[1:] for line in evidence.card(one.model).deviations),
        ],
        f"arXiv:1602.07261; {'; '.join(map(counted, profiles))}",
    )
