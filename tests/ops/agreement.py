"""What every rule owes PyTorch: the same output, or the same refusal, as real tensors get."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from hypothesis import Phase, settings
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map

from inception_profiler.analysis.trace import trace
from inception_profiler.errors import LayerError
from inception_profiler.ops.rule import OPS, load
from inception_profiler.records.cost import Cost
from inception_profiler.records.trace import Trace

Function = Callable[..., Any]

load()

COUNTS = ("macs", "adds", "comparisons", "multiplications", "divisions", "exponentials")
_NO_KERNEL = frozenset({
    "empty", "empty_like", "empty_strided", "empty_permuted", "new_empty", "new_empty_strided", "detach_",
    "set_", "resize_", "squeeze_", "unsqueeze_", "transpose_", "t_", "swapaxes_", "swapdims_", "as_strided_",
    "_local_scalar_dense", "scalar_tensor",
})  # fmt: skip
_ONLY_CPU = ("not implemented for", "not supported on CPU", "not yet supported", "Could not run")


def few(examples: int) -> Callable[[Function], Function]:
    """Bound a property test, make it draw the same examples on every run, and end it at the first failure."""
    phases = (Phase.explicit, Phase.generate)
    return settings(max_examples=examples, deadline=None, derandomize=True, database=None, phases=phases)


@dataclass(frozen=True)
class Form:
    """One call of a PyTorch function.

    Tensors among the arguments are real; each run works on copies of them.
    """

    function: Function
    args: tuple[Any, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        said = [*map(_said, self.args), *(f"{name}={_said(value)}" for name, value in self.options.items())]
        return f"{self.function}({', '.join(said)})"

    def real(self) -> tuple[Any, tuple[Any, ...]]:
        """Run the function for real; return what it gives and the arguments that it was given."""
        args, options = _copied(self.args), _copied(dict(self.options))
        with torch.no_grad(), torch.random.fork_rng(devices=()), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what PyTorch thinks of the values is not the question here
            return self.function(*args, **options), args

    def launched(self) -> int:
        """Run the function for real; return how many kernels PyTorch starts."""
        args, options = _copied(self.args), _copied(dict(self.options))
        with torch.no_grad(), torch.random.fork_rng(devices=()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Launches() as mode:
                self.function(*args, **options)
        return len(mode.operators)

    def traced(self, *, weights: bool = False) -> tuple[Any, tuple[Any, ...], Trace]:
        """Trace a module that calls the function on tensors without data, or with real ``weights``."""
        change = _copied if weights else _without_data
        args, options = change(self.args), change(dict(self.options))
        returned: list[Any] = []
        facts = trace(_Network(_Layer(lambda: returned.append(self.function(*args, **options)))), [(1,)])
        return returned[-1], args, facts


class Launches(TorchDispatchMode):
    """Note every operator that starts a kernel: not views, and not what only allocates or relabels memory."""

    def __init__(self) -> None:
        super().__init__()
        self.operators: list[str] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = str(func.overloadpacket).removeprefix("aten.")
        output = func(*args, **(kwargs or {}))
        known = {leaf.untyped_storage()._cdata for leaf in tree_leaves(args) if isinstance(leaf, Tensor)}
        made = [leaf for leaf in tree_leaves(output) if isinstance(leaf, Tensor)]
        view = made and all(leaf.untyped_storage()._cdata in known for leaf in made)
        if name not in _NO_KERNEL and (func._schema.is_mutable or not view):
            self.operators.append(str(func))
        return output


class _Layer(nn.Module):
    def __init__(self, call: Callable[[], None]) -> None:
        super().__init__()
        self.call = call

    def forward(self, x: Tensor) -> Tensor:
        self.call()
        return x


class _Network(nn.Module):
    """The function one level down, so that an error has a layer to name."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.stem = layer

    def forward(self, x: Tensor) -> Tensor:
        return self.stem(x)


