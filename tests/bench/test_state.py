from __future__ import annotations

import builtins
import os
from types import SimpleNamespace
from typing import Any

import pynvml
import pytest

from inception_profiler.bench.device import State
from inception_profiler.bench.state import accepted, watch
from tests.bench.fake_device import FakeDevice
from tests.bench.fake_nvml import FakeNvml


def process(pid: int) -> SimpleNamespace:
    return SimpleNamespace(pid=pid)


def seen(**answers: Any) -> State:
    found, line = watch("1234", FakeNvml(**answers))
    assert found is not None
    assert not line
    return found.state()


def test_everything_is_in_the_units_of_the_record() -> None:
    state = seen(
        nvmlDeviceGetClockInfo=lambda clock: {pynvml.NVML_CLOCK_SM: 1980, pynvml.NVML_CLOCK_MEM: 2619}[clock],
        nvmlDeviceGetTemperature=lambda sensor: {pynvml.NVML_TEMPERATURE_GPU: 41}[sensor],
        nvmlDeviceGetPowerUsage=123_456,
        nvmlDeviceGetCurrentClocksEventReasons=0,
        nvmlDeviceGetComputeRunningProcesses=[process(os.getpid())],
        nvmlDeviceGetTotalEnergyConsumption=9_876_543,
    )
    assert state == State(1980, 41, pytest.approx(123.456), (), 0, pytest.approx(9876.543))


def test_what_is_not_supported_is_unknown_and_not_zero() -> None:
    assert seen() == State(None, None, None, (), None, None)


def test_a_zero_that_is_told_is_one() -> None:
    assert seen(nvmlDeviceGetTemperature=0).temperature == 0


@pytest.mark.parametrize("question", ["EventReasons", "ThrottleReasons"])
def test_why_it_is_slow_is_named_and_idling_is_no_reason(question: str) -> None:
    mask = (
        pynvml.nvmlClocksThrottleReasonGpuIdle
        | pynvml.nvmlClocksThrottleReasonSwPowerCap
        | pynvml.nvmlClocksThrottleReasonHwThermalSlowdown
    )
    state = seen(**{f"nvmlDeviceGetCurrentClocks{question}": mask})
    assert state.throttled == ("SwPowerCap", "HwThermalSlowdown")


@pytest.mark.parametrize(
    ("numbers", "others"),
    [
        ([], None),  # this process is there, so the list is kept from it
        ([os.getpid()], 0),
        ([os.getpid(), 999_999_999], 1),
        ([999_999_999], 0),  # in a container this process has another number outside
        ([999_999_998, 999_999_999], 1),
    ],
)
def test_this_process_is_no_other(numbers: list[int], others: int | None) -> None:
    assert seen(nvmlDeviceGetComputeRunningProcesses=[process(pid) for pid in numbers]).others == others


@pytest.mark.parametrize("uuid", ["GPU-1234", "MIG-1234", "1234"])
def test_a_slice_of_a_device_is_found_too(uuid: str) -> None:
    library = FakeNvml(uuid, nvmlSystemGetDriverVersion=lambda: "600.1")
    found, _ = watch("1234", library)
    assert found is not None
    assert library.started == 1


def test_the_driver_has_a_version_or_none() -> None:
    library = FakeNvml()
    found, _ = watch("1234", library)
    assert found is not None
    assert found.driver() == ""


def test_another_device_is_not_taken_for_it() -> None:
    found, line = watch("5678", FakeNvml())
    assert found is None
    assert line.endswith("does not know the device 5678")


def test_without_the_package_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "pynvml":
            raise ModuleNotFoundError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    found, line = watch("1234")
    assert found is None
    assert "pip install 'inception-profiler[gpu]'" in line
    assert "\n" not in line


def test_without_a_driver_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)

    monkeypatch.setattr(pynvml, "nvmlInit", refuse)
    found, line = watch("1234")
    assert found is None
    assert "NVML Shared Library Not Found" in line
    assert "\n" not in line


def clocks(*mhz: float | None) -> FakeDevice:
    device = FakeDevice()
    device.states = [State(clock_mhz=clock) for clock in mhz]
    return device


@pytest.mark.parametrize(
    ("mhz", "kept"),
    [
        ((1980, 1980, 1485, 1484, 1980), [True, True, True, False, True]),  # 75 % of 1980 is 1485
        ((1000, 1500, 760, 740), [True, True, True, False]),  # held to the first, not to the best
        ((None, None), [True, True]),
        ((None, 1000, 700), [True, True, False]),
        ((1000, None, 700), [True, True, False]),
    ],
)
def test_a_call_counts_down_to_three_quarters_of_the_first_clock(
    mhz: tuple[float | None, ...], kept: list[bool]
) -> None:
    counts = accepted(clocks(*mhz))
    assert [counts() for _ in mhz] == kept
