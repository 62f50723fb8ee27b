"""Memory: what is alive during an inference, and what training keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING

from inception_profiler.document.chart import BARS, STACKED, Axis, Chart, Point, Series
from inception_profiler.document.charts.memory import timeline
from inception_profiler.document.deck import Slide
from inception_profiler.document.lecture.shared import MODEL, command
from inception_profiler.document.lecture.shared import name as named
from inception_profiler.document.lecture.topics import Author, topic
from inception_profiler.document.lecture.wording import Text, exact, share, size, times
from inception_profiler.document.run import place, setting
from inception_profiler.units import Unit

if TYPE_CHECKING:
    from inception_profiler.claims.evidence import Evidence
    from inception_profiler.records.memory import Memory

TRAINED = ("inception_v1", "vgg16", "inception_v3")
BATCH, OPTIMIZER = 32, "adam"
HELD: tuple[tuple[Text, Callable[[Memory], int], str], ...] = (
    (Text("weights", "权重"), attrgetter("weight_bytes"), "linear"),
    (Text("gradients", "梯度"), attrgetter("gradient_bytes"), "normalization"),
    (Text("optimizer state", "优化器状态"), attrgetter("optimizer_bytes"), "elementwise"),
    (Text("kept for the backward pass", "为反向保留的激活"), attrgetter("saved_bytes"), "convolution"),
)
"""What a step of training holds, and what decides the colour of each."""


@topic("memory", 80, Text("Memory", "内存"))
def slides(author: Author, evidence: Evidence) -> Iterator[Slide]:
    """Write the slides on memory."""
    yield _inference(author, evidence)
    yield _training(author, evidence)


def _inference(author: Author, evidence: Evidence) -> Slide:
    memory = evidence.memory("inception_v1")
    chart = timeline(memory)
    peak = memory.peak
    said = author.write(Text("{size}", "{size}"), size=size(peak.nbytes))
    chart = replace(
        chart,
        title=author.write(Text("Bytes alive, call by call", "逐次调用的存活字节")),
        x=replace(
            chart.x,
            title=author.write(Text("calls, in order of execution", "按执行顺序的调用")),
            noun=author.write(Text("number", "序号")),
        ),
        y=replace(chart.y, title=author.write(Text("alive at once", "同时存活"))),
        series=(replace(chart.series[0], title=author.write(Text("forward pass", "前向")), of=memory.model),),
        notes=tuple(replace(note, text=said) for note in chart.notes if note.strong),
    )
    ratio = memory.output_bytes / memory.peak_bytes
    return author.slide(
        "inference",
        author.write(
            Text(
                "An inference needs its peak at once, not the sum: {ratio} less",
                "推理只需要峰值，不是总和：后者是前者的 {ratio}",
            ),
            ratio=times(ratio),
        ),
        (
            chart,
            author.keep(
                Text(
                    "All maps together are {sum}; never more than {peak} are alive at once.",
                    "所有特征图共 {sum}，同时存活的从不超过 {peak}。",
                ),
                sum=size(memory.output_bytes),
                peak=size(memory.peak_bytes),
            ),
        ),
        [
            author.write(
                Text(
                    "A tensor is freed when nothing will read it again. The peak lies where a large map and the one "
                    "made from it are alive together. Weights, buffers and the input come on top: {apart}.",
                    "张量不再被读取时即被释放。峰值出现在一张大图与由它算出的图同时存活之处。"
                    "权重、缓冲区和输入另计：{apart}。",
                ),
                apart=size(memory.weight_bytes + memory.buffer_bytes + memory.input_bytes),
            ),
            f"{exact(memory.output_bytes)} / {exact(memory.peak_bytes)} = {times(ratio)}; {place(peak)}",
            setting(memory),
        ],
        command(author, "profile inception_v1 --memory"),
    )


def _training(author: Author, evidence: Evidence) -> Slide:
    memories = [evidence.memory(name, batch=BATCH, optimizer=OPTIMIZER) for name in TRAINED]
    titles = [named(evidence, one.model) for one in memories]
    chart = Chart(
        "memory-training",
        author.write(Text("What a step of training holds", "一个训练步骤占用的内存")),
        Axis(author.write(Text("bytes", "字节")), Unit.BYTES),
        Axis(author.write(MODEL), Unit.TEXT, categories=tuple(titles)),
        tuple(
            Series(
                author.write(title),
                BARS,
                tuple(Point(of(one), at) for at, one in enumerate(memories)),
                colour,
            )
            for title, of, colour in HELD
        ),
        STACKED,
    )
    first = memories[0]
    held = first.weight_bytes + first.gradient_bytes + first.optimizer_bytes + first.saved_bytes
    return author.slide(
        "training",
        author.write(
            Text(
                "In training GoogLeNet’s memory is {share} activations",
                "训练 GoogLeNet 时，{share} 的内存是激活",
            ),
            share=share(first.saved_bytes / held),
        ),
        (
            chart,
            author.keep(
                Text(
                    "Batch {batch}, {optimizer}: what is kept grows with the batch, the rest does not.",
                    "批大小 {batch}，{optimizer}：保留的激活随批增长，其余不变。",
                ),
                batch=BATCH,
                optimizer=OPTIMIZER,
            ),
        ),
        [
            author.write(
                Text(
                    "VGG-16 is dear in the other way: its parameters are held four times, as weights, gradients and "
                    "the two moments of the optimizer.",
                    "VGG-16 则贵在另一处：参数要存四份，即权重、梯度和优化器的两个矩。",
                )
            ),
            *(_told(one, title) for one, title in zip(memories, titles, strict=True)),
        ],
        command(author, f"profile inception_v1 --memory --train --batch {BATCH} --optimizer {OPTIMIZER}"),
    )


def _told(memory: Memory, title: str) -> str:
    return (
        f"{title}: {size(memory.weight_bytes)} weights, {size(memory.gradient_bytes)} gradients, "
        f"{size(memory.optimizer_bytes)} optimizer state, {size(memory.saved_bytes)} saved, "
        f"peak {size(memory.peak_bytes)}"
    )
