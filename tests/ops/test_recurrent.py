"""Recurrent layers against loops over steps, gates and weights, and against PyTorch's counter."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from inception_profiler import profile
from tests.ops import counting as c
from tests.ops.agreement import Form, agree, counts, few, refused, registered
from tests.ops.drawing import filled

GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}


def test_every_rule_has_a_case() -> None:
    assert registered("recurrent") == {*GATES, *(f"{name}_cell" for name in GATES)}


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + c.exp(-x))


def _tanh(x: Any) -> Any:
    return 1 - 2 / (c.exp(x * 2) + 1)


def _product(matrix: Tensor, vector: list[float], tally: Counter[str]) -> list[Any]:
    found = []
    for row in matrix.tolist():
        total = 0.0
        for left, right in zip(row, vector, strict=True):
            total += left * right
            tally["macs"] += 1
        found.append(c.Counted(total, tally))
    return found


def _step(name: str, x: list[float], state: Any, weights: Any, biases: Any, tally: Counter[str]) -> Any:
    """One step of one example, by the equations of PyTorch's documentation."""
    hidden, cell = state
    left, right = _product(weights[0], x, tally), _product(weights[1], hidden, tally)
    if biases:
        left = [value + bias for value, bias in zip(left, biases[0].tolist(), strict=True)]
        right = [value + bias for value, bias in zip(right, biases[1].tolist(), strict=True)]
    units = len(left) // GATES[name]
    parts = [range(gate * units, (gate + 1) * units) for gate in range(GATES[name])]
    if name == "lstm":
        kept, fresh = [], []
        for i, f, g, o, old in zip(*parts, cell, strict=True):
            gates = [left[place] + right[place] for place in (i, f, g, o)]
            new = _sigmoid(gates[1]) * old + _sigmoid(gates[0]) * _tanh(gates[2])
            kept.append(c.plain(new))
            fresh.append(c.plain(_sigmoid(gates[3]) * _tanh(new)))
        return fresh, kept
    if name == "gru":
        fresh = []
        for r, z, n, old in zip(*parts, hidden, strict=True):
            reset, update = _sigmoid(left[r] + right[r]), _sigmoid(left[z] + right[z])
            new = _tanh(left[n] + reset * right[n])
            fresh.append(c.plain((1 - update) * new + update * old))
        return fresh, cell
    ends = {"rnn_tanh": _tanh, "rnn_relu": lambda x: c.maximum(x, 0.0)}[name]
    return [c.plain(ends(a + b)) for a, b in zip(left, right, strict=True)], cell


def _layer(name: str, x: Tensor, hidden: Tensor, weights: list[Any], tally: Counter[str]) -> Tensor:
    """A layer of one direction over (steps, examples, inputs), from a state of ``hidden`` for both."""
    examples = []
    for example in range(x.shape[1]):
        state = (hidden[0, example].tolist(), hidden[0, example].tolist())
        outputs = []
        for step in x[:, example].tolist():
            state = _step(name, step, state, weights[:2], weights[2:], tally)
            outputs.append(state[0])
        examples.append(torch.tensor(outputs))
    return torch.stack(examples, 1)


@pytest.mark.parametrize("name", GATES)
@pytest.mark.parametrize("wrong", [0, 0, 1])
@few(8)
@given(data=st.data())
def test_layers_and_cells(name: str, wrong: int, data: st.DataObject) -> None:
    side = st.integers(1, 3)
    steps, examples, inputs, units = (data.draw(side) for _ in range(4))
    biases, first = data.draw(st.booleans()), data.draw(st.booleans())
    rows = GATES[name] * units
    weights = [filled((rows, inputs + wrong)), filled((rows, units)) * 0.5]
    weights += [filled((rows,)), filled((rows,)) * 0.3] if biases else []
    x, hidden = filled((steps, examples, inputs)), filled((1, examples, units)) * 0.7
    state = (hidden, hidden) if name == "lstm" else hidden
    given_x = x.transpose(0, 1) if first else x
    layer = getattr(torch, name)
    cost = None
    if name != "lstm" or not wrong:  # oneDNN's LSTM does not look at the sizes: nn.LSTM does
        cost = agree(layer, given_x, state, weights, biases, 1, 0.0, False, False, first)
    single = (hidden[0], hidden[0]) if name == "lstm" else hidden[0]
    cell = agree(getattr(torch, f"{name}_cell"), x[0], single, *weights)
    assert (cost is None) == (cell is None) == bool(wrong)
    if cost is None or cell is None:
        return
    tally: Counter[str] = Counter()
    outputs = _layer(name, x, hidden, weights, tally)
    assert counts(cost) == {kind: count for kind, count in tally.items() if count}
    real = getattr(torch, name)(x, state, weights, biases, 1, 0.0, False, False, False)[0]
    torch.testing.assert_close(outputs, real, rtol=1e-4, atol=1e-4)
    one: Counter[str] = Counter()
    _layer(name, x[:1], hidden, weights, one)
    assert counts(cell) == {kind: count for kind, count in one.items() if count}


