"""BatchNorms folded into convolutions: the same outputs, and nothing folded that may not be."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

import inception_profiler as ip
from inception_profiler.analysis.subject import Subject, subject
from inception_profiler.bench.contest import Wishes
from inception_profiler.bench.cpu import Cpu
from inception_profiler.bench.latency import timed
from inception_profiler.bench.rules import Rules
from inception_profiler.bench.runner import Runner, prepare
from inception_profiler.bench.settings import applied, combinations, resolved
from inception_profiler.errors import InputError
from tests.bench.networks import Foldable, lived_in

pytestmark = pytest.mark.usefixtures("no_roofs")


def ready(about: Subject, *, fused: bool = True, train: bool = False) -> Runner:
    (setting,) = combinations(fused=fused, train=train, threads=1)
    device = Cpu()
    setting = resolved(setting, device)
    with applied(setting, device):
        return prepare(about, setting, device)


def folded_norms(before: nn.Module, after: nn.Module) -> set[str]:
    return {
        name
        for name, module in before.named_modules()
        if isinstance(module, nn.BatchNorm2d) and isinstance(after.get_submodule(name), nn.Identity)
    }


def test_only_what_may_be_folded_is() -> None:
    model = lived_in(Foldable())
    about = subject(model, (2, 3, 8, 8))
    runner = ready(about)
    assert folded_norms(model, runner.about.network) == {"plain_bn", "grouped_bn"}
    assert runner.notes == ("Foldable: 6 BatchNorms do not follow a convolution alone and stay",)
    (image,) = about.inputs.made(lambda wanted: torch.rand(wanted.shape))[2]
    with torch.no_grad():
        expected, found = model(image), runner.about.network(image)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)
    assert not torch.allclose(expected, Foldable().eval()(image), atol=1e-2)  # the statistics matter


@pytest.mark.parametrize("name", ["resnet18", "inception_v3"])
def test_a_network_computes_the_same_with_all_of_its_norms_folded(name: str) -> None:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = lived_in(ip.build(name))
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_var.mul_(2)  # type: ignore[union-attr]  # keeps the outputs of many layers small
    runner = ready(subject(model, (1, 3, 75, 75)))
    norms = {path for path, module in model.named_modules() if isinstance(module, nn.BatchNorm2d)}
    assert folded_norms(model, runner.about.network) == norms
    image = torch.rand(1, 3, 75, 75)
    with torch.no_grad():
        expected, found = model(image), runner.about.network(image)
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-3 * expected.abs().max().item())
    folded = ip.profile(runner.about.network, (1, 3, 75, 75))
    assert folded.macs == ip.profile(model, (1, 3, 75, 75)).macs
    assert folded.ops < ip.profile(model, (1, 3, 75, 75)).ops


def test_a_network_that_would_compute_something_else_is_refused() -> None:
    class Peeking(nn.Module):
        """Reads the weight of its convolution, besides."""

        def __init__(self) -> None:
            super().__init__()
            self.conv, self.bn = nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.bn(self.conv(x)) * self.conv.weight.sum()

    with pytest.raises(InputError, match="Peeking computes something else once its BatchNorms are folded"):
        ready(subject(lived_in(Peeking()), (1, 3, 4, 4)))


def test_nothing_to_fold_is_an_error_alone_and_a_note_beside_others() -> None:
    plain, other = nn.Sequential(nn.Conv2d(3, 4, 3)), lived_in(copy.deepcopy(Foldable()))
    with pytest.raises(InputError, match="has no BatchNorm in inference right behind a convolution: leave"):
        ip.bench(plain, (1, 3, 8, 8), fuse_bn=True, device="cpu")
    found = timed(
        [subject(plain, (1, 3, 8, 8)), subject(other, (1, 3, 8, 8))],
        settings=combinations(fused=True, threads=1),
        device=Cpu(),
        wishes=Wishes(Rules(least_seconds=0, time_limit=0.02), memory=False),
    )
    assert [row.setting.fused for row in found.measurements] == [False, True]
    assert any("so it is measured as it is" in note for note in found.notes)


def test_training_does_not_fold() -> None:
    with pytest.raises(InputError, match="fuse in inference"):
        combinations(fused=True, train=True)
