"""One model of a contest, from its preparation to its row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch

from inception_profiler.analysis.memory.allocator import free_bytes
from inception_profiler.analysis.profile import counted
from inception_profiler.analysis.returned import returned_tensors
from inception_profiler.analysis.subject import Subject
from inception_profiler.analysis.trace import told
from inception_profiler.bench.device import Device
from inception_profiler.bench.device_time import device_times
from inception_profiler.bench.energy import energy
from inception_profiler.bench.footprint import footprint, predicted
from inception_profiler.bench.fusing import NothingToFuseError
from inception_profiler.bench.runner import Runner, prepare
from inception_profiler.bench.sampling import Contestant, Samples
from inception_profiler.errors import ProfilerError
from inception_profiler.records.latency import (
    FAILED,
    INTERRUPTED,
    Energy,
    Environment,
    Footprint,
    Measurement,
    Setting,
)
from inception_profiler.records.sweep import OUT_OF_MEMORY


class Entry:
    """A model that is to be measured in a setting on a device, and what has become of it.

    Attributes:
        setting: as it is run: not fused where there was nothing to fuse.
        runner: None before `enter`, and where that failed.
        samples: None before it is measured.
        failed: why there is no time, in a few words; empty where there is.
        unfusable: why there is nothing to fuse; empty where there is, or nobody asked.
        notes: what a reader must know.
    """

    def __init__(self, about: Subject, setting: Setting, device: Device) -> None:
        self.setting = setting
        self.runner: Runner | None = None
        self.samples: Samples | None = None
        self.failed = ""
        self.unfusable = ""
        self.notes: list[str] = []
        self._about = about
        self._device = device
        self._profile = counted(about)
        self._device_seconds: tuple[float, ...] = ()
        self._footprint: Footprint | None = None
        self._energy: Energy | None = None

    def enter(self) -> None:
        """Copy the model to the device and run it once; what goes wrong with it is noted.

        Raises:
            InputError: nothing can be trained.
        """
        self.failed = self._too_large()
        if self.failed:
            return
        try:
            try:
                self.runner = prepare(self._about, self.setting, self._device)
            except NothingToFuseError as nothing:
                self.unfusable = str(nothing)
                self.notes.append(f"{nothing}, so it is measured as it is")
                self.setting = replace(self.setting, fused=False)
                self.runner = prepare(self._about, self.setting, self._device)
            self.notes += self.runner.notes
            if self.setting.fused:
                self._profile = counted(self.runner.about)
            if not self.setting.train:
                self._look_at(self.runner.call())
        except ProfilerError:
            raise
        except Exception as error:
            self.fail(error)

    def contestant(self, flush: Callable[[], None] | None) -> Contestant:
        """Return what is called in every round; the clock runs until the device is done."""
        assert self.runner is not None
        call, device = self.runner.call, self._device

        def before() -> None:
            if flush:
                flush()
            device.synchronize()

        def run() -> None:
            call()
            device.synchronize()

        return Contestant(run, before)

    def take(self, samples: Samples) -> None:
        """Keep what was measured, and why it ended."""
        self.samples = samples
        if samples.error:
            self.fail(samples.error)
        if samples.suspect:
            self.notes.append(
                f"{self._name}: in {samples.suspect} rounds the clock of the device had dropped, "
                "and there was no time to take them again"
            )

    def look_at_device(self) -> None:
        """Run some more for the device's own time."""
        if self.runner is None or self.failed:
            return
        try:
            self._device_seconds = device_times(self._device, self.runner.call)
        except Exception as error:
            self.notes.append(f"{self._name}: the device's own time could not be measured: {told(error)}")

    def look_at_memory(self) -> None:
        """Run once more for the memory."""
        if self.runner is None or self.failed:
            return
        try:
            self._footprint = footprint(self.runner, self.setting, self._device)
        except Exception as error:
            self.notes.append(f"{self._name}: its memory could not be measured: {told(error)}")

    def look_at_energy(self, idle: float) -> None:
        """Run for some seconds more and read the device's counter; ``idle`` is its power without work."""
        if self.runner is None or self.failed:
            return
        try:
            self._energy = energy(self._device, self.runner.call, self._batch, idle)
        except Exception as error:
            self.notes.append(f"{self._name}: its energy could not be measured: {told(error)}")

    def fail(self, error: Exception) -> None:
        """Note why this model is not measured, and let go of what it holds."""
        self.failed = OUT_OF_MEMORY if is_out_of_memory(error) else told(error)
        self.runner = None

    def measurement(
        self, environment: Environment, *, ceiling: float | None, interrupted: bool
    ) -> Measurement:
        """Return the row."""
        samples, profile = self.samples, self._profile
        stopped = samples.stopped if samples else FAILED
        failed = self.failed
        if interrupted and not failed and (samples is None or not samples.seconds):
            stopped, failed = INTERRUPTED, INTERRUPTED
        return Measurement(
            model=self._name,
            inputs=profile.inputs,
            batch=self._batch,
            setting=self.setting,
            environment=environment,
            seconds=samples.seconds if samples else (),
            device_seconds=self._device_seconds,
            warm_up=samples.warm_up if samples else 0,
            steady=bool(samples and samples.steady),
            stopped=stopped,
            discarded=samples.discarded if samples else 0,
            prepared_seconds=self.runner.prepared_seconds if self.runner else None,
            macs=profile.step_macs,
            flops=profile.flops + 2 * profile.backward_macs,
            ceiling=ceiling,
            footprint=self._footprint,
            energy=self._energy,
            failed=failed,
        )

    @property
    def _name(self) -> str:
        return self._profile.model

    @property
    def _batch(self) -> int:
        return next((spec.shape[0] for spec in self._profile.inputs if spec.shape), 1)

    def _too_large(self) -> str:
        """Say so where a CPU has not the memory: there the system would end the process."""
        if self._device.kind != "cpu":
            return ""
        memory = predicted(self._about, replace(self.setting, dtype="fp32"), self._device)
        if memory is None:
            return ""
        need, free = memory.total_bytes + memory.weight_bytes, free_bytes()
        if need <= free:
            return ""
        return f"{OUT_OF_MEMORY}: it needs {need / 2**30:.1f} GiB and {free / 2**30:.1f} GiB are free"

    def _look_at(self, outputs: Any) -> None:
        if not all(
            bool(torch.isfinite(tensor).all())
            for tensor in returned_tensors(outputs)
            if tensor.is_floating_point()
        ):
            self.notes.append(
                f"{self._name} in {self.setting.dtype}: not all of its outputs are finite numbers"
            )


def is_out_of_memory(error: Exception) -> bool:
    """Whether memory was what lacked, on a device or on the host."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(
        words in str(error) for words in ("can't allocate memory", "out of memory")
    )
