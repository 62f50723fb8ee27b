"""The second opinion: that it agrees where we are right, and does not where we are not."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.modules import module as hooks
from torch.utils.checkpoint import checkpoint

import inception_profiler as ip
from inception_profiler.analysis import plans, tracer
from inception_profiler.analysis.audit import memory
from inception_profiler.analysis.audit.tally import Fault
from inception_profiler.records.archive import dumps, loads
from inception_profiler.records.audit import AGREES, DIFFERS, FAULT, SILENT

CHEAP = ("operators", "flop_counter")


class Net(nn.Module):
    """A stem, a grouped convolution, a functional one, and a head."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2), nn.BatchNorm2d(8), nn.ReLU())
        self.grouped = nn.Conv2d(8, 8, 3, padding=1, groups=4)
        self.kernel = nn.Parameter(torch.randn(4, 8, 1, 1))
        self.head = nn.Linear(4, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = F.conv2d(self.grouped(self.stem(x)), self.kernel)
        return self.head(F.adaptive_avg_pool2d(x, 1).flatten(1))


class Attends(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.mix = nn.Linear(8, 8)

    def forward(self, x: Tensor) -> Tensor:
        return F.scaled_dot_product_attention(self.mix(x), x, x)


class NeedsData(Attends):
    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x) if x.sum() > 0 else x


class Written(nn.Module):
    """A forward written as a function."""

    def __init__(self, body: Callable[[Any, Any], Any], **parts: nn.Module) -> None:
        super().__init__()
        self.body = body
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, x: Any) -> Any:
        return self.body(self, x)


def verdicts(audit: ip.Audit, engine: str) -> dict[str, str]:
    (position,) = [n for n, entry in enumerate(audit.engines) if entry.key == engine]
    return {row.path: row.verdict(position) for row in audit.rows}


def engine(audit: ip.Audit, key: str) -> Any:
    return next(entry for entry in audit.engines if entry.key == key)


# -- where we are right --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ip.models())
def test_every_registered_model_forward_and_backward(name: str) -> None:
    audit = ip.audit(name, batch=2, train=True, engines=["operators"])
    assert audit.engines[0].failed == ""
    assert audit.disagreeing == ()
    assert audit.agrees
    assert audit.engines[0].total.forward == audit.forward > 0
    assert audit.engines[0].total.backward == audit.backward > 0


@pytest.mark.parametrize("name", ["inception_v1", "vgg11_bn", "xception"])
def test_the_flop_counter_agrees_but_for_its_declared_fault(name: str) -> None:
    audit = ip.audit(name, batch=2, train=True, engines=["flop_counter"])
    assert audit.agrees
    assert set(verdicts(audit, "flop_counter").values()) == (
        {AGREES, FAULT} if name == "xception" else {AGREES}
    )


@pytest.mark.parametrize("name", ["lenet5", "inception_v1_slim", "densenet121"])
def test_fvcore_agrees_without_its_terms_for_what_is_no_contraction(name: str) -> None:
    shape = (1, 1, 32, 32) if name == "lenet5" else (1, 3, 64, 64)
    audit = ip.audit(name, shape, engines=["fvcore"])
    assert audit.engines[0].failed == ""
    assert audit.agrees
    assert set(verdicts(audit, "fvcore").values()) == {AGREES}


def test_all_engines_on_a_module_with_functional_and_grouped_convolutions() -> None:
    audit = ip.audit(Net(), (2, 3, 9, 9), train=True)
    assert audit.opinions == 3
    assert audit.agrees
    sites = 2 * 4 * 4
    assert {row.path: (row.forward, row.backward) for row in audit.rows} == {
        "stem.0": (sites * 8 * 27, sites * 8 * 27),
        "grouped": (sites * 8 * 18, 2 * sites * 8 * 18),
        "": (sites * 32, 2 * sites * 32),
        "head": (40, 80),
    }
    assert verdicts(audit, "operators") == dict.fromkeys(["stem.0", "grouped", "", "head"], AGREES)
    assert verdicts(audit, "flop_counter")["grouped"] == FAULT
    assert verdicts(audit, "fvcore")["grouped"] == AGREES


def test_gradients_of_frozen_parts() -> None:
    model = Net()
    model.stem.requires_grad_(False)
    model.grouped.weight.requires_grad_(False)
    audit = ip.audit(model, (2, 3, 9, 9), train=True, engines=CHEAP)
    assert audit.agrees
    assert {row.path: row.backward for row in audit.rows}["grouped"] == 0


def test_shared_modules_and_modules_made_in_the_forward_pass() -> None:
    part = nn.Conv2d(3, 3, 1)
    model = Written(lambda m, x: m.a(m.b(x)) + Attends()(x.flatten(2)[..., :8]).sum(), a=part, b=part)
    with torch.device("meta"):
        audit = ip.audit(model, (1, 3, 4, 4), train=True, engines=["operators"])
    assert audit.agrees
    assert {row.path for row in audit.rows} >= {"a", "Attends"}


