"""What was measured on real hardware: raw seconds with the setting and the environment they hold for."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING

from inception_profiler.records.display import Shown
from inception_profiler.records.frozen import record
from inception_profiler.records.statistics import median, order_interval, order_rank, outliers, percentile
from inception_profiler.records.trace import TensorSpec

if TYPE_CHECKING:
    import pandas as pd

CONVERGED = "interval narrow enough"
NOISE = "noise no longer shrinks"
TIME = "time limit"
INTERRUPTED = "interrupted"
FAILED = "failed"
STOPS = (CONVERGED, NOISE, TIME, INTERRUPTED, FAILED)
"""Why sampling stopped."""

FASTER = "faster"
SLOWER = "slower"
SAME = "same"
UNCLEAR = "unclear"

PRACTICAL = 0.02
"""By how much two latencies must differ to matter: less than 2 % is *same*."""

P90_SAMPLES = 29
P99_SAMPLES = 299
"""From how many samples a high percentile says anything: there, a tenth (a hundredth) holds three of them."""


@record
class Environment:
    """Where and when a measurement was taken; what could not be found out is None, never 0.

    Attributes:
        device: the name of the processor or accelerator, as its vendor gives it.
        kind: ``cpu``, ``cuda``, ``xpu``, ``mps``, …: PyTorch's name of its type.
        memory_bytes: of the device.
        driver: version of the driver; of CUDA and cuDNN where they have a part.
        torch: version of PyTorch.
        python: version of Python.
        system: operating system and its release.
        processor: name of the host's processor.
        cores: processors that this process may use.
        threads: that PyTorch computes with on the CPU.
        capability: vector instructions that PyTorch uses on the CPU, or the compute capability.
        load: how many processes wanted a processor, averaged over the last minute, when it began.
        clock_mhz: clock of the device before, and after.
        temperature: of the device in °C, before and after.
        power_watts: of the device, before and after.
        throttled: why the device ran slower than it can, as NVML names it; empty where it did not.
        others: other processes on the device; None where that is not known.
        commit: the revision of the package's checkout; empty where it is installed without one.
        version: of this package.
        taken: when it began, UTC, ISO 8601.
    """

    device: str
    kind: str
    memory_bytes: int | None
    driver: str
    torch: str
    python: str
    system: str
    processor: str
    cores: int
    threads: int
    capability: str
    load: float | None
    clock_mhz: tuple[float, ...]
    temperature: tuple[float, ...]
    power_watts: tuple[float, ...]
    throttled: tuple[str, ...]
    others: int | None
    commit: str
    version: str
    taken: str


@record
class Setting:
    """How a model was run; printed in full in every row.

    Attributes:
        dtype: ``fp32``, ``tf32``, ``fp16``, ``bf16``, ``amp-fp16``, ``amp-bf16``.
        mode: ``eager``, ``cuda-graph`` or ``compile``.
        channels_last: whether tensors of four dimensions lie N H W C in memory.
        fused: whether each BatchNorm is folded into the convolution before it.
        train: whether forward, backward and the optimizer's step are run, instead of an inference.
        cold: whether the last cache is overwritten before each call, outside of the measured span.
        threads: that PyTorch computes with on the CPU.
        cudnn_benchmark: whether cuDNN tries its algorithms first; None where there is no cuDNN.
    """

    dtype: str = "fp32"
    mode: str = "eager"
    channels_last: bool = False
    fused: bool = False
    train: bool = False
    cold: bool = False
    threads: int = 1
    cudnn_benchmark: bool | None = None


@record
class Energy:
    """Energy of whole runs, by the device's own counter.

    Attributes:
        joules: used in the window.
        seconds: length of the window, 5 s at least.
        images: that were processed in it.
        idle_watts: power before it, when the device had nothing to do.
    """

    joules: float
    seconds: float
    images: int
    idle_watts: float

    @property
    def joules_per_image(self) -> float:
        """Energy of one image, what the device uses when idle included."""
        return self.joules / self.images


@record
class Footprint:
    """Memory of a run, in its own pass after warm-up.

    Attributes:
        predicted_bytes: most that is made by the run and alive at once, by `memory`.
        peak_bytes: the same as the allocator saw it: its peak minus the level before; None where unknown.
        reserved_bytes: most that the allocator held of the device; None where unknown.
        process_bytes: resident memory of the process on the host after the run.
    """

    predicted_bytes: int | None
    peak_bytes: int | None
    reserved_bytes: int | None
    process_bytes: int | None


@record
class Measurement(Shown):
    """How long one model takes in one setting.

    Attributes:
        model: the registered name, or the class of the module.
        inputs: the tensors it was given.
        batch: images in each call.
        setting: how it was run.
        environment: where and when.
        seconds: latency of every call in the order they were taken: the host's clock, synchronised before
            and after.
        device_seconds: the device's own time of further calls, queued while it was occupied, so that it never
            waited for the host; empty where it has no such time.
        warm_up: calls before the first of them.
        steady: whether the warm-up ended because two windows agreed.
        stopped: one of `STOPS`.
        discarded: calls that were taken again because the clock of the device had dropped.
        prepared_seconds: what compiling or capturing took; None where nothing was.
        macs: multiply-accumulates of a call.
        flops: `flops` of the profile for a call; of the whole step in training.
        ceiling: FLOP/s of a large matrix product in this dtype, measured in the same session; None if not.
        footprint: memory; None where it was not looked at.
        energy: None where the device does not count it.
        failed: why there is no time: ``out of memory``, …; empty where there is.
    """

    model: str
    inputs: tuple[TensorSpec, ...]
    batch: int
    setting: Setting
    environment: Environment
    seconds: tuple[float, ...]
    device_seconds: tuple[float, ...]
    warm_up: int
    steady: bool
    stopped: str
    discarded: int
    prepared_seconds: float | None
    macs: int
    flops: int
    ceiling: float | None
    footprint: Footprint | None = None
    energy: Energy | None = None
    failed: str = ""

    @property
    def interrupted(self) -> bool:
        """Whether the user ended it before it was done."""
        return self.stopped == INTERRUPTED

    @property
    def median(self) -> float | None:
        """Median latency in seconds; None where nothing was measured."""
        return median(self.seconds) if self.seconds else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """What holds the true median latency with 95 % confidence, by order statistics.

        None below 6 samples, which cannot reach it. It takes calls to be independent: drift and bursts make
        it too narrow, and only the ratio of interleaved calls is safe from them.
        """
        return order_interval(self.seconds) if order_rank(len(self.seconds)) else None

    @property
    def minimum(self) -> float | None:
        """Shortest latency in seconds."""
        return min(self.seconds) if self.seconds else None

    @property
    def iqr(self) -> float | None:
        """Interquartile range of the latency in seconds."""
        return percentile(self.seconds, 0.75) - percentile(self.seconds, 0.25) if self.seconds else None

    @property
    def p90(self) -> float | None:
        """Latency that 9 of 10 calls keep; None below 29 samples."""
        return percentile(self.seconds, 0.9) if len(self.seconds) >= P90_SAMPLES else None

    @property
    def p99(self) -> float | None:
        """Latency that 99 of 100 calls keep; None below 299 samples."""
        return percentile(self.seconds, 0.99) if len(self.seconds) >= P99_SAMPLES else None

    @property
    def outliers(self) -> tuple[int, int]:
        """How many samples lie beyond Tukey's fences, and how many far beyond."""
        return outliers(self.seconds) if self.seconds else (0, 0)

    @property
    def device_time(self) -> float | None:
        """Median of the device's own time in seconds; None where it has none."""
        return median(self.device_seconds) if self.device_seconds else None

    @property
    def throughput(self) -> float | None:
        """Images a second: batch / median latency."""
        return self.batch / self.median if self.median else None

    @property
    def flops_per_second(self) -> float | None:
        """Achieved FLOP/s: FLOPs of a call / median latency."""
        return self.flops / self.median if self.median else None

    @property
    def attained(self) -> float | None:
        """Share of the measured ceiling of this dtype; None where either is unknown."""
        rate = self.flops_per_second
        return rate / self.ceiling if rate and self.ceiling else None

    @property
    def host_bound(self) -> float | None:
        """Share of the latency in which the device waited for the host; None where its time is unknown."""
        if not self.median or self.device_time is None:
            return None
        return max(0.0, 1 - self.device_time / self.median)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the measurement as JSON, raw seconds included; `load` reads it back."""
        from inception_profiler.records.archive import save

        save(self, path)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a call: ``clock`` (host, device), ``round``, ``seconds``, the model and setting."""
        from inception_profiler.records.frame import measurement_frame

        return measurement_frame(self)


