"""What the documents that this lecture follows got wrong, recomputed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from inception_profiler.document.blocks import Column, Row
from inception_profiler.document.deck import Slide
from inception_profiler.document.lecture.shared import command, text_column
from inception_profiler.document.lecture.topics import Author, topic
from inception_profiler.document.lecture.wording import Text, exact
from inception_profiler.units import Unit

if TYPE_CHECKING:
    from inception_profiler.claims.evidence import Evidence
    from inception_profiler.records.claim import Finding, Judgement, Reading

VERDICT = {
    "exact": Text("exact", "正确"),
    "rounded": Text("rounded", "四舍五入"),
    "convention": Text("by a convention", "某种约定下成立"),
    "refuted": Text("refuted", "不成立"),
    "reported": Text("reported", "引述"),
    "measured here": Text("measured", "已实测"),
    "not measured yet": Text("not measured", "尚未实测"),
}
CHOSEN = (
    ("bottleneck-saving", "saving", Text("saving of a bottleneck, times", "瓶颈节省的倍数")),
    ("1x1-parameters", "1×1", Text("weights of twenty 1×1 filters", "五十通道上二十个 1×1 的权重")),
    ("4m-against-60m", "GoogLeNet", Text("parameters of GoogLeNet", "GoogLeNet 的参数量")),
    (
        "12-times-fewer",
        "AlexNet / GoogLeNet",
        Text("parameters, AlexNet / GoogLeNet", "AlexNet / GoogLeNet 参数量之比"),
    ),
    ("stem-googlenet", "flops", Text("operations of the stem", "GoogLeNet stem 的运算量")),
    ("pooling-head", "all", Text("linear layers left in GoogLeNet", "GoogLeNet 剩余的全连接层数")),
    (
        "vgg-equal-cost",
        "in VGG-16",
        Text("dearest / cheapest conv. of VGG-16", "VGG-16 最贵与最便宜卷积之比"),
    ),
)


@topic("documents", 100, Text("What the documents got wrong", "资料里的错误"))
def slides(author: Author, evidence: Evidence) -> Iterator[Slide]:
    """Write the slides on the documents."""
    yield _table(author, evidence)


def judged(finding: Finding, quantity: str) -> Judgement:
    """Return the judgement of one quantity of a claim, by its name."""
    return next(one for one in finding.judgements if one.quantity.name == quantity)


def meant(one: Judgement) -> Reading | None:
    """Return what the claim is held against: by its own document's rule, where that explains the figure."""
    own = one.explanation
    return one.reading if own is None or own.explains else own


def _table(author: Author, evidence: Evidence) -> Slide:
    rows, said, sources = [], [], {}
    for name, quantity, title in CHOSEN:
        finding = evidence.finding(name)
        one = judged(finding, quantity)
        reading = meant(one)
        sources[finding.claim.source.title] = finding.claim.source
        rows.append(
            Row(
                (
                    author.write(title),
                    finding.claim.source.number,
                    one.claimed,
                    None if reading is None else reading.value,
                    author.write(VERDICT[one.verdict.kind]),
                )
            )
        )
        said.append(f"{name} ({finding.claim.source.number}): “{finding.claim.quote}” {one.verdict.how}.")
        if one.verdict.reason:
            said.append(f"{name}: {one.verdict.reason}.")
    return author.slide(
        "table",
        author.write(Text("Well-known pages, recounted", "流传的说法，重新数一遍")),
        (
            author.table(
                Text("Claims of the documents", "资料中的说法"),
                (
                    text_column(author, "what", Text("claim", "说法")),
                    text_column(author, "document", Text("doc.", "资料")),
                    Column("claimed", author.write(Text("printed", "所印")), Unit.EXACT),
                    Column("measured", author.write(Text("counted", "实数")), Unit.EXACT),
                    text_column(author, "verdict", Text("verdict", "判定")),
                ),
                rows,
            ),
            author.keep(
                Text(
                    "Recount before you repeat: an error is copied as fast as a result.",
                    "引用之前先重算：错误传得和结论一样快。",
                )
            ),
        ),
        [
            author.write(
                Text(
                    "Most of what these pages say holds. These are chosen because each teaches something: the "
                    "weights of a 1×1 do not depend on the size of the map, though one page multiplied by it and "
                    "forgot the channels of the input.",
                    "这些资料的大部分内容是对的。这里挑出的错误各有启发：1×1 的权重数与特征图大小无关，"
                    "有一页却乘上了特征图大小，还漏了输入通道数。",
                )
            ),
            *said,
            *(
                f"{step.title}: {step.formula} = {step.numbers} = {exact(step.value)}"
                for one in evidence.finding("1x1-parameters").judgements
                if one.reading is not None
                for step in one.reading.steps
            ),
        ],
        "; ".join(f"{source.number} {source.title}" for source in sources.values())
        + "; "
        + command(author, "inception-profiler claims --verdict refuted"),
    )
