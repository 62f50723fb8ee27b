"""What the memory lens is held to: the allocator of the CPU, and what autograd says it saves."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.profiler import ProfilerActivity

OPTIMIZERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "sgd": partial(torch.optim.SGD, lr=0.1),
    "momentum": partial(torch.optim.SGD, lr=0.1, momentum=0.9),
    "rmsprop": torch.optim.RMSprop,
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
}
SCALARS = 64
"""Bytes of Python numbers: a kernel that takes one as a tensor makes a tensor of 8 bytes of it."""


class Allocated(NamedTuple):
    """The most bytes taken from the allocator at once, and those not given back at the end."""

    peak: int
    end: int


def allocated(*runs: Callable[[], Any]) -> list[Allocated]:
    """Run one after the other and read the allocator; what each returns is held until it is over."""
    with torch.profiler.profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiler:
        for run in runs:
            with torch.profiler.record_function("run"):
                held = run()
            assert held is not None
            del held
    tree = profiler.profiler.kineto_results.experimental_event_tree()
    events = sorted(everything_in(tree), key=lambda event: event.start_time_ns)
    ends = [event.end_time_ns for event in events if event.name == "run"]
    changes = [event for event in events if event.name == "[memory]"]
    found = []
    blocks: dict[int, int] = {}  # of this session alone: PyTorch may report that an older one is given back
    live = 0
    for end in ends:
        peak = live
        while changes and changes[0].start_time_ns <= end:
            change = changes.pop(0).extra_fields
            if change.alloc_size > 0:
                blocks[change.ptr] = change.alloc_size
                live += change.alloc_size
            else:
                live -= blocks.pop(change.ptr, 0)
            peak = max(peak, live)
        found.append(Allocated(peak, live))
    return found


def everything_in(tree: list[Any]) -> list[Any]:
    return [each for event in tree for each in (event, *everything_in(event.children))]


def leaves(value: Any) -> list[Tensor]:
    if isinstance(value, Tensor):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [leaf for item in items for leaf in leaves(item)]


def loss_of(outputs: Any) -> Tensor:
    losses = [leaf.sum() for leaf in leaves(outputs) if leaf.requires_grad]
    total = losses[0]
    for loss in losses[1:]:
        total = total + loss
    return total


def inference(model: nn.Module, *inputs: Tensor) -> Allocated:
    """Return what one inference takes, after one that lets the libraries settle."""
    with torch.no_grad():
        model(*inputs)
        return allocated(lambda: model(*inputs))[0]


def nbytes(tensors: Any) -> int:
    return sum(tensor.untyped_storage().nbytes() for tensor in tensors)


def state_bytes(optimizer: torch.optim.Optimizer) -> int:
    return nbytes(
        value for state in optimizer.state.values() for value in state.values() if isinstance(value, Tensor)
    )


class Steps(NamedTuple):
    first: Allocated
    steady: Allocated
    state: int


def training(model: nn.Module, name: str, *inputs: Tensor, foreach: bool = False) -> Steps:
    """Return what the first and the second step of training take, in a copy of ``model``."""

    def step(network: nn.Module, optimizer: torch.optim.Optimizer) -> Any:
        outputs = network(*inputs)
        loss = loss_of(outputs)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        return outputs, loss

    other = copy.deepcopy(model)
    step(other, OPTIMIZERS[name](other.parameters(), foreach=foreach))
    network = copy.deepcopy(model)
    optimizer = OPTIMIZERS[name](network.parameters(), foreach=foreach)

    def again() -> Any:
        optimizer.zero_grad()
        return step(network, optimizer)

    first, steady = allocated(lambda: step(network, optimizer), again)
    return Steps(first, steady, state_bytes(optimizer))


def saved(model: nn.Module, *inputs: Tensor) -> int:
    """Return the bytes of the storages that autograd saves, each once; parameters, buffers, inputs apart."""
    apart = {
        tensor.untyped_storage().data_ptr() for tensor in (*model.parameters(), *model.buffers(), *inputs)
    }
    kept: dict[int, Any] = {}

    def pack(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.nbytes() and storage.data_ptr() not in apart:
            kept[storage.data_ptr()] = storage  # held, so that no other takes its address
        return tensor

    with saved_tensors_hooks(pack, lambda tensor: tensor):
        model(*inputs)
    return sum(storage.nbytes() for storage in kept.values())
