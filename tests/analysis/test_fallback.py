"""Models whose forward pass depends on data are run for real, on a copy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from inception_profiler import Profile, profile


class Net(nn.Module):
    """Two convolutions and a classifier; between them runs what a test puts there."""

    def __init__(self, between: Callable[[nn.Module, Tensor], Tensor]) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.gate = Gate(between)
        self.second = nn.Conv2d(4, 8, 3, stride=2)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.linear = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.gate(torch.relu(self.norm(self.first(x))))
        x = self.second(x).flatten(2).transpose(1, 2)
        x = x + self.attention(x, x, x, need_weights=False)[0]
        return self.linear(x.mean(1)).softmax(-1)


class Gate(nn.Module):
    def __init__(self, between: Callable[[nn.Module, Tensor], Tensor]) -> None:
        super().__init__()
        self.between = between
        self.register_buffer("steps", torch.zeros((), dtype=torch.long))

    def forward(self, x: Tensor) -> Tensor:
        return self.between(self, x)


def branch(_: nn.Module, x: Tensor) -> Tensor:
    return x * 2 if x.sum() > -1 else x


def value(_: nn.Module, x: Tensor) -> Tensor:
    return x * (2 if x.max().item() > -1 else 3)


def mask(_: nn.Module, x: Tensor) -> Tensor:
    return x * 2 if x[x > -1].numel() else x


def indices(_: nn.Module, x: Tensor) -> Tensor:
    return x * 2 if len((x > -1).nonzero()) else x


def counter(self: Any, x: Tensor) -> Tensor:
    self.steps += 1
    return x * 2 if int(self.steps) == 1 else x


def swallowed(_: nn.Module, x: Tensor) -> Tensor:
    try:
        return x * 2 if bool(x.sum() > -1) else x
    except Exception:
        return x


def contractions(result: Profile) -> list[tuple[str, int, int]]:
    return [(layer.path, layer.macs, layer.contraction_activations) for layer in result.layers if layer.macs]


@pytest.mark.parametrize(
    "between", [branch, value, mask, indices, counter, swallowed], ids=lambda f: f.__name__
)
@pytest.mark.parametrize("train", [False, True])
def test_the_counts_are_those_of_the_model_without_the_question(between: Any, train: bool) -> None:
    static = profile(Net(lambda _, x: x * 2), (2, 3, 9, 9), train=train)
    result = profile(Net(between), (2, 3, 9, 9), train=train)
    assert static.fallback == ""
    assert result.fallback.endswith("in layer gate depends on data")
    assert contractions(result) == contractions(static)
    assert (result.params, result.mode) == (static.params, static.mode)
    assert result.not_executed == static.not_executed
    assert result.unpriced == static.unpriced
    assert [layer.op for layer in result.layers if not layer.path.startswith("gate")] == [
        layer.op for layer in static.layers if not layer.path.startswith("gate")
    ]
    questions = sum(layer.ops for layer in result.layers if layer.path == "gate")
    doubling = sum(layer.ops for layer in static.layers if layer.path == "gate")
    assert result.ops - questions == static.ops - doubling


def test_the_live_peak_is_the_same_too() -> None:
    static = profile(Net(lambda _, x: x * 2), (2, 3, 9, 9))
    assert profile(Net(branch), (2, 3, 9, 9)).peak_activation_bytes == static.peak_activation_bytes


def test_half_precision_weights_run_in_half_precision() -> None:
    result = profile(Net(branch).to(torch.bfloat16), (2, 3, 9, 9))
    assert result.fallback
    assert {spec.dtype for spec in result.inputs} == {"bfloat16"}


def test_the_values_of_the_model_are_no_reason_to_run_it() -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("limit", torch.tensor(3.0))

        def forward(self, x: Tensor) -> Tensor:
            return x * 2 if self.limit.item() > 2 else x

    assert profile(Scaled(), (1, 4)).fallback == ""


def test_a_first_try_that_failed_halfway_leaves_nothing_in_the_copy() -> None:
    class Cached(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.linear = nn.Linear(4, 4)
            self.cache: Tensor | None = None
            self.seen: list[Tensor] = []

        def forward(self, x: Tensor) -> Tensor:
            assert not self.seen
            self.seen.append(x)
            if self.cache is None:
                self.cache = self.linear(x)
            return self.cache + 1 if self.cache.sum() > -1e9 else x

    result = profile(Cached(), (2, 4))
    assert [layer.op for layer in result.layers] == ["linear", "sum", "gt", "add"]
