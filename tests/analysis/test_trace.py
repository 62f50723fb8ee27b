"""What a trace writes down."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from inception_profiler.analysis.trace import trace
from inception_profiler.records.trace import Trace


class Net(nn.Module):
    """conv · ReLU in place · pool · flatten · linear, the pooling as a function of the model itself."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(inplace=True))
        self.head = nn.Linear(64, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(self.stem(x), 2)
        return self.head(x.flatten(1))


def traced(body: Any, shape: tuple[int, ...] = (4, 8), **parts: Any) -> Trace:
    class Body(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            for name, part in parts.items():
                setattr(self, name, part)

        def forward(self, x: Tensor) -> Any:
            return body(self, x)

    return trace(Body(), [shape])


def test_one_call_for_every_operation() -> None:
    facts = trace(Net(), [(2, 3, 8, 8)])
    assert [call.kind for call in facts.calls] == [
        "convolution",
        "activation",
        "pooling",
        "movement",
        "linear",
    ]
    assert [call.path for call in facts.calls] == ["stem.0", "stem.1", "", "", "head"]
    assert [call.index for call in facts.calls] == [0, 1, 2, 3, 4]
    assert [call.outputs[0].shape for call in facts.calls] == [
        (2, 4, 8, 8), (2, 4, 8, 8), (2, 4, 4, 4), (2, 64), (2, 5)
    ]  # fmt: skip
    assert [call.reads for call in facts.calls] == [(0,), (1,), (1,), (2,), (3,)]
    assert [call.writes for call in facts.calls] == [(1,), (1,), (2,), (3,), (4,)]
    assert [call.activations for call in facts.calls] == [512, 0, 128, 0, 10]
    assert [call.parameters for call in facts.calls] == [(0, 1), (), (), (), (2, 3)]
    assert [spec.path for spec in facts.parameters] == [
        "stem.0.weight",
        "stem.0.bias",
        "head.weight",
        "head.bias",
    ]
    assert facts.model == "Net"
    assert facts.inputs[0].shape == (2, 3, 8, 8)


def test_bytes_are_read_once_and_views_move_none() -> None:
    conv, relu, pool, flatten, linear = trace(Net(), [(2, 3, 8, 8)]).calls
    assert conv.cost.bytes_read == 4 * (2 * 3 * 64 + 4 * 27 + 4)
    assert conv.cost.bytes_written == 4 * 512
    assert (relu.cost.bytes_read, relu.cost.bytes_written) == (2048, 2048)
    assert (pool.cost.bytes_read, pool.cost.bytes_written) == (2048, 512)
    assert (flatten.cost.bytes_read, flatten.cost.bytes_written) == (0, 0)
    assert linear.cost.bytes_read == 4 * (128 + 64 * 5 + 5)


@pytest.mark.parametrize(("train", "expected"), [(False, "inference"), (True, "training"), (None, "mixed")])
def test_flags_are_as_asked(train: bool | None, expected: str) -> None:
    model = nn.Sequential(nn.Linear(4, 4), nn.Dropout(), nn.BatchNorm1d(4))
    model[2].eval()
    facts = trace(model, [(2, 4)], train=train)
    assert facts.mode == expected
    dropout = next(call for call in facts.calls if call.op == "dropout")
    assert bool(dropout.cost.ops) == (train is not False)


def test_tied_parameters_have_one_identity_and_every_path() -> None:
    model = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))
    model[1].weight = model[0].weight
    specs = trace(model, [(1, 4)]).parameters
    assert [spec.path for spec in specs] == ["0.weight", "0.bias", "1.weight", "1.bias"]
    assert specs[0].identity == specs[2].identity != specs[1].identity


def test_in_place_changes_of_shape_are_followed() -> None:
    facts = traced(
        lambda self, x: self.conv(self.linear(x).unsqueeze_(1)),
        linear=nn.Linear(8, 8),
        conv=nn.Conv1d(1, 4, 3),
    )
    assert facts.calls[-1].outputs[0].shape == (4, 4, 6)
    facts = traced(lambda self, x: x.clone().t_() @ x, linear=nn.Linear(8, 8))
    assert facts.calls[-1].outputs[0].shape == (8, 8)
    facts = traced(lambda self, x: x.clone().unsqueeze_(0).squeeze_(0).transpose_(0, 1))
    assert facts.calls[-1].outputs[0].shape == (8, 4)


def test_assigned_data_is_followed_where_the_forward_pass_made_the_tensor() -> None:
    def body(self: Any, x: Tensor) -> Tensor:
        x = self.linear(x)
        x.data = x.data[:2]
        return self.linear(x)

    assert traced(body, linear=nn.Linear(8, 8)).calls[-1].outputs[0].shape == (2, 8)