@record
class Ratio:
    """Two settings side by side, measured in rounds in random order in one process.

    Attributes:
        subject: position of the one among the measurements.
        reference: position of the other.
        ratios: latency of the subject / latency of the reference, round by round.
    """

    subject: int
    reference: int
    ratios: tuple[float, ...]

    @property
    def median(self) -> float:
        """Median of the ratios of all rounds."""
        return median(self.ratios)

    @property
    def interval(self) -> tuple[float, float] | None:
        """What holds the true median ratio with 95 % confidence, by order statistics; None below 6 rounds.

        Where both are truly the same, it holds 1 with that confidence whatever the noise is: the order within
        a round is drawn, so either is as likely to be the slower, independently of all other rounds.
        """
        return order_interval(self.ratios) if order_rank(len(self.ratios)) else None

    def verdict(self, practical: float = PRACTICAL) -> str:
        """Say whether the subject is *faster*, *slower*, the *same*, or whether that is *unclear*.

        Faster: the whole interval lies below ``1 - practical``; slower: above ``1 + practical``; same:
        between the two. Unclear as well below 6 rounds.
        """
        if self.interval is None:
            return UNCLEAR
        low, high = self.interval
        if high < 1 - practical:
            return FASTER
        if low > 1 + practical:
            return SLOWER
        return SAME if low >= 1 - practical and high <= 1 + practical else UNCLEAR


@record
class Benchmark(Shown):
    """Several measurements of one session, and the ratios of those that were interleaved.

    Attributes:
        measurements: in the order they were asked for.
        ratios: of those measured side by side.
        notes: what a reader must know: another process on the device, an option that this device has not.
    """

    measurements: tuple[Measurement, ...]
    ratios: tuple[Ratio, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def interrupted(self) -> bool:
        """Whether the user ended it before it was done."""
        return INTERRUPTED in self.notes or any(row.interrupted for row in self.measurements)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the benchmark as JSON, raw seconds included; `load` reads it back."""
        from inception_profiler.records.archive import save

        save(self, path)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a call of every measurement, whose position is in ``measurement``."""
        from inception_profiler.records.frame import benchmark_frame

        return benchmark_frame(self)
