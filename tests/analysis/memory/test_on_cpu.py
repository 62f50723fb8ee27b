"""Functions that PyTorch makes up of other operators on the CPU than on tensors without data."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.checkpoint import checkpoint

import inception_profiler as ip
from tests.analysis.memory import reality


class Attention(nn.Module):
    """Attention over learned queries, keys and values, squared so that its result is saved, too."""

    def __init__(
        self,
        shapes: list[tuple[int, ...]],
        frozen: str = "",
        dtype: torch.dtype = torch.float32,
        **options: Any,
    ) -> None:
        super().__init__()
        self.scales = nn.ParameterList(
            nn.Parameter(torch.rand(shape, dtype=dtype), requires_grad=name not in frozen)
            for name, shape in zip("qkv", shapes, strict=True)
        )
        self.options = options

    def attend(self, x: Tensor) -> Tensor:
        query, key, value = (scale * x for scale in self.scales)
        return F.scaled_dot_product_attention(query, key, value, **self.options)

    def forward(self, x: Tensor) -> Tensor:
        x = self.attend(x)
        return x * x


class Masked(Attention):
    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        query, key, value = (scale * x for scale in self.scales)
        x = F.scaled_dot_product_attention(query, key, value, mask)
        return x * x


class Recomputed(Attention):
    def forward(self, x: Tensor) -> Tensor:
        return checkpoint(self.attend, x, use_reentrant=False, preserve_rng_state=False)


class Smooth(nn.Module):
    def __init__(self, *, dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(32, 16, dtype=dtype), nn.Linear(16, 4, dtype=dtype)

    def forward(self, x: Tensor) -> Tensor:
        x = self.second(F.mish(self.first(x)))
        return x * x


class Sequence(nn.Module):
    def __init__(self, kind: str, **options: Any) -> None:
        super().__init__()
        self.layer = getattr(nn, kind)(8, 16, **options)

    def forward(self, x: Tensor) -> Any:
        return self.layer(x)[0]


def held(network: nn.Module, *inputs: Tensor) -> None:
    """Hold a training step to the allocator and to what autograd says it saves."""
    counted = ip.memory(network, inputs=list(inputs), train=True, optimizer="sgd")
    assert counted.saved_bytes == reality.saved(network, *inputs)
    steps = reality.training(network, "sgd", *inputs)
    assert (counted.first_peak_bytes, counted.peak_bytes) == (steps.first.peak, steps.steady.peak)
    assert counted.end_bytes == steps.first.end == steps.steady.end


def one(dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.ones((), dtype=dtype)


ALIKE = [(2, 4, 6, 8)] * 3
ALONE = [(4, 6, 8)] * 3
GROUPED = [(2, 6, 5, 8), (2, 2, 7, 8), (2, 2, 7, 8)]


@pytest.mark.parametrize(
    ("shapes", "options"),
    [
        (ALIKE, {}),
        (ALONE, {}),
        ([(4, 6, 8), (4, 9, 8), (4, 9, 8)], {}),
        ([(6, 8)] * 3, {}),
        ([(1, 2, 4, 6, 8)] * 3, {}),
        ([(2, 4, 6, 8), (2, 4, 6, 8), (2, 4, 6, 12)], {}),
        (GROUPED, {"enable_gqa": True}),
        ([shape[1:] for shape in GROUPED], {"enable_gqa": True}),
        (ALIKE, {"enable_gqa": True}),
        (ALIKE, {"is_causal": True}),
        (ALIKE, {"dropout_p": 0.2}),
        (ALIKE, {"dropout_p": 0.2, "is_causal": True}),
        (ALIKE, {"scale": 0.3}),
        (ALIKE, {"frozen": "q"}),
        (ALIKE, {"frozen": "kv"}),
        (ALIKE, {"dtype": torch.float64}),
        (ALIKE, {"dtype": torch.bfloat16}),
        (GROUPED, {"dtype": torch.float16, "enable_gqa": True}),
    ],
)
def test_attention_saves_what_the_kernel_that_pytorch_chooses_does(
    shapes: list[tuple[int, ...]], options: dict[str, Any]
) -> None:
    network, x = Attention(shapes, **options), one(options.get("dtype", torch.float32))
    counted = ip.memory(network, inputs=[x], train=True)
    assert counted.saved_bytes == reality.saved(network, x)
    assert counted.end_bytes == reality.training(network, "sgd", x).steady.end


@pytest.mark.parametrize("dtype", [torch.float32, torch.bool])
@pytest.mark.parametrize(
    ("shapes", "mask"),
    [
        (ALIKE, (6, 6)),
        (ALIKE, (2, 1, 6, 6)),
        (ALIKE, (1, 4, 6, 6)),
        (ALIKE, (2, 4, 1, 6)),
        (ALIKE, (4, 6, 6)),
        (ALONE, (6, 6)),
        (ALONE, (1, 6)),
        (ALONE, (4, 6, 6)),
    ],
)
def test_attention_saves_its_mask_as_the_kernel_needs_it(
    shapes: list[tuple[int, ...]], mask: tuple[int, ...], dtype: torch.dtype
) -> None:
    network, given = Masked(shapes), torch.ones(mask, dtype=dtype)
    counted = ip.memory(network, inputs=[one(), given], train=True)
    assert counted.saved_bytes == reality.saved(network, one(), given)


def test_attention_is_not_fused_where_the_caller_forbids_it() -> None:
    network = Attention(ALIKE)
    fused = ip.memory(network, inputs=[one()], train=True)
    with sdpa_kernel(SDPBackend.MATH):
        spelt = ip.memory(network, inputs=[one()], train=True)
        assert spelt.saved_bytes == reality.saved(network, one()) > fused.saved_bytes


def test_attention_that_is_recomputed_is_fused_again() -> None:
    network = Recomputed([(2, 4, 128, 8)] * 3)
    scores = 2 * 4 * 128 * 128 * 4
    counted = ip.memory(network, inputs=[one()], train=True)
    assert counted.end_bytes == reality.training(network, "sgd", one()).steady.end
    assert max(moment.high_bytes for moment in counted.timeline) < scores


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
@pytest.mark.parametrize("rows", [1, 8, 33])
def test_the_gradient_of_mish_takes_one_tensor(rows: int, dtype: torch.dtype) -> None:
    held(Smooth(dtype=dtype), torch.rand(rows, 32, dtype=dtype))


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("RNN", {}),
        ("RNN", {"nonlinearity": "relu", "bias": False}),
        ("GRU", {}),
        ("GRU", {"bias": False, "dropout": 0.3}),
        ("LSTM", {"proj_size": 4}),
        ("LSTM", {"dtype": torch.float64}),
    ],
)
@pytest.mark.filterwarnings("ignore:dropout option adds dropout")
def test_a_recurrent_layer_multiplies_all_its_steps_at_once(
    kind: str, options: dict[str, Any], bidirectional: bool, batch_first: bool, layers: int
) -> None:
    network = Sequence(
        kind, bidirectional=bidirectional, batch_first=batch_first, num_layers=layers, **options
    )
    held(network, torch.rand(2, 5, 8, dtype=options.get("dtype", torch.float32)))


@pytest.mark.parametrize("frozen", ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0"])
@pytest.mark.parametrize("kind", ["RNN", "GRU"])
def test_a_recurrent_layer_that_is_frozen_in_part(kind: str, frozen: str) -> None:
    network = Sequence(kind)
    getattr(network.layer, frozen).requires_grad_(False)
    held(network, torch.rand(3, 2, 8))


def test_an_lstm_of_a_library_is_told() -> None:
    with pytest.warns(UserWarning, match="an LSTM runs in a library"):
        ip.memory(Sequence("LSTM"), inputs=[torch.rand(2, 5, 8)], train=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ip.memory(Sequence("GRU"), inputs=[torch.rand(2, 5, 8)], train=True)
        ip.memory(Sequence("LSTM", proj_size=4), inputs=[torch.rand(2, 5, 8)], train=True)
