"""Rules of the user's own: ``op`` tells the tracer what an operation costs that nothing here knows."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from inception_profiler.analysis.arguments import spelling
from inception_profiler.analysis.functions import forget, remember
from inception_profiler.analysis.operation import keys
from inception_profiler.errors import DuplicateNameError, InputError, UnknownNameError
from inception_profiler.ops.rule import ON_META, OPS, SAME, NoRule, Outcome, Rule, RuleFault, load
from inception_profiler.records.cost import Cost
from inception_profiler.records.coverage import OWN

OwnRule = Callable[..., Cost | Outcome | None]
R = TypeVar("R", bound=OwnRule)


def op(*functions: Any, name: str = "") -> Callable[[R], R]:
    """Register the decorated function as the rule that says what ``functions`` cost.

    The rule takes the arguments of the operation and reads their shapes, dtypes and settings, never their
    values. It returns a `Cost`, and PyTorch says what comes out of the operation; or an `Outcome`, which says
    that too, so that the operation need not be able to run without data; or None for a form of the operation
    that it does not cover. Bytes are counted from the tensors themselves.

    ==============================================  =======================================================
    ``torch.ops.mine.scan``, ``….default``          an operator, or one of its overloads
    what ``@torch.library.custom_op`` returns       the same
    ``Scan`` or ``Scan.apply``                      a subclass of ``torch.autograd.Function``
    ``torch.fft.fft``, ``torch.Tensor.unique``      a function of PyTorch that has no rule here
    a function with ``handle_torch_function``       one of another library that can be overridden
    ==============================================  =======================================================

    A plain Python function cannot be given a rule: PyTorch shows its calls to nobody, only what it calls.

    >>> import math, torch, inception_profiler as ip
    >>> @ip.op(torch.fft.fft)
    ... def fft(input, *_):  # the textbook's: n/2 · log2 n butterflies of 4 multiplications and 6 adds
    ...     steps = int(input.numel() * math.log2(input.shape[-1]))
    ...     return ip.Cost(multiplications=2 * steps, adds=3 * steps)
    >>> class Net(torch.nn.Module):
    ...     def forward(self, x):
    ...         return torch.fft.fft(x)
    >>> ip.profile(Net(), (1, 8)).flops
    120
    >>> ip.remove_op(torch.fft.fft)

    Args:
        functions: the operations.
        name: what their calls are called; the name of the rule if empty.

    Raises:
        DuplicateNameError: one of them has a rule already, one of this package or of your own.
        InputError: something that is no operation, or whose calls cannot be seen.
    """
    if not functions:
        raise InputError("say which operation the rule is for: @ip.op(torch.ops.mine.scan)")
    found = dict.fromkeys(key for function in functions for key in keys(function))
    registry = load()
    for key in found:
        known = registry.find(key)
        if known is not None:
            raise DuplicateNameError(f"{spelling(key)} has a rule already: {known.name}")

    def register(rule: R) -> R:
        title = name or str(getattr(rule, "__name__", ""))
        if not title.isidentifier():
            raise InputError(f"cannot call an operation {title!r}: give it a plain name, op(…, name='scan')")
        entry = Rule(title, OWN, _checked(rule, title), kept=False)
        for key in found:
            registry.add(key, entry)
            remember(key)
        return rule

    return register


def remove_op(*functions: Any) -> None:
    """Forget the rules that `op` registered for ``functions``.

    Raises:
        UnknownNameError: one of them has no rule of your own.
    """
    for key in [key for function in functions for key in keys(function)]:
        rule = OPS.find(key)
        if rule is None or rule.kind != OWN:
            known = [spelling(key) for key, rule in OPS.items() if rule.kind == OWN]
            raise UnknownNameError("operation with a rule of your own", spelling(key), known[:2], len(known))
        OPS.remove(key)
        forget(key)


def _checked(rule: OwnRule, title: str) -> Callable[..., Outcome]:
    """Return the rule as the tracer takes it: one that gives an `Outcome`, or a fault that names the rule."""

    @wraps(rule)
    def price(*arguments: Any, **options: Any) -> Outcome:
        try:
            found = rule(*arguments, **options)
        except Exception as error:
            raise RuleFault(f"the rule {title!r} failed: {type(error).__name__}: {error}") from error
        if found is None:
            raise NoRule
        wrong = _wrong(found)
        if wrong:
            raise RuleFault(f"the rule {title!r} {wrong}")
        return found if isinstance(found, Outcome) else Outcome(ON_META, None, *_counts(found))

    return price


def _wrong(found: Any) -> str:
    """Say what is wrong with what a rule returned, or nothing."""
    if isinstance(found, Cost):
        if found.bytes_read or found.bytes_written:
            return "counts bytes, which are counted from the tensors themselves"
    elif not isinstance(found, Outcome):
        return f"gave a {type(found).__name__}, not an ip.Cost or an ip.Outcome"
    elif found.shape not in (SAME, ON_META) and not _is_shape(found.shape):
        return f"gave {found.shape!r} as a shape"
    wrong = [count for count in _counts(found) if type(count) is not int or count < 0]
    return f"gave {wrong[0]!r} as a count: counts are whole numbers of 0 or more" if wrong else ""


def _is_shape(shape: Any) -> bool:
    return isinstance(shape, tuple) and all(type(size) is int and size >= 0 for size in shape)


def _counts(found: Cost | Outcome) -> tuple[int, int, int, int, int, int]:
    """Return the counts of operations, in the order in which an `Outcome` has them."""
    return (
        found.macs,
        found.adds,
        found.comparisons,
        found.multiplications,
        found.divisions,
        found.exponentials,
    )
