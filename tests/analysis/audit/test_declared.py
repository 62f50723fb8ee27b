"""Where another engine is blind: its declared fault is named, and a wrong rule of ours is still found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

import inception_profiler as ip
from inception_profiler.analysis import plans, tracer


class Written(nn.Module):
    """A forward written as a function of the input and of a parameter of the given sizes."""

    def __init__(self, body: Callable[[Tensor, Tensor], Tensor], *sizes: int) -> None:
        super().__init__()
        self.body = body
        self.v = nn.Parameter(torch.ones(sizes))

    def forward(self, x: Tensor) -> Tensor:
        return self.body(x, self.v)


class Bilinear(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.left, self.right, self.both = nn.Linear(3, 3), nn.Linear(3, 4), nn.Bilinear(3, 4, 5)

    def forward(self, x: Tensor) -> Tensor:
        return self.both(self.left(x), self.right(x))


def hooked() -> nn.Module:
    model = nn.Sequential(nn.Linear(4, 5), nn.Linear(5, 2))
    model[0].register_forward_hook(lambda module, _, output: output @ module.weight @ module.weight.t())
    return model


class Case(NamedTuple):
    """A network, its input, which rule to break, and what to expect; a path is the module's in question."""

    network: Callable[[], nn.Module]
    shape: tuple[int, ...]
    broken: Any
    path: str
    forward: int
    backward: int
    faults: tuple[set[str], set[str], set[str]]
    dtype: torch.dtype = torch.float32


UNKNOWN_SPECTRAL = {"does not know mv", "does not know vdot"}
OUTER = {"does not know outer products"}
COMPLEX = {"counts 3 real MACs for each complex one of a convolution"}
ROUNDED = {"rounds the cost of an einsum to four digits"}

CASES = {
    # in training one power iteration, W·v and Wᵀ·u, and then u·(W v), of which only W needs gradients
    "spectral norm": Case(
        lambda: nn.Sequential(spectral_norm(nn.Conv2d(3, 8, 3)), nn.ReLU()), (2, 3, 8, 8),
        torch.mv, "0.parametrizations.weight.0", 3 * 8 * 27 + 8, 8 * 27 + 8,
        (set(), UNKNOWN_SPECTRAL | OUTER, UNKNOWN_SPECTRAL),
    ),
    "vector": Case(
        lambda: Written(lambda x, v: torch.mv(x * v, v), 4), (3, 4), torch.mv, "", 12, 2 * 12,
        (set(), {"does not know mv"} | OUTER, {"does not know mv"}),
    ),
    "dot": Case(
        lambda: Written(lambda x, v: torch.dot(x * v, v), 4), (4,), torch.dot, "", 4, 2 * 4,
        (set(), {"does not know dot"} | OUTER, {"does not know dot"}),
    ),
    "addmv": Case(
        lambda: Written(lambda x, v: torch.addmv(v[:3], x * v, v), 4), (3, 4), torch.addmv, "", 12, 2 * 12,
        (set(), {"does not know addmv", "does not know mv"} | OUTER, {"does not know addmv"}),
    ),
    # (x₁ A) x₂: 2·5·3·4 twice in backward, and 2·5·4 twice
    "bilinear": Case(
        Bilinear, (2, 3), F.bilinear, "both", 2 * 5 * 3 * 4 + 2 * 5 * 4, 2 * (2 * 5 * 3 * 4 + 2 * 5 * 4),
        (set(), {"does not know bilinear"}, {"does not know bilinear"}),
    ),
    "einsum": Case(
        lambda: Written(lambda x, v: torch.einsum("bij,bjk->bik", x, v), 2, 48, 4), (2, 24, 48),
        torch.einsum, "", 2 * 24 * 48 * 4, 2 * 24 * 48 * 4, (set(), set(), ROUNDED),
    ),
    "einsum with an ellipsis": Case(
        lambda: Written(lambda x, v: torch.einsum("...ij,...jk->...ik", x, v), 1, 48, 4), (2, 24, 48),
        None, "", 2 * 24 * 48 * 4, 2 * 24 * 48 * 4, (set(), set(), ROUNDED),
    ),
    "einsum that fvcore knows": Case(
        lambda: Written(lambda x, v: torch.einsum("bij,bik->bjk", x, v), 2, 48, 4), (2, 48, 24),
        torch.einsum, "", 2 * 24 * 48 * 4, 2 * 24 * 48 * 4, (set(), set(), set()),
    ),
    "complex": Case(
        lambda: nn.Conv2d(3, 4, 3, dtype=torch.complex64), (1, 3, 8, 8), torch.conv2d, "",
        36 * 4 * 27, 36 * 4 * 27, (COMPLEX, COMPLEX, COMPLEX), torch.complex64,
    ),
    "complex and grouped": Case(
        lambda: nn.Conv2d(4, 4, 3, groups=2, dtype=torch.complex64), (1, 4, 8, 8), torch.conv2d, "",
        36 * 4 * 18, 36 * 4 * 18,
        (COMPLEX, COMPLEX | {"weight gradients of grouped convolutions × groups"}, COMPLEX), torch.complex64,
    ),
}  # fmt: skip


