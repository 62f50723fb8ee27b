"""The family from GoogLeNet to Inception-ResNet-v2, in one table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from inception_profiler.document.blocks import Column, Row
from inception_profiler.document.deck import Slide
from inception_profiler.document.lecture.shared import (
    MODEL,
    counted,
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
    "inception_resnet_v2_paper",
    "inception_resnet_v2",
)
TOLD = {
    "inception_resnet_v2_paper": Text("Inception-ResNet-v2, as drawn", "Inception-ResNet-v2（论文插图）"),
    "inception_resnet_v2": Text("Inception-ResNet-v2, as released", "Inception-ResNet-v2（发布版）"),
}


@topic("family", 70, Text("The family", "Inception 家族"))
def slides(author: Author, evidence: Evidence) -> Iterator[Slide]:
    """Write the slides on the family."""
    yield _table(author, evidence)


def titled(author: Author, evidence: Evidence, model: str) -> str:
    """Return the title of a model, with what tells it from another of that name."""
    return author.write(TOLD[model]) if model in TOLD else named(evidence, model)


def _top1(card: ModelCard) -> float | None:
    return None if card.accuracy is None or card.accuracy.top1 is None else card.accuracy.top1 / 100


def _table(author: Author, evidence: Evidence) -> Slide:
    rows = []
    for name in FAMILY:
        card, profile = evidence.card(name), evidence.profile(name)
        rows.append(
            Row(
                (
                    titled(author, evidence, name),
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
    macs = {one.model: one.macs for one in profiles}
    ratios = {name: times(macs[name] / macs["inception_v4"]) for name in TOLD}
    return author.slide(
        "table",
        author.write(
            Text(
                "The family in one table: Inception-ResNet-v2 is two networks",
                "一张表看完整个家族：Inception-ResNet-v2 是两个网络",
            )
        ),
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
                    "MACs against v4: {drawn} as drawn, {released} as released.",
                    "与 v4 的 MACs 之比：论文插图 {drawn}，发布版 {released}。",
                ),
                drawn=ratios["inception_resnet_v2_paper"],
                released=ratios["inception_resnet_v2"],
            ),
        ),
        [
            author.write(
                Text(
                    "Depth: layers with weights on the longest path; accuracy as published, where it is.",
                    "深度：最长路径上带权重的层数；准确率：论文公布值（如有）。",
                )
            ),
            author.write(
                Text(
                    "“Costs as much as Inception-v4”: the network of the paper’s figures is cheaper, the one that "
                    "was released has twice the blocks and is dearer. They differ in their stem too, and in the "
                    "width of their blocks: say which one you counted.",
                    "“计算代价与 Inception-v4 相近”：按论文插图搭建的网络更便宜，发布的网络模块数加倍，更贵。"
                    "两者的 stem 和模块宽度也不同：要说清楚数的是哪一个。",
                )
            ),
            author.write(
                Text(
                    "Two inputs are in use: compare MACs across them with care, since cost grows with the area. The "
                    "settings of the accuracies differ too.",
                    "输入大小有两种：代价随面积增长，跨大小比较 MACs 须谨慎。准确率的测试设置也各不相同。",
                )
            ),
            *(
                f"{titled(author, evidence, one.model)}: {evidence.card(one.model).paper}; {exact(one.params)} params, "
                f"{exact(one.macs)} MACs"
                for one in profiles
            ),
            *(line for name in TOLD for line in evidence.card(name).deviations),
        ],
        "; ".join(map(counted, profiles)),
    )
