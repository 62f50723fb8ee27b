"""Rules of the user's own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.overrides import handle_torch_function, has_torch_function_unary

import inception_profiler as ip
from inception_profiler.errors import DuplicateNameError, InputError, LayerError, UnknownNameError

LIBRARY = torch.library.Library("inception_profiler_tests", "DEF")
LIBRARY.define("scan(Tensor x, int steps) -> Tensor")
LIBRARY.impl("scan", lambda x, steps: x * steps, "CompositeExplicitAutograd")
OPERATORS = torch.ops.inception_profiler_tests


@torch.library.custom_op("inception_profiler_tests::opaque", mutates_args=())
def opaque(x: Tensor) -> Tensor:
    return torch.from_numpy(x.numpy() * 2)


class Mix(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor) -> Tensor:
        ctx.save_for_backward(x, weight)
        return torch.exp(x) @ weight

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Any:
        x, weight = ctx.saved_tensors
        return gradient @ weight.T * torch.exp(x), torch.exp(x).T @ gradient


class Wave(torch.autograd.Function):
    """In the newer style: the context is set up apart from the forward pass."""

    @staticmethod
    def forward(x: Tensor) -> Tensor:
        return x.sin()

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return gradient * ctx.saved_tensors[0].cos()


class Ripple(Wave):
    """It has no forward of its own."""


def overridable(x: Tensor) -> Tensor:
    if has_torch_function_unary(x):
        return handle_torch_function(overridable, (x,), x)
    return x + 1


def plain(x: Tensor) -> Tensor:
    return x + 1


class Net(nn.Module):
    def __init__(self, body: Callable[[Tensor, Tensor], Tensor]) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(4, 6))
        self.body = body

    def forward(self, x: Tensor) -> Tensor:
        return self.body(x, self.weight)


def profiled(body: Callable[[Tensor, Tensor], Tensor]) -> ip.Profile:
    return ip.profile(nn.Sequential(Net(body)), (2, 4))


@pytest.fixture
def own() -> Iterator[Callable[..., Any]]:
    """Register rules that are gone after the test."""
    registered: list[Any] = []

    def register(*functions: Any, **options: Any) -> Any:
        decorate = ip.op(*functions, **options)

        def remembered(rule: Any) -> Any:
            rule = decorate(rule)
            registered.extend(functions)
            return rule

        return remembered

    yield register
    ip.remove_op(*registered)


BOUND = Mix.apply


@pytest.mark.parametrize(
    ("function", "body"),
    [
        (OPERATORS.scan, lambda x, w: OPERATORS.scan(x, 3)),
        (OPERATORS.scan, lambda x, w: OPERATORS.scan.default(x, 3)),
        (OPERATORS.scan.default, lambda x, w: OPERATORS.scan(x, 3)),
        (OPERATORS.scan.default, lambda x, w: OPERATORS.scan.default(x, steps=3)),
        (opaque, lambda x, w: opaque(x)),
        (OPERATORS.opaque, lambda x, w: opaque(x)),
        (Mix, Mix.apply),
        (Mix.apply, BOUND),
        (Wave, lambda x, w: Wave.apply(x)),
        (Ripple, lambda x, w: Ripple.apply(x)),
        (torch.fft.fft, lambda x, w: torch.fft.fft(x)),
        (overridable, lambda x, w: overridable(x)),
    ],
)
def test_what_can_be_given_a_rule(function: Any, body: Any) -> None:
    before = profiled(body)  # plans of a trace without the rule must not outlive its registration

    @ip.op(function, name="mine")
    def rule(x: Tensor, *_: Any, **__: Any) -> ip.Cost:
        return ip.Cost(macs=1_000, adds=x.numel())

    result = profiled(body)
    ip.remove_op(function)
    assert profiled(body) == before
    (layer,) = (layer for layer in result.layers if layer.op == "mine")
    assert (layer.path, layer.macs, layer.ops, layer.call.kind) == ("0", 1_000, 8, "own")
    assert (result.macs, result.ops, result.unpriced) == (1_000, 8, ())
    assert (result.coverage.own_calls, result.coverage.own_flops) == (1, 2_008)
    assert result.layers[-1].call.outputs == before.layers[-1].call.outputs


def test_an_operation_that_cannot_run_without_data_is_told_what_comes_out(own: Any) -> None:
    body = lambda x, w: opaque(x) @ w  # noqa: E731
    assert "cannot run without data" in profiled(body).fallback

    @own(opaque)
    def double(x: Tensor) -> ip.Outcome:
        return ip.Outcome(tuple(x.shape), multiplications=x.numel())

    result = profiled(body)
    assert (result.fallback, result.ops, result.macs) == ("", 8, 2 * 4 * 6)


def test_a_function_of_autograd_stays_as_it_was(own: Any) -> None:
    kept = {owner: dict(vars(owner)) for owner in (Mix, Wave, Ripple)}

    @own(Mix, Wave, Ripple)
    def rule(x: Tensor, *_: Any) -> ip.Cost:
        assert Mix.__dict__["forward"] is not kept[Mix]["forward"]  # while it traces
        return ip.Cost(adds=1)

    profiled(lambda x, w: Ripple.apply(Mix.apply(x, w)))
    with pytest.raises(LayerError):
        profiled(lambda x, w: Mix.apply(x, w) + "text")
    assert {owner: dict(vars(owner)) for owner in kept} == kept
    x = torch.rand(2, 4, dtype=torch.double, requires_grad=True)
    weight = torch.rand(4, 6, dtype=torch.double, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x, w: Ripple.apply(Mix.apply(x, w)), (x, weight))


def test_another_thread_computes_while_one_traces(own: Any) -> None:
    x, weight, results = torch.rand(2, 4), torch.rand(4, 6), []

    @own(Mix)
    def rule(x: Tensor, *_: Any) -> ip.Cost:
        return ip.Cost(adds=1)

    def body(given: Tensor, parameter: Tensor) -> Tensor:
        thread = threading.Thread(target=lambda: results.append(Mix.apply(x, weight)))
        thread.start()
        thread.join()
        return Mix.apply(given, parameter)

    assert profiled(body).ops == 1
    assert torch.equal(results[0], torch.exp(x) @ weight)


def test_calls_inside_an_operation_with_a_rule_are_not_counted_again(own: Any) -> None:
    @own(Mix)
    def mix(x: Tensor, weight: Tensor) -> ip.Cost:
        return ip.Cost(macs=7)

    assert [layer.op for layer in profiled(Mix.apply).layers] == ["mix"]


def test_what_a_rule_does_not_cover_is_looked_at_from_below(own: Any) -> None:
    @own(Mix)
    def mix(x: Tensor, weight: Tensor) -> ip.Cost | None:
        return None

    result = profiled(Mix.apply)
    assert result.macs == 2 * 4 * 6
    assert result.coverage.own_calls == 0


def test_a_rule_is_asked_anew_for_every_call(own: Any) -> None:
    price = [1]

    @own(Wave)
    def wave(x: Tensor) -> ip.Outcome:
        return ip.Outcome(tuple(x.shape), adds=price[0])

    body = lambda x, w: Wave.apply(x)  # noqa: E731
    assert profiled(body).ops == 1
    price[0] = 2
    assert profiled(body).ops == 2


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (lambda x: 1 / 0, "the rule 'wave' failed: ZeroDivisionError: division by zero"),
        (lambda: None, "the rule 'wave' failed: TypeError"),
        (lambda x: {"macs": 3}, "the rule 'wave' gave a dict, not an ip.Cost or an ip.Outcome"),
        (lambda x: ip.Cost(macs=1.5), "the rule 'wave' gave 1.5 as a count"),
        (lambda x: ip.Cost(adds=-1), "the rule 'wave' gave -1 as a count"),
        (lambda x: ip.Cost(adds=True), "the rule 'wave' gave True as a count"),
        (lambda x: ip.Cost(bytes_read=4), "the rule 'wave' counts bytes"),
        (lambda x: ip.Outcome(x.shape), None),
        (lambda x: ip.Outcome([2, 4]), r"the rule 'wave' gave \[2, 4\] as a shape"),
    ],
)
def test_a_rule_that_fails_is_named_with_the_layer(own: Any, given: Any, says: str | None) -> None:
    own(Wave, name="wave")(given)
    if says is None:
        assert profiled(lambda x, w: Wave.apply(x)).layers[0].call.outputs[0].shape == (2, 4)
        return
    with pytest.raises(LayerError, match=rf"layer 0: .*Wave\.apply: {says}"):
        profiled(lambda x, w: Wave.apply(x))


def test_a_rule_that_fails_below_the_functions_is_named_too(own: Any) -> None:
    @own(torch.ops.aten.linalg_inv_ex)
    def inverse(*_: Any, **__: Any) -> ip.Cost:
        raise KeyError("no idea")

    with pytest.raises(LayerError, match=r"layer 0: .*the rule 'inverse' failed: KeyError"):
        profiled(lambda x, w: torch.linalg.inv(x @ x.mT))


def test_an_operation_has_one_rule(own: Any) -> None:
    own(Wave, name="wave")(lambda x: ip.Cost())
    for function in (Wave, Wave.apply):
        with pytest.raises(DuplicateNameError, match=r"Wave\.apply has a rule already: wave"):
            ip.op(function)
    with pytest.raises(DuplicateNameError, match=r"torch\.nn\.functional\.conv2d has a rule already: conv2d"):
        ip.op(F.conv2d)


@pytest.mark.parametrize(
    ("functions", "says"),
    [
        ((), "say which operation"),
        ((plain,), r"plain is a plain Python function.*custom_op\(\"mine::plain\""),
        ((nn.Linear,), "Linear is a module"),
        ((nn.Linear(2, 2),), "Linear is a module"),
        (("scan",), "'scan' is no operation"),
        ((Mix.forward,), "plain Python function"),
        ((3,), "3 is no operation"),
    ],
)
def test_what_cannot_be_given_a_rule_is_refused(functions: Any, says: str) -> None:
    with pytest.raises(InputError, match=says):
        ip.op(*functions)


def test_a_rule_without_a_name_is_refused() -> None:
    with pytest.raises(InputError, match="cannot call an operation '<lambda>'"):
        ip.op(Wave)(lambda x: ip.Cost())
    assert profiled(lambda x, w: Wave.apply(x)).layers[0].op == "sin"


def test_only_rules_of_ones_own_can_be_taken_away() -> None:
    for function in (F.conv2d, Wave):
        with pytest.raises(UnknownNameError, match="operation with a rule of your own"):
            ip.remove_op(function)
    assert ip.profile(nn.Conv2d(1, 1, 1), (1, 1, 2, 2)).macs == 4
