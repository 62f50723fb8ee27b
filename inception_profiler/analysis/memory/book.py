"""The book of storages: when each was made, by what, and when PyTorch freed it."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, UntypedStorage
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from inception_profiler.analysis.arguments import tensors_in
from inception_profiler.analysis.memory.accumulate import ADD, held_alone, summed_in_place
from inception_profiler.analysis.memory.normalization import BATCH_NORM, returned
from inception_profiler.analysis.memory.on_cpu import CPU, DEVICE, OfCPU
from inception_profiler.analysis.walk import described
from inception_profiler.records.trace import TensorSpec

Place = tuple[str, int]
"""A phase, and the index of the call to which it belongs at the moment; -1 for none."""

OVER: Place = ("", -1)
"""The place of what happens when the run is over."""

_NOTHING = -1
_LIFTED = torch.ops.aten.lift_fresh.default
"""What ``torch.tensor`` ends with: its argument was made just now, below the sight of a dispatch mode."""


class Entry(NamedTuple):
    """A storage that the run made: where, and the tensor with which it was met first."""

    place: Place
    tensor: TensorSpec
    nbytes: int


class Event(NamedTuple):
    """A change of what is alive; ``entry`` -1 only notes that something ran at ``place``."""

    place: Place
    entry: int
    change: int


class StorageBook:
    """Every storage that operators return is alive from then on until PyTorch frees it.

    Storages are known by the address of their C++ part, which is used again after they are freed; a
    finalizer on the storage's Python part takes them out of the book in time. A storage that is read before
    any operator returned it is the caller's, and no part of what is alive.
    """

    def __init__(self, place: Callable[[], Place]) -> None:
        self.entries: list[Entry] = []
        self.events: list[Event] = []
        self._placed = weakref.WeakMethod(place)  # a cycle would keep the model until garbage is collected
        self._alive: dict[int, int] = {}
        self._references: dict[weakref.ref[Any], tuple[int, int]] = {}

    def hold(self, tensor: Tensor) -> None:
        """Note a storage that nobody knows as the caller's."""
        for part in parts(tensor):
            storage = part.untyped_storage()
            if storage._cdata not in self._alive:
                self._watch(storage, _NOTHING)

    def enter(self, tensor: Tensor) -> None:
        """Enter the storage of a tensor that an operator returned, or note that it has grown or shrunk."""
        for part in parts(tensor):
            storage = part.untyped_storage()
            number = self._alive.get(storage._cdata)
            nbytes = storage.nbytes()
            if number is None:
                number = len(self.entries)
                self._watch(storage, number)
                self._write(Event(self._place(), number, nbytes), part, nbytes)
            elif number != _NOTHING and nbytes != self.entries[number].nbytes:
                self._write(Event(self._place(), number, nbytes - self.entries[number].nbytes), part, nbytes)

    def number(self, tensor: Tensor) -> int:
        """Return the number of the entry that holds ``tensor``; -1 if it is the caller's."""
        return self._alive.get(tensor.untyped_storage()._cdata, _NOTHING)

    def note(self, place: Place) -> None:
        """Note that something ran, though it may have made nothing."""
        self.events.append(Event(place, _NOTHING, 0))

    def _place(self) -> Place:
        place = self._placed()
        return place() if place is not None else OVER

    def _watch(self, storage: UntypedStorage, number: int) -> None:
        key = storage._cdata
        self._alive[key] = number
        self._references[weakref.ref(storage, self._freed)] = (key, number)

    def _write(self, event: Event, tensor: Tensor, nbytes: int) -> None:
        self.events.append(event)
        spec = described(tensor.shape, tensor.dtype)[0]
        if event.entry == len(self.entries):
            self.entries.append(Entry(event.place, spec, nbytes))
        else:
            self.entries[event.entry] = Entry(self.entries[event.entry].place, spec, nbytes)

    def _freed(self, reference: weakref.ref[Any]) -> None:
        key, number = self._references.pop(reference)
        del self._alive[key]
        if number != _NOTHING:
            self.events.append(Event(self._place(), number, -self.entries[number].nbytes))


class StorageMode(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch leaves it untyped
    """Run every operator as it is and enter what it returns in a `StorageBook`."""

    def __init__(self, book: StorageBook) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._book = book
        held_alone()

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # else every operator passes a guard of torch.compile, which takes seconds to import

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Run one operator."""
        if OfCPU not in types:
            return self._run(func, args, kwargs or {})
        if func is DEVICE:
            return CPU
        with torch._C.DisableTorchFunction():  # else a tracing mode would make twins of its tensors
            return self._run(func, args, kwargs or {})

    def _run(self, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if func is ADD and (total := summed_in_place(args)) is not None:
            return total
        if func is not _LIFTED:
            for tensor in tensors_in(args, kwargs):
                self._book.hold(tensor)
        output = func(*args, **kwargs)
        for leaf in (output,) if isinstance(output, Tensor) else tree_leaves(output):
            if isinstance(leaf, Tensor):
                self._book.enter(leaf)
        return returned(args, output) if func is BATCH_NORM else output


def parts(tensor: Tensor) -> tuple[Tensor, ...]:
    """Return the dense tensors that hold the memory of ``tensor``: itself, or a sparse one's two."""
    if tensor.is_sparse:
        return (tensor._indices(), tensor._values())
    return (tensor,)
