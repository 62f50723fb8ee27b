"""What gradients cost, against naive loops that work gradients out, PyTorch's counter, and real backwards."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

import inception_profiler as ip
from inception_profiler.zoo.card import load
from tests.analysis.step import flop_counter_step_macs, operator_step_macs, run_step

CARDS = load()
REGISTERED = (
    "inception_v1",
    "inception_v3",
    "bn_inception",
    "xception",
    "densenet121",
    "se_resnet50",
    "lenet5",
)
TIMM = ("vit_tiny_patch16_224", "convnext_atto", "mobilenetv3_small_050", "botnet26t_256")
Index = tuple[int, ...]
Terms = Iterator[tuple[Index, Index, Index]]  # of the input, of the weight, of the output


class Body(nn.Module):
    """A forward written as a function, with named parts."""

    def __init__(self, body: Callable[[Any, Tensor], Any], **parts: Any) -> None:
        super().__init__()
        self.body = body
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, x: Tensor) -> Any:
        return self.body(self, x)


def backward(
    body: Callable[[Any, Tensor], Any], shape: tuple[int, ...] = (4, 8), **parts: Any
) -> dict[str, int]:
    """Return the backward MACs of each module of a network, those of its own forward under ""."""
    return by_path(Body(body, **parts), shape)


def by_path(model: nn.Module, shape: tuple[int, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for layer in ip.profile(model, shape, train=True).layers:
        found[layer.path] = found.get(layer.path, 0) + layer.backward_macs
    return found


def frozen(module: nn.Module) -> nn.Module:
    return module.requires_grad_(False)


# -- gradients of convolutions worked out term by term -------------------------------------------------------


def conv_terms(conv: Any, given: Tensor, output: Tensor) -> Terms:
    """Yield every product of a convolution: y[n, o, site] += x[n, i, place] · w[o, i, tap]."""
    groups, transposed = conv.groups, conv.transposed
    inner = given.shape[1] // groups
    outer = output.shape[1] // groups
    walked = given if transposed else output
    sites = list(itertools.product(*map(range, walked.shape[2:])))
    taps = list(itertools.product(*map(range, conv.kernel_size)))
    for n, g, o, i, site, tap in itertools.product(
        range(given.shape[0]), range(groups), range(outer), range(inner), sites, taps
    ):
        place = tuple(
            s * step - pad + t * spread
            for s, t, step, pad, spread in zip(
                site, tap, conv.stride, conv.padding, conv.dilation, strict=True
            )
        )
        wide, deep = g * outer + o, g * inner + i
        if transposed:
            yield (n, deep, *site), (deep, o, *tap), (n, wide, *place)
        else:
            yield (n, deep, *place), (wide, i, *tap), (n, wide, *site)


def inside(index: Index, tensor: Tensor) -> bool:
    return all(0 <= position < size for position, size in zip(index, tensor.shape, strict=True))


CONVOLUTIONS: dict[str, tuple[nn.Module, tuple[int, ...]]] = {
    "1d": (nn.Conv1d(2, 3, 3, padding=1), (2, 2, 5)),
    "2d": (nn.Conv2d(2, 3, (3, 2), stride=2, padding=1), (1, 2, 5, 6)),
    "3d": (nn.Conv3d(1, 2, 2, padding=(1, 0, 0)), (1, 1, 3, 3, 2)),
    "groups": (nn.Conv2d(4, 6, 3, groups=2, padding=1), (1, 4, 4, 3)),
    "depthwise": (nn.Conv2d(4, 4, 3, groups=4, padding=1), (2, 4, 4, 4)),
    "multiplier": (nn.Conv2d(3, 6, 3, groups=3), (1, 3, 4, 5)),
    "dilation": (nn.Conv2d(2, 2, 3, dilation=2, padding=2), (1, 2, 5, 5)),
    "transposed 1d": (nn.ConvTranspose1d(2, 3, 4, stride=2, padding=1), (2, 2, 3)),
    "transposed 2d": (nn.ConvTranspose2d(2, 3, 3, stride=2, padding=1, output_padding=1), (1, 2, 3, 2)),
    "transposed groups": (nn.ConvTranspose2d(4, 6, 2, stride=2, groups=2), (1, 4, 2, 3)),
    "transposed 3d": (nn.ConvTranspose3d(1, 2, 2, dilation=2), (1, 1, 2, 2, 2)),
}


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_gradients_of_a_convolution_cost_what_a_naive_loop_multiplies(name: str) -> None:
    conv, shape = CONVOLUTIONS[name]
    torch.manual_seed(0)
    x = torch.randn(shape, dtype=torch.float64, requires_grad=True)
    conv = conv.double()
    y = conv(x)
    seed = torch.randn_like(y)
    expected = torch.autograd.grad(y, [x, conv.weight], seed)
    to_input, to_weight = torch.zeros_like(x), torch.zeros_like(conv.weight)
    input_macs = weight_macs = 0
    with torch.no_grad():
        for source, tap, target in conv_terms(conv, x, y):
            there = seed[target] if inside(target, y) else 0.0  # what padding adds or crops is a product too
            if inside(source, x):
                to_input[source] += there * conv.weight[tap]
                to_weight[tap] += there * x[source]
            input_macs += 1
            weight_macs += 1
    assert torch.allclose(to_input, expected[0])
    assert torch.allclose(to_weight, expected[1])

    scaled = nn.Parameter(torch.ones(1, dtype=torch.float64))
    assert by_path(Body(lambda m, x: m.conv(x * m.scale), conv=conv, scale=scaled), shape)["conv"] == (
        input_macs + weight_macs
    )
    assert by_path(conv, shape)[""] == weight_macs
    conv.requires_grad_(False)
    assert (
        by_path(Body(lambda m, x: m.conv(x * m.scale), conv=conv, scale=scaled), shape)["conv"] == input_macs
    )
    assert by_path(conv, shape)[""] == 0
    conv.requires_grad_(True)


def loops(*sizes: int) -> int:
    """Count the multiply-adds of a nest of loops."""
    return sum(1 for _ in itertools.product(*map(range, sizes)))


def test_gradients_of_matrix_products() -> None:
    weight, stack = nn.Parameter(torch.empty(6, 5)), nn.Parameter(torch.empty(2, 3, 4, 6))
    once = loops(2, 3, 4, 6, 5)
    assert backward(lambda m, x: m.a @ m.b, a=stack, b=weight) == {"": 2 * once}
    assert backward(lambda m, x: m.a @ x, (6, 5), a=stack) == {"": once}
    assert backward(lambda m, x: x @ x, (6, 6)) == {"": 0}
    square = nn.Parameter(torch.empty(6, 6))
    assert backward(lambda m, x: m.a @ m.a, a=square) == {"": 2 * loops(6, 6, 6)}
    assert backward(lambda m, x: torch.addmm(m.a, x, x), (6, 6), a=square) == {"": 0}
    assert backward(lambda m, x: torch.addmm(x, x, m.a), (6, 6), a=square) == {"": loops(6, 6, 6)}
    assert backward(lambda m, x: torch.addmm(input=x, mat2=m.a, mat1=m.a), (6, 6), a=square) == {
        "": 2 * loops(6, 6, 6)
    }
    assert backward(lambda m, x: torch.einsum("bij,jk->bik", m.a[0], m.b), a=stack, b=weight) == {
        "": 2 * loops(3, 4, 6, 5)
    }
    assert backward(lambda m, x: F.linear(x, weight=m.w, bias=m.b), (4, 8), w=nn.Parameter(torch.empty(3, 8)),
                    b=nn.Parameter(torch.empty(3))) == {"": loops(4, 8, 3)}  # fmt: skip


def test_gradients_of_attention_are_four_products_for_two() -> None:
    def parts() -> dict[str, nn.Parameter]:
        return {
            "q": nn.Parameter(torch.empty(2, 3, 4, 5)),
            "k": nn.Parameter(torch.empty(2, 3, 6, 5)),
            "v": nn.Parameter(torch.empty(2, 3, 6, 7)),
        }

    scores, mixed = loops(2, 3, 4, 6, 5), loops(2, 3, 4, 6, 7)
    of = {"q": scores, "k": scores, "v": mixed}
    for wanted in itertools.product([False, True], repeat=3):
        given = parts()
        for parameter, flag in zip(given.values(), wanted, strict=True):
            parameter.requires_grad_(flag)
        names = [name for name, flag in zip(given, wanted, strict=True) if flag]
        expected = sum(of[name] for name in names) + (mixed if {"q", "k"} & set(names) else 0)
        model = Body(lambda m, x: F.scaled_dot_product_attention(m.q, m.k, m.v), **given)
        assert by_path(model, (1,)) == {"": expected}


def test_gradients_of_a_bilinear_layer() -> None:
    layer = nn.Bilinear(3, 4, 5, bias=False)
    both = loops(2, 5, 3, 4) + loops(2, 5, 4)
    left, right = nn.Parameter(torch.empty(2, 3)), nn.Parameter(torch.empty(2, 4))
    assert backward(lambda m, x: m.layer(m.l, m.r), layer=layer, l=left, r=right)["layer"] == 2 * both
    only_right = loops(2, 5, 4)
    right_alone = backward(
        lambda m, x: m.layer(x, m.r), (2, 3), layer=frozen(nn.Bilinear(3, 4, 5, bias=False)), r=right
    )
    assert right_alone["layer"] == only_right


# -- where gradients flow ------------------------------------------------------------------------------------


def linears(count: int = 3) -> dict[str, nn.Module]:
    return {name: nn.Linear(8, 8, bias=False) for name in "abcdef"[:count]}


ONE = loops(4, 8, 8)


def test_the_first_layer_needs_no_gradient_of_its_input() -> None:
    assert backward(lambda m, x: m.c(m.b(m.a(x))), **linears()) == {"a": ONE, "b": 2 * ONE, "c": 2 * ONE}


def test_an_input_given_with_a_gradient_gets_one() -> None:
    x = torch.empty(4, 8, requires_grad=True)
    assert ip.profile(nn.Linear(8, 8), inputs=[x], train=True).backward_macs == 2 * ONE
    assert ip.profile(nn.Linear(8, 8), inputs=[x.detach()], train=True).backward_macs == ONE


def test_frozen_parts() -> None:
    def through(m: Any, x: Tensor) -> Tensor:
        return m.c(m.b(m.a(x)))

    parts = linears()
    frozen(parts["a"]), frozen(parts["b"])
    assert backward(through, **parts) == {"a": 0, "b": 0, "c": ONE}
    parts = linears()
    frozen(parts["b"])
    assert backward(through, **parts) == {"a": ONE, "b": ONE, "c": 2 * ONE}
    parts = linears()
    frozen(parts["b"]), frozen(parts["c"])
    assert backward(through, **parts) == {"a": ONE, "b": ONE, "c": ONE}
    norm = nn.BatchNorm1d(8)
    assert backward(lambda m, x: m.a(m.norm(x)), norm=norm, a=frozen(nn.Linear(8, 8)))["a"] == ONE
    assert backward(lambda m, x: m.a(m.norm(x)), norm=frozen(norm), a=frozen(nn.Linear(8, 8)))["a"] == 0


def test_a_trainable_bias_alone_needs_no_product() -> None:
    layer = nn.Linear(8, 8)
    layer.weight.requires_grad_(False)
    assert backward(lambda m, x: m.a(x), a=layer) == {"a": 0}
    assert backward(lambda m, x: m.b(m.a(x)), a=layer, b=frozen(nn.Linear(8, 8))) == {"a": 0, "b": ONE}


def test_inference_has_no_backward() -> None:
    profile = ip.profile(nn.Linear(8, 8), (4, 8))
    assert (profile.backward_macs, profile.step_macs, profile.backward_ratio) == (0, ONE, 0.0)


def test_shared_and_tied_layers_cost_each_time() -> None:
    layer, tied = nn.Linear(8, 8, bias=False), nn.Linear(8, 8, bias=False)
    tied.weight = layer.weight
    assert backward(lambda m, x: m.a(m.a(x)), a=layer) == {"a": ONE + 2 * ONE}
    assert backward(lambda m, x: m.b(m.a(x)), a=layer, b=tied) == {"a": ONE, "b": 2 * ONE}


STOPS: dict[str, Callable[[Any, Tensor], Any]] = {
    "detach": lambda m, x: m.b(m.a(x).detach()),
    "detach_": lambda m, x: m.b(m.a(x).detach_()),
    "data": lambda m, x: m.b(m.a(x).data),
    "no_grad": lambda m, x: m.b(silent(m.a, x)),
    "inference_mode off the path": lambda m, x: m.b(m.a(x).new_zeros(4, 8)),
    "argmax": lambda m, x: m.b(F.one_hot(m.a(x).argmax(1), 8).float()),
    "comparison": lambda m, x: m.b((m.a(x) > 0).float()),
    "long": lambda m, x: m.b(m.a(x).long().float()),
    "zeros_like": lambda m, x: m.b(torch.zeros_like(m.a(x))),
    "unused": lambda m, x: (m.a(x), m.b(x))[1],
    "under set_grad_enabled": lambda m, x: m.b(switched(m.a, x)),
    "decorated": lambda m, x: m.b(torch.no_grad()(m.a)(x)),
}


def silent(part: nn.Module, x: Tensor) -> Tensor:
    with torch.no_grad():
        with torch.enable_grad():
            pass
        return part(x)


def switched(part: nn.Module, x: Tensor) -> Tensor:
    torch.set_grad_enabled(False)
    y = part(x)
    torch.set_grad_enabled(True)
    return y


@pytest.mark.parametrize("name", STOPS)
def test_what_cuts_the_flow(name: str) -> None:
    model = Body(STOPS[name], **linears(2))
    assert by_path(model, (4, 8)) == {"": 0, "a": 0, "b": ONE} or by_path(model, (4, 8)) == {"a": 0, "b": ONE}
    assert real_step_macs(model, (4, 8)) == 2 * ONE + ONE


def real_step_macs(model: nn.Module, shape: tuple[int, ...]) -> int:
    """Forward and backward on real tensors, counted by PyTorch."""
    from torch.utils.flop_counter import FlopCounterMode

    mode = FlopCounterMode(display=False)
    run_step(model, shape, mode, device="cpu")
    return mode.get_total_flops() // 2


def written(m: Any, x: Tensor) -> Tensor:
    buffer = torch.zeros(4, 8)
    if x.is_meta:
        buffer = torch.zeros(4, 8, device="meta")
    buffer[1:3] = m.a(x)[1:3]
    return m.b(buffer)


def written_through_a_view(m: Any, x: Tensor) -> Tensor:
    buffer = x.new_zeros(4, 8)
    row = buffer.view(2, 2, 8)[0]
    row.add_(m.a(x)[:2])
    return m.b(buffer)


def detached_copy_written(m: Any, x: Tensor) -> Tensor:
    buffer = x.clone()
    loose = buffer.detach()
    loose.mul_(2)
    return m.b(buffer) + m.a(buffer)


def nested(m: Any, x: Tensor) -> dict[str, Any]:
    return {"deep": [m.b(m.a(x)), {"integer": m.a(x).argmax()}], "other": m.c(x).detach()}


def late_write(m: Any, x: Tensor) -> Tensor:
    h = m.a(x)
    y = m.b(h)
    side = y.clone()
    side.add_(m.c(x))
    return y


class Doubled(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        with torch.no_grad():
            return x * 2

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return gradient * 2


FLOWS: dict[str, Callable[[Any, Tensor], Any]] = {
    "a slice of a buffer is written": written,
    "a view is written": written_through_a_view,
    "a detached view is written": detached_copy_written,
    "nested outputs": nested,
    "a write that nothing reads": late_write,
    "rounded": lambda m, x: m.b(m.a(x).round()),
    "where": lambda m, x: m.b(torch.where(m.a(x) > 0, x, m.c(x))),
    "half of a split": lambda m, x: m.b(torch.cat([m.a(x).chunk(2, 1)[0], m.c(x).chunk(2, 1)[1]], 1)),
    "sorted": lambda m, x: m.b(m.a(x).sort(1).values),
    "maximum with its place": lambda m, x: m.b(m.a(x).max(1, keepdim=True).values.expand(4, 8)),
    "shape of another": lambda m, x: m.b(x.expand_as(m.a(x))),
    "shape of another, copied": lambda m, x: m.b(x.t().reshape_as(m.a(x))),
    "type of another": lambda m, x: m.b(x.double().type_as(m.a(x))),
    "custom function": lambda m, x: m.c(Doubled.apply(m.b(Doubled.apply(m.a(x))))),
    "in place": lambda m, x: m.b(F.relu(m.a(x), inplace=True)),
    "gradients wanted inside no_grad": lambda m, x: m.b(enabled_inside(m.a, x)),
    "outer product": lambda m, x: m.b(torch.einsum("i,j->ij", m.a(x)[:, 0], m.c(x)[0])),
    "a module that is not registered": lambda m, x: m.a(m.loose[0](x)),
    "gate": lambda m, x: m.a(x) * torch.sigmoid(m.b(x)).detach(),
    "squared matrix": lambda m, x: cubed(m.a(x)),
}


def cubed(x: Tensor) -> Tensor:
    return x @ x.t() @ x


def enabled_inside(part: nn.Module, x: Tensor) -> Tensor:
    with torch.no_grad(), torch.enable_grad():
        return part(x)


@pytest.mark.parametrize("name", FLOWS)
@pytest.mark.filterwarnings("ignore:.*non-leaf.*")
def test_gradients_flow_where_autograd_lets_them(name: str) -> None:
    model = Body(FLOWS[name], **linears(3))
    model.loose = [nn.Linear(8, 8)]
    for trainable in itertools.product([True, False], repeat=3):
        for part, flag in zip("abc", trainable, strict=True):
            getattr(model, part).requires_grad_(flag)
        assert ip.profile(model, (4, 8), train=True).step_macs == real_step_macs(model, (4, 8))


def test_recomputation_is_not_needed_for_the_gradient_and_not_counted() -> None:
    def straight(m: Any, x: Tensor) -> Tensor:
        return m.c(m.b(m.a(x)).relu())

    def saving(m: Any, x: Tensor) -> Tensor:
        return m.c(checkpoint(lambda h: m.b(h).relu(), m.a(x), use_reentrant=False))

    parts = linears(3)
    once = backward(straight, **parts)
    assert backward(saving, **parts) == once
    recomputed = real_step_macs(Body(saving, **parts), (4, 8)) - real_step_macs(
        Body(straight, **parts), (4, 8)
    )
    assert recomputed == ONE  # which PyTorch's counter sees


@pytest.mark.filterwarnings("ignore:None of the inputs have requires_grad")
def test_a_reentrant_checkpoint_lets_the_gradient_through() -> None:
    assert backward(lambda m, x: m.c(checkpoint(m.b, m.a(x), use_reentrant=True)), **linears(3)) == {
        "a": ONE, "b": 2 * ONE, "c": 2 * ONE
    }  # fmt: skip


def test_a_forward_that_needs_data_has_the_same_gradients_and_its_model_stays() -> None:
    def branching(m: Any, x: Tensor) -> Tensor:
        h = m.a(x)
        return m.b(h) if h.sum() > -math.inf else m.c(h)

    model = Body(branching, **linears(3))
    profile = ip.profile(model, (4, 8), train=True)
    assert profile.fallback
    assert profile.backward_macs == 3 * ONE
    straight = ip.profile(Body(lambda m, x: m.b(m.a(x) + m.a(x).sum()), **linears(3)), (4, 8), train=True)
    assert profile.peak_activation_bytes <= straight.peak_activation_bytes  # no graph keeps anything alive
    assert all(parameter.requires_grad and parameter.grad is None for parameter in model.parameters())
    assert torch.is_grad_enabled()


# -- whole networks against real backward passes ------------------------------------------------------------


def small_shape(name: str) -> tuple[int, ...]:
    return (2, *CARDS.get(name)[0].input)


@pytest.mark.parametrize("name", REGISTERED)
def test_partly_frozen_networks_cost_what_their_real_backward_multiplies(name: str) -> None:
    model = ip.build(name, device="meta", **heads(name))
    dice = random.Random(name)
    for module in list(model.modules()):
        if not list(module.children()) and dice.random() < 0.3:
            module.requires_grad_(False)
    shape = small_shape(name)
    assert ip.profile(model, shape, train=True).step_macs == operator_step_macs(model, shape)


def heads(name: str) -> dict[str, bool]:
    return {} if CARDS.get(name)[0].params_with_auxiliary is None else {"aux": True}


@pytest.mark.parametrize("name", ["inception_v1", "resnet18", "vgg11_bn"])
def test_the_flop_counter_agrees_where_it_is_right(name: str) -> None:
    model = ip.build(name, device="meta", **heads(name))
    shape = small_shape(name)
    assert ip.profile(model, shape, train=True).step_macs == flop_counter_step_macs(model, shape)


class Drawn(nn.Module):
    """Convolutions, some grouped, in a chain with residual paths that may be cut, and a head."""

    def __init__(self, kinds: list[tuple[int, bool, bool, bool]]) -> None:
        super().__init__()
        self.layers = nn.ModuleList()
        self.kinds = kinds
        for groups, transposed, trainable, _ in kinds:
            kind = nn.ConvTranspose2d if transposed else nn.Conv2d
            layer = kind(4, 4, 3, padding=1, groups=groups, device="meta")
            self.layers.append(layer.requires_grad_(trainable))
        self.head = nn.Linear(4, 3, device="meta")

    def forward(self, x: Tensor) -> Tensor:
        for (_, _, _, cut), layer in zip(self.kinds, self.layers, strict=True):
            x = (x.detach() if cut else x) + layer(x).relu()
        return self.head(x.mean((2, 3)))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.sampled_from([1, 2, 4]), st.booleans(), st.booleans(), st.booleans()),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
def test_any_network_with_any_part_frozen(kinds: list[tuple[int, bool, bool, bool]], head: bool) -> None:
    model = Drawn(kinds)
    model.head.requires_grad_(head)
    step = ip.profile(model, (2, 4, 5, 6), train=True).step_macs
    assert step == operator_step_macs(model, (2, 4, 5, 6))
    if all(groups == 1 and not transposed for groups, transposed, _, _ in kinds):
        assert step == flop_counter_step_macs(model, (2, 4, 5, 6))


def test_the_flop_counter_prices_grouped_weight_gradients_wrongly() -> None:
    """If this fails, PyTorch has mended its counter: let the audit and the tests trust it."""
    conv = nn.Conv2d(9, 9, 3, padding=1, groups=9, bias=False, device="meta")
    forward = 9 * 8 * 8 * 9
    model = Body(lambda m, x: m.conv(m.first(x)), conv=conv, first=frozen(nn.Conv2d(9, 9, 1, device="meta")))
    rest = 9 * 9 * 8 * 8
    assert flop_counter_step_macs(model, (1, 9, 8, 8)) - rest == forward + 9 * forward
    assert ip.profile(model, (1, 9, 8, 8), train=True).backward_macs == forward


@pytest.mark.parametrize("name", TIMM)
def test_timm_networks_cost_what_their_real_backward_multiplies(name: str) -> None:
    with torch.device("meta"):
        model = pytest.importorskip("timm").create_model(name)
    shape = (2, *model.pretrained_cfg["input_size"])
    assert ip.profile(model, shape, train=True).step_macs == operator_step_macs(model, shape)


def test_layers_add_up_to_the_total_and_survive_being_saved(tmp_path: Path) -> None:
    profile = ip.profile("inception_v1", train=True)
    assert profile.backward_macs == profile.total.backward_macs > profile.macs
    assert profile.backward_macs == sum(group.backward_macs for group in profile.by_module())
    assert profile.step_macs == profile.macs + profile.backward_macs
    assert profile.at("auxiliary").backward_macs > 0
    profile.save(tmp_path / "p.json")
    assert ip.load(tmp_path / "p.json") == profile
