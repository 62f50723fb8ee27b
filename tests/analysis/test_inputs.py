"""What a forward pass is given."""

from __future__ import annotations

from collections import OrderedDict, UserDict
from typing import Any, NamedTuple

import pytest
import torch
from torch import Tensor, nn

import inception_profiler as ip
from inception_profiler.analysis.inputs import Inputs, dtype_named, gather, parse_input, parse_inputs
from inception_profiler.errors import InputError, LayerError
from inception_profiler.records.trace import TensorSpec


@pytest.mark.parametrize(
    ("text", "shape", "dtype"),
    [
        ("3x224x224", (1, 3, 224, 224), None),
        ("10", (1, 10), None),
        ("5x6", (1, 5, 6), None),
        ("8x3x32x32", (8, 3, 32, 32), None),
        ("Nx128x768", (1, 128, 768), None),
        ("n × 128 × 768", (1, 128, 768), None),
        ("N,5", (1, 5), None),
        ("int64:1x128", (1, 128), torch.int64),
        ("int64:128", (1, 128), torch.int64),
        ("bool:Nx4x4", (1, 4, 4), torch.bool),
        ("fp16:3x8x8", (1, 3, 8, 8), torch.float16),
        (" BF16 : 7 ", (1, 7), torch.bfloat16),
        ("complex64:4x4", (4, 4), torch.complex64),
    ],
)
def test_inputs_as_people_type_them(text: str, shape: tuple[int, ...], dtype: torch.dtype | None) -> None:
    wanted = parse_input(text)
    assert (wanted.shape, wanted.dtype) == (shape, dtype)


@pytest.mark.parametrize(
    "text", ["", "N", "3x", "int64:", "int65:3", ":3", "3x-1", "axb", "0x3", "int64:1:3"]
)
def test_what_is_no_input_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_input(text)


@pytest.mark.parametrize("name", ["FP16", "half", "float16", "bf16", "int8", "uint8", "bool", "complex64"])
def test_types_by_name(name: str) -> None:
    assert isinstance(dtype_named(name), torch.dtype)


@pytest.mark.parametrize("name", ["tensor", "nn", "", "Tensor", "float17"])
def test_what_is_no_type_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="there is no type"):
        dtype_named(name)


def shapes(given: Inputs) -> list[tuple[int, ...]]:
    return [wanted.shape for wanted in given.tensors]


class Pair(NamedTuple):
    left: Any
    right: Any


def test_structures_are_kept() -> None:
    x = torch.zeros(2, 3)
    given = gather([(2, 3), "int64:4", x, TensorSpec((5,), "int32", 4), None, "bool:Nx2", [x, {"a": (1, 1)}]])
    args, kwargs, tensors = given.made(lambda wanted: torch.empty(wanted.shape))
    assert shapes(given) == [(2, 3), (1, 4), (2, 3), (5,), (1, 2), (2, 3), (1, 1)]
    assert given.names == ("", "", "", "", "", "0", "1.a")
    assert args[4] is None
    assert args[6][1]["a"] is tensors[-1]
    assert kwargs == {}
    named = gather(UserDict(first=(2, 2), second=OrderedDict(inner=Pair((3,), 4)), flag=True))
    assert named.names == ("first", "second.inner.0")
    assert named.kwargs["flag"] is True
    assert isinstance(named.made(lambda w: x)[1]["second"]["inner"], Pair)
    assert gather((1, 3, 8, 8)).args == gather([(1, 3, 8, 8)]).args
    assert gather(given) is given


def test_names_that_are_none_are_refused() -> None:
    with pytest.raises(InputError, match="named by texts"):
        gather({0: (1, 2)})


def test_a_batch_goes_where_the_examples_are() -> None:
    assert shapes(parse_inputs(["3x8x8", "10", "int64:1x16"]).batched(4)) == [(4, 3, 8, 8), (4, 10), (4, 16)]
    assert shapes(parse_inputs(["Nx16x8", "mask=bool:16x16", "10"]).batched(4)) == [
        (4, 16, 8),
        (4, 10),
        (16, 16),
    ]
    with pytest.raises(InputError, match="list of tensors"):
        gather([[(3, 8, 8)]]).batched(2)
    assert gather([[1, 2.0], "3"]).batched(2).args[0] == [1, 2.0]


