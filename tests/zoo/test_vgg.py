"""The VGG networks against torchvision's and the paper."""

from __future__ import annotations

import pytest
import torch

from inception_profiler import build, profile
from inception_profiler.errors import LayerError
from tests.analysis.oracle import elements

DEPTHS = {"vgg11": 11, "vgg13": 13, "vgg16": 16, "vgg19": 19}
MILLIONS = {"vgg11": 133, "vgg13": 133, "vgg16": 138, "vgg19": 144}  # Table 2 of the paper


@pytest.mark.parametrize("name", DEPTHS)
def test_it_is_torchvisions_network(name: str) -> None:
    models = pytest.importorskip("torchvision.models")
    with torch.device("meta"):
        reference = models.get_model(name)
    ours = build(name, device="meta")
    assert [tuple(parameter.shape) for parameter in ours.parameters()] == [
        tuple(parameter.shape) for parameter in reference.parameters()
    ]
    counted, expected = profile(ours, (2, 3, 224, 224)), profile(reference, (2, 3, 224, 224))
    assert counted.total.cost.macs == expected.total.cost.macs
    assert counted.activations == expected.activations - 2 * 512 * 7 * 7  # its average pooling of 7×7 to 7×7


@pytest.mark.parametrize("name", DEPTHS)
def test_the_paper(name: str) -> None:
    result = profile(name)
    assert round(result.params / 1e6) == MILLIONS[name]
    assert sum(layer.macs > 0 for layer in result.layers) == DEPTHS[name]
    assert [group.title for group in result.by_resolution()] == ["224", "112", "56", "28", "14", "7", "head"]


def test_it_runs() -> None:
    model = build("vgg11", num_classes=5)
    with torch.no_grad():
        logits = model.eval()(torch.rand(1, 3, 224, 224))
    assert logits.shape == (1, 5)
    assert logits.isfinite().all()
    assert elements(model) == profile("vgg11").params - 995 * 4097


@pytest.mark.parametrize("size", [192, 256])
def test_its_classifier_takes_one_size_only(size: int) -> None:
    with pytest.raises(LayerError) as caught:
        profile("vgg16", (1, 3, size, size))
    assert caught.value.layer == "fc6.linear"


def test_an_input_smaller_than_its_poolings() -> None:
    with pytest.raises(LayerError) as caught:
        profile("vgg16", (1, 3, 16, 16))
    assert caught.value.layer == "pool5"