def test_layouts_are_kept_as_pytorch_keeps_them() -> None:
    facts = traced(lambda self, x: (x[:, None].expand(4, 6, 8) * 2).view(-1, 8))
    assert facts.calls[-1].outputs[0].shape == (24, 8)
    assert facts.calls[-1].activations == 0
    facts = traced(lambda self, x: (x.t() + 1).t().contiguous())
    assert facts.calls[-1].activations == 0
    facts = traced(lambda self, x: (x[:, ::2].t() + 1).t().contiguous())
    assert facts.calls[-1].activations == 0


def test_constants_and_attributes_are_no_operations() -> None:
    def body(self: Any, x: Tensor) -> Tensor:
        return (
            x * torch.tensor(2.0, device=x.device) + torch.as_tensor([1.0] * 8) + self.plain + self.several[0]
        )

    for device in ("cpu", "meta"):
        plain, several = torch.ones(8, device=device), [torch.ones(8, device=device)]
        facts = traced(body, linear=nn.Linear(1, 1, device=device), plain=plain, several=several)
        assert [call.op for call in facts.calls] == ["mul", "add", "add", "add"]
        assert facts.unpriced == ()
        assert plain.__dict__ == {}


def test_marks_of_a_profiler_are_no_operations() -> None:
    def body(self: Any, x: Tensor) -> Tensor:
        with torch.profiler.record_function("mine"):
            return x * 2

    facts = traced(body)
    assert [call.op for call in facts.calls] == ["mul"]
    assert facts.unpriced == ()


def test_modules_made_in_the_forward_pass_have_a_place() -> None:
    facts = traced(lambda self, x: nn.Linear(8, 3)(x))
    assert facts.calls[-1].path == "Linear"
    assert facts.calls[-1].op == "linear"
    assert facts.unpriced == ()


def test_work_of_another_thread_is_not_a_silent_zero() -> None:
    import threading

    def body(self: Any, x: Tensor) -> Tensor:
        results: list[Tensor] = []
        thread = threading.Thread(target=lambda: results.append(self.linear(x)))
        thread.start()
        thread.join()
        return results[0] * 2

    facts = traced(body, linear=nn.Linear(8, 8, device="meta"))
    assert [entry.op for entry in facts.unpriced] == ["unseen operation"]


def test_an_operation_that_nobody_can_price_is_named_with_its_place() -> None:
    class Odd(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.linalg.inv(x)

    facts = trace(nn.Sequential(Odd()), [(4, 4)])
    assert ("aten::linalg_inv_ex", "0", 1) in [
        (entry.op, entry.path, entry.calls) for entry in facts.unpriced
    ]


def test_several_inputs_and_a_name() -> None:
    class Sum(nn.Module):
        def forward(self, x: Tensor, y: Tensor) -> Tensor:
            return x + y

    facts = trace(Sum(), [(2, 4), (1, 4)], name="sum")
    assert facts.model == "sum"
    assert facts.calls[0].reads == (0, 1)
    assert facts.calls[0].outputs[0].shape == (2, 4)


class Sharing(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(3, 3, 1))
        self.again = self.first
        self.never = nn.Linear(2, 2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        return F.relu(self.again(x)) + torch.relu(x)


def test_modules_say_what_they_are_where_they_stand_and_how_often_they_ran() -> None:
    traced = trace(Sharing(), [(1, 3, 4, 4)])
    seen = [
        (spec.path, spec.kind.rpartition(".")[2], spec.executions, spec.aliases) for spec in traced.modules
    ]
    assert seen == [
        ("", "Sharing", 1, ()),
        ("first", "Sequential", 2, ("again",)),
        ("first.0", "Conv2d", 2, ()),
        ("never", "Linear", 0, ()),
    ]


def test_calls_remember_how_they_were_spelled() -> None:
    traced = trace(Sharing(), [(1, 3, 4, 4)])
    assert [call.spelling for call in traced.calls] == [
        *["torch.nn.functional.conv2d"] * 2, "torch.nn.functional.relu", "torch.relu", "torch.Tensor.__add__",
    ]  # fmt: skip


class Arithmetic(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        x = x.add(x) + x
        x = 1 + x.add(1) + 2 * x
        return x.mul(2) * x.matmul(x) @ x


class Sum(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return sum([x, x], x)


def test_a_method_called_by_its_name_is_told_from_the_operator() -> None:
    traced = trace(Arithmetic(), [(4, 4)])
    assert [call.spelling.removeprefix("torch.Tensor.") for call in traced.calls] == [
        "add", "__add__", "add", "__add__", "__mul__", "__add__", "mul", "matmul", "__mul__", "__matmul__",
    ]  # fmt: skip
    assert {call.spelling for call in trace(Sum(), [(4, 4)]).calls} == {"torch.Tensor.__add__"}
