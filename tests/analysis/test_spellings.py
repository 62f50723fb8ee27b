"""One network, one count, however it is written, stored or wrapped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch._dynamo
import torch.nn.functional as F
from torch import Tensor, nn

from inception_profiler import Profile, profile

SHAPE = (2, 3, 8, 8)


class Layers(nn.Module):
    """conv · batch norm · ReLU · max pool · residual add · mean · linear · softmax, all as modules."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(2)
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.flat = nn.Flatten()
        self.linear = nn.Linear(4, 5)
        self.soft = nn.Softmax(1)
        self.drop = nn.Dropout()

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool(self.relu(self.norm(self.conv(x))))
        x = torch.add(x, x)
        return self.soft(self.linear(self.drop(self.flat(self.mean(x)))))


class Functional(Layers):
    def forward(self, x: Tensor) -> Tensor:
        x = F.conv2d(x, self.conv.weight, self.conv.bias, padding=1)
        x = F.batch_norm(x, self.norm.running_mean, self.norm.running_var, self.norm.weight, self.norm.bias)
        x = F.max_pool2d(F.relu(x), 2)
        x = x + x
        x = F.dropout(torch.flatten(F.adaptive_avg_pool2d(x, 1), 1), training=self.training)
        return F.softmax(F.linear(x, self.linear.weight, self.linear.bias), 1)


class Plain(Layers):
    def forward(self, x: Tensor) -> Tensor:
        x = torch.conv2d(x, self.conv.weight, self.conv.bias, 1, 1)
        norm = self.norm
        x = torch.batch_norm(
            x, norm.weight, norm.bias, norm.running_mean, norm.running_var, False, 0.1, 1e-5, False
        )
        x = torch.max_pool2d(torch.relu(x), 2)
        x = torch.add(x, x)
        x = torch.dropout(torch.nn.functional.adaptive_avg_pool2d(x, 1).flatten(1), 0.5, self.training)
        return torch.softmax(torch.nn.functional.linear(x, self.linear.weight, self.linear.bias), dim=1)


class Methods(Layers):
    def forward(self, x: Tensor) -> Tensor:
        x = self.norm(self.conv(x)).relu_()
        x = F.max_pool2d(x, kernel_size=2)
        x = x.add(x)
        x = x.mean((2, 3), keepdim=True).view(x.shape[0], -1)
        return self.linear(x).softmax(dim=-1)


class Operators(Layers):
    def forward(self, x: Tensor) -> Tensor:
        x = self.pool(self.norm(self.conv(x)).clamp_min(0))
        x = x.__add__(x)
        x = self.flat(self.mean(x))
        return (x @ self.linear.weight.T + self.linear.bias).softmax(1)


def count(result: Profile) -> tuple[int, ...]:
    cost = result.total.cost
    return (result.params, cost.macs, cost.adds, cost.comparisons, cost.multiplications, cost.divisions)


REFERENCE = count(profile(Layers(), SHAPE))


@pytest.mark.parametrize("spelling", [Functional, Plain, Methods, Operators])
def test_every_spelling_counts_the_same(spelling: Callable[[], nn.Module]) -> None:
    result = profile(spelling(), SHAPE)
    assert count(result) == REFERENCE
    assert result.unpriced == ()
    assert result.not_executed == ()


