"""A roofline written by hand, in every number: what its document and the renderers are tested on."""

from __future__ import annotations

from inception_profiler.records.latency import CONVERGED
from inception_profiler.records.roofline import Ceilings, LayerTime, Roofline
from tests.fixed import spec
from tests.fixed_latency import HOST, PLACE, SETTING

ROOFS = Ceilings("Model Device 80GB", "bf16", 16, 1e12, 1e11, 5e11, 32 * 2**20, "2026-01-02T03:04:05+00:00")
ROWS = (
    # name, op, seconds, macs, flops, bytes
    ("block_a/3x3", "conv2d", 3.0e-3, 1_000_000_000, 2_000_000_000, 8_000_000),
    ("block_a/3x3", "relu", 2.0e-4, 0, 4_000_000, 64_000_000),
    ("block_a/pool", "max_pool2d", 5.0e-3, 0, 9_000_000, 40_000_000),
    ("block_b", "cat", 5.0e-5, 0, 0, 10_000_000),
    ("block_b/1x1", "conv2d", 4.0e-4, 150_000_000, 300_000_000, 6_000_000),
    ("", "flatten", 2.0e-6, 0, 0, 0),
    ("head", "linear", 1.0e-3, 50_000_000, 100_000_000, 80_000_000),
)


def timed(*, host: bool = False) -> Roofline:
    """A roofline of an accelerator; of a processor, its layers not adding up to the whole, with ``host``."""
    layers = tuple(
        LayerTime(index, name.replace("/", "."), name, op, spec(2, 4, 8, 8), seconds, macs, flops, nbytes)
        for index, (name, op, seconds, macs, flops, nbytes) in enumerate(ROWS)
    )
    return Roofline(
        model="small",
        inputs=(spec(2, 3, 8, 8),),
        setting=SETTING,
        environment=HOST if host else PLACE,
        ceilings=ROOFS,
        layers=layers,
        whole_seconds=0.012 if host else 0.01,
        rounds=25,
        blocked=None if host else False,
        stopped=CONVERGED,
        notes=("small: 1 BatchNorms do not follow a convolution and stay",) if host else (),
    )
