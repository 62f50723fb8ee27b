"""What a network cost when somebody agreed to it: the content of a lock file."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike

from inception_profiler.records.display import Shown
from inception_profiler.records.frozen import record
from inception_profiler.records.trace import Unpriced

COUNTED = ("calls", "params", "macs", "flops", "activation_bytes")
"""The numbers of a locked layer."""

IDLE = "not executed"
"""Stands as the operation of a row that has parameters which no call used."""


@record
class Asked:
    """Which model is counted, and how; all that is needed to count it again.

    Attributes:
        name: what the model is called in the configuration and in the lock; unique there.
        model: its spelling, as `resolve` understands it: ``lenet5``, ``timm:resnet50``, ``nets.py:Net``.
        inputs: as ``--input`` takes them; empty for the model's own input.
        batch: examples in a batch, None for that of the inputs.
        train: whether training is counted.
        dtype: type of the weights, empty for their own.
    """

    name: str
    model: str
    inputs: tuple[str, ...] = ()
    batch: int | None = None
    train: bool = False
    dtype: str = ""


@record
class LockedLayer:
    """All calls of one operation by one module, added up.

    Attributes:
        path: attribute path of the module, empty for the model's own forward.
        op: name of the operation; `IDLE` for parameters of the module that no call used.
        output: shape of the first output of the first call, ``1x64x112x112``.
        calls: how often it ran.
        params: elements of the parameters that it is the first to use.
        macs: multiply-accumulates.
        flops: ``2 · macs`` and all scalar operations.
        activation_bytes: bytes newly produced.
    """

    path: str
    op: str
    output: str
    calls: int
    params: int
    macs: int
    flops: int
    activation_bytes: int

    @property
    def key(self) -> tuple[str, str]:
        """What names a row: module and operation."""
        return self.path, self.op

    @property
    def title(self) -> str:
        """Its name for people: ``features.0 · conv2d``."""
        return f"{self.path} · {self.op}" if self.path else self.op

    @property
    def costs(self) -> tuple[str | int, ...]:
        """Everything but the name of the module."""
        return (self.op, self.output, *(getattr(self, key) for key in COUNTED))


@record
class LockedModel:
    """The counts of one model; its layers add up to its params, MACs, FLOPs and activation bytes.

    Attributes:
        asked: which model, and how it was counted.
        inputs: the tensors it was given, ``float32:1x3x224x224``, ``mask=bool:1x128``.
        mode: ``inference``, ``training`` or ``mixed``.
        totals: names of metrics and their values.
        unknown: operations whose cost is unknown, and which the totals therefore lack.
        layers: one row a module and operation, in the order of execution; rows without any cost left out.
    """

    asked: Asked
    inputs: tuple[str, ...]
    mode: str
    totals: tuple[tuple[str, int | float | None], ...]
    unknown: tuple[Unpriced, ...]
    layers: tuple[LockedLayer, ...]

    @property
    def name(self) -> str:
        """What the model is called in the configuration and in the lock."""
        return self.asked.name

    def total(self, metric: str) -> int | float | None:
        """Return one total, None where it was not locked."""
        return dict(self.totals).get(metric)

    def within(self, module: str) -> tuple[LockedLayer, ...]:
        """Return the rows of one module and of all modules inside of it."""
        return tuple(row for row in self.layers if inside(row.path, module))


@record
class Lock(Shown):
    """What every model cost, by which counting rules, and by which versions it was counted."""

    rules: int
    version: str
    torch: str
    models: tuple[LockedModel, ...]

    def find(self, name: str) -> LockedModel | None:
        """Return the counts of the model of that name, None where it is not locked."""
        return next((model for model in self.models if model.name == name), None)

    def with_models(self, models: tuple[LockedModel, ...]) -> Lock:
        """Return a lock of the same rules and versions with other models."""
        return Lock(self.rules, self.version, self.torch, models)

    def replaced(
        self, counted: Iterable[LockedModel], dropped: Iterable[str] = ()
    ) -> tuple[LockedModel, ...]:
        """Return the models with ``counted`` in the place of those of equal name, and without ``dropped``."""
        gone = frozenset(dropped)
        every = {model.name: model for model in self.models if model.name not in gone}
        every |= {model.name: model for model in counted}
        return tuple(every[name] for name in sorted(every))

    def save(self, path: str | PathLike[str]) -> None:
        """Write the lock as a result in JSON; a lock file itself is written by ``guard.lockfile``."""
        from inception_profiler.records.archive import save

        save(self, path)


def inside(path: str, module: str) -> bool:
    """Tell whether ``path`` is ``module`` or a module inside of it.

    >>> inside("layer1.0.conv1", "layer1"), inside("layer10.conv", "layer1")
    (True, False)
    """
    return not module or path == module or path.startswith(f"{module}.")
