"""Recurrent layers and their cells: LSTM, GRU, and the plain RNN.

A whole layer is one call, whatever the length of its sequences. Each element of a weight matrix takes one
multiply-accumulate per example and step::

    macs = steps · Σ elements of the weight matrices        steps = examples · length

where a packed sequence has as many steps as it has rows. What else a step costs is stated with each layer,
per hidden unit H and direction; biases are one add per gate each.
"""

# ruff: noqa: ARG001 - a rule takes all arguments of its function, also those that cost nothing

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from inception_profiler.ops.activation import ACTIVATIONS
from inception_profiler.ops.rule import ON_META, Outcome, Price, Work, op, require

_SIGMOID, _TANH = ACTIVATIONS["sigmoid"], ACTIVATIONS["tanh"]
_DROPOUT = Work(comparisons=1, multiplications=1)


def _sum(*parts: Work) -> Work:
    return Work(*map(sum, zip(*parts, strict=True)))


_STEPS = {
    # Sums of both products at 4 gates, 3 sigmoids and a tanh; c′ = f·c + i·g; h′ = o·tanh(c′).
    "lstm": (4, _sum(Work(adds=4 + 1, multiplications=3), _SIGMOID.times(3), _TANH.times(2))),
    # Sums of both products at 3 gates, 2 sigmoids and a tanh; r·(W h + b) in the third; h′ = (1 − z)·n + z·h.
    "gru": (3, _sum(Work(adds=3 + 2, multiplications=1 + 2), _SIGMOID.times(2), _TANH)),
    "rnn_tanh": (1, _sum(Work(adds=1), _TANH)),
    "rnn_relu": (1, _sum(Work(adds=1), ACTIVATIONS["relu"])),
}
_SAID = {
    "lstm": """c′ = σ(f)·c + σ(i)·tanh(g) and h′ = σ(o)·tanh(c′)

    with four gates, each the sum of two products: per unit and step 3 sigmoids, 2 tanh, 3 multiplications and
    5 adds. A projection of h′ is one matrix more.""",
    "gru": """h′ = (1 − z)·n + z·h,  n = tanh(W x + r·(U h))

    with sigmoids z and r, three gates of two products each: per unit and step 2 sigmoids, a tanh, 3
    multiplications and 5 adds.""",
    "rnn_tanh": """h′ = tanh(W x + U h)

    Per unit and step a tanh and an add.""",
    "rnn_relu": """h′ = max(W x + U h, 0)

    Per unit and step a comparison and an add.""",
}


def _layers(biases: bool, projected: bool, weights: Sequence[Tensor]) -> list[Sequence[Tensor]]:
    """Return the weights of each layer and direction."""
    each = 2 + 2 * biases + projected
    require(len(weights) > 0 and len(weights) % each == 0)
    return [weights[start : start + each] for start in range(0, len(weights), each)]


def _step(name: str, biases: bool, weights: Sequence[Tensor]) -> tuple[int, Work]:
    """Return the MACs and the other work of one step of one layer and direction."""
    gates, work = _STEPS[name]
    units = weights[0].shape[0] // gates
    macs = sum(weight.numel() for weight in weights if weight.dim() == 2)
    return macs, _sum(work.times(units), Work(adds=2 * gates * units * biases))


