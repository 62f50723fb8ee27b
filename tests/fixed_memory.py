"""Memory written by hand, in every number: what its documents and the renderers are tested on."""

from __future__ import annotations

from inception_profiler.records.allocation import Allocated, Allocation
from inception_profiler.records.fit import Fit
from inception_profiler.records.memory import (
    ACTIVATION,
    BACKWARD,
    FORWARD,
    GRADIENT,
    LOSS,
    PARAMETER_GRADIENT,
    STATE,
    STEP,
    LayerMemory,
    Memory,
    Moment,
    Peak,
    Tenant,
)
from tests.fixed import spec

STEM = Tenant(0, "stem/3x3", "conv2d", spec(2, 16, 8, 8), 8_192, ACTIVATION, True)
PLAIN = Tenant(0, "stem/3x3", "conv2d", spec(2, 16, 8, 8), 8_192, ACTIVATION, False)
POOL = Tenant(2, "pool", "max_pool2d", spec(2, 16, 4, 4), 2_048, ACTIVATION, False)
SLOPE = Tenant(3, "fc", "linear", spec(2, 256), 2_048, GRADIENT, False)
WEIGHT = Tenant(3, "fc", "linear", spec(2_570), 10_280, PARAMETER_GRADIENT, False)
MOMENTUM = Tenant(-1, "adam", "step", spec(6_036), 24_144, STATE, False)


def peak(phase: str, index: int, name: str, op: str, *alive: Tenant) -> Peak:
    ranked = tuple(sorted(alive, key=lambda tenant: -tenant.nbytes))
    return Peak(phase, index, name, op, sum(tenant.nbytes for tenant in alive), ranked)


def remembered(model: str = "small", *, trained: bool = False, fallback: str = "") -> Memory:
    """Three layers and an operation that makes nothing new, in an inference or in a step of training."""
    t = int(trained)
    peaks = (peak(FORWARD, 2, "pool", "max_pool2d", PLAIN, POOL),)
    if trained:
        peaks = (
            peak(FORWARD, 2, "pool", "max_pool2d", STEM, POOL, MOMENTUM),
            peak(LOSS, -1, "loss", "sum", STEM, MOMENTUM),
            peak(BACKWARD, 3, "fc", "linear", STEM, POOL, SLOPE, WEIGHT, MOMENTUM),
            peak(STEP, -1, "adam", "step", WEIGHT, MOMENTUM),
        )
    state = 24_144 * t
    return Memory(
        model=model,
        mode="training" if trained else "inference",
        inputs=(spec(2, 3, 8, 8),),
        optimizer="adam" if trained else "",
        foreach=False,
        weight_bytes=12_072,
        buffer_bytes=64,
        input_bytes=1_536,
        gradient_bytes=12_072 * t,
        optimizer_bytes=state,
        output_bytes=10_320,
        saved_bytes=10_240 * t,
        end_bytes=36_296 if trained else 80,
        first_peak_bytes=22_568 * t,
        layers=(
            LayerMemory(
                0, "stem.conv_3x3", "stem/3x3", "conv2d", (spec(2, 16, 8, 8),),
                1_792, 1_792 * t, 3_584 * t, 8_192, 8_192 + state, 8_192 * t, 44_000 * t,
            ),
            LayerMemory(
                1, "stem.relu", "stem/relu", "relu_", (spec(2, 16, 8, 8),), 0, 0, 0, 0, 8_192 + state, 0, 0,
            ),
            LayerMemory(
                2, "pool", "pool", "max_pool2d", (spec(2, 16, 4, 4),),
                0, 0, 0, 2_048, 10_240 + state, 2_048 * t, 45_000 * t,
            ),
            LayerMemory(
                3, "fc", "fc", "linear", (spec(2, 10),),
                10_280, 10_280 * t, 20_560 * t, 80, 2_128 + state, 0, 46_712 * t,
            ),
        ),
        peaks=peaks,
        timeline=(Moment(FORWARD, 0, 8_192, 8_192), Moment(FORWARD, 2, 10_240, 2_048)),
        fallback=fallback,
    )  # fmt: skip


def fitted() -> Fit:
    """Batch 2 of 64 KiB."""
    memory = remembered(trained=True)
    return Fit(memory, 65_536, 2, 70_000, ((1, 50_000), (2, memory.total_bytes), (3, 70_000)))


def allocated(*, wrong: bool = False) -> Allocated:
    """An inference of which one convolution took workspace, or of which the prediction was too high."""
    return Allocated(
        memory=remembered(),
        library="PyTorch 2, AVX2, 2 threads",
        peak_bytes=13_312,
        end_bytes=80,
        off_bytes=int(wrong) * 512,
        allocations=(
            Allocation(FORWARD, 0, "stem/3x3", "conv2d", 8_192, 4_096, 13_312),
            Allocation(FORWARD, 2, "pool", "max_pool2d", 10_240, 0, 10_240 - wrong),
            Allocation(FORWARD, 3, "fc", "linear", 2_128, 0, 2_128),
        ),
    )
