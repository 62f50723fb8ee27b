"""One walk over a model: the path of every module, and every parameter and buffer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from inception_profiler.errors import InputError
from inception_profiler.records.trace import ModuleSpec, ParameterSpec, TensorSpec

_SCRIPT = torch.jit.ScriptModule
_COMPILED = "_orig_mod"
_PLAIN = frozenset({Tensor, nn.Parameter})


class Mark(NamedTuple):
    """What is known of a tensor: its number or, for the model's, its identity; its shape, type and bytes.

    ``kind`` is one object for each shape and dtype, which stands for both in a key and costs no hashing.
    """

    number: int
    identity: int
    spec: TensorSpec
    nbytes: int
    kind: object


_KINDS: dict[tuple[tuple[int, ...], torch.dtype], tuple[TensorSpec, int, object]] = {}


def described(shape: tuple[int, ...], dtype: torch.dtype) -> tuple[TensorSpec, int, object]:
    """Describe a tensor: its spec, its bytes, and the one object that stands for its shape and dtype."""
    known = _KINDS.get((shape, dtype))
    if known is None:
        spec = TensorSpec(tuple(shape), str(dtype).removeprefix("torch."), dtype.itemsize)
        known = _KINDS[tuple(shape), dtype] = (spec, spec.nbytes, object())
    return known


@dataclass(frozen=True, slots=True)
class Scene:
    """What a model consists of before it runs.

    ``paths`` gives each module its first path, ``aliases`` the others of those that have several. ``tensors``
    are the parameters and buffers, tied ones once; their position is their identity. ``marks`` are what is
    known of them, by ``id(tensor)``.
    """

    paths: dict[nn.Module, str]
    aliases: dict[nn.Module, list[str]]
    parameters: tuple[ParameterSpec, ...]
    buffers: tuple[ParameterSpec, ...]
    tensors: tuple[Tensor, ...]
    marks: dict[int, Mark]

    def modules(self, executions: Mapping[nn.Module, int]) -> tuple[ModuleSpec, ...]:
        """Describe every module; ``executions`` says how often each one ran."""
        return tuple(
            ModuleSpec(
                path,
                f"{module.__class__.__module__}.{module.__class__.__qualname__}",
                executions.get(module, 0),
                tuple(self.aliases.get(module, ())),
            )
            for module, path in self.paths.items()
        )

    @property
    def allocated(self) -> bool:
        """Whether every parameter and buffer has data."""
        return not any(tensor.is_meta for tensor in self.tensors)

    @property
    def device(self) -> torch.device:
        """Where the first parameter is, and so an input has to be; the CPU without any."""
        return next((tensor.device for tensor in self.tensors), torch.device("cpu"))

    @property
    def dtype(self) -> torch.dtype:
        """Type of the first floating-point parameter, which an input has too; float32 without any."""
        return next(
            (tensor.dtype for tensor in self.tensors if tensor.dtype.is_floating_point), torch.float32
        )


def walk(model: nn.Module) -> Scene:
    """Walk ``model`` once, depth first in the order of registration.

    The wrapper that ``torch.compile`` puts around a module leaves no mark on the paths.

    Raises:
        InputError: a lazy parameter has no shape yet, or a module is TorchScript, which hides its operations.
    """
    paths: dict[nn.Module, str] = {}
    aliases: dict[nn.Module, list[str]] = {}
    parameters: list[ParameterSpec] = []
    buffers: list[ParameterSpec] = []
    marks: dict[int, Mark] = {}
    tensors: list[Tensor] = []
    waiting: list[tuple[str, nn.Module]] = [("", model)]
    while waiting:
        path, module = waiting.pop()
        if module in paths:
            aliases.setdefault(module, []).append(path)
            continue
        paths[module] = path
        prefix = f"{path}." if path else ""
        if isinstance(module, _SCRIPT):
            raise InputError(
                f"{f'module {path}' if path else 'the model'} is TorchScript, which cannot be counted: "
                "give the module it was scripted or traced from"
            )
        for held, specs in ((module._parameters, parameters), (module._buffers, buffers)):
            for name, tensor in held.items() if held else ():
                if tensor is None:
                    continue
                if type(tensor) not in _PLAIN and nn.parameter.is_lazy(tensor):
                    raise InputError(
                        f"parameter {prefix}{name} has no shape yet: run the model once on an input first"
                    )
                mark = marks.get(id(tensor))
                if mark is None:
                    spec, nbytes, kind = described(tensor.shape, tensor.dtype)
                    mark = marks[id(tensor)] = Mark(-1, len(tensors), spec, nbytes, kind)
                    tensors.append(tensor)
                specs.append(ParameterSpec(prefix + name, mark.spec, tensor.requires_grad, mark.identity))
        children = module._modules
        for name, child in reversed(children.items()) if children else ():
            if child is not None:
                waiting.append((path if name == _COMPILED else prefix + name, child))
    return Scene(paths, aliases, tuple(parameters), tuple(buffers), tuple(tensors), marks)