def audit(case: Case) -> ip.Audit:
    return ip.audit(case.network(), inputs=torch.zeros(case.shape, dtype=case.dtype), train=True)


def break_rule(monkeypatch: pytest.MonkeyPatch, function: Any) -> None:
    """Let every call of a function cost one MAC too many."""
    rule = tracer._RULES[function]

    def price(*args: Any, **options: Any) -> Any:
        outcome = rule.price(*args, **options)
        return outcome._replace(macs=outcome.macs + 1)

    monkeypatch.setattr(plans, "_PLANS", {})
    monkeypatch.setitem(tracer._RULES, function, replace(rule, price=price))


@pytest.mark.parametrize("name", CASES)
def test_a_declared_fault_is_named(name: str) -> None:
    case = CASES[name]
    result = audit(case)
    assert [engine.failed for engine in result.engines] == ["", "", ""]
    assert result.agrees
    (row,) = [row for row in result.rows if row.path == case.path]
    assert (row.forward, row.backward) == (case.forward, case.backward)
    assert tuple(set(filter(None, count.fault.split("; "))) for count in row.counts) == case.faults


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.broken is not None])
def test_a_wrong_rule_is_found_all_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = CASES[name]
    break_rule(monkeypatch, case.broken)
    result = audit(case)
    assert case.path in [row.path for row in result.disagreeing]
    (row,) = [row for row in result.rows if row.path == case.path]
    assert row.verdict(0) == "differs"


def test_frozen_factors_of_a_bilinear_layer() -> None:
    for frozen in ("left", "right", "both"):
        model = Bilinear()
        getattr(model, frozen).requires_grad_(False)
        assert ip.audit(model, (2, 3), train=True, engines=["operators"]).agrees


def test_where_a_hook_computes_fvcore_is_held_to_its_total(monkeypatch: pytest.MonkeyPatch) -> None:
    result = ip.audit(hooked(), (3, 4))
    assert result.agrees
    assert [engine.modules for engine in result.engines] == [True, True, False]
    assert result.engines[2].total.forward == result.forward == 3 * (20 + 20 + 20 + 10)
    break_rule(monkeypatch, Tensor.matmul)
    result = ip.audit(hooked(), (3, 4), engines=["fvcore"])
    assert result.engines[0].failed == ""
    assert not result.agrees


def test_a_wrong_broadcast_product_is_not_taken_for_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def broadcast() -> nn.Module:
        return Written(lambda x, v: v @ x, 4, 4)

    assert ip.audit(broadcast(), (3, 4, 5), engines=["fvcore"]).agrees
    break_rule(monkeypatch, Tensor.matmul)
    assert not ip.audit(broadcast(), (3, 4, 5), engines=["fvcore"]).agrees
