"""One judgement of the ledger, by the names of its claim and its quantity."""

from __future__ import annotations

import inception_profiler as ip
from inception_profiler.records.claim import Judgement


def judged(claim: str, quantity: str) -> Judgement:
    return next(each for each in ip.verify(claim).judgements if each.quantity.name == quantity)


def value(claim: str, quantity: str) -> float:
    """Return the right value of a quantity: that of the reading that agrees, or else of the default."""
    reading = judged(claim, quantity).reading
    assert reading is not None
    return reading.value


def kind(claim: str, quantity: str) -> str:
    return judged(claim, quantity).verdict.kind
