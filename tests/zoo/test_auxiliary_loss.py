from __future__ import annotations

from typing import NamedTuple

import pytest
import torch
from torch import Tensor

from inception_profiler.errors import InputError
from inception_profiler.zoo.auxiliary_loss import auxiliary_loss
from inception_profiler.zoo.card import build
from inception_profiler.zoo.inception_v1 import InceptionOutput

TARGET = torch.tensor([0, 2])


class OneHead(NamedTuple):
    logits: Tensor
    aux_logits: Tensor | None


def logits(seed: int) -> Tensor:
    return torch.randn(2, 3, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def by_hand(x: Tensor) -> float:
    """Minus the mean of the log of the softmax at the right class."""
    return -sum(
        (row[right] - row.exp().sum().log()).item() for row, right in zip(x, TARGET, strict=True)
    ) / len(TARGET)


def test_the_documents_total() -> None:
    real, aux1, aux2 = logits(0), logits(1), logits(2)
    total = auxiliary_loss(InceptionOutput(real, aux2, aux1), TARGET)
    assert total.shape == ()
    assert total.item() == pytest.approx(by_hand(real) + 0.3 * by_hand(aux1) + 0.3 * by_hand(aux2))


def test_the_weights_are_an_argument() -> None:
    output = InceptionOutput(logits(0), logits(2), logits(1))
    real, aux2, aux1 = map(by_hand, output)
    assert auxiliary_loss(output, TARGET, 0.5).item() == pytest.approx(real + 0.5 * (aux1 + aux2))
    assert auxiliary_loss(output, TARGET, (0.2, 0.1)).item() == pytest.approx(real + 0.2 * aux2 + 0.1 * aux1)
    assert auxiliary_loss(output, TARGET, 0).item() == pytest.approx(real)


def test_one_head_and_a_head_that_was_not_built() -> None:
    output = OneHead(logits(0), logits(1))
    assert auxiliary_loss(output, TARGET, 0.4).item() == pytest.approx(
        by_hand(output[0]) + 0.4 * by_hand(logits(1))
    )
    assert auxiliary_loss(OneHead(logits(0), None), TARGET).item() == pytest.approx(by_hand(logits(0)))


def test_plain_logits_have_their_own_loss_only() -> None:
    assert auxiliary_loss(logits(0), TARGET).item() == pytest.approx(by_hand(logits(0)))


@pytest.mark.parametrize("weights", [(), (0.3,), (0.3, 0.3, 0.3)])
def test_the_weights_must_be_as_many_as_the_heads(weights: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match=f"{len(weights)} weights for 2 auxiliary outputs"):
        auxiliary_loss(InceptionOutput(logits(0), logits(1), logits(2)), TARGET, weights)


def test_an_output_without_logits_is_refused() -> None:
    with pytest.raises(InputError, match="no logits"):
        auxiliary_loss((None, logits(0)), TARGET)


def test_it_takes_what_a_network_returns_and_reaches_its_heads() -> None:
    torch.manual_seed(0)
    network = build("inception_v1", aux=True, num_classes=3).train()
    auxiliary_loss(network(torch.randn(2, 3, 224, 224)), TARGET).backward()
    for head in (network.loss1, network.loss2):
        assert head.classifier.weight.grad.abs().sum() > 0
    network.eval()
    with torch.no_grad():
        assert auxiliary_loss(network(torch.randn(2, 3, 224, 224)), TARGET).isfinite()
