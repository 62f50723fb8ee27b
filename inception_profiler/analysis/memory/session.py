"""What PyTorch's profiler saw, in the order of time, with the allocator's own changes among it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from torch._C._profiler import _EventType
from torch.profiler import ProfilerActivity, profile

NO_NODE = -1
_LOG, _NOTHING = "KINETO_LOG_LEVEL", "99"


class Seen(NamedTuple):
    """Something that ran, from ``start`` to ``end`` in ns, or a change of what the allocator has given out.

    ``node`` is the number of the autograd node that was made or evaluated, `NO_NODE` where there is none;
    ``change`` is in bytes, 0 for what ran.
    """

    start: int
    end: int
    name: str
    node: int
    change: int


@contextmanager
def session() -> Iterator[profile]:
    """Let the profiler watch the allocator of the CPU.

    Its library reads once, when it is first used, how much it shall write to the terminal: unless the user
    says otherwise nothing, as it would call the lack of a GPU an error.
    """
    quiet = _LOG not in os.environ
    if quiet:
        os.environ[_LOG] = _NOTHING
    try:
        with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiler:
            yield profiler
    finally:
        if quiet:
            os.environ.pop(_LOG, None)


def seen(profiler: profile) -> Iterator[Seen]:
    """Read a session that is over.

    Only what the session saw being given out is seen being given back. PyTorch itself remembers the sizes of
    blocks from one session to the next, but not that they are given back in between. So what an earlier
    session had left alive, or what merely lies where that was, would count as bytes given back here whenever
    the garbage collector comes.
    """
    given: set[int] = set()
    for event in sorted(_tree(profiler), key=lambda event: event.start_time_ns):
        fields = event.extra_fields
        node, change = NO_NODE, 0
        if event.tag == _EventType.Allocation:
            change = fields.alloc_size
            if change > 0:
                given.add(fields.ptr)
            elif fields.ptr in given:
                given.remove(fields.ptr)
            else:
                continue
        elif event.tag == _EventType.TorchOp:
            node = fields.sequence_number
        yield Seen(event.start_time_ns, event.end_time_ns, event.name, node, change)


def _tree(profiler: profile) -> Iterator[Any]:
    assert profiler.profiler is not None
    assert profiler.profiler.kineto_results is not None
    waiting = list(reversed(profiler.profiler.kineto_results.experimental_event_tree()))
    while waiting:
        event = waiting.pop()
        yield event
        waiting.extend(reversed(event.children))
