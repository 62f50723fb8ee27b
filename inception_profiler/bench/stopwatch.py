"""The mode under which a forward pass is timed, call by call: it follows a script and decides nothing.

Between two calls it costs a few microseconds of Python. Inside of what is measured there is the function
itself, called as PyTorch calls it, and nothing else: so the layers of a run add up to what the run would take
without instruments, less what modules and the mode do between them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from inception_profiler.analysis.arguments import short_name
from inception_profiler.analysis.composite import opened
from inception_profiler.bench.script import OPEN, OPERATORS, PASS, Script
from inception_profiler.bench.watches import Watch
from inception_profiler.errors import LayerError

_OTHER = (
    "does other operations each time it runs, and so they have no times of their own: measure the whole model"
)


class Stopwatch(TorchFunctionMode):
    """Follows a script and lets a watch time every call of it."""

    def __init__(self, script: Script, watch: Watch) -> None:
        super().__init__()
        self._script = script
        self._steps = script.steps
        self._watch = watch
        self._at = 0
        self._operators = _Operators(script, watch)

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Run one function."""
        options = kwargs or {}
        at = self._at
        self._at += 1
        expected, slot = self._steps[at] if at < len(self._steps) else (None, PASS)
        if func is not expected and func != expected:
            raise LayerError("", short_name(func), _OTHER)
        if slot >= 0:
            self._watch.start(slot)
            output = func(*args, **options)
            self._watch.stop(slot)
            return output
        if slot == OPEN:
            with self:
                return opened(func)(*args, **options)
        if slot == OPERATORS:
            with self._operators:
                return func(*args, **options)
        return func(*args, **options)

    def finish(self) -> None:
        """Check that the whole script was followed.

        Raises:
            LayerError: the model did less than the script says.
        """
        if self._at < len(self._steps) or not self._operators.done:
            raise LayerError("", "forward", _OTHER)


class _Operators(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch leaves it untyped
    """Times PyTorch's own operators below a function that is no row itself."""

    def __init__(self, script: Script, watch: Watch) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._slots = script.operators
        self._watch = watch
        self._at = 0

    @property
    def done(self) -> bool:
        """Whether all of them have run."""
        return self._at == len(self._slots)

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Run one operator."""
        slot = self._slots[self._at] if self._at < len(self._slots) else None
        self._at += 1
        if slot is None:
            raise LayerError("", str(func), _OTHER)
        if slot < 0:
            return func(*args, **(kwargs or {}))
        self._watch.start(slot)
        output = func(*args, **(kwargs or {}))
        self._watch.stop(slot)
        return output