LAYERS = [
    nn.LSTM(5, 4, 2, bidirectional=True, batch_first=True),
    nn.LSTM(5, 4, 3, proj_size=2, bias=False),
    nn.LSTM(5, 4, 2, proj_size=3, bidirectional=True),
    nn.GRU(5, 4, 2, bidirectional=True),
    nn.RNN(5, 4, 2, nonlinearity="relu"),
    nn.RNN(5, 4),
]


@pytest.mark.parametrize("layer", LAYERS, ids=str)
def test_stacked_layers_are_what_pytorch_counts(layer: nn.Module) -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inside, self.layer = nn.Linear(5, 5), layer

        def forward(self, x: Tensor) -> Tensor:
            return self.layer(self.inside(x))[0]

    forward, backward = profile(Net(), (3, 2, 5)), profile(Net(), (3, 2, 5), train=True)
    assert forward.unpriced == ()
    assert sum(entry.call.kind == "recurrent" for entry in forward.layers) == 1
    counter = FlopCounterMode(display=False)
    model = Net().to("meta")
    with counter:
        output = model(torch.empty((3, 2, 5), device="meta"))
    assert 2 * forward.macs == counter.get_total_flops()
    with counter:
        output.sum().backward()
    assert 2 * backward.backward_macs == counter.get_total_flops()
    layer.to_empty(device="cpu")


def test_a_packed_sequence_costs_its_own_steps() -> None:
    layer = nn.GRU(5, 4)
    packed = nn.utils.rnn.pack_padded_sequence(torch.zeros(6, 3, 5), torch.tensor([6, 4, 1]))

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = layer

        def forward(self, x: Tensor) -> Tensor:
            return self.layer(nn.utils.rnn.PackedSequence(x, packed.batch_sizes))[0].data

    ragged, full = profile(Net(), (11, 5)), profile(layer, (6, 3, 5))
    assert ragged.macs * 18 == full.macs * 11
    assert ragged.ops * 18 == full.ops * 11
    assert ragged.layers[-1].call.outputs[0].shape == (11, 4)


def test_dropout_between_layers_is_work_in_training_only() -> None:
    model, plain = nn.LSTM(5, 4, 3, dropout=0.5), nn.LSTM(5, 4, 3)
    assert profile(model, (6, 2, 5)).ops == profile(plain, (6, 2, 5)).ops
    more = profile(model, (6, 2, 5), train=True).ops - profile(plain, (6, 2, 5), train=True).ops
    assert more == 2 * (2 * 6 * 2 * 4)  # two boundaries; a comparison and a multiplication an element


def test_a_long_sequence_is_one_call() -> None:
    result = profile(nn.LSTM(8, 8), (5_000, 1, 8))
    assert sum(layer.op == "lstm" for layer in result.layers) == 1
    assert result.macs == 5_000 * 2 * 32 * 8


def test_a_wrong_state_is_pytorchs_own_error() -> None:
    x, state, weights = filled((2, 3, 5)), filled((1, 2, 4)), [filled((12, 5)), filled((12, 4))]
    form = Form(torch.gru, (x, state, weights, False, 1, 0.0, False, False, False))
    with pytest.raises(RuntimeError) as caught:
        form.real()
    refused(form, caught.value)
