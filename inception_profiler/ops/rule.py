"""What a rule is, what it returns, and the registry that the tracer asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from inception_profiler.records.trace import Attribute
from inception_profiler.registry import Registry, discover

Shape = tuple[int, ...]
Function = Callable[..., Any]

SAME: Final = "the first argument itself"
ON_META: Final = "what PyTorch returns on meta tensors"


class IllegalArguments(Exception):  # noqa: N818 - a signal to the tracer, which asks PyTorch for its own error
    """PyTorch refuses these arguments; the tracer lets it say so in its own words."""


class NoRule(Exception):  # noqa: N818 - a signal, not an error
    """The rule does not cover this form of its operation; the tracer looks below it."""


class RuleFault(Exception):  # noqa: N818 - a signal to the tracer, which knows the layer
    """A rule of the user's own failed, or gave something that is no cost."""


class Outcome(NamedTuple):
    """What an operation returns and what it costs, as far as the shapes tell.

    ``shape`` is the shape of the new output; or `SAME`, where the first argument itself is returned (in-place
    and identity operations); or `ON_META`, where PyTorch works out the output on tensors without data (views,
    copies, several outputs). ``dtype`` None means that of the first tensor. The operation counts are those of
    `inception_profiler.records.cost.Cost`. ``temporary_bytes`` are alive during the operation only.
    ``spatial`` is the number of trailing feature-map dimensions that a convolution, pooling or resampling
    sets. ``untouched`` marks an operation that costs no bytes where it returns an argument itself.
    ``products`` are the contractions that ``macs`` consist of, in the order in which they are made: the MACs
    of each and its two factors, a tensor among the arguments or the position of an earlier product. What a
    gradient costs follows from them; where none are told, the first two tensors are taken for the factors.
    ``several`` are the shapes of several new outputs, returned as a tuple, where ``shape`` is `ON_META` and
    PyTorch need not be asked.
    ``launches`` are the kernels that PyTorch starts, one for each operator below its functions that is not a
    view; what is ``untouched`` and makes nothing new starts none. A recurrent layer counts as one, as a GPU's
    library runs it; the CPU unrolls it.
    """

    shape: Shape | str
    dtype: torch.dtype | None = None
    macs: int = 0
    adds: int = 0
    comparisons: int = 0
    multiplications: int = 0
    divisions: int = 0
    exponentials: int = 0
    temporary_bytes: int = 0
    spatial: int = 0
    attributes: tuple[tuple[str, Attribute], ...] = ()
    untouched: bool = False
    products: tuple[tuple[int, Tensor | int, Tensor | int], ...] = ()
    several: tuple[Shape, ...] = ()
    launches: int = 1


class Work(NamedTuple):
    """Scalar operations by kind, in the order in which an `Outcome` lists them after its ``macs``."""

    adds: int = 0
    comparisons: int = 0
    multiplications: int = 0
    divisions: int = 0
    exponentials: int = 0

    def times(self, numel: int) -> Work:
        """Return the work on ``numel`` elements that cost this much each."""
        adds, comparisons, multiplications, divisions, exponentials = self
        return Work(
            adds * numel,
            comparisons * numel,
            multiplications * numel,
            divisions * numel,
            exponentials * numel,
        )

    def __str__(self) -> str:
        """Say what one element costs: ``1 add, 2 comparisons``."""
        counts = zip(self._fields, self, strict=True)
        return ", ".join(f"{count} {kind if count > 1 else kind[:-1]}" for kind, count in counts if count)


IDENTITY: Final = Outcome(SAME, untouched=True)
MOVEMENT: Final = Outcome(ON_META, untouched=True)


Price = Callable[..., Outcome]


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered rule; ``in_place`` forms return their first argument whatever the shape says.

    Calls with equal arguments cost the same, so what a rule said is kept, unless ``kept`` is False. The
    outcome of a ``layout`` rule depends on whether its first tensor is contiguous.
    """

    name: str
    kind: str
    price: Price
    in_place: bool = False
    kept: bool = True
    layout: bool = False


OPS: Registry[Function, Rule] = Registry("operation")


def op(
    *functions: Function, in_place: Iterable[Function] = (), name: str = "", layout: bool = False
) -> Callable[[Price], Price]:
    """Register the decorated function as the rule of each of ``functions``.

    The rule takes the arguments of the PyTorch function under their own names and returns an `Outcome`. It
    reads shapes and dtypes only, with ``layout`` also whether its first tensor is contiguous. ``in_place``
    lists the spellings that write to their first argument.
    """

    def register(price: Price) -> Price:
        kind = price.__module__.rpartition(".")[2]
        title = name or price.__name__
        for function in functions:
            OPS.add(function, Rule(title, kind, price, layout=layout))
        for function in in_place:
            OPS.add(function, Rule(title, kind, _written(price), in_place=True))
        return price

    return register


def _written(price: Price) -> Price:
    """Return the rule of an in-place form: its result must fit into the first argument."""

    def fits(*arguments: Any, **options: Any) -> Outcome:
        outcome = price(*arguments, **options)
        cover(bool(arguments) and outcome.shape is not ON_META)
        target: Tensor = arguments[0]
        require(outcome.shape is SAME or outcome.shape == target.shape)
        require(outcome.dtype is None or torch.can_cast(outcome.dtype, target.dtype))
        return outcome._replace(shape=SAME, dtype=target.dtype)

    fits.__doc__ = price.__doc__
    return fits


_OWNERS = (torch, torch.Tensor, F, torch.special, torch._C._nn)


def spellings(*names: str) -> tuple[Function, ...]:
    """Return every function that PyTorch offers under one of ``names``, wherever it keeps them."""
    found: dict[Function, None] = {}
    for name in names:
        for owner in (torch.Tensor,) if name.startswith("__") else _OWNERS:
            function = getattr(owner, name, None)
            if callable(function):
                found[function] = None
    return tuple(found)


def require(condition: bool) -> None:
    """Raise `IllegalArguments` unless ``condition`` holds."""
    if not condition:
        raise IllegalArguments


def cover(condition: bool) -> None:
    """Raise `NoRule` unless ``condition`` holds."""
    if not condition:
        raise NoRule


def per_dimension(value: int | Sequence[int], dimensions: int) -> Shape:
    """Spread a size that PyTorch accepts as one number or as one for each dimension."""
    if isinstance(value, int):
        return (value,) * dimensions
    sizes = tuple(value)
    if len(sizes) == 1:
        return sizes * dimensions
    require(len(sizes) == dimensions)
    return sizes


def broadcast(left: Sequence[int], right: Sequence[int]) -> Shape:
    """Return the shape of two shapes broadcast against each other."""
    if left == right:
        return tuple(left)
    if len(left) < len(right):
        left, right = right, left
    merged = list(left)
    for position in range(1, len(right) + 1):
        a, b = left[-position], right[-position]
        if a != b:
            require(a == 1 or b == 1)
            merged[-position] = b if a == 1 else a
    return tuple(merged)


def load() -> Registry[Function, Rule]:
    """Import every family of rules and return the filled registry."""
    discover(__package__)
    return OPS
