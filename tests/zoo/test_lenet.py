from __future__ import annotations

import pytest
import torch

from inception_profiler.zoo.card import build
from inception_profiler.zoo.lenet import LINKS, Squash, Subsampling, codes
from tests.zoo.exercise import sizes, trains


@pytest.mark.parametrize("name", ["lenet5", "lenet5_modern"])
def test_the_maps_are_those_of_figure_2(name: str) -> None:
    wanted = {
        "s2": (6, 14, 14),
        "c3": (16, 10, 10),
        "s4": (16, 5, 5),
        "c5": (120, 1, 1),
        "f6": (84,),
        "output": (10,),
    }
    assert sizes(name, wanted) == wanted


def test_each_layer_has_the_parameters_that_section_2_states() -> None:
    network = build("lenet5", device="meta")
    assert {
        name: sum(weight.numel() for weight in network.get_submodule(name).parameters())
        for name in ("c1", "s2", "c3", "s4", "c5", "f6", "output")
    } == {"c1": 156, "s2": 12, "c3": 1516, "s4": 32, "c5": 48_120, "f6": 10_164, "output": 0}


def test_the_links_are_those_that_table_1_describes() -> None:
    assert [len(links) for links in LINKS] == [3] * 6 + [4] * 9 + [6]
    assert LINKS[:6] == tuple(tuple(sorted((i + k) % 6 for k in range(3))) for i in range(6))
    assert LINKS[6:12] == tuple(tuple(sorted((i + k) % 6 for k in range(4))) for i in range(6))
    assert all(sum(row in links for links in LINKS) == 10 for row in range(6))
    assert len(set(LINKS)) == 16


def test_a_map_of_c3_depends_on_its_own_inputs_only() -> None:
    layer = build("lenet5").get_submodule("c3")
    x = torch.zeros(1, 6, 14, 14)
    touched = x.clone()
    touched[:, 0] = 1.0
    changed = (layer(touched) != layer(x)).flatten(2).any(2)[0]
    assert [column for column in range(16) if changed[column]] == [c for c in range(16) if 0 in LINKS[c]]


def test_subsampling_adds_a_patch_and_scales_the_sum() -> None:
    layer = Subsampling(1)
    with torch.no_grad():
        layer.coefficient.fill_(2.0)
        layer.bias.fill_(3.0)
        assert layer(torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])).item() == 2 * 10 + 3


def test_the_sigmoid_keeps_one() -> None:
    assert torch.allclose(Squash()(torch.tensor([-1.0, 0.0, 1.0])), torch.tensor([-1.0, 0.0, 1.0]), atol=1e-4)


def test_a_class_is_the_distance_to_its_code() -> None:
    output = build("lenet5").get_submodule("output")
    seven = torch.tensor(codes(10)[7])
    assert output(seven[None])[0].argmin() == 7
    assert output(seven[None])[0, 7] == 0.0
    assert output(seven[None])[0, 1] == (seven - torch.tensor(codes(10)[1])).square().sum()
    assert len({tuple(code) for code in codes(12)}) == 12
    assert codes(12)[:3] == codes(3)
    assert {len(code) for code in codes(12)} == {84}


@pytest.mark.parametrize("name", ["lenet5", "lenet5_modern"])
def test_it_trains_and_takes_no_other_input(name: str) -> None:
    assert build(name, device="meta")(torch.empty(2, 1, 32, 32, device="meta")).shape == (2, 10)
    network = build(name, num_classes=3, in_channels=2)
    trains(network, (2, 2, 32, 32))
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        network(torch.zeros(2, 2, 36, 36))
    with pytest.raises(RuntimeError, match="expected input"):
        network(torch.zeros(2, 3, 32, 32))
