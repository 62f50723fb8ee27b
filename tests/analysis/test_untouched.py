"""A model, and PyTorch, are after a trace what they were before it."""

from __future__ import annotations

import copy
import random
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

import numpy
import pytest
import torch
import torch._dynamo  # here, because the import itself replaces torch.manual_seed
import torch.nn.functional as F
from torch import Tensor, nn
from torch._dynamo import eval_frame
from torch.nn.modules import module as module_file

from inception_profiler import ProfilerError, memory, profile
from inception_profiler.analysis.trace import ALONE

SHAPE = (2, 3, 8, 8)


class Worst(nn.Module):
    """Everything in one forward pass that a careless counter would leave behind."""

    def __init__(self, *, fail: bool = False, needs_data: bool = False) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.frozen = nn.BatchNorm2d(4)
        self.frozen.requires_grad_(False)
        self.shared = nn.Conv2d(4, 4, 1)
        self.alias = self.shared
        self.first = nn.Linear(4, 4)
        self.tied = nn.Linear(4, 4)
        self.tied.weight = self.first.weight
        self.drop = nn.Dropout(0.5)
        self.register_buffer("calls", torch.zeros((), dtype=torch.long))
        self.register_buffer("mean", torch.zeros(4))
        self.seen: list[Any] = [1, [2]]
        self.options = {"last": None, "nested": {"deep": [3]}}
        self.scratch: Tensor | None = None
        self.plain = torch.ones(4)
        self.fail = fail
        self.needs_data = needs_data

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        x = self.frozen(self.norm(self.conv(x)))
        self.shared.weight.data = self.shared.weight.data * 2
        self.shared.weight.data.add_(1)
        x = self.alias(self.shared(x))
        with torch.no_grad():
            self.first.bias.copy_(torch.ones(4))
            self.first.weight[0] = 7.0
            nn.init.normal_(self.first.weight)
            self.conv.bias.renorm_(2, 0, 1.0) if self.conv.bias.dim() > 1 else self.conv.bias.unsqueeze_(0)
        self.plain.mul_(3)
        self.plain.clamp_(0, 1)
        self.mean = 0.9 * self.mean + 0.1 * x.mean((0, 2, 3))
        self.scratch = x
        self.added = x
        self.conv.stride = (1, 1)
        self.conv.note = "new"
        self.register_buffer("late", torch.ones(4))
        self.drop.register_buffer("later", torch.ones(4))
        self.drop.register_forward_hook(print)
        self.drop.extra = nn.Linear(1, 1)
        self.seen.append(x)
        self.seen[1].append(x)
        self.options["last"] = x
        self.options["nested"]["deep"].clear()
        self.first.weight.requires_grad = False
        self.tied.bias.requires_grad_(False)
        self.first.weight.register_hook(print)
        self.norm.eval()
        self.frozen.train()
        self.shared.weight.grad = torch.zeros_like(self.shared.weight)
        x = self.drop(x) + torch.rand_like(x) * random.random() + torch.randn(()) * 0
        x = x + F.dropout(x, training=True) + F.dropout2d(x, training=True) + torch.bernoulli(x.sigmoid())
        if self.needs_data and x.sum() == float("inf"):
            return x
        if self.fail:
            raise KeyError("on purpose")
        return self.tied(self.first(x.mean((2, 3))))


def hook(*_: Any) -> None:
    return None


def worst(**options: Any) -> Worst:
    model = Worst(**options)
    model.conv.register_forward_hook(hook)
    model.conv.register_forward_pre_hook(hook)
    model.shared.register_full_backward_hook(hook)
    model.norm.train()
    model.frozen.eval()
    model.drop.eval()
    return model


class Snapshot:
    """All that may not change."""

    def __init__(self, model: nn.Module) -> None:
        self.tensors = [
            *model.named_parameters(remove_duplicate=False),
            *model.named_buffers(remove_duplicate=False),
        ]
        self.values = [
            (tensor.detach().clone(), tensor.shape, tensor.requires_grad) for _, tensor in self.tensors
        ]
        self.storages = [tensor.data_ptr() for _, tensor in self.tensors]
        self.gradients = [
            (tensor.grad, tensor._backward_hooks, dict(tensor.__dict__)) for _, tensor in self.tensors
        ]
        self.modules = list(model.named_modules(remove_duplicate=False))
        self.attributes = [dict(module.__dict__) for _, module in self.modules]
        self.tables = [
            {key: dict(value) for key, value in vars(module).items() if isinstance(value, dict)}
            for _, module in self.modules
        ]
        self.torch_state, self.python_state = torch.get_rng_state(), random.getstate()

    def hold(self, model: nn.Module) -> None:
        after = Snapshot(model)
        assert [name for name, _ in after.tensors] == [name for name, _ in self.tensors]
        assert all(one is other for (_, one), (_, other) in zip(after.tensors, self.tensors, strict=True))
        for (one, *facts), (other, *expected) in zip(after.values, self.values, strict=True):
            assert facts == expected
            assert torch.equal(one, other)
        assert after.storages == self.storages
        assert after.gradients == self.gradients
        assert [name for name, _ in after.modules] == [name for name, _ in self.modules]
        for one, other in zip(after.attributes, self.attributes, strict=True):
            assert list(one) == list(other)
            assert all(one[key] is other[key] for key in one)
        for one, other in zip(after.tables, self.tables, strict=True):
            assert {key: list(table) for key, table in one.items()} == {
                key: list(table) for key, table in other.items()
            }
        assert torch.equal(after.torch_state, self.torch_state)
        assert after.python_state == self.python_state


