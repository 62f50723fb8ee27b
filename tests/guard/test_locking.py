"""What is kept of a profile, against numbers worked out by hand."""

from __future__ import annotations

import torch
from torch import nn

import inception_profiler as ip
from inception_profiler.guard.locking import locked
from inception_profiler.records.lock import IDLE, Asked


class Twice(nn.Module):
    """One layer runs twice, one never, and one operation costs nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.shared = nn.Linear(4, 4)
        self.unused = nn.Linear(4, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (self.shared(self.shared(x)) + x).view(-1)


def test_calls_are_added_up_by_module_and_operation() -> None:
    kept = locked(ip.profile(Twice(), (3, 4)))
    rows = [(row.path, row.op, row.output, row.calls, row.params, row.macs) for row in kept.layers]
    assert rows == [
        ("shared", "linear", "3x4", 2, 4 * 4 + 4, 2 * 3 * 4 * 4),
        ("", "add", "3x4", 1, 0, 0),
        ("unused", IDLE, "", 0, 4 * 5 + 5, 0),
    ]
    assert kept.total("params") == sum(parameter.numel() for parameter in Twice().parameters())
    assert kept.layers[0].activation_bytes == 2 * 3 * 4 * 4
    assert kept.inputs == ("float32:3x4",)


def test_training_has_its_gradients_and_a_name_its_inputs() -> None:
    kept = locked(
        ip.profile(Twice(), inputs={"x": "float32:3x4"}, train=True), Asked("n", "nets:Twice"), ["launches"]
    )
    assert kept.inputs == ("x=float32:1x3x4",)
    assert kept.mode == "training"
    # the first call of the layer needs the gradient of its weight only: its input is the model's own
    assert kept.total("backward_macs") == 3 * 3 * 4 * 4
    assert kept.total("launches") is not None
    assert kept.total("calls") is None
    assert kept.name == "n"
