"""A benchmark written by hand, in every number: what its document and the renderers are tested on."""

from __future__ import annotations

from dataclasses import replace

from inception_profiler.records.latency import (
    CONVERGED,
    FAILED,
    TIME,
    Benchmark,
    Energy,
    Environment,
    Footprint,
    Measurement,
    Ratio,
    Setting,
)
from tests.fixed import spec

PLACE = Environment(
    device="Model Device 80GB",
    kind="cuda",
    memory_bytes=80 * 2**30,
    driver="driver 999.1, CUDA 13.0, cuDNN 91000",
    torch="2.14.1",
    python="3.11.7",
    system="Linux 6.1",
    processor="Model Processor",
    cores=16,
    threads=16,
    capability="9.0",
    load=20.0,
    clock_mhz=(1_755.0, 1_740.0),
    temperature=(41.0, 62.0),
    power_watts=(70.0, 512.0),
    throttled=("power cap",),
    others=1,
    commit="0123456789abcdef",
    version="0.1.0",
    taken="2026-01-02T03:04:05+00:00",
)
HOST = replace(
    PLACE, device="Model Processor", kind="cpu", driver="", capability="AVX512", load=0.5,
    clock_mhz=(), temperature=(), power_watts=(), throttled=(), others=None,
)  # fmt: skip
SETTING = Setting("bf16", "eager", channels_last=True, threads=16, cudnn_benchmark=True)
STEPS = tuple(0.0101 + 0.0001 * (n % 7) for n in range(30))
SHORT = tuple(0.00102 + 0.00001 * (n % 5) for n in range(12))


def measured(model: str, batch: int, seconds: tuple[float, ...], **others: object) -> Measurement:
    values: dict[str, object] = {
        "model": model,
        "inputs": (spec(batch, 3, 8, 8),),
        "batch": batch,
        "setting": SETTING,
        "environment": PLACE,
        "seconds": seconds,
        "device_seconds": tuple(0.5 * value for value in seconds),
        "warm_up": 4,
        "steady": True,
        "stopped": CONVERGED,
        "discarded": 0,
        "prepared_seconds": None,
        "macs": 1_000_000_000 * batch,
        "flops": 2_100_000_000 * batch,
        "ceiling": 4e12,
        "footprint": Footprint(3_000_000 * batch, 3_500_000 * batch, 8_388_608 * batch, 10**9),
        "energy": Energy(600.0, 6.0, 1_000 * batch, 70.0),
        "failed": "",
    }
    return Measurement(**(values | others))  # type: ignore[arg-type]


def raced() -> Benchmark:
    """Two models at two batches on an accelerator; at the larger one of them does not fit."""
    compiled = replace(SETTING, mode="compile")
    slow = tuple(20 * value for value in SHORT)
    spiked = (*STEPS[:-1], 1.0)
    return Benchmark(
        (
            measured("small", 1, SHORT, steady=False, discarded=2),
            measured("large", 1, slow, macs=12_000_000_000, flops=24_500_000_000, stopped=TIME),
            measured("small", 32, spiked, setting=compiled, prepared_seconds=12.5),
            measured(
                "large", 32, (), macs=384_000_000_000, flops=784_000_000_000, setting=compiled, warm_up=0,
                device_seconds=(), steady=False, stopped=FAILED, footprint=None, energy=None,
                failed="out of memory",
            ),
        ),
        (Ratio(0, 1, tuple(0.05 + 0.0001 * (n % 3) for n in range(12))),),
        ("tf32 is a mode that this device has not",),
    )  # fmt: skip


def alone() -> Benchmark:
    """One model on the host, in training."""
    row = measured(
        "small", 2, STEPS[:10], environment=HOST, device_seconds=(), energy=None, ceiling=None,
        setting=Setting(train=True, threads=16), footprint=Footprint(2_048, 4_096, None, None),
    )  # fmt: skip
    return Benchmark((row,))