def test_given_values_are_repeated_for_a_batch() -> None:
    given = gather({"x": torch.tensor([[1, 2], [3, 4]])}).batched(3)
    assert torch.equal(given.tensors[0].given, torch.tensor([[1, 2], [3, 4], [1, 2]]))


class Two(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv, self.fc = nn.Conv2d(3, 8, 3), nn.Linear(10, 8)

    def forward(self, image: Tensor, label: Tensor, scale: float = 1.0) -> Tensor:
        return (self.conv(image).mean((2, 3)) + self.fc(label)) * scale


TWO = 2 * (8 * 27 * 36 + 80)


@pytest.mark.parametrize(
    "inputs",
    [
        [(2, 3, 8, 8), (2, 10)],
        ["Nx3x8x8", "10"],
        [torch.zeros(2, 3, 8, 8), torch.zeros(2, 10), 3.0],
        {"label": (2, 10), "image": torch.zeros(2, 8, 8, 3).permute(0, 3, 1, 2), "scale": 2.0},
        {"image": TensorSpec((2, 3, 8, 8), "float32", 4), "label": "float32:10"},
    ],
)
def test_several_inputs_count_alike(inputs: Any) -> None:
    result = ip.profile(Two(), inputs=inputs, batch=2)
    assert result.macs == TWO
    assert result.unpriced == ()


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ([(1, 3, 8, 8)], "the model's own forward: .*missing 1 required positional argument: 'label'"),
        ({"image": (1, 3, 8, 8), "labels": (1, 10)}, "unexpected keyword argument 'labels'"),
        ([torch.zeros(1, 3, 8, 8, dtype=torch.int64), (1, 10)], "layer conv: F.conv2d: cannot take 1×3×8×8"),
        ([(1, 3, 8, 8), (1, 11)], "layer fc: F.linear: cannot take 1×11 and 8×10"),
    ],
)
def test_wrong_inputs_are_one_line_with_the_layer(inputs: Any, says: str) -> None:
    with pytest.raises(LayerError, match=says) as caught:
        ip.profile(Two(), inputs=inputs)
    assert "\n" not in str(caught.value)


def test_inputs_and_a_shape_are_one_too_many() -> None:
    with pytest.raises(InputError, match="not both"):
        ip.profile(Two(), (1, 3, 8, 8), inputs=[(1, 10)])


def test_an_argument_of_a_class_of_its_own_is_handed_over() -> None:
    class Batch:
        def __init__(self) -> None:
            self.x, self.edges = torch.ones(5, 4), torch.zeros(2, 6, dtype=torch.int64)

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.linear = nn.Linear(4, 3)

        def forward(self, batch: Batch) -> Tensor:
            batch.x.mul_(2)
            return self.linear(batch.x).index_select(0, batch.edges[0])

    batch = Batch()
    result = ip.profile(Net(), inputs=[batch])
    assert (result.macs, result.unpriced, result.fallback) == (5 * 12, (), "")
    assert torch.equal(batch.x, torch.ones(5, 4))


def test_the_layout_of_a_given_tensor_counts() -> None:
    class Flat(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x.contiguous()

    plain, turned = torch.zeros(3, 4), torch.zeros(4, 3).t()
    copies = [ip.profile(Flat(), inputs=[given]).activations for given in (plain, turned)]
    assert copies == [0, 12]


class Asks(nn.Module):
    """What it does depends on the values of a mask."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        return self.linear(x) if bool(mask.all()) else x


def test_values_that_were_given_decide() -> None:
    x = torch.full((2, 4), 7.0)
    for truth, macs in ((True, 32), (False, 0)):
        mask = torch.full((2, 4), truth)
        result = ip.profile(Asks(), inputs={"x": x, "mask": mask})
        assert result.macs == macs
        assert result.fallback.startswith("on the values that were given, because Tensor.__bool__")
        batched = ip.profile(Asks(), inputs=["4", mask], batch=6)
        assert batched.macs == 3 * macs
        assert batched.fallback.startswith("on the values that were given and random numbers, because")
    assert ip.profile(Asks(), inputs=["4", "bool:1x4"]).fallback.startswith("on random numbers, because")
    assert torch.equal(x, torch.full((2, 4), 7.0))
