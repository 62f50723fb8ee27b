"""What is seen through layouts that change on the way: gates, tokens, channels last, resampling, parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from inception_profiler import profile
from inception_profiler.records.geometry import Geometry

SIDE = 20


class Network(nn.Module):
    """A function with layers of its own; their weights are positive, so that nothing cancels."""

    def __init__(self, function: Callable[..., Tensor], **layers: nn.Module) -> None:
        super().__init__()
        self.function = function
        self.layers = nn.ModuleDict(layers)
        torch.manual_seed(0)
        for parameter in self.parameters():
            nn.init.uniform_(parameter, 0.1, 1)
        self.double().eval()

    def forward(self, *inputs: Tensor) -> Tensor:
        return self.function(*inputs, **self.layers)


def geometry(network: nn.Module) -> Geometry:
    return profile(network, (1, 4, SIDE, SIDE)).layers[-1].geometry


def supports(network: nn.Module) -> tuple[Tensor, Tensor, tuple[int, ...]]:
    """The first and last rows (0) and columns (1) on which each output depends, and the output's shape."""
    torch.manual_seed(1)
    image = torch.rand(1, 4, SIDE, SIDE, dtype=torch.float64) + 0.5
    matrix = torch.autograd.functional.jacobian(network, image, vectorize=True)
    shape = matrix.shape[:-4]
    seen = matrix.abs().sum((-4, -3)) > 1e-13  # over N and C; outputs × H × W
    lows, highs = [], []
    for across in (-1, -2):
        line = seen.any(across)
        places = torch.arange(SIDE).expand_as(line)
        lows.append(places.masked_fill(~line, SIDE).amin(-1))
        highs.append(places.masked_fill(~line, -1).amax(-1))
    return torch.stack(lows), torch.stack(highs), shape


def conv(kernel: Any, stride: int = 1, padding: Any = 0, groups: int = 1) -> nn.Conv2d:
    return nn.Conv2d(4, 4, kernel, stride, padding, groups=groups)


def gate() -> dict[str, nn.Module]:
    return {"reduce": nn.Conv2d(4, 2, 1), "grow": nn.Conv2d(2, 4, 1)}


def gated(x: Tensor, reduce: nn.Module, grow: nn.Module) -> Tensor:
    return x * grow(reduce(x.mean((2, 3), keepdim=True)).relu()).sigmoid()


def channels_last(
    x: Tensor, depthwise: nn.Module, norm: nn.Module, wide: nn.Module, narrow: nn.Module
) -> Any:
    y = depthwise(x).permute(0, 2, 3, 1)
    y = narrow(F.gelu(wide(norm(y)))) * torch.full((4,), 0.5, dtype=y.dtype)
    return x + F.dropout(y, 0.5, training=False).permute(0, 3, 1, 2)


def next_block() -> dict[str, nn.Module]:
    return {
        "depthwise": conv(7, 1, 3, 4),
        "norm": nn.LayerNorm(4),
        "wide": nn.Linear(4, 8),
        "narrow": nn.Linear(8, 4),
    }


def tokens(x: Tensor, patch: nn.Module) -> Tensor:
    x = patch(x).flatten(2).transpose(1, 2)
    first = torch.ones(1, 1, 4, dtype=x.dtype, device=x.device)
    return torch.cat([first, x], 1) + 0.1


def attended(x: Tensor, patch: nn.Module, mixed: nn.Module) -> Tensor:
    x = tokens(x, patch)
    q, k, v = mixed(x).chunk(3, -1)
    return x + F.scaled_dot_product_attention(q, k, v)


def attended_by_hand(x: Tensor, patch: nn.Module, mixed: nn.Module) -> Tensor:
    x = tokens(x, patch)
    q, k, v = mixed(x).view(1, -1, 3, 2, 2).permute(2, 0, 3, 1, 4).unbind(0)
    y = (q @ k.transpose(-2, -1)).softmax(-1) @ v
    return x + y.transpose(1, 2).reshape(x.shape)


def attention() -> dict[str, nn.Module]:
    return {"patch": conv(4, 4), "mixed": nn.Linear(4, 12)}


def larger(mode: str, **options: Any) -> Callable[[Tensor], Tensor]:
    return lambda x, first, last: last(F.interpolate(first(x), mode=mode, **options))


BOTH = {"first": conv(3, 2, 1), "last": conv(3, 1, 1)}