def _layer(name: str) -> Price:
    gates = _STEPS[name][0]

    def price(input: Tensor, *rest: Any) -> Outcome:
        packed = None if isinstance(rest[2], bool) else rest[0]
        state, weights, biases, count, dropout, train, both, *order = rest if packed is None else rest[1:]
        hidden = state[0] if name == "lstm" else state
        directions = 1 + both
        first = bool(order and order[0])
        sequences = _sequences(input, hidden, packed, first)
        projected = name == "lstm" and state[0].shape[-1] != state[1].shape[-1]
        layers = _layers(biases, projected, weights)
        require(len(layers) == count * directions == hidden.shape[0])
        outputs, width = hidden.shape[-1], input.shape[-1]
        macs, work = 0, Work()
        products: list[tuple[int, Tensor | int, Tensor | int]] = []
        source: Tensor | int = input
        for index, layer in enumerate(layers):
            require(layer[0].shape[1:] == (width,) and layer[0].shape[0] % gates == 0)
            require(layer[1].shape == (layer[0].shape[0], outputs))
            more, other = _step(name, biases, layer)
            macs, work = macs + more, _sum(work, other)
            products += _products(len(products), layer, source, hidden, sequences)
            if index % directions == directions - 1:
                width, source = outputs * directions, len(products) - 1
        between = (count - 1) * width if train and dropout > 0 else 0
        done = _sum(work, _DROPOUT.times(between)).times(sequences)
        require(all(weight.dtype is input.dtype for weight in weights))
        states = (tuple(hidden.shape), *((tuple(state[1].shape),) if name == "lstm" else ()))
        return Outcome(
            ON_META,
            None,
            macs * sequences,
            *done,
            products=tuple(products),
            several=((*input.shape[:-1], width), *states),
            attributes=(("layers", count), ("bidirectional", bool(both)), ("bias", bool(biases))),
        )

    price.__doc__ = f"""Price the layers of an {name.upper()}::

        {_SAID[name]}

    Shapes: input (L, N, C), or (N, L, C) with ``batch_first``, or the (rows, C) of a packed sequence; output
    the same with D·H in place of C; states (layers · D, N, H), for D directions.
    """
    return price


def _products(
    index: int, weights: Sequence[Tensor], source: Tensor | int, hidden: Tensor, steps: int
) -> list[tuple[int, Tensor | int, Tensor | int]]:
    """Return the products of one layer and direction, the first of which is number ``index``.

    The state that was given enters the first step of each example; the others read what the layer made.
    """
    given = min(hidden.shape[1], steps)
    of_input, of_state, *of_output = (weight for weight in weights if weight.dim() == 2)
    made: list[tuple[int, Tensor | int, Tensor | int]] = [
        (steps * of_input.numel(), source, of_input),
        (given * of_state.numel(), hidden, of_state),
        ((steps - given) * of_state.numel(), index, of_state),
    ]
    return made + [(steps * weight.numel(), index + 2, weight) for weight in of_output]


def _sequences(input: Tensor, hidden: Tensor, packed: Any, first: bool) -> int:
    """Return in how many steps of one example the layer runs."""
    if packed is not None:
        require(input.dim() == 2)
        return input.shape[0]
    require(input.dim() == 3 and hidden.dim() == 3 and hidden.shape[1] == input.shape[0 if first else 1])
    return input.shape[0] * input.shape[1]


def _cell(name: str) -> Price:
    def price(
        input: Tensor,
        hx: Any,
        w_ih: Tensor,
        w_hh: Tensor,
        b_ih: Tensor | None = None,
        b_hh: Tensor | None = None,
    ) -> Outcome:
        hidden: Tensor = hx[0] if name == "lstm" else hx
        require(input.dim() == hidden.dim() == 2 and input.shape[0] == hidden.shape[0])
        require(w_ih.shape[1:] == input.shape[1:] and w_hh.shape == (w_ih.shape[0], hidden.shape[1]))
        require(w_ih.shape[0] == _STEPS[name][0] * hidden.shape[1] and w_ih.dtype is input.dtype)
        macs, work = _step(name, b_ih is not None, (w_ih, w_hh))
        steps, shape = input.shape[0], tuple(hidden.shape)
        products = ((steps * w_ih.numel(), input, w_ih), (steps * w_hh.numel(), hidden, w_hh))
        if name == "lstm":
            both = (shape, shape)
            return Outcome(ON_META, None, macs * steps, *work.times(steps), products=products, several=both)
        return Outcome(shape, None, macs * steps, *work.times(steps), products=products)

    price.__doc__ = f"Price one step of an {name.upper()}, as a layer's. Shapes: (N, C) and (N, H) to (N, H)."
    return price


for _name in _STEPS:
    op(getattr(torch, _name), name=_name)(_layer(_name))
    op(getattr(torch, f"{_name}_cell"), name=f"{_name}_cell")(_cell(_name))