def test_a_shared_module_keeps_fvcore_to_its_total() -> None:
    part = nn.Conv2d(3, 3, 1)
    audit = ip.audit(Written(lambda m, x: m.a(m.b(x)), a=part, b=part), (1, 3, 4, 4))
    assert audit.agrees
    assert not engine(audit, "fvcore").modules
    assert engine(audit, "fvcore").total.forward == audit.forward
    assert verdicts(audit, "fvcore") == {"a": SILENT}


def test_what_a_checkpoint_runs_again_is_left_out() -> None:
    model = Written(
        lambda m, x: m.b(checkpoint(lambda h: m.a(h).relu(), m.c(x), use_reentrant=False)),
        a=nn.Linear(4, 4), b=nn.Linear(4, 4), c=nn.Linear(4, 4),
    )  # fmt: skip
    audit = ip.audit(model, (2, 4), train=True, engines=["operators"])
    assert audit.agrees
    assert {row.backward for row in audit.rows} == {32, 64}


def test_a_model_that_needs_data_runs_in_a_copy_and_fused_attention_is_a_known_fault() -> None:
    model = NeedsData()
    before = model.mix.weight.clone()
    audit = ip.audit(model, (2, 2, 5, 8), train=True, engines=CHEAP)
    assert audit.agrees
    assert verdicts(audit, "operators") == {"mix": AGREES, "": AGREES}
    assert verdicts(audit, "flop_counter") == {"mix": AGREES, "": FAULT}
    assert torch.equal(model.mix.weight, before)
    assert model.mix.weight.grad is None


# -- known faults of fvcore ----------------------------------------------------------------------------------


def test_fvcore_does_not_know_attention() -> None:
    audit = ip.audit(Attends(), (2, 2, 5, 8), engines=["fvcore"])
    assert audit.agrees
    assert verdicts(audit, "fvcore") == {"mix": AGREES, "": FAULT}
    assert audit.rows[1].counts[0].fault == "does not know scaled_dot_product_attention"


def test_nor_in_training_where_dropout_makes_it_plain_products() -> None:
    model = nn.TransformerEncoderLayer(8, 2, dim_feedforward=16)
    audit = ip.audit(model, (3, 2, 8), train=True)
    assert audit.agrees
    assert verdicts(audit, "fvcore")["self_attn"] == FAULT


@pytest.mark.parametrize("layer", [nn.LSTM(4, 5, num_layers=2, bidirectional=True), nn.GRU(4, 5)])
def test_recurrent_layers(layer: nn.Module) -> None:
    audit = ip.audit(layer, (3, 2, 4), train=True)
    assert audit.agrees
    assert audit.backward > audit.forward > 0
    assert verdicts(audit, "operators") == {"": AGREES}
    assert verdicts(audit, "fvcore") == {"": FAULT}


def test_fvcore_prices_a_broadcast_product_by_its_first_factor() -> None:
    model = Written(lambda m, x: m.a.weight @ x, a=nn.Linear(4, 4))
    audit = ip.audit(model, (3, 4, 5), engines=["fvcore"])
    assert audit.agrees
    assert verdicts(audit, "fvcore") == {"": FAULT}


def test_a_fault_explains_only_what_it_leads_to() -> None:
    fault = Fault("name", wrong=6, right=4)
    assert fault.explains(found=6, ours=4)
    assert not fault.explains(found=7, ours=4)
    assert not fault.explains(found=6, ours=5)


# -- where we are wrong --------------------------------------------------------------------------------------


