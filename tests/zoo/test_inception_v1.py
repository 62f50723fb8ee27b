"""GoogLeNet against the table of its paper and against what its authors released."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from torch import nn

from inception_profiler import build, profile
from inception_profiler.errors import LayerError
from inception_profiler.zoo.inception_v1 import InceptionOutput
from tests.analysis.oracle import elements

TABLES = Path(__file__).parents[2].parent / "shared" / "published_tables.md"
ROWS = {"convolution 7×7/2": "conv1", "convolution 3×3/1": "conv2", "linear": "classifier"}
# The paper's own table does not add up: these printed cells are not the cost of the network it describes.
REFUTED_PARAMS = {"conv1", *(f"inception_{module}" for module in ("4a", "4b", "4c", "4d", "4e", "5a", "5b"))}
REFUTED_MACS = {"conv1", "inception_5a"}


def printed() -> dict[str, tuple[float, float]]:
    """Return parameters in K and operations in M of every module, as the paper prints them."""
    section = TABLES.read_text().partition("## GoogLeNet")[2].partition("\n## ")[0]
    found = {}
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and re.fullmatch(r"[\d.]+K", cells[2]):
            inception = re.fullmatch(r"inception \((\w+)\)", cells[0])
            name = f"inception_{inception[1]}" if inception else ROWS[cells[0].partition(" (")[0]]
            found[name] = (float(cells[2][:-1]), float(cells[3].removesuffix("M")))
    return found


@pytest.mark.skipif(not TABLES.exists(), reason="the transcribed tables are not beside this checkout")
def test_every_module_costs_what_the_paper_prints() -> None:
    table = printed()
    assert len(table) == 12
    modules = {group.title: group for group in profile("inception_v1").by_module()}
    for name, (thousands, millions) in table.items():
        params, macs = modules[name].params / 1024, modules[name].macs / 1e6  # its K are 1024
        assert (abs(params - thousands) < 1.01) == (name not in REFUTED_PARAMS), name
        assert (abs(macs - millions) < 1) == (name not in REFUTED_MACS), name


def test_the_stages_are_the_papers() -> None:
    result = profile("inception_v1")
    assert [group.title for group in result.by_resolution()] == ["112", "56", "28", "14", "7", "head"]
    assert sum(layer.macs > 0 for layer in result.layers) == 58
    assert result.layers[0].name == "conv1/7x7_s2"


def test_its_outputs_in_training() -> None:
    model = build("inception_v1", aux=True, num_classes=5)
    assert isinstance(model.train()(torch.rand(1, 3, 224, 224)), InceptionOutput)
    with torch.no_grad():
        assert model.eval()(torch.rand(1, 3, 224, 224)).shape == (1, 5)
        assert build("inception_v1", num_classes=5).train()(torch.rand(1, 3, 96, 96)).shape == (1, 5)


def test_it_is_initialised_as_released() -> None:
    model = build("inception_v1", aux=True)
    for path, module in model.named_modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            expected = 0.0 if path.endswith("classifier") else 0.2
            assert torch.equal(module.bias, torch.full_like(module.bias, expected)), path
    assert elements(model) == 13_378_280


def test_the_heads_need_the_papers_input() -> None:
    with pytest.raises(LayerError) as caught:
        profile(build("inception_v1", aux=True, device="meta"), (1, 3, 160, 160), train=True)
    assert caught.value.layer == "loss1.fc.linear"
    with pytest.raises(LayerError) as caught:
        profile("inception_v1", (1, 1, 224, 224))
    assert caught.value.layer == "conv1.conv_7x7.conv"
