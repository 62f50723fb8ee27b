"""What a user names when giving an operation a rule, and the objects under which PyTorch shows its calls."""

from __future__ import annotations

import inspect
from types import FunctionType
from typing import Any

from torch import nn
from torch._library.custom_ops import CustomOpDef
from torch._ops import OpOverload, OpOverloadPacket
from torch.autograd import Function

from inception_profiler.errors import InputError

_ASKS = "handle_torch_function"
_NOT_SEEN = (
    "{0} is a plain Python function, whose calls PyTorch shows to nobody: make it an operation, "
    '@torch.library.custom_op("mine::{0}", mutates_args=()), and register that'
)


def keys(function: Any) -> tuple[Any, ...]:
    """Return every object under which the calls of ``function`` are seen.

    Raises:
        InputError: it is no operation, or its calls cannot be seen.
    """
    if isinstance(function, CustomOpDef):
        function = function._opoverload
    if isinstance(function, OpOverloadPacket):
        return (function, *_overloads(function))
    if isinstance(function, OpOverload):
        packet = function._overloadpacket
        return (function, packet) if len(_overloads(packet)) == 1 else (function,)
    owner = getattr(function, "__self__", function)
    if isinstance(owner, type) and issubclass(owner, Function):
        if owner is not function and function.__name__ != "apply":
            raise InputError(f"register {owner.__name__} itself, not its {function.__name__}")
        return (owner,)
    if isinstance(function, nn.Module) or (isinstance(function, type) and issubclass(function, nn.Module)):
        name = getattr(function, "__name__", type(function).__name__)
        raise InputError(f"{name} is a module: register the operations that its forward calls")
    if not callable(function):
        raise InputError(f"{function!r} is no operation: register a function")
    if isinstance(function, FunctionType) and _ASKS not in inspect.unwrap(function).__code__.co_names:
        raise InputError(_NOT_SEEN.format(function.__name__))
    return (function,)


def _overloads(packet: OpOverloadPacket) -> tuple[OpOverload, ...]:
    names: list[str] = packet.overloads()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    return tuple(getattr(packet, name) for name in names)
