"""What a forward pass asks of PyTorch, in order, and which of it is a row of the profile.

A tracer executes the pass once for real and prices every call at the level at which the profile does. What it
met on the way, what it looked into and what it priced, is written down as a script. A run that follows the
script meets the same functions in the same order, and so needs no rule, no name and no hook to know which
call it is at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from torch import nn

from inception_profiler.analysis.preserve import preserved
from inception_profiler.analysis.trace import ALONE, followed, told
from inception_profiler.analysis.tracer import Tracer
from inception_profiler.analysis.walk import walk
from inception_profiler.errors import LayerError, ProfilerError
from inception_profiler.records.trace import Call

PASS = -1
"""A function that is no row: it asks a tensor about itself, or makes a constant."""

OPEN = -2
"""A Python function that is looked into: the rows are below it."""

OPERATORS = -3
"""A function of whose operators each is a row of its own."""


class Step(NamedTuple):
    """One function that the forward pass calls; ``slot`` is the index of its call, or one of the above."""

    function: Callable[..., Any]
    slot: int


class Script(NamedTuple):
    """The functions of a forward pass in order, the operators below some of them, and the calls they make.

    ``operators`` holds for each operator met below an `OPERATORS` step the index of its call, or `PASS`.
    """

    steps: tuple[Step, ...]
    operators: tuple[int, ...]
    calls: tuple[Call, ...]


class _Author(Tracer):
    """A tracer that executes everything and writes down what it does with each function."""

    steps: list[Step]
    operators: list[int]

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Answer one call of a PyTorch function."""
        place, operators, calls = len(self.steps), len(self.operators), len(self.recorder.calls)
        self.steps.append(Step(func, PASS))
        output = super().__torch_function__(func, types, args, kwargs)
        if len(self.steps) > place + 1:
            self.steps[place] = Step(func, OPEN)
        elif len(self.operators) > operators:
            self.steps[place] = Step(func, OPERATORS)
        elif len(self.recorder.calls) > calls:
            self.steps[place] = Step(func, calls)
        return output

    def _operator(self, operator: Any, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any) -> None:
        calls = len(self.recorder.calls)
        super()._operator(operator, args, kwargs, output)
        self.operators.append(calls if len(self.recorder.calls) > calls else PASS)


def script(network: nn.Module, run: Callable[[], Any]) -> Script:
    """Execute ``run``, a forward pass of ``network``, and write its script.

    The costs are those of the tensors that really occur, so that under ``torch.autocast`` bytes are of the
    types that it chooses.

    Raises:
        LayerError: the forward pass raises; ``__cause__`` says how.
    """
    scene = walk(network)
    author = _Author(scene, real=True)
    author.steps, author.operators = [], []
    with ALONE, preserved(scene.paths, device=scene.device), followed(scene, author, None):
        try:
            with author:
                run()
        except ProfilerError:
            raise
        except Exception as error:
            raise LayerError(author.path, "forward", told(error)) from error
        author.autocast = False  # it is followed here, since the tensors are real
    return Script(tuple(author.steps), tuple(author.operators), tuple(author.recorder.calls))
