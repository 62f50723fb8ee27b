"""A call recorded once as a CUDA graph, and replayed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from inception_profiler.bench.device import Device

_BEFORE = 3
"""Calls on the side before the recording, in which libraries choose their algorithms."""


def captured(call: Callable[[], Any], device: Device) -> Callable[[], Any]:
    """Record what a call does on the device, and return what replays it.

    What it allocates lies in a pool of the graph's own, so a replay allocates nothing. The outputs of the
    recorded call are kept, as whoever replays a graph does.
    """
    side = torch.cuda.Stream(device.place)  # type: ignore[no-untyped-call]  # torch leaves it untyped
    side.wait_stream(torch.cuda.current_stream(device.place))
    with torch.cuda.stream(side):
        for _ in range(_BEFORE):
            call()
    torch.cuda.current_stream(device.place).wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        outputs = call()

    def replay() -> Any:
        graph.replay()
        return outputs

    return replay
