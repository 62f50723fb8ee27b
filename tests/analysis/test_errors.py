"""Every mistake gives one clear line, of the right class, with PyTorch's own error behind it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from inception_profiler import ProfilerError, profile
from inception_profiler.analysis.trace import trace
from inception_profiler.errors import InputError, LayerError


class Body(nn.Module):
    """A model whose forward is the function it is given."""

    def __init__(self, body: Callable[..., Any]) -> None:
        super().__init__()
        self.linear = nn.Linear(8, 8)
        self.body = body

    def forward(self, *inputs: Tensor) -> Any:
        return self.body(self, *inputs)


def refused(
    model: Any, shape: tuple[Any, ...], kind: type[ProfilerError] = LayerError, **options: Any
) -> Any:
    with pytest.raises(kind) as caught:
        profile(model, shape, **options)
    assert type(caught.value) is kind
    assert str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value


def test_wrong_channels_name_the_layer_and_the_shapes() -> None:
    model = nn.Sequential(
        OrderedDict(stem=nn.Conv2d(3, 4, 3), body=nn.Sequential(nn.ReLU(), nn.Conv2d(5, 6, 3)))
    )
    error = refused(model, (2, 3, 9, 9))
    assert error.layer == "body.1"
    assert "2×4×7×7" in str(error)
    assert "6×5×3×3" in str(error)
    assert isinstance(error.__cause__, RuntimeError)
    assert "expected input[2, 4, 7, 7] to have 5 channels" in str(error.__cause__)


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_too_small_an_input_names_the_first_layer_that_cannot_take_it(device: str) -> None:
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.MaxPool2d(2), nn.Conv2d(4, 4, 5), nn.Conv2d(4, 4, 5)).to(
        device
    )
    error = refused(model, (1, 3, 8, 8))
    assert error.layer == "2"
    assert "1×4×3×3" in str(error)
    assert "Kernel size can't be greater than actual input size" in str(error.__cause__)


@pytest.mark.parametrize(
    ("layers", "shape"),
    [
        ([nn.Linear(8, 4)], (2, 7)),
        ([nn.BatchNorm2d(3)], (2, 4, 5, 5)),
        ([nn.MaxPool2d(9)], (1, 3, 4, 4)),
        ([nn.LayerNorm(7)], (2, 8)),
        ([nn.GroupNorm(2, 4)], (2, 6, 3, 3)),
        ([nn.ConvTranspose2d(3, 4, 3)], (1, 2, 5, 5)),
        ([nn.Embedding(9, 4)], (2, 3)),
        ([nn.Unflatten(1, (3, 3))], (2, 8)),
        ([nn.PReLU(5)], (1, 3, 4, 4)),
    ],
    ids=lambda value: type(value[0]).__name__ if isinstance(value, list) else "x".join(map(str, value)),
)
def test_every_layer_refuses_in_the_words_of_pytorch(layers: list[nn.Module], shape: tuple[int, ...]) -> None:
    error = refused(nn.Sequential(*layers), shape)
    assert error.layer == "0"
    assert "×".join(map(str, shape)) in str(error)
    with pytest.raises(type(error.__cause__)) as real, torch.no_grad():
        nn.Sequential(*layers).eval()(torch.rand(shape))
    assert str(real.value).splitlines()[0] == str(error.__cause__).splitlines()[0]


def test_a_layer_that_refuses_in_python_is_named_too() -> None:
    assert refused(nn.Sequential(nn.BatchNorm2d(3)), (2, 3)).layer == "0"
    assert refused(nn.Sequential(nn.PixelShuffle(2)), (1, 3, 4, 4)).layer == "0"


def test_operators_refuse_too() -> None:
    error = refused(Body(lambda self, x: self.linear(x) @ x), (4, 8))
    assert error.layer == ""
    assert "4×8 and 4×8" in str(error)
    error = refused(Body(lambda self, x: self.linear(x)[:, :1].add_(x)), (4, 8))
    assert "broadcast shape" in str(error.__cause__)
    error = refused(Body(lambda self, x: torch.cat((self.linear(x), x[:, None]))), (4, 8))
    assert isinstance(error.__cause__, RuntimeError)
    error = refused(Body(lambda self, x: x.view(3, 5)), (4, 8))
    assert "invalid for input of size" in str(error)


def test_an_exception_of_the_forward_pass_is_told_with_its_place() -> None:
    class Inner(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            raise LookupError("first line\nsecond line")

    error = refused(nn.Sequential(nn.ReLU(), Inner()), (1, 8))
    assert error.layer == "1"
    assert isinstance(error.__cause__, LookupError)
    assert "LookupError: first line" in str(error)
    assert "second line" not in str(error)


def test_a_second_argument_is_missed_by_name() -> None:
    class Two(nn.Module):
        def forward(self, image: Tensor, mask: Tensor) -> Tensor:
            return image * mask

    error = refused(Two(), (1, 8))
    assert "mask" in str(error)
    assert isinstance(error.__cause__, TypeError)
    assert len(trace(Two(), [(1, 8), (1, 8)]).calls) == 1


def test_a_caught_refusal_goes_on_as_in_pytorch() -> None:
    def body(self: Body, x: Tensor) -> Tensor:
        try:
            return x.view(3, 5)
        except RuntimeError:
            return self.linear(x)

    assert profile(Body(body), (4, 8)).macs == 4 * 64


def test_lazy_parameters() -> None:
    error = refused(nn.Sequential(nn.LazyLinear(4)), (1, 8), InputError)
    assert "0.weight" in str(error)


@pytest.mark.filterwarnings("ignore:.*deprecated")
def test_torchscript_cannot_be_looked_into() -> None:
    scripted = torch.jit.trace(nn.Linear(8, 8), torch.ones(1, 8))
    assert "TorchScript" in str(refused(scripted, (1, 8), InputError))
    assert "module 1" in str(refused(nn.Sequential(nn.ReLU(), scripted), (1, 8), InputError))


@pytest.mark.filterwarnings("ignore:.*deprecated")
def test_what_a_torchscript_function_costs_is_not_a_silent_zero() -> None:
    @torch.jit.script
    def product(x: Tensor, weight: Tensor) -> Tensor:
        return torch.mm(x, weight)

    @torch.jit.script
    def swish(x: Tensor) -> Tensor:
        return x * torch.sigmoid(x)

    for body in (
        lambda self, x: self.linear(x) + product(x, self.linear.weight),
        lambda self, x: swish(self.linear(x)) + 1,
    ):
        result = profile(Body(body).to("meta"), (4, 8))
        assert [entry.op for entry in result.unpriced] == ["unseen operation"]


@pytest.mark.parametrize(
    "thing", [None, 3, torch.ones(1), nn.Linear, lambda x: x], ids=lambda thing: type(thing).__name__
)
def test_only_modules_can_be_profiled(thing: object) -> None:
    assert "torch.nn.Module" in str(refused(thing, (1, 8), InputError))


@pytest.mark.parametrize("shape", [(), (0, 8), (1, -8), (1, 8.0), ("1", 8), (True, 8)])
def test_bad_shapes(shape: tuple[Any, ...]) -> None:
    refused(nn.Linear(8, 8), shape, InputError)


def test_a_module_needs_a_shape_and_a_batch_needs_an_image() -> None:
    refused(nn.Linear(8, 8), None, InputError)
    refused(nn.Linear(8, 8), (1, 8), InputError, batch=0)


@pytest.mark.parametrize(
    "body",
    [
        lambda self, x: self.linear(x) if x.sum() > 0 else x,
        lambda self, x: x * self.linear(x).mean().item(),
        lambda self, x: x[x > 0],
        lambda self, x: x.nonzero(),
    ],
    ids=["if", "item", "mask", "nonzero"],
)
def test_data_is_asked_of_weights_that_have_none(body: Callable[..., Any]) -> None:
    error = refused(Body(body).to("meta"), (4, 8))
    assert "give a model with real weights" in str(error)


def test_a_model_that_cannot_be_copied_says_so() -> None:
    class Stubborn(Body):
        def __deepcopy__(self, memo: object) -> Any:
            raise TypeError("no copies")

    error = refused(Stubborn(lambda self, x: self.linear(x) if x.sum() > 0 else x), (4, 8))
    assert "cannot be copied" in str(error)
    assert "no copies" in str(error)


def test_a_model_can_be_profiled_again_after_it_failed() -> None:
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Conv2d(4, 4, 3))
    refused(model, (1, 2, 9, 9))
    assert [layer.path for layer in profile(model, (1, 3, 9, 9)).layers] == ["0", "1"]