# A network, and whether the step between its outputs is told.
KNOWN: dict[str, tuple[Network, bool]] = {
    "gate": (Network(gated, **gate()), True),
    "gate, then a window": (
        Network(lambda x, last, **parts: last(gated(x, **parts)), last=conv(3, 2, 1), **gate()),
        True,
    ),
    "gate, first its value": (
        Network(lambda x, last: last(F.adaptive_avg_pool2d(x, 1).sigmoid() * x), last=conv(3, 2, 1)),
        True,
    ),
    "channels last": (Network(channels_last, **next_block()), True),
    "channels last, after a step": (
        Network(lambda x, down, **parts: channels_last(down(x), **parts), down=conv(2, 2), **next_block()),
        True,
    ),
    "tokens": (Network(tokens, patch=conv(4, 4)), False),
    "attention": (Network(attended, **attention()), False),
    "attention by hand": (Network(attended_by_hand, **attention()), False),
    "class token": (Network(lambda x, **parts: attended(x, **parts)[:, 0], **attention()), False),
    "pixel shuffle": (
        Network(
            lambda x, first, last: last(F.pixel_shuffle(first(x), 2)),
            first=nn.Conv2d(4, 16, 3, 2, 1),
            last=conv(3, 1, 1),
        ),
        False,
    ),
    "pixel unshuffle": (
        Network(lambda x, last: last(F.pixel_unshuffle(x, 2)), last=nn.Conv2d(16, 4, 3, 1, 1)),
        True,
    ),
    "aligned corners, enlarged": (
        Network(lambda x: F.interpolate(x, size=2 * SIDE - 1, mode="bilinear", align_corners=True)),
        False,
    ),
    "aligned corners, reduced": (
        Network(
            lambda x, first, last: last(F.interpolate(first(x), 10, mode="bilinear", align_corners=True)),
            first=conv(2),
            last=conv(3, 1, 1),
        ),
        False,
    ),
    "linear": (Network(larger("bilinear", scale_factor=2.0), **BOTH), False),
    "cubic": (Network(larger("bicubic", scale_factor=2.0), **BOTH), False),
    "nearest": (Network(larger("nearest", scale_factor=2.0), **BOTH), False),
    "area": (Network(larger("area", size=5), **BOTH), True),
    "branches, one enlarged": (
        Network(
            lambda x, down, beside: F.interpolate(down(x), scale_factor=2.0) + beside(x),
            down=conv(3, 2, 1),
            beside=conv((1, 5), 1, (0, 2)),
        ),
        False,
    ),
    "branches, stacked": (
        Network(
            lambda x, first, last: torch.stack([first(x), last(x)], 1).sum(1),
            first=conv((1, 7), 1, (0, 3)),
            last=conv((3, 1), 1, (1, 0)),
        ),
        True,
    ),
    "one after the other": (
        Network(lambda x, last: torch.cat([x, last(x)], 2), last=conv(5, 1, 2)),
        False,
    ),
    "parts one after the other": (
        Network(lambda x, last: torch.cat([x[:, :, 9:], last(x)[:, :, :9]], 2), last=conv(5, 1, 2)),
        False,
    ),
    "some channels": (Network(lambda x, last: last(x)[:, [0, 2, 3]], last=conv(3, 2, 1)), True),
    "every second row": (Network(lambda x, last: last(x)[:, :, ::2], last=conv(3, 1, 1)), False),
    "transposed": (
        Network(lambda x, last: last(x.transpose(2, 3)), last=conv((1, 5), 1, (0, 2))),
        False,
    ),
    "rows together": (Network(lambda x, last: last(x).mean(2), last=conv(3, 1, 1)), False),
    "global pooling": (Network(lambda x, last: F.adaptive_avg_pool2d(last(x), 1), last=conv(3)), False),
    "a window as large as the map": (Network(lambda x, last: last(x), last=conv(SIDE)), False),
    "classifier": (
        Network(lambda x, last: last(x.flatten(1)), last=nn.Linear(4 * SIDE * SIDE, 3)),
        False,
    ),
}


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_seen_is_what_has_a_gradient(name: str) -> None:
    network, steps = KNOWN[name]
    told = geometry(network)
    lows, highs, shape = supports(network)
    sizes = (highs - lows + 1).clamp(min=0).flatten(1).amax(1)
    assert told.field == tuple(sizes.tolist())
    assert not told.unknown
    assert (told.stride is not None) >= steps
    if steps and min(sizes) < SIDE:
        middle = shape[-1] // 2
        row = lows[..., middle, middle + 1] - lows[..., middle, middle]
        column = lows[..., middle + 1, middle] - lows[..., middle, middle]
        assert told.stride == (int(column[0].flatten()[0]), int(row[1].flatten()[0]))


@pytest.mark.parametrize(
    "name",
    [
        "every second row",
        "one after the other",
        "class token",
        "rows together",
        "global pooling",
        "classifier",
    ],
)
def test_there_is_no_step_where_positions_are_gone_or_anywhere(name: str) -> None:
    assert geometry(KNOWN[name][0]).stride is None


def test_the_narrowest_path_past_a_gate_still_widens() -> None:
    """What a gate is computed from is detached in the network beside, and so has no gradient."""
    network, _ = KNOWN["gate, then a window"]

    def ungated(x: Tensor, last: nn.Module, **parts: nn.Module) -> Tensor:
        return last(x * gated(torch.ones_like(x), **parts))

    lows, highs, _ = supports(Network(ungated, last=conv(3, 2, 1), **gate()))
    assert geometry(network).narrowest == tuple((highs - lows + 1).flatten(1).amax(1).tolist())


