"""The first engine: every operator of a forward and backward pass on meta tensors, by formulas of its own."""

from __future__ import annotations

from typing import Any

import torch

from inception_profiler.analysis.audit.complex_convolution import declare
from inception_profiler.analysis.audit.operators import contraction_macs
from inception_profiler.analysis.audit.passes import watch
from inception_profiler.analysis.audit.places import Place
from inception_profiler.analysis.audit.tally import Tally
from inception_profiler.analysis.subject import Subject
from inception_profiler.records.profile import Profile

TITLE = "operators"
METHOD = "every operator that PyTorch dispatches in a copy without data, by formulas from shapes alone"


def version() -> str:
    """Return the version of what runs the operators."""
    return f"torch {torch.__version__}"


def count(about: Subject, ours: Profile) -> Tally:
    """Count a subject; on real tensors in a copy where its forward pass needs data."""
    tally = Tally()

    def seen(place: Place, operator: Any, args: tuple[Any, ...], output: Any) -> None:
        macs = contraction_macs(operator, args, output)
        if macs:
            tally.add(place, macs)

    watch(about, seen, real=bool(ours.fallback))
    declare(tally, ours)
    return tally
