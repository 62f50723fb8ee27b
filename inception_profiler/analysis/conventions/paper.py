"""``paper``: the multiply-adds that papers print, whatever they call them."""

from __future__ import annotations

from collections.abc import Iterable

from inception_profiler.analysis.conventions.convention import Share, convention
from inception_profiler.analysis.conventions.survey import Survey
from inception_profiler.records.convention import MACS
from inception_profiler.records.trace import Call


@convention(
    "paper",
    tool="the papers on convolutional networks",
    version="",
    title="multiply-adds",
    scope="one for each MAC of convolutions, linear layers and matrix products; nothing else",
)
def paper(call: Call, survey: Survey) -> Iterable[Share]:
    """Charge the MACs."""
    return [Share(MACS, call.cost.macs)] if call.cost.macs else []