@pytest.fixture
def wrong_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let grouped convolutions cost one MAC too many."""
    rule = tracer._RULES[torch.conv2d]

    def price(*args: Any, **options: Any) -> Any:
        outcome = rule.price(*args, **options)
        extra = dict(outcome.attributes)["groups"] > 1
        return outcome._replace(macs=outcome.macs + extra)

    monkeypatch.setattr(plans, "_PLANS", {})
    monkeypatch.setitem(tracer._RULES, torch.conv2d, replace(rule, price=price))


@pytest.mark.parametrize("train", [False, True])
@pytest.mark.usefixtures("wrong_rule")
def test_a_wrong_rule_is_found_and_its_module_named(train: bool) -> None:
    audit = ip.audit(Net(), (2, 3, 9, 9), train=train)
    assert not audit.agrees
    assert [row.path for row in audit.disagreeing] == ["grouped"]
    for key in ("operators", "flop_counter", "fvcore"):
        assert verdicts(audit, key) == {"stem.0": AGREES, "grouped": DIFFERS, "": AGREES, "head": AGREES}


@pytest.mark.usefixtures("wrong_rule")
def test_a_wrong_total_is_found_where_modules_cannot_be_told_apart() -> None:
    part = nn.Conv2d(4, 4, 1, groups=2)
    audit = ip.audit(Written(lambda m, x: m.a(m.b(x)), a=part, b=part), (1, 4, 4, 4), engines=["fvcore"])
    assert audit.disagreeing == ()
    assert not audit.agrees


def test_wrong_gradients_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from inception_profiler.analysis import backward

    monkeypatch.setattr(backward, "_products", lambda products, needs: 1)
    audit = ip.audit(Net(), (2, 3, 9, 9), train=True, engines=CHEAP)
    assert [row.path for row in audit.disagreeing] == ["stem.0", "grouped", "", "head"]


def test_a_contraction_that_nobody_here_prices_is_found() -> None:
    class Hidden(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Tensor) -> Tensor:
            return x.clone()

        @staticmethod
        def backward(ctx: Any, gradient: Tensor) -> Tensor:
            return gradient @ gradient.t() @ gradient

    model = Written(lambda m, x: Hidden.apply(m.a(x)), a=nn.Linear(4, 4))
    audit = ip.audit(model, (2, 4), train=True, engines=["operators"])
    assert [row.path for row in audit.disagreeing] == [""]


# -- who cannot count ----------------------------------------------------------------------------------------


def test_a_model_that_fvcore_cannot_run() -> None:
    class Named(nn.Linear):
        def forward(self, *, x: Tensor) -> Tensor:
            return super().forward(x)

    audit = ip.audit(Named(4, 4), inputs={"x": (2, 4)})
    assert audit.agrees
    assert engine(audit, "fvcore").failed == "fvcore takes no named inputs"
    assert verdicts(audit, "fvcore") == {"": SILENT}

    class Odd:
        def __init__(self, held: Tensor) -> None:
            self.held = held

    audit = ip.audit(Written(lambda m, x: Odd(m.a(x)), a=nn.Linear(4, 4)), (2, 4), train=True)
    assert audit.agrees
    assert "Odd" in engine(audit, "fvcore").failed
    assert audit.backward == 32


def test_a_model_larger_than_the_free_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_memory", lambda: 1000)
    audit = ip.audit("vgg11", engines=["fvcore"])
    assert "the model needs" in audit.engines[0].failed
    assert "are free" in audit.engines[0].failed
    assert not audit.agrees  # there is no second opinion


def test_free_memory_is_known() -> None:
    assert memory.free_memory() > 1 << 20


def test_fvcore_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fvcore.nn", None)
    audit = ip.audit(Net(), (2, 3, 9, 9))
    assert "pip install fvcore" in engine(audit, "fvcore").failed
    assert audit.agrees


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(ip.ProfilerError, match="did you mean 'fvcore'"):
        ip.audit(Net(), (2, 3, 9, 9), engines=["fvcor"])


def test_unpriced_operations_are_handed_on() -> None:
    audit = ip.audit(
        Written(lambda m, x: torch.fft.fft(m.a(x)).real, a=nn.Linear(4, 4)), (2, 4), engines=CHEAP
    )
    assert "fft" in audit.unpriced[0].op


# -- nothing is left behind ----------------------------------------------------------------------------------


def test_the_model_and_torch_are_as_they_were() -> None:
    model = Net()
    model.stem[1].eval()
    model.head.requires_grad_(False)
    random.seed(3)
    torch.manual_seed(3)

    def state() -> list[Any]:
        return [
            {name: tensor.clone() for name, tensor in model.state_dict().items()},
            [module.training for module in model.modules()],
            [parameter.requires_grad for parameter in model.parameters()],
            [parameter.grad for parameter in model.parameters()],
            [len(module._forward_hooks) + len(module._forward_pre_hooks) for module in model.modules()],
            [dict(table) for table in (hooks._global_forward_hooks, hooks._global_forward_pre_hooks)],
            torch.get_rng_state(),
            random.getstate(),
            torch.is_grad_enabled(),
            F.conv2d,
        ]

    def same(left: Any, right: Any) -> bool:
        if isinstance(left, Tensor):
            return torch.equal(left, right)
        if isinstance(left, dict):
            return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
        return left == right

    before = state()
    for train in (True, False, None):
        assert ip.audit(model, (2, 3, 9, 9), train=train).agrees
        assert all(map(same, before, state()))
    with pytest.raises(ip.ProfilerError):
        ip.audit(model, (2, 4, 9, 9))
    assert all(map(same, before, state()))


def test_an_audit_survives_being_saved(tmp_path: Path) -> None:
    audit = ip.audit(Net(), (2, 3, 9, 9), train=True)
    assert loads(dumps(audit)) == audit