@pytest.fixture(autouse=True)
def nothing_global_is_left() -> Iterator[None]:
    owners = (torch, F, Tensor)
    before = [{name: getattr(owner, name, None) for name in dir(owner)} for owner in owners]
    tables = [name for name in vars(module_file) if name.startswith("_global_")]
    hooks = {name: copy.copy(getattr(module_file, name)) for name in tables}
    yield
    for owner, functions in zip(owners, before, strict=True):
        for name, function in functions.items():
            after = getattr(owner, name, None)
            assert after is function or after == function, name
    assert {name: getattr(module_file, name) for name in tables} == hooks
    assert not torch._C._is_torch_function_mode_enabled()
    assert torch.is_grad_enabled()


@pytest.mark.parametrize("train", [False, True, None])
@pytest.mark.parametrize("fail", [False, True], ids=["returns", "raises"])
@pytest.mark.parametrize("needs_data", [False, True], ids=["static", "fallback"])
def test_a_trace_leaves_nothing(train: bool | None, fail: bool, needs_data: bool) -> None:
    model = worst(fail=fail, needs_data=needs_data)
    before = Snapshot(model)
    if fail:
        with pytest.raises(ProfilerError, match="on purpose"):
            profile(model, SHAPE, train=train)
    else:
        assert bool(profile(model, SHAPE, train=train).fallback) == needs_data
    before.hold(model)
    assert model.seen == [1, [2]]
    assert model.options == {"last": None, "nested": {"deep": [3]}}
    assert torch.equal(model.plain, torch.ones(4))
    assert model.plain.__dict__ == {}


def test_weights_without_data_keep_their_shapes() -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.linear = nn.Linear(4, 4)

        def forward(self, x: Tensor) -> Tensor:
            with torch.no_grad():
                self.linear.weight.t_().unsqueeze_(0)
                self.linear.bias.resize_(2, 2)
            return self.linear.weight.new_zeros(3)

    model = Net().to("meta")
    profile(model, (1, 4))
    assert model.linear.weight.shape == (4, 4)
    assert model.linear.bias.shape == (4,)


def test_a_compiled_model_and_the_compiler_are_left_alone() -> None:
    inner = worst()
    model = torch.compile(inner)
    before, stance = Snapshot(inner), eval_frame._stance
    profile(model, SHAPE)
    before.hold(inner)
    assert model._orig_mod is inner
    assert eval_frame._stance is stance


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def test_two_threads_count_their_own_models(hasty_threads: None) -> None:
    wide = nn.Sequential(*[nn.Linear(8, 8) for _ in range(40)])
    narrow = nn.Sequential(OrderedDict((f"narrow{index}", nn.Linear(4, 4)) for index in range(40)))

    def facts(model: nn.Module, width: int) -> list[tuple[str, int, int]]:
        layers = profile(model, (1, width)).layers
        return [(layer.path, layer.macs, layer.peak_activation_bytes) for layer in layers]

    alone = {8: facts(wide, 8), 4: facts(narrow, 4)}
    start, together = threading.Barrier(2), []

    def work(model: nn.Module, width: int) -> None:
        start.wait()
        together.extend((width, facts(model, width)) for _ in range(10))

    threads = [threading.Thread(target=work, args=arguments) for arguments in ((wide, 8), (narrow, 4))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(together) == 20
    assert all(found == alone[width] for width, found in together)


def test_the_compiler_is_let_go_at_the_end() -> None:
    before = eval_frame._stance
    ALONE.__enter__()
    ALONE.__enter__()
    ALONE.__exit__()
    assert eval_frame._stance.stance == "force_eager"
    ALONE.__exit__()
    assert eval_frame._stance is before


def test_the_generator_of_numpy_is_what_it_was() -> None:
    class Noisy(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x * float(numpy.random.rand())

    numpy.random.seed(0)
    expected = numpy.random.rand()
    numpy.random.seed(0)
    profile(Noisy(), (1, 4))
    assert numpy.random.rand() == expected


def test_training_is_counted_in_inference_mode_too() -> None:
    model = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))
    with torch.inference_mode():
        assert profile(model, (1, 4), train=True).backward_macs == profile(model, (1, 4)).macs + 16
        assert (
            memory(model, (1, 4), train=True).saved_bytes == memory(model, (1, 4), train=True).saved_bytes > 0
        )


def test_two_threads_that_look_at_one_model_leave_its_weights() -> None:
    model = nn.Sequential(*(nn.Linear(8, 8) for _ in range(30)))
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    start, found = threading.Barrier(2), []

    def work() -> None:
        start.wait()
        found.extend(memory(model, (4, 8), train=True).peak_bytes for _ in range(2))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    after = model.state_dict()
    assert all(torch.equal(after[name], tensor) for name, tensor in before.items())


class Casting(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return self.linear(x)


@pytest.mark.parametrize("look", [profile, memory])
def test_autocast_is_told(look: Callable[..., Any]) -> None:
    with pytest.warns(UserWarning, match="autocast, which is not followed"):
        look(Casting(), (1, 4))