def test_the_narrowest_path_is_unknown_where_only_all_is_known() -> None:
    result = profile(Network(lambda x, **parts: gated(x, **parts).roll(1, 2), **gate()), (1, 4, SIDE, SIDE))
    assert result.layers[-1].geometry.field == (SIDE, SIDE)
    assert result.layers[-1].geometry.narrowest is None
    assert (result.receptive_field, result.narrowest_field) == (SIDE, None)


def windows(x: Tensor) -> Tensor:
    x = x.view(1, 4, 4, SIDE // 4, 4, SIDE // 4).permute(0, 1, 2, 4, 3, 5).contiguous()
    return (x.flatten(4) * 2).flatten(2)


def unequal(x: Tensor, by_steps: nn.Module, whole: nn.Module) -> Tensor:
    return by_steps(x) + whole(x)


# What positions do not correspond, or go where they like: each output sees more than any part of it does.
UNTOLD: dict[str, Network] = {
    "shifted parts": Network(lambda x: x[:, :, :-2] + x[:, :, 2:]),
    "halves": Network(lambda x: x[:, :, : SIDE // 2] + x[:, :, SIDE // 2 :]),
    "halves as channels": Network(lambda x: torch.cat(x.chunk(2, 2), 1)),
    "one row for all": Network(lambda x: x + x[:, :, 3:4]),
    "one row for all, its axis left out": Network(
        lambda x, last: last(x) + last(x)[:, :, 3].unsqueeze(2), last=conv((1, 2))
    ),
    "shifted by constants": Network(
        lambda x: (
            torch.cat([x.new_zeros(1, 4, 1, SIDE), x], 2) + torch.cat([x, x.new_zeros(1, 4, 1, SIDE)], 2)
        )
    ),
    "shifted by what comes first": Network(
        lambda x: torch.cat([x[:, :, :1] * 0, x], 2) + torch.cat([x, x[:, :, :1] * 0], 2)
    ),
    "another order": Network(lambda x: x + x[:, :, list(reversed(range(SIDE)))]),
    "an index": Network(lambda x: x + x.index_select(2, torch.arange(SIDE - 1, -1, -1))),
    "rolled": Network(lambda x: x + x.roll(3, 2)),
    "branches of unequal stride": Network(unequal, by_steps=conv(1, 2), whole=conv(SIDE // 2 + 1)),
    "across the diagonal": Network(lambda x: x + x.transpose(2, 3)),
    "windows": Network(windows),
    "a window over what was put together": Network(
        lambda x, last: last(torch.cat([x, last(x)], 2)), last=conv(3, 1, 1)
    ),
}


@pytest.mark.parametrize("name", UNTOLD)
def test_what_cannot_be_told_is_not_told(name: str) -> None:
    result = profile(UNTOLD[name], (1, 4, SIDE, SIDE))
    told = result.layers[-1].geometry
    assert told.unknown
    assert (told.field, told.narrowest, told.stride) == (None, None, None)
    for whole in (result, result.total):
        assert (whole.receptive_field, whole.narrowest_field, whole.stride) == (None, None, None)


def test_only_the_groups_with_an_unknown_field_have_none() -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.stem = conv(3, 2)
            self.body = Network(windows)

        def forward(self, x: Tensor) -> Tensor:
            return self.body(self.stem(x))

    result = profile(Model(), (1, 4, 2 * SIDE + 1, 2 * SIDE + 1))
    found = {group.title: (group.receptive_field, group.stride) for group in result.by_module()}
    assert found == {"stem": (3, 2), "body": (None, None)}
    assert result.receptive_field is None


@pytest.mark.parametrize(
    ("model", "shape"),
    [(nn.Linear(5, 3), (1, 7, 5)), (nn.Sequential(nn.LayerNorm(5), nn.Linear(5, 3)), (2, 5))],
)
def test_tokens_have_no_field_and_none_that_is_unknown(model: nn.Module, shape: tuple[int, ...]) -> None:
    result = profile(model, shape)
    assert {layer.geometry.unknown for layer in result.layers} == {False}
    assert (result.receptive_field, result.stride, result.depth) == (None, None, 1)


def test_what_is_made_of_weights_alone_leaves_the_field_of_its_group_as_it_is() -> None:
    scale = nn.Parameter(torch.ones(4))
    network = Network(lambda x, last: last(x) * scale.reshape(1, -1, 1, 1), last=conv(3))
    result = profile(network, (1, 4, SIDE, SIDE))
    assert [layer.geometry.field for layer in result.layers if layer.op == "reshape"] == [None]
    assert (result.receptive_field, result.stride) == (3, 1)


@pytest.mark.parametrize("name", ["vgg11", "inception_v3", "se_resnet50", "nin"])
def test_a_head_has_no_step_and_the_network_that_of_its_last_map(name: str) -> None:
    result = profile(name)
    assert result.layers[-1].stride is None
    assert result.stride == 32
    sides = {layer.call.outputs[0].shape[2:] for layer in result.layers if layer.stride is not None}
    assert (1, 1) not in sides
