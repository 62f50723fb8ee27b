"""Seeing PyTorch's own operators, one level below its functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch.utils._python_dispatch import TorchDispatchMode

Seen = Callable[[Any, tuple[Any, ...], dict[str, Any], Any], None]


class OperatorMode(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch leaves it untyped
    """Run every operator as it is and tell ``seen`` of it, its arguments and its output."""

    def __init__(self, seen: Seen) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._seen = seen

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Run one operator."""
        output = func(*args, **(kwargs or {}))
        self._seen(func, args, kwargs or {}, output)
        return output
