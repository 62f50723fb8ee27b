"""What conventions ask about a profile: the modules around a call, and the shapes that it works on."""

from __future__ import annotations

import math
from functools import cached_property

from inception_profiler.records.profile import Profile
from inception_profiler.records.trace import Attribute, Call, ModuleSpec, ParameterSpec, TensorSpec


class Survey:
    """The facts of one profile, prepared to be asked for by path."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.modules: dict[str, ModuleSpec] = {spec.path: spec for spec in profile.modules}
        self._parents: dict[str, set[str]] = {
            spec.path: {_parent(path) for path in (spec.path, *spec.aliases)} for spec in profile.modules
        }
        self._families = {parent for parents in self._parents.values() for parent in parents}
        self._visits: dict[str, int] = {"": 1}

    @property
    def batch(self) -> int:
        """Return the examples in the model's first input."""
        inputs = self.profile.inputs
        return inputs[0].shape[0] if inputs and inputs[0].shape else 1

    def kind(self, path: str) -> str:
        """Return the class of a module with its package; empty for a module made during the forward pass."""
        spec = self.modules.get(path)
        return spec.kind if spec is not None else ""

    def inside(self, path: str, kinds: frozenset[str]) -> bool:
        """Tell whether a module, or one around it, is of one of some classes."""
        while path:
            if self.kind(path) in kinds:
                return True
            path = path.rpartition(".")[0]
        return self.kind("") in kinds

    def is_leaf(self, path: str) -> bool:
        """Tell whether a module has no submodules."""
        return path in self.modules and path not in self._families

    def visits(self, path: str) -> int:
        """Return on how many ways a walk over children comes to a module.

        A walk meets a child once in each module that holds it, so a module with two parents is visited twice,
        and so is everything below it.
        """
        known = self._visits.get(path)
        if known is None:
            parents = self._parents.get(path, {_parent(path)})
            known = self._visits[path] = sum(self.visits(parent) for parent in parents)
        return known

    @cached_property
    def _own(self) -> dict[str, list[ParameterSpec]]:
        own: dict[str, list[ParameterSpec]] = {}
        for spec in self.profile.parameters:
            own.setdefault(_parent(spec.path), []).append(spec)
        return own

    def parameters(self, path: str) -> list[ParameterSpec]:
        """Return the parameters that a module itself holds, one of several names of a tensor."""
        return list({spec.identity: spec for spec in reversed(self._own.get(path, []))}.values())[::-1]

    @cached_property
    def _first_used(self) -> dict[int, list[ParameterSpec]]:
        unused = {spec.identity: spec for spec in reversed(self.profile.parameters)}
        return {
            layer.call.index: [
                unused.pop(key) for key in dict.fromkeys(layer.call.parameters) if key in unused
            ]
            for layer in self.profile.layers
        }

    def first_used(self, call: Call) -> list[ParameterSpec]:
        """Return the parameters that no earlier call has used."""
        return self._first_used[call.index]

    @cached_property
    def dangling(self) -> frozenset[int]:
        """Return the calls that nothing the model returns depends on.

        What is written in place may be part of a tensor that is returned, and so never dangles.
        """
        needed = set(self.profile.returned)
        dangling = set()
        for layer in reversed(self.profile.layers if needed else ()):
            call = layer.call
            if needed.isdisjoint(call.writes) and set(call.writes).isdisjoint(call.reads):
                dangling.add(call.index)
            else:
                needed.update(call.reads)
        return frozenset(dangling)

    @cached_property
    def _executions(self) -> dict[int, tuple[Call, ...]]:
        members: dict[str, list[Call]] = {}
        for layer in self.profile.layers:
            members.setdefault(layer.path, []).append(layer.call)
        found: dict[int, tuple[Call, ...]] = {}
        for path, calls in members.items():
            times = self.modules[path].executions if path in self.modules else 1
            size = len(calls) // times if times and len(calls) % times == 0 else len(calls)
            for start in range(0, len(calls), size):
                together = tuple(calls[start : start + size])
                found.update((call.index, together) for call in together)
        return found

    def execution(self, call: Call) -> tuple[Call, ...]:
        """Return the calls that one execution of a leaf module made, this one among them."""
        return self._executions[call.index]


def _parent(path: str) -> str:
    return path.rpartition(".")[0] if path else "."


def attribute(call: Call, name: str) -> Attribute:
    """Return an attribute of a call, or None where it has none of that name."""
    return dict(call.attributes).get(name)


def read(call: Call, position: int = 0) -> TensorSpec:
    """Return a tensor that a call read; one that was given twice is there once."""
    return call.inputs[min(position, len(call.inputs) - 1)]


def produced(call: Call) -> int:
    """Return the elements of a call's first output, also where it was written in place."""
    return call.outputs[0].numel if call.outputs else 0


def biased(call: Call) -> int:
    """Return the elements to which a convolution or linear layer adds a bias."""
    return produced(call) if attribute(call, "bias") else 0


def kernel_elements(call: Call) -> int:
    """Return the positions of a convolution's or pooling's window."""
    sizes = attribute(call, "kernel")
    return int(math.prod(sizes)) if isinstance(sizes, tuple) else 1