def _said(value: Any) -> str:
    shown = tree_map(
        lambda leaf: f"{leaf.dtype}{list(leaf.shape)}" if isinstance(leaf, Tensor) else leaf, value
    )
    return str(shown)


def _copied(value: Any) -> Any:
    def copy(leaf: Any) -> Any:
        if not isinstance(leaf, Tensor):
            return leaf
        twin = torch.empty_strided(leaf.shape, leaf.stride(), dtype=leaf.dtype)
        return twin if 0 in leaf.stride() else twin.copy_(leaf)

    return tree_map(copy, value)


def _without_data(value: Any) -> Any:
    def empty(leaf: Any) -> Any:
        if not isinstance(leaf, Tensor):
            return leaf
        return torch.empty_strided(leaf.shape, leaf.stride(), dtype=leaf.dtype, device="meta")

    return tree_map(empty, value)


def described(output: Any) -> list[tuple[tuple[int, ...], torch.dtype]]:
    """Shape and dtype of every tensor in an output."""
    return [(tuple(leaf.shape), leaf.dtype) for leaf in tree_leaves(output) if isinstance(leaf, Tensor)]


def agree(function: Function, *args: Any, **options: Any) -> Cost | None:
    """Check that a traced call gives what the real one gives; return its cost, None if PyTorch refuses.

    Legal arguments: equal shapes and dtypes, the first argument itself exactly where PyTorch returns it, and
    as many kernels as PyTorch starts.
    Illegal ones: a `LayerError` that names the layer, raised from an error of PyTorch's type with PyTorch's
    message; of a form that writes in place, only the layer (see `test_rule`).
    """
    form = Form(function, args, options)
    try:
        expected, given = form.real()
    except Exception as error:
        if any(words in str(error) for words in _ONLY_CPU):
            return None
        refused(form, error)
        return None
    returned, passed, facts = form.traced()
    assert not facts.fallback
    assert described(returned) == described(expected), str(form)
    if given and isinstance(given[0], Tensor):
        assert (returned is passed[0]) == (expected is given[0]), str(form)
    # Tensors without data and those on the CPU start different kernels for a recurrent layer, and for
    # channels that need no shuffling: a view of them, or a copy.
    if not any(call.kind == "recurrent" or call.op == "channel_shuffle" for call in facts.calls):
        assert sum(call.launches for call in facts.calls) == form.launched(), str(form)
    return total(facts)


def refused(form: Form, error: Exception) -> None:
    """Check that tracing the call raises a `LayerError` from the very error that PyTorch raises."""
    try:
        form.traced()
    except LayerError as raised:
        assert raised.layer == "stem"
        assert "layer stem" in str(raised)
        cause, rule = raised.__cause__, OPS.find(form.function)
        if rule is None or not rule.in_place:
            assert type(cause) is type(error), f"{form}: {cause!r} is not PyTorch's {error!r}"
            assert str(cause) == str(error), f"{form}: {cause!r} is not PyTorch's {error!r}"
    else:
        raise AssertionError(f"PyTorch refuses {form}, the trace does not: {error}")


def total(facts: Trace) -> Cost:
    """The cost of all calls together."""
    return sum((call.cost for call in facts.calls), Cost.ZERO)


def cost_of(function: Function, *args: Any, **options: Any) -> Cost:
    """Trace a call that must be legal, check it against PyTorch and return its cost."""
    cost = agree(function, *args, **options)
    assert cost is not None, f"PyTorch refuses {function} {args} {options}"
    return cost


def counts(cost: Cost) -> dict[str, int]:
    """The operation counts of a cost that are not zero."""
    return {name: getattr(cost, name) for name in COUNTS if getattr(cost, name)}


def functions(name: str, kind: str = "") -> list[Function]:
    """Every function registered under the name of a rule."""
    return [
        function for function, rule in OPS.items() if rule.name == name and (not kind or rule.kind == kind)
    ]


def registered(kind: str) -> set[str]:
    """The names of all rules of one family."""
    return {rule.name for rule in OPS.values() if rule.kind == kind}
