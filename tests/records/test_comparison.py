from __future__ import annotations

import math

import inception_profiler as ip
from inception_profiler.records.comparison import align, quotient
from inception_profiler.records.metrics import METRICS
from tests.fixed import small


def test_ratios_are_subject_over_reference() -> None:
    comparison = ip.compare(small("large", scale=2), small(), small("huge", scale=4))
    macs = METRICS.get("macs")
    assert comparison.ratio(macs) == 2.0
    assert comparison.ratio(macs, 1) == 0.5
    assert [profile.model for profile in comparison.profiles] == ["large", "small", "huge"]


def test_sizes_are_side_by_side_largest_first() -> None:
    spans = align((small(), small(scale=3)))
    assert [span.title for span in spans] == ["8", "4", "head"]
    assert [group.macs for group in spans[0].groups] == [27_648, 3 * 27_648]


def test_what_only_one_side_has_is_zero_on_the_other() -> None:
    spans = {span.title: span for span in ip.compare(ip.profile("inception_v1"), ip.profile("vgg16")).spans}
    assert list(spans) == ["224", "112", "56", "28", "14", "7", "head"]
    assert spans["224"].groups[0].cost == type(spans["224"].groups[0].cost)()
    assert spans["224"].groups[1].macs > 0


def test_dividing_by_nothing_is_told_apart() -> None:
    assert math.isinf(quotient(1, 0))
    assert math.isnan(quotient(0, 0))
    assert quotient(1, 4) == 0.25
