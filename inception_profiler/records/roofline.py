"""What a device can do at most, and how near each layer comes to it."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from typing import TYPE_CHECKING

from inception_profiler.records.display import Shown
from inception_profiler.records.frozen import record
from inception_profiler.records.latency import Environment, Setting
from inception_profiler.records.trace import TensorSpec

if TYPE_CHECKING:
    import pandas

COMPUTE = "compute"
MEMORY = "memory"
CACHE = "cache-resident"
OVERHEAD = "overhead"
BOUNDS = (COMPUTE, MEMORY, CACHE, OVERHEAD)
"""What limits a layer."""

FAR = 4
"""A layer that takes more than this many times its bound is limited by overhead."""

SHORT = 10e-6
"""So is one that takes less than this on an accelerator, in seconds."""


@record
class Ceilings(Shown):
    """The roofs of a device, measured in one session at its clocks of then.

    Attributes:
        device: its name.
        dtype: the setting's, ``fp32``, …
        threads: on the CPU.
        flops_per_second: of a large matrix product.
        bytes_per_second: of a large copy: bytes read + bytes written.
        cache_bytes_per_second: of a copy that fits into half of the last cache; None where there is none.
        cache_bytes: of the last cache; None where it is not known.
        taken: when, UTC, ISO 8601.
    """

    device: str
    dtype: str
    threads: int
    flops_per_second: float
    bytes_per_second: float
    cache_bytes_per_second: float | None
    cache_bytes: int | None
    taken: str

    def bound(self, flops: int, nbytes: int, *, cached: bool = False) -> float:
        """Return the least seconds that so many FLOPs and bytes can take: the later of the two roofs."""
        rate = (self.cache_bytes_per_second if cached else None) or self.bytes_per_second
        return max(flops / self.flops_per_second, nbytes / rate)


@record
class LayerTime:
    """One call of a model, as it was timed in an instrumented run.

    Attributes:
        index: place of the call in the execution.
        path: attribute path of the module, empty for the model's own forward.
        name: the paper's name of the layer, or the path.
        op: the operation.
        output: the first tensor it makes.
        seconds: median of its time: device time on an accelerator, the host's clock on a CPU.
        macs: multiply-accumulates.
        flops: floating-point operations.
        bytes: inputs + outputs + parameters, each once.
    """

    index: int
    path: str
    name: str
    op: str
    output: TensorSpec | None
    seconds: float
    macs: int
    flops: int
    bytes: int

    @property
    def intensity(self) -> float:
        """FLOPs for each byte moved."""
        return self.flops / self.bytes if self.bytes else 0.0

    @property
    def flops_per_second(self) -> float:
        """Attained FLOP/s."""
        return self.flops / self.seconds if self.seconds else 0.0


@record
class TimeGroup:
    """Several layers added up: of one operation, or of one verdict.

    Attributes:
        title: what they have in common.
        calls: how many they are.
        seconds: their times, added up.
        macs: multiply-accumulates.
        flops: floating-point operations.
        bytes: moved.
        bound_seconds: the least that each can take under its own roof, added up.
    """

    title: str
    calls: int
    seconds: float
    macs: int
    flops: int
    bytes: int
    bound_seconds: float

    @property
    def intensity(self) -> float:
        """FLOPs for each byte moved."""
        return self.flops / self.bytes if self.bytes else 0.0

    @property
    def attained(self) -> float:
        """Share of their own roofs that they reach: bound / measured."""
        return self.bound_seconds / self.seconds if self.seconds else 0.0

    @property
    def lost_seconds(self) -> float:
        """What could be gained at most: measured - bound."""
        return self.seconds - self.bound_seconds


@record
class Roofline(Shown):
    """Where the time of a model goes, call by call, and what it would be at the device's roofs.

    Attributes:
        model: the registered name, or the class of the module.
        inputs: the tensors it was given.
        setting: how it was run.
        environment: where and when.
        ceilings: the roofs.
        layers: every call that was timed, in the order of execution.
        whole_seconds: median latency (device time on an accelerator) of the whole model in a run of its own,
            without instruments.
        rounds: how often each call was timed.
        blocked: whether the host was ahead of the device throughout, so that the times are the device's; None
            where host and device are one.
        stopped: one of `STOPS`: why no more rounds were taken.
        notes: what a reader must know of how it was run.
    """

    model: str
    inputs: tuple[TensorSpec, ...]
    setting: Setting
    environment: Environment
    ceilings: Ceilings
    layers: tuple[LayerTime, ...]
    whole_seconds: float
    rounds: int
    blocked: bool | None
    stopped: str = ""
    notes: tuple[str, ...] = ()

    @property
    def batch(self) -> int:
        """Images in each call: the first size of the first input."""
        return next((spec.shape[0] for spec in self.inputs if spec.shape), 1)

    @property
    def sum_seconds(self) -> float:
        """All layers together."""
        return sum(layer.seconds for layer in self.layers)

    @property
    def explained(self) -> float:
        """Sum of layers / whole."""
        return self.sum_seconds / self.whole_seconds if self.whole_seconds else 0.0

    @property
    def remainder_seconds(self) -> float:
        """What the whole takes beyond its layers; negative where the instruments cost more than is left."""
        return self.whole_seconds - self.sum_seconds

    def cached(self, layer: LayerTime) -> bool:
        """Whether what a layer moves fits into the last cache, so that the roof of the cache holds for it."""
        return bool(self.ceilings.cache_bytes and layer.bytes <= self.ceilings.cache_bytes / 2)

    def bound_seconds(self, layer: LayerTime) -> float:
        """Return the least time of a layer under its own roof."""
        return self.ceilings.bound(layer.flops, layer.bytes, cached=self.cached(layer))

    def attained(self, layer: LayerTime) -> float:
        """Share of its own roof that a layer reaches: bound / measured."""
        return self.bound_seconds(layer) / layer.seconds if layer.seconds else 0.0

    def lost_seconds(self, layer: LayerTime) -> float:
        """Return what could be gained at most: measured - bound."""
        return layer.seconds - self.bound_seconds(layer)

    def verdict(self, layer: LayerTime) -> str:
        """Say what limits a layer: one of `BOUNDS`.

        *Overhead*: it takes more than 4 times what its own roof allows, or less than 10 µs on an accelerator,
        where starting it takes as long. Else the roof that it is under: *compute* where its FLOPs take longer
        than its bytes, *cache-resident* where its bytes fit into half of the last cache, or *memory*.
        """
        bound = self.bound_seconds(layer)
        if layer.seconds > FAR * bound or (self.environment.kind != "cpu" and layer.seconds < SHORT):
            return OVERHEAD
        if layer.flops / self.ceilings.flops_per_second >= bound:
            return COMPUTE
        return CACHE if self.cached(layer) else MEMORY

    def ranked(self) -> tuple[LayerTime, ...]:
        """Return the layers by lost time, the most first."""
        return tuple(sorted(self.layers, key=lambda layer: -self.lost_seconds(layer)))

    def by_op(self) -> tuple[TimeGroup, ...]:
        """Group by operation, the longest first."""
        return self._grouped(lambda layer: layer.op)

    def by_verdict(self) -> tuple[TimeGroup, ...]:
        """Group by verdict, the longest first."""
        return self._grouped(self.verdict)

    def _grouped(self, key: Callable[[LayerTime], str]) -> tuple[TimeGroup, ...]:
        members: dict[str, list[LayerTime]] = {}
        for layer in self.layers:
            members.setdefault(key(layer), []).append(layer)
        groups = (
            TimeGroup(
                title,
                len(inside),
                sum(layer.seconds for layer in inside),
                sum(layer.macs for layer in inside),
                sum(layer.flops for layer in inside),
                sum(layer.bytes for layer in inside),
                sum(map(self.bound_seconds, inside)),
            )
            for title, inside in members.items()
        )
        return tuple(sorted(groups, key=lambda group: -group.seconds))

    def save(self, path: str | PathLike[str]) -> None:
        """Write the roofline as JSON; `load` reads it back."""
        from inception_profiler.records.archive import save

        save(self, path)

    def to_frame(self) -> pandas.DataFrame:
        """Return one row a layer, in the order of execution, with its time, its bound and its verdict."""
        from inception_profiler.records.frame import roofline_frame

        return roofline_frame(self)
