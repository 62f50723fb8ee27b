"""The first slide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from inception_profiler.document.deck import Notes, Slide
from inception_profiler.document.lecture.topics import TITLE, Author, topic
from inception_profiler.document.lecture.wording import Text
from inception_profiler.version import __version__

if TYPE_CHECKING:
    from inception_profiler.claims.evidence import Evidence


@topic("opening", 0, Text("Opening", "开场"))
def slides(author: Author, _: Evidence) -> Iterator[Slide]:
    """Say what the lecture is about, and how its numbers came about."""
    yield Slide(
        "opening",
        author.topic,
        author.write(TITLE),
        (
            author.say(
                Text(
                    "Parameters, multiply-accumulates, memory and time, from GoogLeNet to Inception-ResNet-v2",
                    "从 GoogLeNet 到 Inception-ResNet-v2：参数量、乘加次数、内存与时间",
                )
            ),
        ),
        Notes(
            (
                author.write(
                    Text(
                        "Every number on these slides was counted from the networks themselves when the slides "
                        "were built; none was typed. The derivation of each stands in the notes of its slide. "
                        "Times, where there are any, were measured, on the device that is named beside them.",
                        "本讲义中的每个数字都是生成幻灯片时从网络本身数出来的，没有一个是手工填写的。"
                        "推导过程写在各页的备注里。凡是时间，都是实测值，并注明所用设备。",
                    )
                ),
            ),
            author.write(
                Text("Source: inception-profiler {version}", "来源：inception-profiler {version}"),
                version=__version__,
            ),
        ),
        opening=True,
    )