PAIRS: dict[str, tuple[Callable[[Tensor, Tensor], Tensor], ...]] = {
    "matmul": (lambda x, w: x @ w, torch.matmul, torch.mm, Tensor.matmul, lambda x, w: F.linear(x, w.t()),
               lambda x, w: torch.einsum("ij,jk->ik", x, w), torch.ops.aten.mm),
    "add": (lambda x, w: x + w, torch.add, Tensor.add, lambda x, w: x.clone().add_(w),
            lambda x, w: w.__radd__(x)),
    "subtract": (lambda x, w: x - w, torch.sub, torch.subtract, Tensor.sub_),
    "multiply": (lambda x, w: x * w, torch.mul, torch.multiply, Tensor.mul, Tensor.mul_),
    "divide": (lambda x, w: x / w, torch.div, torch.true_divide, Tensor.div, Tensor.div_),
    "relu": (lambda x, _: F.relu(x), lambda x, _: torch.relu(x), lambda x, _: x.relu(),
             lambda x, _: x.relu_(), lambda x, _: F.relu(x, inplace=True), lambda x, _: F.relu_(x),
             lambda x, _: nn.ReLU()(x)),
    "sigmoid": (lambda x, _: F.sigmoid(x), lambda x, _: torch.sigmoid(x), lambda x, _: x.sigmoid(),
                lambda x, _: torch.special.expit(x), lambda x, _: nn.Sigmoid()(x)),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_every_spelling_of_one_operation(name: str) -> None:
    class Net(nn.Module):
        def __init__(self, function: Callable[[Tensor, Tensor], Tensor]) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.ones(8, 8))
            self.function = function

        def forward(self, x: Tensor) -> Tensor:
            return self.function(x, self.weight)

    counts = [profile(Net(function), (8, 8)) for function in PAIRS[name]]
    assert {(result.macs, result.ops) for result in counts} == {(counts[0].macs, counts[0].ops)}
    assert counts[0].flops > 0


def built(dtype: torch.dtype, device: str) -> nn.Module:
    return Layers().to(device=device, dtype=dtype)


@pytest.mark.parametrize("device", ["cpu", "meta"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.bfloat16])
def test_the_type_of_the_weights_changes_bytes_only(dtype: torch.dtype, device: str) -> None:
    reference = profile(Layers(), SHAPE)
    result = profile(built(dtype, device), SHAPE)
    assert count(result) == REFERENCE
    assert result.activation_bytes * 4 == reference.activation_bytes * dtype.itemsize
    assert result.weight_bytes * 4 == reference.weight_bytes * dtype.itemsize


def compiled_in_place() -> nn.Module:
    model = Layers()
    model.compile()
    return model


def with_compiled_part() -> nn.Module:
    model = Layers()
    model.conv = torch.compile(model.conv)
    model.norm.compile()
    return model


@pytest.mark.parametrize(
    "make",
    [lambda: torch.compile(Layers()), compiled_in_place, with_compiled_part],
    ids=["whole", "in place", "part"],
)
def test_compiled_models_are_counted_without_compiling(make: Callable[[], nn.Module]) -> None:
    compiled = torch._dynamo.utils.counters["frames"].copy()
    result = profile(make(), SHAPE)
    assert torch._dynamo.utils.counters["frames"] == compiled
    assert count(result) == REFERENCE
    assert result.model == "Layers"
    assert not any("_orig_mod" in layer.path for layer in result.layers)
    assert not any("_orig_mod" in spec.path for spec in (*result.parameters, *result.buffers))
    assert [layer.path for layer in result.layers] == [
        layer.path for layer in profile(Layers(), SHAPE).layers
    ]


def test_the_wrapper_around_several_devices_is_a_path_segment_only() -> None:
    result = profile(nn.DataParallel(Layers()), SHAPE)
    assert count(result) == REFERENCE
    assert result.layers[0].path == "module.conv"


def test_transforms_and_custom_functions() -> None:
    class Twice(torch.autograd.Function):
        @staticmethod
        def forward(ctx: object, x: Tensor, weight: Tensor) -> Tensor:
            return F.linear(x, weight)

    class Net(nn.Module):
        def __init__(self, function: Callable[[nn.Linear, Tensor], Tensor]) -> None:
            super().__init__()
            self.linear = nn.Linear(8, 8, bias=False)
            self.function = function

        def forward(self, x: Tensor) -> Tensor:
            return self.function(self.linear, x)

    ways: tuple[Callable[[nn.Linear, Tensor], Tensor], ...] = (
        nn.Linear.__call__,
        lambda linear, x: torch.vmap(linear)(x),
        lambda linear, x: Twice.apply(x, linear.weight),
        lambda linear, x: torch.func.functional_call(linear, dict(linear.named_parameters()), (x,)),
        lambda linear, x: torch.utils.checkpoint.checkpoint(linear, x, use_reentrant=False),
        lambda linear, x: torch.mm(x, linear.weight, out=torch.empty(4, 8)),
    )
    for way in ways:
        result = profile(Net(way), (4, 8))
        assert result.macs == 4 * 8 * 8
        assert result.not_executed == ()
