"""What a convolutional network costs: exact parameters, MACs, FLOPs, activations and memory, layer by layer.

>>> import inception_profiler as ip
>>> p = ip.profile("inception_v1")
>>> p.params, p.macs
(6998552, 1582671872)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from inception_profiler.records.display import shown_by
from inception_profiler.version import __version__

if TYPE_CHECKING:
    from inception_profiler.analysis.audit.agreement import audit
    from inception_profiler.analysis.compare import compare
    from inception_profiler.analysis.conventions.translate import explain, translate
    from inception_profiler.analysis.memory.largest import largest_batch
    from inception_profiler.analysis.memory.lens import memory
    from inception_profiler.analysis.own import op, remove_op
    from inception_profiler.analysis.profile import profile
    from inception_profiler.analysis.scaling import scale
    from inception_profiler.bench import bench
    from inception_profiler.bench.layers import roofline
    from inception_profiler.claims.calculator import argue, arguments
    from inception_profiler.claims.ledger import ledger, verify
    from inception_profiler.errors import ProfilerError
    from inception_profiler.guard.public import check, diff
    from inception_profiler.ops.rule import Outcome
    from inception_profiler.records.archive import load
    from inception_profiler.records.argument import Argument
    from inception_profiler.records.audit import Audit
    from inception_profiler.records.check import Check
    from inception_profiler.records.claim import Claim, Finding, Ledger
    from inception_profiler.records.comparison import Comparison
    from inception_profiler.records.cost import Cost
    from inception_profiler.records.coverage import Coverage
    from inception_profiler.records.difference import Difference
    from inception_profiler.records.latency import Benchmark, Measurement
    from inception_profiler.records.layer import Group, LayerCost
    from inception_profiler.records.memory import Memory
    from inception_profiler.records.metrics import METRICS
    from inception_profiler.records.profile import Profile
    from inception_profiler.records.roofline import Roofline
    from inception_profiler.records.scaling import Scaling
    from inception_profiler.zoo.auxiliary_loss import auxiliary_loss
    from inception_profiler.zoo.card import build, models

_HOMES = {
    "audit": "analysis.audit.agreement",
    "compare": "analysis.compare",
    "explain": "analysis.conventions.translate",
    "op": "analysis.own",
    "largest_batch": "analysis.memory.largest",
    "memory": "analysis.memory.lens",
    "profile": "analysis.profile",
    "remove_op": "analysis.own",
    "scale": "analysis.scaling",
    "bench": "bench",
    "roofline": "bench.layers",
    "argue": "claims.calculator",
    "arguments": "claims.calculator",
    "translate": "analysis.conventions.translate",
    "ledger": "claims.ledger",
    "verify": "claims.ledger",
    "check": "guard.public",
    "diff": "guard.public",
    "ProfilerError": "errors",
    "Outcome": "ops.rule",
    "Argument": "records.argument",
    "Audit": "records.audit",
    "auxiliary_loss": "zoo.auxiliary_loss",
    "build": "zoo.card",
    "models": "zoo.card",
    "load": "records.archive",
    "Check": "records.check",
    "Claim": "records.claim",
    "Finding": "records.claim",
    "Ledger": "records.claim",
    "Comparison": "records.comparison",
    "Cost": "records.cost",
    "Coverage": "records.coverage",
    "Difference": "records.difference",
    "Benchmark": "records.latency",
    "Measurement": "records.latency",
    "Memory": "records.memory",
    "METRICS": "records.metrics",
    "Group": "records.layer",
    "LayerCost": "records.layer",
    "Profile": "records.profile",
    "Roofline": "records.roofline",
    "Scaling": "records.scaling",
}

shown_by(lambda: importlib.import_module(f"{__name__}.render.notebook"))

__all__ = [
    "METRICS",
    "Argument",
    "Audit",
    "Benchmark",
    "Check",
    "Claim",
    "Comparison",
    "Cost",
    "Coverage",
    "Difference",
    "Finding",
    "Group",
    "LayerCost",
    "Ledger",
    "Measurement",
    "Memory",
    "Outcome",
    "Profile",
    "ProfilerError",
    "Roofline",
    "Scaling",
    "__version__",
    "argue",
    "arguments",
    "audit",
    "auxiliary_loss",
    "bench",
    "build",
    "check",
    "compare",
    "diff",
    "explain",
    "largest_batch",
    "ledger",
    "load",
    "memory",
    "models",
    "op",
    "profile",
    "remove_op",
    "roofline",
    "scale",
    "translate",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that importing the package does not import torch."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
