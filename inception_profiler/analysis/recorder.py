"""Writing calls down: numbers of tensors, bytes moved, bytes alive."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import torch
from torch import Tensor

from inception_profiler.analysis.grad_mode import GradMode
from inception_profiler.analysis.walk import Mark, Scene, described
from inception_profiler.ops.rule import SAME, Outcome, Rule
from inception_profiler.records.cost import Cost
from inception_profiler.records.gradients import OUTSIDE, TRAINED_OUTSIDE, Product, Step, of_parameter
from inception_profiler.records.trace import Attribute, Call, TensorSpec

_MARK = "_inception_profiler_mark"
_NONE = -1


class Plan(NamedTuple):
    """Everything about a call that follows from its rule and the shapes and settings it was given."""

    name: str
    spelling: str
    kind: str
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec]
    token: object
    dtype: torch.dtype
    fresh: bool
    activations: int
    activation_bytes: int
    temporary_bytes: int
    attributes: tuple[tuple[str, Attribute], ...]
    spatial: int
    cost: Cost
    products: tuple[Product, ...]
    launches: int


class Recorder:
    """The calls of one forward pass, and the memory that its tensors hold.

    Memory is booked by storage: when an operation returns a storage that was not there, its bytes are alive
    until PyTorch frees it. The storages of the model and of its inputs are the caller's and are never booked.

    ``steps`` is None unless a gradient is to be followed; then each call adds what it means to autograd.
    """

    def __init__(self, scene: Scene, meet: Callable[[Tensor], Mark]) -> None:
        self.calls: list[Call] = []
        self.steps: list[Step] | None = None
        self.grad_mode = GradMode()
        self.wanted: list[int] = []
        self._trained_outside: set[int] = set()
        self._held = scene.marks.copy()
        self._foreign: list[Tensor] = []
        self._meet = weakref.WeakMethod(
            meet
        )  # a cycle would keep the user's model until garbage is collected
        self._numbers = 0
        self._storages: set[int] = set()
        self._sizes: dict[weakref.ref[Any], tuple[int, int]] = {}
        self._live = 0

    def known(self, tensor: Tensor) -> Mark:
        """Return what is known of ``tensor``; one that is met for the first time is asked about."""
        mark: Mark | None = self._held.get(id(tensor)) or getattr(tensor, _MARK, None)
        return mark or self._met(tensor)

    def _met(self, tensor: Tensor) -> Mark:
        meet = self._meet()
        assert meet is not None, "the tracer outlives what it records"
        return meet(tensor)

    def number_of(self, tensor: Tensor) -> int:
        """Return the number of a tensor of this forward pass, `OUTSIDE` for any other."""
        mark: Mark | None = getattr(tensor, _MARK, None)
        return OUTSIDE if mark is None else mark.number

    def holds(self, tensor: Tensor) -> bool:
        """Tell whether ``tensor`` was there before the forward pass, and must not be written to."""
        return id(tensor) in self._held

    def hold(self, tensor: Tensor) -> Mark:
        """Remember a tensor that was there before the forward pass, though not as a parameter or buffer."""
        self._foreign.append(tensor)  # as long as it lives, no other tensor has its id
        mark = self._held[id(tensor)] = Mark(_NONE, _NONE, *described(tensor.shape, tensor.dtype))
        if tensor.requires_grad:
            self._trained_outside.add(id(mark))
        return mark

    def shares(self, tensor: Tensor) -> bool:
        """Tell whether the memory of ``tensor`` is booked already."""
        return tensor.untyped_storage()._cdata in self._storages

    def own(self, tensor: Tensor, mark: Mark | None = None) -> None:
        """Book the memory of ``tensor`` as the caller's: it is not made by the forward pass.

        The tensor must live as long as the recorder. ``mark`` makes it known as the tensor it stands for.
        """
        self._storages.add(tensor.untyped_storage()._cdata)
        if mark is not None:
            setattr(tensor, _MARK, mark)

    def adopt(self, tensor: Tensor) -> Mark:
        """Number and book a tensor that the forward pass made outside of any recorded call."""
        mark = self.number(tensor)
        self._book(tensor, mark.nbytes)
        return mark

    def number(self, tensor: Tensor) -> Mark:
        """Give a tensor of this forward pass its number, and note on itself what is known of it."""
        mark = self._number(tensor, *described(tensor.shape, tensor.dtype))
        if self.steps is not None and tensor.requires_grad:
            self.wanted.append(mark.number)
        return mark

    def _number(self, tensor: Tensor, spec: TensorSpec, nbytes: int, kind: object) -> Mark:
        mark = Mark(self._numbers, _NONE, spec, nbytes, kind)
        self._numbers += 1
        setattr(tensor, _MARK, mark)
        return mark

    def plan(
        self, rule: Rule, spelling: str, outcome: Outcome, tensors: list[Tensor], marks: list[Mark]
    ) -> Plan | None:
        """Work out all of a call that needs no tensor; None where PyTorch must say what is returned."""
        shape = outcome.shape
        _, _, output, nbytes, token = marks[0]
        dtype: torch.dtype = outcome.dtype or getattr(torch, output.dtype)
        fresh = False
        if isinstance(shape, tuple) and not rule.in_place:
            fresh = True
            output, nbytes, token = described(shape, dtype)
        elif not rule.in_place and shape is not SAME:
            return None
        read = sum([mark.nbytes for mark in marks])
        if rule.in_place and rule.kind == "movement":
            read -= marks[0].nbytes
        cost = _cost(outcome, read, 0 if outcome.untouched else nbytes)
        return Plan(
            rule.name,
            spelling,
            rule.kind,
            tuple([mark.spec for mark in marks]),
            (output,),
            token,
            dtype,
            fresh,
            nbytes // output.itemsize if fresh else 0,
            nbytes if fresh else 0,
            outcome.temporary_bytes,
            outcome.attributes,
            outcome.spatial,
            cost,
            _products(outcome, tensors) if outcome.macs else (),
            0 if outcome.untouched else outcome.launches,
        )

    def write(self, path: str, plan: Plan, marks: list[Mark], output: Tensor) -> None:
        """Write down a planned call."""
        if plan.fresh:
            number = self._number(output, plan.outputs[0], plan.activation_bytes, plan.token).number
            self._book(output, plan.activation_bytes)
        else:
            number = marks[0].number
        if self.steps is not None:
            self._step(marks, plan.products)
        parameters = []
        reads = []
        for mark_number, identity, _, _, _ in marks:
            if identity < 0:
                reads.append(mark_number)
            else:
                parameters.append(identity)
        self.calls.append(
            Call(
                len(self.calls),
                path,
                plan.name,
                plan.spelling,
                plan.kind,
                plan.inputs,
                plan.outputs,
                tuple(parameters),
                plan.attributes,
                tuple(reads),
                (number,),
                plan.spatial,
                plan.activations,
                plan.activation_bytes,
                self._live + plan.temporary_bytes,
                plan.cost,
                plan.launches,
            )
        )

    def observe(
        self,
        path: str,
        name: str,
        spelling: str,
        kind: str,
        outcome: Outcome,
        tensors: list[Tensor],
        outputs: list[Tensor],
    ) -> None:
        """Write down a call by what it returned: new tensors, views of known ones, or an argument."""
        marks = {id(tensor): self.known(tensor) for tensor in tensors}
        if self.steps is not None:
            self._step(marks.values(), _products(outcome, tensors) if outcome.macs else ())
        returned = []
        activations = fresh = written = launches = 0
        for tensor in outputs:
            known = marks.get(id(tensor))
            if known is not None and known.spec.shape == tensor.shape:
                returned.append(known)
                if not outcome.untouched:
                    written += known.nbytes
                    launches = outcome.launches
                continue
            mark = self.number(tensor)
            returned.append(mark)
            if self._book(tensor, mark.nbytes):
                activations += mark.nbytes // mark.spec.itemsize
                fresh += mark.nbytes
                launches = outcome.launches
        written += fresh
        read = sum(mark.nbytes for mark in marks.values()) if written else 0
        self.calls.append(
            Call(
                len(self.calls),
                path,
                name,
                spelling,
                kind,
                tuple(mark.spec for mark in marks.values()),
                tuple(mark.spec for mark in returned),
                tuple(mark.identity for mark in marks.values() if mark.identity >= 0),
                outcome.attributes,
                tuple(mark.number for mark in marks.values() if mark.identity < 0),
                tuple(mark.number for mark in returned),
                outcome.spatial,
                activations,
                fresh,
                self._live + outcome.temporary_bytes,
                _cost(outcome, read, written),
                launches,
            )
        )

    def _step(self, marks: Iterable[Mark], products: tuple[Product, ...]) -> None:
        """Add what the call about to be written means to autograd."""
        assert self.steps is not None
        sources = tuple([self._source(mark) for mark in marks])
        self.steps.append(Step(self.grad_mode.enabled, sources, products))

    def _source(self, mark: Mark) -> int:
        if mark.identity >= 0:
            return of_parameter(mark.identity)
        return TRAINED_OUTSIDE if id(mark) in self._trained_outside else mark.number

    def _book(self, tensor: Tensor, nbytes: int) -> bool:
        """Count the memory of a returned tensor as alive until PyTorch frees it; return whether it is new."""
        storage = tensor.untyped_storage()
        key = storage._cdata
        if key in self._storages:
            return False
        self._storages.add(key)
        self._sizes[weakref.ref(storage, self._freed)] = (key, nbytes)
        self._live += nbytes
        return True

    def _freed(self, reference: weakref.ref[Any]) -> None:
        key, nbytes = self._sizes.pop(reference)
        self._storages.discard(key)
        self._live -= nbytes


def _cost(outcome: Outcome, read: int, written: int) -> Cost:
    return Cost(
        outcome.macs,
        outcome.adds,
        outcome.comparisons,
        outcome.multiplications,
        outcome.divisions,
        outcome.exponentials,
        read if written else 0,
        written,
    )


def _products(outcome: Outcome, tensors: list[Tensor]) -> tuple[Product, ...]:
    """Return the products of a call, their factors by the position of the tensor among the call's inputs."""
    positions: dict[int, int] = {}
    for tensor in tensors:
        positions.setdefault(id(tensor), len(positions))
    if not outcome.products:
        return (Product(outcome.macs, tuple(positions.values())[:2]),)
    return tuple(
        Product(
            macs,
            tuple(~factor if isinstance(factor, int) else positions[id(factor)] for factor in factors),
        )
        for macs, *factors in outcome.products
    )
