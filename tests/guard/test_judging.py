"""Limits on real counts, whose numbers are worked out by hand, and on ratios that are given."""

from __future__ import annotations

from pathlib import Path

import pytest

from inception_profiler.errors import InputError
from inception_profiler.guard.counting import Counted, counted_for
from inception_profiler.guard.judging import judged, judged_ratio
from inception_profiler.guard.limits import parse_limit
from inception_profiler.guard.timing import timed_against
from inception_profiler.records.lock import Asked
from tests.guard.repository import NETS

NET = Asked("net", "nets.py:Net", ("3x8x8",))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("nets")
    (made / "nets.py").write_text(NETS)
    return made


@pytest.fixture(scope="module")
def net(folder: Path) -> Counted:
    return counted_for(NET, folder, ("saved_bytes", "launches"))


BODY = 72 * 16 * 36
"""MACs of a 3×3 convolution from 8 to 16 channels on 6×6 positions."""


@pytest.mark.parametrize(
    ("metric", "module", "text", "value", "verdict"),
    [
        ("params", "", "<= 1594", 224 + 1168 + 32 + 170, "within"),
        ("params", "", "<= 1593", 224 + 1168 + 32 + 170, "over"),
        ("macs", "body", f"<= {BODY}", BODY, "within"),
        ("macs", "body", f"< {BODY}", BODY, "over"),
        ("macs", "body.1", "<= baseline", BODY, "within"),
        ("macs", "bod", "<= 1", None, "no such module"),
        ("contraction_activations", "fc", "<= 10", 10, "within"),
        ("launches", "body", "<= baseline", 3, "no baseline"),
        ("launches", "", "<= baseline", None, "within"),
        ("saved_bytes", "nowhere", "<= 1", None, "no such module"),
    ],
)
def test_a_limit_is_judged(
    net: Counted, metric: str, module: str, text: str, value: int | None, verdict: str
) -> None:
    (found,) = judged([parse_limit(metric, text, module)], net, net.locked)
    assert found.verdict == verdict
    if value is not None:
        assert found.value == value
    assert found.fails is (verdict != "within")


def test_what_is_saved_for_backward_is_what_autograd_saves(net: Counted, folder: Path) -> None:
    import importlib.util

    import torch

    spec = importlib.util.spec_from_file_location("nets_for_real", folder / "nets.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    network, image = module.Net(), torch.zeros(1, 3, 8, 8)
    owned = {
        entry.untyped_storage().data_ptr() for entry in (*network.parameters(), *network.buffers(), image)
    }
    saved: dict[int, int] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in owned:
            saved[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        output = network(image)
    assert output.requires_grad
    assert net.value("saved_bytes") == sum(saved.values())


def test_a_limit_of_the_baseline_without_one_cannot_be_kept(net: Counted) -> None:
    (found,) = judged([parse_limit("params", "<= baseline")], net, None)
    assert found.verdict == "no baseline"
    assert "--update" in found.note


@pytest.mark.parametrize(
    ("interval", "verdict", "fails"),
    [
        ((0.3, 0.5), "within", False),
        ((0.3, 0.51), "unclear", False),
        ((0.5, 0.6), "unclear", False),
        ((0.51, 0.6), "over", True),
        (None, "unclear", False),
    ],
)
def test_a_ratio_is_over_only_where_its_whole_interval_is(
    interval: tuple[float, float] | None, verdict: str, fails: bool
) -> None:
    found = judged_ratio(parse_limit("latency", "<= 0.5× other"), 0.4, interval, "")
    assert (found.verdict, found.fails) == (verdict, fails)


@pytest.mark.parametrize(
    ("text", "control", "bound"),
    [
        ("<= 0.5× other", "other", 0.5),
        ("<=1.25 of timm:resnet18", "timm:resnet18", 1.25),
        ("< 2 xception", "xception", 2),
    ],
)
def test_a_limit_of_latency_names_its_control(text: str, control: str, bound: float) -> None:
    limit = parse_limit("latency", text)
    assert (limit.control, float(limit.amount)) == (control, bound)


@pytest.mark.parametrize("text", ["<= 0.5", 0.5, ">= 2 other", "<= other", "<= 5ms"])
def test_a_time_alone_is_no_limit(text: object) -> None:
    with pytest.raises(InputError, match="those of a control"):
        parse_limit("latency", text)


def test_a_module_has_no_latency_of_its_own() -> None:
    with pytest.raises(InputError, match="whole model"):
        parse_limit("latency", "<= 1 other", "body")


def test_a_network_is_measured_against_its_control(folder: Path) -> None:
    tiny = Asked("tiny", "nets.py:tiny", ("1x4",))
    found = timed_against(parse_limit("latency", "<= 1000000× small"), NET, {"small": tiny}, folder)
    assert found.verdict == "within"
    assert found.value is not None
    assert found.value > 0
    assert "rounds side by side on " in found.note


def test_a_control_that_is_not_there_is_not_measured(folder: Path) -> None:
    found = timed_against(parse_limit("latency", "<= 1 ms"), NET, {}, folder)
    assert found.verdict == "not measured"
    assert found.fails
    assert "unknown model 'ms'" in found.note
    assert "; ms is not configured, and so takes what net takes" in found.note


def test_a_limit_of_a_misspelt_module_suggests_the_nearest(net: Counted) -> None:
    (found,) = judged([parse_limit("params", "<= 1", "bodi.1")], net, None)
    assert found.note == "net has no module 'bodi.1': did you mean 'body.1'?"
    (found,) = judged([parse_limit("params", "<= 1", "qqqq")], net, None)
    assert found.note == "net has no module 'qqqq'"
