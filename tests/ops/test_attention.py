"""Attention against loops over queries, keys and their elements."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from tests.ops import counting as c
from tests.ops.agreement import agree, counts, few, registered
from tests.ops.drawing import filled


def test_every_rule_has_a_case() -> None:
    assert registered("attention") == {"scaled_dot_product_attention"}


def _attend(query: Any, key: Any, value: Any, mask: Any, tally: Counter[str]) -> list[float]:
    """One head: scores, softmax, weighted sum; a multiply-add is one step of a dot product."""
    found = []
    for row, line in enumerate(query.tolist()):
        scores = []
        for column, other in enumerate(key.tolist()):
            score = 0.0
            for left, right in zip(line, other, strict=True):
                score += left * right
                tally["macs"] += 1
            number = c.Counted(score, tally) * (1 / math.sqrt(len(line)))
            scores.append(number if mask is None else number + mask[row][column])
        high = scores[0]
        for score in scores[1:]:
            high = c.maximum(high, score)
        powers = [c.exp(score - high) for score in scores]
        total = c.added(powers)
        weights = [power / total for power in powers]
        for column in range(value.shape[-1]):
            mixed = 0.0
            for weight, other in zip(weights, value[:, column].tolist(), strict=True):
                mixed += weight.value * other
                tally["macs"] += 1
            found.append(mixed)
    return found


@pytest.mark.parametrize("wrong", [0, 1])
@few(30)
@given(data=st.data())
def test_attention(wrong: int, data: st.DataObject) -> None:
    side = st.integers(1, 3)
    batch = data.draw(st.lists(side, max_size=2))
    rows, columns, inner, width = (data.draw(side) for _ in range(4))
    query, key = filled((*batch, rows, inner)), filled((*batch, columns, inner + wrong))
    value = filled((*batch, columns, width))
    masks = [None, filled((rows, columns)), filled((columns,)), filled((rows + 4, columns))]
    mask = data.draw(st.sampled_from(masks))
    causal = data.draw(st.booleans()) and mask is None
    cost = agree(F.scaled_dot_product_attention, query, key, value, mask, 0.0, causal)
    assert cost is None or not wrong
    if cost is None:
        return
    tally: Counter[str] = Counter()
    values: list[float] = []
    added = None if mask is None else mask.expand(rows, columns).tolist()
    for q, k, v in zip(*(x.reshape(-1, *x.shape[-2:]) for x in (query, key, value)), strict=True):
        values += _attend(q, k, v, added, tally)
    assert counts(cost) == {kind: count for kind, count in tally.items() if count}
    if not causal:
        expected = F.scaled_dot_product_attention(query, key, value, mask).flatten()
        torch.testing.assert_close(torch.tensor(values), expected, rtol=1e-4, atol=1e-4)


def test_query_heads_that_share_a_key() -> None:
    query, key = filled((2, 4, 3, 5)), filled((2, 2, 6, 5))
    cost = agree(F.scaled_dot_product_attention, query, key, key, enable_gqa=True)
    assert cost is not None
    assert cost.macs == 2 * 4 * 3 * 6 * (5 + 5)
    assert (
        agree(
            F.scaled_dot_product_attention, query, filled((2, 3, 6, 5)), filled((2, 3, 6, 5)), enable_gqa=True
        )
        is None
    )


def test_a_mask_of_truths_takes_a_comparison() -> None:
    x, mask = filled((1, 2, 4, 8)), torch.ones(4, 4, dtype=torch.bool)
    plain, masked = (agree(F.scaled_dot_product_attention, x, x, x, given) for given in (None, mask))
    assert plain is not None
    assert masked is not None
    assert masked.ops - plain.ops == 2 * 4 * 4
