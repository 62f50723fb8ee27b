"""How an NVIDIA device fares, by its management library; and by which rule a sample counts."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from inception_profiler.bench.device import Device, State

KEPT = 0.75
"""A sample is taken again where the clock has fallen below this share of what it was at the first."""

_IDLE = "GpuIdle"
_REASON = "nvmlClocksEventReason"
_NOT_REASONS = ("None", "All")
_ABSENT = "clocks, temperature, power and energy are unknown: "


class Watch:
    """One device, as NVML sees it; what it does not answer is None.

    Each question may be unsupported on one device and answered on the next: a MIG slice has no power of its
    own, a passively cooled card may have no sensor.
    """

    def __init__(self, library: Any, handle: Any) -> None:
        self._library = library
        self._handle = handle

    def state(self) -> State:
        """Return all that NVML tells of the moment."""
        library = self._library
        return State(
            clock_mhz=self.clock_mhz(),
            temperature=self._number("nvmlDeviceGetTemperature", library.NVML_TEMPERATURE_GPU),
            power_watts=self._number("nvmlDeviceGetPowerUsage", scale=1e-3),
            throttled=self._throttled(),
            others=self._others(),
            joules=self._number("nvmlDeviceGetTotalEnergyConsumption", scale=1e-3),
        )

    def clock_mhz(self) -> float | None:
        """Return the clock of the multiprocessors."""
        return self._number("nvmlDeviceGetClockInfo", self._library.NVML_CLOCK_SM)

    def driver(self) -> str:
        """Return the version of the driver."""
        try:
            return str(self._library.nvmlSystemGetDriverVersion())
        except self._library.NVMLError:
            return ""

    def _throttled(self) -> tuple[str, ...]:
        """Return why the clock is not what it could be; that there is nothing to do is no reason."""
        mask = self._asked("nvmlDeviceGetCurrentClocksEventReasons")
        if mask is None:
            mask = self._asked("nvmlDeviceGetCurrentClocksThrottleReasons") or 0  # its name in older drivers
        names = (name.removeprefix(_REASON) for name in dir(self._library) if name.startswith(_REASON))
        bits = {getattr(self._library, _REASON + name): name for name in names if name not in _NOT_REASONS}
        return tuple(name for bit, name in sorted(bits.items()) if mask & bit and name != _IDLE)

    def _others(self) -> int | None:
        """Return how many processes compute on it beside this one.

        In a container the numbers are those of the machine outside, so this process is taken for one of them
        wherever there is any; where there is none, though this one is there, the list is kept from it.
        """
        processes = self._asked("nvmlDeviceGetComputeRunningProcesses")
        if not processes:
            return None
        numbers = {process.pid for process in processes}
        return len(numbers - {os.getpid()}) if os.getpid() in numbers else len(numbers) - 1

    def _number(self, question: str, *args: Any, scale: float = 1.0) -> float | None:
        answer = self._asked(question, *args)
        return None if answer is None else answer * scale

    def _asked(self, question: str, *args: Any) -> Any:
        try:
            return getattr(self._library, question)(self._handle, *args)
        except (self._library.NVMLError, AttributeError):
            return None


def watch(uuid: str, library: Any = None) -> tuple[Watch | None, str]:
    """Return the device of this UUID as NVML sees it; or None, and in one line why and what to do.

    ``uuid`` is PyTorch's, without the word before it that tells a whole device from a slice of one.
    """
    if library is None:
        try:
            import pynvml
        except ImportError:
            return None, f"{_ABSENT}pip install 'inception-profiler[gpu]', which brings nvidia-ml-py"
        library = pynvml
    try:
        library.nvmlInit()
    except library.NVMLError as error:
        return None, f"{_ABSENT}NVIDIA's management library does not start ({error}): is its driver whole?"
    for name in (f"GPU-{uuid}", f"MIG-{uuid}", uuid):
        try:
            return Watch(library, library.nvmlDeviceGetHandleByUUID(name)), ""
        except library.NVMLError:
            continue
    return None, f"{_ABSENT}NVIDIA's management library does not know the device {uuid}"


def accepted(device: Device) -> Callable[[], bool]:
    """Return the rule by which a call that was just measured counts, to be asked after each.

    The clock after the first of them is what the others are held to: under `KEPT` of it a call shows another
    device than the first did. Where the clock is unknown every call counts.
    """
    start: float | None = None

    def counts() -> bool:
        nonlocal start
        now = device.pace()
        if start is None:
            start = now
        return now is None or start is None or now >= KEPT * start

    return counts
