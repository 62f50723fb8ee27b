"""Exercises, with their answers in the notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from inception_profiler.document.deck import Slide
from inception_profiler.document.lecture.shared import command, derived
from inception_profiler.document.lecture.topics import Author, topic
from inception_profiler.document.lecture.wording import Text, exact, share, times
from inception_profiler.records.argument import Argument
from inception_profiler.records.layer import HEAD

if TYPE_CHECKING:
    from inception_profiler.claims.evidence import Evidence

ANSWER = Text("Answer: {answer}", "答案：{answer}")


@topic("exercises", 110, Text("Exercises", "练习"))
def slides(author: Author, evidence: Evidence) -> Iterator[Slide]:
    """Write the exercises."""
    yield _kernels(author, evidence)
    yield _networks(author, evidence)


def _given(argument: Argument) -> dict[str, Any]:
    return dict(argument.given)


def _kernels(author: Author, evidence: Evidence) -> Slide:
    narrow = evidence.argue(
        "bottleneck", in_channels=192, reduce=16, out_channels=32, kernel=5, size=(28, 28), restore=False
    )
    stack = evidence.argue("factorize", kernel=7, into=(3, 3, 3))
    given = _given(narrow)
    height, width = given["size"]
    return author.slide(
        "kernels",
        author.write(Text("Exercises: kernels", "练习：卷积核")),
        (
            author.say(
                Text(
                    "A 5×5 takes {cin} channels to {cout} on a {height}×{width} map. What does it cost, and what with a 1×1 to {reduce} before it?",
                    "在 {height}×{width} 的特征图上，5×5 卷积把 {cin} 通道变为 {cout} 通道，代价多少？先用 1×1 降到 {reduce} 通道，又是多少？",
                ),
                cin=given["in_channels"],
                cout=given["out_channels"],
                height=height,
                width=width,
                reduce=given["reduce"],
            ),
            author.say(
                Text(
                    "How many 3×3 see as much as one {kernel}, and what do they save?",
                    "几个 3×3 串联能看得和一个 {kernel} 一样远？节省多少？",
                ),
                kernel=stack.sides[0].title,
            ),
            author.say(
                Text(
                    "For which reduction does a bottleneck cost as much as what it replaces?",
                    "保留多少通道时，瓶颈与它所代替的卷积一样贵？",
                )
            ),
            author.keep(Text("Answers: in the notes of this slide.", "答案见本页备注。")),
        ),
        [
            author.write(
                ANSWER,
                answer=f"{exact(narrow.sides[0].profile.macs)} / {exact(narrow.sides[1].profile.macs)} MACs = "
                f"{times(narrow.ratio())}",
            ),
            *map(derived, narrow.steps),
            author.write(
                ANSWER,
                answer=f"{stack.sides[1].title}, {times(stack.ratio())}, {share(stack.saved())}",
            ),
            *map(derived, stack.steps),
            author.write(
                Text(
                    "Answer: set the ratio of the bottleneck to one and solve the quadratic equation in R.",
                    "答案：令瓶颈的比值等于一，解关于 R 的二次方程。",
                )
            ),
            *(
                f"R = {exact(point.at)}: {times(point.ratio)}"
                for point in evidence.argue("bottleneck").curve.points[-5:]
            ),
        ],
        command(author, "inception-profiler argue bottleneck, argue factorize"),
    )


def _networks(author: Author, evidence: Evidence) -> Slide:
    vgg, first = evidence.profile("vgg16"), evidence.profile("inception_v1")
    head = next(group for group in vgg.by_resolution() if group.title == HEAD)
    pooled = evidence.argue("head", "vgg16")
    left = vgg.params - pooled.sides[0].profile.params + pooled.sides[1].profile.params
    return author.slide(
        "networks",
        author.write(Text("Exercises: networks, and one of your own", "练习：网络，以及你自己的网络")),
        (
            author.say(
                Text(
                    "VGG-16 ends in an average pooling and one layer. How many parameters are left?",
                    "若 VGG-16 改用平均池化加一层结尾，还剩多少参数？",
                )
            ),
            author.say(
                Text(
                    "What share of VGG-16’s MACs does its classifier do?",
                    "VGG-16 的分类头做了多少份额的 MACs？",
                )
            ),
            author.say(
                Text(
                    "The side of the input is doubled. What becomes of GoogLeNet’s MACs and parameters?",
                    "输入边长加倍，GoogLeNet 的 MACs 和参数量如何变化？",
                )
            ),
            author.say(
                Text(
                    "Count a network of your own: which layer is dearest, in MACs, in parameters, in bytes? What "
                    "does a 1×1 before it save, and does the time follow?",
                    "数一数你自己的网络：按 MACs、参数量、字节，哪一层最贵？在它前面放一个 1×1 能省多少，时间也随之变化吗？",
                )
            ),
            author.keep(
                Text(
                    "Answers: in the notes. Count first, then measure, then believe.",
                    "答案见备注。先数，再测，然后再相信。",
                )
            ),
        ),
        [
            author.write(
                ANSWER,
                answer=f"{exact(vgg.params)} − {exact(pooled.sides[0].profile.params)} + "
                f"{exact(pooled.sides[1].profile.params)} = {exact(left)}",
            ),
            author.write(
                ANSWER, answer=f"{exact(head.macs)} / {exact(vgg.macs)} = {share(head.macs / vgg.macs)}"
            ),
            author.write(
                Text(
                    "Answer: each convolution has four times the positions, so nearly four times {macs}; the "
                    "{params} parameters stay, since they do not depend on the map.",
                    "答案：每个卷积的位置数变为四倍，因此 MACs 约为 {macs} 的四倍；参数量 {params} 不变，因为它与特征图无关。",
                ),
                macs=exact(first.macs),
                params=exact(first.params),
            ),
            author.write(
                Text(
                    "Your own: {command}. A good hand-in names the device, the batch and the interval of every "
                    "time, and the counting rule of every cost.",
                    "自己的网络：{command}。好的作业会为每个时间注明设备、批大小和区间，为每个代价注明计数规则。",
                ),
                command="profile nets.py:Net --input 3x224x224 --vs inception_v1",
            ),
        ],
        command(author, "profile vgg16; inception-profiler argue head vgg16; profile inception_v1 --scale"),
    )
