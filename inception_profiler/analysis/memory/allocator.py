"""Run a model for real on the CPU and read off PyTorch's allocator what every call took.

It stands here, beside the prediction, and not among the timings: what it measures are bytes, which are the
same every time on every machine with the same libraries, and it shares the prediction's way to tell calls.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.profiler import record_function

from inception_profiler.analysis.inputs import Wanted, input_tensor
from inception_profiler.analysis.memory.optimizer import OPTIMIZERS
from inception_profiler.analysis.memory.outputs import loss_of
from inception_profiler.analysis.memory.replay import Replay
from inception_profiler.analysis.memory.session import Seen, seen, session
from inception_profiler.analysis.subject import Subject
from inception_profiler.analysis.trace import ALONE, followed, told, uncompiled
from inception_profiler.analysis.walk import Scene, walk
from inception_profiler.errors import InputError, LayerError, ProfilerError
from inception_profiler.records.memory import BACKWARD, FORWARD, LOSS, STEP, Memory

_MARK = "inception_profiler:"
_NODE = "autograd::engine::evaluate_function"
_CPU = torch.device("cpu")


class Level(NamedTuple):
    """What the allocator had given out during a stretch of the run: at most, and at its end."""

    phase: str
    call: int
    high_bytes: int
    end_bytes: int


class Marked(Replay):
    """Run on real tensors and leave a mark in the profile wherever a call has returned."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene, real=True)

    def begin(self, phase: str) -> None:
        """Enter a phase."""
        with record_function(f"{_MARK}{phase}"):
            super().begin(phase)

    def _closed(self, index: int) -> None:
        with record_function(f"{_MARK}{index}"):
            pass


def levels(about: Subject, predicted: Memory) -> list[Level]:
    """Run a copy of the model as ``predicted`` was, and return what the allocator gave, stretch by stretch.

    The run before, which lets the libraries settle and the optimizer make its state, is not measured.

    Raises:
        InputError: it would not fit into the memory that is free.
        LayerError: the model does not run.
    """
    need = predicted.total_bytes + predicted.weight_bytes + predicted.peak_bytes  # a copy, and workspace
    free = free_bytes()
    if need > free:
        raise InputError(
            f"running {predicted.model} may take {need / 2**30:.1f} GiB and {free / 2**30:.1f} GiB are free: "
            "choose a smaller batch"
        )
    network = realised(uncompiled(about.network))
    scene = walk(network)
    args, kwargs, _ = about.inputs.made(partial(_input, scene.dtype))
    with torch.random.fork_rng(devices=()), ALONE:
        try:
            updates = None
            if predicted.trained:
                trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
                updates = OPTIMIZERS.get(predicted.optimizer)(trained, predicted.foreach)
            _run(network, scene, about, args, kwargs, updates)
            if updates is not None:
                updates.zero_grad()
            with session() as profiler:
                marked = _run(network, scene, about, args, kwargs, updates)
        except ProfilerError:
            raise
        except Exception as error:
            raise LayerError("", "forward", told(error)) from error
    return list(_read(seen(profiler), marked, predicted.optimizer_bytes))


def _run(network: nn.Module, scene: Scene, about: Subject, args: Any, kwargs: Any, updates: Any) -> Marked:
    """Run an inference, or a step of training; its outputs are held until it is over."""
    marked = Marked(scene)
    with followed(scene, marked, about.train):
        if updates is None:
            with torch.no_grad(), marked:
                outputs = network(*args, **kwargs)
            marked.begin("")
            return marked
        with torch.enable_grad():
            with marked:
                outputs = network(*args, **kwargs)
            marked.begin(LOSS)
            loss = loss_of(outputs)
            marked.begin(BACKWARD)
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        marked.begin(STEP)
        updates.step()
        marked.begin("")
        return marked


def _read(events: Iterable[Seen], marked: Marked, level: int) -> Iterator[Level]:
    """Sort the allocator's changes by the marks and autograd nodes between which they lie."""
    phase, index, high = FORWARD, 0, -1
    nodes: list[tuple[int, int]] = []  # those being evaluated: when they end, and the call before them
    for event in events:
        while nodes and nodes[-1][0] < event.start:
            nodes.pop()
        if event.change:
            level += event.change
            if event.change > 0:  # as in the prediction, what is freed first is no part of it
                high = max(high, level)
            continue
        place = phase, index
        if event.name.startswith(_MARK):
            told_by = event.name.removeprefix(_MARK)
            place = (FORWARD, int(told_by) + 1) if told_by.isdecimal() else (told_by, -1)
        elif phase == BACKWARD and event.name.startswith(_NODE):
            call = marked.call_of(event.node) if event.node >= 0 else -1
            nodes.append((event.end, call))
            place = BACKWARD, call if call >= 0 else index
        if place != (phase, index):
            yield Level(phase, index, max(high, level), level)
            (phase, index), high = place, -1
            if not phase:
                return


def realised(network: nn.Module) -> nn.Module:
    """Return a copy on the CPU; weights without data are given small random values that stay finite."""
    made = copy.deepcopy(network)
    if not any(tensor.is_meta for tensor in (*made.parameters(), *made.buffers())):
        return made.to(_CPU)
    made = made.to_empty(device=_CPU)
    with torch.no_grad():
        for parameter in made.parameters():
            if parameter.dim() > 1:
                parameter.normal_(0, (2 * parameter.shape[0] / parameter.numel()) ** 0.5)
            else:
                parameter.fill_(0.5)
        for name, buffer in made.named_buffers():
            buffer.fill_(1 if name.endswith("var") else 0)
    return made


def free_bytes() -> int:
    """Return the memory that is free on this machine, as the system says."""
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        return int(text.split("MemAvailable:")[1].split()[0]) * 1024
    except (OSError, IndexError, ValueError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _input(dtype: torch.dtype, wanted: Wanted) -> torch.Tensor:
    return input_tensor(wanted, dtype, _CPU)
