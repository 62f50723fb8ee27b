"""``profile --audit`` as a user types it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

import inception_profiler as ip
from inception_profiler.analysis import plans, tracer
from tests.cli.test_commands import called


def test_agreement_exits_with_0_and_is_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "audit.json"
    status, out, _ = called(capsys, "lenet5", "--audit", "--train", "--batch", "2", "--out", str(path))
    assert status == 0
    assert "3 of 3 engines counted and agree in all 19 modules" in " ".join(out.split())
    assert ip.load(path) == ip.audit("lenet5", batch=2, train=True)


def test_disagreement_exits_with_4_and_names_the_layer(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = tracer._RULES[torch.conv2d]

    def price(*args: Any, **options: Any) -> Any:
        outcome = rule.price(*args, **options)
        return outcome._replace(macs=outcome.macs + (args[1].shape[0] == 120))  # the layer c5

    monkeypatch.setattr(plans, "_PLANS", {})
    monkeypatch.setitem(tracer._RULES, torch.conv2d, replace(rule, price=price))
    status, out, _ = called(capsys, "lenet5", "--audit")
    assert status == 4
    assert "differ in 1 of 19 modules: c5." in " ".join(out.split())
    assert "DIFFERS" in " ".join(out.split())


def test_one_model_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = called(capsys, "lenet5", "--audit", "--vs", "vgg16")
    assert (status, err) == (2, "error: --audit looks at one model: leave --vs out\n")
